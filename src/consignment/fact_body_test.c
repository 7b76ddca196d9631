#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "consignment/fact_body.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    struct error err;
    return arena_open(&arena, (size_t)64 * MIB, &err) ? 0 : -1;
}

static int empty_arena(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

#define assert_says(span, literal) assert_true(span_equal((span), SPAN(literal)))
#define COUNT(row) (sizeof(row) / sizeof((row)[0]))

static struct money euros(int64_t cents)
{
    return (struct money){ cents, "EUR" };
}

static void assert_money(struct money amount, int64_t minor, const char *currency)
{
    assert_int_equal(amount.minor, minor);
    assert_string_equal(amount.currency, currency);
}

static void assert_decimal(struct decimal value, int64_t digits, uint8_t scale)
{
    assert_true(value.given);
    assert_int_equal(value.digits, digits);
    assert_int_equal(value.scale, scale);
}

// What a body function made: canonical, as every body is.
static struct span made(bool done, const struct span *body, const struct error *err)
{
    struct json json;
    struct span canonical;
    if (!done) fail_msg("%s", err->text);
    assert_true(json_read(*body, &arena, &json, NULL));
    assert_true(json_canonical(&json, &arena, &canonical, NULL));
    assert_true(span_equal(canonical, *body));
    return *body;
}

// --- There and back ---

#define DECLARATION "{\"importer\":{\"name\":\"\\\",\\\"digest\\\":\\\"0\"},\"ucr\":\"6XM1\"}"

static void a_declared_body_carries_declaration_digest_and_what_was_dropped(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct span body;
    struct declared declared;
    struct sha256 digest = sha256_of(SPAN(DECLARATION)), found;
    struct span paths[] = { SPAN("A/B"), SPAN("A/\"C\""), SPAN("not kept") };
    struct dropped dropped = { .paths = paths, .count = 5, .count_max = 2 };

    made(body_declared(SPAN(DECLARATION), digest, NULL, &arena, &body, &err), &body, &err);
    assert_true(body_read_declared(body, &arena, &declared, &err));
    assert_says(declared.declaration.ucr, "6XM1");
    assert_true(sha256_equal(declared.digest, digest));
    assert_int_equal(declared.dropped.count, 0);
    assert_int_equal(declared.version, 0);
    assert_true(body_digest(body, &found, &err));
    assert_true(sha256_equal(found, digest));

    made(body_declared(SPAN(DECLARATION), digest, &dropped, &arena, &body, &err), &body, &err);
    assert_true(body_read_declared(body, &arena, &declared, &err));
    assert_int_equal(declared.dropped.count, 2);
    assert_says(declared.dropped.at[1], "A/\"C\"");
    assert_true(body_digest(body, &found, &err));
    assert_true(sha256_equal(found, digest));

    struct dropped none = { .paths = NULL };
    struct span plain;
    made(body_declared(SPAN(DECLARATION), digest, NULL, &arena, &plain, &err), &plain, &err);
    made(body_declared(SPAN(DECLARATION), digest, &none, &arena, &body, &err), &body, &err);
    assert_true(span_equal(plain, body));
}

static void an_amended_body_says_why_and_which_version(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct span body;
    struct declared declared;
    struct sha256 digest = sha256_of(SPAN(DECLARATION));
    made(body_amended(SPAN(DECLARATION), digest, 7, SPAN("a\nslip"), NULL, &arena, &body, &err),
         &body, &err);
    assert_true(body_read_declared(body, &arena, &declared, &err));
    assert_int_equal(declared.version, 7);
    assert_says(declared.reason, "a\nslip");
    made(body_amended(SPAN(DECLARATION), digest, 2, SPAN(""), NULL, &arena, &body, &err), &body,
         &err);
    assert_true(body_read_declared(body, &arena, &declared, &err));
    assert_int_equal(declared.reason.len, 0);
}

static void a_declaration_whose_digest_does_not_fit_is_damage(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct span body;
    struct declared declared;
    struct sha256 digest = sha256_of(SPAN("{}"));
    assert_true(body_declared(SPAN(DECLARATION), digest, NULL, &arena, &body, &err));
    assert_false(body_read_declared(body, &arena, &declared, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_string_equal(err.text, "member 'digest' of a fact's body does not fit its kind");
}

static void a_digest_alone_is_found_or_is_damage(void **state)
{
    (void)state;
    struct sha256 found;
    struct error err = { 0 };
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
    assert_true(body_digest(SPAN("{\"declaration\":{},\"digest\":\"" ZEROS "\"}"), &found, &err));
    static const char *const bodies[] = {
        "",
        "{}",
        "{\"declaration\":{}}",
        "{\"declaration\":{},\"digest\":\"\"}",
        "{\"declaration\":{},\"digest\":\"" ZEROS,
        "{\"declaration\":{},\"digest\":\"" ZEROS "0\"}",
        "{\"declaration\":{},\"digest\":\"00" ZEROS "\"}",
        "{\"declaration\":{},\"digest\":\"",
        "{\"declaration\":{},\"digest\":"
        "\"A000000000000000000000000000000000000000000000000000000000000"
        "000\"}",
    };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        assert_false(body_digest(span_of(bodies[i]), &found, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
    }
}

static void a_withdrawal_and_a_settlement_come_back(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct span body, reason;
    struct settled settled;
    made(body_withdrawn(SPAN("sold at sea"), &arena, &body, &err), &body, &err);
    assert_says(body, "{\"reason\":\"sold at sea\"}");
    assert_true(body_read_withdrawn(body, &arena, &reason, &err));
    assert_says(reason, "sold at sea");
    made(body_withdrawn(SPAN(""), &arena, &body, &err), &body, &err);
    assert_true(body_read_withdrawn(body, &arena, &reason, &err));
    assert_int_equal(reason.len, 0);

    made(body_settled(euros(-5), SPAN("receipt 7"), &arena, &body, &err), &body, &err);
    assert_says(
        body,
        "{\"amount\":{\"currency\":\"EUR\",\"value\":\"-0.05\"},\"reference\":\"receipt 7\"}");
    assert_true(body_read_settled(body, &arena, &settled, &err));
    assert_money(settled.amount, -5, "EUR");
    assert_says(settled.reference, "receipt 7");
    made(body_settled((struct money){ 0 }, SPAN(""), &arena, &body, &err), &body, &err);
    assert_says(body, "{}");
    assert_true(body_read_settled(body, &arena, &settled, &err));
    assert_string_equal(settled.amount.currency, "");
}

static const struct finding some_findings[] = {
    { SPAN_INIT("R-104"), SEVERITY_ERROR, SPAN_INIT("items[0].origins"),
      SPAN_INIT("each item names its country of origin"), SPAN_INIT("Say where it was made.") },
    { SPAN_INIT("R-204"), SEVERITY_WARNING, SPAN_INIT(""), SPAN_INIT("\"quoted\""), SPAN_INIT("") },
    { SPAN_INIT("R-304"), SEVERITY_NOTE, SPAN_INIT("ucr"), SPAN_INIT("a note"), SPAN_INIT("") },
};

static struct span checked_body(void)
{
    struct error err = { 0 };
    struct span body;
    struct checked checked = { some_findings, 3, 1, SPAN("1") };
    return made(body_checked(&checked, &arena, &body, &err), &body, &err);
}

static void a_checked_body_carries_all_findings(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct checked checked;
    assert_true(body_read_checked(checked_body(), &arena, &checked, &err));
    assert_int_equal(checked.findings_count, 3);
    assert_int_equal(checked.errors_count, 1);
    assert_says(checked.rules, "1");
    for (size_t i = 0; i < 3; i++) {
        assert_true(span_equal(checked.findings[i].rule, some_findings[i].rule));
        assert_int_equal(checked.findings[i].severity, some_findings[i].severity);
        assert_true(span_equal(checked.findings[i].field, some_findings[i].field));
        assert_true(span_equal(checked.findings[i].text, some_findings[i].text));
        assert_true(span_equal(checked.findings[i].hint, some_findings[i].hint));
    }
}

static struct span valued_body(void)
{
    static const struct value_line lines[] = {
        { SPAN_INIT("price 1000 USD"), { 92000, "EUR" }, { 92, 2, true }, SPAN_INIT("") },
        { SPAN_INIT("freight"), { 500, "EUR" }, { 0, 0, false }, SPAN_INIT("said twice") },
    };
    static const struct valued_item items[] = {
        { 1, { 92500, "EUR" }, lines, 2 }, { 2, { 0, "" }, NULL, 0 },
    };
    static const struct span missing[] = { SPAN_INIT("item 2 has no price") };
    struct error err = { 0 };
    struct span body;
    struct valued valued = { items, 2, { missing, 1 }, { 92500, "EUR" }, SPAN("2026-11") };
    return made(body_valued(&valued, &arena, &body, &err), &body, &err);
}

static void a_valued_body_carries_each_step_to_the_value(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct valued valued;
    assert_true(body_read_valued(valued_body(), &arena, &valued, &err));
    assert_int_equal(valued.items_count, 2);
    assert_money(valued.total, 92500, "EUR");
    assert_says(valued.rates, "2026-11");
    assert_int_equal(valued.missing.count, 1);
    assert_says(valued.missing.at[0], "item 2 has no price");
    const struct valued_item *first = &valued.items[0], *second = &valued.items[1];
    assert_int_equal(first->sequence, 1);
    assert_int_equal(first->lines_count, 2);
    assert_money(first->value, 92500, "EUR");
    assert_says(first->lines[0].text, "price 1000 USD");
    assert_money(first->lines[0].amount, 92000, "EUR");
    assert_decimal(first->lines[0].rate, 92, 2);
    assert_false(first->lines[1].rate.given);
    assert_says(first->lines[1].note, "said twice");
    assert_int_equal(second->sequence, 2);
    assert_int_equal(second->lines_count, 0);
    assert_money(second->value, 0, "");
}

static struct span assessed_body(void)
{
    static const struct duty_line lines[] = {
        { 1, SPAN_INIT("A00"), { 92500, "EUR" }, { 1110, "EUR" }, { 12, 1, true },
          SPAN_INIT("8205 40"), SPAN_INIT("half up"), SPAN_INIT("1.2 % of 925.00"), false },
        { 1, SPAN_INIT("B00"), { 93610, "EUR" }, { 17786, "EUR" }, { 0, 0, false }, SPAN_INIT(""),
          SPAN_INIT(""), SPAN_INIT("suspended"), true },
    };
    struct error err = { 0 };
    struct span body;
    struct assessed assessed = { lines, 2, { 1110, "EUR" }, SPAN("schedule 3") };
    return made(body_assessed(&assessed, &arena, &body, &err), &body, &err);
}

static void an_assessed_body_carries_each_line(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct assessed assessed;
    assert_true(body_read_assessed(assessed_body(), &arena, &assessed, &err));
    assert_int_equal(assessed.lines_count, 2);
    assert_money(assessed.total, 1110, "EUR");
    assert_says(assessed.schedule, "schedule 3");
    const struct duty_line *line = &assessed.lines[0];
    assert_int_equal(line->sequence, 1);
    assert_says(line->type, "A00");
    assert_money(line->base, 92500, "EUR");
    assert_money(line->amount, 1110, "EUR");
    assert_decimal(line->rate, 12, 1);
    assert_says(line->law, "8205 40");
    assert_says(line->rounding, "half up");
    assert_says(line->text, "1.2 % of 925.00");
    assert_false(line->suspended);
    assert_true(assessed.lines[1].suspended);
    assert_false(assessed.lines[1].rate.given);
}

static struct span scored_body(void)
{
    static const struct risk_reason reasons[] = {
        { SPAN_INIT("K-01"), SPAN_INIT("dense electronics"), 300 },
        { SPAN_INIT("K-02"), SPAN_INIT("a new trader"), 0 },
    };
    struct error err = { 0 };
    struct span body;
    struct scored scored = { .score = 1000, .reasons = reasons, .reasons_count = 2, .random = true,
                             .worth = { 4200, "JPY" }, .rules = SPAN("9"), .wants = DECISION_HOLD };
    return made(body_scored(&scored, &arena, &body, &err), &body, &err);
}

static void a_scored_body_carries_its_reasons(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct scored scored;
    assert_true(body_read_scored(scored_body(), &arena, &scored, &err));
    assert_int_equal(scored.score, 1000);
    assert_true(scored.random);
    assert_money(scored.worth, 4200, "JPY");
    assert_int_equal(scored.wants, DECISION_HOLD);
    assert_says(scored.rules, "9");
    assert_int_equal(scored.reasons_count, 2);
    assert_says(scored.reasons[0].rule, "K-01");
    assert_says(scored.reasons[0].text, "dense electronics");
    assert_int_equal(scored.reasons[0].points, 300);

    struct span body;
    struct scored nothing = { .score = 0 };
    made(body_scored(&nothing, &arena, &body, &err), &body, &err);
    assert_says(body, "{\"random\":false,\"reasons\":[],\"score\":0}");
    assert_true(body_read_scored(body, &arena, &scored, &err));
    assert_int_equal(scored.wants, DECISION_NONE);
}

static struct span decided_body(void)
{
    static const struct span reasons[] = { SPAN_INIT("chosen by lot"), SPAN_INIT("") };
    struct error err = { 0 };
    struct span body;
    return made(body_decided(DECISION_EXAMINE, true, reasons, 2, &arena, &body, &err), &body, &err);
}

static void a_decided_body_says_what_by_whom_and_why(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct decided decided;
    struct span body;
    assert_true(body_read_decided(decided_body(), &arena, &decided, &err));
    assert_int_equal(decided.decision, DECISION_EXAMINE);
    assert_true(decided.by_officer);
    assert_int_equal(decided.reasons.count, 2);
    assert_says(decided.reasons.at[0], "chosen by lot");
    for (int i = DECISION_REFUSE; i < DECISION_COUNT; i++) {
        made(body_decided((enum decision)i, false, NULL, 0, &arena, &body, &err), &body, &err);
        assert_true(body_read_decided(body, &arena, &decided, &err));
        assert_int_equal(decided.decision, i);
        assert_false(decided.by_officer);
    }
}

// --- What people at the desk and traders add ---

static struct span overruled_body(void)
{
    struct span body;
    struct error err = { 0 };
    return made(body_overruled(DECISION_EXAMINE, 6, SPAN("look again"), &arena, &body, &err), &body,
                &err);
}

static struct span requested_body(void)
{
    struct span body;
    struct error err = { 0 };
    struct requested requested = { SPAN("N380"), SPAN("the invoice of \"7 May\""),
                                   SPAN("2026-11-30") };
    return made(body_requested(&requested, &arena, &body, &err), &body, &err);
}

static struct span supplied_body(void)
{
    struct span body;
    struct error err = { 0 };
    struct attachment attachments[] = {
        { .sha256 = sha256_of(SPAN("paper")), .name = SPAN("invoice.pdf"),
          .type = SPAN("application/pdf"), .code = SPAN("N380"), .size = 70000 },
        { .sha256 = sha256_of(SPAN("")), .name = SPAN("note.txt"), .type = SPAN("text/plain") },
    };
    struct supplied supplied = { 7, SPAN("here it is"), attachments, 2 };
    return made(body_supplied(&supplied, &arena, &body, &err), &body, &err);
}

static struct span inspected_body(void)
{
    struct span body;
    struct error err = { 0 };
    struct span found[] = { SPAN("quantity"), SPAN("wrong-code") };
    struct inspected inspected = { .found = { found, 2 }, .minutes = 25, .text = SPAN("12 more"),
                                   .recovered = { .minor = 7000, .currency = "EUR" } };
    return made(body_inspected(&inspected, &arena, &body, &err), &body, &err);
}

static void a_decision_that_overrules_says_which_one(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct decided decided;
    assert_true(body_read_decided(overruled_body(), &arena, &decided, &err));
    assert_int_equal(decided.decision, DECISION_EXAMINE);
    assert_true(decided.by_officer);
    assert_int_equal(decided.overrules, 6);
    assert_says(decided.reasons.at[0], "look again");
    assert_true(body_read_decided(decided_body(), &arena, &decided, &err));
    assert_int_equal(decided.overrules, 0);
}

static void a_claim_says_from_whom_it_was_taken(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct span body, from;
    made(body_claimed(SPAN("officer:anna"), &arena, &body, &err), &body, &err);
    assert_true(body_read_claimed(body, &arena, &from, &err));
    assert_says(from, "officer:anna");
    made(body_claimed(SPAN(""), &arena, &body, &err), &body, &err);
    assert_says(body, "{}");
    assert_true(body_read_claimed(body, &arena, &from, &err));
    assert_int_equal(from.len, 0);
}

static void a_request_and_what_is_supplied_come_back(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct requested requested;
    struct supplied supplied;
    assert_true(body_read_requested(requested_body(), &arena, &requested, &err));
    assert_says(requested.code, "N380");
    assert_says(requested.text, "the invoice of \"7 May\"");
    assert_says(requested.until, "2026-11-30");
    assert_true(body_read_supplied(supplied_body(), &arena, &supplied, &err));
    assert_int_equal(supplied.request, 7);
    assert_says(supplied.text, "here it is");
    assert_int_equal(supplied.attachments_count, 2);
    assert_true(sha256_equal(supplied.attachments[0].sha256, sha256_of(SPAN("paper"))));
    assert_says(supplied.attachments[0].type, "application/pdf");
    assert_int_equal(supplied.attachments[0].size, 70000);
    assert_says(supplied.attachments[1].name, "note.txt");
    assert_int_equal(supplied.attachments[1].code.len, 0);
}

static void an_inspection_comes_back(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct inspected inspected;
    struct span body;
    assert_true(body_read_inspected(inspected_body(), &arena, &inspected, &err));
    assert_false(inspected.conforms);
    assert_int_equal(inspected.found.count, 2);
    assert_says(inspected.found.at[1], "wrong-code");
    assert_int_equal(inspected.minutes, 25);
    assert_int_equal(inspected.recovered.minor, 7000);
    struct inspected fine = { .conforms = true };
    made(body_inspected(&fine, &arena, &body, &err), &body, &err);
    assert_says(body, "{\"conforms\":true,\"minutes\":0}");
    assert_true(body_read_inspected(body, &arena, &inspected, &err));
}

// --- Damage ---

static bool read_declared(struct span body, struct error *err)
{
    struct declared declared;
    return body_read_declared(body, &arena, &declared, err);
}

static bool read_withdrawn(struct span body, struct error *err)
{
    struct span reason;
    return body_read_withdrawn(body, &arena, &reason, err);
}

static bool read_checked(struct span body, struct error *err)
{
    struct checked checked;
    return body_read_checked(body, &arena, &checked, err);
}

static bool read_valued(struct span body, struct error *err)
{
    struct valued valued;
    return body_read_valued(body, &arena, &valued, err);
}

static bool read_assessed(struct span body, struct error *err)
{
    struct assessed assessed;
    return body_read_assessed(body, &arena, &assessed, err);
}

static bool read_scored(struct span body, struct error *err)
{
    struct scored scored;
    return body_read_scored(body, &arena, &scored, err);
}

static bool read_decided(struct span body, struct error *err)
{
    struct decided decided;
    return body_read_decided(body, &arena, &decided, err);
}

static bool read_settled(struct span body, struct error *err)
{
    struct settled settled;
    return body_read_settled(body, &arena, &settled, err);
}

static bool read_claimed(struct span body, struct error *err)
{
    struct span from;
    return body_read_claimed(body, &arena, &from, err);
}

static bool read_requested(struct span body, struct error *err)
{
    struct requested requested;
    return body_read_requested(body, &arena, &requested, err);
}

static bool read_supplied(struct span body, struct error *err)
{
    struct supplied supplied;
    return body_read_supplied(body, &arena, &supplied, err);
}

static bool read_inspected(struct span body, struct error *err)
{
    struct inspected inspected;
    return body_read_inspected(body, &arena, &inspected, err);
}

struct damage_row {
    bool (*read)(struct span body, struct error *err);
    const char *body, *member; // the member that the error names
};

#define EUR(value) "{\"currency\":\"EUR\",\"value\":\"" value "\"}"

static const struct damage_row damages[] = {
    { read_declared, "{}", "digest" },
    { read_declared, "{\"declaration\":{},\"digest\":5}", "digest" },
    { read_declared, "{\"declaration\":5,\"digest\":\"" ZEROS "\"}", "declaration" },
    { read_declared, "{\"declaration\":{},\"digest\":\"" ZEROS "\"}", "digest" },
    { read_declared, "{\"dropped\":[5]}", "dropped" },
    { read_declared, "{\"reason\":[]}", "reason" },
    { read_declared, "{\"version\":\"2\"}", "version" },
    { read_withdrawn, "{\"reason\":5}", "reason" },
    { read_checked, "{}", "errors" },
    { read_checked, "{\"errors\":0}", "findings" },
    { read_checked, "{\"errors\":\"0\",\"findings\":[]}", "errors" },
    { read_checked, "{\"errors\":-1,\"findings\":[]}", "errors" },
    { read_checked, "{\"errors\":4294967296,\"findings\":[]}", "errors" },
    { read_checked, "{\"errors\":1,\"findings\":[]}", "errors" },
    { read_checked, "{\"errors\":0,\"findings\":{}}", "findings" },
    { read_checked, "{\"errors\":0,\"findings\":[5]}", "findings" },
    { read_checked, "{\"errors\":0,\"findings\":[{}]}", "severity" },
    { read_checked, "{\"errors\":0,\"findings\":[{\"severity\":\"fatal\"}]}", "severity" },
    { read_checked, "{\"errors\":0,\"findings\":[{\"severity\":\"note\",\"text\":1}]}", "text" },
    { read_checked, "{\"errors\":0,\"findings\":[],\"rules\":5}", "rules" },
    { read_valued, "{}", "items" },
    { read_valued, "{\"items\":[[]]}", "items" },
    { read_valued, "{\"items\":[{\"sequence\":1}]}", "lines" },
    { read_valued, "{\"items\":[{\"lines\":[]}]}", "sequence" },
    { read_valued, "{\"items\":[{\"lines\":[\"x\"],\"sequence\":1}]}", "lines" },
    { read_valued, "{\"items\":[{\"lines\":[{\"rate\":1}],\"sequence\":1}]}", "rate" },
    { read_valued, "{\"items\":[{\"lines\":[{\"rate\":\"1,5\"}],\"sequence\":1}]}", "rate" },
    { read_valued, "{\"items\":[{\"lines\":[{\"rate\":\"\"}],\"sequence\":1}]}", "rate" },
    { read_valued, "{\"items\":[],\"missing\":\"all\"}", "missing" },
    { read_valued, "{\"items\":[],\"missing\":[null]}", "missing" },
    { read_valued, "{\"items\":[],\"total\":\"5\"}", "total" },
    { read_valued, "{\"items\":[],\"total\":{}}", "value" },
    { read_valued, "{\"items\":[],\"total\":{\"value\":\"5.00\"}}", "currency" },
    { read_valued, "{\"items\":[],\"total\":{\"currency\":\"XYZ\",\"value\":\"5.00\"}}", "total" },
    { read_valued, "{\"items\":[],\"total\":{\"currency\":\"JPY\",\"value\":\"5.00\"}}", "total" },
    { read_valued, "{\"items\":[],\"total\":" EUR("5") "}", "total" },
    { read_valued, "{\"items\":[],\"total\":" EUR("5.005") "}", "total" },
    { read_valued, "{\"items\":[],\"total\":" EUR("five") "}", "value" },
    { read_assessed, "{}", "lines" },
    { read_assessed, "{\"lines\":[7]}", "lines" },
    { read_assessed, "{\"lines\":[{}]}", "sequence" },
    { read_assessed, "{\"lines\":[{\"sequence\":1,\"suspended\":1}]}", "suspended" },
    { read_assessed, "{\"lines\":[{\"sequence\":1,\"base\":" EUR("1.0") "}]}", "base" },
    { read_scored, "{}", "score" },
    { read_scored, "{\"score\":1}", "random" },
    { read_scored, "{\"random\":\"yes\",\"reasons\":[],\"score\":1}", "random" },
    { read_scored, "{\"random\":true,\"score\":1}", "reasons" },
    { read_scored, "{\"random\":true,\"reasons\":[],\"score\":1001}", "score" },
    { read_scored, "{\"random\":true,\"reasons\":[{}],\"score\":1}", "points" },
    { read_scored, "{\"random\":true,\"reasons\":[true],\"score\":1}", "reasons" },
    { read_scored, "{\"random\":true,\"reasons\":[],\"score\":1,\"wants\":\"none\"}", "wants" },
    { read_decided, "{}", "by" },
    { read_decided, "{\"by\":\"desk\"}", "decision" },
    { read_decided, "{\"by\":\"Desk\",\"decision\":\"hold\"}", "by" },
    { read_decided, "{\"by\":\"desk\",\"decision\":\"none\"}", "decision" },
    { read_decided, "{\"by\":\"desk\",\"decision\":\"hold\",\"reasons\":[{}]}", "reasons" },
    { read_decided, "{\"by\":\"officer\",\"decision\":\"hold\",\"overrules\":\"6\"}", "overrules" },
    { read_decided, "{\"by\":\"desk\",\"decision\":\"hold\",\"overrules\":6}", "overrules" },
    { read_settled, "{\"amount\":5}", "amount" },
    { read_claimed, "{\"from\":5}", "from" },
    { read_requested, "{}", "text" },
    { read_requested, "{\"code\":5,\"text\":\"why\"}", "code" },
    { read_requested, "{\"text\":\"why\",\"until\":\"2026-02-30\"}", "until" },
    { read_supplied, "{}", "request" },
    { read_supplied, "{\"request\":1}", "attachments" },
    { read_supplied, "{\"attachments\":[5],\"request\":1}", "attachments" },
    { read_supplied, "{\"attachments\":[{\"size\":1}],\"request\":1}", "name" },
    { read_supplied,
      "{\"attachments\":[{\"name\":\"n\",\"sha256\":\"00\",\"size\":1,\"type\":\"t\"}],"
      "\"request\":1}",
      "sha256" },
    { read_inspected, "{}", "conforms" },
    { read_inspected, "{\"conforms\":true}", "minutes" },
    { read_inspected, "{\"conforms\":true,\"found\":[\"quantity\"],\"minutes\":1}", "found" },
    { read_inspected, "{\"conforms\":false,\"minutes\":1}", "found" },
    { read_settled, "{\"reference\":5}", "reference" },
};

static void what_does_not_fit_its_kind_is_damage_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(damages); i++) {
        char says[100];
        struct error err = { 0 };
        snprintf(says, sizeof(says), "member '%s' of a fact's body does not fit its kind",
                 damages[i].member);
        if (damages[i].read(span_of(damages[i].body), &err)) fail_msg("taken: %s", damages[i].body);
        if (strcmp(err.text, says) != 0) fail_msg("%s: %s", damages[i].body, err.text);
        assert_int_equal(err.kind, ERROR_DAMAGED);
        assert_false(damages[i].read(span_of(damages[i].body), NULL));
    }
}

// Members that are not known may come from a later version.
static void what_is_not_known_is_not_looked_at(void **state)
{
    (void)state;
    struct error err = { 0 };
    assert_true(
        read_decided(SPAN("{\"by\":\"desk\",\"decision\":\"hold\",\"mood\":[1,{}]}"), &err));
    assert_true(read_withdrawn(SPAN("{\"until\":7}"), &err));
}

struct sample { struct span (*make)(void); bool (*read)(struct span body, struct error *err); };

static const struct sample samples[] = {
    { checked_body, read_checked },   { valued_body, read_valued },
    { assessed_body, read_assessed }, { scored_body, read_scored },
    { decided_body, read_decided },   { overruled_body, read_decided },
    { requested_body, read_requested }, { supplied_body, read_supplied },
    { inspected_body, read_inspected },
};

// Each value of each body is put in place of another; whatever comes of it, it is told, and in
// memory.
static void no_value_in_place_of_another_does_harm(void **state)
{
    (void)state;
    static const struct span values[] = { SPAN_INIT("null"), SPAN_INIT("true"), SPAN_INIT("5"),
                                          SPAN_INIT("-5"), SPAN_INIT("\"x\""), SPAN_INIT("[]"),
                                          SPAN_INIT("[5]"), SPAN_INIT("[{}]"), SPAN_INIT("{}") };
    uint32_t taken = 0, refused = 0;
    for (size_t s = 0; s < COUNT(samples); s++) {
        arena_reset(&arena, 0);
        struct json json;
        struct span body = samples[s].make();
        assert_true(json_read(body, &arena, &json, NULL));
        size_t mark = arena.used;
        for (uint32_t node = 0; node < json.count; node++)
            for (size_t v = 0; v < COUNT(values); v++) {
                struct error err = { 0 };
                struct text text = text_in(&arena, body.len + 16);
                size_t at = json.nodes[node].at, end = at + json.nodes[node].len;
                if (json.nodes[node].kind == JSON_STRING) at--, end++;
                text_add(&text, (struct span){ body.at, at });
                text_add(&text, values[v]);
                text_add(&text, (struct span){ body.at + end, body.len - end });
                bool fits = samples[s].read(text_span(&text), &err);
                assert_int_equal(fits, err.kind == ERROR_NONE);
                if (!fits) assert_int_equal(err.kind, ERROR_DAMAGED);
                fits ? taken++ : refused++;
                arena_reset(&arena, mark);
            }
    }
    assert_true(taken > 50);
    assert_true(refused > 500);
}

static void a_body_that_is_cut_is_damage(void **state)
{
    (void)state;
    for (size_t s = 0; s < COUNT(samples); s++) {
        struct span body = samples[s].make();
        for (size_t len = 0; len < body.len; len++) {
            struct error err = { 0 };
            assert_false(samples[s].read((struct span){ body.at, len }, &err));
            assert_string_equal(err.text, "the body of a fact is not a JSON object");
            assert_int_equal(err.kind, ERROR_DAMAGED);
        }
    }
}

static void a_full_arena_is_not_damage(void **state)
{
    (void)state;
    for (size_t s = 0; s < COUNT(samples); s++) {
        struct span body = samples[s].make();
        struct arena whole = arena;
        for (size_t size = 0;; size += 16) {
            struct error err = { 0 };
            arena = whole;
            arena.size = whole.used + size;
            if (samples[s].read(body, &err)) break;
            if (err.kind != ERROR_TOO_LARGE) fail_msg("with %zu bytes: %s", size, err.text);
            assert_true(size < (size_t)64 * KIB);
        }
        arena = whole;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(a_declared_body_carries_declaration_digest_and_what_was_dropped),
        TEST(an_amended_body_says_why_and_which_version),
        TEST(a_declaration_whose_digest_does_not_fit_is_damage),
        TEST(a_digest_alone_is_found_or_is_damage),
        TEST(a_withdrawal_and_a_settlement_come_back),
        TEST(a_checked_body_carries_all_findings),
        TEST(a_valued_body_carries_each_step_to_the_value),
        TEST(an_assessed_body_carries_each_line),
        TEST(a_scored_body_carries_its_reasons),
        TEST(a_decided_body_says_what_by_whom_and_why),
        TEST(a_decision_that_overrules_says_which_one),
        TEST(a_claim_says_from_whom_it_was_taken),
        TEST(a_request_and_what_is_supplied_come_back),
        TEST(an_inspection_comes_back),
        TEST(what_does_not_fit_its_kind_is_damage_and_named),
        TEST(what_is_not_known_is_not_looked_at),
        TEST(no_value_in_place_of_another_does_harm),
        TEST(a_body_that_is_cut_is_damage),
        TEST(a_full_arena_is_not_damage),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
