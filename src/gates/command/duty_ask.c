#include "gates/command/duty.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "consignment/body.h"
#include "gates/books/library.h"
#include "gates/command/desk.h"
#include "tariff/dues.h"

// What duty is owed on some goods, line by line, as a person would work it out.

enum { QUANTITIES_MAX = 16, ORIGINS_MAX = 32, DOCUMENTS_MAX = 16 };

struct asking {
    const struct command_line *line;
    struct arena arena;
    struct opened_book opened;
    struct rates rates;
    struct money goods, freight;
    const struct rate *goods_rate, *freight_rate; // of exchange; NULL: none was needed
    struct expression_quantity quantities[QUANTITIES_MAX];
    struct span documents[DOCUMENTS_MAX];
    struct goods asked;          // but for the origin
    char code[BOOK_CODE_DIGITS_MAX]; // that is asked for, when it is not the one that was given
    struct span given;           // the code
    struct span origins[ORIGINS_MAX];
    uint32_t origins_count;
    bool has_freight;
    const char *basis;           // "CIF" or "FOB"
};

// --- What is asked -------------------------------------------------------------------------------

static struct span option_text(const struct command_line *line, const char *name)
{
    const char *value = option_value(line, name);
    return value == NULL ? SPAN("") : span_trim(span_of(value));
}

// "1200 USD", "1200USD"; without a currency it is the book's.
static bool read_amount(const struct asking *a, const char *name, struct decimal *value,
                        struct span *currency, struct error *err)
{
    struct span given = option_text(a->line, name);
    size_t digits = 0;
    while (digits < given.len && (given.at[digits] == '.' || (given.at[digits] >= '0' &&
                                                             given.at[digits] <= '9')))
        digits++;
    *currency = span_trim((struct span){ given.at + digits, given.len - digits });
    if (currency->len == 0) *currency = span_of(a->opened.book.head->currency);
    if (decimal_read((struct span){ given.at, digits }, value, err)) return true;
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no amount", SPAN_ARG(given));
    error_hint(err, "Write it like this: %s 1200 USD", name);
    return false;
}

static bool money_of(struct asking *a, const char *name, struct money *money,
                     const struct rate **rate, struct error *err)
{
    struct decimal value;
    struct span currency;
    struct conversion conversion;
    struct span into = span_of(a->opened.book.head->currency);
    if (!read_amount(a, name, &value, &currency, err)) return false;
    if (span_equal(currency, into)) return money_from_decimal_half_up(value, into, money, err);
    if (!rates_convert_half_up(&a->rates, value, currency, a->asked.day, into, &conversion, err))
        return error_hint(err, "Import a table of exchange rates with the book, or give one: "
                               "--rates FILE (docs/books.md)");
    *money = conversion.amount;
    *rate = conversion.rate;
    return true;
}

static uint8_t unit_of(struct span word)
{
    uint8_t unit = unit_find(word);
    for (unsigned i = 1; unit == UNIT_NONE && unit_row((uint8_t)i) != NULL; i++)
        if (span_equal(span_of(unit_row((uint8_t)i)->sign), word)) unit = (uint8_t)i;
    return unit;
}

// "250 kg", "12 item"
static bool add_quantity(struct asking *a, struct span given, struct error *err)
{
    struct span_pair cut = span_cut(span_trim(given), ' ');
    struct expression_quantity *q = &a->quantities[a->asked.quantities_count];
    if (a->asked.quantities_count == QUANTITIES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "more than %d quantities", QUANTITIES_MAX);
    q->unit = unit_of(span_trim(cut.tail));
    if (q->unit == UNIT_NONE || !decimal_read(cut.head, &q->amount, err)) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no quantity", SPAN_ARG(given));
        return error_hint(err, "Write a number and a unit of UN/ECE Recommendation 20: 250 KGM, or "
                               "kg, l, item.");
    }
    a->asked.quantities_count++;
    return true;
}

static bool read_quantities(struct asking *a, struct error *err)
{
    struct span list = option_text(a->line, "--quantities"), items = option_text(a->line, "--qty");
    while (list.len > 0) {
        struct span_pair cut = span_cut(list, ',');
        if (!add_quantity(a, cut.head, err)) return false;
        list = cut.tail;
    }
    if (items.len == 0) return true;
    struct text text = text_in(&a->arena, 40);
    text_add(&text, items);
    text_add(&text, SPAN(" item"));
    return add_quantity(a, text_span(&text), err);
}

// Which values customs duties are counted on is a country's choice: with the way to its border, or
// without (WTO Valuation Agreement, article 8.2). Without: 19 USC 1401a(b)(4)(A); Customs Act 1901
// (Australia), section 161; Customs Act (Canada), section 48(5)(b); Customs and Excise Act 2018
// (New Zealand), schedule 4; Customs and Excise Act 1964 (South Africa), section 67.
static bool is_fob(struct span country)
{
    static const char *const without[] = { "AU", "CA", "NZ", "US", "ZA" };
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        if (span_equal(country, span_of(without[i]))) return true;
    return false;
}

static bool read_value(struct asking *a, struct error *err)
{
    bool fob = is_fob(span_of(a->opened.book.head->country));
    a->basis = fob ? "FOB" : "CIF";
    if (!money_of(a, "--value", &a->goods, &a->goods_rate, err)) return false;
    a->asked.value = a->goods;
    a->freight = a->asked.inland = (struct money){ 0 };
    memcpy(a->freight.currency, a->goods.currency, sizeof(a->freight.currency));
    a->asked.inland = a->freight;
    a->has_freight = option_value(a->line, "--freight") != NULL;
    if (!a->has_freight) return true;
    if (!money_of(a, "--freight", &a->freight, &a->freight_rate, err)) return false;
    if (!fob) return money_add(a->goods, a->freight, &a->asked.value, err);
    a->asked.inland = a->freight; // taxes on all of it count the way, too
    return true;
}

static bool read_lists(struct asking *a, struct error *err)
{
    struct span list = option_text(a->line, "--documents");
    a->asked.documents = a->documents;
    while (list.len > 0) {
        struct span_pair cut = span_cut(list, ',');
        if (a->asked.documents_count == DOCUMENTS_MAX)
            return error_set(err, ERROR_TOO_LARGE, "more than %d documents", DOCUMENTS_MAX);
        a->documents[a->asked.documents_count++] = span_trim(cut.head);
        list = cut.tail;
    }
    list = option_text(a->line, "--origin");
    do {
        struct span_pair cut = span_cut(list, ',');
        if (a->origins_count == ORIGINS_MAX)
            return error_set(err, ERROR_TOO_LARGE, "more than %d origins", ORIGINS_MAX);
        a->origins[a->origins_count++] = span_trim(cut.head);
        list = cut.tail;
    } while (list.len > 0);
    return true;
}

static bool open_book(struct asking *a, struct error *err)
{
    const char *folder = option_value(a->line, "--from");
    char room[LIBRARY_PATH_MAX];
    snprintf(room, sizeof(room), "%s%s", folder == NULL ? a->line->store : folder,
             folder == NULL ? "/tariff" : "");
    return library_open(room, option_text(a->line, "--country"), a->asked.day, &a->opened, err);
}

static bool read_rates(struct asking *a, struct error *err)
{
    const char *path = option_value(a->line, "--rates");
    struct span text;
    a->asked.rates = &a->rates;
    if (path == NULL) return book_rates(&a->opened.book, &a->arena, &a->rates, err);
    return desk_read_text(path, BOOK_TEXT_MAX, &a->arena, &text, err) &&
           rates_read(text, &a->arena, &a->rates, err);
}

// Who fills a subheading up with zeros means what is below it: where that is one code, it is taken.
static void find_code(struct asking *a)
{
    const struct book *book = &a->opened.book;
    struct span part = a->given;
    uint32_t count;
    a->asked.code = a->given;
    while (part.len > 6 && part.at[part.len - 1] == '0') part.len--;
    const struct book_line *line = book_line_of(book, a->given, a->asked.day);
    if (line != NULL && line->digits == a->given.len) return;
    const struct book_line *below = book_lines_below(book, part, &count);
    if (count == 1) a->asked.code = book_code(below->key, below->digits, a->code);
}

static bool read_asked(struct asking *a, struct error *err)
{
    struct span day = option_text(a->line, "--date");
    a->asked.day = moment_date((int64_t)time(NULL) * 1000);
    if (day.len > 0 && !date_read(day, &a->asked.day, err)) return false;
    if (option_value(a->line, "--value") == NULL) {
        error_set(err, ERROR_SYNTAX, "--value is not given");
        return error_hint(err, "Say what was paid for the goods: --value 1200 USD");
    }
    a->given = span_of(a->line->arguments[0]);
    a->asked.regime = option_text(a->line, "--preference");
    a->asked.additional = option_text(a->line, "--additional");
    a->asked.quota = option_text(a->line, "--quota");
    a->asked.quantities = a->quantities;
    if (!open_book(a, err)) return false;
    find_code(a);
    return read_rates(a, err) && read_value(a, err) &&
           read_quantities(a, err) && read_lists(a, err);
}

// --- The answer, for people ----------------------------------------------------------------------

static struct span said(struct arena *arena, struct money money)
{
    struct text text = text_in(arena, 40);
    money_write(&text, money);
    return text_span(&text);
}

static void print_amount(struct asking *a, const char *what, struct money money,
                         const struct rate *rate)
{
    printf("%-14s " SPAN_FMT, what, SPAN_ARG(said(&a->arena, money)));
    if (rate != NULL) {
        struct text words = text_in(&a->arena, 64);
        decimal_write(&words, rate->value);
        text_add(&words, SPAN(" for 1 "));
        text_add(&words, span_of(rate->currency));
        text_add(&words, SPAN(", from "));
        date_write(&words, rate->from);
        printf(" (" SPAN_FMT ")", SPAN_ARG(text_span(&words)));
    }
    printf("\n");
}

static void print_way(struct asking *a)
{
    const struct book *book = &a->opened.book;
    const struct book_line *line = book_line_of(book, a->asked.code, a->asked.day);
    struct text day = text_in(&a->arena, 16);
    date_write(&day, a->asked.day);
    printf("commodity      " SPAN_FMT, SPAN_ARG(a->asked.code));
    if (line != NULL)
        printf("  " SPAN_FMT, SPAN_ARG(book_text(book, line->label[0])));
    if (!span_equal(a->given, a->asked.code))
        printf("\n               the only code of the book below " SPAN_FMT, SPAN_ARG(a->given));
    printf("\nbook           %s, version " SPAN_FMT ", on " SPAN_FMT "\n", book->head->country,
           SPAN_ARG(version_span(&book->version)), SPAN_ARG(text_span(&day)));
    print_amount(a, "goods", a->goods, a->goods_rate);
    if (a->has_freight) print_amount(a, "freight", a->freight, a->freight_rate);
    printf("customs value  " SPAN_FMT " (%s)\n", SPAN_ARG(said(&a->arena, a->asked.value)),
           a->basis);
}

static void print_result(struct asking *a, const struct due *due)
{
    const struct expression_result *r = due->result;
    for (uint32_t i = 0; i < r->lines_count; i++) {
        struct text words = text_in(&a->arena, 96);
        if (!r->lines[i].counts) continue;
        expression_line_write(&words, &r->lines[i]);
        printf("      " SPAN_FMT " = " SPAN_FMT "\n", SPAN_ARG(text_span(&words)),
               SPAN_ARG(said(&a->arena, r->lines[i].amount)));
    }
    for (uint32_t i = 0; i < r->missing_count; i++) {
        struct text words = text_in(&a->arena, 96);
        expression_missing_write(&words, &r->missing[i]);
        printf("      missing: " SPAN_FMT "\n", SPAN_ARG(text_span(&words)));
    }
}

static void print_needs(const struct book *book, const struct book_measure *m,
                        enum due_standing standing)
{
    struct span document = book_text(book, m->document), quota = book_text(book, m->quota);
    if (standing == DUE_UNCLAIMED && m->regime[0] != '\0')
        printf("; it needs the claim of preference %s", m->regime);
    if (standing == DUE_UNCLAIMED && quota.len > 0)
        printf("; it needs the claim of quota " SPAN_FMT, SPAN_ARG(quota));
    if (standing != DUE_OWED && standing != DUE_HIGHER && document.len > 0)
        printf("; it needs document " SPAN_FMT, SPAN_ARG(document));
}

static void print_due(struct asking *a, const struct due *due)
{
    const struct book *book = &a->opened.book;
    const struct book_measure *m = due->measure;
    const struct expression_result *r = due->result;
    char room[2];
    printf("  %-4.*s %-13s %-12.*s " SPAN_FMT, SPAN_ARG(book_type_code(due->type)),
           measure_kind_name((enum measure_kind)m->kind),
           SPAN_ARG(book_origin(book, m->origin, room)), SPAN_ARG(book_text(book, m->rate)));
    if (r != NULL && r->verdict == VERDICT_OWED)
        printf("  of " SPAN_FMT " = " SPAN_FMT, SPAN_ARG(said(&a->arena, due->base)),
               SPAN_ARG(said(&a->arena, r->total)));
    else if (r != NULL && r->verdict == VERDICT_MANUAL) printf("  (an officer works it out)");
    if (due->standing != DUE_OWED) printf("  [%s]", due_standing_name(due->standing));
    print_needs(book, m, due->standing);
    printf("\n");
    if (r != NULL && due->standing == DUE_OWED) print_result(a, due);
    printf("      " SPAN_FMT, SPAN_ARG(book_text(book, m->law)));
    if (m->publication != 0) printf(" (" SPAN_FMT ")", SPAN_ARG(book_text(book, m->publication)));
    printf("\n");
}

// A code that is too short, or one that this country does not have: the codes below it, or below
// the longest part of it that has some.
static void print_no_duty(struct asking *a)
{
    enum { SHOWN = 12, HEADING = 4 };
    const struct book *book = &a->opened.book;
    struct span part = a->asked.code;
    uint32_t count;
    const struct book_line *below = book_lines_below(book, part, &count);
    for (; count == 0 && part.len > HEADING; below = book_lines_below(book, part, &count))
        part.len--;
    printf("  the book has no customs duty for " SPAN_FMT, SPAN_ARG(a->asked.code));
    if (count > 0) printf("; below " SPAN_FMT " it has:", SPAN_ARG(part));
    printf("\n");
    for (uint32_t i = 0; i < count && i < SHOWN; i++) {
        char room[BOOK_CODE_DIGITS_MAX];
        printf("      %-12.*s " SPAN_FMT "\n",
               SPAN_ARG(book_code(below[i].key, below[i].digits, room)),
               SPAN_ARG(book_text(book, below[i].label[0])));
    }
    if (count > SHOWN) printf("      and %u more\n", count - SHOWN);
}

static void print_dues(struct asking *a, struct span origin, const struct dues *dues)
{
    printf("\norigin " SPAN_FMT "\n", SPAN_ARG(origin.len > 0 ? origin : SPAN("(any)")));
    for (uint32_t i = 0; i < dues->count; i++) print_due(a, &dues->at[i]);
    if (!dues->has_duty) print_no_duty(a);
    printf("  owed %s" SPAN_FMT "%s\n", dues->known ? "" : "at least ",
           SPAN_ARG(said(&a->arena, dues->total)),
           dues->known ? "" : ": something cannot be worked out yet");
    if (dues->forbidden) printf("  they may not come in without the documents above\n");
}

// What it costs to have the goods here, from each origin.
static void print_landed(struct asking *a, const struct dues dues[])
{
    printf("\n%-8s %16s %16s %18s\n", "origin", "goods, freight", "owed", "landed cost");
    for (uint32_t i = 0; i < a->origins_count; i++) {
        struct money goods, landed;
        if (!money_add(a->goods, a->freight, &goods, NULL) ||
            !money_add(goods, dues[i].total, &landed, NULL))
            continue;
        printf("%-8.*s %16.*s %16.*s %18.*s%s\n", SPAN_ARG(a->origins[i]),
               SPAN_ARG(said(&a->arena, goods)), SPAN_ARG(said(&a->arena, dues[i].total)),
               SPAN_ARG(said(&a->arena, landed)), dues[i].known ? "" : "  (at least)");
    }
}

// --- The answer, as JSON -------------------------------------------------------------------------

static void write_words(struct asking *a, struct json_writer *w,
                        const struct expression_result *r)
{
    json_key(w, SPAN("lines"));
    json_open_array(w);
    for (uint32_t i = 0; i < r->lines_count; i++) {
        struct text words = text_in(&a->arena, 96);
        if (!r->lines[i].counts) continue;
        expression_line_write(&words, &r->lines[i]);
        json_open_object(w);
        body_put_text(w, "amount", said(&a->arena, r->lines[i].amount));
        body_put_text(w, "text", text_span(&words));
        json_close_object(w);
    }
    json_close_array(w);
    json_key(w, SPAN("missing"));
    json_open_array(w);
    for (uint32_t i = 0; i < r->missing_count; i++) {
        struct text words = text_in(&a->arena, 96);
        expression_missing_write(&words, &r->missing[i]);
        json_write_string(w, text_span(&words));
    }
    json_close_array(w);
}

static void write_due(struct asking *a, struct json_writer *w, const struct due *due)
{
    const struct book *book = &a->opened.book;
    const struct book_measure *m = due->measure;
    char room[2];
    json_open_object(w);
    if (due->result != NULL && due->result->verdict == VERDICT_OWED) {
        body_put_text(w, "amount", said(&a->arena, due->result->total));
        body_put_text(w, "base", said(&a->arena, due->base));
    }
    body_put_text(w, "document", book_text(book, m->document));
    body_put_text(w, "kind", span_of(measure_kind_name((enum measure_kind)m->kind)));
    body_put_text(w, "law", book_text(book, m->law));
    if (due->result != NULL) write_words(a, w, due->result);
    body_put_text(w, "origin", book_origin(book, m->origin, room));
    body_put_text(w, "preference", span_of(m->regime));
    body_put_text(w, "publication", book_text(book, m->publication));
    body_put_text(w, "quota", book_text(book, m->quota));
    body_put_text(w, "rate", book_text(book, m->rate));
    body_put_text(w, "standing", span_of(due_standing_name(due->standing)));
    body_put_text(w, "text", book_text(book, m->words));
    body_put_text(w, "type", book_type_code(due->type));
    json_close_object(w);
}

static bool print_json(struct asking *a, const struct dues dues[], struct error *err)
{
    struct json_writer w = json_writer_in(&a->arena, (size_t)16 * KIB);
    struct span json;
    json_open_object(&w);
    body_put_text(&w, "book", version_span(&a->opened.book.version));
    body_put_text(&w, "commodity", a->asked.code);
    body_put_text(&w, "customsValue", said(&a->arena, a->asked.value));
    json_key(&w, SPAN("origins"));
    json_open_array(&w);
    for (uint32_t i = 0; i < a->origins_count; i++) {
        json_open_object(&w);
        json_key(&w, SPAN("dues"));
        json_open_array(&w);
        for (uint32_t j = 0; j < dues[i].count; j++) write_due(a, &w, &dues[i].at[j]);
        json_close_array(&w);
        body_put_truth(&w, "forbidden", dues[i].forbidden);
        body_put_truth(&w, "known", dues[i].known);
        body_put_text(&w, "origin", a->origins[i]);
        body_put_text(&w, "owed", said(&a->arena, dues[i].total));
        json_close_object(&w);
    }
    json_close_array(&w);
    json_close_object(&w);
    if (!json_written(&w, &json, err)) return false;
    printf(SPAN_FMT "\n", SPAN_ARG(json));
    return true;
}

static bool answer(struct asking *a, struct error *err)
{
    struct dues dues[ORIGINS_MAX] = { 0 };
    for (uint32_t i = 0; i < a->origins_count; i++) {
        struct goods goods = a->asked;
        goods.origin = a->origins[i];
        if (!dues_work_out(&a->opened.book, &goods, &a->arena, &dues[i], err)) return false;
    }
    if (a->line->json) return print_json(a, dues, err);
    print_way(a);
    for (uint32_t i = 0; i < a->origins_count; i++) print_dues(a, a->origins[i], &dues[i]);
    if (a->origins_count > 1) print_landed(a, dues);
    return true;
}

int duty_ask(const struct command_line *line)
{
    struct error err;
    if (line->arguments_count > 1) {
        error_set(&err, ERROR_SYNTAX, "'%s' is one argument too many", line->arguments[1]);
        return command_failed("duty", &err);
    }
    struct asking *a = calloc(1, sizeof(*a));
    if (a == NULL) return EXIT_FAILED;
    a->line = line;
    bool told = arena_open(&a->arena, (size_t)128 * MIB, &err) && read_asked(a, &err) &&
                answer(a, &err);
    library_close(&a->opened);
    arena_close(&a->arena);
    free(a);
    return told ? EXIT_DONE : command_failed("duty", &err);
}
