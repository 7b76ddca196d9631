#include "ledger/bundle.h"

#include "base/limits.h"
#include "ledger/tree.h"

static const struct span first_line = SPAN_INIT("c2sp.org/tlog-proof@v1");

void bundle_write(struct text *text, const struct bundle *bundle)
{
    text_add(text, first_line);
    if (bundle->extra.len > 0) {
        text_add(text, SPAN("\nextra "));
        text_add(text, bundle->extra);
    }
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

// What stands behind a word and a blank; false when the line begins otherwise.
static bool after(struct span line, struct span word, struct span *rest)
{
    if (!span_starts_with(line, word)) return false;
    *rest = (struct span){ line.at + word.len, line.len - word.len };
    return true;
}

static bool read_head(struct span text, struct bundle *bundle, struct span *rest,
                      struct error *err)
{
    struct span index, none = { 0 };
    struct span_pair line = span_cut(text, '\n');
    if (!line.found || !span_equal(line.head, first_line))
        return error_at(err, text, text.at, "the first line is not '" SPAN_FMT "'",
                        SPAN_ARG(first_line));
    line = span_cut(line.tail, '\n');
    bundle->extra = none;
    if (after(line.head, SPAN("extra "), &bundle->extra)) {
        if (!base64_check(bundle->extra) || bundle->extra.len == 0)
            return error_at(err, text, bundle->extra.at, "extra data in base64 belongs here");
        line = span_cut(line.tail, '\n');
    }
    if (!line.found || !after(line.head, SPAN("index "), &index) ||
        !span_to_u64(index, &bundle->index))
        return error_at(err, text, line.head.at, "a line 'index <decimal>' belongs here");
    *rest = line.tail;
    return true;
}

bool bundle_read(struct span text, struct bundle *bundle, struct error *err)
{
    struct span rest = { 0 };
    bundle->index = 0;
    bundle->checkpoint = rest;
    if (text.len > PROOF_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a proof of %zu bytes", text.len);
    if (!read_head(text, bundle, &rest, err)) return false;

    bundle->proof.count = 0;
    struct span_pair line = span_cut(rest, '\n');
    for (; line.head.len > 0; line = span_cut(line.tail, '\n')) {
        if (!line.found || bundle->proof.count == PROOF_HASHES_MAX ||
            !read_hash(line.head, &bundle->proof.hashes[bundle->proof.count]))
            return error_at(err, text, line.head.at, "a hash in base64 belongs here");
        bundle->proof.count++;
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
    struct checkpoint said;
    if (!bundle_read(text, &bundle, err)) return VERDICT_MALFORMED;
    enum verdict verdict = checkpoint_verify(bundle.checkpoint, key, &said, err);
    if (verdict == VERDICT_MALFORMED) return verdict;
    if (checkpoint != NULL) *checkpoint = said;
    if (verdict == VERDICT_FORGED) return verdict;
    if (!proof_inclusion_holds(&bundle.proof, bundle.index, said.size, tree_leaf(entry),
                               said.root)) {
        error_set(err, ERROR_DAMAGED, "the path does not lead from this entry to the root");
        return VERDICT_NOT_SEALED;
    }
    if (verdict == VERDICT_TRUE && !span_equal(said.origin, key->name)) {
        error_set(err, ERROR_NOT_FOUND, "a witness alone does not say whose log '" SPAN_FMT "' is",
                  SPAN_ARG(said.origin));
        return VERDICT_CANNOT_TELL;
    }
    return verdict;
}
