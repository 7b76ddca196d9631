// expression_peer: reads and works out duty expressions for the tests that are not in C.
//
// Each line asks, fields parted by tabs; each gets one line back:
//
//   read CURRENCY FLAGS WORDS       "formula CANONICAL", "manual OBSTACLE PLACE WORDS" or "error
//                                   WORDS". FLAGS: c for decimal comma, p for bare per cents, - for
//                                   none. What is read is checked, written and read again: "broken
//                                   WHY".
//   column CURRENCY FLAGS WORDS     "COUNT", then for each rate: symbols, first day, and its answer
//   owed CANONICAL CURRENCY VALUE DAY QUANTITIES PARTS PARAMETERS LINE
//                                   "owed TOTAL CLAMP AMOUNTS" and the words of each line, "missing
//                                   WORDS", "manual OBSTACLE", "error KIND". VALUE and LINE are
//                                   minor units or -; the others are lists parted by semicolons:
//                                   UNIT:SUBJECT:AMOUNT, SUBJECT:MINOR,
//                                   NAME:AMOUNT:CURRENCY:PER:UNIT:SUBJECT
//   rates TEXT                      the exchange rates into EUR from here on: rows parted by
//                                   semicolons
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "tariff/programme.h"

enum { FIELDS_MAX = 9, LIST_MAX = 32, LINE_SIZE = 16 * KIB, ARENA_SIZE = 4 * MIB };

struct asking {
    struct arena arena;
    struct arena rates_arena;
    struct rates rates;
    bool has_rates;
    struct span fields[FIELDS_MAX];
    unsigned count;
};

static void fail(const char *what)
{
    fprintf(stderr, "expression_peer: %s\n", what);
    exit(2);
}

static void must(bool done, const struct error *err)
{
    if (!done) fail(err->text);
}

static void say(struct span s)
{
    fwrite(s.at, 1, s.len, stdout);
}

static unsigned cut(struct span s, char mark, struct span *pieces, unsigned max)
{
    unsigned count = 0;
    for (bool more = s.len > 0; more && count < max;) {
        struct span_pair pair = span_cut(s, mark);
        pieces[count++] = pair.head;
        s = pair.tail;
        more = pair.found;
    }
    return count;
}

static struct expression_dialect dialect_of(const struct asking *asking)
{
    struct expression_dialect dialect = { 0 };
    if (asking->fields[1].len == 3) memcpy(dialect.currency, asking->fields[1].at, 3);
    for (size_t i = 0; i < asking->fields[2].len; i++) {
        if (asking->fields[2].at[i] == 'c') dialect.decimal_comma = true;
        if (asking->fields[2].at[i] == 'p') dialect.bare_percent = true;
    }
    return dialect;
}

// Canonical text, after a look whether it is read to the same bytes again; NULL or what is wrong.
static const char *write_again(struct asking *asking, const struct expression *expression,
                               struct span *canonical)
{
    struct error err = { 0 };
    enum expression_obstacle obstacle;
    if (!expression_check(expression->formula, &obstacle, &err)) return "it is no formula";
    if (obstacle != expression->obstacle) return "another obstacle";
    if (expression->kind == EXPRESSION_MANUAL) return NULL;
    struct text text = text_in(&asking->arena, 256);
    expression_write(&text, expression->formula);
    *canonical = text_span(&text);
    struct expression again;
    struct expression_dialect none = { 0 };
    must(expression_read(*canonical, &none, &asking->arena, &again, &err), &err);
    if (again.kind != EXPRESSION_FORMULA) return "canonical text is not understood";
    return span_equal(again.formula, expression->formula) ? NULL : "other bytes";
}

static void say_expression(struct asking *asking, const struct expression *expression)
{
    struct span canonical = SPAN("");
    const char *broken = write_again(asking, expression, &canonical);
    if (broken != NULL) {
        printf("broken %s: " SPAN_FMT, broken, SPAN_ARG(canonical));
    } else if (expression->kind == EXPRESSION_MANUAL) {
        printf("manual %s %zu %s", expression_obstacle_name(expression->obstacle),
               expression->stopped_at, expression_obstacle_words(expression->obstacle));
    } else {
        printf("formula ");
        say(canonical);
    }
}

static void ask_read(struct asking *asking)
{
    struct error err = { 0 };
    struct expression expression;
    struct expression_dialect dialect = dialect_of(asking);
    if (expression_read(asking->fields[3], &dialect, &asking->arena, &expression, &err))
        say_expression(asking, &expression);
    else printf("error %s", err.text);
}

static void ask_column(struct asking *asking)
{
    struct error err = { 0 };
    struct programme_rates rates;
    struct expression_dialect dialect = dialect_of(asking);
    if (!programme_read(asking->fields[3], &dialect, &asking->arena, &rates, &err)) {
        printf("error %s", err.text);
        return;
    }
    printf("%u", rates.count);
    for (uint32_t i = 0; i < rates.count; i++) {
        printf("\t");
        for (uint32_t j = 0; j < rates.at[i].symbols_count; j++)
            printf("%s" SPAN_FMT, j > 0 ? "," : "", SPAN_ARG(rates.at[i].symbols[j]));
        struct text day = text_in(&asking->arena, 16);
        if (rates.at[i].from.given) date_write(&day, rates.at[i].from);
        printf("\t" SPAN_FMT "\t", SPAN_ARG(text_span(&day)));
        say_expression(asking, &rates.at[i].expression);
    }
}

// --- What is owed ---

static int64_t minor_of(struct span s)
{
    bool negative = s.len > 0 && s.at[0] == '-';
    uint64_t value;
    if (negative) s.at++, s.len--;
    if (!span_to_u64(s, &value)) fail("an amount is no whole number");
    return negative ? -(int64_t)value : (int64_t)value;
}

static struct decimal decimal_in(struct span s)
{
    struct error err = { 0 };
    struct decimal value = { 0 };
    must(decimal_read(s, &value, &err), &err);
    return value;
}

static void currency_in(struct span s, char currency[4])
{
    if (s.len != 3) fail("a currency has three letters");
    memcpy(currency, s.at, 3);
    currency[3] = '\0';
}

static uint32_t quantities_in(struct span list, struct expression_quantity *quantities)
{
    struct span rows[LIST_MAX], parts[3];
    unsigned count = cut(list, ';', rows, LIST_MAX);
    for (unsigned i = 0; i < count; i++) {
        if (cut(rows[i], ':', parts, 3) != 3) fail("a quantity has three parts");
        quantities[i] = (struct expression_quantity){ unit_find(parts[0]), subject_find(parts[1]),
                                                      decimal_in(parts[2]) };
        if (quantities[i].unit == UNIT_NONE) fail("a unit is not known");
    }
    return count;
}

static uint32_t parts_in(struct span list, const char *currency, struct expression_part *values)
{
    struct span rows[LIST_MAX], parts[2];
    unsigned count = cut(list, ';', rows, LIST_MAX);
    for (unsigned i = 0; i < count; i++) {
        if (cut(rows[i], ':', parts, 2) != 2) fail("a part has two parts");
        values[i] = (struct expression_part){ .subject = subject_find(parts[0]) };
        values[i].value.minor = minor_of(parts[1]);
        memcpy(values[i].value.currency, currency, 4);
        if (values[i].subject == SUBJECT_NONE) fail("a subject is not known");
    }
    return count;
}

static uint32_t parameters_in(struct span list, struct expression_parameter *parameters)
{
    struct span rows[LIST_MAX], parts[6];
    unsigned count = cut(list, ';', rows, LIST_MAX);
    for (unsigned i = 0; i < count; i++) {
        if (cut(rows[i], ':', parts, 6) != 6) fail("a parameter has six parts");
        parameters[i] = (struct expression_parameter){
            .name = parts[0],
            .amount = decimal_in(parts[1]),
            .per = (uint32_t)minor_of(parts[3]),
            .unit = unit_find(parts[4]),
            .subject = subject_find(parts[5]),
        };
        currency_in(parts[2], parameters[i].currency);
    }
    return count;
}

static void say_owed(struct asking *asking, const struct expression_result *result)
{
    printf("owed %lld %u ", (long long)result->total.minor, result->sum_won);
    for (uint32_t i = 0; i < result->lines_count; i++)
        printf("%s%lld%s", i > 0 ? "," : "", (long long)result->lines[i].amount.minor,
               result->lines[i].counts ? "" : "!");
    for (uint32_t i = 0; i < result->lines_count; i++) {
        struct text text = text_in(&asking->arena, 128);
        expression_line_write(&text, &result->lines[i]);
        printf("\t" SPAN_FMT, SPAN_ARG(text_span(&text)));
    }
}

static void say_missing(struct asking *asking, const struct expression_result *result)
{
    printf("missing ");
    for (uint32_t i = 0; i < result->missing_count; i++) {
        struct text text = text_in(&asking->arena, 64);
        expression_missing_write(&text, &result->missing[i]);
        printf("%s" SPAN_FMT, i > 0 ? "; " : "", SPAN_ARG(text_span(&text)));
    }
}

static void ask_owed(struct asking *asking)
{
    static struct expression_result result;
    struct expression_quantity quantities[LIST_MAX];
    struct expression_part parts[LIST_MAX];
    struct expression_parameter parameters[LIST_MAX];
    struct expression_question question = { .quantities = quantities,
                                            .parts = parts,
                                            .parameters = parameters };
    struct span *fields = asking->fields;
    struct error err = { 0 };
    struct expression expression;
    struct expression_dialect none = { 0 };
    must(expression_read(fields[1], &none, &asking->arena, &expression, &err), &err);
    currency_in(fields[2], question.value.currency);
    question.line_duty = question.value;
    if (asking->has_rates && memcmp(question.value.currency, "EUR", 3) == 0)
        question.rates = &asking->rates;
    question.value_given = !span_equal(fields[3], SPAN("-"));
    if (question.value_given) question.value.minor = minor_of(fields[3]);
    must(date_read(fields[4], &question.day, &err), &err);
    question.quantities_count = quantities_in(fields[5], quantities);
    question.parts_count = parts_in(fields[6], question.value.currency, parts);
    question.parameters_count = parameters_in(fields[7], parameters);
    question.line_duty_given = !span_equal(fields[8], SPAN("-"));
    if (question.line_duty_given) question.line_duty.minor = minor_of(fields[8]);

    if (!expression_evaluate(expression.formula, &question, &result, &err))
        printf("error %s", error_kind_name(err.kind));
    else if (result.verdict == VERDICT_OWED) say_owed(asking, &result);
    else if (result.verdict == VERDICT_MISSING) say_missing(asking, &result);
    else printf("manual %s", expression_obstacle_name(result.obstacle));
}

static void set_rates(struct asking *asking, char *line)
{
    struct error err = { 0 };
    for (char *at = line; *at != '\0'; at++)
        if (*at == ';') *at = '\n';
    must(rates_read(span_of(line), &asking->rates_arena, &asking->rates, &err), &err);
    asking->has_rates = true;
    printf("rates %u", asking->rates.count);
}

static void answer(struct asking *asking, char *line)
{
    static const struct {
        const char *word;
        unsigned fields;
        void (*ask)(struct asking *asking);
    } words[] = { { "read", 4, ask_read }, { "column", 4, ask_column }, { "owed", 9, ask_owed } };
    asking->count = cut(span_of(line), '\t', asking->fields, FIELDS_MAX);
    if (asking->count == 2 && span_equal(asking->fields[0], SPAN("rates"))) {
        set_rates(asking, line + 6);
        return;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!span_equal(asking->fields[0], span_of(words[i].word))) continue;
        if (asking->count != words[i].fields) fail("a line has too few or too many fields");
        words[i].ask(asking);
        return;
    }
    fail("a line asks what is not known");
}

int main(void)
{
    static char line[LINE_SIZE];
    static struct asking asking;
    struct error err = { 0 };
    must(arena_open(&asking.arena, ARENA_SIZE, &err), &err);
    must(arena_open(&asking.rates_arena, ARENA_SIZE, &err), &err);
    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        arena_reset(&asking.arena, 0);
        answer(&asking, line);
        putchar('\n');
    }
    arena_close(&asking.arena);
    arena_close(&asking.rates_arena);
    return 0;
}
