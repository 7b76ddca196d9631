#include "gates/files/xml_write.h"

#include <assert.h>

static void write_escaped(struct text *text, struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.at[i]) {
        case '&':
            text_add(text, SPAN("&amp;"));
            break;
        case '<':
            text_add(text, SPAN("&lt;"));
            break;
        case '>':
            text_add(text, SPAN("&gt;"));
            break;
        case '"':
            text_add(text, SPAN("&quot;"));
            break;
        case '\r':
            text_add(text, SPAN("&#13;"));
            break; // a reader makes a line feed of a bare one
        default:
            text_add_char(text, s.at[i]);
        }
    }
}

// The parts of a date are in a namespace of their own.
static void add_name(struct text *text, struct span name)
{
    if (span_equal(name, SPAN("DateTimeString"))) text_add(text, SPAN("ds:"));
    text_add(text, name);
}

static void open_tag(struct text *text, struct span name, const char *attribute, struct span value)
{
    text_add_char(text, '<');
    add_name(text, name);
    if (value.len > 0) {
        text_add_format(text, " %s=\"", attribute);
        write_escaped(text, value);
        text_add_char(text, '"');
    }
    text_add_char(text, '>');
}

static void close_tag(struct text *text, struct span name)
{
    text_add(text, SPAN("</"));
    add_name(text, name);
    text_add_char(text, '>');
}

// What an element says beside its text.
static const char *attribute_of(const struct xml_node *node, const char *place, struct span *value)
{
    *value = SPAN("");
    switch (node->field->kind) {
    case FIELD_AMOUNT:
        *value = ((const struct amount *)(const void *)place)->currency;
        return "currencyID";
    case FIELD_QUANTITY:
        *value = ((const struct quantity *)(const void *)place)->unit;
        return "unitCode";
    case FIELD_MOMENT: {
        const struct moment *moment = (const void *)place;
        if (moment->given && moment->at_ms % 1000 == 0) *value = SPAN("304");
        return "formatCode";
    }
    default:
        return "";
    }
}

// 20260311102030Z; or RFC 3339 when there are milliseconds.
static void write_moment(struct text *text, int64_t at_ms)
{
    char memory[64];
    _Alignas(16) char scratch_memory[128];
    struct arena scratch = arena_over(scratch_memory, sizeof(scratch_memory));
    struct text whole = text_in(&scratch, 32);
    moment_write(&whole, at_ms);
    struct span s = text_span(&whole);
    assert(s.len == 24 && s.len < sizeof(memory));
    size_t len = 0;
    for (size_t i = 0; i < 19; i++) // up to the point before the milliseconds
        if (s.at[i] >= '0' && s.at[i] <= '9') memory[len++] = s.at[i];
    memory[len++] = 'Z';
    text_add(text, at_ms % 1000 == 0 ? (struct span){ memory, len } : s);
}

static void write_value(struct text *text, const struct xml_node *node, const char *place)
{
    switch (node->field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE:
        write_escaped(text, *(const struct span *)(const void *)place);
        return;
    case FIELD_NUMBER: {
        const struct number *number = (const void *)place;
        if (number->given) text_add_u64(text, number->value);
        return;
    }
    case FIELD_DECIMAL:
        decimal_write(text, *(const struct decimal *)(const void *)place);
        return;
    case FIELD_MOMENT: {
        const struct moment *moment = (const void *)place;
        if (moment->given) write_moment(text, moment->at_ms);
        return;
    }
    case FIELD_AMOUNT:
        decimal_write(text, ((const struct amount *)(const void *)place)->value);
        return;
    case FIELD_QUANTITY:
        decimal_write(text, ((const struct quantity *)(const void *)place)->value);
        return;
    case FIELD_OBJECT:
    case FIELD_LIST:
        assert(false); // no scalars
    }
}

// Writes a scalar's element; nothing when it is absent.
static void write_scalar(struct text *text, const struct xml_node *node, const char *place)
{
    size_t begin = text->len;
    struct span attribute;
    const char *attribute_name = attribute_of(node, place, &attribute);
    open_tag(text, node->name, attribute_name, attribute);
    size_t inside = text->len;
    write_value(text, node, place);
    if (text->len > inside || attribute.len > 0) close_tag(text, node->name);
    else if (!text->full) text->len = begin;
}

// Writes what stands below `parent`; `base` is the struct that its tree is of. An element in which
// nothing was written is taken back.
static void write_children(const struct xml_map *map, uint32_t parent, const char *base,
                           struct text *text)
{
    for (uint32_t n = map->nodes[parent].child; n != 0; n = map->nodes[n].sibling) {
        const struct xml_node *node = &map->nodes[n];
        const char *place = base + node->offset;
        if (node->field != NULL && node->field->shape == NULL) {
            write_scalar(text, node, place);
            continue;
        }
        const struct {
            const char *at;
            uint32_t count;
        } *list = (const void *)place;
        bool is_list = node->field != NULL && node->field->kind == FIELD_LIST;
        for (uint32_t i = 0; i < (is_list ? list->count : 1); i++) {
            size_t begin = text->len;
            open_tag(text, node->name, "", SPAN(""));
            size_t inside = text->len;
            if (node->field == NULL) write_children(map, n, base, text);
            else if (is_list)
                write_children(map, node->shape_root,
                               list->at + (size_t)i * node->field->shape->size, text);
            else write_children(map, node->shape_root, place, text);
            if (text->len > inside || is_list) close_tag(text, node->name);
            else if (!text->full) text->len = begin;
        }
    }
}

bool xml_write_declaration(const struct xml_map *map, const struct declaration *declaration,
                           struct arena *arena, struct span *written, struct error *err)
{
    struct text text = text_in(arena, 8192);
    text_add(&text, SPAN("<md:MetaData xmlns:md=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\">"
                         "<md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode>"
                         "<md:WCOTypeName>DEC</md:WCOTypeName>"
                         "<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\" "
                         "xmlns:ds=\"urn:wco:datamodel:WCO:Declaration_DS:DMS:2\">"));
    write_children(map, XML_ROOT, (const char *)declaration, &text);
    text_add(&text, SPAN("</Declaration></md:MetaData>"));
    *written = text_span(&text);
    return !text.full ||
           error_set(err, ERROR_TOO_LARGE, "the declaration does not fit into memory");
}
