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
    if (!span_to_u64(size.head, &checkpoint->size))
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
