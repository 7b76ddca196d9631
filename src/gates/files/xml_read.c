#include "gates/files/xml_read.h"

#include <assert.h>
#include <ctype.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>

#include "base/limits.h"
#include "gates/files/xml_words.h"

// One open element.
struct frame {
    struct span name;
    uint32_t node;             // in the map; 0: not in the model, with all that it holds
    uint32_t near;             // the child that was met last
    uint32_t part;             // which struct it is in: a number of its own for each
    const struct field *field; // NULL: an element that only holds others
    uint32_t index;            // of a list
    char *base;                // of the struct that the node's tree is of
    size_t begin;              // of what the tag encloses, in the text
};

// What kind of message is read.
struct wanted {
    struct span root;          // its element
    struct span others;        // how an element ends that is of the other kind,
    struct span strangers;     // and of none; empty: nothing does
    enum error_kind other, none; // of the errors then
    const char *name, *others_hint, *none_hint;
};

struct reading {
    const struct xml_map *map;
    const struct wanted *wanted;
    struct span text;
    struct arena *arena;
    void *base;                // what is filled
    struct dropped *dropped;
    struct error *err;
    xmlParserCtxt *parser;
    bool failed, found; // found: the wanted element was there
    struct frame frames[XML_DEPTH_MAX];
    uint32_t depth;
    uint32_t parts;    // structs begun so far
    uint32_t *filled;  // of each node: the struct in which it was met last
    struct text value; // of the innermost scalar
};

// --- Trouble ---

static size_t offset(const struct reading *reading)
{
    long consumed = xmlByteConsumed(reading->parser);
    if (consumed < 0) return 0;
    return (size_t)consumed < reading->text.len ? (size_t)consumed : reading->text.len;
}

static void stop(struct reading *reading)
{
    assert(reading->err->kind != ERROR_NONE);
    reading->failed = true;
    xmlStopParser(reading->parser);
}

// Points what `why` says at a place in the text.
static void fail_at(struct reading *reading, size_t at, const struct error *why)
{
    error_at(reading->err, reading->text, reading->text.at + at, "%s", why->text);
    reading->err->kind = why->kind;
    error_hint(reading->err, "%s", why->hint);
    stop(reading);
}

// At the start of the tag that the parser is in, or behind.
static void fail_here(struct reading *reading, const struct error *why)
{
    size_t end = offset(reading);
    const char *tag = memrchr(reading->text.at, '<', end);
    fail_at(reading, tag == NULL ? end : (size_t)(tag - reading->text.at), why);
}

static void no_memory(struct reading *reading)
{
    struct error why;
    error_set(&why, ERROR_TOO_LARGE, "the message does not fit into memory");
    fail_here(reading, &why);
}

// "items[2].netMass": the fields of the open elements.
static void name_field(struct reading *reading)
{
    struct error *err = reading->err;
    size_t len = 0;
    for (uint32_t i = 0; i < reading->depth && len < sizeof(err->field); i++) {
        const struct frame *frame = &reading->frames[i];
        if (frame->field == NULL) continue;
        int more = snprintf(err->field + len, sizeof(err->field) - len, "%s" SPAN_FMT,
                            len > 0 ? "." : "", SPAN_ARG(frame->field->name));
        len += (size_t)more;
        if (frame->field->kind != FIELD_LIST || len >= sizeof(err->field)) continue;
        more = snprintf(err->field + len, sizeof(err->field) - len, "[%u]", frame->index);
        len += (size_t)more;
    }
}

// "Declaration/GoodsShipment/Consignment" and what is in it.
static struct span path_of(const struct reading *reading, struct span last)
{
    struct text text = text_in(reading->arena, 128);
    uint32_t first = 0;
    while (first < reading->depth && reading->frames[first].node == 0) first++;
    if (first == reading->depth) first = 0; // outside the declaration: all of it
    for (uint32_t i = first; i < reading->depth; i++) {
        text_add(&text, reading->frames[i].name);
        if (i + 1 < reading->depth || last.at[0] != '@') text_add_char(&text, '/');
    }
    text_add(&text, last);
    return text.full ? SPAN("") : text_span(&text);
}

// --- What is dropped ---

static void drop(struct reading *reading, struct span last)
{
    struct dropped *dropped = reading->dropped;
    size_t used = reading->arena->used;
    struct span path = path_of(reading, last);
    for (uint32_t i = 0; i < dropped->count && i < dropped->count_max; i++)
        if (span_equal(dropped->paths[i], path)) {
            arena_reset(reading->arena, used);
            return;
        }
    if (dropped->count < dropped->count_max) dropped->paths[dropped->count] = path;
    dropped->count++;
}

static bool is_of_envelope(struct span name)
{
    static const struct span names[] = {
        SPAN_INIT("WCODataModelVersionCode"),
        SPAN_INIT("WCOTypeName"),
        SPAN_INIT("ResponsibleCountryCode"),
        SPAN_INIT("ResponsibleAgencyName"),
        SPAN_INIT("AgencyAssignedCustomizationCode"),
        SPAN_INIT("AgencyAssignedCustomizationVersionCode"),
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (span_ends_with(name, names[i])) return true;
    return false;
}

// --- Elements ---

// One more element of a list. Room is doubled when the count is a power of two.
static char *list_add(struct reading *reading, const struct field *field, struct list *list)
{
    size_t size = field->shape->size;
    if (list->count == field->max) {
        struct error why;
        error_set(&why, ERROR_TOO_LARGE, "more than %u of '" SPAN_FMT "'", field->max,
                  SPAN_ARG(field->name));
        fail_here(reading, &why);
        return NULL;
    }
    if ((list->count & (list->count - 1)) == 0) {
        void *larger = arena_take(reading->arena, list->count == 0 ? 1 : list->count * 2, size);
        if (larger == NULL) {
            no_memory(reading);
            return NULL;
        }
        if (list->count > 0) memcpy(larger, list->at, list->count * size);
        list->at = larger;
    }
    return (char *)list->at + size * list->count++;
}

static bool is_scalar(const struct frame *frame)
{
    return frame->node != 0 && frame->field != NULL && frame->field->shape == NULL;
}

// Goes into the element of the model: where its fields are to be put. The model has one place for
// it, unless it is of a list; an element that only holds others may come again.
static void enter(struct reading *reading, struct frame *frame, struct frame *parent)
{
    uint32_t child = xml_map_child(reading->map, parent->node, parent->near, frame->name);
    const struct xml_node *node = &reading->map->nodes[child];
    const struct field *field = node->field;
    bool again =
        field != NULL && field->kind != FIELD_LIST && reading->filled[child] == parent->part;
    if (child == 0 || again) {
        drop(reading, frame->name);
        return;
    }
    parent->near = child;
    frame->node = child;
    frame->base = parent->base;
    frame->part = parent->part;
    frame->field = field;
    if (field == NULL) return;
    reading->filled[child] = parent->part;
    if (field->shape == NULL) {
        reading->value = text_in(reading->arena, 64);
        return;
    }
    frame->node = node->shape_root;
    frame->part = ++reading->parts;
    frame->base = parent->base + node->offset;
    if (field->kind != FIELD_LIST) return;
    struct list *list = (struct list *)(void *)frame->base;
    frame->base = list_add(reading, field, list);
    frame->index = list->count - 1;
}

// The root, an element of the model below one, or of the message around the declaration.
static void place(struct reading *reading, struct frame *frame, struct frame *parent)
{
    const struct wanted *wanted = reading->wanted;
    bool is_root = span_equal(frame->name, wanted->root);
    bool is_stranger = wanted->strangers.len > 0 && span_ends_with(frame->name, wanted->strangers);
    struct error why;
    if (parent != NULL && parent->node != 0) {
        enter(reading, frame, parent);
    } else if (is_root && reading->found) {
        error_set(&why, ERROR_SYNTAX, "a second " SPAN_FMT " in one message",
                  SPAN_ARG(wanted->root));
        error_hint(&why, "Send each in a message of its own.");
        fail_here(reading, &why);
    } else if (is_root) {
        reading->found = true;
        frame->node = XML_ROOT;
        frame->base = reading->base;
        frame->part = ++reading->parts;
    } else if (span_ends_with(frame->name, wanted->others) || is_stranger) {
        error_set(&why, is_stranger ? wanted->none : wanted->other, "'" SPAN_FMT "' is not a %s",
                  SPAN_ARG(frame->name), wanted->name);
        error_hint(&why, "%s", wanted->others_hint);
        fail_here(reading, &why);
    } else if (reading->depth == 1 && !is_of_envelope(frame->name)) {
        drop(reading, frame->name);
    }
}

// --- Attributes ---

struct attribute {
    struct span name, prefix, uri, value;
};

// Sets the scalar that the last frame is, or its currency or unit.
static bool set_part(struct reading *reading, struct span text, bool unit, struct error *why)
{
    const struct frame *frame = &reading->frames[reading->depth - 1];
    const struct xml_node *node = &reading->map->nodes[frame->node];
    struct field_path path = { .steps = { node->field }, .count = 1 };
    path.part = unit ? FIELD_UNIT : FIELD_VALUE;
    char *base = frame->base + node->offset - node->field->offset;
    return field_set(&path, base, text, reading->arena, why);
}

static bool says_nothing(const struct frame *frame, const struct attribute *attribute)
{
    static const struct span xsi = SPAN_INIT("http://www.w3.org/2001/XMLSchema-instance");
    bool declared = attribute->uri.len > 0; // a wrapper may have declared it
    if (declared ? span_equal(attribute->uri, xsi) : span_equal(attribute->prefix, SPAN("xsi")))
        return true;
    return is_scalar(frame) && frame->field->kind == FIELD_MOMENT &&
           span_equal(attribute->name, SPAN("formatCode"));
}

static void take_attribute(struct reading *reading, const struct attribute *attribute)
{
    const struct frame *frame = &reading->frames[reading->depth - 1];
    enum field_kind kind = is_scalar(frame) ? frame->field->kind : FIELD_OBJECT;
    bool currency = kind == FIELD_AMOUNT && span_equal(attribute->name, SPAN("currencyID"));
    bool unit = span_equal(attribute->name, SPAN("unitCode"));
    struct span kept;
    struct error why;
    if (currency || (kind == FIELD_QUANTITY && unit)) {
        if (!arena_copy(reading->arena, attribute->value, &kept)) {
            no_memory(reading);
        } else if (kept.len > 0 && !set_part(reading, kept, true, &why)) {
            fail_here(reading, &why);
            name_field(reading);
        }
    } else if (kind == FIELD_DECIMAL && unit) {
        if (span_equal(attribute->value, SPAN("KGM"))) return;
        error_set(&why, ERROR_SYNTAX, "a mass in '" SPAN_FMT "'", SPAN_ARG(attribute->value));
        error_hint(&why, "Masses are taken in kilograms (KGM).");
        fail_here(reading, &why);
        name_field(reading);
    } else if (!says_nothing(frame, attribute)) {
        char name[64];
        snprintf(name, sizeof(name), "@" SPAN_FMT, SPAN_ARG(attribute->name));
        drop(reading, span_of(name));
    }
}

// --- What libxml2 calls ---

static void start_element(void *context, const xmlChar *local, const xmlChar *prefix,
                          const xmlChar *uri, int namespaces_count, const xmlChar **namespaces,
                          int attributes_count, int defaulted_count, const xmlChar **attributes)
{
    struct reading *reading = context;
    (void)prefix, (void)uri, (void)namespaces_count, (void)namespaces, (void)defaulted_count;
    if (reading->failed) return;
    if (reading->depth == XML_DEPTH_MAX) {
        struct error why;
        error_set(&why, ERROR_TOO_LARGE, "elements more than %d deep", XML_DEPTH_MAX);
        fail_here(reading, &why);
        return;
    }
    struct frame frame = { .name = span_of((const char *)local), .begin = offset(reading) };
    place(reading, &frame, reading->depth > 0 ? &reading->frames[reading->depth - 1] : NULL);
    if (reading->failed) return;
    reading->frames[reading->depth++] = frame;
    for (int i = 0; i < attributes_count && frame.node != 0 && !reading->failed; i++) {
        const xmlChar *const *given = attributes + (size_t)i * 5; // name, prefix, URI, begin, end
        struct attribute attribute = {
            span_of((const char *)given[0]),
            span_of((const char *)given[1]),
            span_of((const char *)given[2]),
            { (const char *)given[3], (size_t)(given[4] - given[3]) },
        };
        take_attribute(reading, &attribute);
    }
}

// Where the text behind a start tag begins.
static size_t value_begin(const struct reading *reading, const struct frame *frame)
{
    const char *end =
        memchr(reading->text.at + frame->begin, '>', reading->text.len - frame->begin);
    size_t at = end == NULL ? frame->begin : (size_t)(end - reading->text.at) + 1;
    while (at < reading->text.len && isspace((unsigned char)reading->text.at[at])) at++;
    return at;
}

static void end_element(void *context, const xmlChar *local, const xmlChar *prefix,
                        const xmlChar *uri)
{
    struct reading *reading = context;
    (void)local, (void)prefix, (void)uri;
    if (reading->failed) return;
    assert(reading->depth > 0);
    const struct frame *frame = &reading->frames[reading->depth - 1];
    struct span value = is_scalar(frame) ? span_trim(text_span(&reading->value)) : SPAN("");
    struct error why;
    if (is_scalar(frame) && reading->value.full) {
        no_memory(reading);
    } else if (value.len > 0 && !set_part(reading, value, false, &why)) {
        fail_at(reading, value_begin(reading, frame), &why);
        name_field(reading);
    }
    reading->depth--;
}

static void characters(void *context, const xmlChar *given, int len)
{
    struct reading *reading = context;
    struct span text = { (const char *)given, (size_t)len };
    if (reading->failed || reading->depth == 0) return;
    const struct frame *frame = &reading->frames[reading->depth - 1];
    if (is_scalar(frame)) text_add(&reading->value, text);
    else if (frame->node != 0 && span_trim(text).len > 0) drop(reading, SPAN("text()"));
}

static void document_type(void *context, const xmlChar *name, const xmlChar *external,
                          const xmlChar *system)
{
    struct reading *reading = context;
    struct error why;
    (void)name, (void)external, (void)system;
    if (reading->failed) return;
    error_set(&why, ERROR_SYNTAX, "a document type declaration");
    error_hint(&why, "Messages are taken without DOCTYPE and entities; leave it out.");
    fail_here(reading, &why);
}

// The first error that ends the reading.
static void not_well_formed(void *context, xmlError *said)
{
    struct reading *reading = context;
    if (reading->failed || said->level != XML_ERR_FATAL) return;
    struct error why;
    xml_words_of(said, &why);
    fail_at(reading, offset(reading), &why);
}

// --- A message ---

static bool found_none(const struct reading *reading)
{
    const struct wanted *wanted = reading->wanted;
    error_set(reading->err, wanted->none, "there is no " SPAN_FMT " in this message",
              SPAN_ARG(wanted->root));
    reading->err->line = reading->err->column = 1;
    return error_hint(reading->err, "%s", wanted->none_hint);
}

static bool parse(struct reading *reading)
{
    static const xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = start_element,
        .endElementNs = end_element,
        .characters = characters,
        .cdataBlock = characters,
        .internalSubset = document_type,
        .serror = not_well_formed,
    };
    struct span text = reading->text;
    reading->parser = text.len == 0 ? NULL : xmlCreateMemoryParserCtxt(text.at, (int)text.len);
    if (text.len == 0) return found_none(reading);
    if (reading->parser == NULL)
        return error_set(reading->err, ERROR_UNAVAILABLE, "no memory to read XML");
    *reading->parser->sax = handler;
    reading->parser->userData = reading;
    xmlCtxtUseOptions(reading->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xmlParseDocument(reading->parser);
    bool well_formed = reading->parser->wellFormed != 0;
    xmlFreeParserCtxt(reading->parser);
    if (reading->failed) return false;
    if (!well_formed) return error_set(reading->err, ERROR_UNAVAILABLE, "no memory to read XML");
    return reading->found || found_none(reading);
}

static bool read_any(struct reading *reading)
{
    struct dropped *dropped = reading->dropped;
    *dropped = (struct dropped){ .count_max = XML_DROPPED_MAX };
    dropped->paths = arena_take(reading->arena, XML_DROPPED_MAX, sizeof(struct span));
    reading->filled =
        arena_take(reading->arena, reading->map->nodes_count, sizeof(*reading->filled));
    if (dropped->paths == NULL || reading->filled == NULL)
        return error_set(reading->err, ERROR_TOO_LARGE, "the message does not fit into memory");
    if (reading->text.len > DECLARATION_TEXT_MAX)
        return error_set(reading->err, ERROR_TOO_LARGE, "a message of more than %d bytes",
                         DECLARATION_TEXT_MAX);
    return xml_words_check(reading->text, reading->err) && parse(reading);
}

bool xml_read_message(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    static const struct wanted declarations = {
        SPAN_INIT("Declaration"), SPAN_INIT("Response"), SPAN_INIT(""), ERROR_SYNTAX, ERROR_SYNTAX,
        "declaration",
        "Declarations are taken, and not what customs answers to them.",
        "Declarations are taken; notifications and inventory messages are not.",
    };
    const struct xml_map *map = how;
    struct reading reading = { .map = map, .wanted = &declarations, .text = text, .arena = arena,
                               .base = declaration, .dropped = dropped, .err = err };
    *declaration = (struct declaration){ 0 };
    return read_any(&reading) &&
           (map->strict == NULL || xml_strict_check(map->strict, text, err));
}

bool xml_read_notification(const struct xml_map *map, struct span text, struct arena *arena,
                           struct notification *notification, struct dropped *dropped,
                           struct error *err)
{
    static const struct wanted notifications = {
        SPAN_INIT("Response"), SPAN_INIT("Declaration"), SPAN_INIT("Response"), ERROR_CONFLICT,
        ERROR_NOT_FOUND, "notification",
        "Notifications are taken, and not what they answer to.",
        "Notifications of customs are taken here.",
    };
    struct reading reading = { .map = map, .wanted = &notifications, .text = text,
                               .arena = arena, .base = notification, .dropped = dropped,
                               .err = err };
    *notification = (struct notification){ 0 };
    return read_any(&reading);
}
