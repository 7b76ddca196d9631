// account: who somebody is to the administration, folded from the facts of "~user/NAME".
//
// Facts in, state out, as of a consignment (consignment/file.h): account_add is the only way in and
// keeps what may follow (the table in account.c, drawn above it). What stands in the bodies is in
// account_body.h. Only an ACTIVE account signs in or uses a token.
//
// An invitation holds a one-time link: whoever opens it before it ends may set a password or add a
// passkey, and that fact ends the link. To an account that is ACTIVE it is the way back for one who
// lost his keys: the old ways in stay until they are replaced. A second invitation may correct the
// name and the language; a role changes by ROLE_GIVEN alone, so that who was given which role when
// stands in one kind of fact.
//
// While an account is ACTIVE its last way in cannot be removed. One that was stolen is removed from
// the account while it is STOPPED; started again, the account waits for an invitation if none is
// left.
#ifndef TW_ACCOUNT_ACCOUNT_H
#define TW_ACCOUNT_ACCOUNT_H

#include "account/account_body.h"
#include "base/limits.h"
#include "consignment/fact.h"

enum account_state {
    ACCOUNT_EMPTY,               // nobody
    ACCOUNT_INVITED,             // has no way to sign in yet
    ACCOUNT_ACTIVE,
    ACCOUNT_STOPPED,
    ACCOUNT_STATE_COUNT,
};

// Texts are in the arena that was given to account_add: facts and their bodies need not stay.
struct account {
    struct span name;            // the sign-in name
    enum account_state state;
    uint32_t facts_count;
    struct span display, organisation, language;
    enum role role;
    struct span password;        // Argon2id (password.h); empty when there is none
    struct passkey passkeys[ACCOUNT_PASSKEYS_MAX];
    uint32_t passkeys_count;
    struct token tokens[ACCOUNT_TOKENS_MAX]; // not those that were ended; those past their end, yes
    uint32_t tokens_count;
    bool link_waits;             // an invitation that was not used
    struct sha256 link;          // hash of what stands in it
    int64_t link_ends_ms;
};

const char *account_state_name(enum account_state state); // "active"

void account_invariants(const struct account *account);

// A sign-in name: 1 to ACCOUNT_NAME_MAX of a-z, 0-9, '.', '_' and '-', the first a letter or digit.
bool account_name_fits(struct span name);

// "~user/ada", and the name again; "~diary/2026-11-24". ERROR_SYNTAX for what is no sign-in name.
MUST_CHECK bool account_file_name(struct span name, struct arena *arena, struct span *file,
                                  struct error *err);
MUST_CHECK bool account_name_of(struct span file, struct span *name);
MUST_CHECK bool diary_file_name(int64_t at_ms, struct arena *arena, struct span *file,
                                struct error *err);

// An account without facts. The name is copied. ERROR_SYNTAX for what is no sign-in name.
MUST_CHECK bool account_open(struct account *account, struct span name, struct arena *arena,
                             struct error *err);

// Folds one more fact in. `fact->seq` must be the next, and `fact->file` this account's.
// ERROR_CONFLICT when it may not follow, ERROR_DAMAGED when it does not fit: the account is as it
// was. What is in the arena by then stays there until it is reset.
MUST_CHECK bool account_add(struct account *account, const struct fact *fact, struct arena *arena,
                            struct error *err);

// May a fact of that kind come next? (account_add may still refuse it for what it says.)
bool account_may(const struct account *account, enum fact_kind kind);

// NULL when there is none.
const struct passkey *account_passkey(const struct account *account, struct span credential);
const struct token *account_token(const struct account *account, const char *id);

enum link_verdict {
    LINK_UNTOLD,
    LINK_GOOD,
    LINK_WRONG,                  // another link, or used, or none
    LINK_ENDED,
    LINK_VERDICT_COUNT,
};

const char *link_verdict_sentence(enum link_verdict verdict);

// Is it the link of the latest invitation, not used yet, and not past its end? `secret` is what
// stands in it; of a body it is kept as link_hash makes it. Takes as long for what is almost right.
enum link_verdict account_check_link(const struct account *account, struct span secret,
                                     int64_t now_ms);
struct sha256 link_hash(struct span secret);

#endif
