// new_passkey: challenges, and a passkey that is being made: for who comes by a link and for who is
// in already.
#ifndef TW_GATES_HTTP_NEW_PASSKEY_H
#define TW_GATES_HTTP_NEW_PASSKEY_H

#include "account/account.h"
#include "gates/http/asked.h"
#include "office/office.h"

// Writes the members "challenge", a fresh one of the door's, and "rpId". False: it does not fit.
MUST_CHECK bool challenge_write(struct request *request, struct json_writer *w);

// What an answer was to be an answer to: its challenge must be one of ours that was not used.
MUST_CHECK bool challenge_use(struct request *request, struct span client_data,
                              struct passkey_asked *asks);

// Replies 200 with what a browser makes a passkey for that account by: PasskeyCreation.
void reply_creation(struct request *request, const struct account *account);

// Checks the passkey in the body, members "credential", "clientData", "authenticatorData",
// "publicKey", "algorithm" and "label"; fills kind and body of PASSKEY ADDED. ERROR_CONFLICT says
// what does not fit.
MUST_CHECK bool asked_passkey(const struct asked *asked, struct record *record,
                              struct error *err);

#endif
