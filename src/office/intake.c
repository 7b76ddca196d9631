#include "office/intake.h"

#include <assert.h>

#include "base/limits.h"
#include "consignment/notice.h"
#include "consignment/simulated.h"
#include "ledger/tree.h"

enum { INTAKE_ARENA_SIZE = 192 * MIB }; // a declaration of 999 items with everything made of it

bool intake_open(struct intake *intake, const struct office_surroundings *surroundings,
                 struct store *store, pthread_rwlock_t *store_lock, struct views *views,
                 bool timings, struct error *err)
{
    *intake = (struct intake){ .surroundings = surroundings, .store = store,
                               .store_lock = store_lock, .views = views, .timings = timings };
    return arena_open(&intake->scratch, INTAKE_ARENA_SIZE, err) &&
           store_packer_open(&intake->packer, err);
}

void intake_close(struct intake *intake)
{
    if (intake->packer != NULL) store_packer_close(intake->packer);
    arena_close(&intake->scratch);
}

// --- Timings ---

static uint64_t now_ns(const struct intake *intake)
{
    return intake->timings ? intake->surroundings->ticks_ns() : 0;
}

static void took(struct intake *intake, enum stage stage, uint64_t since_ns)
{
    if (intake->timings) intake->took_ns[stage] += intake->surroundings->ticks_ns() - since_ns;
}

// --- Reading a file back ---

bool intake_load(struct store *store, struct span name, uint64_t last_position,
                 struct arena *arena, struct file *file, struct store_append **appends,
                 uint32_t *appends_count, struct error *err)
{
    if (!store_load(store, last_position, arena, appends, appends_count, err)) return false;
    if (name.len == 0 && *appends_count > 0) name = (*appends)[0].file;
    if (!file_open(file, name, arena, err)) return false;

    for (uint32_t a = 0; a < *appends_count; a++) {
        const struct store_append *append = &(*appends)[a];
        if (!span_equal(append->file, name))
            return error_set(err, ERROR_DAMAGED, "the views say that file '" SPAN_FMT
                             "' is at position %llu, and another file is there", SPAN_ARG(name),
                             (unsigned long long)append->position);
        for (uint32_t f = 0; f < append->facts_count; f++) {
            struct fact fact;
            if (!fact_read(append->facts[f].json, arena, &fact, err)) return false;
            if (!file_add(file, &fact, NULL, arena, err)) return false;
        }
    }
    file_invariants(file);
    return true;
}

void intake_row(const struct file *file, uint64_t position, struct view_row *row)
{
    const struct declaration *d = &file->declaration;
    const struct fact *first = &file->facts[0], *last = &file->facts[file->facts_count - 1];
    *row = (struct view_row){
        .file = file->name,
        .position = position,
        .facts_count = file->facts_count,
        .lodged_ms = first->at_ms,
        .changed_ms = last->at_ms,
        .state = (uint8_t)file->state,
        .decision = (uint8_t)file->decision,
        .waits = file_waits_for_officer(file),
        .random = file->random,
        .version = file->version,
        .items_count = d->items.count,
        .findings_count = file->findings_count,
        .score = file->score,
        .functional_reference = d->functional_reference_id,
        .office = d->office_id,
        .type_code = d->type_code,
        .declarant = d->declarant.id,
        .importer = d->importer.id,
        .exporter = d->exporter.id,
        .customs_value = file->customs_value,
        .duty_total = file->duty_total,
        .worth = file->worth,
        .claimed_by = file->claimed_by,
        .rules = file->rules,
        .requests_open = file_requests_open(file),
        .channel = (uint8_t)file->channel,
        .released_ms = file->released_ms,
        .inspected = file->inspected_seq > 0,
        .found = file->inspected_seq > 0 && !file->conforms,
        .recovered = file->recovered,
    };
    memcpy(row->digest, file->digest.bytes, sizeof(row->digest));
    if (d->items.count > 0) {
        const struct item *item = &d->items.at[0];
        if (item->classifications.count > 0) row->commodity = item->classifications.at[0].id;
        if (item->origins.count > 0) row->origin = item->origins.at[0].country_code;
    }
    if (d->functional_reference_id.len > 0) {
        // The declarant's number goes in as a hash, so that no mark between the two is needed.
        uint64_t declarant = key_of(d->declarant.id);
        struct sha256 both = sha256_of_two((struct span){ (const char *)&declarant, 8 },
                                           d->functional_reference_id);
        memcpy(&row->reference_key, both.bytes, sizeof(row->reference_key));
    }
}

bool intake_copy_row(struct view_row *row, struct arena *arena)
{
    struct span *spans[] = { &row->file, &row->functional_reference, &row->office,
                             &row->type_code, &row->declarant, &row->importer, &row->exporter,
                             &row->commodity, &row->origin, &row->claimed_by,
                             &row->rules };
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
        if (!arena_copy(arena, *spans[i], spans[i])) return false;
    return true;
}

bool intake_audiences(const struct file *file, uint32_t first_seq, struct arena scratch,
                      struct arena *keep, struct view_row *row, struct error *err)
{
    uint64_t keys[NOTICE_AUDIENCES_MAX];
    notice_keys(file, first_seq, scratch, keys, &row->audiences_count);
    if (row->audiences_count == 0) return true;
    uint64_t *kept = arena_take_raw(keep, row->audiences_count, sizeof(*kept));
    if (kept == NULL) return error_set(err, ERROR_TOO_LARGE, "the batch is full");
    memcpy(kept, keys, row->audiences_count * sizeof(*kept));
    row->audiences = kept;
    return true;
}

void intake_row_of_own(struct span name, uint32_t facts_count, uint64_t position,
                       struct view_row *row)
{
    *row = (struct view_row){ .file = name, .position = position, .facts_count = facts_count,
                              .state = FILE_EMPTY };
}

// --- One message ---

// What the pieces of one message's way share.
struct way {
    struct intake *intake;
    const struct batch *batch;
    struct message *message;
    struct work *work;
    struct arena *keep;
    struct arena *scratch;
    int64_t now_ms;
    bool known;                  // there is such a file already
    struct view_row found;       // and this is its row
    struct declaration declaration;
    struct sha256 digest;
    struct file file;
    const struct fact *fresh;    // what is to be kept
    uint32_t fresh_count;
};

// Ends the way with an answer that needs no commit. Always false, so that one line says why and
// leaves.
static bool answer(struct way *way, enum answer_kind kind, const struct error *err)
{
    way->message->answer.kind = kind;
    if (err != NULL) way->message->answer.err = *err;
    return false;
}

static enum answer_kind answer_for(enum error_kind kind)
{
    switch (kind) {
    case ERROR_NOT_FOUND:
    case ERROR_CONFLICT: return ANSWER_CONFLICT;
    case ERROR_UNAVAILABLE:
    case ERROR_DAMAGED: return ANSWER_UNAVAILABLE;
    default: return ANSWER_UNREADABLE;
    }
}

static bool fail(struct way *way, const struct error *err)
{
    return answer(way, answer_for(err->kind), err);
}

static void answer_state(struct way *way, enum file_state state, enum decision decision,
                         struct money owed, uint32_t facts_count)
{
    way->message->answer.state = state;
    way->message->answer.decision = decision;
    way->message->answer.owed = owed;
    way->message->answer.facts_count = facts_count;
}

static bool repeated(struct way *way)
{
    answer_state(way, (enum file_state)way->found.state, (enum decision)way->found.decision,
                 way->found.duty_total, way->found.facts_count);
    return answer(way, ANSWER_REPEATED, NULL);
}

static bool read_message(struct way *way)
{
    struct error err;
    uint64_t since = now_ns(way->intake);
    struct dropped *dropped = &way->message->answer.dropped;
    bool read = way->batch->read(way->batch->how, way->message->text, way->scratch,
                                 &way->declaration, dropped, &err);
    took(way->intake, STAGE_PARSE, since);
    return read || fail(way, &err);
}

// The declaration's canonical JSON is its identity: the same content is the same message, in
// whatever format and order it came.
static bool digest_declaration(struct way *way, struct span *canonical)
{
    struct error err;
    struct json_writer w = json_writer_in(way->scratch, (size_t)4 * KIB);
    declaration_write_json(&w, &way->declaration);
    if (!json_written(&w, canonical, &err)) return fail(way, &err);
    way->digest = sha256_of(*canonical);
    return true;
}

// Finds the row of the file, and keeps its name for the answer.
static bool find_file(struct way *way, struct span name)
{
    struct error err;
    struct span kept;
    if (!arena_copy(way->keep, name, &kept)) {
        error_set(&err, ERROR_TOO_LARGE, "the batch is full");
        return fail(way, &err);
    }
    way->message->answer.file = kept;
    way->work->name_key = key_of(kept);
    if (!views_find(way->intake->views, kept, way->scratch, &way->found, &way->known, &err))
        return fail(way, &err);
    way->work->expected = way->known ? way->found.facts_count : 0;
    return true;
}

static bool load_file(struct way *way)
{
    struct error err;
    if (!way->known) {
        bool opened = file_open(&way->file, way->message->answer.file, way->scratch, &err);
        return opened || fail(way, &err);
    }
    struct store_append *appends;
    uint32_t count;
    pthread_rwlock_rdlock(way->intake->store_lock);
    bool loaded = intake_load(way->intake->store, way->message->answer.file, way->found.position,
                              way->scratch, &way->file, &appends, &count, &err);
    pthread_rwlock_unlock(way->intake->store_lock);
    if (!loaded) return fail(way, &err);
    if (way->file.facts_count == way->work->expected) return true;
    error_set(&err, ERROR_DAMAGED, "the views know %u facts of this file, the journal %u",
              way->work->expected, way->file.facts_count);
    error_hint(&err, "Make the views anew with 'rebuild'; the facts are kept.");
    return fail(way, &err);
}

static bool add_fact(struct way *way, enum fact_kind kind, struct span body,
                     const struct declaration *declaration)
{
    struct error err;
    struct fact fact = { .kind = kind, .seq = way->file.facts_count + 1, .at_ms = way->now_ms,
                         .file = way->file.name, .who = span_of(way->message->who),
                         .body = body };
    way->work->first_kind = kind;
    if (file_add(&way->file, &fact, declaration, way->scratch, &err)) return true;
    return fail(way, &err);
}

static struct clearance clearance_of(struct way *way)
{
    return (struct clearance){
        .file = &way->file,
        .books = way->intake->books,
        .now_ms = way->now_ms,
        .arena = way->scratch,
        .took_ns = way->intake->timings ? way->intake->steps_ns : NULL,
        .clock_ns = way->intake->surroundings->ticks_ns,
    };
}

static bool clear(struct way *way)
{
    struct error err;
    struct clearance clearance = clearance_of(way);
    return clearance_run(&clearance, &err) || fail(way, &err);
}

// Was this very declaration lodged or amended into the file before?
static bool was_declared_before(const struct way *way)
{
    for (uint32_t i = 0; i < way->file.facts_count; i++) {
        const struct fact *fact = &way->file.facts[i];
        if (fact->kind != FACT_DECLARED && fact->kind != FACT_AMENDED) continue;
        struct sha256 digest;
        struct error err;
        if (!body_digest(fact->body, &digest, &err)) continue;
        if (sha256_equal(digest, way->digest)) return true;
    }
    return false;
}

static bool is_withdrawal(const struct declaration *d)
{
    return span_equal(d->function_code, SPAN("1")) || span_equal(d->type_code, SPAN("INV"));
}

bool intake_amends(const struct declaration *d)
{
    return span_equal(d->function_code, SPAN("13")) || span_equal(d->function_code, SPAN("4")) ||
           span_equal(d->type_code, SPAN("COR"));
}

static struct span first_statement(const struct declaration *d)
{
    return d->statements.count > 0 ? d->statements.at[0].description : SPAN("");
}

static bool withdraw(struct way *way)
{
    struct error err;
    struct span body;
    if (way->file.state == FILE_WITHDRAWN) return repeated(way);
    struct span reason = first_statement(&way->declaration);
    if (!file_check_correction(&way->file, FACT_WITHDRAWN, &err)) return fail(way, &err);
    if (!body_withdrawn(reason, way->scratch, &body, &err)) return fail(way, &err);
    return add_fact(way, FACT_WITHDRAWN, body, NULL);
}

static bool declare(struct way *way, struct span canonical)
{
    struct error err;
    struct span body;
    const struct dropped *dropped = &way->message->answer.dropped;
    bool amends = intake_amends(&way->declaration);
    if (amends && !file_check_correction(&way->file, FACT_AMENDED, &err)) return fail(way, &err);
    if (amends
            ? !body_amended(canonical, way->digest, way->file.version + 1,
                            first_statement(&way->declaration), dropped, way->scratch, &body, &err)
            : !body_declared(canonical, way->digest, dropped, way->scratch, &body, &err))
        return fail(way, &err);
    if (!add_fact(way, amends ? FACT_AMENDED : FACT_DECLARED, body, &way->declaration))
        return false;
    return clear(way);
}

// Is there such a file, and is it not one of the office's own?
static bool is_consignment(const struct way *way)
{
    return way->known && way->found.state != FILE_EMPTY;
}

// Is the declaration what its sender says that it is, of whom he may speak for?
static bool is_as_said(struct way *way, struct span name)
{
    struct error err;
    const struct message *message = way->message;
    const struct declaration *d = &way->declaration;
    if (message->declarant.len > 0 && !span_equal(d->declarant.id, message->declarant)) {
        error_set(&err, ERROR_SYNTAX, "the declarant is '" SPAN_FMT "', and the sender is '"
                  SPAN_FMT "'", SPAN_ARG(d->declarant.id), SPAN_ARG(message->declarant));
        error_hint(&err, "Lodge for your own organisation, or have its declarant lodge it.");
        error_field(&err, "declarant.id");
        return fail(way, &err);
    }
    if (message->file.len > 0 && !span_equal(name, message->file)) {
        error_set(&err, ERROR_SYNTAX, "the declaration is about '" SPAN_FMT "', and was sent to '"
                  SPAN_FMT "'", SPAN_ARG(name), SPAN_ARG(message->file));
        error_hint(&err, "Name in the declaration the consignment that it is sent to.");
        return fail(way, &err);
    }
    if ((message->purpose == PURPOSE_AMEND && !intake_amends(d)) ||
        (message->purpose == PURPOSE_WITHDRAW && !is_withdrawal(d))) {
        bool amends = message->purpose == PURPOSE_AMEND;
        error_set(&err, ERROR_SYNTAX, "the declaration is not %s",
                  amends ? "an amendment" : "a withdrawal");
        error_hint(&err, "Its function code is to be %s.", amends ? "13" : "1");
        error_field(&err, "functionCode");
        return fail(way, &err);
    }
    return true;
}

// The name of a consignment is one trader's; what another sends to it changes nothing.
static bool is_anothers(const struct way *way)
{
    struct span declarant = way->message->declarant;
    return way->known && declarant.len > 0 && !span_equal(way->found.declarant, declarant);
}

static bool taken_by_another(struct way *way)
{
    struct error err;
    error_set(&err, ERROR_CONFLICT, "the name '" SPAN_FMT "' is in use",
              SPAN_ARG(way->message->answer.file));
    error_hint(&err, "Give the consignment a unique reference (UCR) of your own.");
    return fail(way, &err);
}

// A file that nobody opened cannot be amended or withdrawn.
static bool unknown_file(struct way *way)
{
    struct error err;
    error_set(&err, ERROR_NOT_FOUND, "there is no declaration for '" SPAN_FMT "'",
              SPAN_ARG(way->message->answer.file));
    error_hint(&err, "Name the consignment by the UCR, or the reference, that it was lodged with.");
    return fail(way, &err);
}

// What is simulated and what is real never meet in one store.
static bool belongs_here(struct way *way)
{
    struct error err;
    bool simulated = declaration_is_simulated(&way->declaration);
    if (simulated && !way->intake->simulated) {
        error_set(&err, ERROR_CONFLICT, "the declaration says that it is simulated, and this store "
                  "is of real ones");
        error_hint(&err, "Lodge it into a store of its own: --simulated --store FOLDER.");
        return fail(way, &err);
    }
    if (!simulated && way->intake->simulated && !way->message->at_desk) {
        error_set(&err, ERROR_CONFLICT, "the store is simulated, and the declaration does not say "
                  "that it is");
        error_hint(&err, "Lodge what is real into another store: --store FOLDER.");
        return fail(way, &err);
    }
    return true;
}

static bool take_declaration(struct way *way)
{
    struct error err;
    struct span canonical, name;
    if (!read_message(way)) return false;
    if (!digest_declaration(way, &canonical)) return false;
    if (!file_name_of(&way->declaration, way->scratch, &name, &err)) return fail(way, &err);
    if (!belongs_here(way) || !is_as_said(way, name) || !find_file(way, name)) return false;

    way->work->digest = way->digest;
    if (way->known && memcmp(way->found.digest, way->digest.bytes, sizeof(way->found.digest)) == 0)
        return repeated(way);
    bool changes = is_withdrawal(&way->declaration) || intake_amends(&way->declaration);
    if (changes && (!is_consignment(way) || is_anothers(way))) return unknown_file(way);
    if (is_anothers(way)) return taken_by_another(way);
    if (!load_file(way)) return false;
    if (way->known && was_declared_before(way)) return repeated(way);
    return is_withdrawal(&way->declaration) ? withdraw(way) : declare(way, canonical);
}

static bool take_decision(struct way *way)
{
    struct error err;
    struct span body;
    const struct message *message = way->message;
    if (!find_file(way, message->file)) return false;
    if (!is_consignment(way)) return unknown_file(way);
    if (!load_file(way)) return false;

    if (message->kind == MESSAGE_SETTLED) {
        if (way->file.state == FILE_CLEARED) return repeated(way);
        if (!body_settled(way->file.duty_total, message->reason, way->scratch, &body, &err))
            return fail(way, &err);
        return add_fact(way, FACT_SETTLED, body, NULL);
    }
    bool said = way->file.by_officer && way->file.decision == message->decision &&
                span_equal(way->file.decided_by, span_of(message->who));
    if (said) return repeated(way);
    if (!body_decided(message->decision, true, &message->reason, 1, way->scratch, &body, &err))
        return fail(way, &err);
    return add_fact(way, FACT_DECIDED, body, NULL);
}

// The file changed since the sender looked.
static bool is_stale(struct way *way)
{
    struct error err;
    uint32_t after = way->message->after;
    if (after == ANY_FACTS || after == way->work->expected) return false;
    error_set(&err, ERROR_CONFLICT, "the file has %u facts, and had %u when it was looked at",
              way->work->expected, after);
    error_hint(&err, "Look at the file again, then say what is to happen.");
    fail(way, &err);
    return true;
}

static bool take_fact(struct way *way)
{
    struct error err;
    bool supplied = false;
    if (!find_file(way, way->message->file)) return false;
    if (!is_consignment(way)) return unknown_file(way);
    if (is_stale(way) || !load_file(way)) return false;
    for (uint32_t i = 0; i < way->message->records_count; i++) {
        const struct record *record = &way->message->records[i];
        struct fact fact = { .kind = record->kind, .seq = way->file.facts_count + 1,
                             .at_ms = way->now_ms, .file = way->file.name, .who = record->who,
                             .body = record->body };
        if (i == 0) way->work->first_kind = record->kind;
        if (!file_add(&way->file, &fact, NULL, way->scratch, &err)) return fail(way, &err);
        supplied = supplied || record->kind == FACT_SUPPLIED;
    }
    struct clearance clearance = clearance_of(way);
    return !supplied || clearance_supplied(&clearance, &err) || fail(way, &err);
}

// To a file of the office's own: who sends it knows what may follow; here it is only kept.
static bool take_own(struct way *way)
{
    struct error err;
    const struct message *message = way->message;
    assert(message->records_count > 0);
    if (message->file.len == 0 || message->file.len > FILE_NAME_MAX ||
        message->file.at[0] != FILE_OF_OFFICE) {
        error_set(&err, ERROR_SYNTAX, "'" SPAN_FMT "' is no file of the office's own",
                  SPAN_ARG(message->file));
        return fail(way, &err);
    }
    if (!find_file(way, message->file) || is_stale(way)) return false;
    struct fact *facts = arena_take(way->scratch, message->records_count, sizeof(*facts));
    error_set(&err, ERROR_TOO_LARGE, "the facts do not fit into working memory");
    if (facts == NULL) return fail(way, &err);
    for (uint32_t i = 0; i < message->records_count; i++)
        facts[i] = (struct fact){ .kind = message->records[i].kind,
                                  .seq = way->work->expected + i + 1, .at_ms = way->now_ms,
                                  .file = message->file, .who = message->records[i].who,
                                  .body = message->records[i].body };
    way->work->first_kind = facts[0].kind;
    way->fresh = facts;
    way->fresh_count = message->records_count;
    return true;
}

// Writes the new facts as canonical JSON and commits to each under a fresh salt.
static bool seal_facts(struct way *way, struct store_fact *facts)
{
    struct error err;
    uint32_t count = way->fresh_count;
    uint64_t since = now_ns(way->intake);
    for (uint32_t i = 0; i < count; i++)
        if (!fact_write(&way->fresh[i], way->scratch, &facts[i].json, &err))
            return fail(way, &err);
    took(way->intake, STAGE_FACTS, since);

    since = now_ns(way->intake);
    uint8_t *salts = arena_take_raw(way->scratch, count, STORE_SALT_SIZE);
    if (salts == NULL) {
        error_set(&err, ERROR_TOO_LARGE, "the file does not fit into working memory");
        return fail(way, &err);
    }
    way->intake->surroundings->random(salts, (size_t)count * STORE_SALT_SIZE);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(facts[i].salt, salts + (size_t)i * STORE_SALT_SIZE, STORE_SALT_SIZE);
        facts[i].commitment = fact_commitment(facts[i].salt, facts[i].json);
        way->work->leaves[i] = tree_leaf(sha256_span(&facts[i].commitment));
    }
    took(way->intake, STAGE_SEAL, since);
    return true;
}

// Everything that the committer needs, kept beyond the scratch memory.
static bool make_work(struct way *way)
{
    struct error err;
    uint32_t first = way->work->expected, count = way->fresh_count;
    assert(count > 0);
    struct store_fact *facts = arena_take(way->keep, count, sizeof(struct store_fact));
    way->work->leaves = arena_take_raw(way->keep, count, sizeof(struct sha256));
    error_set(&err, ERROR_TOO_LARGE, "the batch is full");
    if (facts == NULL || way->work->leaves == NULL) return fail(way, &err);
    if (!seal_facts(way, facts)) return false;

    way->work->append = (struct store_append){
        .file = way->message->answer.file,
        .first_seq = first + 1,
        .facts_count = count,
        .facts = facts,
        .previous = way->known ? way->found.position : STORE_NOWHERE,
    };
    uint64_t since = now_ns(way->intake);
    if (!store_pack(way->intake->packer, &way->work->append, way->keep, &err))
        return fail(way, &err);
    for (uint32_t i = 0; i < count; i++) facts[i].json = (struct span){ 0 };
    took(way->intake, STAGE_PACK, since);

    since = now_ns(way->intake);
    if (way->message->kind == MESSAGE_OWN)
        intake_row_of_own(way->message->answer.file, first + count, 0, &way->work->row);
    else {
        intake_row(&way->file, 0, &way->work->row);
        if (!intake_audiences(&way->file, first + 1, *way->scratch, way->keep, &way->work->row,
                              &err))
            return fail(way, &err);
    }
    error_set(&err, ERROR_TOO_LARGE, "the batch is full");
    if (!intake_copy_row(&way->work->row, way->keep)) return fail(way, &err);
    took(way->intake, STAGE_VIEWS, since);
    return true;
}

// Of a refused declaration the answer carries the findings.
static void make_answer(struct way *way)
{
    struct answer *given = &way->message->answer;
    answer_state(way, way->file.state, way->file.decision, way->file.duty_total,
                 way->work->expected + way->fresh_count);
    given->kind = way->file.state == FILE_REFUSED ? ANSWER_REFUSED : ANSWER_LODGED;
    for (uint32_t i = way->work->expected; i < way->file.facts_count; i++)
        if (way->file.facts[i].kind == FACT_CHECKED && way->file.state == FILE_REFUSED &&
            !arena_copy(way->keep, way->file.facts[i].body, &given->findings))
            given->findings = SPAN("");
}

// What the model has no place for is told with any answer, as far as there is room for it.
static void keep_dropped(struct way *way)
{
    struct dropped *dropped = &way->message->answer.dropped;
    uint32_t wanted = dropped->count < dropped->count_max ? dropped->count : dropped->count_max;
    struct span *paths = arena_take(way->keep, wanted + 1, sizeof(struct span));
    uint32_t kept = 0;
    for (; paths != NULL && kept < wanted; kept++)
        if (!arena_copy(way->keep, dropped->paths[kept], &paths[kept])) break;
    dropped->paths = paths;
    dropped->count_max = kept;
}

static bool take_message(struct way *way)
{
    bool taken = false;
    switch (way->message->kind) {
    case MESSAGE_DECLARATION: taken = take_declaration(way); break;
    case MESSAGE_DECISION:
    case MESSAGE_SETTLED: taken = take_decision(way); break;
    case MESSAGE_FACT: taken = take_fact(way); break;
    case MESSAGE_OWN: return take_own(way);
    }
    if (!taken) return false;
    way->fresh = &way->file.facts[way->work->expected];
    way->fresh_count = way->file.facts_count - way->work->expected;
    return true;
}

void intake_message(struct intake *intake, const struct batch *batch, struct message *message,
                    struct work *work, struct arena *keep)
{
    assert(message->answer.kind == ANSWER_NONE);
    assert(intake->books != NULL);
    *work = (struct work){ 0 };
    arena_reset(&intake->scratch, 0);

    struct way *way = arena_take(&intake->scratch, 1, sizeof(*way));
    assert(way != NULL);
    *way = (struct way){
        .intake = intake, .batch = batch, .message = message, .work = work, .keep = keep,
        .scratch = &intake->scratch,
        .now_ms = intake->surroundings->now_ms(intake->surroundings->clock),
    };
    work->keep = take_message(way) && make_work(way);
    if (work->keep) make_answer(way);
    keep_dropped(way);
    assert(work->keep == (message->answer.kind == ANSWER_LODGED ||
                          message->answer.kind == ANSWER_REFUSED));
}
