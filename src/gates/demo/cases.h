// cases: which declarations of the season wait for somebody, and whose turn it is next.
//
//   NOBODY --an officer of ours claims--> OFFICER --he asks--> TRADER --he answers--> OFFICER ...
//
// What is asked of a trader whom people play (`played`) waits for them for days.
//
// Nothing of it is kept: it follows from the rows that the office tells of, or that the views have
// at the start. What people at the desk have in hand is theirs alone (PERSON) and never due, but
// for the trader's answer when they ask for something. One thread at a time.
#ifndef TW_GATES_DEMO_CASES_H
#define TW_GATES_DEMO_CASES_H

#include "base/time.h"
#include "office/office.h"

enum { CASES_MAX = 4096 };

#define SIMULATED_WHO "simulated:"

enum turn { TURN_NOBODY, TURN_OFFICER, TURN_TRADER, TURN_PERSON };

struct one_case {
    uint64_t number;             // of the declaration in its season
    enum turn turn;
    int64_t since_ms, due_ms;    // PERSON, NOBODY: never due
    bool is_played;              // the trader is, whose turn it is
    char file[40];
};

struct cases {
    uint64_t seed;
    struct one_case *list;       // CASES_MAX
    uint32_t count;
    uint32_t hurry;              // everything takes as many times less
    struct span *played;         // traders whom people play
    uint32_t played_count;
};

// A row as it is now: whose turn it is, and when it is due, counted from `now_ms`. Rows beyond
// CASES_MAX are left to the people.
void cases_hear(struct cases *cases, uint64_t number, const struct view_row *row, int64_t now_ms);

// What is due first; NULL when nothing ever is. The one that waits longest in nobody's hands.
struct one_case *cases_due(struct cases *cases);
struct one_case *cases_oldest(struct cases *cases);
uint32_t cases_count(const struct cases *cases, enum turn turn);

void cases_drop(struct cases *cases, struct one_case *one);

// From now on everything takes `hurry` times less, also what is under way.
void cases_hurry(struct cases *cases, uint32_t hurry, int64_t now_ms);

#endif
