#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "consignment/fact_body.h"
#include "consignment/file.h"

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

// --- Moves: a fact of each kind, and of each decision by each who may make it ---

#define DECLARATION "{\"ucr\":\"6XM10000000-A1\"}"

enum move {
    DECLARED, AMENDED, WITHDRAWN, CHECKED, BROKEN, VALUED, ASSESSED, SCORED, SETTLED,
    OFFICER_REFUSE, OFFICER_DOCUMENTS, OFFICER_RELEASE, OFFICER_EXAMINE, OFFICER_HOLD,
    DESK_REFUSE, DESK_DOCUMENTS, DESK_RELEASE, DESK_EXAMINE, DESK_HOLD,
    OVERRULE_EXAMINE, OVERRULE_RELEASE,
    CLAIMED, CLAIMED_BY_OTHER, TAKEN_OVER, UNCLAIMED, REQUESTED, SUPPLIED, ANSWERED, INSPECTED,
    MOVES,
};

struct move_row {
    const char *name, *body;
    enum fact_kind kind;
    enum decision decision;
};

#define DECIDED(who, what, decision) \
    { who " " what, \
      "{\"by\":\"" who "\",\"decision\":\"" what "\",\"reasons\":[\"so it is\"]}", FACT_DECIDED, \
      decision }

static const struct move_row moves[MOVES] = {
    [DECLARED] = { "declared", NULL, FACT_DECLARED, DECISION_NONE },
    [AMENDED] = { "amended", NULL, FACT_AMENDED, DECISION_NONE },
    [WITHDRAWN] = { "withdrawn", "{\"reason\":\"sold at sea\"}", FACT_WITHDRAWN, DECISION_NONE },
    [CHECKED] = { "checked",
        "{\"errors\":0,\"findings\":[{\"rule\":\"R-1\",\"severity\":\"note\"},"
        "{\"rule\":\"R-3\",\"severity\":\"warning\"}]}", FACT_CHECKED, DECISION_NONE },
    [BROKEN] = { "checked, an error",
        "{\"errors\":1,\"findings\":[{\"rule\":\"R-2\",\"severity\":\"error\"}]}",
        FACT_CHECKED, DECISION_NONE },
    [VALUED] = { "valued",
        "{\"items\":[],\"missing\":[\"a rate\"],"
        "\"total\":{\"currency\":\"EUR\",\"value\":\"99.50\"}}", FACT_VALUED, DECISION_NONE },
    [ASSESSED] = { "assessed",
        "{\"lines\":[],\"total\":{\"currency\":\"EUR\",\"value\":\"12.00\"}}",
        FACT_ASSESSED, DECISION_NONE },
    [SCORED] = { "scored",
        "{\"random\":true,\"reasons\":[{\"points\":400,\"rule\":\"K-01\",\"text\":\"dense\"},"
        "{\"points\":2,\"text\":\"of no name\"},{\"points\":15,\"rule\":\"check\","
        "\"text\":\"doubts\"}],\"score\":417,\"wants\":\"examine\","
        "\"worth\":{\"currency\":\"EUR\",\"value\":\"5.00\"}}", FACT_SCORED, DECISION_NONE },
    [SETTLED] = { "settled", "{\"reference\":\"receipt 7\"}", FACT_SETTLED, DECISION_NONE },
    [OFFICER_REFUSE] = DECIDED("officer", "refuse", DECISION_REFUSE),
    [OFFICER_DOCUMENTS] = DECIDED("officer", "documents", DECISION_DOCUMENTS),
    [OFFICER_RELEASE] = DECIDED("officer", "release", DECISION_RELEASE),
    [OFFICER_EXAMINE] = DECIDED("officer", "examine", DECISION_EXAMINE),
    [OFFICER_HOLD] = DECIDED("officer", "hold", DECISION_HOLD),
    [DESK_REFUSE] = DECIDED("desk", "refuse", DECISION_REFUSE),
    [DESK_DOCUMENTS] = DECIDED("desk", "documents", DECISION_DOCUMENTS),
    [DESK_RELEASE] = DECIDED("desk", "release", DECISION_RELEASE),
    [DESK_EXAMINE] = DECIDED("desk", "examine", DECISION_EXAMINE),
    [DESK_HOLD] = DECIDED("desk", "hold", DECISION_HOLD),
    [OVERRULE_EXAMINE] = { "overrule examine", NULL, FACT_DECIDED, DECISION_EXAMINE },
    [OVERRULE_RELEASE] = { "overrule release", NULL, FACT_DECIDED, DECISION_RELEASE },
    [CLAIMED] = { "claimed", "{}", FACT_CLAIMED, DECISION_NONE },
    [CLAIMED_BY_OTHER] = { "claimed by another", "{}", FACT_CLAIMED, DECISION_NONE },
    [TAKEN_OVER] = { "taken over", "{\"from\":\"somebody\"}", FACT_CLAIMED, DECISION_NONE },
    [UNCLAIMED] = { "unclaimed", "{}", FACT_UNCLAIMED, DECISION_NONE },
    [REQUESTED] = { "requested", "{\"code\":\"N380\",\"text\":\"the invoice\"}", FACT_REQUESTED,
                    DECISION_NONE },
    [SUPPLIED] = { "supplied", "{\"attachments\":[],\"request\":0,\"text\":\"more\"}",
                   FACT_SUPPLIED, DECISION_NONE },
    [ANSWERED] = { "answered", NULL, FACT_SUPPLIED, DECISION_NONE },
    [INSPECTED] = { "inspected",
        "{\"conforms\":false,\"found\":[\"quantity\"],\"minutes\":25,"
        "\"recovered\":{\"currency\":\"EUR\",\"value\":\"70.00\"}}",
        FACT_INSPECTED, DECISION_NONE },
};

// Who says it: somebody, and for what needs two of them, another.
static struct span who_of(enum move move)
{
    return move == CLAIMED_BY_OTHER || move == TAKEN_OVER ? SPAN("another") : SPAN("somebody");
}

// Bodies that name an earlier fact of the file.
static struct span body_about(const struct file *file, enum move move)
{
    struct span body;
    struct error err = { 0 };
    uint32_t asked = file->requests_count > 0 ? file->requests[file->requests_count - 1] : 99;
    struct supplied supplied = { .request = asked };
    uint32_t decided = file->decided_seq > 0 ? file->decided_seq : 99;
    bool made = move == ANSWERED
                    ? body_supplied(&supplied, &arena, &body, &err)
                    : body_overruled(moves[move].decision, decided, SPAN("so it is better"),
                                     &arena, &body, &err);
    assert_true(made);
    return body;
}

static struct fact fact_of(const struct file *file, enum move move)
{
    const struct move_row *row = &moves[move];
    struct span body = span_of(row->body);
    struct sha256 digest = sha256_of(SPAN(DECLARATION));
    struct error err = { 0 };
    if (move == DECLARED)
        assert_true(body_declared(SPAN(DECLARATION), digest, NULL, &arena, &body, &err));
    if (move == AMENDED)
        assert_true(body_amended(SPAN(DECLARATION), digest, file->version + 1, SPAN("a slip"), NULL,
                                 &arena, &body, &err));
    if (move == OVERRULE_EXAMINE || move == OVERRULE_RELEASE || move == ANSWERED)
        body = body_about(file, move);
    return (struct fact){ .kind = row->kind, .seq = file->facts_count + 1, .at_ms = 1000,
                          .file = file->name, .who = who_of(move), .body = body };
}

static bool add(struct file *file, enum move move, struct error *err)
{
    struct fact fact = fact_of(file, move);
    return file_add(file, &fact, NULL, &arena, err);
}

static void must_add(struct file *file, enum move move)
{
    struct error err = { 0 };
    if (!add(file, move, &err)) fail_msg("%s: %s", moves[move].name, err.text);
    assert_int_equal(err.kind, ERROR_NONE);
}

static struct file opened(void)
{
    struct file file;
    struct error err = { 0 };
    assert_true(file_open(&file, SPAN("6XM10000000-A1"), &arena, &err));
    return file;
}

static struct file file_after(const enum move *story, size_t count)
{
    struct file file = opened();
    for (size_t i = 0; i < count; i++) must_add(&file, story[i]);
    return file;
}

#define AFTER(...) \
    file_after((const enum move[]){ __VA_ARGS__ }, sizeof((const enum move[]){ __VA_ARGS__ }) / \
                                                       sizeof(enum move))

// --- Stories ---

static void a_sound_declaration_is_assessed_released_and_cleared(void **state)
{
    (void)state;
    struct file file = opened();
    assert_int_equal(file.state, FILE_EMPTY);
    assert_int_equal(file.version, 0);

    must_add(&file, DECLARED);
    assert_int_equal(file.state, FILE_LODGED);
    assert_int_equal(file.version, 1);
    assert_says(file.declaration.ucr, "6XM10000000-A1");
    assert_true(sha256_equal(file.digest, sha256_of(SPAN(DECLARATION))));

    must_add(&file, CHECKED);
    assert_int_equal(file.state, FILE_ACCEPTED);
    assert_int_equal(file.findings_count, 2);
    assert_int_equal(file.errors_count, 0);
    assert_int_equal(file.warnings_count, 1);

    must_add(&file, VALUED);
    assert_int_equal(file.customs_value.minor, 9950);
    assert_string_equal(file.customs_value.currency, "EUR");
    assert_int_equal(file.missing_count, 1);
    must_add(&file, ASSESSED);
    assert_int_equal(file.state, FILE_ASSESSED);
    assert_int_equal(file.duty_total.minor, 1200);

    must_add(&file, SCORED);
    assert_int_equal(file.score, 417);
    assert_true(span_equal(file.rules, SPAN("K-01 check")));
    assert_true(file.random);
    assert_int_equal(file.worth.minor, 500);
    assert_int_equal(file.wants, DECISION_EXAMINE);

    must_add(&file, DESK_RELEASE);
    assert_int_equal(file.state, FILE_RELEASED);
    assert_int_equal(file.decision, DECISION_RELEASE);
    assert_false(file.by_officer);
    assert_says(file.decided_by, "somebody");
    assert_false(file_waits_for_officer(&file));

    must_add(&file, SETTLED);
    assert_int_equal(file.state, FILE_CLEARED);
    assert_int_equal(file.facts_count, 7);
}

static void an_officer_looks_asks_for_papers_and_lets_it_go(void **state)
{
    (void)state;
    struct file file = AFTER(DECLARED, CHECKED, VALUED, SCORED, ASSESSED, DESK_EXAMINE);
    assert_int_equal(file.state, FILE_UNDER_CONTROL);
    assert_true(file_waits_for_officer(&file));
    must_add(&file, OFFICER_DOCUMENTS);
    assert_int_equal(file.state, FILE_AWAITING_DOCUMENTS);
    assert_true(file_waits_for_officer(&file));
    must_add(&file, OFFICER_HOLD);
    assert_int_equal(file.state, FILE_HELD);
    assert_true(file_waits_for_officer(&file));
    must_add(&file, OFFICER_RELEASE);
    assert_int_equal(file.state, FILE_RELEASED);
    assert_true(file.by_officer);
    must_add(&file, OFFICER_HOLD);
    assert_int_equal(file.state, FILE_HELD);
}

static void what_breaks_a_rule_is_refused_and_may_be_lodged_again(void **state)
{
    (void)state;
    struct file file = AFTER(DECLARED, BROKEN, DESK_REFUSE);
    assert_int_equal(file.state, FILE_REFUSED);
    assert_int_equal(file.errors_count, 1);
    must_add(&file, DECLARED);
    assert_int_equal(file.state, FILE_LODGED);
    assert_int_equal(file.version, 2);
    assert_int_equal(file.errors_count, 0);
    assert_int_equal(file.decision, DECISION_NONE);
}

static void an_amendment_forgets_what_was_worked_out(void **state)
{
    (void)state;
    struct file file = AFTER(DECLARED, CHECKED, VALUED, ASSESSED, SCORED, OFFICER_HOLD, AMENDED);
    assert_int_equal(file.state, FILE_AMENDED);
    assert_int_equal(file.version, 2);
    assert_int_equal(file.facts_count, 7);
    struct file fresh = AFTER(DECLARED);
    // All that the fold remembers is as in a file that was just lodged.
    fresh.state = file.state;
    fresh.version = file.version;
    fresh.facts_count = file.facts_count;
    fresh.facts_max = file.facts_max;
    fresh.facts = file.facts;
    fresh.declaration = file.declaration;
    assert_memory_equal(&file, &fresh, sizeof(file));
}

static void the_desk_refuses_only_what_breaks_a_rule(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct file file = AFTER(DECLARED, CHECKED);
    assert_false(add(&file, DESK_REFUSE, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_string_equal(err.text, "'refuse' may not follow: the file is accepted");
    must_add(&file, OFFICER_REFUSE);
    file = AFTER(DECLARED, CHECKED, ASSESSED);
    assert_false(add(&file, DESK_REFUSE, &err));
    file = AFTER(DECLARED, CHECKED, ASSESSED, DESK_HOLD);
    assert_false(add(&file, DESK_REFUSE, &err));
}

// --- Corrections ---

// What a declarant is told who wants to amend and to withdraw; "yes" where he may.
static const char *told_of(const struct file *file, enum fact_kind kind)
{
    static struct error err;
    err = (struct error){ 0 };
    bool may = file_check_correction(file, kind, &err);
    assert_int_equal(may, file_may(file, kind, DECISION_NONE));
    assert_true(may || (err.kind == ERROR_CONFLICT && err.hint[0] != '\0'));
    return may ? "yes" : err.text;
}

static void a_declaration_is_corrected_only_until_an_officer_looks_into_it(void **state)
{
    (void)state;
    const struct { struct file file; const char *told; } rows[] = {
        { AFTER(DECLARED), "yes" },
        { AFTER(DECLARED, CHECKED, ASSESSED), "yes" },
        { AFTER(DECLARED, BROKEN, DESK_REFUSE), "yes" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_DOCUMENTS), "yes" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_DOCUMENTS, REQUESTED), "yes" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_EXAMINE), "examined or held" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_EXAMINE, INSPECTED), "examined or held" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_HOLD), "examined or held" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_HOLD, REQUESTED), "examined or held" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_RELEASE, OFFICER_HOLD), "examined or held" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_EXAMINE, OFFICER_REFUSE), "officer refused it" },
        { AFTER(DECLARED, CHECKED, OFFICER_REFUSE), "officer refused it" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_RELEASE), "goods are released" },
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_RELEASE, SETTLED), "goods are released" },
        { AFTER(DECLARED, WITHDRAWN), "the file is withdrawn" },
        // Lodged anew, it is another declaration.
        { AFTER(DECLARED, CHECKED, ASSESSED, DESK_EXAMINE, OFFICER_REFUSE, DECLARED), "yes" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_non_null(strstr(told_of(&rows[i].file, FACT_AMENDED), rows[i].told));
        assert_non_null(strstr(told_of(&rows[i].file, FACT_WITHDRAWN), rows[i].told));
    }
}

static void what_was_corrected_when_it_still_might_be_is_read_for_ever(void **state)
{
    (void)state;
    struct file file = AFTER(DECLARED, CHECKED, ASSESSED, DESK_EXAMINE, AMENDED);
    assert_int_equal(file.state, FILE_AMENDED);
    assert_int_equal(file.control_seq, 0);
}

// --- The whole table ---

struct state_row { const char *name; enum move story[8]; size_t count; };

#define STORY(name, ...) \
    { name, { __VA_ARGS__ }, sizeof((const enum move[]){ __VA_ARGS__ }) / sizeof(enum move) }

static const struct state_row states[] = {
    { "empty", { 0 }, 0 },
    STORY("lodged", DECLARED),
    STORY("amended", DECLARED, AMENDED),
    STORY("accepted", DECLARED, CHECKED),
    STORY("accepted, broken", DECLARED, BROKEN),
    STORY("refused", DECLARED, BROKEN, DESK_REFUSE),
    STORY("refused, by an officer", DECLARED, CHECKED, ASSESSED, DESK_EXAMINE, OFFICER_REFUSE),
    STORY("assessed", DECLARED, CHECKED, ASSESSED),
    STORY("awaiting-documents", DECLARED, CHECKED, ASSESSED, DESK_DOCUMENTS),
    STORY("under-control", DECLARED, CHECKED, ASSESSED, DESK_EXAMINE),
    STORY("under-control, claimed", DECLARED, CHECKED, ASSESSED, DESK_EXAMINE, CLAIMED),
    STORY("awaiting-documents, asked", DECLARED, CHECKED, ASSESSED, DESK_HOLD, REQUESTED),
    STORY("held", DECLARED, CHECKED, ASSESSED, DESK_HOLD),
    STORY("released", DECLARED, CHECKED, ASSESSED, DESK_RELEASE),
    STORY("cleared", DECLARED, CHECKED, ASSESSED, DESK_RELEASE, SETTLED),
    STORY("withdrawn", DECLARED, WITHDRAWN),
};

// Every fact that may follow in every state, and where it leads. Nothing else may.
static const char *const whole_table[] = {
    "empty: declared -> lodged",
    "lodged: amended -> amended",
    "lodged: withdrawn -> withdrawn",
    "lodged: checked -> accepted",
    "lodged: checked, an error -> accepted",
    "amended: amended -> amended",
    "amended: withdrawn -> withdrawn",
    "amended: checked -> accepted",
    "amended: checked, an error -> accepted",
    "accepted: amended -> amended",
    "accepted: withdrawn -> withdrawn",
    "accepted: valued -> accepted",
    "accepted: assessed -> assessed",
    "accepted: scored -> accepted",
    "accepted: officer refuse -> refused",
    "accepted: officer documents -> awaiting-documents",
    "accepted: desk documents -> awaiting-documents",
    "accepted, broken: amended -> amended",
    "accepted, broken: withdrawn -> withdrawn",
    "accepted, broken: officer refuse -> refused",
    "accepted, broken: desk refuse -> refused",
    "refused: declared -> lodged",
    "refused: amended -> amended",
    "refused: withdrawn -> withdrawn",
    "refused, by an officer: declared -> lodged",
    "refused, by an officer: amended -> amended",
    "refused, by an officer: withdrawn -> withdrawn",
    "refused, by an officer: overrule examine -> under-control",
    "assessed: amended -> amended",
    "assessed: withdrawn -> withdrawn",
    "assessed: scored -> assessed",
    "assessed: officer refuse -> refused",
    "assessed: officer documents -> awaiting-documents",
    "assessed: officer release -> released",
    "assessed: officer examine -> under-control",
    "assessed: officer hold -> held",
    "assessed: desk documents -> awaiting-documents",
    "assessed: desk release -> released",
    "assessed: desk examine -> under-control",
    "assessed: desk hold -> held",
    "awaiting-documents: amended -> amended",
    "awaiting-documents: withdrawn -> withdrawn",
    "awaiting-documents: officer refuse -> refused",
    "awaiting-documents: officer release -> released",
    "awaiting-documents: officer examine -> under-control",
    "awaiting-documents: officer hold -> held",
    "awaiting-documents: desk release -> released",
    "awaiting-documents: desk examine -> under-control",
    "awaiting-documents: desk hold -> held",
    "awaiting-documents: overrule examine -> under-control",
    "awaiting-documents: overrule release -> released",
    "awaiting-documents: claimed -> awaiting-documents",
    "awaiting-documents: claimed by another -> awaiting-documents",
    "awaiting-documents: requested -> awaiting-documents",
    "awaiting-documents: supplied -> awaiting-documents",
    "under-control: amended -> amended",
    "under-control: withdrawn -> withdrawn",
    "under-control: officer refuse -> refused",
    "under-control: officer documents -> awaiting-documents",
    "under-control: officer release -> released",
    "under-control: officer hold -> held",
    "under-control: desk documents -> awaiting-documents",
    "under-control: desk release -> released",
    "under-control: desk hold -> held",
    "under-control: overrule release -> released",
    "under-control: claimed -> under-control",
    "under-control: claimed by another -> under-control",
    "under-control: requested -> awaiting-documents",
    "under-control: supplied -> under-control",
    "under-control: inspected -> under-control",
    "under-control, claimed: amended -> amended",
    "under-control, claimed: withdrawn -> withdrawn",
    "under-control, claimed: officer refuse -> refused",
    "under-control, claimed: officer documents -> awaiting-documents",
    "under-control, claimed: officer release -> released",
    "under-control, claimed: officer hold -> held",
    "under-control, claimed: desk documents -> awaiting-documents",
    "under-control, claimed: desk release -> released",
    "under-control, claimed: desk hold -> held",
    "under-control, claimed: overrule release -> released",
    "under-control, claimed: taken over -> under-control",
    "under-control, claimed: unclaimed -> under-control",
    "under-control, claimed: requested -> awaiting-documents",
    "under-control, claimed: supplied -> under-control",
    "under-control, claimed: inspected -> under-control",
    "awaiting-documents, asked: amended -> amended",
    "awaiting-documents, asked: withdrawn -> withdrawn",
    "awaiting-documents, asked: officer refuse -> refused",
    "awaiting-documents, asked: officer release -> released",
    "awaiting-documents, asked: officer examine -> under-control",
    "awaiting-documents, asked: officer hold -> held",
    "awaiting-documents, asked: desk release -> released",
    "awaiting-documents, asked: desk examine -> under-control",
    "awaiting-documents, asked: desk hold -> held",
    "awaiting-documents, asked: overrule examine -> under-control",
    "awaiting-documents, asked: overrule release -> released",
    "awaiting-documents, asked: claimed -> awaiting-documents",
    "awaiting-documents, asked: claimed by another -> awaiting-documents",
    "awaiting-documents, asked: requested -> awaiting-documents",
    "awaiting-documents, asked: supplied -> awaiting-documents",
    "awaiting-documents, asked: answered -> awaiting-documents",
    "held: amended -> amended",
    "held: withdrawn -> withdrawn",
    "held: officer refuse -> refused",
    "held: officer documents -> awaiting-documents",
    "held: officer release -> released",
    "held: officer examine -> under-control",
    "held: desk documents -> awaiting-documents",
    "held: desk release -> released",
    "held: desk examine -> under-control",
    "held: overrule examine -> under-control",
    "held: overrule release -> released",
    "held: claimed -> held",
    "held: claimed by another -> held",
    "held: requested -> awaiting-documents",
    "held: supplied -> held",
    "held: inspected -> held",
    "released: settled -> cleared",
    "released: officer hold -> held",
    "released: desk hold -> held",
};

static void which_fact_may_follow_is_this_table_and_nothing_else(void **state)
{
    (void)state;
    struct text found = text_in(&arena, (size_t)16 * KIB);
    bool seen[FILE_STATE_COUNT] = { false };
    for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++) {
        struct file before = file_after(states[s].story, states[s].count);
        assert_true(
            span_starts_with(span_of(states[s].name), span_of(file_state_name(before.state))));
        seen[before.state] = true;
        for (int m = 0; m < MOVES; m++) {
            struct file file = before;
            struct error err = { 0 };
            if (add(&file, (enum move)m, &err))
                text_add_format(&found, "%s: %s -> %s\n", states[s].name, moves[m].name,
                                file_state_name(file.state));
            else assert_int_equal(err.kind, ERROR_CONFLICT);
        }
    }
    for (int i = 0; i < FILE_STATE_COUNT; i++) assert_true(seen[i]);
    struct text expected = text_in(&arena, (size_t)16 * KIB);
    for (size_t i = 0; i < sizeof(whole_table) / sizeof(whole_table[0]); i++)
        text_add_format(&expected, "%s\n", whole_table[i]);
    assert_string_equal(text_span(&found).at, text_span(&expected).at);
}

// Whether a fact fits hangs on more than its kind: who says it, and what it names.
static bool fits_by_more(int move)
{
    return move == DESK_REFUSE || (move >= OVERRULE_EXAMINE && move <= UNCLAIMED) ||
           move == ANSWERED;
}

// What file_may says is what file_add does, but for what hangs on more than the fact's kind.
static void file_may_says_what_file_add_does(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++) {
        struct file before = file_after(states[s].story, states[s].count);
        for (int m = 0; m < MOVES; m++) {
            struct file file = before;
            struct error err = { 0 };
            bool may = file_may(&before, moves[m].kind, moves[m].decision);
            bool added = add(&file, (enum move)m, &err);
            if (m == AMENDED || m == WITHDRAWN) assert_true(added || !may); // law of corrections
            else if (!fits_by_more(m) && before.state != FILE_REFUSED) assert_int_equal(may, added);
            else assert_true(may || !added);
        }
    }
}

// --- All sequences of facts ---

enum { WALK_LENGTH = 7 };

struct walk { uint64_t added, refused; };

// A fact that may not follow leaves the file as it was, to the byte; a fact that may is its last.
static void walk_on(const struct file *file, uint32_t left, struct walk *walk)
{
    size_t mark = arena.used;
    for (int m = 0; m < MOVES && left > 0; m++) {
        struct file next = *file;
        struct error err = { 0 };
        struct fact fact = fact_of(file, (enum move)m);
        if (!file_add(&next, &fact, NULL, &arena, &err)) {
            walk->refused++;
            assert_int_equal(err.kind, ERROR_CONFLICT);
            assert_true(err.text[0] != '\0' && err.hint[0] != '\0');
            assert_memory_equal(&next, file, sizeof(next));
        } else {
            walk->added++;
            assert_int_equal(err.kind, ERROR_NONE);
            assert_int_equal(next.facts_count, file->facts_count + 1);
            assert_memory_equal(&next.facts[file->facts_count], &fact, sizeof(fact));
            assert_true(next.version >= file->version && next.version <= file->version + 1);
            file_invariants(&next);
            walk_on(&next, left - 1, walk);
        }
        arena_reset(&arena, mark);
    }
}

static void no_sequence_of_facts_breaks_the_invariants(void **state)
{
    (void)state;
    struct walk walk = { 0 };
    struct file file = opened();
    walk_on(&file, WALK_LENGTH, &walk);
    print_message("%lu facts were added, %lu refused\n", walk.added, walk.refused);
    assert_true(walk.added > 5000);
    assert_true(walk.refused > 20000);
}

// --- Captures: the lines of a store, and what comes of each ---

struct capture { const char *name, *expected; };

static const struct capture captures[] = {
    { "cleared",
      "lodged, accepted, accepted, assessed, assessed, under-control, released, cleared" },
    { "refused-and-lodged-again", "lodged, accepted, refused, lodged, accepted" },
    { "amended-and-withdrawn", "lodged, accepted, amended, withdrawn, "
                               "'checked' may not follow: the file is withdrawn" },
    { "out-of-order", "'checked' may not follow: the file is empty, "
                      "fact 2 of '6XM10000042-HRT0311' where 1 is expected, "
                      "fact 3 of '6XM10000042-HRT0311' where 1 is expected" },
    { "another-form", "lodged, a fact that is kept is not in its canonical form" },
    { "file-is-a-number", "a fact that is kept is not in its canonical form, "
                          "a fact that is kept is not in its canonical form" },
    { "digest-of-another", "member 'digest' of a fact's body does not fit its kind" },
    { "findings-are-numbers", "lodged, member 'findings' of a fact's body does not fit its kind" },
    { "escapes", "lodged" },
};

static struct span capture_text(const char *name)
{
    char path[512];
    const char *root = getenv("TIDEWAITER_ROOT");
    snprintf(path, sizeof(path), "%s/src/consignment/captures/fact/%s.ndjson", root ? root : ".",
             name);
    FILE *capture = fopen(path, "r");
    if (capture == NULL) fail_msg("there is no %s", path);
    char *text = arena_take(&arena, (size_t)64 * KIB, 1);
    assert_non_null(text);
    size_t len = fread(text, 1, (size_t)64 * KIB, capture);
    assert_int_equal(fclose(capture), 0);
    return (struct span){ text, len };
}

static void what_was_kept_is_folded_line_by_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(captures) / sizeof(captures[0]); i++) {
        struct file file = { 0 };
        struct text found = text_in(&arena, KIB);
        struct span_pair rest = { .tail = capture_text(captures[i].name), .found = true };
        while (rest.tail.len > 0) {
            struct fact fact;
            struct error err = { 0 };
            rest = span_cut(rest.tail, '\n');
            bool read = fact_read(rest.head, &arena, &fact, &err);
            if (read && file.name.len == 0)
                assert_true(file_open(&file, fact.file, &arena, &err));
            if (read) read = file_add(&file, &fact, NULL, &arena, &err);
            text_add_format(&found, "%s%s", found.len > 0 ? ", " : "",
                            read ? file_state_name(file.state) : err.text);
        }
        assert_string_equal(text_span(&found).at, captures[i].expected);
    }
}

// --- Facts that do not belong ---

static void assert_damaged(struct file *file, struct fact fact, const char *says)
{
    struct error err = { 0 };
    struct file before = *file;
    assert_false(file_add(file, &fact, NULL, &arena, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_string_equal(err.text, says);
    assert_memory_equal(file, &before, sizeof(before));
}

static void a_fact_out_of_order_or_of_another_file_is_damage(void **state)
{
    (void)state;
    struct file file = AFTER(DECLARED);
    struct fact fact = fact_of(&file, CHECKED);
    fact.seq = 1;
    assert_damaged(&file, fact, "fact 1 of '6XM10000000-A1' where 2 is expected");
    fact.seq = 3;
    assert_damaged(&file, fact, "fact 3 of '6XM10000000-A1' where 2 is expected");
    fact.seq = 2;
    fact.file = SPAN("6XM10000000-A2");
    assert_damaged(&file, fact, "a fact of '6XM10000000-A2' in the file '6XM10000000-A1'");
}

static void a_body_that_does_not_fit_its_kind_is_damage(void **state)
{
    (void)state;
    for (int m = 0; m < MOVES; m++) {
        // A state in which that fact may follow, and then the body of nothing at all.
        for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++) {
            struct file file = file_after(states[s].story, states[s].count), before = file;
            struct fact fact = fact_of(&file, (enum move)m);
            struct error err = { 0 };
            if (!file_may(&file, fact.kind, moves[m].decision)) continue;
            fact.body = SPAN("[]");
            assert_false(file_add(&file, &fact, NULL, &arena, &err));
            assert_int_equal(err.kind, ERROR_DAMAGED);
            assert_string_equal(err.text, "the body of a fact is not a JSON object");
            assert_memory_equal(&file, &before, sizeof(before));
        }
    }
}

static void an_amendment_of_another_version_is_damage(void **state)
{
    (void)state;
    struct file file = AFTER(DECLARED);
    struct fact fact = fact_of(&file, AMENDED);
    struct sha256 digest = sha256_of(SPAN(DECLARATION));
    assert_true(
        body_amended(SPAN(DECLARATION), digest, 3, SPAN(""), NULL, &arena, &fact.body, NULL));
    assert_damaged(&file, fact, "version 3 of '6XM10000000-A1' where 2 is expected");
    assert_true(body_declared(SPAN(DECLARATION), digest, NULL, &arena, &fact.body, NULL));
    assert_damaged(&file, fact, "version 0 of '6XM10000000-A1' where 2 is expected");
}

static void a_declaration_that_is_handed_in_is_not_read_again(void **state)
{
    (void)state;
    struct file file = opened(), again = opened();
    struct fact fact = fact_of(&file, DECLARED);
    struct declaration handed = { .ucr = SPAN("as it was handed in") };
    struct error err = { 0 };
    assert_true(file_add(&file, &fact, &handed, &arena, &err));
    assert_says(file.declaration.ucr, "as it was handed in");
    must_add(&again, DECLARED);
    assert_true(sha256_equal(file.digest, again.digest));
    assert_int_equal(file.state, again.state);

    file = opened();
    fact.body = SPAN("{\"declaration\":{}}");
    assert_false(file_add(&file, &fact, &handed, &arena, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
}

// --- Room ---

static void a_file_takes_so_many_facts_and_no_more(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct file file = AFTER(DECLARED, CHECKED, ASSESSED, DESK_HOLD);
    struct fact fact = fact_of(&file, OFFICER_EXAMINE), other = fact_of(&file, OFFICER_HOLD);
    while (file.facts_count < FILE_FACTS_MAX) {
        struct fact *next = file.state == FILE_HELD ? &fact : &other;
        next->seq = file.facts_count + 1;
        if (!file_add(&file, next, NULL, &arena, &err)) fail_msg("%u: %s", next->seq, err.text);
    }
    for (uint32_t i = 0; i < file.facts_count; i++) assert_int_equal(file.facts[i].seq, i + 1);

    struct file before = file;
    struct fact *next = file.state == FILE_HELD ? &fact : &other;
    next->seq = file.facts_count + 1;
    assert_false(file_add(&file, next, NULL, &arena, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_memory_equal(&file, &before, sizeof(file));
}

static void a_full_arena_is_too_large_and_leaves_the_file_as_it_was(void **state)
{
    (void)state;
    struct file file = AFTER(DECLARED, CHECKED, VALUED, ASSESSED, SCORED, DESK_HOLD,
                             OFFICER_EXAMINE, OFFICER_HOLD);
    assert_int_equal(file.facts_count, file.facts_max);
    struct fact fact = fact_of(&file, AMENDED);
    struct file before = file;
    struct arena full = arena;
    full.size = arena.used + 8;
    struct error err = { 0 };
    assert_false(file_add(&file, &fact, NULL, &full, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_memory_equal(&file, &before, sizeof(file));

    struct arena room = arena;
    room.size = arena.used + 1200; // for the row of facts alone
    assert_false(file_add(&file, &fact, NULL, &room, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_memory_equal(&file, &before, sizeof(file));
}

// --- Names ---

static void a_file_has_a_name_of_some_bytes(void **state)
{
    (void)state;
    struct file file;
    struct error err = { 0 };
    char longest[FILE_NAME_MAX + 1];
    memset(longest, 'N', sizeof(longest));
    assert_true(file_open(&file, (struct span){ longest, FILE_NAME_MAX }, &arena, &err));
    assert_false(file_open(&file, (struct span){ longest, FILE_NAME_MAX + 1 }, &arena, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_false(file_open(&file, SPAN(""), &arena, &err));
    assert_string_equal(err.text, "a file's name of 0 bytes");
}

static struct span name_of(const struct declaration *declaration)
{
    struct span name = { 0 };
    struct error err = { 0 };
    if (!file_name_of(declaration, &arena, &name, &err)) fail_msg("%s", err.text);
    return name;
}

static void a_consignment_is_named_by_ucr_then_ducr_then_the_declarants_reference(void **state)
{
    (void)state;
    struct previous_document documents[] = {
        { .type_code = SPAN("N820"), .id = SPAN("T1") },
        { .type_code = SPAN("DCR"), .id = SPAN("") },
        { .type_code = SPAN("DCR"), .id = SPAN("5GB123456789000-A7") },
        { .type_code = SPAN("DCR"), .id = SPAN("5GB123456789000-B8") },
    };
    struct declaration d = { .ucr = SPAN("6XM1-a"), .functional_reference_id = SPAN("LRN7") };
    d.previous_documents.at = documents;
    d.previous_documents.count = 4;
    d.declarant.id = SPAN("XM100");
    d.submitter.id = SPAN("XM200");
    assert_says(name_of(&d), "6XM1-a");
    d.ucr = SPAN("");
    assert_says(name_of(&d), "5GB123456789000-A7");
    d.previous_documents.count = 2;
    assert_says(name_of(&d), "LRN/XM100/LRN7");
    d.declarant.id = SPAN("");
    assert_says(name_of(&d), "LRN/XM200/LRN7");
}

static void two_traders_never_share_a_name_by_their_references(void **state)
{
    (void)state;
    struct declaration a = { .functional_reference_id = SPAN("B/C") }, b = a, c = a;
    a.declarant.id = SPAN("A");
    b.declarant.id = SPAN("A/B");
    b.functional_reference_id = SPAN("C");
    c.declarant.id = SPAN("A%2FB");
    c.functional_reference_id = SPAN("C");
    assert_says(name_of(&a), "LRN/A/B/C");
    assert_says(name_of(&b), "LRN/A%2FB/C");
    assert_says(name_of(&c), "LRN/A%252FB/C");
}

static void a_consignment_that_nothing_names_is_refused(void **state)
{
    (void)state;
    struct span name;
    struct error err = { 0 };
    struct declaration d = { .functional_reference_id = SPAN("LRN7") };
    assert_false(file_name_of(&d, &arena, &name, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_string_equal(err.text, "nothing names the consignment");
    d = (struct declaration){ .declarant.id = SPAN("XM100") };
    assert_false(file_name_of(&d, &arena, &name, &err));

    d.functional_reference_id = SPAN("12345678901234567890123456789012345");
    d.declarant.id = SPAN("123456789012345678901234567890");
    assert_int_equal(name_of(&d).len, FILE_NAME_MAX);
    d.declarant.id = SPAN("1234567890123456789012345678901");
    assert_false(file_name_of(&d, &arena, &name, &err));
    assert_string_equal(err.text, "a consignment's name of 71 bytes, and at most 70 are taken");
    assert_string_equal(err.hint, "Give a UCR.");
}

static void a_consignment_may_not_have_a_name_of_the_offices_own(void **state)
{
    (void)state;
    struct span name;
    struct error err = { 0 };
    struct declaration d = { .ucr = SPAN("~user/anna") };
    assert_false(file_name_of(&d, &arena, &name, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_string_equal(err.text, "a consignment's name may not begin with '~'");
    d.ucr = SPAN("6~user");
    assert_says(name_of(&d), "6~user");
}

static void each_state_has_a_name_that_reads_as_itself(void **state)
{
    (void)state;
    enum file_state read;
    for (int i = 0; i < FILE_STATE_COUNT; i++) {
        assert_true(file_state_read(span_of(file_state_name((enum file_state)i)), &read));
        assert_int_equal(read, i);
    }
    assert_false(file_state_read(SPAN("Lodged"), &read));
    assert_false(file_state_read(SPAN(""), &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(a_sound_declaration_is_assessed_released_and_cleared),
        TEST(an_officer_looks_asks_for_papers_and_lets_it_go),
        TEST(what_breaks_a_rule_is_refused_and_may_be_lodged_again),
        TEST(an_amendment_forgets_what_was_worked_out),
        TEST(the_desk_refuses_only_what_breaks_a_rule),
        TEST(a_declaration_is_corrected_only_until_an_officer_looks_into_it),
        TEST(what_was_corrected_when_it_still_might_be_is_read_for_ever),
        TEST(which_fact_may_follow_is_this_table_and_nothing_else),
        TEST(file_may_says_what_file_add_does),
        TEST(no_sequence_of_facts_breaks_the_invariants),
        TEST(what_was_kept_is_folded_line_by_line),
        TEST(a_fact_out_of_order_or_of_another_file_is_damage),
        TEST(a_body_that_does_not_fit_its_kind_is_damage),
        TEST(an_amendment_of_another_version_is_damage),
        TEST(a_declaration_that_is_handed_in_is_not_read_again),
        TEST(a_file_takes_so_many_facts_and_no_more),
        TEST(a_full_arena_is_too_large_and_leaves_the_file_as_it_was),
        TEST(a_file_has_a_name_of_some_bytes),
        TEST(a_consignment_is_named_by_ucr_then_ducr_then_the_declarants_reference),
        TEST(two_traders_never_share_a_name_by_their_references),
        TEST(a_consignment_that_nothing_names_is_refused),
        TEST(a_consignment_may_not_have_a_name_of_the_offices_own),
        TEST(each_state_has_a_name_that_reads_as_itself),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
