// invite: makes somebody's link to come in by, once.
#ifndef TW_GATES_HTTP_INVITE_H
#define TW_GATES_HTTP_INVITE_H

#include "gates/http/door.h"

enum { INVITE_DAYS = 3 };

struct invitation {
    struct span name, display, organisation, language;
    enum role role;
};

// `who` invites: "user:anna". The link, in the arena, is the desk's address and the page that takes
// it: "http://localhost:8080/desk/signin?link=ada~0123...". Who is ACTIVE comes in by it once more.
MUST_CHECK bool invite(struct door *door, const struct invitation *invitation, const char *who,
                       struct arena *arena, struct span *link, struct error *err);

#endif
