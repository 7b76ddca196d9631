#include "office/scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "ledger/log_check.h"
#include "ledger/tiles.h"
#include "office/books_open.h"
#include "store/journal_inside.h"

static void must(bool done, const struct error *err)
{
    if (!done) fail_msg("%s: %s (%s)", error_kind_name(err->kind), err->text, err->hint);
}

// --- Surroundings ---

static atomic_llong clock_ms;
static pthread_mutex_t logging = PTHREAD_MUTEX_INITIALIZER;
static struct { char event[32]; uint32_t count; } events[SCENE_EVENTS_MAX];
static uint32_t events_count;
static char said[512];

static int64_t now_ms(void *clock_unused)
{
    (void)clock_unused;
    return atomic_load(&clock_ms);
}

static uint64_t ticks_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void chance(void *bytes, size_t size)
{
    randombytes_buf(bytes, size);
}

static void note_event(void *context, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void count_event(const char *event)
{
    uint32_t i = 0;
    while (i < events_count && strcmp(events[i].event, event) != 0) i++;
    if (i == SCENE_EVENTS_MAX) return;
    if (i == events_count) {
        snprintf(events[i].event, sizeof(events[i].event), "%s", event);
        events[i].count = 0;
        events_count++;
    }
    events[i].count++;
}

static void note_event(void *context, const char *event, const char *format, ...)
{
    va_list args;
    (void)context;
    va_start(args, format);
    pthread_mutex_lock(&logging);
    count_event(event);
    vsnprintf(said, sizeof(said), format, args);
    pthread_mutex_unlock(&logging);
    va_end(args);
}

uint32_t scene_logged(const char *event)
{
    uint32_t count = 0;
    pthread_mutex_lock(&logging);
    for (uint32_t i = 0; i < events_count; i++)
        if (strcmp(events[i].event, event) == 0) count = events[i].count;
    pthread_mutex_unlock(&logging);
    return count;
}

const char *scene_said(void)
{
    return said;
}

void scene_set_clock(int64_t now)
{
    atomic_store(&clock_ms, now);
}

// --- The scene ---

static void open_books(struct scene *scene)
{
    // Invented: an administration with two kinds of goods and two rules.
    static const struct books_texts texts = {
        .settings = SPAN_INIT("name,value\ncountry,XM\ncurrency,EUR\nrandom_per_million,0\n"
                              "worth_floor_minor,10000\nexamine_score,250\n"),
        .rates = SPAN_INIT("date_from,currency,rate\n2020-01-01,USD,0.9\n"),
        .schedule = SPAN_INIT("commodity,origin,regime,type,rate,from,to,law,text\n"
                              "09,*,*,A00,4,2020-01-01,,Tariff 9,duty on tea\n"
                              "71,*,*,A00,2,2020-01-01,,Tariff 71,duty on jewellery\n"
                              ",*,*,B00,20,2020-01-01,,Tax Act,value added tax\n"),
        .groups = SPAN_INIT("group,country\nPARTNERS,CH\n"),
    };
    static const struct span rules = SPAN_INIT(
        "rule K-1 \"gold\" score 400 when any item (commodity starts with \"7113\")\n"
        "rule K-2 \"silver\" score 10 documents when any item (commodity starts with \"7106\")\n");
    struct error err;
    must(arena_open(&scene->books_arena, (size_t)16 * MIB, &err), &err);
    must(books_open(&texts, rules, &scene->books_arena, &scene->books, &err), &err);
}

void scene_begin(struct scene *scene)
{
    struct statvfs memory;
    bool roomy = access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &memory) == 0 &&
                 (uint64_t)memory.f_bavail * memory.f_bsize >= (uint64_t)256 * MIB;
    scene_begin_in(scene, roomy ? "/dev/shm" : "/tmp");
}

void scene_begin_in(struct scene *scene, const char *parent)
{
    struct error err;
    assert_true(sodium_init() >= 0);
    *scene = (struct scene){ .segment_size = SCENE_SEGMENT_SIZE };
    events_count = 0;
    said[0] = '\0';
    scene_set_clock(1767614400000); // 2026-01-05 12:00 UTC

    snprintf(scene->folder, sizeof(scene->folder), "%s/office_XXXXXX", parent);
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->store, sizeof(scene->store), "%s/store", scene->folder);
    snprintf(scene->apart, sizeof(scene->apart), "%s/apart", scene->folder);
    must(arena_open(&scene->arena, (size_t)64 * MIB, &err), &err);
    open_books(scene);
    scene->settings = (struct office_settings){ .directory = scene->store, .apart = scene->apart,
        .log_name = "scene.example/log", .boot = "this", .workers = 2 };
    scene->surroundings = (struct office_surroundings){ .open_store = scene_open_journal,
        .open_store_context = scene, .books = &scene->books, .now_ms = now_ms,
        .ticks_ns = ticks_ns, .random = chance, .log = note_event };
}

void scene_end(struct scene *scene)
{
    scene_close(scene);
    arena_close(&scene->arena);
    arena_close(&scene->books_arena);
    scene_remove_folder(scene->folder);
}

bool scene_open_journal(void *context, struct store *store, const char *directory,
                        struct error *err)
{
    struct scene *scene = context;
    const struct disk *disk = scene->disk != NULL ? scene->disk : disk_real();
    return journal_open_sized(store, disk, directory, scene->segment_size, err);
}

bool scene_try_open(struct scene *scene, struct error *err)
{
    assert_null(scene->office);
    scene->surroundings.disk = scene->disk;
    return office_open(&scene->office, &scene->settings, &scene->surroundings, err);
}

void scene_open(struct scene *scene)
{
    struct error err;
    must(scene_try_open(scene, &err), &err);
}

void scene_close(struct scene *scene)
{
    struct error err = { 0 };
    bool closed = office_close(scene->office, &err);
    scene->office = NULL;
    must(closed, &err);
}

// --- Traders ---

static const char by_air[] =
    "{\"acceptedAt\":\"2026-01-02T08:00:00.000Z\",\"agent\":{\"id\":\"XM90000019\","
    "\"roleCode\":\"2\"},\"arrivalMeans\":{\"id\":\"XM154\",\"idTypeCode\":\"40\"},"
    "\"borderMeans\":{\"modeCode\":\"4\",\"nationalityCode\":\"CH\"},\"containerCode\":\"0\","
    "\"declarant\":{\"id\":\"XM13135924\"},\"destinationCountry\":\"XM\",\"exportCountry\":\"CH\","
    "\"exporter\":{\"address\":{\"cityName\":\"Elsewhere\",\"countryCode\":\"CH\","
    "\"line\":\"36 Mill Lane\",\"postcode\":\"00000\"},\"name\":\"Saffron Goods (invented)\"},"
    "\"functionCode\":\"%s\",\"functionalReferenceId\":\"REF%u\",\"goodsItemCount\":%u,"
    "\"goodsLocation\":{\"countryCode\":\"XM\",\"name\":\"XMPRT003\",\"qualifierCode\":\"U\","
    "\"typeCode\":\"A\"},\"importer\":{\"address\":{\"cityName\":\"Corrin Bay\","
    "\"countryCode\":\"XM\",\"line\":\"109 Wharf Road\",\"postcode\":\"M0387\"},"
    "\"id\":\"XM13135924\",\"name\":\"Cedar Supply (invented)\"},\"invoiceAmount\":"
    "{\"currency\":\"EUR\",\"value\":\"%u.00\"},\"issuedAt\":\"2026-01-02T08:00:00.000Z\","
    "\"items\":[{\"classifications\":[{\"id\":\"%s\",\"typeCode\":\"TSP\"}],"
    "\"description\":\"%s\",\"documents\":[{\"categoryCode\":\"N\",\"id\":\"INV-%06u\","
    "\"typeCode\":\"935\"}],\"dutyTaxFees\":[{\"paymentMethodCode\":\"E\",\"regimeCode\":\"100\","
    "\"typeCode\":\"A00\"}],\"grossMass\":\"1166.900\",\"netMass\":\"1077.000\",\"origins\":"
    "[{\"countryCode\":\"LK\",\"typeCode\":\"1\"}],\"packages\":[{\"marks\":\"XM-6935\","
    "\"quantity\":44,\"sequence\":1,\"typeCode\":\"BG\"}],\"price\":{\"currency\":\"EUR\","
    "\"value\":\"%u.00\"},\"procedures\":[{\"currentCode\":\"40\",\"previousCode\":\"00\"}],"
    "\"sequence\":1,\"valuationMethodCode\":\"1\"}],\"officeId\":\"XM000003\",\"statements\":"
    "[{\"code\":\"TST00\",\"description\":\"nobody trades these goods\",\"sequence\":1}],"
    "\"totalGrossMass\":\"1166.900\",\"totalPackageCount\":44,\"tradeTerms\":"
    "{\"conditionCode\":\"CIF\",\"locationId\":\"XMPRT\"},\"transactionNatureCode\":\"1\","
    "\"typeCode\":\"IMA\"%s}";

// Moves the first member behind the others, and puts blanks in: the content stays.
static struct span turn(struct span text, struct arena *arena)
{
    struct span_pair cut = span_cut((struct span){ text.at + 1, text.len - 2 }, ',');
    struct text turned = text_in(arena, text.len + 16);
    text_add(&turned, SPAN("{ "));
    text_add(&turned, cut.tail);
    text_add(&turned, SPAN(" , "));
    text_add(&turned, cut.head);
    text_add(&turned, SPAN("\n}"));
    assert_false(turned.full);
    return text_span(&turned);
}

struct span scene_name(uint32_t number, struct arena *arena)
{
    struct text name = text_in(arena, 32);
    text_add_format(&name, "6XM13135924-T%06u", number);
    assert_false(name.full);
    return text_span(&name);
}

struct span scene_text(struct told told, struct arena *arena)
{
    char ucr[64] = "";
    const char *commodity = told.gold ? "71131900" : told.silver ? "71069100" : "09024000";
    const char *goods = told.gold     ? "jewellery of gold"
                        : told.silver ? "silver in bars"
                                      : "black tea in bulk";
    uint32_t euros = told.euros > 0 ? told.euros : 1000;
    uint32_t reference = told.reference > 0 ? told.reference : told.number;
    if (!told.lone) snprintf(ucr, sizeof(ucr), ",\"ucr\":\"6XM13135924-T%06u\"", told.number);
    struct text text = text_in(arena, 4096);
    text_add_format(&text, by_air, told.function != NULL ? told.function : "9", reference,
                    told.broken ? 2u : 1u, euros, commodity,
                    goods, told.number, euros, ucr);
    assert_false(text.full);
    return told.turned ? turn(text_span(&text), arena) : text_span(&text);
}

bool scene_read(const void *how, struct span text, struct arena *arena,
                struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    struct json json;
    (void)how, (void)dropped;
    return json_read(text, arena, &json, err) &&
           declaration_read_json(&json, 0, arena, declaration, err);
}

static struct answer send(struct scene *scene, const struct message *message)
{
    struct answer answer;
    struct error err;
    must(office_send(scene->office, message, scene_read, NULL, &scene->arena, &answer, &err),
         &err);
    return answer;
}

struct answer scene_send_text(struct scene *scene, struct span text)
{
    return send(scene, &(struct message){ .text = text, .who = "trader:test" });
}

struct answer scene_send(struct scene *scene, struct told told)
{
    return scene_send_text(scene, scene_text(told, &scene->arena));
}

struct answer scene_decide(struct scene *scene, uint32_t number, enum decision decision)
{
    return send(scene, &(struct message){ .kind = MESSAGE_DECISION, .who = "officer:test",
        .file = scene_name(number, &scene->arena), .decision = decision,
        .reason = SPAN("seen") });
}

struct answer scene_settle(struct scene *scene, uint32_t number)
{
    return send(scene, &(struct message){ .kind = MESSAGE_SETTLED, .who = "officer:test",
        .file = scene_name(number, &scene->arena), .reason = SPAN("receipt 7") });
}

static void take_kinds(struct batch *batch)
{
    enum answer_kind *kinds = batch->sender;
    for (uint32_t i = 0; i < batch->messages_count; i++) kinds[i] = batch->messages[i].answer.kind;
    // The batch belongs to its sender again, who is whoever calls this.
    office_release((struct office *)(uintptr_t)batch->how, batch);
}

static bool read_of_batch(const void *how, struct span text, struct arena *arena,
                          struct declaration *declaration, struct dropped *dropped,
                          struct error *err)
{
    (void)how; // the office, for take_kinds
    return scene_read(NULL, text, arena, declaration, dropped, err);
}

void scene_submit(struct scene *scene, const struct told *told, uint32_t count,
                  enum answer_kind *kinds)
{
    struct batch *batch = office_batch(scene->office);
    for (uint32_t i = 0; i < count; i++) {
        struct message *message = batch_add(batch);
        message->text = scene_text(told[i], &batch->arena);
        message->who = "trader:test";
    }
    batch->read = read_of_batch;
    batch->how = scene->office;
    batch->sender = kinds;
    batch->done = take_kinds;
    office_submit(scene->office, batch);
}

// --- Looking ---

bool scene_file(struct scene *scene, uint32_t number, struct file *file)
{
    struct error err;
    struct store_append *appends;
    uint32_t count;
    struct span name = scene_name(number, &scene->arena);
    if (office_file(scene->office, name, &scene->arena, file, &appends, &count, &err)) return true;
    if (err.kind != ERROR_NOT_FOUND) must(false, &err);
    return false;
}

struct sha256 scene_facts(struct scene *scene, struct span name)
{
    struct error err;
    struct file file;
    struct store_append *appends;
    uint32_t count;
    struct sha256 hash = { 0 };
    size_t mark = scene->arena.used;
    must(office_file(scene->office, name, &scene->arena, &file, &appends, &count, &err), &err);
    for (uint32_t a = 0; a < count; a++)
        for (uint32_t f = 0; f < appends[a].facts_count; f++)
            hash = sha256_of_two(sha256_span(&hash), appends[a].facts[f].json);
    arena_reset(&scene->arena, mark);
    return hash;
}

struct span scene_kinds(struct scene *scene, uint32_t number)
{
    struct file file;
    struct text kinds = text_in(&scene->arena, 256);
    assert_true(scene_file(scene, number, &file));
    for (uint32_t i = 0; i < file.facts_count; i++)
        text_add_format(&kinds, "%s%s", i > 0 ? " " : "", fact_kind_name(file.facts[i].kind));
    assert_false(kinds.full);
    return text_span(&kinds);
}

static void add_row(sqlite3_stmt *statement, bool with_positions, struct text *text)
{
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        // A row's number is its place in the file, which a rebuild may choose anew.
        const char *column = sqlite3_column_name(statement, i);
        if (strcmp(column, "number") == 0) continue;
        if (strcmp(column, "position") == 0 && !with_positions) continue;
        const char *value = (const char *)sqlite3_column_text(statement, i);
        text_add_format(text, "%s=%s ", column, value != NULL ? value : "");
    }
    text_add_char(text, '\n');
}

static bool add_rows(sqlite3 *db, const char *sql, bool with_positions, struct span without,
                     struct text *text, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, without.at, (int)without.len, SQLITE_TRANSIENT);
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            add_row(statement, with_positions, text);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ||
           error_set(err, ERROR_DAMAGED, "the views: %s", sqlite3_errmsg(db));
}

bool scene_read_views(struct scene *scene, bool with_positions, struct span without,
                      struct span *views, struct error *err)
{
    sqlite3 *db = NULL;
    char path[256];
    snprintf(path, sizeof(path), "%s/views.sqlite", scene->store);
    if (!views_flush(office_views(scene->office), err)) return false;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    struct text text = text_in(&scene->arena, (size_t)64 * KIB);
    bool read = add_rows(db, "SELECT * FROM declarations WHERE file <> ?1 ORDER BY file",
                         with_positions, without, &text, err) &&
                add_rows(db, "SELECT file FROM waiting WHERE file <> ?1", with_positions, without,
                         &text, err);
    sqlite3_close(db);
    assert_false(text.full);
    *views = text_span(&text);
    return read;
}

struct span scene_views(struct scene *scene, bool with_positions)
{
    struct error err;
    struct span views;
    must(scene_read_views(scene, with_positions, SPAN(""), &views, &err), &err);
    return views;
}

static void check_ledger(struct scene *scene, struct span vkey)
{
    struct error err;
    struct note_key key;
    struct arena arena;
    struct log_checked *checked = malloc(sizeof(*checked));
    assert_non_null(checked);
    must(note_key_read(vkey, &key, &err), &err);
    must(arena_open(&arena, (size_t)32 * MIB, &err), &err);
    enum verdict verdict = log_check(office_tiles(scene->office), &key, &arena, NULL, NULL,
                                     checked);
    if (verdict != VERDICT_TRUE) fail_msg("%s: %s", verdict_name(verdict), checked->sentence);
    arena_close(&arena);
    free(checked);
}

uint64_t scene_check(struct scene *scene)
{
    struct error err;
    must(office_publish(scene->office, &err), &err);
    must(office_check(scene->office, &err), &err);
    struct store_seal seal;
    size_t mark = scene->arena.used;
    must(office_seal(scene->office, &scene->arena, &seal, &err), &err);
    arena_reset(&scene->arena, mark);
    if (seal.tree_size == 0) return 0;
    check_ledger(scene, office_log_key(scene->office));
    must(witness_look(&scene->witness, office_tiles(scene->office), &err), &err);
    return seal.tree_size;
}

// --- The outsider ---

static bool know_key(struct witness *witness, const char *ledger, struct error *err)
{
    _Alignas(16) char memory[1024];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct span vkey;
    if (witness->key.name.len > 0) return true; // the first is trusted, and no other
    if (!tile_file(ledger, "vkey", 512, &arena, &vkey, err)) return false;
    snprintf(witness->vkey, sizeof(witness->vkey), SPAN_FMT, SPAN_ARG(span_trim(vkey)));
    return note_key_read(span_of(witness->vkey), &witness->key, err);
}

static bool extends(uint64_t old_size, struct sha256 old_root, const struct checkpoint *checkpoint,
                    const char *ledger, struct error *err)
{
    struct proof proof = { 0 };
    if (old_size > checkpoint->size)
        return error_set(err, ERROR_DAMAGED, "size %llu was seen, and then %llu",
                         (unsigned long long)old_size, (unsigned long long)checkpoint->size);
    struct tile_reader *reader = tile_reader_open(ledger, checkpoint->size, err);
    if (reader == NULL) return false;
    struct hash_source source = tile_source(reader);
    bool made = old_size == 0 || old_size == checkpoint->size ||
                proof_make_consistency(&source, old_size, checkpoint->size, &proof, err);
    tile_reader_close(reader);
    if (!made) return false;
    return proof_consistency_holds(&proof, old_size, old_root, checkpoint->size,
                                   checkpoint->root) ||
           error_set(err, ERROR_DAMAGED, "size %llu does not extend size %llu",
                     (unsigned long long)checkpoint->size, (unsigned long long)old_size);
}

static bool witness_hear(struct witness *witness, struct span text, const char *ledger,
                         struct error *err)
{
    struct note note;
    struct checkpoint checkpoint;
    if (!know_key(witness, ledger, err) || !note_read(text, &note, err) ||
        !checkpoint_read(note.text, &checkpoint, err))
        return false;
    if (note_verify(&note, &witness->key, NULL) != NOTE_SIGNED)
        return error_set(err, ERROR_DAMAGED, "a checkpoint that the key did not sign");
    for (uint32_t i = 0; i < witness->seen_count; i++)
        if (!extends(witness->seen[i].size, witness->seen[i].root, &checkpoint, ledger, err))
            return false;
    uint32_t last = witness->seen_count;
    if (last > 0 && witness->seen[last - 1].size == checkpoint.size) return true;
    assert_true(last < SCENE_SEEN_MAX);
    witness->seen[last].size = checkpoint.size;
    witness->seen[last].root = checkpoint.root;
    witness->seen_count++;
    return true;
}

bool witness_look(struct witness *witness, const char *ledger, struct error *err)
{
    struct arena arena;
    struct span text;
    if (!arena_open(&arena, (size_t)64 * KIB, err)) return false;
    bool sound = tile_file(ledger, "checkpoint", CHECKPOINT_MAX, &arena, &text, err) &&
                 witness_hear(witness, text, ledger, err);
    arena_close(&arena);
    return sound;
}

// --- Files ---

static int remove_entry(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    (void)stat, (void)kind, (void)where;
    return remove(path);
}

void scene_remove_folder(const char *path)
{
    if (access(path, F_OK) != 0) return;
    assert_int_equal(nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static const char *copy_to, *copy_from;

void scene_copy_file(const char *from, const char *to)
{
    char piece[64 * 1024];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    for (size_t got; (got = fread(piece, 1, sizeof(piece), in)) > 0;)
        assert_int_equal(fwrite(piece, 1, got, out), got);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static int copy_entry(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    char into[1024];
    (void)stat, (void)where;
    snprintf(into, sizeof(into), "%s%s", copy_to, path + strlen(copy_from));
    if (kind == FTW_D) return mkdir(into, 0777);
    scene_copy_file(path, into);
    return 0;
}

void scene_copy_folder(const char *from, const char *to)
{
    scene_remove_folder(to);
    copy_from = from;
    copy_to = to;
    assert_int_equal(nftw(from, copy_entry, 16, FTW_PHYS), 0);
}
