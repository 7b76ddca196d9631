#include "account/role.h"

#include <assert.h>

static const struct span names[ROLE_COUNT] = {
    [ROLE_NOBODY] = SPAN_INIT("nobody"),
    [ROLE_TRADER] = SPAN_INIT("trader"),
    [ROLE_OFFICER] = SPAN_INIT("officer"),
    [ROLE_SUPERVISOR] = SPAN_INIT("supervisor"),
    [ROLE_ANALYST] = SPAN_INIT("analyst"),
    [ROLE_CONTROL_ROOM] = SPAN_INIT("control-room"),
    [ROLE_AGENCY] = SPAN_INIT("agency"),
    [ROLE_AUDITOR] = SPAN_INIT("auditor"),
    [ROLE_ADMINISTRATOR] = SPAN_INIT("administrator"),
};

const char *role_name(enum role role)
{
    assert(role < ROLE_COUNT);
    return names[role].at;
}

bool role_read(struct span name, enum role *role)
{
    for (int i = ROLE_NOBODY + 1; i < ROLE_COUNT; i++) {
        if (!span_equal(names[i], name)) continue;
        *role = (enum role)i;
        return true;
    }
    return false;
}
