#include <stdio.h>

#include "base/limits.h"
#include "gates/command/desk.h"

// A page of one consignment, from its facts: what it is, why it is where it is, and what happened.

static struct span said(struct arena *arena, struct money amount)
{
    struct text text = text_in(arena, 40);
    if (amount.currency[0] == '\0') text_add(&text, SPAN("-"));
    else money_write(&text, amount);
    return text_span(&text);
}

static void print_head(const struct file *file, struct arena *arena)
{
    const struct declaration *d = &file->declaration;
    printf("consignment   " SPAN_FMT "\n", SPAN_ARG(file->name));
    printf("state         %s, version %u\n", file_state_name(file->state), file->version);
    if (file->decision != DECISION_NONE)
        printf("decision      %s, by " SPAN_FMT "\n", decision_name(file->decision),
               SPAN_ARG(file->decided_by));
    printf("declaration   type " SPAN_FMT ", reference " SPAN_FMT ", office " SPAN_FMT "\n",
           SPAN_ARG(d->type_code), SPAN_ARG(d->functional_reference_id), SPAN_ARG(d->office_id));
    printf("declarant     " SPAN_FMT "\n", SPAN_ARG(d->declarant.id));
    if (d->importer.id.len + d->importer.name.len > 0)
        printf("importer      " SPAN_FMT " " SPAN_FMT "\n", SPAN_ARG(d->importer.id),
               SPAN_ARG(d->importer.name));
    if (d->exporter.id.len + d->exporter.name.len > 0)
        printf("exporter      " SPAN_FMT " " SPAN_FMT "\n", SPAN_ARG(d->exporter.id),
               SPAN_ARG(d->exporter.name));
    printf("customs value " SPAN_FMT "\n", SPAN_ARG(said(arena, file->customs_value)));
    printf("owed          " SPAN_FMT "\n", SPAN_ARG(said(arena, file->duty_total)));
    printf("risk          %u of 1000%s; a check is worth " SPAN_FMT "\n", file->score,
           file->random ? ", chosen by lot" : "", SPAN_ARG(said(arena, file->worth)));
}

static void print_items(const struct file *file, struct arena *arena)
{
    printf("\nitems\n");
    for (uint32_t i = 0; i < file->declaration.items.count; i++) {
        const struct item *item = &file->declaration.items.at[i];
        struct span code =
            item->classifications.count > 0 ? item->classifications.at[0].id : SPAN("-");
        struct span origin = item->origins.count > 0 ? item->origins.at[0].country_code : SPAN("-");
        struct text mass = text_in(arena, 32), price = text_in(arena, 32);
        decimal_write(&mass, item->net_mass);
        decimal_write(&price, item->price.value);
        printf("  %3u  %-10.*s " SPAN_FMT "  " SPAN_FMT " " SPAN_FMT "  " SPAN_FMT " kg  " SPAN_FMT
               "\n",
               item->sequence.value, SPAN_ARG(code), SPAN_ARG(origin), SPAN_ARG(text_span(&price)),
               SPAN_ARG(item->price.currency), SPAN_ARG(text_span(&mass)),
               SPAN_ARG(item->description));
    }
}

// --- What each kind of fact says ---

// What the message had and the model has no place for.
static bool print_declared(const struct fact *fact, struct arena *arena, struct error *err)
{
    struct declared declared;
    if (!body_read_declared(fact->body, arena, &declared, err)) return false;
    if (declared.reason.len > 0) printf("       " SPAN_FMT "\n", SPAN_ARG(declared.reason));
    for (uint32_t i = 0; i < declared.dropped.count; i++)
        printf("       not in the model: " SPAN_FMT "\n", SPAN_ARG(declared.dropped.at[i]));
    return true;
}

static bool print_checked(const struct fact *fact, struct arena *arena, struct error *err)
{
    static const char *const words[] = { "note", "warning", "error" };
    struct checked checked;
    if (!body_read_checked(fact->body, arena, &checked, err)) return false;
    for (uint32_t i = 0; i < checked.findings_count; i++) {
        const struct finding *finding = &checked.findings[i];
        printf("       %s " SPAN_FMT " at " SPAN_FMT ": " SPAN_FMT "\n", words[finding->severity],
               SPAN_ARG(finding->rule), SPAN_ARG(finding->field), SPAN_ARG(finding->text));
        if (finding->hint.len > 0) printf("         " SPAN_FMT "\n", SPAN_ARG(finding->hint));
    }
    if (checked.findings_count == 0) printf("       all rules of " SPAN_FMT " are kept\n",
                                            SPAN_ARG(checked.rules));
    return true;
}

static bool print_valued(const struct fact *fact, struct arena *arena, struct error *err)
{
    struct valued valued;
    if (!body_read_valued(fact->body, arena, &valued, err)) return false;
    for (uint32_t i = 0; i < valued.items_count; i++) {
        const struct valued_item *item = &valued.items[i];
        printf("       item %u: " SPAN_FMT "\n", item->sequence,
               SPAN_ARG(said(arena, item->value)));
        for (uint32_t l = 0; l < item->lines_count; l++) {
            printf("         %14.*s  " SPAN_FMT "\n", SPAN_ARG(said(arena, item->lines[l].amount)),
                   SPAN_ARG(item->lines[l].text));
            if (item->lines[l].note.len > 0)
                printf("         %14s  note: " SPAN_FMT "\n", "", SPAN_ARG(item->lines[l].note));
        }
    }
    for (uint32_t i = 0; i < valued.missing.count; i++)
        printf("       missing: " SPAN_FMT "\n", SPAN_ARG(valued.missing.at[i]));
    return true;
}

static bool print_assessed(const struct fact *fact, struct arena *arena, struct error *err)
{
    struct assessed assessed;
    if (!body_read_assessed(fact->body, arena, &assessed, err)) return false;
    for (uint32_t i = 0; i < assessed.lines_count; i++)
        printf("       item %u %-4.*s %14.*s  " SPAN_FMT "%s\n", assessed.lines[i].sequence,
               SPAN_ARG(assessed.lines[i].type), SPAN_ARG(said(arena, assessed.lines[i].amount)),
               SPAN_ARG(assessed.lines[i].text), assessed.lines[i].suspended ? " (suspended)" : "");
    printf("       total    %15.*s\n", SPAN_ARG(said(arena, assessed.total)));
    return true;
}

static bool print_scored(const struct fact *fact, struct arena *arena, struct error *err)
{
    struct scored scored;
    if (!body_read_scored(fact->body, arena, &scored, err)) return false;
    for (uint32_t i = 0; i < scored.reasons_count; i++)
        printf("       %4u  " SPAN_FMT ": " SPAN_FMT "\n", scored.reasons[i].points,
               SPAN_ARG(scored.reasons[i].rule), SPAN_ARG(scored.reasons[i].text));
    printf("       score %u of 1000%s\n", scored.score, scored.random ? "; chosen by lot" : "");
    return true;
}

static bool print_decided(const struct fact *fact, struct arena *arena, struct error *err)
{
    struct decided decided;
    if (!body_read_decided(fact->body, arena, &decided, err)) return false;
    printf("       %s, by %s\n", decision_name(decided.decision),
           decided.by_officer ? "an officer" : "the desk");
    for (uint32_t i = 0; i < decided.reasons.count; i++)
        printf("         " SPAN_FMT "\n", SPAN_ARG(decided.reasons.at[i]));
    return true;
}

// Why the file is where it is: the reasons of the last decision, or the errors that it was refused
// for.
static bool print_why(const struct file *file, struct arena *arena, struct error *err)
{
    const struct fact *last = NULL;
    enum fact_kind kind = file->state == FILE_REFUSED && !file->by_officer ? FACT_CHECKED
                                                                           : FACT_DECIDED;
    for (uint32_t i = 0; i < file->facts_count; i++)
        if (file->facts[i].kind == kind) last = &file->facts[i];
    if (last == NULL) return true;
    const char *label = "why";
    if (kind == FACT_CHECKED) {
        struct checked checked;
        if (!body_read_checked(last->body, arena, &checked, err)) return false;
        for (uint32_t i = 0; i < checked.findings_count; i++) {
            const struct finding *finding = &checked.findings[i];
            if (finding->severity != SEVERITY_ERROR) continue;
            printf("%-13s not kept: " SPAN_FMT " (" SPAN_FMT " at " SPAN_FMT ")\n", label,
                   SPAN_ARG(finding->text), SPAN_ARG(finding->rule), SPAN_ARG(finding->field));
            label = "";
        }
        return true;
    }
    struct decided decided;
    if (!body_read_decided(last->body, arena, &decided, err)) return false;
    for (uint32_t i = 0; i < decided.reasons.count; i++, label = "")
        printf("%-13s " SPAN_FMT "\n", label, SPAN_ARG(decided.reasons.at[i]));
    return true;
}

static bool print_fact(const struct fact *fact, uint64_t leaf, struct arena *arena,
                       struct error *err)
{
    struct text at = text_in(arena, 32);
    moment_write(&at, fact->at_ms);
    printf("\n  %3u  %-9s %.19sZ  " SPAN_FMT "  (leaf %llu)\n", fact->seq,
           fact_kind_name(fact->kind), text_span(&at).at, SPAN_ARG(fact->who),
           (unsigned long long)leaf);
    switch (fact->kind) {
    case FACT_DECLARED:
    case FACT_AMENDED: return print_declared(fact, arena, err);
    case FACT_CHECKED: return print_checked(fact, arena, err);
    case FACT_VALUED: return print_valued(fact, arena, err);
    case FACT_ASSESSED: return print_assessed(fact, arena, err);
    case FACT_SCORED: return print_scored(fact, arena, err);
    case FACT_DECIDED: return print_decided(fact, arena, err);
    default: return true;
    }
}

static bool show(struct desk *desk, const struct command_line *line, struct error *err)
{
    struct file file;
    struct store_append *appends;
    uint32_t appends_count;
    struct arena *arena = &desk->arena;
    if (!office_file(desk->office, span_of(line->arguments[0]), arena, &file, &appends,
                     &appends_count, err))
        return false;
    print_head(&file, arena);
    if (!print_why(&file, arena, err)) return false;
    print_items(&file, arena);
    printf("\nfacts\n");
    uint32_t next = 0;
    for (uint32_t a = 0; a < appends_count; a++)
        for (uint32_t f = 0; f < appends[a].facts_count; f++)
            if (!print_fact(&file.facts[next++], appends[a].first_leaf + f, arena, err))
                return false;
    if (line->json) {
        printf("{\"file\":");
        struct json_writer w = json_writer_in(arena, 128);
        struct span name;
        json_write_string(&w, file.name);
        if (!json_written(&w, &name, err)) return false;
        printf(SPAN_FMT ",\"state\":\"%s\",\"decision\":\"%s\",\"version\":%u,\"facts\":%u,"
               "\"findings\":%u,\"score\":%u}\n", SPAN_ARG(name), file_state_name(file.state),
               decision_name(file.decision), file.version, file.facts_count, file.findings_count,
               file.score);
    }
    return true;
}

int file_command(const struct command_line *line)
{
    struct error err;
    struct desk desk;
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);
    bool shown = show(&desk, line, &err);
    return desk_close(&desk, shown ? EXIT_DONE : command_failed(line->arguments[0], &err));
}
