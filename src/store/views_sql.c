#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "store/views_inside.h"

enum { BUSY_MS = 10000 }; // as long as an analyst's own program may hold the file

bool sql_error(sqlite3 *db, const char *what, struct error *err)
{
    assert(db != NULL);
    assert(what != NULL);
    // What we ask is always the same: where it makes no sense, the schema is not ours.
    int code = sqlite3_errcode(db) & 0xff;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR ||
        code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH) {
        error_set(err, ERROR_DAMAGED, "the views are damaged: %s", sqlite3_errmsg(db));
        return error_hint(err, "Start again: the views are then made anew from the journal.");
    }
    if (code == SQLITE_FULL) {
        error_set(err, ERROR_UNAVAILABLE, "no room on the disk: %s", what);
        return error_hint(err, "Make room on the disk of the views.");
    }
    error_set(err, ERROR_UNAVAILABLE, "%s: %s", what, sqlite3_errmsg(db));
    return error_hint(err, "Look at the disk of the views; what was acknowledged is kept.");
}

bool sql_open(sqlite3 **db, const char *path, struct error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, db, flags, NULL);
    if (*db == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to open the views");
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(*db, BUSY_MS);
        return true;
    }
    sql_error(*db, "the views could not be opened", err);
    sqlite3_close(*db);
    *db = NULL;
    return false;
}

bool sql_run(sqlite3 *db, const char *sql, struct error *err)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    return sql_error(db, "the views could not be changed", err);
}

bool sql_prepare(sqlite3 *db, sqlite3_stmt **statement, struct error *err, const char *format, ...)
{
    char sql[1024];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(sql, sizeof(sql), format, arguments);
    va_end(arguments);
    assert(size > 0 && (size_t)size < sizeof(sql));
    if (sqlite3_prepare_v3(db, sql, size, SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK)
        return true;
    return sql_error(db, "the views could not be asked", err);
}

bool sql_step(sqlite3 *db, sqlite3_stmt *statement, bool *more, struct error *err)
{
    int code = sqlite3_step(statement);
    *more = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE) return true;
    return sql_error(db, "the views could not be read", err);
}

bool sql_do(sqlite3 *db, sqlite3_stmt *statement, struct error *err)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    if (!done) sql_error(db, "the views could not be written", err);
    sqlite3_reset(statement);
    return done;
}

bool sql_ask(sqlite3 *db, int64_t *value, struct error *err, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    bool found;
    if (!sql_prepare(db, &statement, err, "%s", sql)) return false;
    bool done = sql_step(db, statement, &found, err);
    *value = done && found ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return done;
}
