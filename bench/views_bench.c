// views_bench: how many rows a second the views take, new and changed, and how long opening takes.
//
//     views_bench [ROWS [FOLDER]]     1,000,000 rows in a new folder in /tmp, removed at the end
//
// Names and references are random, so that keys come in no order; the texts are as long as those of
// real declarations. Each figure says rows per second on the clock and the processor's time a row,
// that of all threads together.
#include "base/limits.h"
#include "store/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    BATCH = 256,
    STEP = 1000000,
    STEP_CHANGES = 100000,
    FINDS = 100000,
    WAIT_IN = 32,        // one in so many waits for an officer
};

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "views_bench: %s\n", err->text);
    exit(1);
}

static double clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double processor_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// The n-th number of a sequence without order (Steele's splitmix64).
static uint64_t stirred(uint64_t n)
{
    n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    n = (n ^ (n >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    n = (n ^ (n >> 27)) * UINT64_C(0x94d049bb133111eb);
    return n ^ (n >> 31);
}

// --- rows ---

struct row_texts { char file[40], reference[40], declarant[24], importer[24], commodity[16]; };

static void make_row(uint64_t n, uint32_t version, uint64_t position, struct row_texts *texts,
                     struct view_row *row)
{
    static const char *const origins[] = { "CN", "BD", "DE", "BR", "VN", "TR", "US", "IN" };
    uint64_t chance = stirred(n);
    int file = snprintf(texts->file, sizeof(texts->file), "26NL%016llX%05u",
                        (unsigned long long)chance, (unsigned)(n % 100000));
    int reference = snprintf(texts->reference, sizeof(texts->reference), "TIDE-2026-%08llu",
                             (unsigned long long)n);
    snprintf(texts->declarant, sizeof(texts->declarant), "NL%09u", (unsigned)(chance % 5000));
    snprintf(texts->importer, sizeof(texts->importer), "NL%09u", (unsigned)(chance % 1000003));
    snprintf(texts->commodity, sizeof(texts->commodity), "%010u", (unsigned)(chance % 99999999));
    *row = (struct view_row){
        .file = { texts->file, (size_t)file }, .position = position, .facts_count = 5 + version,
        .lodged_ms = 1779840000000 + (int64_t)n * 3, .changed_ms = 1779840000000 + (int64_t)n * 3,
        .state = (uint8_t)(chance % WAIT_IN == 0 ? 5 : 7), .decision = (uint8_t)(chance % 3),
        .waits = chance % WAIT_IN == 0 && version == 0, .version = 1, .items_count = 1,
        .score = (uint32_t)(chance % 1000), .reference_key = stirred(~n),
        .functional_reference = { texts->reference, (size_t)reference },
        .office = SPAN("NL000396"), .type_code = SPAN("IMA"),
        .declarant = span_of(texts->declarant), .importer = span_of(texts->importer),
        .exporter = SPAN("Shenzhen Long March Electronics Co Ltd"),
        .commodity = span_of(texts->commodity), .origin = span_of(origins[chance % 8]),
        .customs_value = { (int64_t)(chance % 1000000), "EUR" },
        .duty_total = { (int64_t)(chance % 70000), "EUR" },
        .worth = { (int64_t)(chance % 20000), "EUR" },
    };
    memcpy(row->digest, &chance, sizeof(chance));
}

// Tells `count` rows in batches; of `modulus` at most when they are of files told before.
static void tell(struct views *views, uint64_t first, uint64_t count, uint64_t modulus,
                 uint64_t *position)
{
    static struct row_texts texts[BATCH];
    static struct view_row rows[BATCH];
    struct error err;
    for (uint64_t done = 0; done < count;) {
        uint32_t batch = 0;
        for (; batch < BATCH && done < count; batch++, done++) {
            uint64_t n = modulus > 0 ? stirred(done) % modulus : first + done;
            make_row(n, modulus > 0, *position += 900, &texts[batch], &rows[batch]);
        }
        need(views_tell(views, rows, batch, *position, &err), &err);
    }
    need(views_flush(views, &err), &err);
}

static void find(struct views *views, uint64_t rows_count, struct arena *arena)
{
    struct error err;
    for (uint64_t i = 0; i < FINDS; i++) {
        struct row_texts texts = { 0 };
        struct view_row row;
        bool found;
        arena_reset(arena, 0);
        make_row(stirred(i) % rows_count, 0, 0, &texts, &row);
        need(views_find(views, row.file, arena, &row, &found, &err) && found, &err);
    }
}

// --- the table ---

struct measure { double clock, processor; };

static struct measure begin_measure(void)
{
    return (struct measure){ clock_seconds(), processor_seconds() };
}

static void end_measure(struct measure since, const char *what, uint64_t at, uint64_t count)
{
    double clock = clock_seconds() - since.clock;
    double processor = processor_seconds() - since.processor;
    printf("%-28s %12llu %12.0f %10.1f\n", what, (unsigned long long)at, (double)count / clock,
           processor * 1e6 / (double)count);
    fflush(stdout);
}

static void measure_opening(const char *path, const char *after)
{
    struct error err;
    struct views *views;
    struct measure since = begin_measure();
    need(views_open(&views, path, &err), &err);
    printf("opened after %s in %.3f s, of which %.3f s of the processor\n", after,
           clock_seconds() - since.clock, processor_seconds() - since.processor);
    views_close(views);
}

static void measure_all(const char *path, uint64_t rows_max)
{
    struct error err;
    struct views *views;
    struct arena arena;
    uint64_t position = 0;
    need(views_open(&views, path, &err) && arena_open(&arena, MIB, &err), &err);
    printf("%-28s %12s %12s %10s\n", "", "rows", "rows/s", "us a row");
    struct measure all = begin_measure();
    for (uint64_t rows = 0; rows < rows_max;) {
        uint64_t count = rows_max - rows < STEP ? rows_max - rows : STEP;
        struct measure step = begin_measure();
        tell(views, rows, count, 0, &position);
        rows += count;
        end_measure(step, "new", rows, count);
    }
    end_measure(all, "new, all", rows_max, rows_max);
    struct measure changes = begin_measure();
    tell(views, 0, STEP_CHANGES, rows_max, &position);
    end_measure(changes, "changed, of random files", rows_max, STEP_CHANGES);
    struct measure finds = begin_measure();
    find(views, rows_max, &arena);
    end_measure(finds, "found, random files", rows_max, FINDS);
    tell(views, rows_max, STEP_CHANGES, 0, &position);
}

int main(int argc, char **argv)
{
    char folder[512], path[600];
    uint64_t rows = 1000000;
    if (argc > 1 && (!span_to_u64(span_of(argv[1]), &rows) || rows == 0)) {
        fprintf(stderr, "usage: views_bench [ROWS [FOLDER]]\n");
        return 2;
    }
    snprintf(folder, sizeof(folder), "%s/views_bench_XXXXXX", argc > 2 ? argv[2] : "/tmp");
    if (mkdtemp(folder) == NULL) {
        perror(folder);
        return 1;
    }
    snprintf(path, sizeof(path), "%s/views.sqlite", folder);
    // Told by a process that ends without closing anything, as after a kill.
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        measure_all(path, rows);
        _exit(0);
    }
    int status = 1;
    bool told = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    if (told) measure_opening(path, "a kill");
    if (told) measure_opening(path, "a clean end");

    struct stat stat_of;
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    if (stat(path, &stat_of) == 0)
        printf("%.0f bytes a row in the file; %ld MiB of memory at most\n",
               (double)stat_of.st_size / (double)rows, usage.ru_maxrss / 1024);
    unlink(path);
    rmdir(folder);
    return told ? 0 : 1;
}
