// phrase: does a pattern of words stand at this place of a text, and what fills its gaps?
//
//   text      itself, capitals or not; a blank is any number of blanks, or none
//   <a|b|>    one of these texts, the first that leads on; an empty one: or nothing
//   %p        a percentage: "50%", "47.5 %"
//   %s        codes: "chapter 3, heading 1701 and heading 1702 to heading 1704"
//   %S        codes, not kept
//   %g        chapter, heading or subheading, also CC, CTH, CTSH: 2, 4 or 6 digits
//   %d        digits, not kept
//   %w        as few words as will do, not past the end of a sentence and without a percentage
//
// Patterns are the program's own; texts are anybody's. A gap is filled once (the second %p of a
// pattern overwrites the first). The work is bounded by the pattern's length times the text's for
// each %w.
#ifndef TW_GATES_BOOKS_PHRASE_H
#define TW_GATES_BOOKS_PHRASE_H

#include "base/limits.h"
#include "tariff/origin.h"

struct phrase {
    struct decimal percent;
    struct span words;
    struct origin_range ranges[ORIGIN_RANGES_MAX];
    uint32_t ranges_count;
    uint8_t group;   // of %g
    const char *end; // behind what was matched
};

// Matches at the beginning of `text`. Behind the match the text ends, or no word goes on.
MUST_CHECK bool phrase_match(const char *pattern, struct span text, struct phrase *phrase);

#endif
