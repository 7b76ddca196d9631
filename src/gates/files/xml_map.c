#include "gates/files/xml_map.h"

#include <assert.h>
#include <libxml/parser.h>
#include <stdlib.h>

#include "consignment/notification.h"

enum { XML_NODES_MAX = 2048, XML_SHAPES_MAX = 64, XML_ARENA = 1024 * 1024 };

// Shapes that have a tree already, while the map is made.
struct making {
    struct xml_map *map;
    const struct shape *shapes[XML_SHAPES_MAX];
    uint32_t roots[XML_SHAPES_MAX];
    uint32_t shapes_count;
};

uint32_t xml_map_child(const struct xml_map *map, uint32_t node, uint32_t near, struct span name)
{
    const struct xml_node *nodes = map->nodes;
    for (uint32_t child = near; child != 0; child = nodes[child].sibling)
        if (span_equal(nodes[child].name, name)) return child;
    for (uint32_t child = nodes[node].child; child != near; child = nodes[child].sibling)
        if (span_equal(nodes[child].name, name)) return child;
    return 0;
}

static uint32_t new_node(struct xml_map *map, struct span name)
{
    assert(map->nodes_count < XML_NODES_MAX);
    map->nodes[map->nodes_count] = (struct xml_node){ .name = name };
    return map->nodes_count++;
}

static uint32_t child_of(struct xml_map *map, uint32_t parent, struct span name)
{
    uint32_t found = xml_map_child(map, parent, 0, name);
    if (found != 0) return found;
    found = new_node(map, name);
    uint32_t *last = &map->nodes[parent].child;
    while (*last != 0) last = &map->nodes[*last].sibling;
    *last = found;
    return found;
}

static uint32_t shape_root(struct making *making, const struct shape *shape);

static void add_fields(struct making *making, uint32_t root, const struct shape *shape,
                       uint32_t offset)
{
    struct xml_map *map = making->map;
    for (uint32_t i = 0; i < shape->fields_count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->element == NULL) continue;
        if (field->element[0] == '\0') {
            assert(field->kind == FIELD_OBJECT);
            add_fields(making, root, field->shape, offset + field->offset);
            continue;
        }
        uint32_t node = root;
        for (struct span_pair path = { .tail = span_of(field->element) }; path.tail.len > 0;) {
            path = span_cut(path.tail, '/');
            node = child_of(map, node, path.head);
        }
        assert(map->nodes[node].field == NULL); // two fields in one place
        map->nodes[node].field = field;
        map->nodes[node].offset = offset + field->offset;
        if (field->shape != NULL) map->nodes[node].shape_root = shape_root(making, field->shape);
    }
}

static uint32_t shape_root(struct making *making, const struct shape *shape)
{
    for (uint32_t i = 0; i < making->shapes_count; i++)
        if (making->shapes[i] == shape) return making->roots[i];

    assert(making->shapes_count < XML_SHAPES_MAX);
    uint32_t root = new_node(making->map, span_of(shape->name));
    making->shapes[making->shapes_count] = shape;
    making->roots[making->shapes_count++] = root;
    add_fields(making, root, shape, 0);
    return root;
}

// --- The order of elements ---

// In the WCO's schemas what holds a value comes first, in an order that only the schemas know; then
// come the elements that hold others, by their names. Rows: a shape's or an element's name, and the
// values below it that are not in the order of their names.
static const struct {
    struct span parent, values;
} sequences[] = {
    { SPAN_INIT("declaration"),
      SPAN_INIT("AcceptanceDateTime FunctionCode FunctionalReferenceID ID IssueDateTime TypeCode "
                "GoodsItemQuantity DeclarationOfficeID InvoiceAmount TotalGrossMassMeasure "
                "TotalPackageQuantity") },
    { SPAN_INIT("party"), SPAN_INIT("Name ID") },
    { SPAN_INIT("agent"), SPAN_INIT("Name ID FunctionCode") },
    { SPAN_INIT("holder"), SPAN_INIT("ID CategoryCode") },
    { SPAN_INIT("goods_location"), SPAN_INIT("Name ID") },
    { SPAN_INIT("Address"), SPAN_INIT("TypeCode CountryCode") },
    { SPAN_INIT("pointer"), SPAN_INIT("SequenceNumeric DocumentSectionCode") },
    { SPAN_INIT("transport_means"),
      SPAN_INIT("ID IdentificationTypeCode RegistrationNationalityCode ModeCode") },
    { SPAN_INIT("seal"), SPAN_INIT("SequenceNumeric ID") },
    { SPAN_INIT("container"), SPAN_INIT("SequenceNumeric ID") },
    { SPAN_INIT("container_ref"), SPAN_INIT("SequenceNumeric ID") },
    { SPAN_INIT("guarantee"),
      SPAN_INIT("AmountAmount ID ReferenceID SecurityDetailsCode AccessCode") },
    { SPAN_INIT("document"),
      SPAN_INIT("CategoryCode EffectiveDateTime ID Name TypeCode LPCOExemptionCode") },
    { SPAN_INIT("WriteOff"), SPAN_INIT("QuantityQuantity AmountAmount") },
    { SPAN_INIT("duty_tax_fee"),
      SPAN_INIT("AdValoremTaxBaseAmount DutyRegimeCode SpecificTaxBaseQuantity TaxRateNumeric "
                "TypeCode QuotaOrderID") },
    { SPAN_INIT("Payment"), SPAN_INIT("MethodCode TaxAssessedAmount PaymentAmount") },
    { SPAN_INIT("package"), SPAN_INIT("SequenceNumeric MarksNumbersID QuantityQuantity TypeCode") },
    { SPAN_INIT("previous_document"), SPAN_INIT("CategoryCode ID TypeCode LineNumeric") },
    { SPAN_INIT("country_on_route"), SPAN_INIT("SequenceNumeric RoutingCountryCode") },
};

enum { RANK_LISTED, RANK_VALUE, RANK_SUBMITTER, RANK_HOLDER };

// Where the name stands in the row of its parent; false when it does not.
static bool listed(struct span parent, struct span name, uint32_t *index)
{
    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
        if (!span_equal(sequences[i].parent, parent)) continue;
        struct span_pair rest = { .tail = sequences[i].values };
        for (*index = 0; rest.tail.len > 0; (*index)++) {
            rest = span_cut(rest.tail, ' ');
            if (span_equal(rest.head, name)) return true;
        }
    }
    return false;
}

static uint32_t rank_of(const struct xml_map *map, uint32_t parent, uint32_t node, uint32_t *index)
{
    const struct xml_node *n = &map->nodes[node];
    *index = 0;
    if (listed(map->nodes[parent].name, n->name, index)) return RANK_LISTED;
    *index = 0;
    bool is_value =
        n->field != NULL ? n->field->shape == NULL : span_ends_with(n->name, SPAN("DateTime"));
    if (is_value) return RANK_VALUE;
    return span_equal(n->name, SPAN("Submitter")) ? RANK_SUBMITTER : RANK_HOLDER;
}

static bool comes_before(const struct xml_map *map, uint32_t parent, uint32_t a, uint32_t b)
{
    uint32_t a_index, b_index;
    uint32_t a_rank = rank_of(map, parent, a, &a_index), b_rank = rank_of(map, parent, b, &b_index);
    if (a_rank != b_rank) return a_rank < b_rank;
    if (a_index != b_index) return a_index < b_index;
    return span_compare(map->nodes[a].name, map->nodes[b].name) < 0;
}

static void sort_children(struct xml_map *map, uint32_t parent)
{
    uint32_t sorted = 0;
    for (uint32_t next, node = map->nodes[parent].child; node != 0; node = next) {
        next = map->nodes[node].sibling;
        uint32_t *place = &sorted;
        while (*place != 0 && comes_before(map, parent, *place, node))
            place = &map->nodes[*place].sibling;
        map->nodes[node].sibling = *place;
        *place = node;
    }
    map->nodes[parent].child = sorted;
}

static bool open_map(struct xml_map **opened, const struct shape *shape, const char *schemas,
                     struct error *err)
{
    xmlInitParser();
    struct xml_map *map = calloc(1, sizeof(*map));
    if (map == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the XML map");
    void *nodes = NULL;
    bool done =
        arena_open(&map->arena, XML_ARENA, err) &&
        arena_need(&map->arena, XML_NODES_MAX, sizeof(struct xml_node), &nodes, "the XML map", err);
    if (done) {
        map->nodes = nodes;
        map->nodes_count = 1;
        struct making making = { .map = map };
        uint32_t root = shape_root(&making, shape);
        assert(root == XML_ROOT);
        for (uint32_t i = 1; i < map->nodes_count; i++) sort_children(map, i);
        done = schemas == NULL || xml_strict_open(&map->strict, schemas, err);
    }
    if (!done) {
        xml_map_close(map);
        return false;
    }
    *opened = map;
    return true;
}

bool xml_map_open(struct xml_map **opened, const char *schemas, struct error *err)
{
    return open_map(opened, &declaration_shape, schemas, err);
}

bool xml_map_open_notifications(struct xml_map **opened, struct error *err)
{
    return open_map(opened, &notification_shape, NULL, err);
}

void xml_map_close(struct xml_map *map)
{
    if (map == NULL) return;
    xml_strict_close(map->strict);
    arena_close(&map->arena);
    free(map);
}
