#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "gates/files/xml_read.h"
#include "gates/files/xml_write.h"

enum { SIZE = 64 * MIB, SAID = 16 * KIB, APART = 1 * MIB, TEXT = 64 * KIB };

struct room {
    struct arena arena;
    struct xml_map *map;
};

static int make(void **state)
{
    static struct room room;
    if (!arena_open(&room.arena, SIZE, NULL) || !xml_map_open(&room.map, NULL, NULL)) return -1;
    *state = &room;
    return 0;
}

static int end(void **state)
{
    struct room *room = *state;
    xml_map_close(room->map);
    arena_close(&room->arena);
    return 0;
}

// --- What a message is read as ---

static struct span json_of(struct arena *arena, const struct declaration *declaration)
{
    struct json_writer w = json_writer_in(arena, 4096);
    struct span json;
    struct error err;
    declaration_write_json(&w, declaration);
    assert_true(json_written(&w, &json, &err));
    return json;
}

// The declaration's JSON and a line for each path that was dropped; or "line:column kind field:
// error".
static const char *read_as(struct room *room, struct span message)
{
    static char said[SAID];
    struct declaration declaration;
    struct dropped dropped;
    struct error err;
    arena_reset(&room->arena, 0);
    if (!xml_read_message(room->map, message, &room->arena, &declaration, &dropped, &err)) {
        snprintf(said, sizeof(said), "%u:%u %s %s: %s\n%s\n", err.line, err.column,
                 error_kind_name(err.kind), err.field, err.text, err.hint);
        return said;
    }
    struct span json = json_of(&room->arena, &declaration);
    int len = snprintf(said, sizeof(said), SPAN_FMT "\n", SPAN_ARG(json));
    for (uint32_t i = 0; i < dropped.count && i < dropped.count_max; i++)
        len += snprintf(said + len, sizeof(said) - (size_t)len, "dropped " SPAN_FMT "\n",
                        SPAN_ARG(dropped.paths[i]));
    return said;
}

static void reads_as(void **state, const char *message, const char *expected)
{
    assert_string_equal(read_as(*state, span_of(message)), expected);
}

// --- Captures: a message in, text out ---

static struct span file_text(const char *path, char *into, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s cannot be opened", path);
    size_t len = fread(into, 1, size, file);
    fclose(file);
    assert_true(len < size);
    return (struct span){ into, len };
}

static void check_capture(struct room *room, const char *folder, const char *name)
{
    static char message[64 * KIB], expected[SAID];
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    struct span text = file_text(path, message, sizeof(message));
    const char *said = read_as(room, text);
    snprintf(path + strlen(path) - 3, 8, "expect");
    struct span wanted = file_text(path, expected, sizeof(expected));
    expected[wanted.len] = '\0';
    if (strcmp(said, expected) == 0) return;
    fprintf(stderr, "%s is read as\n%s", name, said);
    fail_msg("%s is read as something else", name);
}

static void every_capture_reads_as_expected(void **state)
{
    const char *root = getenv("TIDEWAITER_ROOT");
    char folder[512];
    uint32_t count = 0;
    if (root == NULL) fail_msg("TIDEWAITER_ROOT is not set");
    snprintf(folder, sizeof(folder), "%s/src/gates/files/captures/xml", root);
    DIR *open = opendir(folder);
    if (open == NULL) {
        fail_msg("%s", folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len < 5 || strcmp(entry->d_name + len - 4, ".xml") != 0) continue;
        check_capture(*state, folder, entry->d_name);
        count++;
    }
    closedir(open);
    assert_true(count >= 10);
}

// --- What is taken ---

static void names_count_and_prefixes_do_not(void **state)
{
    reads_as(state,
             "<x:MetaData xmlns:x='a'><y:Declaration xmlns:y='b'><FunctionCode>9</FunctionCode>"
             "<y:ID> 24GB1 </y:ID></y:Declaration></x:MetaData>",
             "{\"functionCode\":\"9\",\"id\":\"24GB1\"}\n");
    reads_as(state, "<q:Declaration><FunctionCode>9</FunctionCode></q:Declaration>",
             "{\"functionCode\":\"9\"}\n");
}

static void the_five_entities_and_references_are_read(void **state)
{
    reads_as(state,
             "<Declaration><Submitter><Name>a&amp;b &lt;c&gt; &quot;d&apos; &#233;&#x20AC;"
             "<![CDATA[<e>&f;]]></Name></Submitter></Declaration>",
             "{\"submitter\":{\"name\":\"a&b <c> \\\"d' \xC3\xA9\xE2\x82\xAC<e>&f;\"}}\n");
}

static void amounts_and_quantities_have_their_units(void **state)
{
    reads_as(state,
             "<Declaration><InvoiceAmount currencyID=\"GBP\">12.50</InvoiceAmount>"
             "<TotalGrossMassMeasure unitCode=\"KGM\">3.100</TotalGrossMassMeasure>"
             "</Declaration>",
             "{\"invoiceAmount\":{\"currency\":\"GBP\",\"value\":\"12.50\"},"
             "\"totalGrossMass\":\"3.100\"}\n");
}

static void masses_that_are_not_kilograms_are_errors(void **state)
{
    reads_as(state,
             "<Declaration>\n <TotalGrossMassMeasure unitCode=\"TNE\">3</TotalGrossMassMeasure>"
             "</Declaration>",
             "2:2 syntax totalGrossMass: a mass in 'TNE'\nMasses are taken in kilograms (KGM).\n");
}

// --- What is dropped, and listed ---

static void what_the_model_has_no_place_for_is_listed(void **state)
{
    reads_as(state,
             "<Declaration><Foo a='1'><Bar>x</Bar></Foo><ID>1<Baz/></ID>"
             "<GoodsShipment><Foo/><Foo/></GoodsShipment></Declaration>",
             "{\"id\":\"1\"}\ndropped Declaration/Foo\ndropped Declaration/ID/Baz\n"
             "dropped Declaration/GoodsShipment/Foo\n");
}

static void one_more_than_the_model_has_room_for_is_listed_and_the_first_stays(void **state)
{
    reads_as(state,
             "<Declaration><ID>1</ID><ID>2</ID><Submitter><ID>A</ID></Submitter>"
             "<Submitter><Name>B</Name></Submitter></Declaration>",
             "{\"id\":\"1\",\"submitter\":{\"id\":\"A\"}}\n"
             "dropped Declaration/ID\ndropped Declaration/Submitter\n");
    reads_as(state,
             "<Declaration><Declarant><ID>1</ID></Declarant><Submitter><ID>2</ID></Submitter>"
             "</Declaration>",
             "{\"declarant\":{\"id\":\"1\"},\"submitter\":{\"id\":\"2\"}}\n");
}

static void an_element_that_only_holds_others_may_come_again(void **state)
{
    reads_as(state,
             "<Declaration><GoodsShipment><UCR><TraderAssignedReferenceID>U"
             "</TraderAssignedReferenceID></UCR></GoodsShipment><GoodsShipment>"
             "<Importer><ID>I</ID></Importer></GoodsShipment></Declaration>",
             "{\"importer\":{\"id\":\"I\"},\"ucr\":\"U\"}\n");
}

static void attributes_and_stray_text_are_listed(void **state)
{
    reads_as(state,
             "<Declaration xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
             "xsi:schemaLocation='a b' other='1'>text<ID schemeID='x'>1</ID>"
             "<IssueDateTime><DateTimeString formatCode='304'>20260311102030Z</DateTimeString>"
             "</IssueDateTime></Declaration>",
             "{\"id\":\"1\",\"issuedAt\":\"2026-03-11T10:20:30.000Z\"}\ndropped Declaration@other\n"
             "dropped Declaration/text()\ndropped Declaration/ID@schemeID\n");
}

static void the_envelope_is_not_listed_and_what_else_is_around_is(void **state)
{
    reads_as(state,
             "<MetaData><WCODataModelVersionCode>3.6</WCODataModelVersionCode>"
             "<WCOTypeName>DEC</WCOTypeName><Signature/><Declaration/></MetaData>",
             "{}\ndropped MetaData/Signature\n");
}

static void more_paths_than_are_kept_are_counted(void **state)
{
    struct room *room = *state;
    struct declaration declaration;
    struct dropped dropped;
    struct error err;
    arena_reset(&room->arena, 0);
    struct text text = text_in(&room->arena, 8192);
    text_add(&text, SPAN("<Declaration>"));
    for (int i = 0; i < 100; i++) text_add_format(&text, "<N%d/><N%d/>", i, i % XML_DROPPED_MAX);
    text_add(&text, SPAN("</Declaration>"));
    assert_true(
        xml_read_message(room->map, text_span(&text), &room->arena, &declaration, &dropped, &err));
    assert_int_equal(dropped.count_max, XML_DROPPED_MAX);
    assert_int_equal(dropped.count, 100);
    assert_true(span_equal(dropped.paths[0], SPAN("Declaration/N0")));
}

// --- What is refused ---

static void a_value_that_is_none_is_told_with_its_place_and_field(void **state)
{
    reads_as(state,
             "<Declaration><GoodsShipment>\n<GovernmentAgencyGoodsItem/>"
             "<GovernmentAgencyGoodsItem>\n  <Commodity><GoodsMeasure><NetNetWeightMeasure>\n   "
             "heavy</NetNetWeightMeasure></GoodsMeasure></Commodity>"
             "</GovernmentAgencyGoodsItem></GoodsShipment></Declaration>",
             "4:4 syntax items[1].netMass: a number begins with a digit\n"
             "Numbers are written like 12, -3 or 0.75.\n");
}

static void document_types_and_entities_are_refused(void **state)
{
    const char *refused = "1:1 syntax : a document type declaration\n"
                          "Messages are taken without DOCTYPE and entities; leave it out.\n";
    reads_as(state, "<!DOCTYPE Declaration><Declaration/>", refused);
    reads_as(state,
             "<!DOCTYPE d [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;'>]>"
             "<Declaration><ID>&c;</ID></Declaration>",
             refused);
    reads_as(state, "<!DOCTYPE d SYSTEM 'http://127.0.0.1:1/x.dtd'><Declaration/>", refused);
    assert_non_null(strstr(read_as(*state, SPAN("<Declaration><ID>&c;</ID></Declaration>")),
                           "entity 'c' not defined"));
}

static void elements_are_at_most_so_deep(void **state)
{
    char message[4096] = "<Declaration>";
    for (int i = 1; i <= XML_DEPTH_MAX; i++)
        strncat(message, "<a>", sizeof(message) - 1 - strlen(message));
    assert_non_null(
        strstr(read_as(*state, span_of(message)), "1:107 too-large : elements more than 32 deep"));
}

static void lists_are_at_most_so_long(void **state)
{
    struct room *room = *state;
    struct arena apart;
    assert_true(arena_open(&apart, APART, NULL));
    struct text text = text_in(&apart, TEXT);
    text_add(&text, SPAN("<Declaration><GoodsShipment>"));
    for (int i = 0; i < 1000; i++) text_add(&text, SPAN("<GovernmentAgencyGoodsItem/>"));
    text_add(&text, SPAN("</GoodsShipment></Declaration>"));
    assert_non_null(
        strstr(read_as(room, text_span(&text)), "too-large : more than 999 of 'items'"));
    arena_close(&apart);
}

static void text_that_is_not_utf_8_names_its_byte(void **state)
{
    reads_as(state, "<Declaration>\n<ID>\xE9</ID></Declaration>",
             "2:5 syntax : byte 0xE9 is not UTF-8 text\nSave the file as UTF-8.\n");
    assert_string_equal(read_as(*state, SPAN("<\0D\0e\0")),
                        "1:2 syntax : byte 0x00 is not UTF-8 text\nSave the file as UTF-8.\n");
    reads_as(state, "<?xml version='1.0' encoding='iso-8859-1'?><Declaration/>",
             "1:31 syntax : encoding 'iso-8859-1'\nSave the file as UTF-8, and say so.\n");
}

static void what_is_not_well_formed_is_told_with_its_place(void **state)
{
    reads_as(state, "<Declaration>\n<ID>1</IDD></Declaration>",
             "2:12 syntax : opening and ending tag mismatch: ID and IDD\n"
             "The message must be well-formed XML.\n");
    assert_non_null(strstr(read_as(*state, SPAN("<Declaration><ID>1</ID>")), "1:24 syntax"));
    assert_non_null(strstr(read_as(*state, SPAN("<Declaration/><Declaration/>")), "1:15 syntax"));
    assert_non_null(strstr(read_as(*state, SPAN("")), "there is no Declaration"));
}

static void what_is_no_declaration_is_told_apart(void **state)
{
    reads_as(state, "<MetaData>\n <Response><FunctionCode>11</FunctionCode></Response></MetaData>",
             "2:2 syntax : 'Response' is not a declaration\n"
             "Declarations are taken, and not what customs answers to them.\n");
    assert_non_null(strstr(read_as(*state, SPAN("<arrival/>")), "there is no Declaration"));
    assert_non_null(
        strstr(read_as(*state, SPAN("<MetaData><Declaration/><Declaration/></MetaData>")),
               "1:25 syntax : a second Declaration in one message"));
}

static void memory_that_does_not_do_is_told(void **state)
{
    struct room *room = *state;
    static _Alignas(16) char memory[8 * KIB];
    char message[8 * KIB] = "<Declaration>";
    for (int i = 0; i < 200; i++)
        strncat(message, "<AdditionalInformation/>", sizeof(message) - 1 - strlen(message));
    struct declaration declaration;
    struct dropped dropped;
    for (size_t size = 16; size <= sizeof(memory); size += 16) {
        struct arena small = arena_over(memory, size);
        struct error err = { 0 };
        assert_false(
            xml_read_message(room->map, span_of(message), &small, &declaration, &dropped, &err));
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
}

// --- There and back again ---

// Puts something of its own into every field that has an element.
static void fill_shape(struct arena *arena, const struct shape *shape, char *base, int *number);

static void fill_field(struct arena *arena, const struct field *field, char *base, int *number)
{
    char value[64];
    struct field_path path = { .steps = { field }, .count = 1 };
    struct span kept;
    struct error err;
    (*number)++;
    switch (field->kind) {
    case FIELD_OBJECT:
        fill_shape(arena, field->shape, base + field->offset, number);
        return;
    case FIELD_LIST: {
        struct list *list = (struct list *)(void *)(base + field->offset);
        list->at = arena_take(arena, 2, field->shape->size);
        assert_non_null(list->at);
        for (list->count = 0; list->count < 2; list->count++)
            fill_shape(arena, field->shape,
                       (char *)list->at + (size_t)list->count * field->shape->size, number);
        return;
    }
    case FIELD_TEXT:
        snprintf(value, sizeof(value), "<&\"\xC3\xA9 %d", *number);
        break;
    case FIELD_CODE:
    case FIELD_NUMBER:
        snprintf(value, sizeof(value), "%d", *number);
        break;
    case FIELD_MOMENT:
        snprintf(value, sizeof(value), "20%02d-01-02T03:04:05%sZ", *number % 100,
                 *number % 2 ? ".678" : "");
        break;
    default:
        snprintf(value, sizeof(value), "%d.50", *number);
        break;
    }
    struct span text = span_of(value);
    if ((field->kind == FIELD_TEXT || field->kind == FIELD_CODE) && text.len > field->max)
        text = (struct span){ text.at + text.len - field->max, field->max };
    assert_true(arena_copy(arena, text, &kept));
    path.part = FIELD_VALUE;
    assert_true(field_set(&path, base, kept, arena, &err));
    path.part = FIELD_UNIT;
    if (field->kind == FIELD_AMOUNT || field->kind == FIELD_QUANTITY)
        assert_true(field_set(&path, base, SPAN("U1"), arena, &err));
}

static void fill_shape(struct arena *arena, const struct shape *shape, char *base, int *number)
{
    for (uint32_t i = 0; i < shape->fields_count; i++)
        if (shape->fields[i].element != NULL) fill_field(arena, &shape->fields[i], base, number);
}

static void all_that_has_an_element_comes_back_from_a_message(void **state)
{
    struct room *room = *state;
    struct declaration declaration = { 0 }, back;
    struct dropped dropped;
    struct span message;
    struct error err;
    int number = 10;
    arena_reset(&room->arena, 0);
    fill_shape(&room->arena, &declaration_shape, (char *)&declaration, &number);
    assert_true(number > 600); // as the model grows, so does this
    assert_true(xml_write_declaration(room->map, &declaration, &room->arena, &message, &err));
    if (!xml_read_message(room->map, message, &room->arena, &back, &dropped, &err))
        fail_msg("%u:%u %s: %s", err.line, err.column, err.field, err.text);
    assert_int_equal(dropped.count, 0);
    struct span before = json_of(&room->arena, &declaration), after = json_of(&room->arena, &back);
    assert_true(before.len > 10000);
    assert_true(span_equal(before, after));
}

// What WCO's schemas ask for: values first, in their own order; then what holds others, by name.
static void elements_are_written_in_the_order_of_the_schemas(void **state)
{
    struct room *room = *state;
    struct declaration declaration, back;
    struct dropped dropped;
    struct span message;
    struct error err;
    arena_reset(&room->arena, 0);
    struct span text =
        SPAN("<Declaration><GoodsShipment><UCR><TraderAssignedReferenceID>U"
             "</TraderAssignedReferenceID></UCR><Importer><ID>1</ID><Name>N</Name></Importer>"
             "<TransactionNatureCode>1</TransactionNatureCode></GoodsShipment><Declarant><ID>2</ID>"
             "</Declarant><Submitter><ID>3</ID></Submitter><Agent><FunctionCode>2</FunctionCode>"
             "<ID>4</ID></Agent><TypeCode>IMA</TypeCode><ID>5</ID><IssueDateTime><DateTimeString>"
             "2026-03-11T10:20:30Z</DateTimeString></IssueDateTime><FunctionCode>9</FunctionCode>"
             "</Declaration>");
    assert_true(xml_read_message(room->map, text, &room->arena, &declaration, &dropped, &err));
    assert_true(xml_write_declaration(room->map, &declaration, &room->arena, &message, &err));
    const char *begin = strstr(message.at, "<FunctionCode>");
    assert_non_null(begin);
    assert_string_equal(
        begin, "<FunctionCode>9</FunctionCode><ID>5</ID><IssueDateTime>"
               "<ds:DateTimeString formatCode=\"304\">20260311102030Z</ds:DateTimeString>"
               "</IssueDateTime><TypeCode>IMA</TypeCode><Submitter><ID>3</ID></Submitter>"
               "<Agent><ID>4</ID><FunctionCode>2</FunctionCode></Agent>"
               "<Declarant><ID>2</ID></Declarant><GoodsShipment>"
               "<TransactionNatureCode>1</TransactionNatureCode>"
               "<Importer><Name>N</Name><ID>1</ID></Importer><UCR><TraderAssignedReferenceID>U"
               "</TraderAssignedReferenceID></UCR></GoodsShipment></Declaration></md:MetaData>");
    assert_true(xml_read_message(room->map, message, &room->arena, &back, &dropped, &err));
}

static void nothing_is_written_of_an_empty_declaration(void **state)
{
    struct room *room = *state;
    struct declaration declaration = { 0 };
    struct span message;
    struct error err;
    arena_reset(&room->arena, 0);
    assert_true(xml_write_declaration(room->map, &declaration, &room->arena, &message, &err));
    assert_true(
        span_ends_with(message, SPAN("Declaration_DS:DMS:2\"></Declaration></md:MetaData>")));
}

// --- Schemas ---

static void a_folder_without_schemas_is_told(void **state)
{
    (void)state;
    struct xml_map *map;
    struct error err;
    assert_false(xml_map_open(&map, "/nowhere", &err));
    assert_string_equal(err.text, "there is no DocumentMetaData*.xsd in '/nowhere'");
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void a_file_that_is_no_schema_is_told(void **state)
{
    (void)state;
    struct xml_map *map;
    struct error err;
    assert_false(xml_map_open(&map, "/proc/self/status", &err));
    assert_non_null(strstr(err.text, "could not read schema '/proc/self/status'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capture_reads_as_expected),
        cmocka_unit_test(names_count_and_prefixes_do_not),
        cmocka_unit_test(the_five_entities_and_references_are_read),
        cmocka_unit_test(amounts_and_quantities_have_their_units),
        cmocka_unit_test(masses_that_are_not_kilograms_are_errors),
        cmocka_unit_test(what_the_model_has_no_place_for_is_listed),
        cmocka_unit_test(one_more_than_the_model_has_room_for_is_listed_and_the_first_stays),
        cmocka_unit_test(an_element_that_only_holds_others_may_come_again),
        cmocka_unit_test(attributes_and_stray_text_are_listed),
        cmocka_unit_test(the_envelope_is_not_listed_and_what_else_is_around_is),
        cmocka_unit_test(more_paths_than_are_kept_are_counted),
        cmocka_unit_test(a_value_that_is_none_is_told_with_its_place_and_field),
        cmocka_unit_test(document_types_and_entities_are_refused),
        cmocka_unit_test(elements_are_at_most_so_deep),
        cmocka_unit_test(lists_are_at_most_so_long),
        cmocka_unit_test(text_that_is_not_utf_8_names_its_byte),
        cmocka_unit_test(what_is_not_well_formed_is_told_with_its_place),
        cmocka_unit_test(what_is_no_declaration_is_told_apart),
        cmocka_unit_test(memory_that_does_not_do_is_told),
        cmocka_unit_test(all_that_has_an_element_comes_back_from_a_message),
        cmocka_unit_test(elements_are_written_in_the_order_of_the_schemas),
        cmocka_unit_test(nothing_is_written_of_an_empty_declaration),
        cmocka_unit_test(a_folder_without_schemas_is_told),
        cmocka_unit_test(a_file_that_is_no_schema_is_told),
    };
    return cmocka_run_group_tests(tests, make, end);
}
