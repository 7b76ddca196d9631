#include "account/account.h"

#include <assert.h>
#include <sodium.h>

//   EMPTY --INVITED--> INVITED --PASSWORD SET, PASSKEY ADDED--> ACTIVE
//                         |                                       |
//                      STOPPED                                 STOPPED
//                         |                                       |
//                         +--------------> STOPPED <--------------+
//
//   STOPPED --STARTED--> ACTIVE, or INVITED when no way in is left.
//
// INVITED again, PASSKEY REMOVED, ROLE GIVEN, TOKEN MADE and TOKEN ENDED change no state.

enum { FIRST = FACT_INVITED, KINDS = FACT_STARTED - FACT_INVITED + 1 };

#define YES true
static const bool may_follow[ACCOUNT_STATE_COUNT][KINDS] = {
    // clang-format off
    // in turn: invited, password set, passkey added, passkey removed, token made, token ended,
    //          role given, stopped, started
    [ACCOUNT_EMPTY]   = { YES },
    [ACCOUNT_INVITED] = { YES, YES, YES, 0,   0,   YES, YES, YES, 0 },
    [ACCOUNT_ACTIVE]  = { YES, YES, YES, YES, YES, YES, YES, YES, 0 },
    [ACCOUNT_STOPPED] = { 0,   0,   0,   YES, 0,   YES, YES, 0,   YES },
    // clang-format on
};
_Static_assert(KINDS == 9, "a new fact of a person needs a column");

static const char *const state_names[ACCOUNT_STATE_COUNT] = {
    [ACCOUNT_EMPTY] = "empty",
    [ACCOUNT_INVITED] = "invited",
    [ACCOUNT_ACTIVE] = "active",
    [ACCOUNT_STOPPED] = "stopped",
};

const char *account_state_name(enum account_state state)
{
    assert(state < ACCOUNT_STATE_COUNT);
    return state_names[state];
}

const char *link_verdict_sentence(enum link_verdict verdict)
{
    static const char *const sentences[LINK_VERDICT_COUNT] = {
        [LINK_UNTOLD] = "nothing is known of this link",
        [LINK_GOOD] = "the link is good",
        [LINK_WRONG] = "the link was used, or replaced by a later one, or never made",
        [LINK_ENDED] = "the link has ended",
    };
    assert(verdict < LINK_VERDICT_COUNT);
    return sentences[verdict];
}

static bool has_way_in(const struct account *account)
{
    return account->password.len > 0 || account->passkeys_count > 0;
}

// 1. An account is empty exactly when it has no facts.
// 2. Who is somebody has a display name, a language, a role, and an organisation if the role asks.
// 3. An account is ACTIVE only with a way in, and INVITED only without.
// 4. No link waits at one that is STOPPED.
// 5. No two passkeys and no two tokens have the same id.
void account_invariants(const struct account *account)
{
    assert(account_name_fits(account->name));
    assert(account->state < ACCOUNT_STATE_COUNT);
    assert((account->state == ACCOUNT_EMPTY) == (account->facts_count == 0));
    assert(account->passkeys_count <= ACCOUNT_PASSKEYS_MAX);
    assert(account->tokens_count <= ACCOUNT_TOKENS_MAX);
    if (account->state == ACCOUNT_EMPTY) assert(account->role == ROLE_NOBODY);
    else {
        assert(account->role > ROLE_NOBODY);
        assert(account->role < ROLE_COUNT);
        assert(account->display.len > 0);
        assert(account->language.len > 0);
    }
    if (role_needs_organisation(account->role)) assert(account->organisation.len > 0);
    if (account->state == ACCOUNT_ACTIVE) assert(has_way_in(account));
    if (account->state <= ACCOUNT_INVITED) assert(!has_way_in(account));
    if (account->link_waits)
        assert(account->state == ACCOUNT_INVITED || account->state == ACCOUNT_ACTIVE);
    for (uint32_t i = 0; i < account->passkeys_count; i++)
        assert(account_passkey(account, account->passkeys[i].credential) == &account->passkeys[i]);
    for (uint32_t i = 0; i < account->tokens_count; i++)
        assert(account_token(account, account->tokens[i].id) == &account->tokens[i]);
}

// --- Names ---

static const struct span user_folder = SPAN_INIT("~user/");
static const struct span diary_folder = SPAN_INIT("~diary/");

bool account_name_fits(struct span name)
{
    if (name.len == 0 || name.len > ACCOUNT_NAME_MAX) return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool mark = c == '.' || c == '_' || c == '-';
        if (!plain && !(mark && i > 0)) return false;
    }
    return true;
}

static bool refuse_name(struct error *err)
{
    error_set(err, ERROR_SYNTAX, "this is no sign-in name");
    return error_hint(err, "Take 1 to %d of a-z, 0-9, '.', '_' and '-', the first of them a "
                      "letter or digit.", ACCOUNT_NAME_MAX);
}

bool account_file_name(struct span name, struct arena *arena, struct span *file, struct error *err)
{
    if (!account_name_fits(name)) return refuse_name(err);
    struct text text = text_in(arena, FILE_NAME_MAX);
    text_add(&text, user_folder);
    text_add(&text, name);
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the name does not fit into memory");
    *file = text_span(&text);
    return true;
}

bool account_name_of(struct span file, struct span *name)
{
    if (!span_starts_with(file, user_folder)) return false;
    *name = (struct span){ file.at + user_folder.len, file.len - user_folder.len };
    return account_name_fits(*name);
}

bool diary_file_name(int64_t at_ms, struct arena *arena, struct span *file, struct error *err)
{
    struct text text = text_in(arena, FILE_NAME_MAX);
    text_add(&text, diary_folder);
    date_write(&text, moment_date(at_ms));
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the name does not fit into memory");
    *file = text_span(&text);
    return true;
}

bool account_open(struct account *account, struct span name, struct arena *arena,
                  struct error *err)
{
    struct span copy;
    if (!account_name_fits(name)) return refuse_name(err);
    if (!arena_copy(arena, name, &copy))
        return error_set(err, ERROR_TOO_LARGE, "the account does not fit into memory");
    *account = (struct account){ .name = copy };
    account_invariants(account);
    return true;
}

// --- What is asked of one ---

bool account_may(const struct account *account, enum fact_kind kind)
{
    if (kind < FACT_INVITED || kind > FACT_STARTED) return false;
    return may_follow[account->state][kind - FACT_INVITED];
}

const struct passkey *account_passkey(const struct account *account, struct span credential)
{
    for (uint32_t i = 0; i < account->passkeys_count; i++)
        if (span_equal(account->passkeys[i].credential, credential)) return &account->passkeys[i];
    return NULL;
}

const struct token *account_token(const struct account *account, const char *id)
{
    for (uint32_t i = 0; i < account->tokens_count; i++)
        if (memcmp(account->tokens[i].id, id, TOKEN_ID_LEN) == 0) return &account->tokens[i];
    return NULL;
}

struct sha256 link_hash(struct span secret)
{
    return sha256_of(secret);
}

enum link_verdict account_check_link(const struct account *account, struct span secret,
                                     int64_t now_ms)
{
    struct sha256 hash = link_hash(secret);
    if (!account->link_waits) return LINK_WRONG;
    if (sodium_memcmp(hash.bytes, account->link.bytes, SHA256_SIZE) != 0) return LINK_WRONG;
    return now_ms < account->link_ends_ms ? LINK_GOOD : LINK_ENDED;
}

// --- The fold, by kind. Each reads all that it needs before it changes the account. ---

static bool refuse(struct error *err, const char *why, const char *hint)
{
    error_set(err, ERROR_CONFLICT, "%s", why);
    return error_hint(err, "%s", hint);
}

// Copies into the arena; the sticky `full` is asked once.
static struct span kept(struct span s, struct arena *arena, bool *full)
{
    struct span copy = { 0 };
    if (s.len > 0 && !arena_copy(arena, s, &copy)) *full = true;
    return copy;
}

static bool kept_all(bool full, struct error *err)
{
    return !full || error_set(err, ERROR_TOO_LARGE, "the account does not fit into memory");
}

static bool fold_invited(struct account *account, const struct fact *fact, struct arena *arena,
                         struct error *err)
{
    struct invited invited;
    bool full = false;
    if (!body_read_invited(fact->body, arena, &invited, err)) return false;
    bool again = account->state != ACCOUNT_EMPTY;
    if (again && (invited.role != account->role ||
                  !span_equal(invited.organisation, account->organisation)))
        return refuse(err, "a second invitation would change the role or the organisation",
                      "Give the role first, then invite again.");
    struct span display = kept(invited.display, arena, &full);
    struct span language = kept(invited.language, arena, &full);
    struct span organisation = kept(invited.organisation, arena, &full);
    if (!kept_all(full, err)) return false;
    account->display = display;
    account->language = language;
    account->organisation = organisation;
    account->role = invited.role;
    account->link = invited.link;
    account->link_ends_ms = invited.ends_ms;
    account->link_waits = true;
    if (!again) account->state = ACCOUNT_INVITED;
    return true;
}

static void enter(struct account *account)
{
    account->state = ACCOUNT_ACTIVE;
    account->link_waits = false;
}

static bool fold_password_set(struct account *account, const struct fact *fact,
                              struct arena *arena, struct error *err)
{
    struct span hash;
    bool full = false;
    if (!body_read_password_set(fact->body, arena, &hash, err)) return false;
    hash = kept(hash, arena, &full);
    if (!kept_all(full, err)) return false;
    account->password = hash;
    enter(account);
    return true;
}

static bool fold_passkey_added(struct account *account, const struct fact *fact,
                               struct arena *arena, struct error *err)
{
    struct passkey passkey;
    bool full = false;
    if (!body_read_passkey_added(fact->body, arena, &passkey, err)) return false;
    if (account_passkey(account, passkey.credential) != NULL)
        return refuse(err, "the account has this passkey", "Use another authenticator.");
    if (account->passkeys_count == ACCOUNT_PASSKEYS_MAX)
        return refuse(err, "the account has as many passkeys as it may", "Remove one first.");
    passkey.label = kept(passkey.label, arena, &full);
    if (!kept_all(full, err)) return false;
    passkey.added_ms = fact->at_ms; // its bytes are in the arena as they were read
    account->passkeys[account->passkeys_count++] = passkey;
    enter(account);
    return true;
}

static bool fold_passkey_removed(struct account *account, const struct fact *fact,
                                 struct arena *arena, struct error *err)
{
    struct span credential;
    if (!body_read_passkey_removed(fact->body, arena, &credential, err)) return false;
    const struct passkey *passkey = account_passkey(account, credential);
    if (passkey == NULL)
        return refuse(err, "the account has no such passkey", "Look at its passkeys again.");
    bool last = account->passkeys_count == 1 && account->password.len == 0;
    if (last && account->state == ACCOUNT_ACTIVE)
        return refuse(err, "this is the only way to sign in", "Add another first.");
    size_t at = (size_t)(passkey - account->passkeys);
    account->passkeys_count--;
    memmove(&account->passkeys[at], &account->passkeys[at + 1],
            (account->passkeys_count - at) * sizeof(*passkey));
    return true;
}

static bool fold_token_made(struct account *account, const struct fact *fact, struct arena *arena,
                            struct error *err)
{
    struct token token;
    bool full = false;
    if (!body_read_token_made(fact->body, arena, &token, err)) return false;
    if (account_token(account, token.id) != NULL)
        return refuse(err, "the account has a token of this id", "Make another.");
    if (account->tokens_count == ACCOUNT_TOKENS_MAX)
        return refuse(err, "the account has as many tokens as it may", "End one first.");
    token.label = kept(token.label, arena, &full);
    if (!kept_all(full, err)) return false;
    account->tokens[account->tokens_count++] = token;
    return true;
}

static bool fold_token_ended(struct account *account, const struct fact *fact,
                             struct arena *arena, struct error *err)
{
    char id[TOKEN_ID_LEN + 1];
    if (!body_read_token_ended(fact->body, arena, id, err)) return false;
    const struct token *token = account_token(account, id);
    if (token == NULL)
        return refuse(err, "the account has no such token", "Look at its tokens again.");
    size_t at = (size_t)(token - account->tokens);
    account->tokens_count--;
    memmove(&account->tokens[at], &account->tokens[at + 1],
            (account->tokens_count - at) * sizeof(*token));
    return true;
}

static bool fold_role_given(struct account *account, const struct fact *fact, struct arena *arena,
                            struct error *err)
{
    struct role_given given;
    bool full = false;
    if (!body_read_role_given(fact->body, arena, &given, err)) return false;
    struct span organisation = kept(given.organisation, arena, &full);
    if (!kept_all(full, err)) return false;
    account->role = given.role;
    account->organisation = organisation;
    return true;
}

static bool fold_stopped(struct account *account, const struct fact *fact, struct arena *arena,
                         struct error *err)
{
    struct span reason;
    if (!body_read_stopped(fact->body, arena, &reason, err)) return false;
    if (fact->kind == FACT_STOPPED) account->state = ACCOUNT_STOPPED;
    else account->state = has_way_in(account) ? ACCOUNT_ACTIVE : ACCOUNT_INVITED;
    account->link_waits = false;
    return true;
}

typedef bool fold_function(struct account *account, const struct fact *fact, struct arena *arena,
                           struct error *err);

static fold_function *const folds[KINDS] = {
    [FACT_INVITED - FIRST] = fold_invited,
    [FACT_PASSWORD_SET - FIRST] = fold_password_set,
    [FACT_PASSKEY_ADDED - FIRST] = fold_passkey_added,
    [FACT_PASSKEY_REMOVED - FIRST] = fold_passkey_removed,
    [FACT_TOKEN_MADE - FIRST] = fold_token_made,
    [FACT_TOKEN_ENDED - FIRST] = fold_token_ended,
    [FACT_ROLE_GIVEN - FIRST] = fold_role_given,
    [FACT_STOPPED - FIRST] = fold_stopped,
    [FACT_STARTED - FIRST] = fold_stopped,
};

bool account_add(struct account *account, const struct fact *fact, struct arena *arena,
                 struct error *err)
{
    account_invariants(account);
    struct span name;
    if (fact->seq != account->facts_count + 1)
        return error_set(err, ERROR_DAMAGED, "fact %u of account '" SPAN_FMT "' where %u is "
                         "expected", fact->seq, SPAN_ARG(account->name), account->facts_count + 1);
    if (!account_name_of(fact->file, &name) || !span_equal(name, account->name))
        return error_set(err, ERROR_DAMAGED, "a fact of '" SPAN_FMT "' in account '" SPAN_FMT "'",
                         SPAN_ARG(fact->file), SPAN_ARG(account->name));
    if (!account_may(account, fact->kind)) {
        error_set(err, ERROR_CONFLICT, "'%s' may not follow: the account is %s",
                  fact_kind_name(fact->kind), account_state_name(account->state));
        return error_hint(err, "Look at the account again.");
    }
    if (!folds[fact->kind - FIRST](account, fact, arena, err)) return false;
    account->facts_count++;
    account_invariants(account);
    return true;
}
