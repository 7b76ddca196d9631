#include "tariff/origin_sheet.h"

#include "base/limits.h"

#define COUNT(rows) ((uint32_t)(sizeof(rows) / sizeof((rows)[0])))

static const uint64_t code_end = 10000000000;

// --- Values ---

// Zero or more, below 10^12, six decimals.
static bool read_amount(const struct form *m, uint32_t node, void *place, struct error *err)
{
    static const struct decimal limit = { 1000000000000, 0, true };
    struct decimal *amount = place;
    if (!form_decimal(m, node, amount, err)) return false;
    if (decimal_sign(*amount) < 0) {
        json_error(m->json, node, err, "an amount below zero");
        return error_hint(err, "Materials, prices and masses are zero or more.");
    }
    if (decimal_compare(*amount, limit) < 0 && amount->scale <= ORIGIN_AMOUNT_SCALE) return true;
    json_error(m->json, node, err, "an amount is below 1000000000000 and has at most %d decimals",
               ORIGIN_AMOUNT_SCALE);
    return error_hint(err, "Look for a misplaced point, or count in a larger unit.");
}

struct code_place { struct origin_range code; struct span text; };

static bool read_code(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct code_place *code = place;
    if (!form_text(m, node, &code->text, err)) return false;
    if (origin_code_read(code->text, &code->code)) return true;
    json_error(m->json, node, err, "'" SPAN_FMT "' is no commodity code", SPAN_ARG(code->text));
    return error_hint(err, "Write 2, 4, 6, 8 or 10 digits.");
}

static bool read_status(const struct form *m, uint32_t node, void *place, struct error *err)
{
    static const char *const names[] = { "unknown", "no", "yes", "wholly" };
    struct span s = json_raw(m->json, node);
    for (uint32_t i = 0; i < COUNT(names); i++) {
        if (!span_equal(s, span_of(names[i]))) continue;
        *(enum origin_status *)place = (enum origin_status)i;
        return true;
    }
    return json_error(m->json, node, err, "one of wholly, yes, no, unknown is expected here");
}

static bool read_country(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct span *s = place;
    if (!form_text(m, node, s, err)) return false;
    bool code = s->len == 2 && s->at[0] >= 'A' && s->at[0] <= 'Z' && s->at[1] >= 'A' &&
                s->at[1] <= 'Z';
    if (code) return true;
    json_error(m->json, node, err, "'" SPAN_FMT "' is no country", SPAN_ARG(*s));
    return error_hint(err, "Use two capital letters as in ISO 3166-1.");
}

// --- Parts ---

struct product_row {
    struct code_place code;
    struct span name, part;
    struct decimal ex_works, fob, net_cost, own_costs, weight;
    enum form_answer wholly_obtained, more_than_minimal;
};

static const struct form_row product_members[] = {
    { "code", read_code, offsetof(struct product_row, code), true },
    { "name", form_text, offsetof(struct product_row, name), false },
    { "part", form_text, offsetof(struct product_row, part), false },
    { "ex_works", read_amount, offsetof(struct product_row, ex_works), false },
    { "fob", read_amount, offsetof(struct product_row, fob), false },
    { "net_cost", read_amount, offsetof(struct product_row, net_cost), false },
    { "own_costs", read_amount, offsetof(struct product_row, own_costs), false },
    { "weight", read_amount, offsetof(struct product_row, weight), false },
    { "wholly_obtained", form_answer_read, offsetof(struct product_row, wholly_obtained), false },
    { "more_than_minimal", form_answer_read, offsetof(struct product_row, more_than_minimal),
      false },
};

static bool read_product(const struct form *m, uint32_t node, void *place, struct error *err)
{
    return form_read(m, node, product_members, COUNT(product_members), place, err);
}

struct material_row {
    struct code_place code;
    struct origin_material material;
};

static bool read_is(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct origin_material *material = place;
    material->is_given = true;
    return form_texts(m, node, &material->is, err);
}

#define MATERIAL(member) offsetof(struct material_row, material.member)
static const struct form_row material_members[] = {
    { "code", read_code, offsetof(struct material_row, code), false },
    { "name", form_text, MATERIAL(name), false },
    { "value", read_amount, MATERIAL(value), false },
    { "weight", read_amount, MATERIAL(weight), false },
    { "origin", read_country, MATERIAL(country), false },
    { "originating", read_status, MATERIAL(status), false },
    { "proof", form_text, MATERIAL(proof), false },
    { "is", read_is, offsetof(struct material_row, material), false },
};

static bool read_materials(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct form_list rows, *list = place;
    void *memory;
    if (!form_list_read(m, node, material_members, COUNT(material_members),
                      sizeof(struct material_row), ORIGIN_MATERIALS_MAX, &rows, err) ||
        !arena_need(m->arena, rows.count, sizeof(struct origin_material), &memory, "the materials",
                    err))
        return false;
    const struct material_row *row = rows.items;
    struct origin_material *to = memory;
    for (uint32_t i = 0; i < rows.count; i++) {
        to[i] = row[i].material;
        to[i].code_text = row[i].code.text;
        to[i].code = row[i].code.text.len > 0 ? row[i].code.code
                                              : (struct origin_range){ 0, code_end - 1 };
    }
    *list = (struct form_list){ memory, rows.count };
    return true;
}

static const struct form_row claim_members[] = {
    { "words", form_text, offsetof(struct origin_claim, words), true },
    { "done", form_answer_read, offsetof(struct origin_claim, done), true },
    { "evidence", form_text, offsetof(struct origin_claim, evidence), false },
};

static bool read_claims(const struct form *m, uint32_t node, void *place, struct error *err)
{
    return form_list_read(m, node, claim_members, COUNT(claim_members), sizeof(struct origin_claim),
                        ORIGIN_CLAIMS_MAX, place, err);
}

struct consignment_row { struct decimal value; enum form_answer direct, authorised; };

static const struct form_row consignment_members[] = {
    { "value", read_amount, offsetof(struct consignment_row, value), false },
    { "direct", form_answer_read, offsetof(struct consignment_row, direct), false },
    { "authorised_exporter", form_answer_read, offsetof(struct consignment_row, authorised),
      false },
};

static bool read_consignment(const struct form *m, uint32_t node, void *place,
                             struct error *err)
{
    return form_read(m, node, consignment_members, COUNT(consignment_members), place, err);
}

// --- The sheet ---

struct sheet_row {
    struct span format;
    struct origin_sheet sheet;
    struct product_row product;
    struct consignment_row consignment;
    struct form_list materials, claims;
};

static const struct form_row sheet_members[] = {
    { "format", form_text, offsetof(struct sheet_row, format), true },
    { "remark", form_text, offsetof(struct sheet_row, sheet.remark), false },
    { "scheme", form_text, offsetof(struct sheet_row, sheet.scheme), true },
    { "country", read_country, offsetof(struct sheet_row, sheet.country), true },
    { "destination", read_country, offsetof(struct sheet_row, sheet.destination), false },
    { "day", form_date, offsetof(struct sheet_row, sheet.day), false },
    { "currency", form_currency, offsetof(struct sheet_row, sheet.currency), true },
    { "product", read_product, offsetof(struct sheet_row, product), true },
    { "materials", read_materials, offsetof(struct sheet_row, materials), true },
    { "claims", read_claims, offsetof(struct sheet_row, claims), false },
    { "consignment", read_consignment, offsetof(struct sheet_row, consignment), false },
};

static void fill(struct origin_sheet *sheet, const struct sheet_row *row)
{
    const struct product_row *product = &row->product;
    *sheet = row->sheet;
    sheet->code = product->code.code, sheet->code_text = product->code.text;
    sheet->name = product->name, sheet->part = product->part;
    sheet->ex_works = product->ex_works, sheet->fob = product->fob;
    sheet->net_cost = product->net_cost, sheet->own_costs = product->own_costs;
    sheet->weight = product->weight;
    sheet->wholly_obtained = product->wholly_obtained;
    sheet->more_than_minimal = product->more_than_minimal;
    sheet->consignment = row->consignment.value, sheet->direct = row->consignment.direct;
    sheet->authorised = row->consignment.authorised;
    sheet->materials = row->materials.items, sheet->materials_count = row->materials.count;
    sheet->claims = row->claims.items, sheet->claims_count = row->claims.count;
}

bool origin_sheet_read(struct span text, struct arena *arena, struct origin_sheet *sheet,
                       struct error *err)
{
    struct json json;
    struct form_place place = { 0 };
    struct sheet_row row = { 0 };
    if (text.len > ORIGIN_SHEET_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a worksheet of more than %d bytes",
                         ORIGIN_SHEET_TEXT_MAX);
    if (!json_read(text, arena, &json, err)) return false;
    struct form m = { &json, arena, &place };
    if (!form_read(&m, 0, sheet_members, COUNT(sheet_members), &row, err)) return false;
    if (!span_equal(row.format, SPAN(ORIGIN_SHEET_FORMAT))) {
        json_error(&json, json_member(&json, 0, SPAN("format")), err, "this is no worksheet");
        return error_hint(err, "The member \"format\" must be \"" ORIGIN_SHEET_FORMAT "\".");
    }
    fill(sheet, &row);
    return true;
}
