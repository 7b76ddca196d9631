#include "gates/files/verb.h"

#include <assert.h>

#include "base/utf8.h"

enum {
    AMOUNT_MAX = 64, // no code is longer
    DIGITS_MAX = 48, // more than a decimal takes, so that rounding can save it
    EXPONENT_MAX = 40,
};

// --- Reading ---

static bool read_amount(struct span text, struct span word, uint32_t *amount)
{
    uint64_t value;
    if (!span_starts_with(text, word)) return false;
    struct span digits = span_trim((struct span){ text.at + word.len, text.len - word.len });
    if (!span_to_u64(digits, &value) || value > AMOUNT_MAX) return false;
    *amount = (uint32_t)value;
    return true;
}

// "A is B": the two texts; false when it is not that.
static bool read_entry(struct span entry, struct span *from, struct span *to)
{
    const char *is = memmem(entry.at, entry.len, " is ", 4);
    if (is == NULL) return false;
    *from = span_trim((struct span){ entry.at, (size_t)(is - entry.at) });
    *to = span_trim((struct span){ is + 4, (size_t)(entry.at + entry.len - is - 4) });
    return from->len > 0 && to->len > 0;
}

static bool read_else(struct span entry, struct span *to)
{
    if (!span_starts_with(entry, SPAN("else "))) return false;
    *to = span_trim((struct span){ entry.at + 5, entry.len - 5 });
    return to->len > 0;
}

// Entries, and at most one else, at the end.
static bool is_table(struct span table)
{
    struct span from, to;
    for (struct span_pair rest = { .tail = table, .found = true }; rest.found;) {
        rest = span_cut(rest.tail, ',');
        struct span entry = span_trim(rest.head);
        if (read_else(entry, &to) ? rest.found : !read_entry(entry, &from, &to)) return false;
    }
    return true;
}

bool verb_read(struct span text, struct verb *verb, struct error *err)
{
    static const struct {
        enum verb_kind kind;
        struct span word;
    } with_amount[] = {
        { VERB_PAD, SPAN_INIT("pad ") },
        { VERB_CUT, SPAN_INIT("cut ") },
        { VERB_ROUND, SPAN_INIT("round ") },
    };
    text = span_trim(text);
    *verb = (struct verb){ .table = text };
    for (size_t i = 0; i < sizeof(with_amount) / sizeof(with_amount[0]); i++) {
        verb->kind = with_amount[i].kind;
        if (read_amount(text, with_amount[i].word, &verb->amount)) return true;
    }
    verb->kind = VERB_PLAIN;
    if (span_equal(text, SPAN("plain"))) return true;
    verb->kind = VERB_COMMA;
    if (span_equal(text, SPAN("comma"))) return true;
    verb->kind = VERB_REPLACE;
    if (is_table(text)) return true;
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is nothing that can be done with a column",
              SPAN_ARG(text));
    return error_hint(err, "It is pad N, cut N, plain, round N, comma, or A is B, C is D, else E.");
}

// --- Numbers, digit by digit ---

// 0.digits x 10^point: 12.5 has the digits 125 and the point 2.
struct digits {
    bool negative;
    char at[DIGITS_MAX];
    int32_t count, point;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_exponent(struct span text, int32_t *exponent)
{
    uint64_t value;
    bool negative = text.len > 0 && text.at[0] == '-';
    if (text.len > 0 && (text.at[0] == '-' || text.at[0] == '+')) text.at++, text.len--;
    while (text.len > 1 && text.at[0] == '0') text.at++, text.len--;
    if (!span_to_u64(text, &value) || value > EXPONENT_MAX) return false;
    *exponent = negative ? -(int32_t)value : (int32_t)value;
    return true;
}

static bool read_digits(struct span text, struct digits *number)
{
    size_t at = text.len > 0 && text.at[0] == '-';
    bool behind_point = false, any = false;
    *number = (struct digits){ .negative = at == 1 };
    for (; at < text.len && (is_digit(text.at[at]) || (text.at[at] == '.' && !behind_point));
         at++) {
        if (text.at[at] == '.') {
            behind_point = true;
            continue;
        }
        any = true;
        if (!behind_point && (number->count > 0 || text.at[at] != '0')) number->point++;
        if (behind_point && number->count == 0 && text.at[at] == '0') {
            number->point--;
            continue;
        }
        if (number->count == 0 && text.at[at] == '0') continue;
        if (number->count == DIGITS_MAX) return false;
        number->at[number->count++] = text.at[at];
    }
    if (at == text.len) return any;
    int32_t exponent;
    if (!any || (text.at[at] != 'e' && text.at[at] != 'E') ||
        !read_exponent((struct span){ text.at + at + 1, text.len - at - 1 }, &exponent))
        return false;
    number->point += exponent;
    return number->point >= -EXPONENT_MAX;
}

// Keeps `places` digits behind the point.
static void round_half_up(struct digits *number, int32_t places)
{
    int32_t keep = number->point + places;
    if (keep >= number->count) return;
    bool up = keep >= 0 && number->at[keep] >= '5';
    number->count = keep > 0 ? keep : 0;
    if (!up) return;
    while (number->count > 0 && number->at[number->count - 1] == '9') number->count--;
    if (number->count > 0) {
        number->at[number->count - 1]++;
        return;
    }
    // 9.96 became 10: one digit more in front, or the first one kept.
    number->at[0] = '1';
    number->count = 1;
    number->point++;
}

static char digit_at(const struct digits *number, int32_t i)
{
    return i >= 0 && i < number->count ? number->at[i] : '0';
}

// With at most `places` digits behind the point; `whole` leaves a fraction of zeros out.
static struct span write_digits(const struct digits *number, int32_t places, bool whole,
                                struct arena *arena)
{
    struct text text = text_in(arena, 64);
    bool is_zero = true;
    for (int32_t i = 0; i < number->count; i++) is_zero = is_zero && number->at[i] == '0';
    if (number->negative && !is_zero) text_add_char(&text, '-');
    if (number->point <= 0) text_add_char(&text, '0');
    for (int32_t i = 0; i < number->point; i++) text_add_char(&text, digit_at(number, i));

    bool fraction = false;
    for (int32_t i = number->point; i < number->count; i++)
        fraction = fraction || digit_at(number, i) != '0';
    if (places > 0 && (fraction || !whole)) {
        text_add_char(&text, '.');
        for (int32_t i = 0; i < places; i++)
            text_add_char(&text, digit_at(number, number->point + i));
    }
    return text.full ? SPAN("") : text_span(&text);
}

static bool do_number(const struct verb *verb, struct span value, struct arena *arena,
                      struct span *done, struct error *err)
{
    struct digits number;
    if (!read_digits(value, &number)) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' where a number is expected", SPAN_ARG(value));
        return error_hint(err, "Numbers are digits with a point: -12.50, or 1.2E+3.");
    }
    int32_t places = number.count - number.point;
    if (places < 0) places = 0;
    if (verb->kind == VERB_ROUND && places > (int32_t)verb->amount) {
        places = (int32_t)verb->amount;
        round_half_up(&number, places);
    }
    *done = write_digits(&number, places, verb->kind == VERB_PLAIN, arena);
    return done->len > 0 || error_set(err, ERROR_TOO_LARGE, "the row does not fit into memory");
}

// Points and blanks between thousands go, the comma turns into a point.
static bool do_comma(struct span value, struct arena *arena, struct span *done, struct error *err)
{
    struct text text = text_in(arena, value.len + 1);
    struct span_pair parts = span_cut(value, ',');
    for (size_t i = 0; i < parts.head.len; i++)
        if (parts.head.at[i] != '.' && parts.head.at[i] != ' ')
            text_add_char(&text, parts.head.at[i]);
    if (parts.found) text_add_char(&text, '.');
    text_add(&text, parts.tail);
    *done = text_span(&text);
    return !text.full || error_set(err, ERROR_TOO_LARGE, "the row does not fit into memory");
}

// --- Texts ---

static bool do_pad(uint32_t amount, struct span value, struct arena *arena, struct span *done,
                   struct error *err)
{
    *done = value;
    if (value.len >= amount) return true;
    struct text text = text_in(arena, amount + 1);
    for (size_t i = value.len; i < amount; i++) text_add_char(&text, '0');
    text_add(&text, value);
    *done = text_span(&text);
    return !text.full || error_set(err, ERROR_TOO_LARGE, "the row does not fit into memory");
}

static struct span do_cut(uint32_t amount, struct span value)
{
    if (value.len > amount) value.len = amount;
    while (value.len > 0 && !utf8_check(value, NULL)) value.len--;
    return value;
}

static bool do_replace(struct span table, struct span value, struct span *done, struct error *err)
{
    struct span from, to;
    for (struct span_pair rest = { .tail = table, .found = true }; rest.found;) {
        rest = span_cut(rest.tail, ',');
        struct span entry = span_trim(rest.head);
        bool found =
            read_else(entry, &to) || (read_entry(entry, &from, &to) && span_equal(from, value));
        if (!found) continue;
        *done = to;
        return true;
    }
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' has no replacement in the mapping",
              SPAN_ARG(value));
    return error_hint(err, "Add it, or an else, to the mapping's row for this field.");
}

bool verb_do(const struct verb *verb, struct span value, struct arena *arena, struct span *done,
             struct error *err)
{
    assert(value.len > 0);
    switch (verb->kind) {
    case VERB_PAD:
        return do_pad(verb->amount, value, arena, done, err);
    case VERB_CUT:
        *done = do_cut(verb->amount, value);
        return true;
    case VERB_PLAIN:
    case VERB_ROUND:
        return do_number(verb, value, arena, done, err);
    case VERB_COMMA:
        return do_comma(value, arena, done, err);
    case VERB_REPLACE:
        return do_replace(verb->table, value, done, err);
    }
    return false;
}
