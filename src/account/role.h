// role: what somebody is at the desk. What each may do says the table of routes (gates/http).
#ifndef TW_ACCOUNT_ROLE_H
#define TW_ACCOUNT_ROLE_H

#include "base/span.h"

enum role {
    ROLE_NOBODY,        // has not signed in
    ROLE_TRADER,        // lodges for his organisation, and sees its declarations alone
    ROLE_OFFICER,       // decides
    ROLE_SUPERVISOR,    // an officer who may also overrule, and take over others' tasks
    ROLE_ANALYST,       // sees all declarations, decides none
    ROLE_CONTROL_ROOM,  // sees what moves
    ROLE_AGENCY,        // a partner: sees what its agreement lets it see
    ROLE_AUDITOR,       // sees everything, changes nothing
    ROLE_ADMINISTRATOR, // invites and stops people; sees no declaration
    ROLE_COUNT,
};

// Sets of roles are `unsigned`, a bit for each: role_bit(ROLE_OFFICER) | role_bit(ROLE_SUPERVISOR).
#define role_bit(role) (1u << (role))

const char *role_name(enum role role); // "control-room"
MUST_CHECK bool role_read(struct span name, enum role *role); // not "nobody": nobody is given that

#endif
