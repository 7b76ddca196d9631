// sign_in: what the ways of coming in have in common.
#ifndef TW_GATES_HTTP_SIGN_IN_H
#define TW_GATES_HTTP_SIGN_IN_H

#include "account/account.h"
#include "gates/http/request.h"

// Somebody is who he says: starts a session, tells the throttle, replies with it. `verified` by a
// passkey, or by what counts as one; `method` stands in the diary.
void sign_in_let(struct request *request, const struct account *account, bool verified,
                 const char *method);

#endif
