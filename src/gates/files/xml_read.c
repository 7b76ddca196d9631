#include "gates/files/xml_read.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemas.h>

#include "base/limits.h"

// One open element.
struct frame {
    struct span name;
    uint32_t node;                // in the map; 0: not in the model, with all that it holds
    char *base;                   // of the struct that the node's tree is of
};

struct reading {
    const struct xml_map *map;
    struct span text;
    struct arena *arena;
    struct declaration *declaration;
    struct dropped *dropped;
    struct error *err;
    xmlParserCtxt *parser;
    bool failed, found;           // found: a Declaration element was there
    struct frame frames[XML_DEPTH_MAX];
    uint32_t depth;
    struct text value;            // of the innermost scalar
};

// --- Trouble ---

static void fail_here(struct reading *reading)
{
    assert(reading->err->kind != ERROR_NONE);
    reading->failed = true;
    reading->err->line = (unsigned)xmlSAX2GetLineNumber(reading->parser);
    reading->err->column = (unsigned)xmlSAX2GetColumnNumber(reading->parser);
    xmlStopParser(reading->parser);
}

// "Declaration/GoodsShipment/Consignment" and the name in it.
static struct span path_of(const struct reading *reading, struct span name)
{
    struct text text = text_in(reading->arena, 128);
    uint32_t first = 0;
    while (first < reading->depth && reading->frames[first].node == 0) first++;
    for (uint32_t i = first; i < reading->depth; i++) {
        text_add(&text, reading->frames[i].name);
        text_add_char(&text, '/');
    }
    text_add(&text, name);
    return text.full ? SPAN("") : text_span(&text);
}

static void drop(struct reading *reading, struct span path)
{
    struct dropped *dropped = reading->dropped;
    for (uint32_t i = 0; i < dropped->count && i < dropped->count_max; i++)
        if (span_equal(dropped->paths[i], path)) return;
    if (dropped->count < dropped->count_max) dropped->paths[dropped->count] = path;
    dropped->count++;
}

// --- Elements ---

// One more element of a list. Room is doubled when the count is a power of two.
static char *list_add(struct reading *reading, const struct field *field, struct list *list)
{
    size_t size = field->shape->size;
    if (list->count == field->max) {
        error_set(reading->err, ERROR_TOO_LARGE, "more than %u of them", field->max);
        error_field(reading->err, SPAN_FMT, SPAN_ARG(field->name));
        return NULL;
    }
    if ((list->count & (list->count - 1)) == 0) {
        void *larger = arena_take(reading->arena, list->count == 0 ? 1 : list->count * 2, size);
        if (larger == NULL) {
            error_set(reading->err, ERROR_TOO_LARGE, "the message does not fit into memory");
            return NULL;
        }
        if (list->count > 0) memcpy(larger, list->at, list->count * size);
        list->at = larger;
    }
    return (char *)list->at + size * list->count++;
}

static bool set_part(struct reading *reading, const struct frame *frame, struct span text, int part)
{
    const struct xml_node *node = &reading->map->nodes[frame->node];
    struct field_path path = { .steps = { node->field }, .count = 1 };
    path.part = part;
    char *base = frame->base + node->offset - node->field->offset;
    return field_set(&path, base, text, reading->arena, reading->err);
}

static void take_attributes(struct reading *reading, const struct frame *frame, int count,
                            const xmlChar **attributes)
{
    const struct field *field = reading->map->nodes[frame->node].field;
    for (int i = 0; i < count && !reading->failed; i++, attributes += 5) {
        struct span name = span_of((const char *)attributes[0]);
        struct span value = { (const char *)attributes[3],
                              (size_t)(attributes[4] - attributes[3]) };
        bool currency = field->kind == FIELD_AMOUNT && span_equal(name, SPAN("currencyID"));
        bool unit = field->kind == FIELD_QUANTITY && span_equal(name, SPAN("unitCode"));
        struct span kept;
        if (!currency && !unit) continue; // format codes of dates say what the text shows by itself
        if (!arena_copy(reading->arena, value, &kept))
            error_set(reading->err, ERROR_TOO_LARGE, "the message does not fit into memory");
        else if (kept.len == 0 || set_part(reading, frame, kept, FIELD_UNIT))
            continue;
        fail_here(reading);
    }
}

// Goes into the element `name` of the model: where its fields are to be put.
static void enter(struct reading *reading, struct frame *frame, const struct frame *parent)
{
    uint32_t child = xml_map_child(reading->map, parent->node, frame->name);
    const struct xml_node *node = &reading->map->nodes[child];
    frame->node = child;
    frame->base = parent->base;
    if (child == 0) {
        drop(reading, path_of(reading, frame->name));
        return;
    }
    if (node->field == NULL) return;
    if (node->field->kind == FIELD_OBJECT) {
        frame->base = parent->base + node->offset;
        frame->node = node->shape_root;
    } else if (node->field->kind == FIELD_LIST) {
        frame->base = list_add(reading, node->field, (struct list *)(parent->base + node->offset));
        frame->node = node->shape_root;
        if (frame->base == NULL) fail_here(reading);
    } else {
        reading->value = text_in(reading->arena, 64);
    }
}

static void start_element(void *context, const xmlChar *local, const xmlChar *prefix,
                          const xmlChar *uri, int namespaces_count, const xmlChar **namespaces,
                          int attributes_count, int defaulted_count, const xmlChar **attributes)
{
    struct reading *reading = context;
    (void)prefix, (void)uri, (void)namespaces_count, (void)namespaces, (void)defaulted_count;
    if (reading->failed) return;
    if (reading->depth == XML_DEPTH_MAX) {
        error_set(reading->err, ERROR_TOO_LARGE, "elements more than %d deep", XML_DEPTH_MAX);
        fail_here(reading);
        return;
    }
    struct frame frame = { .name = span_of((const char *)local) };
    const struct frame *parent = reading->depth > 0 ? &reading->frames[reading->depth - 1] : NULL;
    if (!reading->found && span_equal(frame.name, SPAN("Declaration"))) {
        reading->found = true;
        frame.node = XML_DECLARATION_ROOT;
        frame.base = (char *)reading->declaration;
    } else if (parent != NULL && parent->node != 0) {
        enter(reading, &frame, parent);
    }
    if (reading->failed) return;
    reading->frames[reading->depth++] = frame;
    const struct field *field = reading->map->nodes[frame.node].field;
    if (frame.node != 0 && field != NULL && field->shape == NULL)
        take_attributes(reading, &reading->frames[reading->depth - 1], attributes_count, attributes);
}

static void end_element(void *context, const xmlChar *local, const xmlChar *prefix,
                        const xmlChar *uri)
{
    struct reading *reading = context;
    (void)local, (void)prefix, (void)uri;
    if (reading->failed) return;
    assert(reading->depth > 0);
    const struct frame *frame = &reading->frames[--reading->depth];
    const struct field *field = reading->map->nodes[frame->node].field;
    if (frame->node == 0 || field == NULL || field->shape != NULL) return;

    struct span value = span_trim(text_span(&reading->value));
    if (reading->value.full)
        error_set(reading->err, ERROR_TOO_LARGE, "the message does not fit into memory");
    else if (value.len == 0 || set_part(reading, frame, value, FIELD_VALUE))
        return;
    struct span path = path_of(reading, frame->name);
    error_field(reading->err, SPAN_FMT, SPAN_ARG(path));
    fail_here(reading);
}

static void characters(void *context, const xmlChar *text, int len)
{
    struct reading *reading = context;
    if (reading->failed || reading->depth == 0) return;
    const struct frame *frame = &reading->frames[reading->depth - 1];
    const struct field *field = reading->map->nodes[frame->node].field;
    if (frame->node != 0 && field != NULL && field->shape == NULL)
        text_add(&reading->value, (struct span){ (const char *)text, (size_t)len });
}

static void no_document_type(void *context, const xmlChar *name, const xmlChar *external,
                             const xmlChar *system)
{
    struct reading *reading = context;
    (void)name, (void)external, (void)system;
    if (reading->failed) return;
    error_set(reading->err, ERROR_SYNTAX, "a document type declaration");
    error_hint(reading->err, "Messages are taken without DOCTYPE and entities; leave it out.");
    fail_here(reading);
}

// --- Validation ---

static void first_breach(void *context, xmlError *breach)
{
    struct error *err = context;
    if (err->kind != ERROR_NONE) return;
    error_set(err, ERROR_SYNTAX, "%s", breach->message == NULL ? "the schema is broken"
                                                               : breach->message);
    err->line = breach->line > 0 ? (unsigned)breach->line : 0;
    err->column = err->line > 0;
    size_t len = strlen(err->text);
    if (len > 0 && err->text[len - 1] == '\n') err->text[len - 1] = '\0';
    error_hint(err, "The schema asks for this; without --strict the message is read as far as it goes.");
}

static bool validate(const struct xml_map *map, struct span text, struct error *err)
{
    struct error breach = { 0 };
    xmlDoc *document = xmlReadMemory(text.at, (int)text.len, NULL, "UTF-8",
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt(map->schema);
    if (document != NULL && validator != NULL) {
        xmlSchemaSetValidStructuredErrors(validator, first_breach, &breach);
        int breaches = xmlSchemaValidateDoc(validator, document);
        if (breaches != 0 && breach.kind == ERROR_NONE)
            error_set(&breach, ERROR_UNAVAILABLE, "could not validate the message");
    }
    xmlSchemaFreeValidCtxt(validator);
    xmlFreeDoc(document); // one that could not be read is reported by the reader, with its place
    if (breach.kind == ERROR_NONE) return true;
    *err = breach;
    return false;
}

// --- A message ---

static bool not_well_formed(struct reading *reading)
{
    const xmlError *why = xmlCtxtGetLastError(reading->parser);
    const char *text = why == NULL || why->message == NULL ? "it is not well-formed XML" : why->message;
    error_set(reading->err, ERROR_SYNTAX, "%.*s", (int)strcspn(text, "\n"), text);
    if (why != NULL) {
        reading->err->line = why->line > 0 ? (unsigned)why->line : 1;
        reading->err->column = why->int2 > 0 ? (unsigned)why->int2 : 1;
    }
    return error_hint(reading->err, "The message must be well-formed XML.");
}

static bool no_declaration(struct reading *reading)
{
    error_set(reading->err, ERROR_SYNTAX, "there is no Declaration in this message");
    reading->err->line = reading->err->column = 1;
    return error_hint(reading->err, "Declarations are taken; notifications and inventory messages "
                                    "are not.");
}

bool xml_read_message(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    const struct xml_map *map = how;
    struct reading reading = { .map = map, .text = text, .arena = arena,
                               .declaration = declaration, .dropped = dropped, .err = err };
    xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC, .startElementNs = start_element,
                              .endElementNs = end_element, .characters = characters,
                              .cdataBlock = characters, .internalSubset = no_document_type };
    *declaration = (struct declaration){ 0 };
    *dropped = (struct dropped){ .count_max = XML_DROPPED_MAX };
    dropped->paths = arena_take(arena, XML_DROPPED_MAX, sizeof(struct span));
    if (dropped->paths == NULL)
        return error_set(err, ERROR_TOO_LARGE, "the message does not fit into memory");
    if (map->schema != NULL && !validate(map, text, err)) return false;

    reading.parser = xmlCreatePushParserCtxt(&handler, &reading, NULL, 0, NULL);
    if (reading.parser == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to read XML");
    xmlCtxtUseOptions(reading.parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlSwitchEncoding(reading.parser, XML_CHAR_ENCODING_UTF8);
    xmlParseChunk(reading.parser, text.at, (int)text.len, 1);
    bool well_formed = reading.parser->wellFormed != 0;
    bool read = !reading.failed && (well_formed || not_well_formed(&reading)) &&
                (reading.found || no_declaration(&reading));
    xmlFreeParserCtxt(reading.parser);
    return read;
}
