// view: what rules ask about a declaration again and again.
#ifndef TW_CLEARANCE_CHECK_VIEW_H
#define TW_CLEARANCE_CHECK_VIEW_H

#include "clearance/check/rule.h"

// The file's latest declaration, seen at `now_ms`.
struct view view_of(const struct declaration *declaration, uint32_t version, int64_t now_ms);

// Spans by their place in a struct, with their JSON names: for one rule over fields alike.
struct named {
    const char *name;
    size_t offset;
};
static inline const void *named_at(const void *base, const struct named *named)
{
    return (const char *)base + named->offset;
}

// Says in `spot` that the thing at `index` (and of that name) breaks the rule. Returns false.
bool broken_at(struct spot *spot, uint32_t index);
bool broken_by_name(struct spot *spot, uint32_t at, const struct named *names);

static inline bool is(struct span s, const char *text) { return span_equal(s, span_of(text)); }
bool is_one_of(struct span s, const char *words); // words with a blank behind each: "40 42 "

// Is it said by the declaration, or else by each of its items? Offsets of spans.
bool said_by_whole_or_items(const struct declaration *declaration, size_t whole, size_t item);

bool party_given(const struct party *party);

// How much there is to say.
bool is_full(const struct view *view);
bool is_full_or_simplified(const struct view *view);
bool is_full_or_plain(const struct view *view);
bool is_supplementary(const struct view *view); // U, V, X, Y, Z

// The item's procedure: empty spans when there is none.
struct procedure item_procedure(const struct item *item);
bool item_has_additional_procedure(const struct item *item, const char *codes);

// Imported, and for home use: duty is due, or would be.
bool for_home_use(const struct view *view, const struct item *item);

// The preference claimed (100, 300 ...): the first regime code of the duty lines; or empty.
struct span item_preference(const struct item *item);

#endif
