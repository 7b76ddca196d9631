#include "clearance/clearance.h"

#include <assert.h>

#include "clearance/check/check.h"
#include "clearance/decide/decide.h"
#include "clearance/duty/duty.h"
#include "clearance/risk/risk.h"
#include "clearance/value/value.h"

// To read how a declaration is cleared, read this list from top to bottom.
const struct step clearance_steps[] = {
    // name, when, is it estimated, what it does
    { "check", STEP_ALWAYS, true, check_step },     // which rules of the trade does it break?
    { "value", STEP_WHEN_SOUND, true, value_step }, // what are the goods worth to customs?
    { "duty", STEP_WHEN_SOUND, true, duty_step },   // what is owed on them?
    { "risk", STEP_WHEN_SOUND, false, risk_step },  // should someone look?
    { "decide", STEP_ALWAYS, false, decide_step },  // refuse, release, or ask an officer?
};
const uint32_t clearance_steps_count = sizeof(clearance_steps) / sizeof(clearance_steps[0]);

static bool run_step(struct clearance *clearance, uint32_t index, struct error *err)
{
    const struct step *step = &clearance_steps[index];
    if (step->when == STEP_WHEN_SOUND && clearance->file->errors_count > 0) return true;
    if (clearance->took_ns == NULL) return step->run(clearance, err);

    uint64_t since = clearance->clock_ns();
    bool done = step->run(clearance, err);
    clearance->took_ns[index] += clearance->clock_ns() - since;
    return done;
}

bool clearance_run(struct clearance *clearance, struct error *err)
{
    struct file *file = clearance->file;
    assert(file->state == FILE_LODGED || file->state == FILE_AMENDED);
    assert(clearance->took_ns == NULL || clearance->clock_ns != NULL);

    for (uint32_t i = 0; i < clearance_steps_count; i++)
        if (!run_step(clearance, i, err)) return false;

    assert(file->state == FILE_REFUSED || file->state == FILE_RELEASED ||
           file_waits_for_officer(file));
    return true;
}

bool clearance_estimate(struct clearance *clearance, struct error *err)
{
    assert(clearance->file->state == FILE_LODGED || clearance->file->state == FILE_AMENDED);
    for (uint32_t i = 0; i < clearance_steps_count; i++)
        if (clearance_steps[i].estimated && !run_step(clearance, i, err)) return false;
    return true;
}

bool clearance_supplied(struct clearance *clearance, struct error *err)
{
    struct file *file = clearance->file;
    if (file->state != FILE_AWAITING_DOCUMENTS || file_requests_open(file) > 0) return true;
    return decide_supplied(clearance, err);
}

bool clearance_add(struct clearance *clearance, const struct step *step, enum fact_kind kind,
                   struct span body, struct error *err)
{
    assert(body.len > 0);
    struct file *file = clearance->file;
    struct text who = text_in(clearance->arena, 16);
    text_add(&who, SPAN("step:"));
    text_add(&who, span_of(step->name));
    if (who.full)
        return error_set(err, ERROR_TOO_LARGE, "the facts of step '%s' do not fit into memory",
                         step->name);
    struct fact fact = {
        .kind = kind, .seq = file->facts_count + 1, .at_ms = clearance->now_ms,
        .file = file->name, .who = text_span(&who), .body = body,
    };
    return file_add(file, &fact, NULL, clearance->arena, err);
}
