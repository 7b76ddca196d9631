#include "clearance/risk/names.h"

#include <assert.h>

const struct short_row short_rows[] = {
    { "value", SHORT_VALUE, NULL, NULL },
    { "value_per_kilo", SHORT_VALUE_PER_KILO, NULL, NULL },
    { "duty", SHORT_DUTY, NULL, NULL },
    { "warnings", SHORT_WARNINGS, NULL, NULL },
    { "items", SHORT_ITEMS, NULL, NULL },
    { "now", SHORT_NOW, NULL, NULL },
    { "gross_mass", SHORT_GROSS_MASS, "grossMass", NULL },
    { "net_mass", SHORT_NET_MASS, "netMass", NULL },
    { "price", 0, "price.value", "invoiceAmount.value" },
    { "price_per_kilo", SHORT_PRICE_PER_KILO, NULL, NULL },
    { "currency", 0, "price.currency", "invoiceAmount.currency" },
    { "packages", 0, "packages[0].quantity", "totalPackageCount" },
    { "commodity", 0, "classifications[0].id", "items[0].classifications[0].id" },
    { "origin", 0, "origins[0].countryCode", "items[0].origins[0].countryCode" },
    { "procedure", 0, "procedures[0].currentCode", "items[0].procedures[0].currentCode" },
    { "regime", 0, "dutyTaxFees[0].regimeCode", "items[0].dutyTaxFees[0].regimeCode" },
    { "dispatch", 0, "exportCountry", "exportCountry" },
    { "destination", 0, "destinationCountry", "destinationCountry" },
    { "incoterm", 0, NULL, "tradeTerms.conditionCode" },
    { "mode", 0, NULL, "borderMeans.modeCode" },
    { "office", 0, NULL, "officeId" },
    { "type", 0, NULL, "typeCode" },
};
const uint32_t short_rows_count = sizeof(short_rows) / sizeof(short_rows[0]);

static uint32_t item_scope(const struct scopes *scopes)
{
    for (uint32_t i = scopes->count; i-- > 1;)
        if (scopes->shapes[i] == &item_shape) return i;
    return 0;
}

bool scopes_in_item(const struct scopes *scopes)
{
    return item_scope(scopes) != 0;
}

static const struct field *field_of(const struct shape *shape, struct span name)
{
    for (uint32_t i = 0; i < shape->fields_count; i++)
        if (span_equal(shape->fields[i].name, name)) return &shape->fields[i];
    return NULL;
}

// --- Words that mean nothing ---

struct nearest {
    struct span word, name;
    uint32_t edits;
};

static void look_at(struct nearest *nearest, struct span name)
{
    uint32_t edits = name_edits(nearest->word, name, nearest->edits);
    if (edits >= nearest->edits) return;
    nearest->edits = edits;
    nearest->name = name;
}

// More than three letters, or half of the word, is another word.
static struct nearest nearest_to(struct span word)
{
    return (struct nearest){ word, { 0 }, word.len / 2 < 3 ? (uint32_t)word.len / 2 + 1 : 4 };
}

static int shown(struct span word)
{
    return word.len > 60 ? 60 : (int)word.len;
}

static bool no_name(struct span word, const struct scopes *scopes, struct error *err)
{
    struct span first = span_cut(span_cut(word, '.').head, '[').head;
    struct nearest nearest = nearest_to(first);
    error_set(err, ERROR_SYNTAX, "there is no name '%.*s'", shown(word), word.at);
    for (uint32_t i = 0; i < short_rows_count; i++) look_at(&nearest, span_of(short_rows[i].word));
    for (uint32_t i = scopes->count; i-- > 0;)
        for (uint32_t j = 0; j < scopes->shapes[i]->fields_count; j++)
            look_at(&nearest, scopes->shapes[i]->fields[j].name);
    if (field_of(&item_shape, first) != NULL)
        return error_hint(err, "It is a field of items: write any item (...) around it.");
    if (nearest.name.len == 0)
        return error_hint(err, "See docs/rule-language.md and docs/declaration.schema.json.");
    return error_hint(err, "Did you mean '" SPAN_FMT "'?", SPAN_ARG(nearest.name));
}

static bool no_list(struct span word, const struct scopes *scopes, struct error *err)
{
    struct nearest nearest = nearest_to(word);
    error_set(err, ERROR_SYNTAX, "there is no list '%.*s'", shown(word), word.at);
    look_at(&nearest, SPAN("item"));
    for (uint32_t i = scopes->count; i-- > 0;)
        for (uint32_t j = 0; j < scopes->shapes[i]->fields_count; j++)
            if (scopes->shapes[i]->fields[j].kind == FIELD_LIST)
                look_at(&nearest, scopes->shapes[i]->fields[j].name);
    if (nearest.name.len == 0)
        return error_hint(err, "Lists are item, document, container and others of the model.");
    return error_hint(err, "Did you mean '" SPAN_FMT "'?", SPAN_ARG(nearest.name));
}

// --- Fields ---

static struct rule_field field_at(const struct field_path *path, uint32_t scope)
{
    const struct field *last = path->steps[path->count - 1];
    struct rule_field found = { .shape = last->shape, .scope = (uint8_t)scope,
                                .kind = (uint8_t)last->kind };
    uint32_t offset = 0;
    for (uint32_t i = 0; i + 1 < path->count; i++) {
        const struct field *step = path->steps[i];
        offset += step->offset;
        if (step->kind != FIELD_LIST) continue;
        assert(found.hops_count < sizeof(found.hops) / sizeof(found.hops[0]));
        assert(offset <= UINT16_MAX);
        uint16_t index = path->index[i] == FIELD_EVERY ? 0 : path->index[i];
        found.hops[found.hops_count++] =
            (struct rule_hop){ (uint16_t)offset, index, index * step->shape->size };
        offset = 0;
    }
    offset += last->offset;
    assert(offset <= UINT16_MAX);
    found.offset = (uint16_t)offset;
    return found;
}

// The unit of a quantity and the currency of an amount are texts.
static enum node_kind kind_of(const struct field_path *path)
{
    enum field_kind kind = path->steps[path->count - 1]->kind;
    if (kind == FIELD_OBJECT || kind == FIELD_LIST) return NODE_LIST;
    return path->part == FIELD_UNIT || kind == FIELD_TEXT || kind == FIELD_CODE
               ? NODE_TEXT_FIELD : NODE_NUMBER_FIELD;
}

static bool no_scalar(const struct field *field, struct error *err)
{
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' holds other fields and cannot be compared",
              SPAN_ARG(field->name));
    return error_hint(err, field->kind == FIELD_LIST
                               ? "Name one, like documents[0].id, or use any document (...)."
                               : "Name one of the fields in it, like importer.id.");
}

static bool read_path(struct span text, const struct scopes *scopes, uint32_t scope,
                      struct meaning *meaning, struct error *err)
{
    struct field_path path;
    if (!field_path_read(text, scopes->shapes[scope], &path, err)) return false;
    *meaning = (struct meaning){ .kind = kind_of(&path), .field = field_at(&path, scope) };
    if (meaning->kind == NODE_LIST) return no_scalar(path.steps[path.count - 1], err);
    if (scopes->shapes[scope] != &item_shape || meaning->kind != NODE_TEXT_FIELD ||
        !field_path_read(text, scopes->shapes[0], &path, NULL))
        return true;
    meaning->otherwise = field_at(&path, 0);
    meaning->has_otherwise = kind_of(&path) == NODE_TEXT_FIELD;
    return true;
}

bool name_read(struct span word, const struct scopes *scopes, struct meaning *meaning,
               struct error *err)
{
    assert(scopes->count > 0);
    assert(scopes->shapes[0] == &declaration_shape);
    uint32_t in_item = item_scope(scopes);
    for (uint32_t i = 0; i < short_rows_count; i++) {
        const struct short_row *row = &short_rows[i];
        if (!span_equal(word, span_of(row->word))) continue;
        bool of_item = in_item != 0 && row->item_path != NULL;
        const char *path = of_item ? row->item_path : row->path;
        if (path != NULL)
            return read_path(span_of(path), scopes, of_item ? in_item : 0, meaning, err);
        *meaning = (struct meaning){ .kind = NODE_SHORT, .name = row->name };
        return true;
    }
    struct span first = span_cut(span_cut(word, '.').head, '[').head;
    for (uint32_t scope = scopes->count; scope-- > 0;)
        if (field_of(scopes->shapes[scope], first) != NULL)
            return read_path(word, scopes, scope, meaning, err);
    return no_name(word, scopes, err);
}

// --- Lists ---

static const struct field *list_named(const struct shape *shape, struct span word)
{
    for (uint32_t i = 0; i < shape->fields_count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->kind != FIELD_LIST || !span_starts_with(field->name, word)) continue;
        if (field->name.len == word.len) return field;
        if (field->name.len == word.len + 1 && span_ends_with(field->name, SPAN("s"))) return field;
    }
    return NULL;
}

static struct rule_field list_at(const struct field *list, uint32_t scope)
{
    struct field_path path = { .steps = { list }, .index = { FIELD_EVERY }, .count = 1 };
    return field_at(&path, scope);
}

bool name_read_list(struct span word, const struct scopes *scopes, struct meaning *meaning,
                    struct error *err)
{
    for (uint32_t scope = scopes->count; scope-- > 0;) {
        const struct field *list = list_named(scopes->shapes[scope], word);
        if (list == NULL) continue;
        *meaning = (struct meaning){ .kind = NODE_LIST, .field = list_at(list, scope) };
        // Costs of the whole are not those of an item.
        if (scopes->shapes[scope] != &item_shape || span_equal(list->name, SPAN("charges")))
            return true;
        const struct field *whole = list_named(scopes->shapes[0], word);
        meaning->has_otherwise = whole != NULL && whole->shape == list->shape;
        if (meaning->has_otherwise) meaning->otherwise = list_at(whole, 0);
        return true;
    }
    return no_list(word, scopes, err);
}
