#include "gates/files/xml_strict.h"

#include <glob.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PATH_SIZE = 1024, NAMESPACE_SIZE = 256 };

struct xml_strict {
    xmlSchema *schema;
    // The namespaces of the envelope, the declaration, and the parts of dates in it. Empty: not
    // known.
    xmlChar envelope[NAMESPACE_SIZE], declaration[NAMESPACE_SIZE], types[NAMESPACE_SIZE];
};

// libxml2 must not print; what it has to say is taken from xmlGetLastError.
static void say_nothing(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

// libxml2's sentences as ours: without full stop and line end.
static void take_sentence(struct error *err, const char *prefix, const char *said)
{
    char text[sizeof(err->text)];
    size_t len = said == NULL ? 0 : strcspn(said, "\n");
    snprintf(text, sizeof(text), "%s%.*s", prefix, (int)len, len == 0 ? "" : said);
    for (len = strlen(text); len > 0 && (text[len - 1] == '.' || text[len - 1] == ' '); len--)
        text[len - 1] = '\0';
    error_set(err, ERROR_SYNTAX, "%s", text);
}

// --- Opening ---

// The one file of that name in the folder.
static bool find_schema(const char *folder, const char *name, char *path, struct error *err)
{
    char pattern[PATH_SIZE];
    glob_t found;
    snprintf(pattern, sizeof(pattern), "%s/%s", folder, name);
    bool any = glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 0;
    char *whole = any ? realpath(found.gl_pathv[0], NULL) : NULL;
    if (any) globfree(&found);
    bool fits = whole != NULL && strlen(whole) < PATH_SIZE;
    if (fits) snprintf(path, PATH_SIZE, "%s", whole);
    free(whole);
    if (fits) return true;
    error_set(err, ERROR_NOT_FOUND, "there is no %s in '%s'", name, folder);
    return error_hint(err, "Name the folder of the WCO declaration schemas, or one .xsd file.");
}

static bool could_not_read(const char *path, struct error *err)
{
    const xmlError *why = xmlGetLastError();
    char prefix[sizeof(err->text)];
    snprintf(prefix, sizeof(prefix), "could not read schema '%.120s': ", path);
    take_sentence(err, prefix, why == NULL ? NULL : why->message);
    return error_hint(err, "The schemas that it includes must stand where it says.");
}

static bool copy_property(xmlNode *element, const char *property, xmlChar *into)
{
    xmlChar *value = element == NULL ? NULL : xmlGetNoNsProp(element, BAD_CAST property);
    bool fits = value != NULL && xmlStrlen(value) < NAMESPACE_SIZE;
    if (fits) memcpy(into, value, (size_t)xmlStrlen(value) + 1);
    xmlFree(value);
    return fits;
}

// The schema's own namespace and, unless `types` is NULL, that of the types it imports.
static bool read_namespaces(const char *path, xmlChar *own, xmlChar *types, struct error *err)
{
    xmlDoc *document =
        xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = document == NULL ? NULL : xmlDocGetRootElement(document);
    xmlNode *import = root == NULL ? NULL : xmlFirstElementChild(root);
    bool read = copy_property(root, "targetNamespace", own);
    if (types != NULL && import != NULL && xmlStrEqual(import->name, BAD_CAST "import"))
        (void)copy_property(import, "namespace", types);
    xmlFreeDoc(document);
    return read || could_not_read(path, err);
}

static bool parse_schema(struct xml_strict *strict, xmlSchemaParserCtxt *parser, const char *path,
                         struct error *err)
{
    if (parser == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the schema");
    xmlSchemaSetParserErrors(parser, say_nothing, say_nothing, NULL);
    strict->schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    return strict->schema != NULL || could_not_read(path, err);
}

// The envelope's schema lets anything in that there is a schema for: a third one names both.
static bool read_folder(struct xml_strict *strict, const char *folder, struct error *err)
{
    char envelope[PATH_SIZE], declaration[PATH_SIZE], both[3 * PATH_SIZE];
    if (!find_schema(folder, "DocumentMetaData*.xsd", envelope, err) ||
        !find_schema(folder, "WCO_DEC*.xsd", declaration, err) ||
        !read_namespaces(envelope, strict->envelope, NULL, err) ||
        !read_namespaces(declaration, strict->declaration, strict->types, err))
        return false;
    int len = snprintf(both, sizeof(both),
                       "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">"
                       "<xs:import namespace=\"%s\" schemaLocation=\"%s\"/>"
                       "<xs:import namespace=\"%s\" schemaLocation=\"%s\"/></xs:schema>",
                       (const char *)strict->envelope, envelope, (const char *)strict->declaration,
                       declaration);
    return parse_schema(strict, xmlSchemaNewMemParserCtxt(both, len), folder, err);
}

bool xml_strict_open(struct xml_strict **opened, const char *schemas, struct error *err)
{
    struct stat stat_buffer;
    xmlInitParser();
    xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
    xmlSetGenericErrorFunc(NULL, say_nothing);
    struct xml_strict *strict = calloc(1, sizeof(*strict));
    if (strict == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the schema");
    bool is_file = stat(schemas, &stat_buffer) == 0 && S_ISREG(stat_buffer.st_mode);
    bool read = is_file ? parse_schema(strict, xmlSchemaNewParserCtxt(schemas), schemas, err)
                        : read_folder(strict, schemas, err);
    if (!read) {
        xml_strict_close(strict);
        return false;
    }
    *opened = strict;
    return true;
}

void xml_strict_close(struct xml_strict *strict)
{
    if (strict == NULL) return;
    if (strict->schema != NULL) xmlSchemaFree(strict->schema);
    free(strict);
}

// --- Prefixes that only the wrapper declares ---

static const xmlChar *behind_prefix(const xmlChar *name)
{
    const xmlChar *colon = xmlStrchr(name, ':');
    return colon == NULL ? NULL : colon + 1;
}

// Where schemas are is no part of the message.
static void drop_locations(xmlNode *element)
{
    for (xmlAttr *next, *attribute = element->properties; attribute != NULL; attribute = next) {
        next = attribute->next;
        if (xmlStrncmp(attribute->name, BAD_CAST "xsi:", 4) == 0) xmlRemoveProp(attribute);
    }
}

// The next node of the tree below `root`, NULL at its end.
static xmlNode *next_node(xmlNode *root, xmlNode *node)
{
    if (node->type == XML_ELEMENT_NODE && node->children != NULL) return node->children;
    while (node != root && node->next == NULL) node = node->parent;
    return node == root ? NULL : node->next;
}

static const xmlChar *namespace_of(const struct xml_strict *strict, const xmlNode *parent,
                                   const xmlChar *name)
{
    if (xmlStrEqual(name, BAD_CAST "DateTimeString")) return strict->types;
    bool inside = parent->type == XML_ELEMENT_NODE && parent->ns != NULL &&
                  xmlStrEqual(parent->ns->href, strict->declaration);
    return inside || xmlStrEqual(name, BAD_CAST "Declaration") ? strict->declaration
                                                               : strict->envelope;
}

static void declare_prefixes(const struct xml_strict *strict, xmlNode *root)
{
    if (root == NULL || strict->envelope[0] == '\0') return;
    for (xmlNode *node = root; node != NULL; node = next_node(root, node)) {
        if (node->type != XML_ELEMENT_NODE) continue;
        drop_locations(node);
        const xmlChar *name = behind_prefix(node->name);
        if (node->ns != NULL || name == NULL) continue;
        const xmlChar *space = namespace_of(strict, node->parent, name);
        xmlNs *declared = xmlSearchNsByHref(root->doc, node, space);
        xmlChar *own = xmlStrdup(name);
        const char *prefix = space == strict->types      ? "of-types"
                             : space == strict->envelope ? "of-envelope"
                                                         : "of-declaration";
        xmlSetNs(node, declared != NULL ? declared : xmlNewNs(root, space, BAD_CAST prefix));
        if (own != NULL) xmlNodeSetName(node, own);
        xmlFree(own);
    }
}

// --- Checking ---

static void first_breach(void *context, xmlError *breach)
{
    struct error *err = context;
    if (err->kind != ERROR_NONE) return;
    take_sentence(err, "", breach->message);
    err->line = breach->line > 0 ? (unsigned)breach->line : 1;
    err->column = 1;
    error_hint(err, "The schema asks for this; without --strict the message is read all the same.");
}

bool xml_strict_check(const struct xml_strict *strict, struct span text, struct error *err)
{
    struct error breach = { 0 };
    xmlDoc *document = xmlReadMemory(text.at, (int)text.len, NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                         XML_PARSE_IGNORE_ENC);
    xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt(strict->schema);
    if (document == NULL || validator == NULL)
        error_set(&breach, ERROR_UNAVAILABLE, "no memory to validate the message");
    if (breach.kind == ERROR_NONE) {
        declare_prefixes(strict, xmlDocGetRootElement(document));
        xmlSchemaSetValidStructuredErrors(validator, first_breach, &breach);
        if (xmlSchemaValidateDoc(validator, document) != 0 && breach.kind == ERROR_NONE)
            error_set(&breach, ERROR_UNAVAILABLE, "could not validate the message");
    }
    xmlSchemaFreeValidCtxt(validator);
    xmlFreeDoc(document);
    if (breach.kind == ERROR_NONE) return true;
    *err = breach;
    return false;
}
