// body: the members of a fact's body, written and read: what every kind of fact has in common.
//
// Bodies are canonical JSON objects: members are put in byte order of their keys, texts that are
// empty and money of no currency are left out.
//
// Reading is strict and asks once: the first member that does not fit is kept in `wrong`, what is
// read after it does not matter, and members_ok says at the end what came of it (ERROR_DAMAGED, or
// ERROR_TOO_LARGE when the memory was too small, which is not the body's fault).
#ifndef TW_CONSIGNMENT_BODY_H
#define TW_CONSIGNMENT_BODY_H

#include "base/arena.h"
#include "base/json.h"
#include "base/money.h"

struct text_list { const struct span *at; uint32_t count; };

// --- Writing ---

struct json_writer body_open(struct arena *arena, size_t size);
MUST_CHECK bool body_close(struct json_writer *w, struct span *body, struct error *err);

void body_put_text(struct json_writer *w, const char *key, struct span value);
void body_put_whole(struct json_writer *w, const char *key, uint64_t value);
void body_put_truth(struct json_writer *w, const char *key, bool value);
void body_put_money(struct json_writer *w, const char *key, struct money amount);
void body_put_decimal(struct json_writer *w, const char *key, struct decimal value);
void body_put_texts(struct json_writer *w, const char *key, const struct span *at, uint32_t count);

// A string that needs no escapes is written in place: open, write into w->text, close.
void body_open_string(struct json_writer *w, const char *key);
void body_close_string(struct json_writer *w);

// --- Reading ---

struct members {
    struct json json;
    struct arena *arena;
    const char *wrong;
    bool full;
};

enum need { NEEDED, OPTIONAL };

MUST_CHECK bool members_open(struct members *r, struct span body, struct arena *arena,
                             struct error *err);
MUST_CHECK bool members_ok(const struct members *r, struct error *err);
void members_wrong(struct members *r, const char *key);

// `object` is a node of r->json; 0 is the body. An absent member that is optional is empty.
struct span members_text(struct members *r, uint32_t object, const char *key, enum need need);
uint32_t members_whole(struct members *r, uint32_t object, const char *key);
bool members_truth(struct members *r, uint32_t object, const char *key, enum need need);
struct decimal members_decimal(struct members *r, uint32_t object, const char *key,
                               enum need need);
struct money members_money(struct members *r, uint32_t object, const char *key);
struct text_list members_texts(struct members *r, uint32_t object, const char *key);

// The value of a member if it is of that kind; 0 when it is not, or absent.
uint32_t members_value(struct members *r, uint32_t object, const char *key, enum json_kind kind,
                       enum need need);

// An array of objects: its length, its first element, and room for what is read from it: `size`
// bytes each.
void *members_objects(struct members *r, uint32_t object, const char *key, size_t size,
                      uint32_t *count, uint32_t *first);

#endif
