// target: what a request asks for: its path in segments, its query, and the words in its headers.
//
// Pure: bytes in, spans out; fuzzed. A path is cut at '/' first and decoded after, so that "%2F"
// stands inside a segment (names of files have slashes) and never makes two. Not taken, as
// ERROR_SYNTAX, are: what does not begin with '/', bytes that are not visible ASCII, "%" without
// two hex digits, segments that are empty, "." or "..", and what decodes to control characters or
// to text that is not UTF-8. Nothing is normalised: two spellings of a path are not one path.
#ifndef TW_GATES_HTTP_TARGET_H
#define TW_GATES_HTTP_TARGET_H

#include "base/limits.h"
#include "base/text.h"

struct target {
    struct span path, query;               // as they came; the query without '?'
    struct span segments[HTTP_SEGMENTS_MAX]; // decoded
    uint32_t count;                        // 0 of "/"
    bool ends_in_slash;                    // "/desk/"; not of "/"
};

// `raw` is the request line's target. Spans point into it or into the arena. ERROR_TOO_LARGE beyond
// HTTP_TARGET_MAX bytes or HTTP_SEGMENTS_MAX segments.
MUST_CHECK bool target_read(struct span raw, struct arena *arena, struct target *target,
                            struct error *err);

// Does a target fit a pattern like "/api/v1/declarations/{ucr}/status"? `parameters` are then the
// values of its {...}, decoded, in order. A last segment {name...} takes what is left of the path,
// at least one segment, as it came: it is not decoded.
enum { PARAMETERS_MAX = 4 };
bool target_fits(const struct target *target, const char *pattern,
                 struct span parameters[PARAMETERS_MAX]);

// The first value of that name in a query ("a=1&b=two+words"), decoded. ERROR_SYNTAX as above.
MUST_CHECK bool query_find(struct span query, struct span name, struct arena *arena,
                           struct span *value, bool *found, struct error *err);

// Writes a text so that it is one segment again.
void percent_write(struct text *text, struct span s);

// Is the word in a list like "respond-async, wait=10"? Case does not matter; what follows ';' or
// '=' in a member is not looked at.
bool header_has(struct span value, struct span word);

// "application/json" of " application/JSON; charset=utf-8", as it came.
struct span media_type(struct span value);

// Are two words the same but for the case of ASCII letters?
bool words_equal(struct span a, struct span b);

#endif
