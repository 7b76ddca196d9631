#include "ledger/checkpoint.h"

bool checkpoint_read(struct span text, struct checkpoint *checkpoint, struct error *err)
{
    struct span_pair origin = span_cut(text, '\n');
    struct span_pair size = span_cut(origin.tail, '\n');
    struct span_pair root = span_cut(size.tail, '\n');
    size_t root_size;
    checkpoint->origin = origin.head;
    if (!root.found || origin.head.len == 0)
        return error_at(err, text, text.at, "a checkpoint needs three lines");
    if (!span_to_u64(size.head, &checkpoint->size) || checkpoint->size > INT64_MAX)
        return error_at(err, text, size.head.at, "the second line is not a decimal size");
    if (!base64_read(root.head, checkpoint->root.bytes, SHA256_SIZE, &root_size) ||
        root_size != SHA256_SIZE)
        return error_at(err, text, root.head.at, "the third line is not a root in base64");
    for (struct span rest = root.tail; rest.len > 0;) {
        struct span_pair line = span_cut(rest, '\n');
        if (!line.found || line.head.len == 0)
            return error_at(err, text, rest.at, "an extension line that is empty or has no end");
        rest = line.tail;
    }
    return true;
}

void checkpoint_write(struct text *text, const struct checkpoint *checkpoint)
{
    text_add(text, checkpoint->origin);
    text_add_char(text, '\n');
    text_add_u64(text, checkpoint->size);
    text_add_char(text, '\n');
    base64_write(text, checkpoint->root.bytes, SHA256_SIZE);
    text_add_char(text, '\n');
}

static enum verdict cannot_tell(struct error *err, const char *what, struct span name)
{
    error_set(err, ERROR_NOT_FOUND, "%s '" SPAN_FMT "'", what, SPAN_ARG(name));
    return VERDICT_CANNOT_TELL;
}

enum verdict checkpoint_verify(struct span text, const struct note_key *key,
                               struct checkpoint *checkpoint, struct error *err)
{
    struct note note;
    struct checkpoint read;
    if (!note_read(text, &note, err) || !checkpoint_read(note.text, &read, err))
        return VERDICT_MALFORMED;
    *checkpoint = read;
    if (key == NULL) {
        error_set(err, ERROR_NOT_FOUND, "nobody said whose signature to look for");
        return VERDICT_CANNOT_TELL;
    }
    switch (note_verify(&note, key, NULL)) {
    case NOTE_SIGNED: break;
    case NOTE_FORGED:
        error_set(err, ERROR_DAMAGED, "the signature is not by the key that it names");
        return VERDICT_FORGED;
    case NOTE_CANNOT_TELL: return cannot_tell(err, "it has no signature by", key->name);
    }
    if (key->type == NOTE_COSIGNATURE || span_equal(read.origin, key->name)) return VERDICT_TRUE;
    return cannot_tell(err, "the key signs for another log than", read.origin);
}
