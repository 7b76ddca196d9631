// The bytes of formulas: taken apart, put together, and held to their one form.
#include <assert.h>

#include "tariff/expression_inside.h"

// --- Reading bytes: past the end everything is zero, and `bad` says so. ---

struct bytes {
    const uint8_t *at, *end;
    bool bad;
};

static uint8_t take(struct bytes *bytes)
{
    if (bytes->at == bytes->end) bytes->bad = true;
    return bytes->bad ? 0 : *bytes->at++;
}

static uint64_t take_variable(struct bytes *bytes, uint64_t max)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        uint8_t byte = take(bytes);
        value |= (uint64_t)(byte & 127) << shift;
        if (byte & 128) continue;
        if ((byte == 0 && shift > 0) || value > max) bytes->bad = true;
        return bytes->bad ? 0 : value;
    }
    bytes->bad = true;
    return 0;
}

static void take_number(struct bytes *bytes, struct expression_number *number)
{
    number->digits = (int64_t)take_variable(bytes, 999999999999999999);
    uint8_t scale = take(bytes);
    number->scale = scale & (DIVISOR_FOLLOWS - 1);
    number->divisor = 1;
    if (scale & DIVISOR_FOLLOWS) {
        number->divisor = (uint16_t)take_variable(bytes, DIVISOR_MAX);
        if (number->divisor <= 1) bytes->bad = true;
    }
    if (number->scale > DECIMAL_SCALE_MAX) bytes->bad = true;
}

static void take_percent(struct bytes *bytes, struct formula_term *term)
{
    take_number(bytes, &term->rate);
    term->parts_count = take(bytes);
    if (term->parts_count > EXPRESSION_PARTS_MAX) bytes->bad = true;
    for (unsigned i = 0; !bytes->bad && i < term->parts_count; i++) {
        term->parts[i] = take(bytes);
        if (subject_row(term->parts[i]) == NULL) bytes->bad = true;
    }
}

static bool subject_known(uint8_t subject)
{
    return subject == SUBJECT_NONE || subject_row(subject) != NULL;
}

static void take_strength(struct bytes *bytes, struct expression_strength *strength)
{
    *strength = (struct expression_strength){ .unit = take(bytes), .at = { .divisor = 1 } };
    if (strength->unit == UNIT_NONE) return;
    strength->subject = take(bytes);
    uint8_t bound = take(bytes);
    if (bound != BOUND_NONE) take_number(bytes, &strength->at);
    if (!unit_is_strength(strength->unit) || !subject_known(strength->subject) ||
        bound > BOUND_UNDER)
        bytes->bad = true;
    strength->bound = bound;
}

static void take_specific(struct bytes *bytes, struct formula_term *term)
{
    take_number(bytes, &term->rate);
    for (unsigned i = 0; i < 3; i++) term->currency[i] = (char)take(bytes);
    term->currency[3] = '\0';
    term->per = (uint32_t)take_variable(bytes, PER_MAX);
    term->unit = take(bytes);
    term->subject = take(bytes);
    take_strength(bytes, &term->strength);
    const struct unit *unit = unit_row(term->unit);
    if (term->per == 0 || unit == NULL || unit->sign == NULL ||
        unit->dimension == DIMENSION_STRENGTH || !subject_known(term->subject))
        bytes->bad = true;
}

static void take_term(struct bytes *bytes, struct formula *formula)
{
    uint8_t op = take(bytes);
    unsigned kind = (op & ~(unsigned)OP_OFF) - OP_TERM;
    if (kind > TERM_LINE || formula->terms_count == EXPRESSION_TERMS_MAX) {
        bytes->bad = true;
        return;
    }
    struct formula_term *term = &formula->terms[formula->terms_count++];
    term->term = kind;
    term->taken_off = op & OP_OFF;
    term->parts_count = 0;
    term->parameter = PARAMETER_NONE;
    if (kind == TERM_PERCENT) take_percent(bytes, term);
    if (kind == TERM_SPECIFIC) take_specific(bytes, term);
    if (kind != TERM_PARAMETER) return;
    term->parameter = take(bytes);
    if (term->parameter == PARAMETER_NONE || term->parameter >= PARAMETERS) bytes->bad = true;
}

static bool at_term(const struct bytes *bytes)
{
    return bytes->at < bytes->end && (*bytes->at & ~(unsigned)OP_OFF) >= OP_TERM;
}

static void take_sum(struct bytes *bytes, struct formula *formula, struct formula_sum *sum)
{
    sum->first = formula->terms_count;
    do take_term(bytes, formula);
    while (!bytes->bad && at_term(bytes));
    sum->count = (uint8_t)(formula->terms_count - sum->first);
}

static void take_periods(struct bytes *bytes, struct formula_alternative *alternative)
{
    alternative->periods_count = take(bytes);
    if (alternative->periods_count > EXPRESSION_PERIODS_MAX) bytes->bad = true;
    for (unsigned i = 0; !bytes->bad && i < alternative->periods_count; i++) {
        struct formula_period *period = &alternative->periods[i];
        period->month = take(bytes);
        period->day = take(bytes);
        period->last_month = take(bytes);
        period->last_day = take(bytes);
    }
}

static void take_alternative(struct bytes *bytes, struct formula *formula)
{
    if (take(bytes) != OP_SEASON || formula->alternatives_count == EXPRESSION_ALTERNATIVES_MAX) {
        bytes->bad = true;
        return;
    }
    struct formula_alternative *alternative = &formula->alternatives[formula->alternatives_count++];
    take_periods(bytes, alternative);
    alternative->sums_count = 1;
    alternative->sums[0].clamp = CLAMP_NONE;
    take_sum(bytes, formula, &alternative->sums[0]);
    while (!bytes->bad && bytes->at < bytes->end && *bytes->at != OP_SEASON) {
        uint8_t op = take(bytes);
        if ((op != OP_MIN && op != OP_MAX) || alternative->sums_count == EXPRESSION_SUMS_MAX) {
            bytes->bad = true;
            return;
        }
        struct formula_sum *sum = &alternative->sums[alternative->sums_count++];
        sum->clamp = op == OP_MIN ? CLAMP_MIN : CLAMP_MAX;
        take_sum(bytes, formula, sum);
    }
}

bool formula_decode(struct span bytes, struct formula *formula)
{
    formula->obstacle = OBSTACLE_NONE;
    formula->alternatives_count = 0;
    formula->terms_count = 0;
    if (bytes.len < 3 || bytes.len > EXPRESSION_FORMULA_MAX) return false;
    const uint8_t *start = (const uint8_t *)bytes.at;
    struct bytes rest = { start + 1, start + bytes.len, start[0] != FORMULA_VERSION };
    if (start[1] == OP_MANUAL) {
        formula->obstacle = start[2] <= OBSTACLE_WORDS ? start[2] : OBSTACLE_NONE;
        return !rest.bad && bytes.len == 3 && formula->obstacle != OBSTACLE_NONE;
    }
    while (!rest.bad && rest.at < rest.end) take_alternative(&rest, formula);
    return !rest.bad;
}

// --- Writing bytes ---

struct room {
    uint8_t *at;
    size_t len; // may grow past the room: then nothing is written there
};

static void put(struct room *room, unsigned byte)
{
    assert(byte <= UINT8_MAX);
    if (room->len < EXPRESSION_FORMULA_MAX) room->at[room->len] = (uint8_t)byte;
    room->len++;
}

static void put_variable(struct room *room, uint64_t value)
{
    for (; value > 127; value >>= 7) put(room, (value & 127) | 128);
    put(room, (unsigned)value);
}

static void put_number(struct room *room, struct expression_number number)
{
    assert(number.digits >= 0);
    put_variable(room, (uint64_t)number.digits);
    put(room, number.scale | (number.divisor > 1 ? DIVISOR_FOLLOWS : 0u));
    if (number.divisor > 1) put_variable(room, number.divisor);
}

static void put_specific(struct room *room, const struct formula_term *term)
{
    put_number(room, term->rate);
    for (unsigned i = 0; i < 3; i++) put(room, (unsigned char)term->currency[i]);
    put_variable(room, term->per);
    put(room, term->unit);
    put(room, term->subject);
    put(room, term->strength.unit);
    if (term->strength.unit == UNIT_NONE) return;
    put(room, term->strength.subject);
    put(room, term->strength.bound);
    if (term->strength.bound != BOUND_NONE) put_number(room, term->strength.at);
}

static void put_term(struct room *room, const struct formula_term *term)
{
    put(room, (OP_TERM + (unsigned)term->term) | (term->taken_off ? OP_OFF : 0u));
    if (term->term == TERM_SPECIFIC) put_specific(room, term);
    if (term->term == TERM_PARAMETER) put(room, term->parameter);
    if (term->term != TERM_PERCENT) return;
    put_number(room, term->rate);
    put(room, term->parts_count);
    for (unsigned i = 0; i < term->parts_count; i++) put(room, term->parts[i]);
}

static void put_alternative(struct room *room, const struct formula *formula,
                            const struct formula_alternative *alternative)
{
    put(room, OP_SEASON);
    put(room, alternative->periods_count);
    for (unsigned i = 0; i < alternative->periods_count; i++) {
        const struct formula_period *period = &alternative->periods[i];
        put(room, period->month);
        put(room, period->day);
        put(room, period->last_month);
        put(room, period->last_day);
    }
    for (unsigned i = 0; i < alternative->sums_count; i++) {
        const struct formula_sum *sum = &alternative->sums[i];
        if (sum->clamp != CLAMP_NONE) put(room, sum->clamp == CLAMP_MIN ? OP_MIN : OP_MAX);
        for (unsigned j = 0; j < sum->count; j++) put_term(room, &formula->terms[sum->first + j]);
    }
}

size_t formula_encode(const struct formula *formula, uint8_t bytes[EXPRESSION_FORMULA_MAX])
{
    struct room room = { bytes, 0 };
    put(&room, FORMULA_VERSION);
    if (formula->obstacle != OBSTACLE_NONE) {
        put(&room, OP_MANUAL);
        put(&room, formula->obstacle);
    } else {
        for (unsigned i = 0; i < formula->alternatives_count; i++)
            put_alternative(&room, formula, &formula->alternatives[i]);
    }
    return room.len <= EXPRESSION_FORMULA_MAX ? room.len : 0;
}
