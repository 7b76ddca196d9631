// origin_words: a rule of origin in English, as laws and agreements put it, read to conditions.
//
// A text is understood wholly or not at all: each clause must be a phrase of the table in the .c
// (United Kingdom, European Union, pan-Euro-Mediterranean, CPTPP and Canada spellings). What is not
// understood becomes one condition in words: ORIGIN_PROCESS when it names an operation or a
// starting material and no figure, else ORIGIN_MANUAL. Where a phrase speaks of materials that no
// code describes ("unprinted fabric"), the words stay with the condition as its scope.
//
// Rules of the lists speak of non-originating materials, also where they only say "materials"
// (pan-Euro-Mediterranean convention, appendix I article 5 and the notes to the list, note 3).
#ifndef TW_GATES_BOOKS_ORIGIN_WORDS_H
#define TW_GATES_BOOKS_ORIGIN_WORDS_H

#include "base/limits.h"
#include "tariff/origin.h"

// The text without marks of layout: tags, links, stars, non-breaking blanks and hyphens, doubled
// blanks; braces become brackets. At most ORIGIN_WORDS_MAX bytes.
MUST_CHECK bool origin_words_clean(struct span raw, struct arena *arena, struct span *words,
                                   struct error *err);

struct origin_reading {
    struct origin_alternative alternatives[ORIGIN_ALTERNATIVES_MAX]; // without places
    uint32_t count;
};

// Reads cleaned words; they must be kept as long as the alternatives. Never fails but for room.
MUST_CHECK bool origin_words_read(struct span words, struct arena *arena,
                                  struct origin_reading *reading, struct error *err);

// How far a program can weigh an alternative.
enum origin_grasp {
    ORIGIN_GRASP_FIGURES, // all of it, by codes, values and weights
    ORIGIN_GRASP_PARTLY,  // figures and codes, and words for a person besides
    ORIGIN_GRASP_CLAIMS,  // operations only: by what the maker says
    ORIGIN_GRASP_NONE,    // manual
};
enum origin_grasp origin_grasp_of(const struct origin_alternative *alternative);

#endif
