// span: a piece of text, by pointer and length.
//
// A span never owns what it points to and is never freed; it is good as long as the bytes are.
// There is no NUL inside or behind it: NUL is for the operating system's door only.
#ifndef TW_BASE_SPAN_H
#define TW_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_CHECK __attribute__((warn_unused_result))

struct span {
    const char *at;
    size_t len;
};

#define SPAN_INIT(literal) { "" literal "", sizeof(literal) - 1 } // for static tables
#define SPAN(literal) ((struct span)SPAN_INIT(literal))
#define SPAN_FMT "%.*s"
#define SPAN_ARG(s) (int)(s).len, (s).at

// The text in front of and behind a mark.
struct span_pair {
    struct span head, tail;
    bool found;
};

// Cuts at the first `mark`; `head` is all of `s` and `tail` is empty when there is none.
struct span_pair span_cut(struct span s, char mark);

// The same at the last `mark`.
struct span_pair span_cut_last(struct span s, char mark);

static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

// Byte order; a prefix comes before what it begins. Below, at or above zero like memcmp.
int span_compare(struct span a, struct span b);

bool span_starts_with(struct span s, struct span prefix);
bool span_ends_with(struct span s, struct span suffix);

// Without the spaces, tabs and line ends at both ends.
struct span span_trim(struct span s);

// A NUL-ended text of the program's or the operating system's own, as a span. NULL is empty.
struct span span_of(const char *text);

// A decimal whole number of 1 to 19 digits and nothing else; false for signs, blanks, overflow.
// A leading zero is allowed only in "0" itself.
MUST_CHECK bool span_to_u64(struct span s, uint64_t *value);

#endif
