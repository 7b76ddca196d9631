// Facts of people, one a line, as a store that cannot be trusted gives them back: each body fits
// its kind and is written as it was read, or is damage; the account that it is folded into keeps
// its invariants, and is untouched by what may not follow.
#include <stdio.h>
#include <stdlib.h>

#include "account/account.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "account_fuzz: %s\n", what);
    abort();
}

static void told(bool done, const struct error *err)
{
    must(done == (err->kind == ERROR_NONE), "an error is filled exactly when there is one");
    must(done || err->text[0] != '\0', "an error says why");
}

// Every reader takes every body; what it takes can be written, and is the same when read again.
#define CHECK(type, read, write)                                                                  \
    do {                                                                                          \
        type thing, other;                                                                        \
        struct span first, second;                                                                \
        struct error err = { 0 };                                                                 \
        bool done = body_read_##read(body, &arena, &thing, &err);                                 \
        told(done, &err);                                                                         \
        must(done || err.kind == ERROR_DAMAGED, "what it is: damage");                            \
        if (!done) break;                                                                         \
        must(body_##read(write thing, &arena, &first, NULL), "what was read can be written");     \
        must(body_read_##read(first, &arena, &other, NULL), "and read");                          \
        must(body_##read(write other, &arena, &second, NULL), "and written");                     \
        must(span_equal(first, second), "as the same text");                                      \
    } while (0)

static void check_bodies(struct span body, struct arena arena)
{
    CHECK(struct invited, invited, &);
    CHECK(struct span, password_set, );
    CHECK(struct passkey, passkey_added, &);
    CHECK(struct span, passkey_removed, );
    CHECK(struct token, token_made, &);
    CHECK(struct role_given, role_given, &);
    CHECK(struct span, stopped, );
    CHECK(struct signed_in, signed_in, &);
    CHECK(struct turned_away, turned_away, &);
    CHECK(struct looked, looked, &);
}

static bool is_as_it_was(const struct account *account, const struct account *before)
{
    return memcmp((const char *)account, (const char *)before, sizeof(*account)) == 0;
}

static void fold_line(struct account *account, struct span line, struct arena *arena)
{
    struct fact fact;
    if (!fact_read(line, arena, &fact, NULL)) {
        check_bodies(line, *arena);
        return;
    }
    check_bodies(fact.body, *arena);
    struct account before = *account;
    struct error err = { 0 };
    bool added = account_add(account, &fact, arena, &err);
    told(added, &err);
    must(added || err.kind == ERROR_DAMAGED || err.kind == ERROR_CONFLICT, "damage or conflict");
    must(added || is_as_it_was(account, &before), "a refused fact changes nothing");
    must(!added || account_may(&before, fact.kind), "what was taken may follow");
    account_invariants(account);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct arena arena; // opened once: to open it is slower than most facts
    static struct account account;
    struct span_pair rest = { .tail = { (const char *)data, size }, .found = true };
    if (size > (size_t)64 * KIB) return 0;
    if (arena.start == NULL && !arena_open(&arena, (size_t)64 << 20, NULL)) abort();
    must(account_open(&account, SPAN("ada"), &arena, NULL), "an account can be opened");
    for (int lines = 0; rest.found && lines < 100; lines++) {
        rest = span_cut(rest.tail, '\n');
        fold_line(&account, rest.head, &arena);
    }
    arena_reset(&arena, 0);
    return 0;
}
