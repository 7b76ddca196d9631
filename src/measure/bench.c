#include "measure/bench.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "gates/command/lodge.h"
#include "gates/command/progress.h"
#include "gates/files/xml_write.h"
#include "ledger/checkpoint.h"
#include "ledger/proof.h"
#include "ledger/tree.h"
#include "port/port.h"
#include "store/disk.h"

// Each row measures one figure that shapes the design, on this machine, and says what was wanted.

struct bench {
    const struct command_line *line;
    uint64_t count;                 // declarations to lodge
    char folder[3072];              // to write in
    struct arena arena;
};

struct figure { double value, wanted, aim; const char *unit; char note[200]; bool less_is_better; };

static double seconds_since(uint64_t begin_ns)
{
    return (double)(steady_ns() - begin_ns) / 1e9;
}

// --- Pieces ---

static bool tokenizer(struct bench *bench, struct figure *figure, struct error *err)
{
    struct port port = { .seed = 1, .per_day = 1000, .first_day = { 20454, true } };
    struct arena texts;
    enum { TEXTS = 512 };
    struct span text[TEXTS] = { 0 };
    if (!arena_open(&texts, (size_t)8 * MIB, err)) return false;
    for (uint64_t i = 0; i < TEXTS; i++) {
        struct declaration declaration;
        struct span written = { 0 };
        arena_reset(&bench->arena, 0);
        if (!port_declaration(&port, i, &bench->arena, &declaration, err)) return false;
        struct json_writer w = json_writer_in(&bench->arena, (size_t)8 * KIB);
        declaration_write_json(&w, &declaration);
        if (!json_written(&w, &written, err) || !arena_copy(&texts, written, &text[i]))
            return false;
    }
    uint64_t bytes = 0, begin = steady_ns();
    while (seconds_since(begin) < 1.0)
        for (int i = 0; i < TEXTS; i++) {
            struct json json;
            arena_reset(&bench->arena, 0);
            if (!json_read(text[i], &bench->arena, &json, err)) return false;
            bytes += text[i].len;
        }
    *figure = (struct figure){
        (double)bytes / seconds_since(begin) / 1e6, 1000, 1500, "MB/s", "", false
    };
    snprintf(figure->note, sizeof(figure->note), "%zu-byte declarations, one core", text[0].len);
    arena_close(&texts);
    return true;
}

static bool proofs(struct bench *bench, struct figure *figure, struct error *err)
{
    (void)bench, (void)err;
    // A path of 24 hashes is that of a ledger of ten million facts.
    struct sha256 leaf = tree_leaf(SPAN("an entry"));
    struct proof proof = { .count = 24 };
    struct sha256 root = leaf;
    for (uint32_t i = 0; i < proof.count; i++) {
        proof.hashes[i] = tree_leaf((struct span){ (const char *)&i, sizeof(i) });
        root = tree_node(root, proof.hashes[i]);
    }
    uint64_t count = 0, begin = steady_ns();
    while (seconds_since(begin) < 1.0)
        for (int i = 0; i < 1000; i++)
            count += proof_inclusion_holds(&proof, 0, 1u << 24, leaf, root);
    *figure = (struct figure){ (double)count / seconds_since(begin), 50000, 0, "/s",
                               "24 hashes, the checkpoint already checked, one core", false };
    return true;
}

// The ledger and the journal alone: entries of 300 bytes, 256 a batch, signed and synced.
static bool ledger_alone(struct bench *bench, struct figure *figure, struct error *err)
{
    enum { BATCH = 256, ENTRY = 300 };
    struct store store;
    struct tree tree = { 0 };
    struct log_key key;
    uint8_t seed[32] = { 1 };
    char path[4096], entry[ENTRY], edge[TREE_EDGE_MAX * SHA256_SIZE] = { 0 };
    snprintf(path, sizeof(path), "%s/ledger-alone", bench->folder);
    if (!store_open_journal(&store, disk_real(), path, err)) return false;
    if (!log_key_make(&key, SPAN("bench.example/log"), seed, err)) return false;
    memset(entry, 'e', sizeof(entry));
    arena_reset(&bench->arena, 0);
    struct store_append *appends = arena_take(&bench->arena, 1, sizeof(*appends));
    struct store_fact *facts = arena_take(&bench->arena, BATCH, sizeof(*facts));
    char *packed = arena_take(&bench->arena, BATCH, ENTRY);
    if (appends == NULL || facts == NULL || packed == NULL)
        return error_set(err, ERROR_TOO_LARGE, "no memory for the bench");
    uint64_t count = 0, begin = steady_ns();
    while (seconds_since(begin) < 3.0) {
        for (uint32_t i = 0; i < BATCH; i++) {
            memcpy(entry, &count, sizeof(count));
            memcpy(packed + (size_t)i * ENTRY, entry, ENTRY);
            facts[i].commitment = sha256_of((struct span){ entry, ENTRY });
            tree_add(&tree, tree_leaf(sha256_span(&facts[i].commitment)));
            count++;
        }
        *appends = (struct store_append){ .file = SPAN("bench"),
                                          .first_seq = 1,
                                          .facts_count = BATCH,
                                          .facts = facts,
                                          .previous = STORE_NOWHERE,
                                          .first_leaf = tree.size - BATCH,
                                          .packed = { packed, (size_t)BATCH * ENTRY } };
        size_t mark = bench->arena.used;
        struct text body = text_in(&bench->arena, 256), note = text_in(&bench->arena, 512);
        struct checkpoint checkpoint = { span_of(key.name), tree.size, tree_root(&tree) };
        checkpoint_write(&body, &checkpoint);
        note_sign(&note, text_span(&body), span_of(key.name), key.id, key.secret_key);
        struct store_seal seal = { .tree_size = tree.size, .root = checkpoint.root,
            .edge = { edge, tree_edge_write(&tree, edge) }, .checkpoint = text_span(&note) };
        bool before_anything;
        if (!store_commit(&store, appends, 1, &seal, &before_anything, err)) return false;
        arena_reset(&bench->arena, mark);
    }
    *figure = (struct figure){ (double)count / seconds_since(begin),
                               300000,
                               1000000,
                               "/s",
                               "300-byte entries, 256 a batch, signed, one fdatasync a batch",
                               false };
    store_close(&store);
    return true;
}

// --- The whole ---

static bool write_season(struct bench *bench, const char *path, uint64_t count, bool as_xml,
                         struct error *err)
{
    struct port port = { .seed = 7, .per_day = 20000, .first_day = { 20454, true } };
    struct xml_map *map = NULL;
    FILE *out = fopen(path, "w");
    if (out == NULL) return error_set(err, ERROR_UNAVAILABLE, "could not write '%s'", path);
    bool written = !as_xml || xml_map_open(&map, NULL, err);
    struct progress progress = progress_begin("declarations simulated");
    for (uint64_t n = 0; n < count && written; n++) {
        struct declaration declaration;
        struct span text = { 0 };
        arena_reset(&bench->arena, 0);
        written = port_declaration(&port, n, &bench->arena, &declaration, err);
        declaration.items.count = 1; // one item each: that is what the figure is of
        if (written && as_xml)
            written = xml_write_declaration(map, &declaration, &bench->arena, &text, err);
        else if (written) {
            struct json_writer w = json_writer_in(&bench->arena, (size_t)8 * KIB);
            declaration_write_json(&w, &declaration);
            written = json_written(&w, &text, err);
        }
        if (written) fprintf(out, SPAN_FMT "\n", SPAN_ARG(text));
        if (n % 1024 == 0) progress_show(&progress, n, n, count);
    }
    progress_end(&progress);
    xml_map_close(map);
    if (fclose(out) != 0 && written)
        written = error_set(err, ERROR_UNAVAILABLE, "could not write '%s'", path);
    return written;
}

struct lodged { double seconds; uint64_t read; uint64_t took[STAGE_COUNT]; long peak_kb; };

// In a process of its own, so that its peak memory is its own.
static bool lodge_in_child(struct bench *bench, const char *file, const char *store, bool timings,
                           struct lodged *lodged, struct error *err)
{
    int pipe_ends[2];
    fflush(stdout);
    if (pipe(pipe_ends) != 0) return error_set(err, ERROR_UNAVAILABLE, "no pipe");
    pid_t child = fork();
    if (child == 0) {
        struct desk desk = { 0 };
        struct command_line line = *bench->line;
        struct lodged mine = { 0 };
        struct figures figures = { 0 };
        struct input_options options = { 0 };
        line.store = store;
        struct desk_wants wants = { .timings = timings, .simulated = true };
        if (!desk_open_as(&desk, &line, &wants, err)) _exit(command_failed("bench", err));
        uint64_t begin = steady_ns();
        bool done = lodge_file(desk.office, file, &options, "bench", true, &figures, err);
        if (done) done = views_flush(office_views(desk.office), err);
        mine.seconds = seconds_since(begin);
        mine.read = figures.accepted + figures.refused;
        office_timings(desk.office, mine.took);
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        mine.peak_kb = usage.ru_maxrss;
        if (!done) command_failed("bench", err);
        if (write(pipe_ends[1], &mine, sizeof(mine)) != sizeof(mine)) done = false;
        _exit(desk_close(&desk, done ? EXIT_DONE : EXIT_FAILED));
    }
    close(pipe_ends[1]);
    bool got = read(pipe_ends[0], lodged, sizeof(*lodged)) == sizeof(*lodged);
    close(pipe_ends[0]);
    int status;
    waitpid(child, &status, 0);
    return (got && status == 0) || error_set(err, ERROR_UNAVAILABLE, "lodging failed; see above");
}

static void where_time_went(const struct lodged *lodged, char *note, size_t size)
{
    size_t len = 0;
    note[0] = '\0';
    for (int stage = 0; stage < STAGE_COUNT && len < size; stage++)
        len += (size_t)snprintf(note + len, size - len, "%s%s %.1f", len > 0 ? ", " : "us: ",
                                stage_names[stage],
                                (double)lodged->took[stage] / 1e3 / (double)(lodged->read + 1));
}

static bool lodge_season(struct bench *bench, bool as_xml, struct figure *figure,
                         struct lodged *lodged, struct error *err)
{
    char file[4096], store[4096];
    uint64_t count = as_xml ? bench->count / 4 + 1 : bench->count;
    snprintf(file, sizeof(file), "%s/season.%s", bench->folder, as_xml ? "xml" : "ndjson");
    snprintf(store, sizeof(store), "%s/store-%s", bench->folder, as_xml ? "xml" : "ndjson");
    if (!write_season(bench, file, count, as_xml, err)) return false;
    if (!lodge_in_child(bench, file, store, true, lodged, err)) return false;
    *figure = (struct figure){ (double)lodged->read / lodged->seconds, as_xml ? 4000 : 10000,
                               as_xml ? 8000 : 20000, "/s", "", false };
    where_time_went(lodged, figure->note, sizeof(figure->note));
    return true;
}

static bool bulk_json(struct bench *bench, struct figure *figure, struct error *err)
{
    struct lodged lodged = { 0 };
    return lodge_season(bench, false, figure, &lodged, err);
}

static bool bulk_xml(struct bench *bench, struct figure *figure, struct error *err)
{
    struct lodged lodged = { 0 };
    return lodge_season(bench, true, figure, &lodged, err);
}

// The rows below stand on the store that bulk_json left.
static bool memory(struct bench *bench, struct figure *figure, struct error *err)
{
    char file[4096], store[4096];
    struct lodged lodged = { 0 };
    snprintf(file, sizeof(file), "%s/season.ndjson", bench->folder);
    snprintf(store, sizeof(store), "%s/store-memory", bench->folder);
    if (access(file, R_OK) != 0 && !write_season(bench, file, bench->count, false, err))
        return false;
    if (!lodge_in_child(bench, file, store, false, &lodged, err)) return false;
    *figure = (struct figure){ (double)lodged.peak_kb / 1024, 300, 0, "MiB", "", true };
    snprintf(figure->note, sizeof(figure->note), "peak while %" PRIu64 " declarations are lodged",
             lodged.read);
    return true;
}

static bool open_store(struct bench *bench, struct desk *desk, struct command_line *line,
                       char store[4096], struct error *err)
{
    *line = *bench->line;
    snprintf(store, 4096, "%s/store-ndjson", bench->folder);
    line->store = store;
    if (access(store, R_OK) != 0)
        return error_set(err, ERROR_NOT_FOUND,
                         "measure 'bulk' first: this row stands on its store");
    return desk_open(desk, line, false, err);
}

static bool start(struct bench *bench, struct figure *figure, struct error *err)
{
    struct desk desk = { 0 };
    struct command_line line;
    char store[4096];
    uint64_t begin = steady_ns();
    if (!open_store(bench, &desk, &line, store, err)) return false;
    *figure = (struct figure){ seconds_since(begin), 2, 0.5, "s", "", true };
    snprintf(figure->note, sizeof(figure->note), "a store of %" PRIu64 " declarations",
             bench->count);
    return desk_close(&desk, EXIT_DONE) == EXIT_DONE ||
           error_set(err, ERROR_UNAVAILABLE, "could not close the store");
}

static bool rebuild(struct bench *bench, struct figure *figure, struct error *err)
{
    struct desk desk = { 0 };
    struct command_line line;
    char store[4096];
    uint64_t files = 0;
    if (!open_store(bench, &desk, &line, store, err)) return false;
    uint64_t begin = steady_ns();
    bool done = office_rebuild(desk.office, NULL, NULL, &files, err);
    double seconds = seconds_since(begin);
    *figure = (struct figure){ (double)files / seconds,
                               20000,
                               30000,
                               "/s",
                               "read, folded and projected again from the journal, one core",
                               false };
    return desk_close(&desk, EXIT_DONE) == EXIT_DONE && done;
}

// --- The table ---

static const struct bench_row {
    const char *name, *sentence;
    bool (*measure)(struct bench *bench, struct figure *figure, struct error *err);
} rows[] = {
    { "tokenizer", "JSON tokenizer", tokenizer },
    { "bulk", "NDJSON bytes to durable, sealed, explained decision", bulk_json },
    { "xml", "the same, WCO XML", bulk_xml },
    { "ledger", "ledger alone, durable", ledger_alone },
    { "proofs", "inclusion proofs verified", proofs },
    { "rebuild", "views rebuilt from the facts", rebuild },
    { "start", "start", start },
    { "memory", "memory while lodging", memory },
};

static bool remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) return unlink(path) == 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char inner[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR ? !remove_folder(inner) : unlink(inner) != 0) break;
    }
    closedir(folder);
    return rmdir(path) == 0;
}

static void print_machine(void)
{
    struct utsname system;
    char line[256] = "", model[128] = "unknown processor";
    FILE *info = fopen("/proc/cpuinfo", "r");
    while (info != NULL && fgets(line, sizeof(line), info) != NULL)
        if (sscanf(line, "model name : %127[^\n]", model) == 1) break;
    if (info != NULL) fclose(info);
    uname(&system);
    printf("machine: %s, %ld processors, %s %s\n\n", model, sysconf(_SC_NPROCESSORS_ONLN),
           system.sysname, system.release);
}

static void print_figure(const struct bench_row *row, const struct figure *figure)
{
    bool met = figure->less_is_better ? figure->value <= figure->wanted
                                      : figure->value >= figure->wanted;
    printf("%-52s %12.*f %-5s %s %-9.0f %s\n    %s\n", row->sentence, figure->value < 100 ? 2 : 0,
           figure->value, figure->unit, figure->less_is_better ? "at most " : "at least",
           figure->wanted, met ? "met" : "FALLS SHORT", figure->note);
}

static bool is_row(const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(name, rows[i].name) == 0) return true;
    fprintf(stderr, "tidewaiter: the table has no row '%s'; it has", name);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        fprintf(stderr, "%s %s", i > 0 ? "," : "", rows[i].name);
    fprintf(stderr, "\n");
    return false;
}

int bench_command(const struct command_line *line)
{
    struct error err;
    static struct bench bench;
    const char *only = option_value(line, "--only"), *given = option_value(line, "--dir");
    bench.line = line;
    if (!option_number(line, "--count", 200000, 100000000, &bench.count)) return EXIT_USAGE;
    if (only != NULL && !is_row(only)) return EXIT_USAGE;
    if (given != NULL) snprintf(bench.folder, sizeof(bench.folder), "%s", given);
    else snprintf(bench.folder, sizeof(bench.folder), "%s", "/var/tmp/tidewaiter-bench-XXXXXX");
    if (given != NULL ? !disk_real()->make_folder(NULL, bench.folder, &err)
                      : mkdtemp(bench.folder) == NULL)
        return EXIT_FAILED;
    if (!arena_open(&bench.arena, (size_t)64 * MIB, &err)) return command_failed("bench", &err);
    print_machine();
    int status = EXIT_DONE;
    char summary[2048];
    size_t len = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct figure figure = { 0 };
        if (only != NULL && strcmp(only, rows[i].name) != 0) continue;
        if (!rows[i].measure(&bench, &figure, &err)) {
            status = command_failed(rows[i].name, &err);
            continue;
        }
        print_figure(&rows[i], &figure);
        fflush(stdout);
        len += (size_t)snprintf(summary + len, sizeof(summary) - len, "%s\"%s\":%.3f",
                                len > 0 ? "," : "{", rows[i].name, figure.value);
    }
    if (line->json) printf("%s}\n", len > 0 ? summary : "{"); // no figure when all failed
    if (given == NULL) remove_folder(bench.folder);
    arena_close(&bench.arena);
    return status;
}
