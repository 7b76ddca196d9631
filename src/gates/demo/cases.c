#include "gates/demo/cases.h"

#include <assert.h>
#include <string.h>

#include "port/chance.h"

enum { MINUTE_MS = 60 * 1000, PLAYED_MS = 2 * 24 * 60 * MINUTE_MS };

// How long somebody takes, by the season's clock.
static int64_t minutes_for(const struct cases *cases, uint64_t number, uint32_t facts,
                           enum turn turn)
{
    struct chance chance = chance_of(cases->seed, CHANCE_OFFICE, number * 64 + facts);
    return turn == TURN_TRADER ? chance_between(&chance, 45, 480)
                               : chance_between(&chance, 15, 120);
}

static enum turn turn_of(const struct view_row *row)
{
    if (row->requests_open > 0) return TURN_TRADER;
    if (row->claimed_by.len == 0) return TURN_NOBODY;
    return span_starts_with(row->claimed_by, SPAN(SIMULATED_WHO)) ? TURN_OFFICER : TURN_PERSON;
}

static bool is_played(const struct cases *cases, struct span trader)
{
    for (uint32_t i = 0; i < cases->played_count; i++)
        if (span_equal(cases->played[i], trader)) return true;
    return false;
}

static struct one_case *find(struct cases *cases, uint64_t number)
{
    for (uint32_t i = 0; i < cases->count; i++)
        if (cases->list[i].number == number) return &cases->list[i];
    return NULL;
}

void cases_drop(struct cases *cases, struct one_case *one)
{
    assert(one >= cases->list);
    assert(one < cases->list + cases->count);
    *one = cases->list[--cases->count];
}

void cases_hear(struct cases *cases, uint64_t number, const struct view_row *row, int64_t now_ms)
{
    struct one_case *one = find(cases, number);
    assert(cases->hurry > 0);
    if (!row->waits) {
        if (one != NULL) cases_drop(cases, one);
        return;
    }
    if (row->file.len >= sizeof(one->file)) return;
    if (one == NULL) {
        if (cases->count == CASES_MAX) return;
        one = &cases->list[cases->count++];
        *one = (struct one_case){ .number = number, .since_ms = row->lodged_ms };
        memcpy(one->file, row->file.at, row->file.len);
    }
    one->turn = turn_of(row);
    int64_t minutes = minutes_for(cases, number, row->facts_count, one->turn);
    bool ever = one->turn == TURN_OFFICER || one->turn == TURN_TRADER;
    one->is_played = one->turn == TURN_TRADER && is_played(cases, row->declarant);
    one->due_ms = !ever             ? INT64_MAX
                  : one->is_played ? now_ms + PLAYED_MS
                                   : now_ms + minutes * MINUTE_MS / cases->hurry;
}

struct one_case *cases_due(struct cases *cases)
{
    struct one_case *first = NULL;
    for (uint32_t i = 0; i < cases->count; i++) {
        struct one_case *one = &cases->list[i];
        if (one->due_ms != INT64_MAX && (first == NULL || one->due_ms < first->due_ms))
            first = one;
    }
    return first;
}

struct one_case *cases_oldest(struct cases *cases)
{
    struct one_case *oldest = NULL;
    for (uint32_t i = 0; i < cases->count; i++) {
        struct one_case *one = &cases->list[i];
        if (one->turn == TURN_NOBODY && (oldest == NULL || one->since_ms < oldest->since_ms))
            oldest = one;
    }
    return oldest;
}

uint32_t cases_count(const struct cases *cases, enum turn turn)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < cases->count; i++) count += cases->list[i].turn == turn;
    return count;
}

void cases_hurry(struct cases *cases, uint32_t hurry, int64_t now_ms)
{
    assert(hurry > 0);
    for (uint32_t i = 0; i < cases->count; i++) {
        struct one_case *one = &cases->list[i];
        if (one->due_ms != INT64_MAX && one->due_ms > now_ms && !one->is_played)
            one->due_ms = now_ms + (one->due_ms - now_ms) * cases->hurry / hurry;
    }
    cases->hurry = hurry;
}
