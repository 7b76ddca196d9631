#include "account/account_body.h"

#include "account/layout.h"
#include "account/password.h"
#include "base/limits.h"

#define LAYOUT(row) (struct layout){ (row), sizeof(row) / sizeof((row)[0]) }
#define TEXT(key, place) { key, place, MEMBER_TEXT, false, ACCOUNT_TEXT_MAX }
#define MAYBE_TEXT(key, place) { key, place, MEMBER_TEXT, true, ACCOUNT_TEXT_MAX }
#define OTHER(key, place, kind) { key, place, kind, false, 0 }

// Members are in byte order, as they are written.
static const struct member of_invited[] = {
    TEXT("display", offsetof(struct invited, display)),
    OTHER("ends_ms", offsetof(struct invited, ends_ms), MEMBER_MOMENT),
    { "language", offsetof(struct invited, language), MEMBER_LANGUAGE, false, 35 },
    OTHER("link", offsetof(struct invited, link), MEMBER_HASH),
    MAYBE_TEXT("organisation", offsetof(struct invited, organisation)),
    OTHER("role", offsetof(struct invited, role), MEMBER_ROLE),
};
static const struct member of_password_set[] = {
    { "hash", 0, MEMBER_PASSWORD, false, PASSWORD_KEPT_SIZE - 1 },
};
static const struct member of_passkey_added[] = {
    OTHER("algorithm", offsetof(struct passkey, algorithm), MEMBER_ALGORITHM),
    OTHER("count", offsetof(struct passkey, count), MEMBER_COUNT),
    { "credential", offsetof(struct passkey, credential), MEMBER_BYTES, false, CREDENTIAL_MAX },
    { "key", offsetof(struct passkey, public_key), MEMBER_BYTES, false, PASSKEY_KEY_MAX },
    TEXT("label", offsetof(struct passkey, label)),
};
static const struct member of_passkey_removed[] = {
    { "credential", 0, MEMBER_BYTES, false, CREDENTIAL_MAX },
};
static const struct member of_token_made[] = {
    OTHER("ends_ms", offsetof(struct token, ends_ms), MEMBER_MOMENT),
    OTHER("hash", offsetof(struct token, secret), MEMBER_HASH),
    OTHER("id", offsetof(struct token, id), MEMBER_ID),
    TEXT("label", offsetof(struct token, label)),
    OTHER("scope", offsetof(struct token, scope), MEMBER_SCOPES),
};
static const struct member of_token_ended[] = { OTHER("id", 0, MEMBER_ID) };
static const struct member of_role_given[] = {
    MAYBE_TEXT("organisation", offsetof(struct role_given, organisation)),
    OTHER("role", offsetof(struct role_given, role), MEMBER_ROLE),
};
static const struct member of_stopped[] = { MAYBE_TEXT("reason", 0) };
static const struct member of_signed_in[] = {
    TEXT("address", offsetof(struct signed_in, address)),
    TEXT("method", offsetof(struct signed_in, method)),
};
static const struct member of_turned_away[] = {
    TEXT("address", offsetof(struct turned_away, address)),
    TEXT("what", offsetof(struct turned_away, what)),
    TEXT("why", offsetof(struct turned_away, why)),
};
static const struct member of_looked[] = {
    TEXT("file", offsetof(struct looked, file)),
    TEXT("what", offsetof(struct looked, what)),
};

bool role_needs_organisation(enum role role)
{
    return role == ROLE_TRADER || role == ROLE_AGENCY;
}

static bool organisation_is_missing(enum role role, struct span organisation)
{
    return role_needs_organisation(role) && organisation.len == 0;
}

static bool refuse_without_organisation(struct error *err)
{
    error_set(err, ERROR_SYNTAX, "a trader or agency without an organisation");
    error_hint(err, "Give the trader's TIN, or the code of the agency.");
    return error_field(err, "organisation");
}

bool body_invited(const struct invited *invited, struct arena *arena, struct span *body,
                  struct error *err)
{
    if (organisation_is_missing(invited->role, invited->organisation))
        return refuse_without_organisation(err);
    return layout_write(LAYOUT(of_invited), invited, arena, body, err);
}

bool body_read_invited(struct span body, struct arena *arena, struct invited *invited,
                       struct error *err)
{
    *invited = (struct invited){ 0 };
    if (!layout_read(LAYOUT(of_invited), body, arena, invited, err)) return false;
    if (!organisation_is_missing(invited->role, invited->organisation)) return true;
    return layout_wrong("organisation", err);
}

bool body_password_set(struct span hash, struct arena *arena, struct span *body, struct error *err)
{
    return layout_write(LAYOUT(of_password_set), &hash, arena, body, err);
}

bool body_read_password_set(struct span body, struct arena *arena, struct span *hash,
                            struct error *err)
{
    *hash = (struct span){ 0 };
    return layout_read(LAYOUT(of_password_set), body, arena, hash, err);
}

bool body_passkey_added(const struct passkey *passkey, struct arena *arena, struct span *body,
                        struct error *err)
{
    if (!passkey_key_fits(passkey->public_key, passkey->algorithm)) {
        error_set(err, ERROR_SYNTAX, "the public key is not one of its algorithm");
        return error_field(err, "key");
    }
    return layout_write(LAYOUT(of_passkey_added), passkey, arena, body, err);
}

bool body_read_passkey_added(struct span body, struct arena *arena, struct passkey *passkey,
                             struct error *err)
{
    *passkey = (struct passkey){ 0 };
    if (!layout_read(LAYOUT(of_passkey_added), body, arena, passkey, err)) return false;
    if (passkey_key_fits(passkey->public_key, passkey->algorithm)) return true;
    return layout_wrong("key", err);
}

bool body_passkey_removed(struct span credential, struct arena *arena, struct span *body,
                          struct error *err)
{
    return layout_write(LAYOUT(of_passkey_removed), &credential, arena, body, err);
}

bool body_read_passkey_removed(struct span body, struct arena *arena, struct span *credential,
                               struct error *err)
{
    *credential = (struct span){ 0 };
    return layout_read(LAYOUT(of_passkey_removed), body, arena, credential, err);
}

bool body_token_made(const struct token *token, struct arena *arena, struct span *body,
                     struct error *err)
{
    return layout_write(LAYOUT(of_token_made), token, arena, body, err);
}

bool body_read_token_made(struct span body, struct arena *arena, struct token *token,
                          struct error *err)
{
    *token = (struct token){ 0 };
    return layout_read(LAYOUT(of_token_made), body, arena, token, err);
}

bool body_token_ended(const char id[TOKEN_ID_LEN + 1], struct arena *arena, struct span *body,
                      struct error *err)
{
    return layout_write(LAYOUT(of_token_ended), id, arena, body, err);
}

bool body_read_token_ended(struct span body, struct arena *arena, char id[TOKEN_ID_LEN + 1],
                           struct error *err)
{
    memset(id, 0, TOKEN_ID_LEN + 1);
    return layout_read(LAYOUT(of_token_ended), body, arena, id, err);
}

bool body_role_given(const struct role_given *given, struct arena *arena, struct span *body,
                     struct error *err)
{
    if (organisation_is_missing(given->role, given->organisation))
        return refuse_without_organisation(err);
    return layout_write(LAYOUT(of_role_given), given, arena, body, err);
}

bool body_read_role_given(struct span body, struct arena *arena, struct role_given *given,
                          struct error *err)
{
    *given = (struct role_given){ 0 };
    if (!layout_read(LAYOUT(of_role_given), body, arena, given, err)) return false;
    if (!organisation_is_missing(given->role, given->organisation)) return true;
    return layout_wrong("organisation", err);
}

bool body_stopped(struct span reason, struct arena *arena, struct span *body, struct error *err)
{
    return layout_write(LAYOUT(of_stopped), &reason, arena, body, err);
}

bool body_read_stopped(struct span body, struct arena *arena, struct span *reason,
                       struct error *err)
{
    *reason = (struct span){ 0 };
    return layout_read(LAYOUT(of_stopped), body, arena, reason, err);
}

bool body_signed_in(const struct signed_in *signed_in, struct arena *arena, struct span *body,
                    struct error *err)
{
    return layout_write(LAYOUT(of_signed_in), signed_in, arena, body, err);
}

bool body_read_signed_in(struct span body, struct arena *arena, struct signed_in *signed_in,
                         struct error *err)
{
    *signed_in = (struct signed_in){ 0 };
    return layout_read(LAYOUT(of_signed_in), body, arena, signed_in, err);
}

bool body_signed_out(struct arena *arena, struct span *body, struct error *err)
{
    return layout_write((struct layout){ 0 }, "", arena, body, err);
}

bool body_read_signed_out(struct span body, struct arena *arena, struct error *err)
{
    char nothing;
    return layout_read((struct layout){ 0 }, body, arena, &nothing, err);
}

bool body_turned_away(const struct turned_away *turned_away, struct arena *arena,
                      struct span *body, struct error *err)
{
    return layout_write(LAYOUT(of_turned_away), turned_away, arena, body, err);
}

bool body_read_turned_away(struct span body, struct arena *arena, struct turned_away *turned_away,
                           struct error *err)
{
    *turned_away = (struct turned_away){ 0 };
    return layout_read(LAYOUT(of_turned_away), body, arena, turned_away, err);
}

bool body_looked(const struct looked *looked, struct arena *arena, struct span *body,
                 struct error *err)
{
    return layout_write(LAYOUT(of_looked), looked, arena, body, err);
}

bool body_read_looked(struct span body, struct arena *arena, struct looked *looked,
                      struct error *err)
{
    *looked = (struct looked){ 0 };
    return layout_read(LAYOUT(of_looked), body, arena, looked, err);
}
