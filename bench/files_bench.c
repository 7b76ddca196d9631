// files_bench: how quickly files of declarations are cut and read, by format, on one core.
//
// The declarations are those of the simulated port (port/port.h): the same in every format but CSV,
// which has a row an item and a dozen and a half columns of it. Files lie in a temporary folder and
// are read as `declare` reads them. Times are those of one core, without waiting. Prints a table;
// with --json one line of JSON.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "gates/files/input.h"
#include "gates/files/xml_write.h"
#include "port/port.h"

enum {
    DECLARATIONS = 10000,
    ROUNDS = 7,
    MESSAGES = 512,
    MAKING = 4 * MIB,
    READING = 64 * MIB,
    BATCH = 2 * DECLARATION_TEXT_MAX,
    WRITER = 8 * KIB,
};

static const char mapping[] = "ucr = {ucr}\n"
                              "group = {ucr}\n"
                              "typeCode = {type}\n"
                              "functionCode = 9\n"
                              "functionalReferenceId = {lrn}\n"
                              "officeId = {office}\n"
                              "issuedAt = {issued}\n"
                              "declarant.id = {declarant}\n"
                              "importer.id = {importer}\n"
                              "borderMeans.modeCode = {mode}\n"
                              "exportCountry = {from}\n"
                              "items.sequence = {item}\n"
                              "items.description = {description}\n"
                              "items.classifications[0].id = {code|pad 6}\n"
                              "items.origins[0].countryCode = {origin}\n"
                              "items.procedures[0].currentCode = {procedure}\n"
                              "items.grossMass = {gross|plain}\n"
                              "items.netMass = {net|plain}\n"
                              "items.price.value = {price|round 2}\n"
                              "items.price.currency = {currency}\n";

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "files_bench: %s %s\n", err->field, err->text);
    exit(1);
}

// Time of this thread on its core: what else the machine does is left out.
static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// --- Making the files ---

static void put_text(FILE *file, struct span s)
{
    if (fwrite(s.at, 1, s.len, file) != s.len) abort();
}

static void put_column(FILE *file, struct span s, char end)
{
    fputc('"', file);
    put_text(file, s);
    fputc('"', file);
    fputc(end, file);
}

static void put_decimal(FILE *file, struct decimal value, struct arena *arena)
{
    struct text text = text_in(arena, 32);
    decimal_write(&text, value);
    put_text(file, text_span(&text));
    fputc(',', file);
}

static void put_rows(FILE *file, const struct declaration *d, struct arena *arena)
{
    struct text issued = text_in(arena, 32);
    moment_write(&issued, d->issued_at.at_ms);
    for (uint32_t i = 0; i < d->items.count; i++) {
        const struct item *item = &d->items.at[i];
        const struct span columns[] = { d->ucr, d->type_code, d->functional_reference_id,
                                        d->office_id, text_span(&issued), d->declarant.id,
                                        d->importer.id, d->border_means.mode_code,
                                        d->export_country };
        for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++)
            put_column(file, columns[c], ',');
        fprintf(file, "%u,", item->sequence.value);
        put_column(file, item->description, ',');
        put_column(file, item->classifications.at[0].id, ',');
        put_column(file, item->origins.at[0].country_code, ',');
        put_column(file, item->procedures.at[0].current_code, ',');
        put_decimal(file, item->gross_mass, arena);
        put_decimal(file, item->net_mass, arena);
        put_decimal(file, item->price.value, arena);
        put_column(file, item->price.currency, '\n');
    }
}

struct making {
    struct arena arena;
    struct xml_map *map;
    uint64_t items;
};

static void put_declaration(struct making *making, FILE *file, enum input_format format,
                            const struct declaration *d, bool first)
{
    struct error err;
    struct span text;
    if (format == INPUT_CSV) {
        put_rows(file, d, &making->arena);
        return;
    }
    if (format == INPUT_XML) {
        need(xml_write_declaration(making->map, d, &making->arena, &text, &err), &err);
    } else {
        struct json_writer w = json_writer_in(&making->arena, WRITER);
        declaration_write_json(&w, d);
        need(json_written(&w, &text, &err), &err);
    }
    if (format == INPUT_JSON) fputs(first ? "[" : ",\n", file);
    put_text(file, text);
    if (format != INPUT_JSON) fputc('\n', file);
}

static void make_file(struct making *making, const char *path, enum input_format format)
{
    struct port port = { .seed = 1, .per_day = 1000 };
    struct error err = { 0 };
    FILE *file = fopen(path, "w");
    need(file != NULL && date_read(SPAN("2026-01-01"), &port.first_day, &err), &err);
    if (format == INPUT_CSV)
        fputs("ucr,type,lrn,office,issued,declarant,importer,mode,from,item,description,code,"
              "origin,procedure,gross,net,price,currency\n", file);
    making->items = 0;
    for (uint64_t n = 0; n < DECLARATIONS; n++) {
        struct declaration declaration;
        arena_reset(&making->arena, 0);
        need(port_declaration(&port, n, &making->arena, &declaration, &err), &err);
        put_declaration(making, file, format, &declaration, n == 0);
        making->items += declaration.items.count;
    }
    if (format == INPUT_JSON) fputs("]\n", file);
    if (fclose(file) != 0) abort();
}

// --- Reading them ---

struct figure { uint64_t count, bytes, cut_ns, read_ns; };

static void read_messages(const struct input *input, const struct input_message *messages,
                          uint32_t count, struct arena arena)
{
    const void *how;
    message_reader read = input_reader(input, &how);
    for (uint32_t i = 0; i < count; i++) {
        struct arena scratch = arena;
        struct declaration declaration;
        struct dropped dropped;
        struct error err = messages[i].err;
        need(err.kind == ERROR_NONE, &err);
        need(read(how, messages[i].text, &scratch, &declaration, &dropped, &err), &err);
    }
}

static struct figure read_file(const char *path, struct arena *arena)
{
    static struct input_message messages[MESSAGES];
    struct input_options options = { { mapping, sizeof(mapping) - 1 }, "columns", NULL };
    struct figure figure = { 0 };
    struct input *input;
    struct error err;
    uint64_t begin = now_ns();
    need(input_open(&input, path, &options, &err), &err);
    for (uint32_t count = 1; count > 0;) {
        arena_reset(arena, 0);
        need(input_next(input, arena, BATCH, messages, MESSAGES, &count, &err), &err);
        uint64_t cut = now_ns();
        figure.cut_ns += cut - begin;
        read_messages(input, messages, count, *arena);
        begin = now_ns();
        figure.read_ns += begin - cut;
        figure.count += count;
    }
    figure.bytes = input_size(input);
    input_close(input);
    return figure;
}

// The quickest of some rounds: what the machine does when nobody else asks it.
static struct figure best_of(const char *path, struct arena *arena)
{
    struct figure best = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        struct figure figure = read_file(path, arena);
        uint64_t took = figure.cut_ns + figure.read_ns;
        if (round == 0 || took < best.cut_ns + best.read_ns) best = figure;
    }
    return best;
}

static void print_figure(bool json, bool first, const char *name, const struct figure *f)
{
    double seconds = (double)(f->cut_ns + f->read_ns) / 1e9, count = (double)f->count;
    double rate = count / seconds, megabytes = (double)f->bytes / 1e6 / seconds;
    double cut = (double)f->cut_ns / 1e3 / count, read = (double)f->read_ns / 1e3 / count;
    if (json)
        printf("%s\"%s\":{\"per_second\":%.0f,\"mb_per_second\":%.1f,\"cut_us\":%.2f,"
               "\"read_us\":%.2f}", first ? "{" : ",", name, rate, megabytes, cut, read);
    else
        printf("%-8s %10.0f %8.0f %10.2f %10.2f %10.0f\n", name, rate, megabytes, cut, read,
               (double)f->bytes / count);
}

int main(int argc, char **argv)
{
    static const enum input_format formats[] = { INPUT_NDJSON, INPUT_JSON, INPUT_CSV, INPUT_XML };
    bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
    char folder[] = "/tmp/files_bench_XXXXXX", path[64];
    struct making making = { 0 };
    struct arena arena;
    struct error err = { 0 };
    need(mkdtemp(folder) != NULL, &err);
    need(arena_open(&making.arena, MAKING, &err) && arena_open(&arena, READING, &err) &&
             xml_map_open(&making.map, NULL, &err), &err);
    if (!json)
        printf("%-8s %10s %8s %10s %10s %10s\n", "format", "a second", "MB/s", "cut us", "read us",
               "bytes each");
    snprintf(path, sizeof(path), "%s/file", folder);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        make_file(&making, path, formats[i]);
        struct figure figure = best_of(path, &arena);
        print_figure(json, i == 0, input_format_name(formats[i]), &figure);
    }
    printf(json ? ",\"items_each\":%.2f}\n" : "%.2f items a declaration\n",
           (double)making.items / DECLARATIONS);
    unlink(path);
    rmdir(folder);
    xml_map_close(making.map);
    arena_close(&making.arena);
    arena_close(&arena);
    return 0;
}
