// Why the words of a schedule are manual, and in what words that is said.
#include <assert.h>

#include "tariff/expression_reading.h"

static const struct {
    const char *name, *words;
} obstacles[] = {
    [OBSTACLE_NONE] = { "none", "Nothing is in the way." },
    [OBSTACLE_EMPTY] = { "empty", "The schedule says nothing." },
    [OBSTACLE_REFERENCE] = { "reference", "The rate is that of another provision." },
    [OBSTACLE_NOTE] = { "note", "A legal note says what is to be paid." },
    [OBSTACLE_CONDITION] = { "condition", "The rate holds under a condition." },
    [OBSTACLE_BASE] = { "base", "The rate is a share of a value that is not known here." },
    [OBSTACLE_UNIT] = { "unit", "The amount has no unit that is known here." },
    [OBSTACLE_CURRENCY] = { "currency", "The currency of the amount is not said." },
    [OBSTACLE_SEASON] = { "season", "The seasons contradict each other or leave the day out." },
    [OBSTACLE_SIZE] = { "size", "The rate has more terms than a formula holds." },
    [OBSTACLE_WORDS] = { "words", "The words are not understood." },
};

const char *expression_obstacle_name(enum expression_obstacle obstacle)
{
    assert(obstacle <= OBSTACLE_WORDS);
    return obstacles[obstacle].name;
}

const char *expression_obstacle_words(enum expression_obstacle obstacle)
{
    assert(obstacle <= OBSTACLE_WORDS);
    return obstacles[obstacle].words;
}

// What words speak of, the most telling first.
static const struct {
    const char *words;
    enum expression_obstacle obstacle;
} signs[] = {
    { "note", OBSTACLE_NOTE },
    { "under bond", OBSTACLE_CONDITION },
    { "prescribed", OBSTACLE_CONDITION },
    { "prescribe", OBSTACLE_CONDITION },
    { "under the terms", OBSTACLE_CONDITION },
    { "temporary", OBSTACLE_CONDITION },
    { "if consisting", OBSTACLE_CONDITION },
    { "in no case", OBSTACLE_CONDITION },
    { "see", OBSTACLE_REFERENCE },
    { "rate applicable", OBSTACLE_REFERENCE },
    { "rate of duty applicable", OBSTACLE_REFERENCE },
    { "applicable to", OBSTACLE_REFERENCE },
    { "provided", OBSTACLE_REFERENCE },
    { "heading", OBSTACLE_REFERENCE },
    { "headings", OBSTACLE_REFERENCE },
    { "subheading", OBSTACLE_REFERENCE },
    { "subheadings", OBSTACLE_REFERENCE },
    { "refer to", OBSTACLE_REFERENCE },
    { "upon the value", OBSTACLE_BASE },
    { "upon the full value", OBSTACLE_BASE },
    { "on the cost", OBSTACLE_BASE },
    { "subject to", OBSTACLE_CONDITION },
    { "if", OBSTACLE_CONDITION },
    { "unless", OBSTACLE_CONDITION },
    { "provided that", OBSTACLE_CONDITION },
};

enum expression_obstacle obstacle_of(struct span plain, enum expression_obstacle otherwise)
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (phrase_is_in(plain, signs[i].words)) return signs[i].obstacle;
    return otherwise;
}
