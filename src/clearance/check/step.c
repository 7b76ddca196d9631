// The step of clearance: what check_declaration finds becomes one CHECKED fact.

#include <assert.h>

#include "clearance/check/check.h"
#include "clearance/clearance.h"
#include "consignment/fact_body.h"

bool check_step(struct clearance *clearance, struct error *err)
{
    assert(clearance != NULL);
    assert(clearance->file->version >= 1);

    struct findings findings;
    if (!check_declaration(&clearance->file->declaration, clearance->file->version,
                           clearance->now_ms, clearance->arena, &findings, err))
        return false;

    struct checked checked = {
        .findings = findings.at,
        .findings_count = findings.count,
        .rules = SPAN(CHECK_RULES_VERSION),
    };
    for (uint32_t i = 0; i < findings.count; i++)
        checked.errors_count += findings.at[i].severity == SEVERITY_ERROR;

    static const struct step step = { .name = "check", .run = check_step };
    struct span body;
    return body_checked(&checked, clearance->arena, &body, err) &&
           clearance_add(clearance, &step, FACT_CHECKED, body, err);
}
