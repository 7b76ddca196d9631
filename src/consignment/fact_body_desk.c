// The bodies of what people at the desk and traders add to a file: fact_body.h describes them.
#include "base/time.h"
#include "consignment/fact_body.h"

bool body_claimed(struct span from, struct arena *arena, struct span *body, struct error *err)
{
    struct json_writer w = body_open(arena, 256);
    body_put_text(&w, "from", from);
    return body_close(&w, body, err);
}

bool body_requested(const struct requested *requested, struct arena *arena, struct span *body,
                    struct error *err)
{
    struct json_writer w = body_open(arena, 512);
    body_put_text(&w, "code", requested->code);
    body_put_text(&w, "text", requested->text);
    body_put_text(&w, "until", requested->until);
    return body_close(&w, body, err);
}

static void put_attachment(struct json_writer *w, const struct attachment *attachment)
{
    json_open_object(w);
    body_put_text(w, "code", attachment->code);
    body_put_text(w, "name", attachment->name);
    body_open_string(w, "sha256");
    hex_write(&w->text, attachment->sha256.bytes, SHA256_SIZE);
    body_close_string(w);
    body_put_whole(w, "size", attachment->size);
    body_put_text(w, "type", attachment->type);
    json_close_object(w);
}

bool body_supplied(const struct supplied *supplied, struct arena *arena, struct span *body,
                   struct error *err)
{
    struct json_writer w = body_open(arena, 512 + 512 * (size_t)supplied->attachments_count);
    json_key(&w, SPAN("attachments"));
    json_open_array(&w);
    for (uint32_t i = 0; i < supplied->attachments_count; i++)
        put_attachment(&w, &supplied->attachments[i]);
    json_close_array(&w);
    body_put_whole(&w, "request", supplied->request);
    body_put_text(&w, "text", supplied->text);
    return body_close(&w, body, err);
}

bool body_inspected(const struct inspected *inspected, struct arena *arena, struct span *body,
                    struct error *err)
{
    struct json_writer w = body_open(arena, 512);
    body_put_truth(&w, "conforms", inspected->conforms);
    if (inspected->found.count > 0)
        body_put_texts(&w, "found", inspected->found.at, inspected->found.count);
    body_put_whole(&w, "minutes", inspected->minutes);
    body_put_money(&w, "recovered", inspected->recovered);
    body_put_text(&w, "text", inspected->text);
    return body_close(&w, body, err);
}

bool body_read_claimed(struct span body, struct arena *arena, struct span *from, struct error *err)
{
    struct members m;
    if (!members_open(&m, body, arena, err)) return false;
    *from = members_text(&m, 0, "from", OPTIONAL);
    return members_ok(&m, err);
}

bool body_read_requested(struct span body, struct arena *arena, struct requested *requested,
                         struct error *err)
{
    struct members m;
    struct date until;
    if (!members_open(&m, body, arena, err)) return false;
    *requested = (struct requested){ .code = members_text(&m, 0, "code", OPTIONAL),
                                     .text = members_text(&m, 0, "text", NEEDED),
                                     .until = members_text(&m, 0, "until", OPTIONAL) };
    if (requested->until.len > 0 && !date_read(requested->until, &until, NULL))
        members_wrong(&m, "until");
    return members_ok(&m, err);
}

static struct attachment read_attachment(struct members *m, uint32_t node)
{
    struct attachment attachment = { .code = members_text(m, node, "code", OPTIONAL),
                                     .name = members_text(m, node, "name", NEEDED),
                                     .size = members_whole(m, node, "size"),
                                     .type = members_text(m, node, "type", NEEDED) };
    struct span hex = members_text(m, node, "sha256", NEEDED);
    if (hex.len != (size_t)2 * SHA256_SIZE ||
        !hex_read(hex, attachment.sha256.bytes, SHA256_SIZE))
        members_wrong(m, "sha256");
    return attachment;
}

bool body_read_supplied(struct span body, struct arena *arena, struct supplied *supplied,
                        struct error *err)
{
    struct members m;
    uint32_t node;
    if (!members_open(&m, body, arena, err)) return false;
    *supplied = (struct supplied){ .request = members_whole(&m, 0, "request"),
                                   .text = members_text(&m, 0, "text", OPTIONAL) };
    struct attachment *list = members_objects(&m, 0, "attachments", sizeof(*list),
                                              &supplied->attachments_count, &node);
    supplied->attachments = list;
    for (uint32_t i = 0; i < supplied->attachments_count; i++, node = m.json.nodes[node].next)
        list[i] = read_attachment(&m, node);
    return members_ok(&m, err);
}

bool body_read_inspected(struct span body, struct arena *arena, struct inspected *inspected,
                         struct error *err)
{
    struct members m;
    if (!members_open(&m, body, arena, err)) return false;
    *inspected = (struct inspected){ .conforms = members_truth(&m, 0, "conforms", NEEDED),
                                     .found = members_texts(&m, 0, "found"),
                                     .minutes = members_whole(&m, 0, "minutes"),
                                     .recovered = members_money(&m, 0, "recovered"),
                                     .text = members_text(&m, 0, "text", OPTIONAL) };
    if (inspected->conforms == (inspected->found.count > 0)) members_wrong(&m, "found");
    return members_ok(&m, err);
}
