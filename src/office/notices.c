#include "office/notices.h"

#include "base/limits.h"
#include "consignment/fact_body.h"

enum {
    AT_ONCE_MAX = 8,             // facts of one append that are told
    FILE_ARENA_SIZE = 192 * MIB, // for one file; reserved, not touched
};

struct telling {
    struct office *office;
    struct audience audience;
    struct arena scratch;                // for one file
    struct arena *arena;
    struct office_notice *notices;
    uint32_t count;
};

// What was said, in words.
static bool read_words(const struct fact *fact, struct arena *arena, struct office_notice *notice,
                       struct error *err)
{
    struct decided decided;
    struct requested requested;
    struct supplied supplied;
    struct settled settled;
    struct declared declared;
    switch (fact->kind) {
    case FACT_DECIDED:
        if (!body_read_decided(fact->body, arena, &decided, err)) return false;
        notice->decision = decided.decision;
        if (decided.reasons.count > 0) notice->text = decided.reasons.at[0];
        return true;
    case FACT_REQUESTED:
        if (!body_read_requested(fact->body, arena, &requested, err)) return false;
        notice->text = requested.text;
        return true;
    case FACT_SUPPLIED:
        if (!body_read_supplied(fact->body, arena, &supplied, err)) return false;
        notice->text = supplied.text;
        return true;
    case FACT_SETTLED:
        if (!body_read_settled(fact->body, arena, &settled, err)) return false;
        notice->text = settled.reference;
        return true;
    case FACT_AMENDED:
        if (!body_read_declared(fact->body, arena, &declared, err)) return false;
        notice->text = declared.reason;
        return true;
    case FACT_WITHDRAWN: return body_read_withdrawn(fact->body, arena, &notice->text, err);
    default: return true;
    }
}

static bool tell(struct telling *t, const struct file *file, const struct view_row *now,
                 const struct fact *fact, struct error *err)
{
    struct office_notice *notice = &t->notices[t->count];
    *notice = (struct office_notice){ .at_ms = fact->at_ms, .kind = fact->kind, .fact = fact->seq,
                                      .state = (enum file_state)now->state };
    if (!read_words(fact, &t->scratch, notice, err)) return false;
    t->count++;
    return (arena_copy(t->arena, file->name, &notice->file) &&
            arena_copy(t->arena, now->functional_reference, &notice->reference) &&
            arena_copy(t->arena, notice->text, &notice->text)) ||
           error_set(err, ERROR_TOO_LARGE, "no room for the notices");
}

// Those of one append, the newest first.
static bool tell_append(struct telling *t, uint64_t position, struct error *err)
{
    struct file file;
    struct store_append *appends;
    struct view_row now;
    uint32_t count, told = 0;
    bool found;
    arena_reset(&t->scratch, 0);
    if (!office_file_at(t->office, position, &t->scratch, &file, &appends, &count, err) ||
        !views_find(office_views(t->office), file.name, &t->scratch, &now, &found, err))
        return false;
    bool others = t->audience.is_trader && !span_equal(now.declarant, t->audience.name);
    if (!found || others) return true;
    for (uint32_t seq = file.facts_count; seq >= appends[count - 1].first_seq; seq--) {
        if (told == AT_ONCE_MAX || !notice_concerns(&file, seq, t->audience, t->scratch)) continue;
        if (!tell(t, &file, &now, &file.facts[seq - 1], err)) return false;
        told++;
    }
    return true;
}

bool office_notices(struct office *office, struct audience audience, uint64_t before,
                    uint32_t limit, struct arena *arena, struct office_notice **notices,
                    uint32_t *count, uint64_t *next, struct error *err)
{
    struct telling t = { .office = office, .audience = audience, .arena = arena };
    uint64_t *positions;
    uint32_t found;
    void *room;
    if (!views_notices(office_views(office), notice_key(audience), before, limit, arena,
                       &positions, &found, err) ||
        !arena_need(arena, (size_t)found * AT_ONCE_MAX + 1, sizeof(struct office_notice), &room,
                    "the notices", err) ||
        !arena_open(&t.scratch, FILE_ARENA_SIZE, err))
        return false;
    t.notices = room;
    bool done = true;
    for (uint32_t i = 0; done && i < found; i++) done = tell_append(&t, positions[i], err);
    arena_close(&t.scratch);
    *notices = t.notices;
    *count = t.count;
    *next = found == limit ? positions[found - 1] : 0;
    return done;
}
