#include "document/paper.h"

#include <assert.h>
#include <stdio.h>

#include "base/limits.h"
#include "consignment/fact_body.h"

static const struct span format = SPAN_INIT("tidewaiter.org/file-proof@v1");

// --- Writing ---

static bool write_fact(struct json_writer *w, const struct paper_fact *fact,
                       const struct hash_source *source, uint64_t size, struct span checkpoint,
                       struct arena *arena, struct error *err)
{
    struct bundle bundle = { .index = fact->leaf, .checkpoint = checkpoint };
    if (!proof_make_inclusion(source, fact->leaf, size, &bundle.proof, err)) return false;
    struct text proof = text_in(arena, 4 * KIB), salt = text_in(arena, 128);
    bundle_write(&proof, &bundle);
    hex_write(&salt, fact->salt, SALT_SIZE);
    json_open_object(w);
    json_key(w, SPAN("fact"));
    json_write_raw(w, fact->json);
    json_key(w, SPAN("proof"));
    json_write_string(w, text_span(&proof));
    json_key(w, SPAN("salt"));
    json_write_string(w, text_span(&salt));
    json_close_object(w);
    return !proof.full || error_set(err, ERROR_TOO_LARGE, "the proof does not fit into memory");
}

bool paper_write(struct span file, const struct paper_fact *facts, uint32_t count,
                 const struct hash_source *source, uint64_t size, struct span checkpoint,
                 struct span vkey, struct arena *arena, struct span *paper, struct error *err)
{
    assert(count > 0);
    struct arena texts;
    if (!arena_open(&texts, 8 * KIB * (size_t)count + 64 * KIB, err)) return false;
    struct json_writer w = json_writer_in(arena, 16 * KIB);
    json_open_object(&w);
    json_key(&w, SPAN("checkpoint"));
    json_write_string(&w, checkpoint);
    json_key(&w, SPAN("facts"));
    json_open_array(&w);
    bool written = true;
    for (uint32_t i = 0; i < count && written; i++)
        written = write_fact(&w, &facts[i], source, size, checkpoint, &texts, err);
    json_close_array(&w);
    json_key(&w, SPAN("file"));
    json_write_string(&w, file);
    json_key(&w, SPAN("format"));
    json_write_string(&w, format);
    json_key(&w, SPAN("key"));
    json_write_string(&w, vkey);
    json_close_object(&w);
    arena_close(&texts);
    return written && json_written(&w, paper, err);
}

// --- Verifying ---

struct verifying {
    struct json json;
    struct arena *arena;
    struct span file;
    struct note_key key;
    const struct note_key *trusted;   // NULL: nobody said
    struct paper_verdict *out;
};

#define SAY(out, ...) snprintf((out)->sentence, sizeof((out)->sentence), __VA_ARGS__)

static enum verdict malformed(struct verifying *v, const char *what)
{
    SAY(v->out, "this is not a proof of a file: %s", what);
    return VERDICT_MALFORMED;
}

static bool text_member(struct verifying *v, uint32_t object, struct span name, struct span *text)
{
    struct error ignored;
    uint32_t value = json_member(&v->json, object, name);
    return value != 0 && v->json.nodes[value].kind == JSON_STRING &&
           json_string(&v->json, value, v->arena, text, &ignored);
}

// One fact: canonical, of this file, the next in order, and sealed.
static enum verdict verify_fact(struct verifying *v, uint32_t node, uint32_t seq,
                                struct checkpoint *checkpoint)
{
    struct error err;
    struct span salt_text, proof, canonical;
    uint8_t salt[SALT_SIZE];
    struct fact fact;
    uint32_t value = json_member(&v->json, node, SPAN("fact"));
    if (value == 0 || !text_member(v, node, SPAN("salt"), &salt_text) ||
        !text_member(v, node, SPAN("proof"), &proof) || !hex_read(salt_text, salt, SALT_SIZE))
        return malformed(v, "a fact without its salt or its proof");
    // A reader on the way may have laid the JSON out anew: the canonical form is what was sealed.
    struct json whole;
    struct span raw = json_raw(&v->json, value);
    if (!json_read(raw, v->arena, &whole, &err) ||
        !json_canonical(&whole, v->arena, &canonical, &err) ||
        !fact_read(canonical, v->arena, &fact, &err))
        return malformed(v, "a fact that is none");
    if (!span_equal(fact.file, v->file) || fact.seq != seq) {
        SAY(v->out, "fact %u is of another file, or facts are left out before it", fact.seq);
        return VERDICT_NOT_SEALED;
    }
    struct decided decided;
    if (fact.kind == FACT_DECIDED && body_read_decided(fact.body, v->arena, &decided, &err))
        snprintf(v->out->decision, sizeof(v->out->decision), "%s", decision_name(decided.decision));
    struct sha256 entry = fact_commitment(salt, canonical);
    enum verdict verdict = bundle_verify(proof, sha256_span(&entry), v->trusted, checkpoint, &err);
    switch (verdict) {
    case VERDICT_NOT_SEALED:
        SAY(v->out, "fact %u (%s) is not what was sealed at its place in the ledger", seq,
            fact_kind_name(fact.kind));
        break;
    case VERDICT_FORGED:
        SAY(v->out, "the checkpoint's signature is not by the key that it names");
        break;
    case VERDICT_MALFORMED:
        SAY(v->out, "the proof of fact %u cannot be read: %s", seq, err.text);
        break;
    case VERDICT_CANNOT_TELL:
        if (v->trusted != NULL) SAY(v->out, "the checkpoint is not signed by the key that was given");
        break;
    default: break;
    }
    return verdict;
}

static enum verdict verify_facts(struct verifying *v, uint32_t facts)
{
    uint32_t count = v->json.nodes[facts].count, node = facts + 1;
    struct checkpoint checkpoint = { 0 };
    enum verdict worst = VERDICT_TRUE;
    if (count == 0) return malformed(v, "it holds no facts");
    for (uint32_t seq = 1; seq <= count; seq++, node = v->json.nodes[node].next) {
        enum verdict verdict = verify_fact(v, node, seq, &checkpoint);
        if (verdict != VERDICT_TRUE && verdict != VERDICT_CANNOT_TELL) return verdict;
        if (verdict == VERDICT_CANNOT_TELL) worst = VERDICT_CANNOT_TELL;
        v->out->facts = seq;
    }
    if (worst == VERDICT_TRUE)
        SAY(v->out, "all %u facts of '" SPAN_FMT "' are sealed in ledger '" SPAN_FMT "' at size %llu, "
            "signed by its key; the last decision is %s", count, SPAN_ARG(v->file),
            SPAN_ARG(checkpoint.origin), (unsigned long long)checkpoint.size,
            v->out->decision[0] == '\0' ? "none" : v->out->decision);
    else if (v->trusted == NULL)
        SAY(v->out, "all %u facts of '" SPAN_FMT "' fit together, but nobody said whose key to trust: "
            "compare the key with the one that the administration publishes", count,
            SPAN_ARG(v->file));
    return worst;
}

void paper_verify(struct span paper, struct span vkey, struct arena *arena,
                  struct paper_verdict *out)
{
    struct error err;
    struct span said_format, said_key;
    struct verifying v = { .arena = arena, .out = out };
    *out = (struct paper_verdict){ .verdict = VERDICT_MALFORMED };
    if (!json_read(paper, arena, &v.json, &err) || v.json.nodes[0].kind != JSON_OBJECT) {
        malformed(&v, err.text);
        return;
    }
    uint32_t facts = json_member(&v.json, 0, SPAN("facts"));
    if (!text_member(&v, 0, SPAN("format"), &said_format) || !span_equal(said_format, format) ||
        !text_member(&v, 0, SPAN("file"), &v.file) || !text_member(&v, 0, SPAN("key"), &said_key) ||
        facts == 0 || v.json.nodes[facts].kind != JSON_ARRAY) {
        malformed(&v, "a member is missing, or it is of another format");
        return;
    }
    snprintf(out->file, sizeof(out->file), SPAN_FMT, SPAN_ARG(v.file));
    snprintf(out->key, sizeof(out->key), SPAN_FMT, SPAN_ARG(said_key));
    if (vkey.len > 0) {
        if (!note_key_read(vkey, &v.key, &err)) {
            out->verdict = VERDICT_CANNOT_TELL;
            SAY(out, "the key that was given cannot be read: %s", err.text);
            return;
        }
        v.trusted = &v.key;
    }
    out->verdict = verify_facts(&v, facts);
}
