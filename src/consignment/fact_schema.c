#include "consignment/fact_schema.h"

#include <assert.h>

#include "consignment/fact_body.h"

static const char *decision_word(uint32_t number)
{
    uint32_t decision = DECISION_NONE + 1 + number;
    return decision < DECISION_COUNT ? decision_name((enum decision)decision) : NULL;
}

static const char *severity_word(uint32_t number)
{
    return number <= SEVERITY_ERROR ? severity_name((enum severity)number) : NULL;
}

// The first ones in the order of the kinds.
static const struct schema rows[] = {
    [FACT_DECLARED] = { "Declared", "A declaration, as it was lodged.",
        .members = "declaration: Declaration, digest: hash, dropped?: [text]" },
    [FACT_AMENDED] = { "Amended", "Another version of it.",
        .members = "declaration: Declaration, digest: hash, dropped?: [text], reason?: text, "
                   "version: whole" },
    [FACT_WITHDRAWN] = { "Withdrawn", "The declarant withdrew it.", .members = "reason?: text" },
    [FACT_CHECKED] = { "Checked", "Which rules it breaks.",
        .members = "errors: whole, findings: [Finding], rules: text" },
    [FACT_VALUED] = { "Valued", "What the goods are worth to customs.",
        .members = "items: [ValuedItem], missing?: [text], rates: text, total?: Money" },
    [FACT_ASSESSED] = { "Assessed", "What is owed on them.",
        .members = "lines: [DutyLine], schedule: text, total?: Money" },
    [FACT_SCORED] = { "Scored", "Whether someone should look; the score goes up to 1000.",
        .members = "random: truth, reasons: [RiskReason], rules?: text, score: whole, "
                   "wants?: Decision, worth?: Money" },
    [FACT_DECIDED] = { "Decided", "By the desk or an officer; perhaps in place of another's.",
        .members = "by: 'desk' | 'officer', decision: Decision, overrules?: whole, "
                   "reasons?: [text]" },
    [FACT_SETTLED] = { "Settled", "What was owed is paid or secured.",
        .members = "amount?: Money, reference?: text" },
    [FACT_CLAIMED] = { "Claimed", "An officer has it in hand; from whom he took it.",
        .members = "from?: text" },
    [FACT_UNCLAIMED] = { "Unclaimed", "It was put back.", .members = "from?: text" },
    [FACT_REQUESTED] = { "Requested", "An officer asks for a document or an answer.",
        .members = "code?: text, text: text, until?: date" },
    [FACT_SUPPLIED] = { "Supplied", "The trader's answer; request is the fact that asked, or 0.",
        .members = "attachments: [Attachment], request: whole, text?: text" },
    [FACT_INSPECTED] = { "Inspected", "What an officer found.",
        .members = "conforms: truth, found?: [text], minutes?: whole, recovered?: Money, "
                   "text?: text" },

    { "Attachment", "A document that was supplied, by the hash of its bytes.",
        .members = "code?: text, name: text, sha256: hash, size: whole, type: text" },
    { "Decision", "What becomes of the goods.", .word = decision_word },
    { "DutyLine", "A duty or tax on an item; suspended: worked out, and not owed now.",
        .members = "amount: Money, base?: Money, law?: text, rate?: decimal, rounding?: text, "
                   "sequence: whole, suspended?: truth, text?: text, type: text" },
    { "Finding", "A rule that the declaration breaks, where, and what to do.",
        .members = "field?: text, hint?: text, rule: text, severity: Severity, text: text" },
    { "Money", "An amount; its currency by ISO 4217.",
        .members = "currency: text, value: decimal" },
    { "RiskReason", "What adds to the score.", .members = "points: whole, rule: text, text: text" },
    { "Severity", "An error refuses the declaration; a warning counts as a risk.",
        .word = severity_word },
    { "ValueLine", "One step on the way to a customs value.",
        .members = "amount?: Money, note?: text, rate?: decimal, text: text" },
    { "ValuedItem", "An item's customs value, and how it came about.",
        .members = "lines: [ValueLine], sequence: whole, value?: Money" },
};

const struct schemas fact_schemas = SCHEMAS(rows);

const char *fact_schema_name(enum fact_kind kind)
{
    assert(kind < FACT_CONSIGNMENT_COUNT);
    return rows[kind].name;
}
