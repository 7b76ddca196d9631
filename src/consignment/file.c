#include "consignment/file.h"

#include <assert.h>

#include "base/limits.h"
#include "consignment/fact_body.h"

//   EMPTY --DECLARED--> LODGED --CHECKED--> ACCEPTED --ASSESSED--> ASSESSED
//                                              |                      |
//                                           DECIDED                DECIDED
//                                              |                      |
//   REFUSED <------------------- refuse -------+----- refuse (1) -----+
//   AWAITING DOCUMENTS <------ documents ------+------ documents -----+
//   UNDER CONTROL <----------------------------------- examine -------+
//   HELD <-------------------------------------------- hold ----------+
//   RELEASED <---------------------------------------- release -------+
//
// Officers move a file by DECIDED facts from AWAITING DOCUMENTS, UNDER CONTROL and HELD to each
// other of these, to RELEASED and to REFUSED (1). From RELEASED only a hold leads back, and
//   RELEASED --SETTLED--> CLEARED.
// Two facts set a file back or end it, in every state but EMPTY, RELEASED, CLEARED and WITHDRAWN:
//   --AMENDED--> AMENDED, a version higher, and on like LODGED;
//   --WITHDRAWN--> WITHDRAWN.
//   REFUSED --DECLARED--> LODGED, a version higher.
// A supervisor overrules an officer's refusal: REFUSED --DECIDED--> documents, examine or hold.
// REQUESTED leads from UNDER CONTROL and HELD to AWAITING DOCUMENTS, as a decision would. CLAIMED,
// UNCLAIMED, SUPPLIED, INSPECTED, VALUED and SCORED change no state. An amendment, and a decision
// that ends the control, put a claimed file back.
//
// A trader corrects only what nobody has looked into yet (the law of corrections). The Union
// Customs Code takes no amendment once the declarant was told that the goods are to be examined,
// once it is found that the declaration is not right, or once the goods are released (article
// 173 (2)), and no withdrawal before an announced examination has taken place, nor after release
// (article 174). Here state and decision tell the declarant at once; what an officer found out, he
// decides on. So what was UNDER CONTROL or HELD since it was declared is amended and withdrawn no
// more, also while papers are asked for, nor is what an officer refused: that is lodged anew. What
// the desk itself asks papers for, or refuses for breaking a rule, may be corrected. The exceptions
// after release (articles 173 (3) and 174 (2)) are not taken.
//
// (1) Only an officer refuses what breaks no rule. What breaks one is ACCEPTED in passing: nothing
// may follow but the refusal, an amendment or a withdrawal.

_Static_assert(FILE_REQUESTS_MAX <= 64, "a bit for each request");

#define YES true
static const bool may_follow[FILE_STATE_COUNT][FACT_CONSIGNMENT_COUNT] = {
    // clang-format off
    // in turn: declared, amended, withdrawn, checked, valued, assessed, scored, decided, settled,
    //          claimed, unclaimed, requested, supplied, inspected
    [FILE_EMPTY]              = { YES },
    [FILE_LODGED]             = { 0,    YES,  YES,  YES },
    [FILE_AMENDED]            = { 0,    YES,  YES,  YES },
    [FILE_REFUSED]            = { YES,  YES,  YES,  0,    0,    0,    0,    YES },
    [FILE_ACCEPTED]           = { 0,    YES,  YES,  0,    YES,  YES,  YES,  YES },
    [FILE_ASSESSED]           = { 0,    YES,  YES,  0,    0,    0,    YES,  YES },
    [FILE_AWAITING_DOCUMENTS] = { 0,    YES,  YES,  0,    0,    0,    0,    YES,  0,
                                  YES,  YES,  YES,  YES },
    [FILE_UNDER_CONTROL]      = { 0,    YES,  YES,  0,    0,    0,    0,    YES,  0,
                                  YES,  YES,  YES,  YES,  YES },
    [FILE_HELD]               = { 0,    YES,  YES,  0,    0,    0,    0,    YES,  0,
                                  YES,  YES,  YES,  YES,  YES },
    [FILE_RELEASED]           = { 0,    0,    0,    0,    0,    0,    0,    YES,  YES },
    [FILE_CLEARED]            = { 0 },
    [FILE_WITHDRAWN]          = { 0 },
    // clang-format on
};

static const struct span state_names[FILE_STATE_COUNT] = {
    [FILE_EMPTY] = SPAN_INIT("empty"),
    [FILE_LODGED] = SPAN_INIT("lodged"),
    [FILE_AMENDED] = SPAN_INIT("amended"),
    [FILE_REFUSED] = SPAN_INIT("refused"),
    [FILE_ACCEPTED] = SPAN_INIT("accepted"),
    [FILE_ASSESSED] = SPAN_INIT("assessed"),
    [FILE_AWAITING_DOCUMENTS] = SPAN_INIT("awaiting-documents"),
    [FILE_UNDER_CONTROL] = SPAN_INIT("under-control"),
    [FILE_HELD] = SPAN_INIT("held"),
    [FILE_RELEASED] = SPAN_INIT("released"),
    [FILE_CLEARED] = SPAN_INIT("cleared"),
    [FILE_WITHDRAWN] = SPAN_INIT("withdrawn"),
};

const char *file_state_name(enum file_state state)
{
    assert(state < FILE_STATE_COUNT);
    return state_names[state].at;
}

bool file_state_read(struct span name, enum file_state *state)
{
    for (int i = 0; i < FILE_STATE_COUNT; i++) {
        if (!span_equal(state_names[i], name)) continue;
        *state = (enum file_state)i;
        return true;
    }
    return false;
}

// 1. A file is empty exactly when it has no facts, and its first fact is DECLARED.
// 2. Facts are numbered 1, 2, 3 ... without a gap.
// 3. The version is 0 only while the file is empty.
// 4. The score is at most 1000.
// 5. A state that is decided is so by that decision, and while it is not decided there is none.
// 6. Only a file that waits for an officer is in somebody's hands.
// 7. No more requests are answered than were made.
void file_invariants(const struct file *file)
{
    assert(file->name.len > 0);
    assert(file->name.len <= FILE_NAME_MAX);
    assert(file->facts_count <= file->facts_max);
    assert(file->facts_count <= FILE_FACTS_MAX);
    assert((file->state == FILE_EMPTY) == (file->facts_count == 0));
    if (file->facts_count > 0) assert(file->facts[0].kind == FACT_DECLARED);
    if (file->facts_count > 0) assert(file->facts[file->facts_count - 1].seq == file->facts_count);
    assert((file->version == 0) == (file->state == FILE_EMPTY));
    assert(file->score <= 1000);
    assert(file->errors_count <= file->findings_count);
    switch (file->state) {
    case FILE_REFUSED: assert(file->decision == DECISION_REFUSE); break;
    case FILE_AWAITING_DOCUMENTS: assert(file->decision == DECISION_DOCUMENTS); break;
    case FILE_UNDER_CONTROL: assert(file->decision == DECISION_EXAMINE); break;
    case FILE_HELD: assert(file->decision == DECISION_HOLD); break;
    case FILE_RELEASED:
    case FILE_CLEARED: assert(file->decision == DECISION_RELEASE); break;
    case FILE_WITHDRAWN: break; // with the decision that was
    default: assert(file->decision == DECISION_NONE);
    }
    if (!file_waits_for_officer(file)) assert(file->claimed_by.len == 0);
    assert(file->requests_count <= FILE_REQUESTS_MAX);
    if (file->requests_count < FILE_REQUESTS_MAX)
        assert(file->requests_answered >> file->requests_count == 0);
    bool broken = file->errors_count > 0;
    if (broken) assert(file->state == FILE_ACCEPTED || file->decision == DECISION_REFUSE ||
                       file->state == FILE_WITHDRAWN);
}

bool file_open(struct file *file, struct span name, struct arena *arena, struct error *err)
{
    if (name.len == 0 || name.len > FILE_NAME_MAX) {
        error_set(err, ERROR_SYNTAX, "a file's name of %zu bytes", name.len);
        return error_hint(err, "Names of consignments have 1 to %d bytes.", FILE_NAME_MAX);
    }
    *file = (struct file){ .name = name, .facts_max = 8 };
    void *facts;
    if (!arena_need(arena, file->facts_max, sizeof(struct fact), &facts, "the file", err))
        return false;
    file->facts = facts;
    file_invariants(file);
    return true;
}

static enum file_state state_of(enum decision decision)
{
    static const enum file_state states[DECISION_COUNT] = {
        [DECISION_REFUSE] = FILE_REFUSED,       [DECISION_DOCUMENTS] = FILE_AWAITING_DOCUMENTS,
        [DECISION_RELEASE] = FILE_RELEASED,     [DECISION_EXAMINE] = FILE_UNDER_CONTROL,
        [DECISION_HOLD] = FILE_HELD,
    };
    assert(decision > DECISION_NONE);
    assert(decision < DECISION_COUNT);
    return states[decision];
}

// Does a declaration that has been checked break a rule, and is not refused yet?
static bool is_broken(const struct file *file)
{
    return file->state == FILE_ACCEPTED && file->errors_count > 0;
}

// Which decisions a state takes: what is broken is refused; before anything is assessed it can only
// be refused, or lack papers; nothing is decided twice; from RELEASED only a hold leads back, and
// what an officer refused only comes under control again.
static bool may_decide(const struct file *file, enum decision decision)
{
    if (file->state == FILE_REFUSED)
        return file->errors_count == 0 && decision != DECISION_REFUSE &&
               decision != DECISION_RELEASE;
    if (decision == DECISION_NONE) return true; // any decision at all?
    if (decision == DECISION_REFUSE && file->state != FILE_RELEASED) return true;
    if (file->state == FILE_ACCEPTED) return decision == DECISION_DOCUMENTS && !is_broken(file);
    if (file->state == FILE_RELEASED) return decision == DECISION_HOLD;
    return state_of(decision) != file->state;
}

// What the table says alone.
static bool may_fold(const struct file *file, enum fact_kind kind, enum decision decision)
{
    if (kind >= FACT_CONSIGNMENT_COUNT) return false;
    if (!may_follow[file->state][kind]) return false;
    if (kind == FACT_DECIDED) return may_decide(file, decision);
    return !is_broken(file) || kind == FACT_AMENDED || kind == FACT_WITHDRAWN;
}

static bool refuse_fact(const struct file *file, enum fact_kind kind, const char *word,
                        struct error *err)
{
    error_set(err, ERROR_CONFLICT, "'%s' may not follow: the file is %s", word,
              file_state_name(file->state));
    if (kind == FACT_DECLARED)
        return error_hint(err, "It has been declared before: send an amendment (function 13).");
    if (kind == FACT_DECIDED)
        return error_hint(err, "Look at the file: it has been decided, or is not assessed yet.");
    return error_hint(err, "Look at the file and its facts; a correction is a new fact.");
}

// The law of corrections, in the order in which a declarant is told; NULL: it may be corrected.
struct no_correction { const char *why, *hint; };

static const struct no_correction *correction_refused(const struct file *file)
{
    static const struct no_correction released = {
        "the goods are released (Union Customs Code, articles 173 and 174)",
        "Write to the customs office: what is to change after release is not declared here.",
    }, refused = {
        "an officer refused it: what was found not to be right is not corrected "
        "(Union Customs Code, article 173)",
        "Lodge the declaration anew, as an original (function 9).",
    }, controlled = {
        "the declarant knows that the goods are examined or held (Union Customs Code, articles "
        "173 and 174)",
        "Answer what the officer asks, and wait for the decision: it stands till then.",
    };
    if (file->state == FILE_RELEASED || file->state == FILE_CLEARED) return &released;
    if (file->state == FILE_REFUSED && file->by_officer) return &refused;
    return file->control_seq > 0 && file_waits_for_officer(file) ? &controlled : NULL;
}

bool file_may(const struct file *file, enum fact_kind kind, enum decision decision)
{
    bool corrects = kind == FACT_AMENDED || kind == FACT_WITHDRAWN;
    return may_fold(file, kind, decision) && (!corrects || correction_refused(file) == NULL);
}

bool file_check_correction(const struct file *file, enum fact_kind kind, struct error *err)
{
    assert(kind == FACT_AMENDED || kind == FACT_WITHDRAWN);
    const struct no_correction *refused = correction_refused(file);
    if (refused == NULL)
        return may_fold(file, kind, DECISION_NONE) ||
               refuse_fact(file, kind, fact_kind_name(kind), err);
    error_set(err, ERROR_CONFLICT, "'%s' may not follow: %s", fact_kind_name(kind), refused->why);
    return error_hint(err, "%s", refused->hint);
}

uint32_t file_requests_open(const struct file *file)
{
    return file->requests_count - (uint32_t)__builtin_popcountll(file->requests_answered);
}

bool file_waits_for_officer(const struct file *file)
{
    return file->state == FILE_UNDER_CONTROL || file->state == FILE_HELD ||
           file->state == FILE_AWAITING_DOCUMENTS;
}

// --- The fold, by kind. Each reads all that it needs before it changes the file. ---

static void forget(struct file *file)
{
    file->findings_count = file->errors_count = file->warnings_count = 0;
    file->missing_count = file->score = 0;
    file->customs_value = file->duty_total = file->worth = (struct money){ 0 };
    file->random = file->by_officer = false;
    file->rules = SPAN("");
    file->decision = file->channel = file->wants = DECISION_NONE;
    file->decided_by = file->claimed_by = SPAN("");
    file->decided_seq = file->inspected_seq = file->control_seq = 0;
    file->conforms = false;
    file->recovered = (struct money){ 0 };
    file->requests = NULL;
    file->requests_count = 0;
    file->requests_answered = 0;
}

static bool fold_declaration(struct file *file, const struct fact *fact,
                             const struct declaration *declaration, struct arena *arena,
                             struct error *err)
{
    struct declared declared;
    if (declaration != NULL) {
        if (!body_digest(fact->body, &declared.digest, err)) return false;
    } else {
        if (!body_read_declared(fact->body, arena, &declared, err)) return false;
        uint32_t version = fact->kind == FACT_AMENDED ? file->version + 1 : 0;
        if (declared.version != version)
            return error_set(err, ERROR_DAMAGED,
                             "version %u of '" SPAN_FMT "' where %u is expected", declared.version,
                             SPAN_ARG(file->name), version);
        declaration = &declared.declaration;
    }
    forget(file);
    file->declaration = *declaration;
    file->digest = declared.digest;
    file->version++;
    file->state = fact->kind == FACT_DECLARED ? FILE_LODGED : FILE_AMENDED;
    return true;
}

static bool fold_checked(struct file *file, const struct fact *fact, struct arena *arena,
                         struct error *err)
{
    struct checked checked;
    if (!body_read_checked(fact->body, arena, &checked, err)) return false;
    file->findings_count = checked.findings_count;
    file->errors_count = checked.errors_count;
    file->warnings_count = 0;
    for (uint32_t i = 0; i < checked.findings_count; i++)
        file->warnings_count += checked.findings[i].severity == SEVERITY_WARNING;
    file->state = FILE_ACCEPTED; // with errors: until the DECIDED fact that follows refuses it
    return true;
}

static bool fold_valued(struct file *file, const struct fact *fact, struct arena *arena,
                        struct error *err)
{
    struct valued valued;
    if (!body_read_valued(fact->body, arena, &valued, err)) return false;
    file->customs_value = valued.total;
    file->missing_count = valued.missing.count;
    return true;
}

static bool fold_assessed(struct file *file, const struct fact *fact, struct arena *arena,
                          struct error *err)
{
    struct assessed assessed;
    if (!body_read_assessed(fact->body, arena, &assessed, err)) return false;
    file->duty_total = assessed.total;
    file->state = FILE_ASSESSED;
    return true;
}

// Reasons are rules that hit; an older fact's may be without a name.
static bool join_rules(const struct scored *scored, struct arena *arena, struct span *rules,
                       struct error *err)
{
    uint32_t count = scored->reasons_count < FILE_RULES_MAX ? scored->reasons_count
                                                            : FILE_RULES_MAX;
    struct text text = text_in(arena, 64);
    for (uint32_t i = 0; i < count; i++) {
        if (scored->reasons[i].rule.len == 0) continue;
        if (text.len > 0) text_add_char(&text, ' ');
        text_add(&text, scored->reasons[i].rule);
    }
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the file does not fit into memory");
    *rules = text_span(&text);
    return true;
}

static bool fold_scored(struct file *file, const struct fact *fact, struct arena *arena,
                        struct error *err)
{
    struct scored scored;
    struct span rules = SPAN("");
    if (!body_read_scored(fact->body, arena, &scored, err)) return false;
    if (scored.reasons_count > 0 && !join_rules(&scored, arena, &rules, err)) return false;
    file->rules = rules;
    file->score = scored.score;
    file->random = scored.random;
    file->wants = scored.wants;
    file->worth = scored.worth;
    return true;
}

static bool not_standing(uint32_t seq, struct error *err)
{
    error_set(err, ERROR_CONFLICT, "fact %u is not the decision that stands", seq);
    return error_hint(err, "Look at the file again: it may have been decided since.");
}

static void decide(struct file *file, const struct fact *fact, enum decision decision,
                   bool by_officer)
{
    file->decision = decision;
    if (file->channel == DECISION_NONE) file->channel = decision;
    if (decision == DECISION_RELEASE && file->released_ms == 0) file->released_ms = fact->at_ms;
    file->by_officer = by_officer;
    file->decided_by = fact->who;
    file->decided_seq = fact->seq;
    file->state = state_of(decision);
    if (file->control_seq == 0 &&
        (file->state == FILE_UNDER_CONTROL || file->state == FILE_HELD))
        file->control_seq = fact->seq;
    if (!file_waits_for_officer(file)) file->claimed_by = SPAN("");
}

static bool fold_decided(struct file *file, const struct fact *fact, struct arena *arena,
                         struct error *err)
{
    struct decided decided;
    if (!body_read_decided(fact->body, arena, &decided, err)) return false;
    bool refused_by_desk = decided.decision == DECISION_REFUSE && !decided.by_officer;
    if (!may_decide(file, decided.decision) || (refused_by_desk && !is_broken(file)))
        return refuse_fact(file, fact->kind, decision_name(decided.decision), err);
    if (decided.overrules > 0 && decided.overrules != file->decided_seq)
        return not_standing(decided.overrules, err);
    if (file->state == FILE_REFUSED && decided.overrules == 0)
        return refuse_fact(file, fact->kind, decision_name(decided.decision), err);
    decide(file, fact, decided.decision, decided.by_officer);
    return true;
}

// Who has it in hand now is said by both, so that two who want it at once do not both get it.
static bool fold_claimed(struct file *file, const struct fact *fact, struct arena *arena,
                         struct error *err)
{
    struct span from;
    if (!body_read_claimed(fact->body, arena, &from, err)) return false;
    if (from.len == 0 && fact->kind == FACT_UNCLAIMED) from = fact->who;
    bool again = fact->kind == FACT_CLAIMED && span_equal(file->claimed_by, fact->who);
    if (!span_equal(file->claimed_by, from) || again) {
        if (file->claimed_by.len == 0) {
            error_set(err, ERROR_CONFLICT, "nobody has the file in hand");
            return error_hint(err, "It can be claimed.");
        }
        error_set(err, ERROR_CONFLICT, "the file is in the hands of " SPAN_FMT,
                  SPAN_ARG(file->claimed_by));
        return error_hint(err, "Take another one, or let a supervisor take it over.");
    }
    file->claimed_by = fact->kind == FACT_CLAIMED ? fact->who : SPAN("");
    return true;
}

static bool fold_requested(struct file *file, const struct fact *fact, struct arena *arena,
                           struct error *err)
{
    struct requested requested;
    if (!body_read_requested(fact->body, arena, &requested, err)) return false;
    if (file->requests_count == FILE_REQUESTS_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the trader was asked %d times, and no more",
                         FILE_REQUESTS_MAX);
    if (file->requests == NULL) {
        void *room;
        if (!arena_need(arena, FILE_REQUESTS_MAX, sizeof(uint32_t), &room, "the file", err))
            return false;
        file->requests = room;
    }
    file->requests[file->requests_count++] = fact->seq;
    decide(file, fact, DECISION_DOCUMENTS, true);
    return true;
}

static bool fold_supplied(struct file *file, const struct fact *fact, struct arena *arena,
                          struct error *err)
{
    struct supplied supplied;
    if (!body_read_supplied(fact->body, arena, &supplied, err)) return false;
    if (supplied.request == 0) return true;
    for (uint32_t i = 0; i < file->requests_count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (file->requests[i] != supplied.request || (file->requests_answered & bit) != 0) continue;
        file->requests_answered |= bit;
        return true;
    }
    error_set(err, ERROR_CONFLICT, "fact %u asks for nothing that is still open", supplied.request);
    return error_hint(err, "Look at the file: what is asked for is listed there.");
}

static bool fold_inspected(struct file *file, const struct fact *fact, struct arena *arena,
                           struct error *err)
{
    struct inspected inspected;
    if (!body_read_inspected(fact->body, arena, &inspected, err)) return false;
    file->inspected_seq = fact->seq;
    file->conforms = inspected.conforms;
    file->recovered = inspected.recovered;
    return true;
}

static bool fold_withdrawn(struct file *file, const struct fact *fact, struct arena *arena,
                           struct error *err)
{
    struct span reason;
    if (!body_read_withdrawn(fact->body, arena, &reason, err)) return false;
    file->state = FILE_WITHDRAWN;
    file->claimed_by = SPAN("");
    return true;
}

static bool fold_settled(struct file *file, const struct fact *fact, struct arena *arena,
                         struct error *err)
{
    struct settled settled;
    if (!body_read_settled(fact->body, arena, &settled, err)) return false;
    file->state = FILE_CLEARED;
    return true;
}

static bool fold(struct file *file, const struct fact *fact, const struct declaration *declaration,
                 struct arena *arena, struct error *err)
{
    switch (fact->kind) {
    case FACT_DECLARED:
    case FACT_AMENDED: return fold_declaration(file, fact, declaration, arena, err);
    case FACT_WITHDRAWN: return fold_withdrawn(file, fact, arena, err);
    case FACT_CHECKED: return fold_checked(file, fact, arena, err);
    case FACT_VALUED: return fold_valued(file, fact, arena, err);
    case FACT_ASSESSED: return fold_assessed(file, fact, arena, err);
    case FACT_SCORED: return fold_scored(file, fact, arena, err);
    case FACT_DECIDED: return fold_decided(file, fact, arena, err);
    case FACT_SETTLED: return fold_settled(file, fact, arena, err);
    case FACT_CLAIMED:
    case FACT_UNCLAIMED: return fold_claimed(file, fact, arena, err);
    case FACT_REQUESTED: return fold_requested(file, fact, arena, err);
    case FACT_SUPPLIED: return fold_supplied(file, fact, arena, err);
    case FACT_INSPECTED: return fold_inspected(file, fact, arena, err);
    default: break;
    }
    assert(false);
    return false;
}

// Where the next fact goes: the row of facts itself, or one that is twice as long.
struct row { struct fact *at; uint32_t max; };

static bool make_room(const struct file *file, struct arena *arena, struct row *row,
                      struct error *err)
{
    *row = (struct row){ file->facts, file->facts_max };
    if (file->facts_count == FILE_FACTS_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the file has %d facts, and takes no more",
                         FILE_FACTS_MAX);
    if (file->facts_count < row->max) return true;
    row->max *= 2;
    void *larger;
    if (!arena_need(arena, row->max, sizeof(struct fact), &larger, "the file", err)) return false;
    memcpy(larger, file->facts, file->facts_count * sizeof(struct fact));
    row->at = larger;
    return true;
}

bool file_add(struct file *file, const struct fact *fact, const struct declaration *declaration,
              struct arena *arena, struct error *err)
{
    file_invariants(file);
    assert(declaration == NULL || fact->kind == FACT_DECLARED || fact->kind == FACT_AMENDED);
    if (fact->seq != file->facts_count + 1)
        return error_set(err, ERROR_DAMAGED, "fact %u of '" SPAN_FMT "' where %u is expected",
                         fact->seq, SPAN_ARG(file->name), file->facts_count + 1);
    if (!span_equal(fact->file, file->name))
        return error_set(err, ERROR_DAMAGED, "a fact of '" SPAN_FMT "' in the file '" SPAN_FMT "'",
                         SPAN_ARG(fact->file), SPAN_ARG(file->name));
    if (!may_fold(file, fact->kind, DECISION_NONE))
        return refuse_fact(file, fact->kind, fact_kind_name(fact->kind), err);

    struct row row;
    if (!make_room(file, arena, &row, err)) return false;
    if (!fold(file, fact, declaration, arena, err)) return false;
    file->facts = row.at;
    file->facts_max = row.max;
    file->facts[file->facts_count++] = *fact;
    file_invariants(file);
    return true;
}

// A trader's number, in which the mark that ends it must not stand.
static void add_trader(struct text *text, struct span id)
{
    for (size_t i = 0; i < id.len; i++) {
        if (id.at[i] == '/') text_add(text, SPAN("%2F"));
        else if (id.at[i] == '%') text_add(text, SPAN("%25"));
        else text_add_char(text, id.at[i]);
    }
}

bool file_name_of(const struct declaration *declaration, struct arena *arena, struct span *name,
                  struct error *err)
{
    *name = declaration->ucr;
    for (uint32_t i = 0; i < declaration->previous_documents.count && name->len == 0; i++) {
        const struct previous_document *document = &declaration->previous_documents.at[i];
        if (span_equal(document->type_code, SPAN("DCR"))) *name = document->id;
    }
    if (name->len > 0 && name->at[0] == FILE_OF_OFFICE) {
        error_set(err, ERROR_SYNTAX, "a consignment's name may not begin with '%c'",
                  FILE_OF_OFFICE);
        return error_hint(err, "Give another UCR: such names are the office's own.");
    }
    if (name->len > 0) return true; // the model takes none that is longer than a name

    struct span who = declaration->declarant.id.len > 0 ? declaration->declarant.id
                                                        : declaration->submitter.id;
    if (declaration->functional_reference_id.len == 0 || who.len == 0) {
        error_set(err, ERROR_SYNTAX, "nothing names the consignment");
        return error_hint(err, "Give a UCR, or a declarant's number and a functional reference.");
    }
    struct text text = text_in(arena, (size_t)2 * FILE_NAME_MAX);
    text_add(&text, SPAN("LRN/"));
    add_trader(&text, who);
    text_add_char(&text, '/');
    text_add(&text, declaration->functional_reference_id);
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the name does not fit into memory");
    *name = text_span(&text);
    if (name->len <= FILE_NAME_MAX) return true;
    error_set(err, ERROR_SYNTAX, "a consignment's name of %zu bytes, and at most %d are taken",
              name->len, FILE_NAME_MAX);
    return error_hint(err, "Give a UCR.");
}
