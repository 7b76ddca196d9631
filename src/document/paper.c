#include "document/paper.h"

#include <assert.h>
#include <stdio.h>

#include "base/limits.h"
#include "consignment/fact_body.h"
#include "ledger/tree.h"

static const struct span format = SPAN_INIT("tidewaiter.org/file-proof@v1");
static const struct span format_of_extract = SPAN_INIT("tidewaiter.org/file-extract@v1");

// --- Writing ---

// What the proofs are made for and must lead to.
struct writing {
    const struct hash_source *source;
    struct span signed_note;
    struct checkpoint checkpoint;
};

// A proof that does not hold is not handed out: then the tiles are not those of the checkpoint.
static bool make_proof(const struct writing *writing, const struct paper_fact *fact,
                       struct sha256 entry, struct bundle *bundle, struct error *err)
{
    const struct checkpoint *checkpoint = &writing->checkpoint;
    *bundle = (struct bundle){ .index = fact->leaf, .checkpoint = writing->signed_note };
    if (fact->leaf >= checkpoint->size)
        return error_set(err, ERROR_CONFLICT, "entry %llu is not sealed yet",
                         (unsigned long long)fact->leaf);
    if (!proof_make_inclusion(writing->source, fact->leaf, checkpoint->size, &bundle->proof, err))
        return false;
    return proof_inclusion_holds(&bundle->proof, fact->leaf, checkpoint->size,
                                 tree_leaf(sha256_span(&entry)), checkpoint->root) ||
           error_set(err, ERROR_DAMAGED, "the tiles do not lead from entry %llu to the checkpoint",
                     (unsigned long long)fact->leaf);
}

static void write_hex(struct json_writer *w, struct span key, const uint8_t *bytes, size_t size,
                      struct arena scratch)
{
    struct text text = text_in(&scratch, 2 * size);
    hex_write(&text, bytes, size);
    assert(!text.full);
    json_key(w, key);
    json_write_string(w, text_span(&text));
}

static bool write_fact(struct json_writer *w, const struct paper_fact *fact,
                       const struct writing *writing, struct arena scratch, struct error *err)
{
    struct bundle bundle;
    struct sha256 entry = fact_commitment(fact->salt, fact->json);
    if (!make_proof(writing, fact, entry, &bundle, err)) return false;
    struct text proof = text_in(&scratch, (size_t)4 * KIB);
    bundle_write(&proof, &bundle);
    json_open_object(w);
    if (fact->withheld) {
        write_hex(w, SPAN("commitment"), entry.bytes, SHA256_SIZE, scratch);
    } else {
        json_key(w, SPAN("fact"));
        json_write_raw(w, fact->json);
    }
    json_key(w, SPAN("proof"));
    json_write_string(w, text_span(&proof));
    if (!fact->withheld) write_hex(w, SPAN("salt"), fact->salt, SALT_SIZE, scratch);
    json_close_object(w);
    return !proof.full ||
           error_set(err, ERROR_TOO_LARGE, "a fact's proof does not fit into memory");
}

static bool write_paper(struct json_writer *w, struct span file, const struct paper_fact *facts,
                        uint32_t count, const struct writing *writing, struct span vkey,
                        struct arena scratch, struct error *err)
{
    bool is_extract = false;
    for (uint32_t i = 0; i < count; i++) is_extract = is_extract || facts[i].withheld;
    json_open_object(w);
    json_key(w, SPAN("checkpoint"));
    json_write_string(w, writing->signed_note);
    json_key(w, SPAN("facts"));
    json_open_array(w);
    for (uint32_t i = 0; i < count; i++)
        if (!write_fact(w, &facts[i], writing, scratch, err)) return false;
    json_close_array(w);
    json_key(w, SPAN("file"));
    json_write_string(w, file);
    json_key(w, SPAN("format"));
    json_write_string(w, is_extract ? format_of_extract : format);
    json_key(w, SPAN("key"));
    json_write_string(w, vkey);
    json_close_object(w);
    return true;
}

bool paper_write(struct span file, const struct paper_fact *facts, uint32_t count,
                 const struct hash_source *source, uint64_t size, struct span checkpoint,
                 struct span vkey, struct arena *arena, struct span *paper, struct error *err)
{
    assert(count > 0);
    struct arena scratch;
    struct note_key key;
    struct writing writing = { .source = source, .signed_note = checkpoint };
    if (!note_key_read(vkey, &key, err)) return false;
    if (checkpoint_verify(checkpoint, &key, &writing.checkpoint, err) != VERDICT_TRUE) return false;
    if (writing.checkpoint.size != size)
        return error_set(err, ERROR_CONFLICT, "the checkpoint is of %llu entries, not of %llu",
                         (unsigned long long)writing.checkpoint.size, (unsigned long long)size);
    if (!arena_open(&scratch, (size_t)2 * PROOF_TEXT_MAX + (size_t)64 * KIB, err)) return false;
    struct json_writer w = json_writer_in(arena, (size_t)16 * KIB);
    bool written = write_paper(&w, file, facts, count, &writing, vkey, scratch, err);
    arena_close(&scratch);
    if (!written || !json_written(&w, paper, err)) return false;
    return paper->len <= JSON_TEXT_MAX ||
           error_set(err, ERROR_TOO_LARGE, "a proof of %zu bytes", paper->len);
}

// --- Verifying ---

struct verifying {
    struct json json;
    struct arena *arena;
    struct span file, signed_note;
    struct checkpoint checkpoint;
    uint64_t next_leaf;               // facts of a file are sealed in their order
    bool is_extract;
    struct paper_verdict *out;
};

// What is true is said to its end, however long the names.
_Static_assert(sizeof(((struct paper_verdict *)0)->sentence) >=
                   400 + FILE_NAME_MAX + NOTE_KEY_NAME_MAX,
               "the longest names fit into the sentence");

#define SAY(out, ...) snprintf((out)->sentence, sizeof((out)->sentence), __VA_ARGS__)

static enum verdict malformed(struct verifying *v, const char *what)
{
    SAY(v->out, "this is not a proof of a file: %s", what);
    return VERDICT_MALFORMED;
}

// A member that is text. Control characters stand only in notes and proofs, as line ends.
static bool text_member(struct verifying *v, uint32_t object, struct span name, struct span *text)
{
    struct error ignored;
    uint32_t value = json_member(&v->json, object, name);
    if (value == 0 || v->json.nodes[value].kind != JSON_STRING ||
        !json_string(&v->json, value, v->arena, text, &ignored))
        return false;
    for (size_t i = 0; i < text->len; i++)
        if ((unsigned char)text->at[i] < 0x20 && text->at[i] != '\n') return false;
    return true;
}

// Nothing may stand beside the members that are looked at: nothing would vouch for it.
static bool has_members(const struct verifying *v, uint32_t object, uint32_t count)
{
    return v->json.nodes[object].kind == JSON_OBJECT && v->json.nodes[object].count == count;
}

// Of the fact in place `seq`; its kind's name, or "withheld".
static enum verdict verify_proof(struct verifying *v, uint32_t seq, const char *kind,
                                 struct span text, struct sha256 entry)
{
    struct error err;
    struct bundle bundle;
    bool read = bundle_read(text, &bundle, &err);
    if (!read || bundle.extra.len > 0) {
        SAY(v->out, "the proof of fact %u cannot be read: %s", seq,
            read ? "it holds more than a proof" : err.text);
        return VERDICT_MALFORMED;
    }
    if (!span_equal(bundle.checkpoint, v->signed_note)) {
        SAY(v->out, "the proof of fact %u leads to another checkpoint", seq);
        return VERDICT_NOT_SEALED;
    }
    if (bundle.index < v->next_leaf ||
        !proof_inclusion_holds(&bundle.proof, bundle.index, v->checkpoint.size,
                               tree_leaf(sha256_span(&entry)), v->checkpoint.root)) {
        SAY(v->out, "fact %u (%s) is not what was sealed at its place in the ledger", seq, kind);
        return VERDICT_NOT_SEALED;
    }
    v->next_leaf = bundle.index + 1;
    return VERDICT_TRUE;
}

// One fact: canonical, of this file, the next in order, and sealed.
static enum verdict verify_fact(struct verifying *v, uint32_t node, uint32_t seq)
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
    enum verdict verdict = verify_proof(v, seq, fact_kind_name(fact.kind), proof,
                                        fact_commitment(salt, canonical));
    struct decided decided;
    if (verdict == VERDICT_TRUE && fact.kind == FACT_DECIDED) {
        bool read = body_read_decided(fact.body, v->arena, &decided, &err);
        snprintf(v->out->decision, sizeof(v->out->decision), "%s",
                 read ? decision_name(decided.decision) : "unknown");
        v->out->withheld_after = 0;
    }
    return verdict;
}

// Something that is sealed in that place of the ledger: no more can be seen.
static enum verdict verify_withheld(struct verifying *v, uint32_t node, uint32_t seq)
{
    struct span commitment, proof;
    struct sha256 entry;
    if (!text_member(v, node, SPAN("commitment"), &commitment) ||
        !text_member(v, node, SPAN("proof"), &proof) ||
        !hex_read(commitment, entry.bytes, SHA256_SIZE))
        return malformed(v, "a withheld fact without its commitment or its proof");
    v->out->withheld++;
    v->out->withheld_after++;
    return verify_proof(v, seq, "withheld", proof, entry);
}

static enum verdict verify_place(struct verifying *v, uint32_t node, uint32_t seq)
{
    if (has_members(v, node, 3)) return verify_fact(v, node, seq);
    if (v->is_extract && has_members(v, node, 2)) return verify_withheld(v, node, seq);
    return malformed(v, "a fact with other members");
}

static enum verdict verify_facts(struct verifying *v, uint32_t facts)
{
    uint32_t count = v->json.nodes[facts].count, node = facts + 1;
    if (count == 0) return malformed(v, "it holds no facts");
    for (uint32_t seq = 1; seq <= count; seq++, node = v->json.nodes[node].next) {
        size_t mark = v->arena->used;
        enum verdict verdict = verify_place(v, node, seq);
        arena_reset(v->arena, mark);
        if (verdict != VERDICT_TRUE) return verdict;
        v->out->facts = seq;
    }
    if (v->is_extract && (v->out->withheld == 0 || v->out->withheld == count))
        return malformed(v, "an extract that withholds nothing, or everything");
    return VERDICT_TRUE;
}

static const char *is(uint32_t count)
{
    return count == 1 ? "is" : "are";
}

static void say_sealed(const struct verifying *v)
{
    struct paper_verdict *out = v->out;
    const char *decision = out->decision[0] == '\0' ? "none" : out->decision;
    if (!v->is_extract) {
        SAY(out, "facts 1 to %u of '" SPAN_FMT "' are sealed in ledger '" SPAN_FMT "' at size "
            "%llu, signed by its key; the last decision in them is %s; later facts may exist",
            out->facts, SPAN_ARG(v->file), SPAN_ARG(v->checkpoint.origin),
            (unsigned long long)v->checkpoint.size, decision);
        return;
    }
    char behind[80] = "none is withheld behind it";
    if (out->withheld_after > 0)
        snprintf(behind, sizeof(behind), "%u withheld behind it may have changed that",
                 out->withheld_after);
    uint32_t shown = out->facts - out->withheld;
    SAY(out, "of facts 1 to %u of '" SPAN_FMT "' %u %s shown and sealed in ledger '" SPAN_FMT
        "' at size %llu, signed by its key; %u %s withheld and not known; the last decision shown "
        "is %s, and %s; later facts may exist", out->facts, SPAN_ARG(v->file), shown, is(shown),
        SPAN_ARG(v->checkpoint.origin), (unsigned long long)v->checkpoint.size, out->withheld,
        is(out->withheld), decision, behind);
}

// When all facts are sealed: whose word is it, and is that the one that was asked for? `by_named`
// and `by_key` are what the key that the paper names and the one that was given say of the
// checkpoint.
static enum verdict verify_key(struct verifying *v, enum verdict by_named, enum verdict by_key,
                               const struct note_key *key)
{
    struct paper_verdict *out = v->out;
    if (by_named != VERDICT_TRUE) {
        SAY(out, "the checkpoint is not signed by the key that the proof names");
    } else if (key == NULL) {
        SAY(out, "%sfacts 1 to %u of '" SPAN_FMT "' fit together, but nobody said whose key to "
            "trust: compare the key with the one that the administration publishes",
            v->is_extract ? "those that are shown of " : "", out->facts, SPAN_ARG(v->file));
    } else if (by_key != VERDICT_TRUE) {
        SAY(out, "the checkpoint is not signed by the key that was given");
    } else if (!span_equal(v->checkpoint.origin, key->name)) {
        SAY(out, "the key that was given is a witness's, and alone does not say whose ledger '"
            SPAN_FMT "' is", SPAN_ARG(v->checkpoint.origin));
    } else {
        say_sealed(v);
        return VERDICT_TRUE;
    }
    return VERDICT_CANNOT_TELL;
}

static enum verdict verify_sealed(struct verifying *v, uint32_t facts,
                                  const struct note_key *named, const struct note_key *key)
{
    struct error err;
    enum verdict by_named = checkpoint_verify(v->signed_note, named, &v->checkpoint, &err);
    enum verdict by_key = VERDICT_CANNOT_TELL;
    if (by_named == VERDICT_MALFORMED) {
        SAY(v->out, "the checkpoint cannot be read: %s", err.text);
        return VERDICT_MALFORMED;
    }
    if (key != NULL) by_key = checkpoint_verify(v->signed_note, key, &v->checkpoint, &err);
    if (by_named == VERDICT_FORGED || by_key == VERDICT_FORGED) {
        SAY(v->out, "the checkpoint's signature is not by the key that it names");
        return VERDICT_FORGED;
    }
    enum verdict verdict = verify_facts(v, facts);
    return verdict != VERDICT_TRUE ? verdict : verify_key(v, by_named, by_key, key);
}

void paper_verify(struct span paper, struct span vkey, struct arena *arena,
                  struct paper_verdict *out)
{
    struct error err = { .text = "it is not a JSON object" };
    struct span said_format, said_key;
    struct note_key key, named;
    struct verifying v = { .arena = arena, .out = out };
    *out = (struct paper_verdict){ .verdict = VERDICT_MALFORMED };
    if (!json_read(paper, arena, &v.json, &err) || v.json.nodes[0].kind != JSON_OBJECT) {
        malformed(&v, err.text);
        return;
    }
    uint32_t facts = json_member(&v.json, 0, SPAN("facts"));
    if (!has_members(&v, 0, 5) || !text_member(&v, 0, SPAN("format"), &said_format) ||
        !(span_equal(said_format, format) || span_equal(said_format, format_of_extract)) ||
        !text_member(&v, 0, SPAN("file"), &v.file) ||
        !text_member(&v, 0, SPAN("key"), &said_key) ||
        !text_member(&v, 0, SPAN("checkpoint"), &v.signed_note) || facts == 0 ||
        v.json.nodes[facts].kind != JSON_ARRAY) {
        malformed(&v, "a member is missing or one too many, or it is of another format");
        return;
    }
    if (v.file.len > FILE_NAME_MAX || span_cut(v.file, '\n').found ||
        !note_key_read(said_key, &named, &err)) {
        malformed(&v, "its file's name or its key cannot be one");
        return;
    }
    v.is_extract = span_equal(said_format, format_of_extract);
    snprintf(out->file, sizeof(out->file), SPAN_FMT, SPAN_ARG(v.file));
    snprintf(out->key, sizeof(out->key), SPAN_FMT, SPAN_ARG(said_key));
    if (vkey.len > 0 && !note_key_read(vkey, &key, &err)) {
        out->verdict = VERDICT_CANNOT_TELL;
        SAY(out, "the key that was given cannot be read: %s", err.text);
        return;
    }
    out->verdict = verify_sealed(&v, facts, &named, vkey.len > 0 ? &key : NULL);
}
