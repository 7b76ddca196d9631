// What stands behind an amount: how many of what unit, of what, and for each what.
#include "tariff/expression_reader.h"

struct behind {
    struct reader *reader;
    struct formula_term *term;
    bool scaled; // a number stands in front of the unit
};

static bool multiply(struct behind *behind, uint64_t factor)
{
    uint64_t per;
    if (__builtin_mul_overflow((uint64_t)behind->term->per, factor, &per) || per == 0 ||
        per > PER_MAX)
        return reader_stop(behind->reader, OBSTACLE_UNIT);
    behind->term->per = (uint32_t)per;
    return true;
}

static bool take_scale(struct behind *behind)
{
    struct expression_number number;
    if (behind->term->unit != UNIT_NONE) return false;
    if (!reader_take_number(behind->reader, FRACTION_NOT, &number)) return false;
    behind->scaled = true;
    if (number.scale != 0 || number.divisor != 1) return reader_stop(behind->reader, OBSTACLE_UNIT);
    return multiply(behind, (uint64_t)number.digits);
}

static bool take_unit(struct behind *behind)
{
    struct reader *reader = behind->reader;
    struct formula_term *term = behind->term;
    if (term->unit != UNIT_NONE) return false;
    size_t before = reader->at, length;
    reader_skip_blanks(reader);
    const struct phrase *phrase = phrase_find(reader_rest(reader), PHRASE_UNIT, &length);
    uint8_t sign = phrase_unit_sign(reader_rest(reader), false, &length);
    if (sign == UNIT_NONE && phrase == NULL) {
        reader->at = before;
        return false;
    }
    reader->at += length;
    term->unit = sign != UNIT_NONE ? sign : phrase->id;
    if (sign != UNIT_NONE) return true;
    if (phrase->subject != SUBJECT_NONE && term->subject != SUBJECT_NONE)
        return reader_stop(reader, OBSTACLE_UNIT);
    if (phrase->subject != SUBJECT_NONE) term->subject = phrase->subject;
    if (phrase->strength != UNIT_NONE && term->strength.unit != UNIT_NONE)
        return reader_stop(reader, OBSTACLE_UNIT);
    if (phrase->strength != UNIT_NONE) term->strength.unit = phrase->strength;
    return multiply(behind, phrase->per);
}

static bool take_subject(struct reader *reader, uint8_t unit, uint8_t *subject)
{
    if (unit == UNIT_NONE || *subject != SUBJECT_NONE) return false; // "100 gross" is a unit
    size_t before = reader->at, length;
    reader_skip_blanks(reader);
    const struct phrase *phrase = phrase_find(reader_rest(reader), PHRASE_SUBJECT, &length);
    uint8_t sign = phrase_subject_sign(reader_rest(reader), &length);
    if (sign == SUBJECT_NONE && phrase != NULL) sign = phrase->subject;
    if (sign == SUBJECT_NONE) reader->at = before;
    else reader->at += length;
    *subject = sign;
    return sign != SUBJECT_NONE;
}

static bool take_bound(struct reader *reader, struct expression_strength *strength)
{
    const struct phrase *phrase;
    size_t before = reader->at;
    bool over = reader_take(reader, PHRASE_OVER, &phrase);
    if (!over && !reader_take(reader, PHRASE_UNDER, &phrase)) return false;
    if (!reader_take_number(reader, FRACTION_ANYWHERE, &strength->at)) {
        reader->at = before;
        return false;
    }
    strength->bound = over ? BOUND_OVER : BOUND_UNDER;
    return true;
}

static bool take_strength(struct behind *behind)
{
    struct reader *reader = behind->reader;
    struct expression_strength *strength = &behind->term->strength;
    if (strength->unit != UNIT_NONE) return false;
    size_t before = reader->at, length;
    reader_skip_blanks(reader);
    const struct phrase *phrase = phrase_find(reader_rest(reader), PHRASE_STRENGTH, &length);
    uint8_t sign = phrase_unit_sign(reader_rest(reader), true, &length);
    if (sign == UNIT_NONE && phrase == NULL) {
        reader->at = before;
        return false;
    }
    reader->at += length;
    strength->unit = sign != UNIT_NONE ? sign : phrase->id;
    if (sign == UNIT_NONE) strength->subject = phrase->subject;
    take_subject(reader, strength->unit, &strength->subject);
    take_bound(reader, strength);
    return true;
}

// "15¢/jewel over 7" is for each article, and each jewel over 7 in it.
static bool take_over_jewels(struct behind *behind)
{
    struct formula_term *term = behind->term;
    if (term->unit != UNIT_JWL || term->strength.unit != UNIT_NONE) return false;
    if (!take_bound(behind->reader, &term->strength)) return false;
    term->unit = UNIT_NAR;
    term->strength.unit = UNIT_JWL;
    return true;
}

// A litre of the alcohol above 1.15 per cent is a hundred litres at each per cent above 1.15.
static bool take_content_above(struct behind *behind)
{
    const struct phrase *phrase;
    struct reader *reader = behind->reader;
    struct formula_term *term = behind->term;
    if (term->unit != UNIT_LPA || term->strength.unit != UNIT_NONE) return false;
    if (!reader_take(reader, PHRASE_CONTENT_ABOVE, &phrase)) return false;
    if (!reader_take_number(reader, FRACTION_NOT, &term->strength.at) ||
        !number_reduce((uint64_t)term->rate.digits, term->rate.scale + 2u, term->rate.divisor,
                       &term->rate))
        return reader_stop(reader, OBSTACLE_WORDS);
    term->unit = UNIT_LTR;
    term->strength.unit = UNIT_ASV;
    term->strength.bound = BOUND_OVER;
    return true;
}

static bool take_piece(struct behind *behind)
{
    const struct phrase *phrase;
    struct reader *reader = behind->reader;
    bool each = reader_take(reader, PHRASE_EACH, &phrase);
    if (!each && take_content_above(behind)) return true;
    if (!each && take_over_jewels(behind)) return true;
    if (!each && reader_take(reader, PHRASE_NOISE, &phrase)) return true;
    if (!each && take_subject(reader, behind->term->unit, &behind->term->subject)) return true;
    if (!each) reader_take(reader, PHRASE_JOIN, &phrase);
    return take_scale(behind) || take_unit(behind) || take_strength(behind) ||
           take_subject(reader, behind->term->unit, &behind->term->subject);
}

bool reader_take_units(struct reader *reader, struct formula_term *term)
{
    struct behind behind = { reader, term, false };
    for (;;) {
        size_t before = reader->at;
        if (take_piece(&behind)) continue;
        reader->at = before;
        break;
    }
    // "$6/1000" is for a thousand articles.
    if (term->unit == UNIT_NONE && behind.scaled && term->per >= 100) term->unit = UNIT_NAR;
    if (term->unit == UNIT_NONE) return reader_stop(reader, OBSTACLE_UNIT);
    return reader->obstacle == OBSTACLE_NONE;
}
