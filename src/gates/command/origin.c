#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "gates/books/uk_origin.h"
#include "gates/command/desk.h"
#include "tariff/origin_read.h"
#include "tariff/origin_tell.h"
#include "tariff/origin_write.h"

static const size_t arena_size = (size_t)1024 * MIB;

// --- Rules ---

// "rule_sets/eu.json": "eu".
static struct span name_of(const char *path)
{
    struct span_pair folder = span_cut_last(span_of(path), '/');
    struct span file = folder.found ? folder.tail : span_of(path);
    struct span_pair dot = span_cut_last(file, '.');
    return dot.found ? dot.head : file;
}

static void report_book(const struct origin_book *book, uint32_t from,
                        struct origin_report *report)
{
    for (uint32_t i = from; i < book->count; i++) {
        report->schemes++;
        for (uint32_t k = 0; k < book->schemes[i].rules_count; k++)
            origin_report_rule(report, &book->schemes[i].rules[k]);
    }
}

static bool read_file(const char *path, struct arena *arena, struct origin_book *book,
                      struct origin_report *report, struct error *err)
{
    struct span text;
    enum uk_origin_file file;
    uint32_t before = book->count;
    if (!desk_read_text(path, ORIGIN_TEXT_MAX, arena, &text, err) ||
        !uk_origin_recognise(text, *arena, &file, err))
        return false;
    if (file == UK_ORIGIN_SCHEMES) return uk_origin_schemes(text, arena, book, report, err);
    if (file == UK_ORIGIN_RULES)
        return uk_origin_rules(text, name_of(path), arena, book, report, err);
    if (!origin_read(text, arena, book, err)) return false;
    report_book(book, before, report);
    return true;
}

static void tell_report(const char *path, const struct origin_report *report)
{
    printf("%s: took %u schemes, %u rules, %u alternatives (%u by figures, %u partly,"
      " %u by claims, "
           "%u manual); %u rows refused\n",
           path, report->schemes, report->rules, report->alternatives,
           report->grasp[ORIGIN_GRASP_FIGURES], report->grasp[ORIGIN_GRASP_PARTLY],
           report->grasp[ORIGIN_GRASP_CLAIMS], report->grasp[ORIGIN_GRASP_NONE], report->refused);
    for (uint32_t i = 0; i < report->refused && i < ORIGIN_REFUSALS_MAX; i++)
        printf("  %s:%u:%u: refused: %s\n", path, report->refusals[i].line,
               report->refusals[i].column, report->refusals[i].what);
}

static void add_report(struct origin_report *total, const struct origin_report *report)
{
    total->schemes += report->schemes;
    total->rules += report->rules;
    total->alternatives += report->alternatives;
    total->refused += report->refused;
    for (int i = 0; i < 4; i++) total->grasp[i] += report->grasp[i];
}

// Reads --rules and the arguments from `first` on. Says what each gave when `tells`, and what was
// refused in any case.
static int read_files(const struct command_line *line, int first, bool tells, struct arena *arena,
                      struct origin_book *book, struct origin_report *total)
{
    static struct origin_report report; // 14 KB
    const char *path = option_value(line, "--rules");
    for (int i = path == NULL ? first : first - 1; i < line->arguments_count; i++) {
        struct error err;
        if (i >= first) path = line->arguments[i];
        report = (struct origin_report){ 0 };
        if (!read_file(path, arena, book, &report, &err)) return command_failed(path, &err);
        if (tells && !line->json) tell_report(path, &report);
        else if (report.refused > 0)
            fprintf(stderr, "tidewaiter: %s: %u rows refused; 'origin rules' says which\n", path,
                    report.refused);
        add_report(total, &report);
    }
    return EXIT_DONE;
}

static void list_manual(const struct origin_book *book)
{
    for (uint32_t i = 0; i < book->count; i++)
        for (uint32_t k = 0; k < book->schemes[i].rules_count; k++) {
            const struct origin_rule *rule = &book->schemes[i].rules[k];
            for (uint32_t n = 0; n < rule->count; n++) {
                const struct origin_alternative *row = &rule->alternatives[n];
                if (origin_grasp_of(row) != ORIGIN_GRASP_NONE) continue;
                printf(SPAN_FMT ":%u:%u: " SPAN_FMT ": manual: " SPAN_FMT "\n",
                       SPAN_ARG(book->schemes[i].code), row->line, row->column,
                       SPAN_ARG(rule->heading), SPAN_ARG(row->words));
            }
        }
}

static bool write_file(const char *path, struct span text, struct error *err)
{
    FILE *file = fopen(path, "wb");
    bool written = file != NULL && fwrite(text.at, 1, text.len, file) == text.len;
    bool closed = file == NULL || fclose(file) == 0;
    if (file != NULL && written && closed) return true;
    error_set(err, ERROR_UNAVAILABLE, "could not write '%s': %s", path, strerror(errno));
    return error_hint(err, "Look at the path, and at the room on the disk.");
}

static int show_rules(const struct command_line *line, struct arena *arena,
                      struct origin_book *book)
{
    struct error err;
    struct span text;
    static struct origin_report total;
    int status = read_files(line, 1, true, arena, book, &total);
    if (status != EXIT_DONE) return status;
    const char *output = option_value(line, "--output");
    if (option_value(line, "--manual") != NULL) list_manual(book);
    if (output != NULL &&
        (!origin_write(book, arena, &text, &err) || !write_file(output, text, &err)))
        return command_failed(output, &err);
    if (line->json)
        printf("{\"schemes\":%u,\"rules\":%u,\"alternatives\":%u,\"by_figures\":%u,\"partly\":%u,"
               "\"by_claims\":%u,\"manual\":%u,\"refused\":%u}\n",
               total.schemes, total.rules, total.alternatives, total.grasp[ORIGIN_GRASP_FIGURES],
               total.grasp[ORIGIN_GRASP_PARTLY], total.grasp[ORIGIN_GRASP_CLAIMS],
               total.grasp[ORIGIN_GRASP_NONE], total.refused);
    return total.refused > 0 ? EXIT_SOME_REFUSED : EXIT_DONE;
}

// --- The worksheet ---

static bool tell(const struct command_line *line, const struct origin_result *result,
                 struct arena *arena, struct error *err)
{
    struct span out;
    if (line->json) {
        struct json_writer w = json_writer_in(arena, 4096);
        origin_tell_json(&w, result);
        if (!json_written(&w, &out, err)) return false;
        printf(SPAN_FMT "\n", SPAN_ARG(out));
        return true;
    }
    struct text text = text_in(arena, 4096);
    origin_tell(&text, result);
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the worksheet's findings do not fit");
    out = text_span(&text);
    fwrite(out.at, 1, out.len, stdout);
    return true;
}

static int show_worksheet(const struct command_line *line, struct arena *arena,
                          struct origin_book *book)
{
    struct error err;
    struct span text;
    struct origin_sheet sheet;
    struct origin_result result;
    static struct origin_report total;
    if (line->arguments_count < 2) {
        fprintf(stderr, "tidewaiter origin: which worksheet?\n"
                        "  tidewaiter origin worksheet FILE.json --rules FILE...\n");
        return EXIT_USAGE;
    }
    int status = read_files(line, 2, false, arena, book, &total);
    if (status != EXIT_DONE) return status;
    if (!desk_read_text(line->arguments[1], ORIGIN_SHEET_TEXT_MAX, arena, &text, &err) ||
        !origin_sheet_read(text, arena, &sheet, &err) ||
        !origin_weigh(book, &sheet, arena, &result, &err) || !tell(line, &result, arena, &err))
        return command_failed(line->arguments[1], &err);
    return result.qualifies == ORIGIN_MET ? EXIT_DONE : EXIT_SOME_REFUSED;
}

int origin_command(const struct command_line *line)
{
    struct error err;
    struct arena arena;
    struct origin_book book;
    bool rules = strcmp(line->arguments[0], "rules") == 0;
    if (!rules && strcmp(line->arguments[0], "worksheet") != 0) {
        fprintf(stderr, "tidewaiter origin: 'worksheet' or 'rules', not '%s'\n",
                line->arguments[0]);
        return EXIT_USAGE;
    }
    if (!arena_open(&arena, arena_size, &err)) return command_failed("origin", &err);
    int status = origin_book_open(&book, &arena, &err) ? EXIT_DONE : command_failed("origin", &err);
    if (status == EXIT_DONE)
        status = rules ? show_rules(line, &arena, &book) : show_worksheet(line, &arena, &book);
    arena_close(&arena);
    return status;
}
