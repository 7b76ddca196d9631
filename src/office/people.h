// people: the accounts of all who may come in, as they stand now.
//
// Each is a fold over the facts of "~user/NAME" (account/account.h), kept in memory and read again
// from the store whenever it changes; the names are listed on "~people". A change is a message like
// any other: what people_change returned true for is durable and sealed.
//
// A person that was found does not change while it is held: who holds one over a change sees what
// was. Any number of threads find and hold; changes are made one after the other.
#ifndef TW_OFFICE_PEOPLE_H
#define TW_OFFICE_PEOPLE_H

#include "account/account.h"
#include "office/office.h"

struct people;

struct person {
    struct account account;
    struct arena arena;                  // of its texts
    uint32_t held;                       // by so many; the list of people is one of them
};

// Reads all accounts. The office outlives the people. `now_ms` as of the office.
MUST_CHECK bool people_open(struct people **people, struct office *office,
                            int64_t (*now_ms)(void *clock), void *clock, struct error *err);
void people_close(struct people *people); // nobody is held any more; also takes NULL

uint32_t people_count(struct people *people);

// NULL when there is none: of a sign-in name; of the id in a token; of a passkey's credential. Who
// finds one lets it go again.
struct person *people_find(struct people *people, struct span name);
struct person *people_of_token(struct people *people, const char id[TOKEN_ID_LEN + 1]);
struct person *people_of_passkey(struct people *people, struct span credential);
void people_let_go(struct people *people, struct person *person); // also takes NULL

// All, by sign-in name; `each` returns false to end it.
void people_each(struct people *people,
                 bool (*each)(void *context, const struct account *account), void *context);

// Adds facts to an account: to that of somebody new where the first is INVITED. All or none.
// ERROR_SYNTAX for what is no name, ERROR_CONFLICT when a fact may not follow, or when a token or
// passkey is somebody else's already; otherwise why the office did not take it.
MUST_CHECK bool people_change(struct people *people, struct span name,
                              const struct record *records, uint32_t count, struct error *err);

#endif
