// views_names: names of which there are few, kept as they were first told: offices, for a start.
//
// Names are only added, and what was added never moves: who was told of the first n names may read
// them without a lock. The telling thread adds.
#ifndef TW_STORE_VIEWS_NAMES_H
#define TW_STORE_VIEWS_NAMES_H

#include <sqlite3.h>

#include "base/limits.h"
#include "store/views.h"

struct names {
    uint32_t count;
    struct name { uint8_t len; char text[VIEWS_NAME_SIZE_MAX]; } at[VIEWS_NAMES_MAX];
};

enum names_kind { NAMES_OFFICES, NAMES_TYPES, NAMES_KINDS };

struct span names_at(const struct names *names, uint32_t number);

// The name as it is kept here; empty when it is not.
struct span names_find(const struct names *names, struct span name);

// Adds what is not there yet, unless it is empty, too long, or there is no room.
void names_add(struct names *names, struct span name);

// In the file, within a transaction of the caller's: those from `first` to `count`.
MUST_CHECK bool names_write(sqlite3 *db, sqlite3_stmt *statement, enum names_kind kind,
                            const struct names *names, uint32_t first, uint32_t count,
                            struct error *err);
MUST_CHECK bool names_read(sqlite3 *db, struct names names[NAMES_KINDS], struct error *err);

#endif
