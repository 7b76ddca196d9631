#include "gates/http/act.h"

#include <assert.h>

#include "gates/http/own.h"
#include "gates/http/shown.h"

void act_add(struct act *act, enum fact_kind kind, struct span body)
{
    assert(act->records_count < ACT_RECORDS_MAX);
    act->records[act->records_count++] =
        (struct record){ kind, span_of(act->request->caller.who), body };
}

// --- The file ------------------------------------------------------------------------------------

struct found { struct file *file; struct store_append *appends; uint32_t appends_count; };

static bool find(struct request *request, struct found *found, struct error *err)
{
    return own_file(request, found->file, &found->appends, &found->appends_count, err);
}

static bool show(struct request *request, struct error *err)
{
    struct file file;
    struct found found = { .file = &file };
    struct viewer viewer = { request->caller.role, request->caller.who };
    struct json_writer w = json_writer_in(request->arena, 16384);
    if (!find(request, &found, err)) return false;
    if (!shown_write(&w, &file, found.appends, found.appends_count, viewer, request->arena, err))
        return false;
    reply_json(request, 200, &w);
    return true;
}

static bool keep(struct act *act, struct error *err)
{
    struct answer answer;
    struct message message = {
        .kind = MESSAGE_FACT, .who = act->request->caller.who, .file = act->file.name,
        .records = act->records, .records_count = act->records_count,
        .after = act->file.facts_count,
    };
    if (!office_send(act->request->gate->office, &message, NULL, NULL, act->request->arena,
                     &answer, err))
        return false;
    if (answer.kind == ANSWER_LODGED || answer.kind == ANSWER_REFUSED) return true;
    *err = answer.err;
    return false;
}

static bool is_as_seen(const struct act *act, struct error *err)
{
    uint32_t after;
    if (!asked_number(&act->asked, "after", act->file.facts_count, &after, err)) return false;
    if (after == act->file.facts_count) return true;
    error_set(err, ERROR_CONFLICT, "the file has %u facts, and had %u when it was looked at",
              act->file.facts_count, after);
    return error_hint(err, "Look at the file again, then say what is to happen.");
}

void act(struct request *request, bool (*make)(struct act *act, struct error *err))
{
    struct error err = { 0 };
    struct act act = { .request = request };
    struct found found = { .file = &act.file };
    bool done = asked_read(&act.asked, request, &err) && find(request, &found, &err) &&
                is_as_seen(&act, &err) && make(&act, &err) && keep(&act, &err) &&
                show(request, &err);
    if (!done) reply_error(request, &err);
}
