// views_fixture: views in a folder of their own, and rows to tell them, for tests.
//
// Everything here fails the test when it does not work.
#ifndef TW_STORE_VIEWS_FIXTURE_H
#define TW_STORE_VIEWS_FIXTURE_H

#include "store/views_inside.h"

struct fixture {
    char folder[64], path[96];
    struct views_settings settings;
    struct views *views;      // NULL while closed
    struct arena arena;       // emptied by each fixture_find
    uint64_t position;        // grows with each telling
};

void fixture_begin(struct fixture *f, struct views_settings settings);
void fixture_end(struct fixture *f); // closes, and removes the folder
void fixture_open(struct fixture *f);
void fixture_close(struct fixture *f);
void fixture_reopen(struct fixture *f);

// Fails the test with the error's text.
void must(bool done, const struct error *err);

// A row whose texts follow from its name; the name is not copied.
struct view_row row_of(struct span file);

void fixture_tell(struct fixture *f, const struct view_row *rows, uint32_t count);
void fixture_flush(struct fixture *f);
bool fixture_find(struct fixture *f, struct span file, struct view_row *row);

// Files 26NL000000000000, 26NL000000000001 ... in batches of one: `score` is the number, the
// reference key one more.
struct span numbered_name(uint32_t n, char (*name)[24]);
void tell_numbered(struct fixture *f, uint32_t first, uint32_t count);
void assert_numbered(struct fixture *f, uint32_t first, uint32_t count);

// Nothing was ever told.
void assert_empty(struct fixture *f);

// `names` is each file of the queue, with a space behind.
void assert_queue(struct fixture *f, uint32_t limit, const char *names, uint64_t waiting);

void assert_rows_equal(const struct view_row *one, const struct view_row *other);

// Runs SQL on the file by a connection of its own, as somebody else would.
void fixture_sql(const struct fixture *f, const char *sql);
int64_t fixture_ask(const struct fixture *f, const char *sql);

#endif
