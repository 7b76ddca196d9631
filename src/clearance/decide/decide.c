#include "clearance/decide/decide.h"

#include <assert.h>

#include "consignment/fact_body.h"
#include "consignment/reason.h"

enum { REASONS_MAX = 6 };

// A decision in the making. The strongest reason is given first, and it decides.
struct deciding {
    const struct clearance *clearance;
    const struct file *file;
    enum decision decision;
    struct span reasons[REASONS_MAX];
    uint32_t reasons_count;
    bool full;                   // the arena: asked once, at the end
};

static void give(struct deciding *d, enum decision decision, struct span reason)
{
    assert(d->reasons_count < REASONS_MAX);
    d->reasons[d->reasons_count++] = reason;
    if (d->decision == DECISION_NONE) d->decision = decision;
}

static void give_text(struct deciding *d, enum decision decision, const struct text *text)
{
    d->full = d->full || text->full;
    give(d, decision, text_span(text));
}

static void ask_check(struct deciding *d)
{
    uint32_t count = d->file->errors_count;
    if (count == 0) return;
    struct text text = text_in(d->clearance->arena, 80);
    text_add_u64(&text, count);
    text_add(&text, count == 1 ? SPAN(" finding is an error") : SPAN(" findings are errors"));
    text_add(&text, reason_correct);
    give_text(d, DECISION_REFUSE, &text);
}

static void ask_rules(struct deciding *d)
{
    if (d->file->wants == DECISION_HOLD)
        give(d, DECISION_HOLD, SPAN("an officers' rule asks to hold the goods"));
    if (d->file->wants == DECISION_DOCUMENTS)
        give(d, DECISION_DOCUMENTS, reason_papers);
    if (d->file->wants == DECISION_EXAMINE)
        give(d, DECISION_EXAMINE, SPAN("an officers' rule asks for an examination"));
}

static void ask_score(struct deciding *d)
{
    uint32_t threshold = d->clearance->books->examine_score;
    if (d->file->score < threshold) return;
    struct text text = text_in(d->clearance->arena, 64);
    text_add_format(&text, "the risk score %u is at or over %u", d->file->score, threshold);
    give_text(d, DECISION_EXAMINE, &text);
}

static void ask_lot(struct deciding *d)
{
    if (d->file->random) give(d, DECISION_EXAMINE, SPAN("chosen by lot"));
}

static void ask_value(struct deciding *d)
{
    uint32_t count = d->file->missing_count;
    if (count == 0) return;
    struct text text = text_in(d->clearance->arena, 80);
    text_add(&text, reason_no_value);
    text_add_u64(&text, count);
    text_add(&text, count == 1 ? SPAN(" thing is missing") : SPAN(" things are missing"));
    give_text(d, DECISION_DOCUMENTS, &text);
}

// The score stands in the SCORED fact alone: a release can be shown to anybody.
static void ask_nobody(struct deciding *d)
{
    if (d->decision == DECISION_NONE) give(d, DECISION_RELEASE, reason_nothing);
}

static const struct step this_step = { .name = "decide", .run = decide_step };

bool decide_supplied(struct clearance *clearance, struct error *err)
{
    struct span body;
    return body_decided(DECISION_EXAMINE, false, &reason_supplied, 1, clearance->arena, &body,
                        err) &&
           clearance_add(clearance, &this_step, FACT_DECIDED, body, err);
}

bool decide_step(struct clearance *clearance, struct error *err)
{
    struct deciding d = { .clearance = clearance, .file = clearance->file };
    assert(clearance->file->state == FILE_ACCEPTED || clearance->file->state == FILE_ASSESSED);

    ask_check(&d);
    if (d.decision == DECISION_NONE) {
        ask_rules(&d);
        ask_score(&d);
        ask_lot(&d);
        ask_value(&d);
        ask_nobody(&d);
    }
    if (d.full) return error_set(err, ERROR_TOO_LARGE, "the reasons do not fit into memory");

    struct span body;
    return body_decided(d.decision, false, d.reasons, d.reasons_count, clearance->arena, &body,
                        err) &&
           clearance_add(clearance, &this_step, FACT_DECIDED, body, err);
}
