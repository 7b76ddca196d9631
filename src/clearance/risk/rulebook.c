#include "clearance/risk/rulebook.h"

#include <assert.h>

#include "base/limits.h"
#include "base/time.h"
#include "clearance/risk/rulebook_body.h"

//   RULE WRITTEN --> off --RULE ON--> on --RULE OFF--> off
//                     ^               |
//                     +-- its end ----+
//
// RULES READ changes no rule: it says what stands in front of them.

enum { DAY_MS = 24 * 60 * 60 * 1000 };

// 1. No two rules have the same name, nor has one the name of a rule of the books that was there
//    when it was written.
// 2. Each has a text, a sentence, an owner, and does something or is on trial.
// 3. What has an end is on.
void rulebook_invariants(const struct rulebook *book)
{
    assert(book->count <= RISK_WRITTEN_MAX);
    assert(book->count <= book->facts_count);
    for (uint32_t i = 0; i < book->count; i++) {
        const struct desk_rule *rule = &book->rules[i];
        assert(rule->name.len > 0 && rule->sentence.len > 0 && rule->text.len > 0);
        assert(rulebook_rule(book, rule->name) == rule);
        assert(rule->score <= 1000);
        assert(rule->on || (rule->until.len == 0 && rule->ends_ms == RULE_NO_END));
        assert((rule->until.len == 0) == (rule->ends_ms == RULE_NO_END));
    }
}

bool rulebook_open(struct rulebook *book, struct arena *arena, struct error *err)
{
    void *rules;
    if (!arena_need(arena, RISK_WRITTEN_MAX, sizeof(struct desk_rule), &rules, "the rules", err))
        return false;
    *book = (struct rulebook){ .rules = rules };
    return true;
}

const struct desk_rule *rulebook_rule(const struct rulebook *book, struct span name)
{
    for (uint32_t i = 0; i < book->count; i++)
        if (span_equal(book->rules[i].name, name)) return &book->rules[i];
    return NULL;
}

bool desk_rule_is_on(const struct desk_rule *rule, int64_t now_ms)
{
    assert(rule != NULL);
    return rule->on && now_ms < rule->ends_ms;
}

bool desk_rule_read(struct span text, struct arena *arena, const struct risk_rules **rules,
                    struct error *err)
{
    if (!risk_rules_read(text, arena, rules, err)) return false;
    if ((*rules)->count == 1) return true;
    if ((*rules)->count == 0) error_at(err, text, text.at + text.len, "a rule is expected here");
    else error_at(err, text, (*rules)->rules[1].source.at, "a second rule begins here");
    return error_hint(err, "Write one at a time: rule K-01 \"sentence\" score 300 when ...");
}

// --- The fold, by kind. Each reads all that it needs before it changes the book. ---

// Copies into the arena; the sticky `full` is asked once.
static struct span kept(struct span s, struct arena *arena, bool *full)
{
    struct span copy = { 0 };
    if (s.len > 0 && !arena_copy(arena, s, &copy)) *full = true;
    return copy;
}

static bool kept_all(bool full, struct error *err)
{
    return !full || error_set(err, ERROR_TOO_LARGE, "the rules do not fit into memory");
}

static bool fold_rules_read(struct rulebook *book, const struct fact *fact, struct arena *arena,
                            struct error *err)
{
    struct span text;
    const struct risk_rules *rules;
    bool full = false;
    if (!body_read_rules_read(fact->body, arena, &text, err)) return false;
    text = kept(text, arena, &full);
    if (!kept_all(full, err)) return false;
    if (!risk_rules_read(text, arena, &rules, err)) return false;
    book->books = rules;
    return true;
}

static bool name_is_free(const struct rulebook *book, struct span name, struct error *err)
{
    bool taken = rulebook_rule(book, name) != NULL;
    for (uint32_t i = 0; book->books != NULL && i < book->books->count && !taken; i++)
        taken = span_equal(book->books->rules[i].name, name);
    if (!taken) return true;
    error_set(err, ERROR_CONFLICT, "there is a rule '" SPAN_FMT "' already", SPAN_ARG(name));
    return error_hint(err, "A name stands for one text for ever: write it under another.");
}

static bool fold_rule_written(struct rulebook *book, const struct fact *fact, struct arena *arena,
                              struct error *err)
{
    struct rule_written written;
    const struct risk_rules *rules;
    bool full = false;
    if (!body_read_rule_written(fact->body, arena, &written, err)) return false;
    struct span text = kept(written.text, arena, &full);
    struct span reason = kept(written.reason, arena, &full);
    struct span owner = kept(fact->who, arena, &full);
    if (!kept_all(full, err)) return false;
    struct arena scratch = *arena;
    if (!desk_rule_read(text, &scratch, &rules, err)) return false;
    struct risk_rule read = rules->rules[0];
    if (!name_is_free(book, read.name, err)) return false;
    if (book->count == RISK_WRITTEN_MAX) {
        error_set(err, ERROR_CONFLICT, "%d rules were written already", RISK_WRITTEN_MAX);
        return error_hint(err, "Put rules that have proved themselves into the books.");
    }
    book->rules[book->count++] = (struct desk_rule){
        .name = read.name, .sentence = read.text, .text = text, .score = read.score,
        .wants = read.wants, .owner = owner, .ends_ms = RULE_NO_END, .changed_ms = fact->at_ms,
        .reason = reason,
    };
    return true;
}

static bool find_rule(struct rulebook *book, struct span name, struct desk_rule **rule,
                      struct error *err)
{
    const struct desk_rule *found = rulebook_rule(book, name);
    if (found != NULL) {
        *rule = &book->rules[found - book->rules];
        return true;
    }
    error_set(err, ERROR_CONFLICT, "no rule '" SPAN_FMT "' was written at the desk",
              SPAN_ARG(name));
    return error_hint(err, "Rules of the books are changed in the books.");
}

// `until` is a day or empty: the body was read.
static int64_t end_of(struct span until)
{
    struct date date;
    struct error why;
    if (until.len == 0 || !date_read(until, &date, &why)) return RULE_NO_END;
    return ((int64_t)date.days + 1) * DAY_MS;
}

static bool fold_rule_on(struct rulebook *book, const struct fact *fact, struct arena *arena,
                         struct error *err)
{
    struct rule_switched switched;
    struct desk_rule *rule = NULL;
    bool full = false;
    if (!body_read_rule_on(fact->body, arena, &switched, err) ||
        !find_rule(book, switched.name, &rule, err))
        return false;
    if (desk_rule_is_on(rule, fact->at_ms)) {
        error_set(err, ERROR_CONFLICT, "the rule is on");
        return error_hint(err, "Switch it off first, to switch it on with another end.");
    }
    if (end_of(switched.until) <= fact->at_ms) {
        error_set(err, ERROR_CONFLICT, "its last day is over");
        error_hint(err, "Name a day to come, or none.");
        return error_field(err, "until");
    }
    struct span reason = kept(switched.reason, arena, &full);
    struct span until = kept(switched.until, arena, &full);
    if (!kept_all(full, err)) return false;
    rule->on = true;
    rule->ends_ms = end_of(until);
    rule->until = until;
    rule->reason = reason;
    rule->changed_ms = fact->at_ms;
    return true;
}

static bool fold_rule_off(struct rulebook *book, const struct fact *fact, struct arena *arena,
                          struct error *err)
{
    struct rule_switched switched;
    struct desk_rule *rule = NULL;
    bool full = false;
    if (!body_read_rule_off(fact->body, arena, &switched, err) ||
        !find_rule(book, switched.name, &rule, err))
        return false;
    if (!desk_rule_is_on(rule, fact->at_ms)) {
        error_set(err, ERROR_CONFLICT, "the rule is off");
        return error_hint(err, "Look at the rules again.");
    }
    struct span reason = kept(switched.reason, arena, &full);
    if (!kept_all(full, err)) return false;
    rule->on = false;
    rule->ends_ms = RULE_NO_END;
    rule->until = SPAN("");
    rule->reason = reason;
    rule->changed_ms = fact->at_ms;
    return true;
}

static bool fold(struct rulebook *book, const struct fact *fact, struct arena *arena,
                 struct error *err)
{
    switch (fact->kind) {
    case FACT_RULES_READ: return fold_rules_read(book, fact, arena, err);
    case FACT_RULE_WRITTEN: return fold_rule_written(book, fact, arena, err);
    case FACT_RULE_ON: return fold_rule_on(book, fact, arena, err);
    case FACT_RULE_OFF: return fold_rule_off(book, fact, arena, err);
    default: break;
    }
    return error_set(err, ERROR_DAMAGED, "a fact of kind '%s' among the rules",
                     fact_kind_name(fact->kind));
}

bool rulebook_add(struct rulebook *book, const struct fact *fact, struct arena *arena,
                  struct error *err)
{
    if (fact->seq != book->facts_count + 1)
        return error_set(err, ERROR_DAMAGED, "fact %u of the rules where %u is expected",
                         fact->seq, book->facts_count + 1);
    if (!span_equal(fact->file, RULES_FILE))
        return error_set(err, ERROR_DAMAGED, "a fact of '" SPAN_FMT "' among the rules",
                         SPAN_ARG(fact->file));
    if (!fold(book, fact, arena, err)) return false;
    book->facts_count++;
    return true;
}

// --- What is in force ---

bool rulebook_in_force(const struct rulebook *book, int64_t now_ms, struct arena *arena,
                       struct span *text, int64_t *ends_ms, struct error *err)
{
    struct span books = book->books != NULL ? book->books->text : SPAN("");
    struct text sum = text_in(arena, books.len + 1);
    text_add(&sum, books);
    *ends_ms = RULE_NO_END;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct desk_rule *rule = &book->rules[i];
        if (!desk_rule_is_on(rule, now_ms)) continue;
        text_add(&sum, SPAN("\n"));
        text_add(&sum, rule->text);
        if (rule->ends_ms < *ends_ms) *ends_ms = rule->ends_ms;
    }
    if (sum.full) return error_set(err, ERROR_TOO_LARGE, "the rules do not fit into memory");
    *text = text_span(&sum);
    return true;
}

// Was that version in force at some moment from `from_ms` until `to_ms`? Nothing is added then.
static bool find_between(const struct rulebook *book, struct span version, int64_t from_ms,
                         int64_t to_ms, struct arena *arena, struct span *text, bool *found,
                         struct error *err)
{
    int64_t at_ms = from_ms;
    char other[RULES_VERSION_SIZE];
    do {
        size_t mark = arena->used;
        if (!rulebook_in_force(book, at_ms, arena, text, &at_ms, err)) return false;
        risk_rules_version(*text, other);
        *found = span_equal(span_of(other), version);
        if (*found) return true;
        arena_reset(arena, mark);
    } while (at_ms <= to_ms && at_ms != RULE_NO_END);
    return true;
}

bool rulebook_find(const struct fact *facts, uint32_t count, struct span version, int64_t now_ms,
                   struct arena *arena, struct span *text, struct error *err)
{
    struct rulebook book;
    bool found = false;
    if (!rulebook_open(&book, arena, err)) return false;
    for (uint32_t i = 0; i < count && !found; i++) {
        int64_t to_ms = i + 1 < count ? facts[i + 1].at_ms : now_ms;
        if (!rulebook_add(&book, &facts[i], arena, err) ||
            !find_between(&book, version, facts[i].at_ms, to_ms, arena, text, &found, err))
            return false;
    }
    if (found) return true;
    return error_set(err, ERROR_NOT_FOUND, "no rules of version '" SPAN_FMT "' were in force",
                     SPAN_ARG(version));
}
