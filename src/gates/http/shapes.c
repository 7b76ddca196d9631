#include "gates/http/shapes.h"

#include "account/role.h"
#include "account/token.h"
#include "consignment/file.h"
#include "gates/http/shown.h"

// --- Words, from the tables that have them ---

static const char *role_word(uint32_t number) // "nobody" is no answer
{
    uint32_t role = ROLE_NOBODY + 1 + number;
    return role < ROLE_COUNT ? role_name((enum role)role) : NULL;
}

static const char *scope_word(uint32_t number)
{
    uint32_t bit = 1u << number;
    return bit <= SCOPES ? token_scope_name((enum token_scope)bit) : NULL;
}

static const char *state_word(uint32_t number)
{
    return number < FILE_STATE_COUNT ? file_state_name((enum file_state)number) : NULL;
}

static const char *kind_word(uint32_t number)
{
    return number < FACT_CONSIGNMENT_COUNT ? fact_kind_name((enum fact_kind)number) : NULL;
}

// --- Facts ---

#define FACT(name, kind, sentence)                                                              \
    { name "Fact", sentence, .members = "at: moment, body: " name ", kind: '" kind              \
                                        "', leaf: whole, seq: whole, who?: text" }

static const struct schema rows[] = {
    { "Act", "What the caller may do to the file now.", .word = shown_act },
    { "DecisionNow", "The decision that stands; fact is the one that made it.",
      .members = "at: moment, by: 'desk' | 'officer', decision: Decision, fact: whole, "
                 "reasons?: [text], who?: text" },
    { "Fact", "One thing that happened to the file; leaf is its place in the ledger.",
      .type = "DeclaredFact | AmendedFact | WithdrawnFact | CheckedFact | ValuedFact | "
              "AssessedFact | ScoredFact | DecidedFact | SettledFact | ClaimedFact | "
              "UnclaimedFact | RequestedFact | SuppliedFact | InspectedFact" },
    FACT("Declared", "declared", "A declaration was lodged."),
    FACT("Amended", "amended", "Another version was lodged."),
    FACT("Withdrawn", "withdrawn", "It was withdrawn."),
    FACT("Checked", "checked", "The rules were checked."),
    FACT("Valued", "valued", "The customs value was worked out."),
    FACT("Assessed", "assessed", "Duties and taxes were worked out."),
    FACT("Scored", "scored", "The risk was weighed; not for traders."),
    FACT("Decided", "decided", "It was decided."),
    FACT("Settled", "settled", "What was owed was settled."),
    FACT("Claimed", "claimed", "An officer took it in hand; not for traders."),
    FACT("Unclaimed", "unclaimed", "It was put back; not for traders."),
    FACT("Requested", "requested", "An officer asked for something."),
    FACT("Supplied", "supplied", "The trader answered."),
    FACT("Inspected", "inspected", "An officer inspected the goods; not for traders."),
    { "FactKind", "What a fact tells.", .word = kind_word },
    { "File", "A consignment's file, as far as the caller may see it.",
      .members = "changedAt: moment, claimedBy?: text, customsValue?: Money, "
                 "decision?: DecisionNow, declaration: Declaration, facts: [Fact], "
                 "factsCount: whole, file: text, lodgedAt: moment, may: [Act], owed?: Money, "
                 "random?: truth, recovered?: Money, requests: [RequestNow], score?: whole, "
                 "state: State, version: whole, worth?: Money" },
    { "Problem", "What went wrong, where, and what to do (RFC 9457).",
      .members = "column?: whole, detail?: text, field?: text, hint?: text, instance?: text, "
                 "line?: whole, status: whole, title: text, type: text" },
    { "RequestNow", "What an officer asked for; open: without an answer.",
      .members = "code?: text, fact: whole, open: truth, text: text, until?: date" },
    { "Role", "What somebody is at the desk.", .word = role_word },
    { "Row", "A file in a list: what stands in its last version, and how it stands.",
      .members = "changedAt: moment, claimedBy?: text, commodity?: text, customsValue?: Money, "
                 "declarant?: text, decision: Decision | 'none', exporter?: text, "
                 "factsCount: whole, file: text, importer?: text, items: whole, "
                 "lodgedAt: moment, office?: text, origin?: text, owed?: Money, "
                 "random?: truth, reference?: text, requestsOpen?: whole, score?: whole, "
                 " state: State, type?: text, version: whole, worth?: Money" },
    { "Scope", "What a token may be used for.", .word = scope_word },
    { "State", "Where a file stands.", .word = state_word },
};

const struct schemas shapes = SCHEMAS(rows);
