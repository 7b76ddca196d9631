// R-6xx: what is said in one place fits what is said in another, and nothing is said twice.

#include "clearance/check/view.h"

#include <assert.h>

#include "base/limits.h"

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

// --- Procedures ---

static bool procedure_fits_direction(const struct view *view, struct spot *spot)
{
    (void)spot;
    enum direction direction = procedure_direction(item_procedure(view->item).current_code);
    return direction == DIRECTION_UNKNOWN || view->direction == DIRECTION_UNKNOWN ||
           direction == view->direction;
}

static bool reexport_follows_special(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct procedure procedure = item_procedure(view->item);
    if (!is(procedure.current_code, "31") || procedure.previous_code.len == 0) return true;
    return !is_one_of(procedure.previous_code, "00 10 40 ");
}

static bool reimport_follows_export(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct procedure procedure = item_procedure(view->item);
    if (!is_one_of(procedure.current_code, "61 63 68 ") || procedure.previous_code.len == 0)
        return true;
    return is_one_of(procedure.previous_code, "10 11 21 22 23 31 ");
}

static bool previous_document_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span previous = item_procedure(view->item).previous_code;
    if (previous.len == 0 || is(previous, "00")) return true;
    return view->item->previous_documents.count > 0 ||
           view->declaration->previous_documents.count > 0;
}

static bool has_tax_party(const struct party *parties, uint32_t count, const char *roles)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_one_of(parties[i].role_code, roles) && parties[i].id.len > 0) return true;
    return false;
}

static bool vat_number_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!is_one_of(item_procedure(view->item).current_code, "42 63 ")) return true;
    return has_tax_party(view->item->tax_parties.at, view->item->tax_parties.count, "FR1 FR3 ") ||
           has_tax_party(view->declaration->tax_parties.at, view->declaration->tax_parties.count,
                         "FR1 FR3 ");
}

static bool applies_by_declaration(const struct statement *statements, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (is(statements[i].code, "00100")) return true;
    return false;
}

static bool authorisation_held(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->declaration->authorisation_holders.count > 0) return true;
    if (!is_one_of(item_procedure(view->item).current_code, "21 22 44 46 48 51 53 71 "))
        return true;
    return applies_by_declaration(view->item->statements.at, view->item->statements.count) ||
           applies_by_declaration(view->declaration->statements.at,
                                  view->declaration->statements.count);
}

static bool warehouse_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!is(item_procedure(view->item).current_code, "71")) return true;
    return view->declaration->warehouse.id.len > 0;
}

static bool simplification_held(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->type.additional == 0 || strchr("CFYZ", view->type.additional) == NULL) return true;
    return view->declaration->authorisation_holders.count > 0;
}

static bool supplementary_dated(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->direction != DIRECTION_IMPORT || !is_supplementary(view)) return true;
    return view->declaration->accepted_at.given;
}

// --- Origin and preference ---

static bool claims_preference(const struct view *view)
{
    struct span code = item_preference(view->item);
    return for_home_use(view, view->item) && code.len == 3 &&
           (code.at[0] == '2' || code.at[0] == '3');
}

static bool preferential_origin_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!claims_preference(view)) return true;
    for (uint32_t i = 0; i < view->item->origins.count; i++)
        if (is(view->item->origins.at[i].type_code, "2")) return true;
    return false;
}

// N954 EUR.1, N864 invoice declaration, N865 form A, N018 A.TR., and the U codes of statements on
// origin. The letter may stand in the category or begin the type.
static bool proves_origin(const struct document *document)
{
    char code[8];
    struct span category = document->category_code, type = document->type_code;
    if (category.len + type.len < 3 || category.len + type.len > sizeof(code)) return false;
    if (category.len > 0) memcpy(code, category.at, category.len);
    if (type.len > 0) memcpy(code + category.len, type.at, type.len);
    struct span whole = { code, category.len + type.len };
    return code[0] == 'U' || is_one_of(whole, "N954 N864 N865 N018 C100 ");
}

static bool proof_of_origin_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!claims_preference(view)) return true;
    for (uint32_t i = 0; i < view->item->documents.count; i++)
        if (proves_origin(&view->item->documents.at[i])) return true;
    for (uint32_t i = 0; i < view->declaration->documents.count; i++)
        if (proves_origin(&view->declaration->documents.at[i])) return true;
    return false;
}

static bool quota_named(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span code = item_preference(view->item);
    if (!for_home_use(view, view->item) || code.len != 3 || code.at[1] != '2') return true;
    for (uint32_t i = 0; i < view->item->duty_tax_fees.count; i++)
        if (view->item->duty_tax_fees.at[i].quota_order_id.len > 0) return true;
    return false;
}

// --- Value ---

static bool terms_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!is_full(view) || view->direction != DIRECTION_IMPORT) return true;
    if (view->declaration->trade_terms.condition_code.len > 0) return true;
    for (uint32_t i = 0; i < view->declaration->items.count; i++)
        if (is(view->declaration->items.at[i].valuation_method_code, "1")) return false;
    return true;
}

static bool above_zero(const struct amount *amount)
{
    return amount->value.given && decimal_sign(amount->value) > 0;
}

static bool adds_freight(const struct charge *charges, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (is(charges[i].type_code, "AK") && above_zero(&charges[i].amount)) return true;
    return false;
}

static bool whole_adds_freight(const struct declaration *declaration)
{
    return above_zero(&declaration->freight) ||
           adds_freight(declaration->charges.at, declaration->charges.count);
}

static bool item_adds_freight(const struct item *item)
{
    return above_zero(&item->freight) || adds_freight(item->charges.at, item->charges.count);
}

static bool freight_not_added_twice(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (view->direction != DIRECTION_IMPORT) return true;
    if (!is_one_of(d->trade_terms.condition_code, "CIF CIP ")) return true;
    for (uint32_t i = 0; i < d->items.count; i++)
        if (item_adds_freight(&d->items.at[i])) return false;
    return !whole_adds_freight(d);
}

static bool freight_not_forgotten(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (view->direction != DIRECTION_IMPORT || whole_adds_freight(d)) return true;
    if (!is_one_of(d->trade_terms.condition_code, "EXW FCA FAS FOB ")) return true;
    for (uint32_t i = 0; i < d->items.count; i++)
        if (item_adds_freight(&d->items.at[i])) return true;
    return d->items.count == 0;
}

static bool currency_missing(const struct amount *amount)
{
    return amount->value.given && amount->currency.len == 0;
}

static const struct named amounts[] = {
    { "freight", offsetof(struct declaration, freight) },
    { "insurance", offsetof(struct declaration, insurance) },
    { "invoiceAmount", offsetof(struct declaration, invoice_amount) },
};

static bool currencies_given(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < COUNT(amounts); i++)
        if (currency_missing(named_at(view->declaration, &amounts[i])))
            return broken_by_name(spot, i, amounts);
    return true;
}

static const struct named item_amounts[] = {
    { "price", offsetof(struct item, price) },
    { "statisticalValue", offsetof(struct item, statistical_value) },
    { "customsValue", offsetof(struct item, customs_value) },
    { "freight", offsetof(struct item, freight) },
};

static bool item_currencies_given(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < COUNT(item_amounts); i++)
        if (currency_missing(named_at(view->item, &item_amounts[i])))
            return broken_by_name(spot, i, item_amounts);
    return true;
}

// --- Transport ---

static bool container_named(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (!is(d->container_code, "1") || d->containers.count > 0) return true;
    for (uint32_t i = 0; i < d->items.count; i++)
        if (d->items.at[i].containers.count > 0) return true;
    return false;
}

static bool container_admitted(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !is(view->declaration->container_code, "0") || view->declaration->containers.count == 0;
}

// The first digit of the identity's type is the mode that it belongs to: 10 and 11 ships, 20 and 21
// trains, 30 and 31 lorries, 40 and 41 aircraft, 80 and 81 barges.
static bool identity_fits_mode(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct transport_means *means = &view->declaration->border_means;
    enum transport_mode mode = transport_mode_read(means->mode_code);
    enum transport_mode identity = transport_mode_read(means->id_type_code);
    if (means->id_type_code.len != 2 || mode == TRANSPORT_MODE_UNKNOWN) return true;
    if (mode == TRANSPORT_MODE_MAIL || mode == TRANSPORT_MODE_MULTIMODAL ||
        mode == TRANSPORT_MODE_FIXED || mode == TRANSPORT_MODE_OTHER)
        return true;
    if (mode == TRANSPORT_MODE_WATERWAY && identity == TRANSPORT_MODE_SEA) return true;
    return identity == mode || identity == TRANSPORT_MODE_OTHER;
}

static bool export_leaves(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (view->direction != DIRECTION_EXPORT || d->export_country.len == 0) return true;
    return !span_equal(d->export_country, d->destination_country);
}

// --- Parties ---

static bool representation_stated(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct party *agent = &view->declaration->agent;
    return !party_given(agent) || agent->role_code.len > 0;
}

static bool parties_differ(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    return d->importer.id.len == 0 || !span_equal(d->importer.id, d->exporter.id);
}

// --- Said twice ---

enum { TWICE_MAX = DECLARATION_LIST_MAX };
_Static_assert(TWICE_MAX <= 999, "the fingerprints of a list fit the stack");

// A fingerprint (FNV-1a) of texts, each closed by a mark. Two that agree by chance cost a warning.
static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i++) hash = (hash ^ at[i]) * UINT64_C(0x100000001B3);
    return (hash ^ 0xFF) * UINT64_C(0x100000001B3);
}

enum { MIX_BEGIN = 0x2545 };

static bool none_twice(const uint64_t *marks, uint32_t count, struct spot *spot)
{
    for (uint32_t i = spot->next; i < count; i++)
        for (uint32_t earlier = 0; earlier < i; earlier++)
            if (marks[i] == marks[earlier]) return broken_at(spot, i);
    return true;
}

static bool item_documents_once(const struct view *view, struct spot *spot)
{
    uint32_t count = view->item->documents.count;
    if (count < 2) return true;
    assert(count <= TWICE_MAX);
    uint64_t marks[TWICE_MAX];
    for (uint32_t i = 0; i < count; i++) {
        const struct document *document = &view->item->documents.at[i];
        uint64_t mark = mix(MIX_BEGIN, document->category_code.at, document->category_code.len);
        mark = mix(mark, document->type_code.at, document->type_code.len);
        mark = mix(mark, document->id.at, document->id.len);
        mark = mix(mark, document->name.at, document->name.len);
        const struct decimal *written_off = &document->write_off_quantity.value;
        mark = mix(mark, &written_off->digits, sizeof(written_off->digits));
        marks[i] = mark;
    }
    return none_twice(marks, count, spot);
}

static bool item_previous_documents_once(const struct view *view, struct spot *spot)
{
    uint32_t count = view->item->previous_documents.count;
    if (count < 2) return true;
    assert(count <= TWICE_MAX);
    uint64_t marks[TWICE_MAX];
    for (uint32_t i = 0; i < count; i++) {
        const struct previous_document *document = &view->item->previous_documents.at[i];
        uint64_t mark = mix(MIX_BEGIN, document->category_code.at, document->category_code.len);
        mark = mix(mark, document->type_code.at, document->type_code.len);
        mark = mix(mark, document->id.at, document->id.len);
        marks[i] = mix(mark, &document->line.value, sizeof(document->line.value));
    }
    return none_twice(marks, count, spot);
}

static bool containers_once(const struct view *view, struct spot *spot)
{
    uint32_t count = view->declaration->containers.count;
    if (count < 2) return true;
    assert(count <= TWICE_MAX);
    uint64_t marks[TWICE_MAX];
    for (uint32_t i = 0; i < count; i++) {
        struct span id = view->declaration->containers.at[i].id;
        marks[i] = id.len > 0 ? mix(MIX_BEGIN, id.at, id.len) : i; // unnamed ones are not alike
    }
    return none_twice(marks, count, spot);
}

static bool seals_once(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->declaration->containers.count; i++) {
        const struct container *container = &view->declaration->containers.at[i];
        uint32_t count = container->seals.count;
        if (count < 2) continue;
        assert(count <= TWICE_MAX);
        uint64_t marks[TWICE_MAX];
        for (uint32_t k = 0; k < count; k++) {
            struct span id = container->seals.at[k].id;
            marks[k] = id.len > 0 ? mix(MIX_BEGIN, id.at, id.len) : k;
        }
        struct spot inner = { 0 };
        if (!none_twice(marks, count, &inner)) return broken_at(spot, i);
    }
    return true;
}

static const struct rule rules[] = {
    { "R-601", "tradeTerms", SEVERITY_WARNING,
      "valuation by the price paid names the terms of delivery",
      "Which costs the price includes follows from the terms: give the Incoterm and its place.",
      ABOUT_WHOLE, terms_given },
    { "R-602", "freight", SEVERITY_WARNING,
      "freight that the price includes is not added to it",
      "CIF and CIP prices include the carriage: leave the addition out, or correct the terms.",
      ABOUT_WHOLE, freight_not_added_twice },
    { "R-603", "freight", SEVERITY_NOTE,
      "freight that the price does not include is added to it",
      "EXW, FCA, FAS and FOB prices leave out the carriage to the border: declare it.",
      ABOUT_WHOLE, freight_not_forgotten },
    { "R-604", "*.currency", SEVERITY_ERROR,
      "each amount of the whole names its currency",
      "Three capital letters of ISO 4217, like EUR.",
      ABOUT_WHOLE, currencies_given },
    { "R-605", "containers", SEVERITY_WARNING,
      "goods in containers name a container",
      "Give the container's number, or the indicator 0 when there is no container.",
      ABOUT_WHOLE, container_named },
    { "R-606", "containerCode", SEVERITY_WARNING,
      "goods that are not in containers name none",
      "Give the indicator 1 when the goods cross the border in containers.",
      ABOUT_WHOLE, container_admitted },
    { "R-607", "borderMeans.idTypeCode", SEVERITY_WARNING,
      "the identity of the means of transport fits the mode",
      "10 and 11 are ships, 20 and 21 trains, 30 and 31 lorries, 40 and 41 aircraft, 80 and 81 "
      "barges.",
      ABOUT_WHOLE, identity_fits_mode },
    { "R-608", "destinationCountry", SEVERITY_WARNING,
      "an export goes to another country",
      "Give the last country of destination that is known.",
      ABOUT_WHOLE, export_leaves },
    { "R-609", "agent.roleCode", SEVERITY_WARNING,
      "a representative says whether the representation is direct or indirect",
      "2 for direct, 3 for indirect representation.",
      ABOUT_WHOLE, representation_stated },
    { "R-610", "importer", SEVERITY_NOTE,
      "importer and exporter are not the same",
      "A transfer within one company is no sale: see whether the price can be the value.",
      ABOUT_WHOLE, parties_differ },
    { "R-611", "authorisationHolders", SEVERITY_WARNING,
      "a simplified procedure names the holder of the authorisation",
      "Types C, F, Y and Z are for those who hold an authorisation: give its category and holder.",
      ABOUT_WHOLE, simplification_held },
    { "R-612", "acceptedAt", SEVERITY_WARNING,
      "a supplementary import declaration gives the date of acceptance",
      "The day of the simplified declaration, or of the entry in the records.",
      ABOUT_WHOLE, supplementary_dated },
    { "R-613", "containers[].id", SEVERITY_WARNING,
      "no container is named twice",
      "Take one of the two out, or correct its number.",
      ABOUT_WHOLE, containers_once },
    { "R-614", "containers[].seals", SEVERITY_WARNING,
      "no seal of a container is named twice",
      "Take one of the two out, or correct its number.",
      ABOUT_WHOLE, seals_once },
    { "R-631", "items[].procedures[0].currentCode", SEVERITY_ERROR,
      "the procedure fits the direction of the goods",
      "10 to 31 are for goods that go out, the others for goods that come in.",
      ABOUT_ITEM, procedure_fits_direction },
    { "R-632", "items[].procedures[0].previousCode", SEVERITY_WARNING,
      "a re-export follows a special procedure",
      "31 is for goods that were in processing, temporary admission or a warehouse; else 10.",
      ABOUT_ITEM, reexport_follows_special },
    { "R-633", "items[].procedures[0].previousCode", SEVERITY_WARNING,
      "a re-import follows an export",
      "61, 63 and 68 are for goods that were exported before; else 40.",
      ABOUT_ITEM, reimport_follows_export },
    { "R-634", "items[].previousDocuments", SEVERITY_WARNING,
      "goods from a previous procedure name its document",
      "Give the number of the declaration for the previous procedure.",
      ABOUT_ITEM, previous_document_given },
    { "R-635", "items[].taxParties", SEVERITY_WARNING,
      "release with onward supply names a VAT number",
      "Give the importer's VAT number (role FR1), or the tax representative's (FR3).",
      ABOUT_ITEM, vat_number_given },
    { "R-636", "items[].procedures[0].currentCode", SEVERITY_WARNING,
      "a special procedure names the holder of the authorisation",
      "Give category and holder, or apply by the declaration with statement 00100.",
      ABOUT_ITEM, authorisation_held },
    { "R-637", "items[].procedures[0].currentCode", SEVERITY_WARNING,
      "customs warehousing names the warehouse",
      "Give the warehouse's type and identification.",
      ABOUT_ITEM, warehouse_given },
    { "R-638", "items[].origins", SEVERITY_WARNING,
      "a claimed preference names the preferential origin",
      "Preferences 2xx and 3xx ask for an origin of type 2 beside the one of type 1.",
      ABOUT_ITEM, preferential_origin_given },
    { "R-639", "items[].documents", SEVERITY_WARNING,
      "a claimed preference names its proof of origin",
      "Like N954 for a EUR.1, or the U code of a statement on origin.",
      ABOUT_ITEM, proof_of_origin_given },
    { "R-640", "items[].dutyTaxFees", SEVERITY_WARNING,
      "a claimed quota names its order number",
      "Preferences x20 to x28 ask for the six digits of the tariff quota.",
      ABOUT_ITEM, quota_named },
    { "R-641", "items[].*.currency", SEVERITY_ERROR,
      "each amount of an item names its currency",
      "Three capital letters of ISO 4217, like EUR.",
      ABOUT_ITEM, item_currencies_given },
    { "R-642", "items[].documents[]", SEVERITY_WARNING,
      "no document of an item is named twice",
      "Take one of the two out, or say what is different about it.",
      ABOUT_ITEM, item_documents_once },
    { "R-643", "items[].previousDocuments[]", SEVERITY_WARNING,
      "no previous document of an item is named twice",
      "Take one of the two out, or give the lines that are meant.",
      ABOUT_ITEM, item_previous_documents_once },
};

const struct rule_group combination_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
