#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "consignment/body.h"
#include "gates/books/books.h"
#include "gates/command/books.h"
#include "gates/command/desk.h"

enum { SHOWN_MAX = 20 };         // troubles and flaws that are printed

const char *books_folder(const struct command_line *line, char room[LIBRARY_PATH_MAX])
{
    const char *into = option_value(line, "--into");
    snprintf(room, LIBRARY_PATH_MAX, "%s%s", into == NULL ? line->store : into,
             into == NULL ? "/tariff" : "");
    return room;
}

// One import: files in, a book out, or nothing.
struct import {
    const struct command_line *line;
    struct arena arena, scratch;
    struct book_writer *writer;
    struct books_report reports[16];
    const char *names[16];
    struct span texts[16];
    const struct books_format *formats[16];
    uint32_t count;
    struct span bytes;           // of the book
    struct span country, currency;
    struct date as_of;
};

// --- Reading -------------------------------------------------------------------------------------

static bool read_options(struct import *import, struct error *err)
{
    const char *as_of = option_value(import->line, "--as-of");
    const char *country = option_value(import->line, "--country");
    const char *currency = option_value(import->line, "--currency");
    bool dry = option_value(import->line, "--dry-run") != NULL;
    if (country != NULL) import->country = span_of(country);
    if (currency != NULL) import->currency = span_of(currency);
    import->as_of = moment_date((int64_t)time(NULL) * 1000);
    if (as_of != NULL) return date_read(span_of(as_of), &import->as_of, err);
    if (dry) return true;
    error_set(err, ERROR_SYNTAX, "--as-of is not given");
    return error_hint(err, "Say of which day the files speak: --as-of 2026-01-01");
}

// The texts of all files, and the format of each.
static bool read_files(struct import *import, struct error *err)
{
    for (int i = 0; i < import->line->arguments_count - 1; i++) {
        const char *path = import->line->arguments[i + 1];
        import->names[i] = path;
        if (!desk_read_text(path, BOOK_TEXT_MAX, &import->arena, &import->texts[i], err))
            return false;
        import->formats[i] = books_format_of(import->texts[i]);
        if (import->formats[i] != NULL) continue;
        error_set(err, ERROR_SYNTAX, "'%s' begins as none of the files that can be read", path);
        return error_hint(err, "'tidewaiter books formats' lists what can be read.");
    }
    import->count = (uint32_t)import->line->arguments_count - 1;
    return true;
}

// What nobody said is the files' own; a dry run that only counts needs none.
static bool find_country(struct import *import, struct error *err)
{
    bool dry = option_value(import->line, "--dry-run") != NULL;
    for (uint32_t i = 0; i < import->count; i++) {
        const struct books_format *format = import->formats[i];
        if (import->country.len == 0 && format->country != NULL)
            import->country = span_of(format->country);
        if (import->currency.len == 0 && format->currency != NULL)
            import->currency = span_of(format->currency);
    }
    if (dry && import->currency.len == 0) import->currency = SPAN("EUR");
    if (dry || (import->country.len > 0 && import->currency.len > 0)) return true;
    bool country = import->country.len == 0;
    error_set(err, ERROR_SYNTAX, "%s is not given", country ? "--country" : "--currency");
    return error_hint(err, country ? "Say whose tariff it is: --country US"
                                   : "Say in which currency duties are owed: --currency EUR");
}

static bool open_writer(struct import *import, struct error *err)
{
    struct span nowhere = SPAN("XX"); // of a dry run: nothing is written
    struct book_settings settings = {
        .country = import->country.len > 0 ? import->country : nowhere,
        .currency = import->currency, .as_of = import->as_of,
        .leave_out = option_value(import->line, "--leave-out") != NULL,
    };
    uint32_t languages = 0;
    struct text source = text_in(&import->arena, 128);
    for (uint32_t i = 0; i < import->count; i++) {
        const struct books_format *format = import->formats[i];
        if (format->language != NULL && languages == 0)
            settings.languages[languages++] = format->language;
        text_add(&source, i > 0 ? SPAN(", ") : SPAN(""));
        text_add(&source, span_of(format->sentence));
    }
    settings.source = text_span(&source);
    return book_writer_open(&import->writer, &settings, err);
}

static bool read_all(struct import *import, struct error *err)
{
    if (!read_options(import, err) || !read_files(import, err) || !find_country(import, err) ||
        !open_writer(import, err))
        return false;
    for (uint32_t i = 0; i < import->count; i++) {
        struct books_reading reading = {
            .format = import->formats[i], .text = import->texts[i], .writer = import->writer,
            .report = &import->reports[i], .country = import->country,
            .currency = import->currency, .arena = &import->scratch,
        };
        arena_reset(&import->scratch, 0);
        book_writer_dialect(import->writer, &import->formats[i]->dialect);
        if (!books_report_open(&import->reports[i], err) || !books_read_text(&reading, err))
            return false;
    }
    return true;
}

// --- Telling -------------------------------------------------------------------------------------

static void print_report(const struct import *import, uint32_t which)
{
    const struct books_report *report = &import->reports[which];
    printf("%s: %s\n", import->names[which], report->format);
    printf("  %-28s %9llu rows, %llu taken, %llu not\n", "",
           (unsigned long long)report->rows, (unsigned long long)report->taken,
           (unsigned long long)report->flaws_count);
    if (report->columns_count > 0)
        printf("  %-28s %9s %9s %9s %9s %10s\n", "column", "lines", "parsed", "evaluable", "manual",
               "unreadable");
    for (uint32_t i = 0; i < report->columns_count; i++) {
        const struct books_column *c = &report->columns[i];
        printf("  %-28s %9u %9u %9u %9u %10u\n", c->name, c->cells, c->evaluable + c->manual,
               c->evaluable, c->manual, c->unreadable);
        for (int o = 0; o <= OBSTACLE_WORDS; o++)
            if (c->obstacles[o] > 0)
                printf("    %9u manual: %s\n", c->obstacles[o],
                       expression_obstacle_words((enum expression_obstacle)o));
    }
    for (uint64_t i = 0; i < report->flaws_count && i < SHOWN_MAX; i++)
        printf("  line %u%s%s: " SPAN_FMT "\n", report->flaws[i].line,
               report->flaws[i].column == NULL ? "" : ", ",
               report->flaws[i].column == NULL ? "" : report->flaws[i].column,
               SPAN_ARG(report->flaws[i].text));
    if (report->flaws_count > SHOWN_MAX)
        printf("  and %llu more; --json lists them\n",
               (unsigned long long)(report->flaws_count - SHOWN_MAX));
}

static void print_troubles(const struct book_troubles *troubles)
{
    for (uint32_t i = 0; i < troubles->kept && i < SHOWN_MAX; i++)
        printf("line %u: " SPAN_FMT "\n", troubles->at[i].line, SPAN_ARG(troubles->at[i].text));
    if (troubles->count > SHOWN_MAX)
        printf("and %llu more; --json lists them\n",
               (unsigned long long)(troubles->count - SHOWN_MAX));
}

static void write_column(struct json_writer *w, const struct books_column *c)
{
    json_open_object(w);
    body_put_whole(w, "evaluable", c->evaluable);
    body_put_whole(w, "lines", c->cells);
    body_put_whole(w, "manual", c->manual);
    body_put_text(w, "name", span_of(c->name));
    json_key(w, SPAN("obstacles"));
    json_open_object(w);
    for (int o = 0; o <= OBSTACLE_WORDS; o++)
        if (c->obstacles[o] > 0)
            body_put_whole(w, expression_obstacle_name((enum expression_obstacle)o),
                           c->obstacles[o]);
    json_close_object(w);
    body_put_whole(w, "parsed", (uint64_t)c->evaluable + c->manual);
    body_put_whole(w, "unreadable", c->unreadable);
    json_close_object(w);
}

static void write_report(struct json_writer *w, const struct import *import, uint32_t which)
{
    const struct books_report *report = &import->reports[which];
    json_open_object(w);
    json_key(w, SPAN("columns"));
    json_open_array(w);
    for (uint32_t i = 0; i < report->columns_count; i++) write_column(w, &report->columns[i]);
    json_close_array(w);
    body_put_text(w, "file", span_of(import->names[which]));
    json_key(w, SPAN("flaws"));
    json_open_array(w);
    for (uint64_t i = 0; i < report->flaws_count && i < BOOKS_FLAWS_KEPT; i++) {
        json_open_object(w);
        if (report->flaws[i].column != NULL)
            body_put_text(w, "column", span_of(report->flaws[i].column));
        body_put_whole(w, "line", report->flaws[i].line);
        body_put_text(w, "text", report->flaws[i].text);
        json_close_object(w);
    }
    json_close_array(w);
    body_put_text(w, "format", span_of(report->format));
    body_put_whole(w, "rows", report->rows);
    body_put_whole(w, "taken", report->taken);
    body_put_whole(w, "unreadable", report->flaws_count);
    json_close_object(w);
}

static void write_troubles(struct json_writer *w, const struct book_troubles *troubles)
{
    json_key(w, SPAN("troubles"));
    json_open_array(w);
    for (uint32_t i = 0; i < troubles->kept; i++) {
        json_open_object(w);
        body_put_whole(w, "line", troubles->at[i].line);
        body_put_text(w, "text", troubles->at[i].text);
        json_close_object(w);
    }
    json_close_array(w);
    body_put_whole(w, "troublesCount", troubles->count);
}

static void print_json(struct import *import, const char *path, const struct version *version)
{
    struct json_writer w = json_writer_in(&import->arena, (size_t)64 * KIB);
    struct span json;
    struct error err;
    json_open_object(&w);
    if (path != NULL) body_put_text(&w, "book", span_of(path));
    json_key(&w, SPAN("files"));
    json_open_array(&w);
    for (uint32_t i = 0; i < import->count; i++) write_report(&w, import, i);
    json_close_array(&w);
    body_put_whole(&w, "lines", book_lines_added(import->writer));
    body_put_whole(&w, "measures", book_measures_added(import->writer));
    write_troubles(&w, book_troubles_of(import->writer));
    if (version != NULL) body_put_text(&w, "version", version_span(version));
    json_close_object(&w);
    if (json_written(&w, &json, &err)) printf(SPAN_FMT "\n", SPAN_ARG(json));
}

// --- Importing -----------------------------------------------------------------------------------

static uint64_t flaws_of(const struct import *import)
{
    uint64_t flaws = 0;
    for (uint32_t i = 0; i < import->count; i++) flaws += import->reports[i].flaws_count;
    return flaws;
}

static int tell(struct import *import, bool sound, const char *path, const struct version *version)
{
    const struct book_troubles *troubles = book_troubles_of(import->writer);
    if (import->line->json) {
        print_json(import, path, version);
    } else {
        for (uint32_t i = 0; i < import->count; i++) print_report(import, i);
        print_troubles(troubles);
        if (path != NULL)
            printf("book " SPAN_FMT " of %u lines and %u measures: %s\n",
                   SPAN_ARG(version_span(version)), book_lines_added(import->writer),
                   book_measures_added(import->writer), path);
        else
            printf("%llu troubles, %llu unreadable: no book was written\n",
                   (unsigned long long)troubles->count, (unsigned long long)flaws_of(import));
    }
    return sound ? EXIT_DONE : EXIT_SOME_REFUSED;
}

static int finish(struct import *import)
{
    struct error err;
    struct book book;
    char path[LIBRARY_PATH_MAX], folder[LIBRARY_PATH_MAX];
    bool sound = book_finish(import->writer, &import->bytes, &err);
    if (flaws_of(import) > 0 && option_value(import->line, "--leave-out") == NULL) sound = false;
    if (!sound || option_value(import->line, "--dry-run") != NULL)
        return tell(import, sound, NULL, NULL);
    if (!book_open(&book, import->bytes, &err) ||
        !library_keep(books_folder(import->line, folder), &book, import->bytes, path, &err))
        return command_failed("the book", &err);
    return tell(import, true, path, &book.version);
}

static int import_books(const struct command_line *line)
{
    struct error err;
    struct import *import = calloc(1, sizeof(*import));
    if (import == NULL) return EXIT_FAILED;
    import->line = line;
    int status;
    if (line->arguments_count < 2 || line->arguments_count > 17) {
        error_set(&err, ERROR_SYNTAX, "1 to 16 files make a book");
        status = command_failed("books", &err);
    } else if (!arena_open(&import->arena, (size_t)512 * MIB, &err) ||
               !arena_open(&import->scratch, (size_t)512 * MIB, &err) || !read_all(import, &err)) {
        status = command_failed("books", &err);
    } else {
        status = finish(import);
    }
    for (uint32_t i = 0; i < 16; i++) books_report_close(&import->reports[i]);
    book_writer_close(import->writer);
    arena_close(&import->arena);
    arena_close(&import->scratch);
    free(import);
    return status;
}

static int list_formats(void)
{
    for (uint32_t i = 0; i < books_formats_count; i++)
        printf("%-12s %s\n", books_formats[i].name, books_formats[i].sentence);
    return EXIT_DONE;
}

// --- What is there -------------------------------------------------------------------------------

static void list_one(void *context, const char *path)
{
    const struct command_line *line = context;
    struct opened_book opened;
    struct error err;
    _Alignas(16) char room[64];
    struct arena arena = arena_over(room, sizeof(room));
    struct text day = text_in(&arena, 16);
    if (!library_open_file(path, &opened, &err)) {
        command_failed(path, &err);
        return;
    }
    const struct book *book = &opened.book;
    if (!book_is_whole((struct span){ opened.map, opened.size })) {
        error_set(&err, ERROR_DAMAGED, "its sum is not that of its bytes");
        command_failed(path, &err);
    }
    date_write(&day, (struct date){ book->head->as_of, true });
    printf(line->json ? "{\"asOf\":\"" SPAN_FMT "\",\"country\":\"%s\",\"currency\":\"%s\","
                        "\"lines\":%u,\"measures\":%u,\"version\":\"" SPAN_FMT "\"}\n"
                      : SPAN_FMT "  %s  %s  %7u lines  %7u measures  " SPAN_FMT "\n",
           SPAN_ARG(text_span(&day)), book->head->country, book->head->currency,
           book->lines_count, book->measures_count, SPAN_ARG(version_span(&book->version)));
    library_close(&opened);
}

static int list_books(const struct command_line *line)
{
    struct error err;
    char folder[LIBRARY_PATH_MAX];
    if (library_visit(books_folder(line, folder), list_one, (void *)line, &err)) return EXIT_DONE;
    return command_failed("books", &err);
}

int books_command(const struct command_line *line)
{
    struct error err;
    struct span what = span_of(line->arguments[0]);
    if (span_equal(what, SPAN("import"))) return import_books(line);
    if (span_equal(what, SPAN("formats"))) return list_formats();
    if (span_equal(what, SPAN("list"))) return list_books(line);
    if (span_equal(what, SPAN("diff"))) return books_diff(line);
    error_set(&err, ERROR_SYNTAX, "'%s' is none of import, list, diff, formats",
              line->arguments[0]);
    return command_failed("books", &err);
}
