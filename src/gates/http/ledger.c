#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/paper.h"
#include "gates/http/gate.h"
#include "gates/http/routes.h"
#include "ledger/tiles.h"

// The public log as static files (C2SP tlog-tiles), and what verifies. A path is read into numbers
// and written again from them: what was asked never reaches the file system as text.

static void show_checkpoint(struct request *request);
static void show_key(struct request *request);
static void show_tile(struct request *request);
static void verify(struct request *request);

static const struct route rows[] = {
    { "GET", "/ledger/checkpoint", ROLES_ANYBODY, 0, "readCheckpoint",
      "the newest checkpoint: a signed note", NULL, { 0 }, { { 0 } },
      { { 200, "text/plain", NULL, "The note." },
        { 404, "application/problem+json", "Problem", "Nothing has been published yet." } },
      show_checkpoint, .ways = ROUTE_WAITS },
    { "GET", "/ledger/vkey", ROLES_ANYBODY, 0, "readLedgerKey",
      "the ledger's public key, by which checkpoints are verified", NULL, { 0 }, { { 0 } },
      { { 200, "text/plain", NULL, "The key." } }, show_key, .ways = 0 },
    { "GET", "/ledger/tile/{path...}", ROLES_ANYBODY, 0, "readTile",
      "a tile of hashes or of entries, as tlog-tiles names it", NULL, { 0 }, { { 0 } },
      { { 200, "application/octet-stream", NULL, "The tile." },
        { 404, "application/problem+json", "Problem", "There is no such tile." } },
      show_tile, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/verify", ROLES_ANYBODY, 0, "verifyProof",
      "verify a proof bundle against this ledger's key", "anything", { "application/json" },
      { { "query", "key", "Another ledger's public key." } },
      { { 200, "application/json", "Verdict", "The verdict, whatever it is." } },
      verify, .ways = ROUTE_WAITS, .body_max = JSON_TEXT_MAX },
};

static const char *verdict_word(uint32_t number)
{
    return number < VERDICT_COUNT ? verdict_name((enum verdict)number) : NULL;
}

static const struct schema schemas[] = {
    { "Verdict", "What a proof is worth, and what it says.",
      .members = "decision?: text, facts: whole, file?: text, key?: text, sentence: text, "
                 "verdict: VerdictKind, withheld: whole" },
    { "VerdictKind", "What can be said of a proof; only true is true.", .word = verdict_word },
};

const struct route_area ledger_area =
    ROUTE_AREA_WITH("ledger", "The public log", rows, schemas);

static void not_there(struct request *request)
{
    struct error err;
    error_set(&err, ERROR_NOT_FOUND, "the ledger has no such file");
    reply_error(request, &err);
}

static void send_file(struct request *request, const char *name, const char *type,
                      const char *cache)
{
    char path[TILE_PATH_MAX];
    struct stat found;
    snprintf(path, sizeof(path), "%s/%s", office_tiles(request->gate->office), name);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 || fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) {
        if (file >= 0) close(file);
        not_there(request);
        return;
    }
    reply_header(request, "Cache-Control", cache);
    reply_text(request, 200, type, SPAN(""));
    request->reply.file = file;
    request->reply.file_size = (uint64_t)found.st_size;
    request->reply.has_file = true;
}

static void show_checkpoint(struct request *request)
{
    send_file(request, "checkpoint", "text/plain; charset=utf-8", "no-cache");
}

static void show_key(struct request *request)
{
    struct text text = text_in(request->arena, 256);
    text_add(&text, office_log_key(request->gate->office));
    text_add_char(&text, '\n');
    reply_text(request, 200, "text/plain; charset=utf-8", text_span(&text));
}

// --- Tiles ---

// "x001/x234/067": groups of three digits, all but the last behind an x, and none too many.
static bool read_number(struct span *path, uint64_t *number)
{
    *number = 0;
    for (int group = 0; group < 6; group++) {
        struct span_pair cut = span_cut(*path, '/');
        bool more = cut.head.len == 4 && cut.head.at[0] == 'x';
        struct span digits = more ? (struct span){ cut.head.at + 1, 3 } : cut.head;
        bool partial = !more && digits.len == 5 && memcmp(digits.at + 3, ".p", 2) == 0;
        if (partial) digits.len = 3;
        if (digits.len != 3) return false;
        for (int i = 0; i < 3; i++) {
            if (digits.at[i] < '0' || digits.at[i] > '9') return false;
            *number = *number * 10 + (uint64_t)(digits.at[i] - '0');
        }
        if (group == 0 && more && *number == 0) return false;
        if (!more) {
            *path = cut.tail;
            return partial == cut.found;
        }
        if (!cut.found) return false;
        *path = cut.tail;
    }
    return false;
}

// "<level or entries>/<number>[.p/<width>]"
static bool read_tile(struct span path, int *level, uint64_t *number, uint32_t *width)
{
    struct span_pair cut = span_cut(path, '/');
    uint64_t value = 0;
    *width = TILE_WIDTH;
    *level = -1;
    if (!span_equal(cut.head, SPAN("entries"))) {
        if (cut.head.len != 1 || !span_to_u64(cut.head, &value) || value >= TILE_LEVELS)
            return false;
        *level = (int)value;
    }
    struct span left = cut.tail;
    if (!read_number(&left, number)) return false;
    if (left.len == 0) return path.at[path.len - 1] != '/';
    if (!span_to_u64(left, &value) || value == 0 || value >= TILE_WIDTH) return false;
    *width = (uint32_t)value;
    return true;
}

static void show_tile(struct request *request)
{
    char name[TILE_NAME_MAX];
    int level;
    uint64_t number;
    uint32_t width;
    if (!read_tile(request->parameters[0], &level, &number, &width)) {
        not_there(request);
        return;
    }
    tile_path(name, level, number, width);
    // A tile never changes once it is there, a partial one neither: it has its width in its name.
    send_file(request, name, "application/octet-stream", "public, max-age=31536000, immutable");
}

// --- Proofs ---

static void verify(struct request *request)
{
    struct error err;
    struct span key = { 0 };
    bool given = false;
    struct paper_verdict *verdict = arena_take(request->arena, 1, sizeof(*verdict));
    if (verdict == NULL ||
        !query_find(request->target.query, SPAN("key"), request->arena, &key, &given, &err)) {
        if (verdict == NULL) error_set(&err, ERROR_TOO_LARGE, "the proof is too large");
        reply_error(request, &err);
        return;
    }
    if (!given) key = office_log_key(request->gate->office);
    paper_verify(request->body, key, request->arena, verdict);
    struct json_writer w = json_writer_in(request->arena, 2048);
    struct { struct span key; const char *value; } members[] = {
        { SPAN("decision"), verdict->decision }, { SPAN("file"), verdict->file },
        { SPAN("key"), verdict->key },           { SPAN("sentence"), verdict->sentence },
        { SPAN("verdict"), verdict_name(verdict->verdict) },
    };
    json_open_object(&w);
    json_key(&w, SPAN("facts"));
    json_write_i64(&w, verdict->facts);
    json_key(&w, SPAN("withheld"));
    json_write_i64(&w, verdict->withheld);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (members[i].value[0] == '\0') continue;
        json_key(&w, members[i].key);
        json_write_string(&w, span_of(members[i].value));
    }
    json_close_object(&w);
    reply_json(request, 200, &w);
}
