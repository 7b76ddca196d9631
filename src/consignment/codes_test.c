#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "consignment/codes.h"

static void every_country_of_iso_3166_is_known_and_no_other_pair_of_letters(void **state)
{
    (void)state;
    unsigned count = 0;
    for (int first = 'A'; first <= 'Z'; first++)
        for (int second = 'A'; second <= 'Z'; second++)
            count += country_known((struct span){ (char[]){ (char)first, (char)second }, 2 });
    assert_int_equal(count, 249);
    assert_true(country_known(SPAN("DE")));
    assert_true(country_known(SPAN("KR")));
    assert_false(country_known(SPAN("UK")));
    assert_false(country_known(SPAN("XI")));
    assert_false(country_known(SPAN("de")));
    assert_false(country_known(SPAN("DEU")));
    assert_false(country_known(SPAN("D")));
    assert_false(country_known(SPAN("")));
    assert_false(country_known(SPAN("[A")));
}

static void codes_in_customs_use_are_known_beside_the_countries(void **state)
{
    (void)state;
    assert_true(country_in_customs_use(SPAN("XI")));
    assert_true(country_in_customs_use(SPAN("XK")));
    assert_true(country_in_customs_use(SPAN("EU")));
    assert_true(country_in_customs_use(SPAN("QQ")));
    assert_true(country_in_customs_use(SPAN("QZ")));
    assert_true(country_in_customs_use(SPAN("KR")));
    assert_false(country_in_customs_use(SPAN("QT")));
    assert_false(country_in_customs_use(SPAN("ZN")));
}

static void currencies_are_those_of_iso_4217(void **state)
{
    (void)state;
    assert_true(currency_known(SPAN("EUR")));
    assert_true(currency_known(SPAN("KRW")));
    assert_false(currency_known(SPAN("DEM")));
    assert_false(currency_known(SPAN("")));
}

static void terms_of_delivery_say_whether_they_are_in_force(void **state)
{
    (void)state;
    static const struct span current[] = {
        SPAN_INIT("EXW"), SPAN_INIT("FCA"), SPAN_INIT("FAS"), SPAN_INIT("FOB"),
        SPAN_INIT("CFR"), SPAN_INIT("CIF"), SPAN_INIT("CPT"), SPAN_INIT("CIP"),
        SPAN_INIT("DAP"), SPAN_INIT("DPU"), SPAN_INIT("DDP"),
    };
    for (size_t i = 0; i < sizeof(current) / sizeof(current[0]); i++)
        assert_int_equal(incoterm_read(current[i]), INCOTERM_CURRENT);
    assert_int_equal(incoterm_read(SPAN("DAT")), INCOTERM_RETIRED);
    assert_int_equal(incoterm_read(SPAN("DDU")), INCOTERM_RETIRED);
    assert_int_equal(incoterm_read(SPAN("XXX")), INCOTERM_OTHER);
    assert_int_equal(incoterm_read(SPAN("CIFF")), INCOTERM_UNKNOWN);
    assert_int_equal(incoterm_read(SPAN("")), INCOTERM_UNKNOWN);
}

static void a_mode_of_transport_is_a_digit_and_may_have_a_second(void **state)
{
    (void)state;
    assert_int_equal(transport_mode_read(SPAN("1")), TRANSPORT_MODE_SEA);
    assert_int_equal(transport_mode_read(SPAN("9")), TRANSPORT_MODE_OTHER);
    assert_int_equal(transport_mode_read(SPAN("40")), TRANSPORT_MODE_AIR);
    assert_int_equal(transport_mode_read(SPAN("0")), TRANSPORT_MODE_UNKNOWN);
    assert_int_equal(transport_mode_read(SPAN("4x")), TRANSPORT_MODE_UNKNOWN);
    assert_int_equal(transport_mode_read(SPAN("400")), TRANSPORT_MODE_UNKNOWN);
    assert_int_equal(transport_mode_read(SPAN("")), TRANSPORT_MODE_UNKNOWN);
}

static void packages_and_units_are_found_at_both_ends_of_their_tables(void **state)
{
    (void)state;
    assert_true(package_type_known(SPAN("1A")));
    assert_true(package_type_known(SPAN("BX")));
    assert_true(package_type_known(SPAN("ZZ")));
    assert_false(package_type_known(SPAN("00")));
    assert_false(package_type_known(SPAN("1")));
    assert_false(package_type_known(SPAN("BXX")));
    assert_true(package_type_is_bulk(SPAN("VQ")));
    assert_false(package_type_is_bulk(SPAN("BX")));

    assert_true(unit_known(SPAN("10")));
    assert_true(unit_known(SPAN("KGM")));
    assert_true(unit_known(SPAN("YRD")));
    assert_true(unit_known(SPAN("ASV")));
    assert_true(unit_known(SPAN("KGM#G")));
    assert_false(unit_known(SPAN("KGM#")));
    assert_false(unit_known(SPAN("KGM#g")));
    assert_false(unit_known(SPAN("10 ")));
    assert_false(unit_known(SPAN("KG")));
    assert_false(unit_known(SPAN("")));
}

static void a_procedure_has_a_direction(void **state)
{
    (void)state;
    assert_true(procedure_known(SPAN("40")));
    assert_false(procedure_known(SPAN("00")));
    assert_false(procedure_known(SPAN("4000")));
    assert_true(previous_procedure_known(SPAN("00")));
    assert_true(previous_procedure_known(SPAN("96")));
    assert_false(previous_procedure_known(SPAN("99")));
    assert_int_equal(procedure_direction(SPAN("10")), DIRECTION_EXPORT);
    assert_int_equal(procedure_direction(SPAN("31")), DIRECTION_EXPORT);
    assert_int_equal(procedure_direction(SPAN("40")), DIRECTION_IMPORT);
    assert_int_equal(procedure_direction(SPAN("71")), DIRECTION_IMPORT);
    assert_int_equal(procedure_direction(SPAN("76")), DIRECTION_UNKNOWN);
    assert_int_equal(procedure_direction(SPAN("99")), DIRECTION_UNKNOWN);
}

static void a_declaration_type_says_direction_and_how_much_there_is_to_say(void **state)
{
    (void)state;
    struct declaration_type type;
    assert_true(declaration_type_read(SPAN("IMA"), &type));
    assert_int_equal(type.direction, DIRECTION_IMPORT);
    assert_int_equal(type.data_set, DATA_SET_FULL);
    assert_int_equal(type.additional, 'A');
    assert_true(declaration_type_read(SPAN("EXF"), &type));
    assert_int_equal(type.direction, DIRECTION_EXPORT);
    assert_int_equal(type.data_set, DATA_SET_SIMPLIFIED);
    assert_true(declaration_type_read(SPAN("COJ"), &type));
    assert_int_equal(type.direction, DIRECTION_UNKNOWN);
    assert_int_equal(type.data_set, DATA_SET_NOTICE);
    assert_true(declaration_type_read(SPAN("IM"), &type));
    assert_int_equal(type.data_set, DATA_SET_PLAIN);
    assert_int_equal(type.additional, 0);
    assert_true(declaration_type_read(SPAN("COR"), &type));
    assert_int_equal(type.data_set, DATA_SET_REQUEST);
    assert_false(declaration_type_read(SPAN("IMQ"), &type));
    assert_int_equal(type.data_set, DATA_SET_UNKNOWN);
    assert_false(declaration_type_read(SPAN("ZZA"), &type));
    assert_false(declaration_type_read(SPAN("I"), &type));
    assert_false(declaration_type_read(SPAN("IMAA"), &type));
    assert_false(declaration_type_read(SPAN(""), &type));
}

static void types_of_previous_documents_are_known_by_their_shape(void **state)
{
    (void)state;
    assert_true(previous_document_type_shaped(SPAN("355")));
    assert_true(previous_document_type_shaped(SPAN("DCR")));
    assert_true(previous_document_type_shaped(SPAN("N820")));
    assert_false(previous_document_type_shaped(SPAN("N8201")));
    assert_false(previous_document_type_shaped(SPAN("n8")));
    assert_false(previous_document_type_shaped(SPAN("")));
}

// The first field of a line of CSV behind the given number of commas, which stand in no quotes.
static struct span cell(struct span line, unsigned commas)
{
    for (; commas > 0; commas--) line = span_cut(line, ',').tail;
    return span_cut(line, ',').head;
}

// Asks `known` about each code of a published list and counts those it has.
static bool count_known(const char *name, bool (*known)(struct span), unsigned *listed,
                        unsigned *found)
{
    char path[512], line[4096];
    const char *root = getenv("TIDEWAITER_ROOT");
    snprintf(path, sizeof(path), "%s/../shared/data/ref/%s", root ? root : ".", name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        print_message("skipped: there is no %s\n", path);
        return false;
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        struct span text = span_of(line), status = cell(text, 0), code = cell(text, 1);
        if (status.len > 2 || span_equal(status, SPAN("X")) || code.len == 0) continue;
        ++*listed;
        *found += known(code);
    }
    assert_int_equal(fclose(file), 0);
    return true;
}

static void package_types_are_all_those_of_the_published_list(void **state)
{
    (void)state;
    unsigned listed = 0, found = 0;
    if (!count_known("rec21.csv", package_type_known, &listed, &found)) skip();
    assert_true(listed > 300);
    assert_int_equal(found, listed);
}

static void units_are_a_part_of_the_published_list(void **state)
{
    (void)state;
    unsigned listed = 0, found = 0;
    if (!count_known("rec20.csv", unit_known, &listed, &found)) skip();
    assert_true(listed > 1000);
    assert_in_range(found, 255, 260); // all of ours are there; NPR is, marked as deleted
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_country_of_iso_3166_is_known_and_no_other_pair_of_letters),
        cmocka_unit_test(codes_in_customs_use_are_known_beside_the_countries),
        cmocka_unit_test(currencies_are_those_of_iso_4217),
        cmocka_unit_test(terms_of_delivery_say_whether_they_are_in_force),
        cmocka_unit_test(a_mode_of_transport_is_a_digit_and_may_have_a_second),
        cmocka_unit_test(packages_and_units_are_found_at_both_ends_of_their_tables),
        cmocka_unit_test(a_procedure_has_a_direction),
        cmocka_unit_test(a_declaration_type_says_direction_and_how_much_there_is_to_say),
        cmocka_unit_test(types_of_previous_documents_are_known_by_their_shape),
        cmocka_unit_test(package_types_are_all_those_of_the_published_list),
        cmocka_unit_test(units_are_a_part_of_the_published_list),
    };
    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
