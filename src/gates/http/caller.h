// caller: who asks, as far as the routes need to know.
//
// The server asks the function of its settings (server.h) who a request is from: by cookie, by
// token, or nobody. Routes ask nothing else: what a role may do says the table, what is a trader's
// own says `organisation`.
#ifndef TW_GATES_HTTP_CALLER_H
#define TW_GATES_HTTP_CALLER_H

#include "account/role.h"
#include "account/token.h"
#include "base/error.h"

struct caller {
    struct span name;            // empty: nobody
    struct span organisation;    // a trader's TIN, the code of an office or agency
    enum role role;              // ROLE_NOBODY: has not signed in
    unsigned scopes;             // of enum token_scope; a session has SCOPE_ALL
    bool session;                // came by cookie: what changes something needs the CSRF token
    const char *who;             // as it stands in facts: "user:NAME"
};

struct request;

// Fills the caller; spans in the request's arena. A request without credentials is nobody's: true,
// all zeros. False, with the reason, when there are credentials and they are not good: 401.
typedef bool (*caller_finder)(void *context, struct request *request, struct caller *caller,
                              struct error *err);

#endif
