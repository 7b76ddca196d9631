// Facts of officers' rules, one a line, as a store that cannot be trusted gives them back: each
// body fits its kind and is written as it was read, or is damage; the book that they are folded
// into keeps its invariants, is untouched by what may not follow, and what it says is in force can
// be found again by its version.
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "clearance/risk/rulebook.h"
#include "clearance/risk/rulebook_body.h"

enum { ARENA_SIZE = 96 * MIB, TEXT_MAX = 32 * KIB, LINES_MAX = 40 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "rulebook_fuzz: %s\n", what);
    abort();
}

static void told(bool done, const struct error *err)
{
    must(done == (err->kind == ERROR_NONE), "an error is filled exactly when there is one");
    must(done || err->text[0] != '\0', "an error says why");
}

// Every reader takes every body; what it takes can be written, and is the same when read again.
#define CHECK(type, name, write)                                                                  \
    do {                                                                                          \
        type thing, other;                                                                        \
        struct span first, second;                                                                \
        struct error err = { 0 };                                                                 \
        bool done = body_read_##name(body, &arena, &thing, &err);                                 \
        told(done, &err);                                                                         \
        must(done || err.kind == ERROR_DAMAGED, "what it is: damage");                            \
        if (!done) break;                                                                         \
        must(body_##name(write thing, &arena, &first, NULL), "what was read can be written");     \
        must(body_read_##name(first, &arena, &other, NULL), "and read");                          \
        must(body_##name(write other, &arena, &second, NULL), "and written");                     \
        must(span_equal(first, second), "as the same text");                                      \
    } while (0)

static void check_bodies(struct span body, struct arena arena)
{
    CHECK(struct span, rules_read, );
    CHECK(struct rule_written, rule_written, &);
    CHECK(struct rule_switched, rule_on, &);
    CHECK(struct rule_switched, rule_off, &);
}

static void fold_line(struct rulebook *book, struct span line, struct fact *facts,
                      struct arena *arena)
{
    struct fact fact;
    if (!fact_read(line, arena, &fact, NULL)) {
        check_bodies(line, *arena);
        return;
    }
    check_bodies(fact.body, *arena);
    struct rulebook before = *book;
    struct error err = { 0 };
    bool added = rulebook_add(book, &fact, arena, &err);
    told(added, &err);
    must(added || err.kind == ERROR_DAMAGED || err.kind == ERROR_CONFLICT ||
             err.kind == ERROR_SYNTAX || err.kind == ERROR_TOO_LARGE, "a refusal of its kind");
    must(added || memcmp((const char *)book, (const char *)&before, sizeof(before)) == 0,
         "a refused fact changes nothing");
    if (added) facts[book->facts_count - 1] = fact;
    rulebook_invariants(book);
}

static void check_in_force(const struct rulebook *book, const struct fact *facts,
                           struct arena *arena)
{
    struct span text, found;
    int64_t ends_ms;
    char version[RULES_VERSION_SIZE];
    if (book->facts_count == 0) return;
    int64_t now_ms = facts[book->facts_count - 1].at_ms;
    must(rulebook_in_force(book, now_ms, arena, &text, &ends_ms, NULL), "something is in force");
    must(ends_ms > now_ms, "until later");
    risk_rules_version(text, version);
    must(rulebook_find(facts, book->facts_count, span_of(version), now_ms, arena, &found, NULL),
         "its version is found");
    must(span_equal(text, found), "and is the same text");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct arena arena; // opened once: to open it is slower than most facts
    static struct fact facts[LINES_MAX];
    struct rulebook book;
    struct span_pair rest = { .tail = { (const char *)data, size }, .found = true };
    if (size > TEXT_MAX) return 0;
    if (arena.start == NULL && !arena_open(&arena, ARENA_SIZE, NULL)) abort();
    must(rulebook_open(&book, &arena, NULL), "a book can be opened");
    for (int lines = 0; rest.found && lines < LINES_MAX; lines++) {
        rest = span_cut(rest.tail, '\n');
        fold_line(&book, rest.head, facts, &arena);
    }
    check_in_force(&book, facts, &arena);
    arena_reset(&arena, 0);
    return 0;
}
