// form: a JSON object read by a table of its members; what is in no table is refused.
//
// A row of the table names a member, the function that reads it and the place of its value in a
// struct. A misspelt member must not be passed over in silence, so every name is looked for;
// "remark" is everybody's. A member that is null counts as not there. Errors point at the node, and
// name the member and what it may be.
#ifndef TW_TARIFF_FORM_H
#define TW_TARIFF_FORM_H

#include "base/decimal.h"
#include "base/json.h"
#include "base/time.h"

// Where a node stands; asked in the order of the text it costs one walk through it in all.
struct form_place { uint32_t at, line_at; unsigned line, column; };

struct form {
    const struct json *json;
    struct arena *arena;
    struct form_place *place; // the last that was asked for; zeroed at first
};

struct form_row {
    const char *name;
    bool (*read)(const struct form *m, uint32_t node, void *place, struct error *err);
    size_t offset;
    bool needed;
};

struct form_list { void *items; uint32_t count; };

enum form_answer { FORM_UNKNOWN, FORM_NO, FORM_YES }; // zero: nobody said

MUST_CHECK bool form_read(const struct form *m, uint32_t object, const struct form_row *table,
                             uint32_t count, void *into, struct error *err);

// An array of such objects of `size` bytes each, at most `max`. A place of type form_list.
MUST_CHECK bool form_list_read(const struct form *m, uint32_t array, const struct form_row *table,
                             uint32_t count, size_t size, uint32_t max, struct form_list *list,
                             struct error *err);

// Readers of members. A number may stand as a JSON number or as a text.
bool form_text(const struct form *m, uint32_t node, void *span, struct error *err);
bool form_texts(const struct form *m, uint32_t node, void *list, struct error *err);
bool form_date(const struct form *m, uint32_t node, void *date, struct error *err);
bool form_decimal(const struct form *m, uint32_t node, void *decimal, struct error *err);
bool form_bool(const struct form *m, uint32_t node, void *boolean, struct error *err);
bool form_answer_read(const struct form *m, uint32_t node, void *answer, struct error *err);
bool form_currency(const struct form *m, uint32_t node, void *four_chars, struct error *err);

struct form_place form_place_of(const struct form *m, uint32_t node);

// An error of another reader about a text, put at the node.
bool form_error(const struct form *m, uint32_t node, const struct error *inner,
                  struct error *err);

#endif
