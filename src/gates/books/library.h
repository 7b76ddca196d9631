// library: the books of a folder, a file a version: COUNTRY-DAY-VERSION.book.
//
// A book is written beside its name, synced, and then given it: it is there whole, or not at all.
// Books are never overwritten: the same content has the same name.
#ifndef TW_GATES_BOOKS_LIBRARY_H
#define TW_GATES_BOOKS_LIBRARY_H

#include "tariff/book.h"

enum { LIBRARY_PATH_MAX = 4096 };

struct opened_book {
    struct book book;
    void *map;
    size_t size;
};

// Makes the folder when it is not there. `path` gets the file's name, LIBRARY_PATH_MAX bytes.
MUST_CHECK bool library_keep(const char *folder, const struct book *book, struct span bytes,
                             char *path, struct error *err);

MUST_CHECK bool library_open_file(const char *path, struct opened_book *opened,
                                  struct error *err);
void library_close(struct opened_book *opened); // also takes one that was never opened

// The book of the country that speaks of that day: the newest one of a day not later, else the
// oldest. A country that is empty is any, when the folder has books of one only.
// ERROR_NOT_FOUND when there is none.
MUST_CHECK bool library_open(const char *folder, struct span country, struct date day,
                             struct opened_book *opened, struct error *err);

// Calls `visit` for each file name, in order of names. A folder that is not there has none.
MUST_CHECK bool library_visit(const char *folder,
                              void (*visit)(void *context, const char *path), void *context,
                              struct error *err);

#endif
