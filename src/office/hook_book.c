#include "office/hook_book.h"

#include "base/limits.h"
#include "consignment/body.h"

// A hook is a row of the book from SET UP to ENDED; between them it stops and starts.
//
//   SET UP --> works --STOPPED--> is stopped --ENDED--> gone
//                ^                    |
//                +------STARTED-------+

static const struct span book_file = SPAN_INIT("~hooks");

enum { FACT_ROOM = 8 * KIB };

// --- Writing -------------------------------------------------------------------------------------

static bool keep(struct office *office, enum fact_kind kind, struct json_writer *w,
                 struct span who, struct error *err)
{
    struct answer answer;
    struct record record = { .kind = kind, .who = who };
    struct message message = { .kind = MESSAGE_OWN, .who = "office:hooks", .file = book_file,
                               .records = &record, .records_count = 1, .after = ANY_FACTS };
    if (!body_close(w, &record.body, err) ||
        !office_send(office, &message, NULL, NULL, w->text.arena, &answer, err))
        return false;
    if (answer.kind == ANSWER_LODGED) return true;
    *err = answer.err;
    return false;
}

bool hook_book_set_up(struct office *office, const struct hook_entry *entry, struct span who,
                      struct error *err)
{
    _Alignas(16) char memory[FACT_ROOM];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text after = text_in(&arena, 32);
    struct json_writer w = body_open(&arena, 1024);
    text_add_u64(&after, entry->after);
    body_put_text(&w, "after", text_span(&after)); // an event's id is a text
    body_put_text(&w, "id", entry->id);
    body_put_text(&w, "organisation", entry->organisation);
    body_put_text(&w, "url", entry->url);
    return keep(office, FACT_HOOK_SET_UP, &w, who, err);
}

bool hook_book_stop(struct office *office, struct span id, struct span why, struct span who,
                    struct error *err)
{
    _Alignas(16) char memory[FACT_ROOM];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json_writer w = body_open(&arena, 512);
    body_put_text(&w, "id", id);
    body_put_text(&w, "why", why);
    return keep(office, FACT_HOOK_STOPPED, &w, who, err);
}

static bool keep_id(struct office *office, enum fact_kind kind, struct span id, struct span who,
                    struct error *err)
{
    _Alignas(16) char memory[FACT_ROOM];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json_writer w = body_open(&arena, 128);
    body_put_text(&w, "id", id);
    return keep(office, kind, &w, who, err);
}

bool hook_book_start(struct office *office, struct span id, struct span who, struct error *err)
{
    return keep_id(office, FACT_HOOK_STARTED, id, who, err);
}

bool hook_book_end(struct office *office, struct span id, struct span who, struct error *err)
{
    return keep_id(office, FACT_HOOK_ENDED, id, who, err);
}

// --- Reading -------------------------------------------------------------------------------------

struct book { struct hook_entry *entries; uint32_t count; };

static void fold_set_up(struct book *book, const struct fact *fact, struct members *m)
{
    struct hook_entry *entry = &book->entries[book->count];
    struct span after = members_text(m, 0, "after", NEEDED);
    *entry = (struct hook_entry){ .made_ms = fact->at_ms };
    entry->id = members_text(m, 0, "id", NEEDED);
    entry->organisation = members_text(m, 0, "organisation", NEEDED);
    entry->url = members_text(m, 0, "url", NEEDED);
    if (!span_to_u64(after, &entry->after)) members_wrong(m, "after");
    if (entry->id.len != HOOK_ID_LEN) members_wrong(m, "id");
    book->count++;
}

static bool fold(struct book *book, const struct fact *fact, struct arena *arena,
                 struct error *err)
{
    struct members m;
    if (!members_open(&m, fact->body, arena, err)) return false;
    if (fact->kind == FACT_HOOK_SET_UP) {
        fold_set_up(book, fact, &m);
        return members_ok(&m, err);
    }
    struct span id = members_text(&m, 0, "id", NEEDED);
    uint32_t at = 0;
    while (at < book->count && !span_equal(book->entries[at].id, id)) at++;
    if (at == book->count) return members_ok(&m, err); // it ended twice, in a race of two
    struct hook_entry *entry = &book->entries[at];
    switch (fact->kind) {
    case FACT_HOOK_STOPPED: entry->stopped = members_text(&m, 0, "why", NEEDED); break;
    case FACT_HOOK_STARTED: entry->stopped = SPAN(""); break;
    case FACT_HOOK_ENDED:
        book->count--;
        memmove(entry, entry + 1, (book->count - at) * sizeof(*entry));
        break;
    default:
        return error_set(err, ERROR_DAMAGED, "a fact '%s' among those of the webhooks",
                         fact_kind_name(fact->kind));
    }
    return members_ok(&m, err);
}

bool hook_book_read(struct office *office, struct arena *arena, struct hook_entry **entries,
                    uint32_t *count, struct error *err)
{
    struct fact *facts = NULL;
    struct book book = { 0 };
    uint32_t facts_count;
    void *room;
    if (!office_own(office, book_file, arena, &facts, &facts_count, err)) return false;
    if (!arena_need(arena, facts_count + 1, sizeof(*book.entries), &room, "the webhooks", err))
        return false;
    book.entries = room;
    for (uint32_t i = 0; i < facts_count; i++)
        if (!fold(&book, &facts[i], arena, err)) return false;
    *entries = book.entries;
    *count = book.count;
    return true;
}
