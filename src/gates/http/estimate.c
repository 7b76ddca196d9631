// What would it cost? Asked while one types, so it is read and worked out, and nothing else.
#include "gates/http/declarations.h"
#include "gates/http/gate.h"
#include "office/estimate.h"

static bool make(struct request *request, struct estimate *estimate, struct error *err)
{
    struct declaration *declaration = arena_take(request->arena, 1, sizeof(*declaration));
    struct dropped dropped = { 0 };
    if (declaration == NULL) return error_set(err, ERROR_TOO_LARGE, "the declaration is too large");
    return declaration_reader(request->gate->xml, request->body, request->arena, declaration,
                              &dropped, err) &&
           office_estimate(request->gate->office, declaration, request->arena, estimate, err);
}

static bool write(struct request *request, const struct estimate *estimate, struct json_writer *w,
                  struct error *err)
{
    struct json checked;
    if (!json_read(estimate->checked, request->arena, &checked, err)) return false;
    uint32_t findings = json_member(&checked, 0, SPAN("findings"));
    json_open_object(w);
    json_key(w, SPAN("findings"));
    json_write_raw(w, findings == 0 ? SPAN("[]") : json_raw(&checked, findings));
    const struct { struct span key, body; } bodies[] = {
        { SPAN("valued"), estimate->valued }, { SPAN("assessed"), estimate->assessed },
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        if (bodies[i].body.len == 0) continue;
        json_key(w, bodies[i].key);
        json_write_raw(w, bodies[i].body);
    }
    body_put_money(w, "customsValue", estimate->customs_value);
    body_put_money(w, "owed", estimate->owed);
    json_close_object(w);
    return true;
}

void estimate_one(struct request *request)
{
    struct error err;
    struct estimate estimate = { 0 };
    struct json_writer w = json_writer_in(request->arena, (size_t)16 * KIB);
    if (make(request, &estimate, &err) && write(request, &estimate, &w, &err))
        reply_json(request, 200, &w);
    else reply_error(request, &err);
}
