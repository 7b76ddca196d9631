#include "gates/files/xml_write.h"

#include <assert.h>

static void write_escaped(struct text *text, struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.at[i]) {
        case '&': text_add(text, SPAN("&amp;")); break;
        case '<': text_add(text, SPAN("&lt;")); break;
        case '>': text_add(text, SPAN("&gt;")); break;
        case '"': text_add(text, SPAN("&quot;")); break;
        default: text_add_char(text, s.at[i]);
        }
    }
}

static void open_tag(struct text *text, struct span name, const char *attribute, struct span value)
{
    text_add_char(text, '<');
    text_add(text, name);
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
    text_add(text, name);
    text_add_char(text, '>');
}

// Writes a scalar's element; nothing when it is absent.
static void write_scalar(struct text *text, const struct xml_node *node, const char *place)
{
    size_t begin = text->len;
    struct span attribute = { 0 };
    const char *attribute_name = "";
    if (node->field->kind == FIELD_AMOUNT) {
        attribute = ((const struct amount *)place)->currency;
        attribute_name = "currencyID";
    } else if (node->field->kind == FIELD_QUANTITY) {
        attribute = ((const struct quantity *)place)->unit;
        attribute_name = "unitCode";
    }
    open_tag(text, node->name, attribute_name, attribute);
    size_t inside = text->len;
    switch (node->field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE: write_escaped(text, *(const struct span *)place); break;
    case FIELD_NUMBER: {
        const struct number *number = (const void *)place;
        if (number->given) text_add_u64(text, number->value);
        break;
    }
    case FIELD_DECIMAL: decimal_write(text, *(const struct decimal *)place); break;
    case FIELD_MOMENT: {
        const struct moment *moment = (const void *)place;
        if (moment->given) moment_write(text, moment->at_ms);
        break;
    }
    case FIELD_AMOUNT: decimal_write(text, ((const struct amount *)place)->value); break;
    case FIELD_QUANTITY: decimal_write(text, ((const struct quantity *)place)->value); break;
    default: assert(!"a scalar");
    }
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
        const struct { const char *at; uint32_t count; } *list = (const void *)place;
        bool is_list = node->field != NULL && node->field->kind == FIELD_LIST;
        for (uint32_t i = 0; i < (is_list ? list->count : 1); i++) {
            size_t begin = text->len;
            open_tag(text, node->name, "", SPAN(""));
            size_t inside = text->len;
            if (node->field == NULL) write_children(map, n, base, text);
            else if (is_list)
                write_children(map, node->shape_root, list->at + i * node->field->shape->size, text);
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
                         "<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\">"));
    write_children(map, XML_DECLARATION_ROOT, (const char *)declaration, &text);
    text_add(&text, SPAN("</Declaration></md:MetaData>"));
    *written = text_span(&text);
    return !text.full || error_set(err, ERROR_TOO_LARGE, "the declaration does not fit into memory");
}
