// schema: what a JSON value is made of, said in a line, and written as JSON Schema (2020-12).
//
//   "file: text, score?: whole, rows: [Row], by: 'desk' | 'officer', answer: Answer | Problem"
//
// Members stand with commas between; one with '?' may be absent, and there are no others. A type is
// one of the kinds below, the name of another schema (they begin with a capital), a [type] for a
// list, a 'word' that stands for itself, or several of these with '|' between.
//
//   text      a string                          whole     a whole number, not negative
//   truth     true or false                     moment    "2026-11-23T20:07:22.123Z"
//   date      "2026-11-23"                      decimal   "12.50"
//   hash      SHA-256, in hex                   base64url bytes, without padding
//   object    with any members                  anything  whatever it is
//
// The lines are the program's own: what is not well formed fails an assertion.
#ifndef TW_BASE_SCHEMA_H
#define TW_BASE_SCHEMA_H

#include "base/json.h"

struct schema {
    const char *name;            // "Row"
    const char *sentence;        // what it is
    const char *members;         // of an object; or
    const char *type;            // what else it is; or
    const char *(*word)(uint32_t number); // one of these: 0, 1, 2 ...; NULL behind the last
};

struct schemas { const struct schema *at; uint32_t count; };

#define SCHEMAS(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }

// As the value of "#/components/schemas/NAME", where names that it mentions are looked for.
void schema_write(struct json_writer *w, const struct schema *schema);
void schema_write_type(struct json_writer *w, struct span type);

// One name that a type or a line of members mentions after another: false when there is none left.
// `rest` is what is to be looked at, and then what is left of it.
bool schema_mentions(struct span *rest, struct span *name);

// Has an object of these members one of that name?
bool schema_has(struct span members, struct span name);

#endif
