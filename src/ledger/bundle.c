#include "ledger/bundle.h"

#include <assert.h>

#include "base/limits.h"
#include "ledger/tree.h"

static const struct span first_line = SPAN_INIT("c2sp.org/tlog-proof@v1");

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICT_COUNT] = {
        [VERDICT_CANNOT_TELL] = "cannot-tell", [VERDICT_TRUE] = "true",
        [VERDICT_NOT_SEALED] = "not-sealed",   [VERDICT_FORGED] = "forged",
        [VERDICT_MALFORMED] = "malformed",
    };
    assert(verdict < VERDICT_COUNT);
    return names[verdict];
}

void bundle_write(struct text *text, const struct bundle *bundle)
{
    text_add(text, first_line);
    text_add(text, SPAN("\nindex "));
    text_add_u64(text, bundle->index);
    text_add_char(text, '\n');
    for (uint32_t i = 0; i < bundle->proof.count; i++) {
        base64_write(text, bundle->proof.hashes[i].bytes, SHA256_SIZE);
        text_add_char(text, '\n');
    }
    text_add_char(text, '\n');
    text_add(text, bundle->checkpoint);
}

static bool read_hash(struct span line, struct sha256 *hash)
{
    size_t size;
    return base64_read(line, hash->bytes, SHA256_SIZE, &size) && size == SHA256_SIZE;
}

bool bundle_read(struct span text, struct bundle *bundle, struct error *err)
{
    if (text.len > PROOF_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a proof of %zu bytes", text.len);
    struct span_pair line = span_cut(text, '\n');
    if (!line.found || !span_equal(line.head, first_line))
        return error_at(err, text, text.at, "the first line is not '" SPAN_FMT "'",
                        SPAN_ARG(first_line));
    line = span_cut(line.tail, '\n');
    if (span_starts_with(line.head, SPAN("extra "))) line = span_cut(line.tail, '\n');

    struct span index = { line.head.at + 6, line.head.len - 6 };
    if (!line.found || !span_starts_with(line.head, SPAN("index ")) ||
        !span_to_u64(index, &bundle->index))
        return error_at(err, text, line.head.at, "a line 'index <decimal>' belongs here");
    bundle->proof.count = 0;
    for (line = span_cut(line.tail, '\n'); line.head.len > 0; line = span_cut(line.tail, '\n')) {
        if (!line.found || bundle->proof.count == PROOF_HASHES_MAX ||
            !read_hash(line.head, &bundle->proof.hashes[bundle->proof.count++]))
            return error_at(err, text, line.head.at, "a hash in base64 belongs here");
    }
    if (!line.found || line.tail.len == 0)
        return error_at(err, text, line.head.at, "the checkpoint is missing");
    bundle->checkpoint = line.tail;
    return true;
}

enum verdict bundle_verify(struct span text, struct span entry, const struct note_key *key,
                           struct checkpoint *checkpoint, struct error *err)
{
    struct bundle bundle;
    struct note note;
    struct checkpoint signed_state;
    if (!bundle_read(text, &bundle, err) || !note_read(bundle.checkpoint, &note, err) ||
        !checkpoint_read(note.text, &signed_state, err))
        return VERDICT_MALFORMED;
    if (checkpoint != NULL) *checkpoint = signed_state;
    if (!proof_inclusion_holds(&bundle.proof, bundle.index, signed_state.size, tree_leaf(entry),
                               signed_state.root))
        return VERDICT_NOT_SEALED;
    if (key == NULL) return VERDICT_CANNOT_TELL;
    switch (note_verify(&note, key, NULL)) {
    case NOTE_FORGED: return VERDICT_FORGED;
    case NOTE_CANNOT_TELL: return VERDICT_CANNOT_TELL;
    case NOTE_SIGNED: break;
    }
    bool own = key->type == NOTE_COSIGNATURE || span_equal(signed_state.origin, key->name);
    return own ? VERDICT_TRUE : VERDICT_CANNOT_TELL;
}
