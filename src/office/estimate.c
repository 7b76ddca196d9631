#include "office/estimate.h"

#include "base/limits.h"
#include "office/intake.h"

// Nothing is kept under this name, and nothing that is estimated depends on it.
static const struct span nobodys = SPAN_INIT("estimate");

static bool declare(struct file *file, const struct declaration *declaration, enum fact_kind kind,
                    int64_t now_ms, struct arena *arena, struct error *err)
{
    struct span canonical, body;
    struct json_writer w = json_writer_in(arena, (size_t)4 * KIB);
    struct fact fact = { .kind = kind, .seq = file->facts_count + 1, .at_ms = now_ms,
                         .file = file->name, .who = nobodys };
    declaration_write_json(&w, declaration);
    if (!json_written(&w, &canonical, err)) return false;
    struct sha256 digest = sha256_of(canonical);
    static const struct dropped none = { 0 };
    bool written = kind == FACT_AMENDED
                       ? body_amended(canonical, digest, file->version + 1, SPAN(""), &none, arena,
                                      &body, err)
                       : body_declared(canonical, digest, &none, arena, &body, err);
    fact.body = body;
    return written && file_add(file, &fact, declaration, arena, err);
}

bool office_estimate(struct office *office, const struct declaration *declaration,
                     struct arena *arena, struct estimate *estimate, struct error *err)
{
    struct file file;
    int64_t now_ms = office_now(office);
    struct clearance clearance = { .file = &file, .books = office_books(office), .now_ms = now_ms,
                                   .arena = arena };
    if (!file_open(&file, nobodys, arena, err) ||
        !declare(&file, declaration, FACT_DECLARED, now_ms, arena, err) ||
        (intake_amends(declaration) &&
         !declare(&file, declaration, FACT_AMENDED, now_ms, arena, err)) ||
        !clearance_estimate(&clearance, err))
        return false;
    *estimate = (struct estimate){ .customs_value = file.customs_value, .owed = file.duty_total };
    for (uint32_t i = 0; i < file.facts_count; i++) {
        const struct fact *fact = &file.facts[i];
        if (fact->kind == FACT_CHECKED) estimate->checked = fact->body;
        if (fact->kind == FACT_VALUED) estimate->valued = fact->body;
        if (fact->kind == FACT_ASSESSED) estimate->assessed = fact->body;
    }
    return true;
}
