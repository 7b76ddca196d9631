// account_body: what stands in the bodies of facts of people and of days, written and read.
//
// Of "~user/NAME":
//   invited          display, ends_ms, language, link (hex SHA-256), [organisation], role
//   password-set     hash (Argon2id, password.h)
//   passkey-added    algorithm, count, credential (base64), key (base64 of its SPKI), label
//   passkey-removed  credential
//   token-made       ends_ms, hash (hex SHA-256 of the secret), id, label, scope [name]
//   token-ended      id
//   role-given       [organisation], role
//   stopped, started [reason]
// Of "~diary/DATE":
//   signed-in        address, method ("passkey")
//   signed-out       nothing
//   turned-away      address, what ("sign-in", "POST /api/v1/..."), why
//   looked           file, what ("evidence")
// Who it was, and when, stands in the fact.
//
// As of consignments (consignment/fact_body.h): canonical JSON; writers put the body into the
// arena, readers' spans point into the body or the arena; a body that does not fit its kind is
// ERROR_DAMAGED, and members that are not known are not looked at. What could not be read again is
// not written: ERROR_SYNTAX, the member named as `field`. Texts have 1 (those in brackets: 0) to
// ACCOUNT_TEXT_MAX bytes of UTF-8 without control characters.
#ifndef TW_ACCOUNT_ACCOUNT_BODY_H
#define TW_ACCOUNT_ACCOUNT_BODY_H

#include "account/passkey.h"
#include "account/role.h"
#include "account/token.h"

struct invited {
    struct span display;         // "Ada Moreau"
    struct span organisation;    // a trader's TIN, else the code of an office or agency
    struct span language;        // "fr", "pt-BR"
    enum role role;
    struct sha256 link;          // hash of what stands in the one-time link
    int64_t ends_ms;             // the link's
};

struct role_given { enum role role; struct span organisation; };
struct signed_in { struct span address, method; };
struct turned_away { struct span address, what, why; };
struct looked { struct span file, what; };

// Traders and agencies are nothing without an organisation: what they see is what is its.
bool role_needs_organisation(enum role role);

MUST_CHECK bool body_invited(const struct invited *invited, struct arena *arena,
                             struct span *body, struct error *err);
MUST_CHECK bool body_password_set(struct span hash, struct arena *arena, struct span *body,
                                  struct error *err);
MUST_CHECK bool body_passkey_added(const struct passkey *passkey, struct arena *arena,
                                   struct span *body, struct error *err); // added_ms is the fact's
MUST_CHECK bool body_passkey_removed(struct span credential, struct arena *arena,
                                     struct span *body, struct error *err);
MUST_CHECK bool body_token_made(const struct token *token, struct arena *arena,
                                struct span *body, struct error *err);
MUST_CHECK bool body_token_ended(const char id[TOKEN_ID_LEN + 1], struct arena *arena,
                                 struct span *body, struct error *err);
MUST_CHECK bool body_role_given(const struct role_given *given, struct arena *arena,
                                struct span *body, struct error *err);
MUST_CHECK bool body_stopped(struct span reason, struct arena *arena, struct span *body,
                             struct error *err); // and of STARTED
MUST_CHECK bool body_signed_in(const struct signed_in *signed_in, struct arena *arena,
                               struct span *body, struct error *err);
MUST_CHECK bool body_signed_out(struct arena *arena, struct span *body, struct error *err);
MUST_CHECK bool body_turned_away(const struct turned_away *turned_away, struct arena *arena,
                                 struct span *body, struct error *err);
MUST_CHECK bool body_looked(const struct looked *looked, struct arena *arena, struct span *body,
                            struct error *err);

MUST_CHECK bool body_read_invited(struct span body, struct arena *arena, struct invited *invited,
                                  struct error *err);
MUST_CHECK bool body_read_password_set(struct span body, struct arena *arena, struct span *hash,
                                       struct error *err);
MUST_CHECK bool body_read_passkey_added(struct span body, struct arena *arena,
                                        struct passkey *passkey, struct error *err);
MUST_CHECK bool body_read_passkey_removed(struct span body, struct arena *arena,
                                          struct span *credential, struct error *err);
MUST_CHECK bool body_read_token_made(struct span body, struct arena *arena, struct token *token,
                                     struct error *err);
MUST_CHECK bool body_read_token_ended(struct span body, struct arena *arena,
                                      char id[TOKEN_ID_LEN + 1], struct error *err);
MUST_CHECK bool body_read_role_given(struct span body, struct arena *arena,
                                     struct role_given *given, struct error *err);
MUST_CHECK bool body_read_stopped(struct span body, struct arena *arena, struct span *reason,
                                  struct error *err);
MUST_CHECK bool body_read_signed_in(struct span body, struct arena *arena,
                                    struct signed_in *signed_in, struct error *err);
MUST_CHECK bool body_read_signed_out(struct span body, struct arena *arena, struct error *err);
MUST_CHECK bool body_read_turned_away(struct span body, struct arena *arena,
                                      struct turned_away *turned_away, struct error *err);
MUST_CHECK bool body_read_looked(struct span body, struct arena *arena, struct looked *looked,
                                 struct error *err);

#endif
