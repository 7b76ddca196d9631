#include "gates/command/duty.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "gates/command/desk.h"
#include "gates/command/scenario.h"
#include "office/verify.h"

enum { VERIFY_ARENA_SIZE = 1024 * MIB };

// What came of all lines.
struct tally {
    uint32_t lines, notifications, without_declaration;
    uint32_t equal_by_other;     // from a declaration with other references: its figures fit
    uint32_t by_source[VERIFY_SOURCES][VERIFY_RESULTS];
    uint32_t differing[VERIFY_REASONS], unknown[VERIFY_REASONS];
};

static uint32_t count_of(const struct tally *tally, enum verify_result result)
{
    uint32_t count = 0;
    for (int s = 0; s < VERIFY_SOURCES; s++) count += tally->by_source[s][result];
    return count;
}

static void tally_line(struct tally *tally, const struct scenario *scenario,
                       const struct verified_line *line)
{
    tally->lines++;
    tally->equal_by_other += line->result == VERIFY_EQUAL && scenario->other_references;
    tally->by_source[line->source][line->result]++;
    for (int r = 0; r < VERIFY_REASONS; r++) {
        if ((line->reasons >> r & 1) == 0) continue;
        if (line->result == VERIFY_DIFFERS) tally->differing[r]++;
        if (line->result == VERIFY_CANNOT_TELL) tally->unknown[r]++;
    }
}

// --- For people ---

static const char *written(struct arena *arena, struct decimal value)
{
    struct text text = text_in(arena, 32);
    if (value.given) decimal_write(&text, value);
    else text_add_char(&text, '-');
    return text_span(&text).at;
}

static const char *said(struct arena *arena, struct money amount)
{
    struct text text = text_in(arena, 32);
    if (amount.currency[0] == '\0') text_add_char(&text, '-');
    else money_write_value(&text, amount);
    return text_span(&text).at;
}

static void print_scenario(const struct scenario *scenario)
{
    const struct notification *n = scenario->notification;
    printf("\n%s\n  " SPAN_FMT ", version %u; ", scenario->path, SPAN_ARG(n->id),
           n->version.given ? n->version.value : 1);
    if (scenario->declaration == NULL) {
        printf("no declaration\n");
        return;
    }
    printf("%s", scenario->declaration_path);
    if (scenario->amendments > 0) printf(", amended %u times", scenario->amendments);
    if (scenario->other_references)
        printf("\n  its reference '" SPAN_FMT "' is not the '" SPAN_FMT "' that is answered",
               SPAN_ARG(scenario->declaration->functional_reference_id),
               SPAN_ARG(n->functional_reference_id));
    printf("\n");
}

static void print_line(const struct verified_line *line, struct arena scratch)
{
    const struct stated_charge *stated = line->stated;
    printf("  %3u  %-4.*s %12s %7s %12s %12s %12s  %-24s %s\n", line->sequence.value,
           SPAN_ARG(stated->type_code), written(&scratch, stated->base.value),
           written(&scratch, stated->rate), written(&scratch, stated->assessed.value),
           said(&scratch, line->base), said(&scratch, line->amount),
           verify_source_name(line->source), verify_result_name(line->result));
    if (line->text.len > 0) printf("            " SPAN_FMT "\n", SPAN_ARG(line->text));
}

static void print_lines(const struct scenario *scenario, const struct verified *verified,
                        const struct arena *scratch)
{
    print_scenario(scenario);
    if (verified->count == 0) printf("  it states no duties and no taxes\n");
    else printf("  item type  stated base    rate       amount     our base       amount\n");
    for (uint32_t i = 0; i < verified->count; i++) print_line(&verified->lines[i], *scratch);
}

static void print_reasons(const char *title, const uint32_t counts[VERIFY_REASONS])
{
    bool any = false;
    for (int r = 0; r < VERIFY_REASONS; r++) {
        if (counts[r] == 0) continue;
        if (!any) printf("\n%s\n", title);
        any = true;
        printf("  %6u  %s\n", counts[r], verify_reason_sentence((enum verify_reason)r));
    }
}

static void print_row(const char *name, const uint32_t row[VERIFY_RESULTS])
{
    uint32_t lines = 0;
    for (int r = 0; r < VERIFY_RESULTS; r++) lines += row[r];
    printf("%-24s %7u %7u %7u %9u %11u\n", name, lines, row[VERIFY_EQUAL], row[VERIFY_FITS],
           row[VERIFY_DIFFERS], row[VERIFY_CANNOT_TELL]);
}

static void print_summary(const struct scenarios *scenarios, const struct tally *tally)
{
    printf("\n%u files: %u notifications of duties and taxes, %u of them without a declaration; "
           "%u declarations, %u other messages, %u unreadable\n\n%-24s %7s %7s %7s %9s %11s\n",
           scenarios->files, tally->notifications, tally->without_declaration,
           scenarios->declarations, scenarios->others, scenarios->troubles_count, "",
           "lines", "equal", "fit", "differing", "cannot tell");
    uint32_t all[VERIFY_RESULTS] = { 0 };
    for (int s = VERIFY_SOURCES - 1; s >= 0; s--) {
        print_row(verify_source_name((enum verify_source)s), tally->by_source[s]);
        for (int r = 0; r < VERIFY_RESULTS; r++) all[r] += tally->by_source[s][r];
    }
    print_row("all", all);
    if (tally->equal_by_other > 0)
        printf("\nof the equal lines %u are by a declaration that has other references\n",
               tally->equal_by_other);
    print_reasons("why lines differ", tally->differing);
    print_reasons("why it cannot be told", tally->unknown);
}

static void print_troubles(const struct scenarios *scenarios)
{
    for (uint32_t i = 0; i < scenarios->troubles_count; i++)
        command_failed(scenarios->troubles[i].path, &scenarios->troubles[i].err);
}

// --- For programs ---

static void write_amount(struct json_writer *w, const char *key, struct decimal value)
{
    if (!value.given) return;
    body_put_decimal(w, key, value);
}

static void write_money(struct json_writer *w, const char *key, struct money amount,
                        struct arena *arena)
{
    if (amount.currency[0] != '\0') body_put_text(w, key, span_of(said(arena, amount)));
}

static void write_line(struct json_writer *w, const struct scenario *scenario,
                       const struct verified_line *line, struct arena *arena)
{
    const struct stated_charge *stated = line->stated;
    json_open_object(w);
    body_put_text(w, "declaration", scenario->declaration_path == NULL
                                        ? SPAN("")
                                        : span_of(scenario->declaration_path));
    body_put_whole(w, "item", line->sequence.value);
    body_put_text(w, "notification", span_of(scenario->path));
    write_money(w, "ourAmount", line->amount, arena);
    write_money(w, "ourBase", line->base, arena);
    write_money(w, "ourPayable", line->payable, arena);
    json_key(w, SPAN("reasons"));
    json_open_array(w);
    for (int r = 0; r < VERIFY_REASONS; r++)
        if ((line->reasons >> r & 1) != 0)
            json_write_string(w, span_of(verify_reason_name((enum verify_reason)r)));
    json_close_array(w);
    body_put_text(w, "result", span_of(verify_result_name(line->result)));
    body_put_text(w, "source", span_of(verify_source_name(line->source)));
    write_amount(w, "statedAmount", stated->assessed.value);
    write_amount(w, "statedBase", stated->base.value);
    write_amount(w, "statedPayable", stated->payable.value);
    write_amount(w, "statedRate", stated->rate);
    body_put_text(w, "text", line->text);
    body_put_text(w, "type", stated->type_code);
    json_close_object(w);
}

static void write_sources(struct json_writer *w, const struct tally *tally)
{
    json_key(w, SPAN("sources"));
    json_open_object(w);
    for (int s = 0; s < VERIFY_SOURCES; s++) {
        json_key(w, span_of(verify_source_name((enum verify_source)s)));
        json_open_object(w);
        body_put_whole(w, "cannotTell", tally->by_source[s][VERIFY_CANNOT_TELL]);
        body_put_whole(w, "differing", tally->by_source[s][VERIFY_DIFFERS]);
        body_put_whole(w, "equal", tally->by_source[s][VERIFY_EQUAL]);
        body_put_whole(w, "fitting", tally->by_source[s][VERIFY_FITS]);
        json_close_object(w);
    }
    json_close_object(w);
}

static bool print_json(struct json_writer *w, const struct scenarios *scenarios,
                       const struct tally *tally, struct error *err)
{
    struct span json;
    json_close_array(w); // of the lines
    body_put_whole(w, "differing", count_of(tally, VERIFY_DIFFERS));
    body_put_whole(w, "equal", count_of(tally, VERIFY_EQUAL));
    body_put_whole(w, "equalByOtherReferences", tally->equal_by_other);
    body_put_whole(w, "files", scenarios->files);
    body_put_whole(w, "fitting", count_of(tally, VERIFY_FITS));
    body_put_whole(w, "lines", tally->lines);
    body_put_whole(w, "notComputable", count_of(tally, VERIFY_CANNOT_TELL));
    body_put_whole(w, "notifications", tally->notifications);
    write_sources(w, tally);
    body_put_whole(w, "unreadable", scenarios->troubles_count);
    json_close_object(w);
    if (!json_written(w, &json, err)) return false;
    printf(SPAN_FMT "\n", SPAN_ARG(json));
    return true;
}

// --- All of it ---

static bool verify_all(const struct command_line *line, const struct scenarios *scenarios,
                       const struct books *books, bool half_up, struct arena *arena,
                       struct tally *tally, struct error *err)
{
    struct arena writing;
    if (!arena_open(&writing, VERIFY_ARENA_SIZE, err)) return false;
    struct json_writer w = json_writer_in(&writing, (size_t)64 * KIB);
    json_open_object(&w);
    json_key(&w, SPAN("details"));
    json_open_array(&w);
    bool done = true;
    for (uint32_t i = 0; done && i < scenarios->count; i++) {
        const struct scenario *scenario = &scenarios->at[i];
        size_t mark = arena->used;
        struct verified verified = { 0 };
        struct verify_asked asked = {
            .notification = scenario->notification, .declaration = scenario->declaration,
            .books = books, .other_references = scenario->other_references,
            .changed = scenario->changed, .round_half_up = half_up,
        };
        done = office_verify(&asked, arena, &verified, err);
        if (!done) break;
        print_lines(scenario, &verified, arena);
        tally->notifications++;
        tally->without_declaration += scenario->declaration == NULL;
        for (uint32_t l = 0; l < verified.count; l++) {
            tally_line(tally, scenario, &verified.lines[l]);
            if (line->json) write_line(&w, scenario, &verified.lines[l], arena);
        }
        arena_reset(arena, mark);
    }
    if (done) print_summary(scenarios, tally);
    if (done && line->json) done = print_json(&w, scenarios, tally, err);
    arena_close(&writing);
    return done;
}

static bool read_rounding(const struct command_line *line, bool *half_up)
{
    const char *word = option_value(line, "--rounding");
    *half_up = word != NULL && strcmp(word, "half-up") == 0;
    if (word == NULL || *half_up || strcmp(word, "down") == 0) return true;
    fprintf(stderr, "tidewaiter duty: --rounding is 'down' or 'half-up', not '%s'\n", word);
    return false;
}

int duty_verify(const struct command_line *line)
{
    struct error err;
    struct arena arena;
    struct books books;
    struct scenarios scenarios;
    struct tally tally = { 0 };
    bool half_up;
    if (!read_rounding(line, &half_up)) return EXIT_USAGE;
    if (!arena_open(&arena, VERIFY_ARENA_SIZE, &err)) return command_failed("duty", &err);
    bool has_books = line->books != NULL;
    bool done = (!has_books || desk_books(line, &arena, &books, &err)) &&
                scenarios_read(line->arguments + 1, (uint32_t)line->arguments_count - 1, &arena,
                               &scenarios, &err) &&
                verify_all(line, &scenarios, has_books ? &books : NULL, half_up, &arena, &tally,
                           &err);
    int status = done ? EXIT_DONE : command_failed("duty verify", &err);
    if (done) print_troubles(&scenarios);
    if (done && (scenarios.troubles_count > 0 || count_of(&tally, VERIFY_DIFFERS) > 0))
        status = EXIT_SOME_REFUSED;
    arena_close(&arena);
    return status;
}
