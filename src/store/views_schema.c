#include <assert.h>
#include <stdio.h>

#include "store/views_inside.h"

// Of a row in the file. Whoever changes it, or the meaning of a key or of a filter's bytes, raises
// the version: older files are then dropped and made again.
enum { SCHEMA_VERSION = 6, APPLICATION_ID = 0x54574157 };

#define ROW_COLUMNS                                                                              \
    "number INTEGER PRIMARY KEY, file TEXT, state INTEGER, waits INTEGER, reference_key INTEGER,"  \
    "position INTEGER, facts_count INTEGER, lodged_ms INTEGER, changed_ms INTEGER,"                \
    "decision INTEGER, random INTEGER, version INTEGER, items_count INTEGER,"                      \
    "findings_count INTEGER, score INTEGER, digest BLOB, functional_reference TEXT, office TEXT,"  \
    "type_code TEXT, declarant TEXT, importer TEXT, exporter TEXT, commodity TEXT, origin TEXT,"   \
    "customs_value INTEGER, customs_value_currency TEXT, duty_total INTEGER,"                      \
    "duty_total_currency TEXT, worth INTEGER, worth_currency TEXT, claimed_by TEXT,"               \
    "rules TEXT,"                                                                                  \
    "requests_open INTEGER, channel INTEGER, released_ms INTEGER, inspected INTEGER,"              \
    "found INTEGER, recovered INTEGER, recovered_currency TEXT, sum INTEGER"

#define VIEW_COLUMNS                                                                             \
    "r.number AS number, r.file, coalesce(s.name, r.state) AS state,"                              \
    "coalesce(d.name, r.decision) AS decision, r.waits, r.random,"                                 \
    "datetime(r.lodged_ms / 1000, 'unixepoch') AS lodged,"                                         \
    "datetime(r.changed_ms / 1000, 'unixepoch') AS changed, r.lodged_ms AS lodged_ms,"             \
    "r.changed_ms, r.version,"                                                                     \
    "r.items_count, r.findings_count, r.score, r.functional_reference, r.office, r.type_code,"     \
    "r.declarant, r.importer, r.exporter, r.commodity, r.origin, r.customs_value,"                 \
    "r.customs_value_currency, r.duty_total, r.duty_total_currency, r.worth AS worth,"             \
    "r.worth_currency, r.claimed_by, r.rules, r.requests_open,"                                    \
    "coalesce(c.name, r.channel) AS channel,"                                                      \
    "datetime(r.released_ms / 1000, 'unixepoch') AS released, r.released_ms, r.inspected, r.found,"\
    "r.recovered, r.recovered_currency, r.facts_count, r.position, lower(hex(r.digest)) AS digest"

bool views_damaged(struct error *err, const char *what)
{
    return error_set(err, ERROR_DAMAGED, "the views do not add up: %s", what);
}

static const char schema[] =
    "CREATE TABLE totals(only INTEGER PRIMARY KEY CHECK(only = 1), position INTEGER NOT NULL,"
    "  waiting INTEGER NOT NULL, serial INTEGER NOT NULL, rows INTEGER NOT NULL,"
    "  reference_rows INTEGER NOT NULL,"
    "  sum INTEGER NOT NULL);"
    "CREATE TABLE volumes(volume INTEGER PRIMARY KEY, filters_sum INTEGER, keys_filter BLOB,"
    "  references_filter BLOB);"
    "CREATE TABLE growing(sheaf INTEGER PRIMARY KEY, rows INTEGER NOT NULL,"
    "  reference_rows INTEGER NOT NULL, keys BLOB NOT NULL, keys_sum INTEGER NOT NULL);"
    "CREATE TABLE marks(block INTEGER PRIMARY KEY, marks BLOB NOT NULL, sum INTEGER NOT NULL);"
    "CREATE TABLE notices(audience INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  sum INTEGER NOT NULL, PRIMARY KEY(audience, position)) WITHOUT ROWID;"
    "CREATE TABLE queue(number INTEGER PRIMARY KEY, rank INTEGER NOT NULL,"
    "  lodged_ms INTEGER NOT NULL);"
    "CREATE INDEX queue_order ON queue(rank, lodged_ms);"
    "CREATE TABLE names(kind INTEGER, place INTEGER, name TEXT, sum INTEGER,"
    "  PRIMARY KEY(kind, place)) WITHOUT ROWID;"
    TALLIES_TABLE
    "CREATE VIEW days AS SELECT date(day * 86400, 'unixepoch') AS date, name AS office, *"
    "  FROM figures WHERE kind = 0;"
    "CREATE VIEW rules AS SELECT name AS rule, * FROM figures WHERE kind = 1;"
    "CREATE TABLE state_names(state INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    "  files INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE decision_names(decision INTEGER PRIMARY KEY, name TEXT NOT NULL);";

static bool name_all(sqlite3 *db, struct error *err)
{
    sqlite3_stmt *state = NULL, *decision = NULL;
    bool done =
        sql_prepare(db, &state, err, "INSERT INTO state_names(state, name) VALUES (?1, ?2)") &&
        sql_prepare(db, &decision, err, "INSERT INTO decision_names VALUES (?1, ?2)");
    for (int i = 0; done && i < FILE_STATE_COUNT; i++) {
        sqlite3_bind_int(state, 1, i);
        sqlite3_bind_text(state, 2, file_state_name((enum file_state)i), -1, SQLITE_STATIC);
        done = sql_do(db, state, err);
    }
    for (int i = 0; done && i < DECISION_COUNT; i++) {
        sqlite3_bind_int(decision, 1, i);
        sqlite3_bind_text(decision, 2, decision_name((enum decision)i), -1, SQLITE_STATIC);
        done = sql_do(db, decision, err);
    }
    sqlite3_finalize(state);
    sqlite3_finalize(decision);
    return done;
}

static void add_volume(sqlite3_str *sql, uint32_t volume, bool waiting)
{
    sqlite3_str_appendf(sql, "%sSELECT " VIEW_COLUMNS " FROM ", volume > 1 ? " UNION ALL " : "");
    if (waiting) // CROSS: beginning with those that wait, which are few
        sqlite3_str_appendf(sql,
            "queue q CROSS JOIN volume_%04u_rows r ON r.number = q.number "
            "AND q.number BETWEEN %u AND %u",
            volume, volume << NUMBER_BITS, ((volume + 1) << NUMBER_BITS) - 1);
    else
        sqlite3_str_appendf(sql, "volume_%04u_rows r", volume);
    sqlite3_str_appendall(sql, " LEFT JOIN state_names s ON s.state = r.state "
                               "LEFT JOIN decision_names d ON d.decision = r.decision "
                               "LEFT JOIN decision_names c ON c.decision = r.channel");
}

// What analysts ask: all volumes as one table.
static bool make_views(sqlite3 *db, uint32_t volumes, struct error *err)
{
    sqlite3_str *sql = sqlite3_str_new(db);
    for (int waiting = 0; waiting < 2; waiting++) {
        const char *view = waiting ? "waiting" : "declarations";
        sqlite3_str_appendf(sql, "DROP VIEW IF EXISTS %s; CREATE VIEW %s AS SELECT * FROM (",
                            view, view);
        for (uint32_t volume = 1; volume <= volumes; volume++)
            add_volume(sql, volume, waiting);
        sqlite3_str_appendf(sql, ")%s;",
                            waiting ? " ORDER BY worth DESC, lodged_ms, number" : "");
    }
    char *text = sqlite3_str_finish(sql);
    if (text == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the views' schema");
    bool done = sql_run(db, text, err);
    sqlite3_free(text);
    return done;
}

// The volume begins empty.
bool schema_volume(sqlite3 *db, uint32_t volume, struct error *err)
{
    assert(volume >= 1);
    assert(volume <= VOLUMES_MAX);
    char sql[2048];
    int size = snprintf(sql, sizeof(sql),
        "CREATE TABLE volume_%04u_rows(" ROW_COLUMNS ");"
        "INSERT INTO volumes(volume) VALUES (%u);",
        volume, volume);
    assert(size > 0 && (size_t)size < sizeof(sql));
    return sql_run(db, sql, err) && make_views(db, volume, err);
}

uint32_t totals_sum(const struct file_totals *totals)
{
    _Static_assert(sizeof(*totals) == (3 + FILE_STATE_COUNT + 1) * sizeof(uint64_t), "no gaps");
    return crc32c(0, totals, sizeof(*totals));
}

static bool make_schema(sqlite3 *db, struct error *err)
{
    char versions[128], totals[80];
    const struct file_totals none = { 0 };
    snprintf(versions, sizeof(versions), "PRAGMA application_id=%d; PRAGMA user_version=%d;",
             APPLICATION_ID, SCHEMA_VERSION);
    snprintf(totals, sizeof(totals), "INSERT INTO totals VALUES (1, 0, 0, 0, 0, 0, %u);",
             totals_sum(&none));
    bool done = sql_run(db, "BEGIN IMMEDIATE", err) && sql_run(db, versions, err) &&
                sql_run(db, schema, err) && sql_run(db, totals, err) && name_all(db, err) &&
                schema_volume(db, 1, err);
    if (!done) {
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    return sql_run(db, "COMMIT", err);
}

bool schema_check(sqlite3 *db, struct error *err)
{
    int64_t tables, application, version;
    if (!sql_ask(db, &tables, err, "SELECT count(*) FROM sqlite_schema")) return false;
    if (!sql_ask(db, &application, err, "PRAGMA application_id")) return false;
    if (!sql_ask(db, &version, err, "PRAGMA user_version")) return false;
    if (tables == 0 && application == 0 && version == 0) return make_schema(db, err);
    if (application != APPLICATION_ID) return views_damaged(err, "another program's file");
    if (version != SCHEMA_VERSION) return views_damaged(err, "another version's file");
    return true;
}

