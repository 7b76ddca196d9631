#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "clearance/check/check.h"
#include "consignment/container.h"
#include "clearance/clearance.h"
#include "consignment/fact_body.h"

#define DAY INT64_C(86400000)
#define NOW (INT64_C(20600) * DAY) // some day in 2026

// One good import and one good export, to be broken in one place.
struct scene {
    struct declaration d;
    struct item item;
    struct classification classification;
    struct origin origins[2];
    struct package package;
    struct procedure procedures[2];
    struct duty_tax_fee fee;
    struct charge charge;
    struct document documents[2];
    struct previous_document previous[2];
    struct container containers[2];
    struct seal seals[2];
    struct country_on_route route[2];
    struct party holder;
    struct amendment amendment;
    uint32_t version;
    struct arena arena;
};

static struct decimal number(const char *text)
{
    struct decimal value;
    assert_true(decimal_read(span_of(text), &value, NULL));
    return value;
}

static struct amount amount_of(const char *value, const char *currency)
{
    return (struct amount){ number(value), span_of(currency) };
}

// The lists of the scene; some of them are empty until a test says otherwise.
static void lists_join(struct scene *s)
{
    s->d.items.at = &s->item;
    s->d.items.count = 1;
    s->d.charges.at = s->item.charges.at = &s->charge;
    s->d.containers.at = s->containers;
    s->d.containers.count = 1;
    s->containers[0].seals.at = s->seals;
    s->containers[0].seals.count = 1;
    s->item.documents.at = s->documents;
    s->d.documents.at = &s->documents[1];
    s->item.documents.count = 1;
    s->d.previous_documents.at = s->item.previous_documents.at = s->previous;
    s->d.previous_documents.count = 1;
    s->d.itinerary.at = s->route;
    s->d.authorisation_holders.at = &s->holder;
    s->d.amendments.at = &s->amendment;
    s->item.classifications.at = &s->classification;
    s->item.classifications.count = 1;
    s->item.origins.at = s->origins;
    s->item.origins.count = 1;
    s->item.packages.at = &s->package;
    s->item.packages.count = 1;
    s->item.procedures.at = s->procedures;
    s->item.procedures.count = 2;
    s->item.duty_tax_fees.at = &s->fee;
    s->item.duty_tax_fees.count = 1;
}

static struct scene *common_scene(void **state)
{
    struct scene *s = *state;
    struct arena arena = s->arena;
    arena_reset(&arena, 0);
    *s = (struct scene){ .arena = arena, .version = 1 };
    lists_join(s);
    s->d.function_code = SPAN("9");
    s->d.functional_reference_id = SPAN("TIDE-2026-000001");
    s->d.ucr = SPAN("6DE1234567890-TIDE-1");
    s->d.issued_at = (struct moment){ NOW - 60000, true };
    s->d.office_id = SPAN("DE004851");
    s->d.goods_item_count = s->item.sequence = (struct number){ 1, true };
    s->d.total_package_count = s->package.quantity = (struct number){ 10, true };
    s->d.total_gross_mass = s->item.gross_mass = number("110");
    s->item.net_mass = number("100.5");
    s->d.declarant.id = SPAN("DE1234567890");
    s->d.border_means = (struct transport_means){
        .id = SPAN("Ebb Tide"), .id_type_code = SPAN("11"), .mode_code = SPAN("1"),
        .nationality_code = SPAN("LR"),
    };
    s->d.container_code = SPAN("1");
    s->containers[0].id = SPAN("CSQU3054383");
    s->seals[0].id = s->seals[1].id = SPAN("SEAL-1");
    s->d.goods_location.id = SPAN("DEBRV0001");
    s->previous[0] = (struct previous_document){
        .category_code = SPAN("Z"), .type_code = SPAN("355"), .id = SPAN("26DE0000000000001"),
    };
    s->documents[0] = (struct document){
        .category_code = SPAN("N"), .type_code = SPAN("935"), .id = SPAN("INVOICE-77"),
    };
    s->holder = (struct party){ .id = SPAN("DE1234567890"), .role_code = SPAN("CWP") };
    s->amendment.change_reason_code = SPAN("32");
    s->item.description = SPAN("hand tools for drilling, of steel");
    s->classification = (struct classification){ SPAN("82051000"), SPAN("TSP") };
    s->package.type_code = SPAN("BX");
    s->procedures[1].current_code = SPAN("000");
    s->item.supplementary_units = (struct quantity){ number("500"), SPAN("NAR") };
    return s;
}

static struct scene *import_scene(void **state)
{
    struct scene *s = common_scene(state);
    s->d.type_code = SPAN("IMA");
    s->d.importer.id = SPAN("DE1234567890");
    s->d.exporter = (struct party){ .name = SPAN("Han River Tools"),
                                    .address.country_code = SPAN("KR") };
    s->d.export_country = SPAN("KR");
    s->d.destination_country = SPAN("DE");
    s->d.trade_terms.condition_code = SPAN("FOB");
    s->d.freight = amount_of("120.00", "EUR");
    s->d.invoice_amount = s->item.price = amount_of("1000.00", "EUR");
    s->item.valuation_method_code = SPAN("1");
    s->origins[0] = (struct origin){ SPAN("KR"), SPAN("1") };
    s->procedures[0] = (struct procedure){ SPAN("40"), SPAN("00") };
    s->fee.regime_code = SPAN("100");
    return s;
}

static struct scene *export_scene(void **state)
{
    struct scene *s = common_scene(state);
    s->d.type_code = SPAN("EXA");
    s->d.exporter.id = SPAN("DE1234567890");
    s->d.consignee = (struct party){ .name = SPAN("Busan Hardware"),
                                     .address.country_code = SPAN("KR") };
    s->d.export_country = SPAN("DE");
    s->d.destination_country = SPAN("KR");
    s->d.exit_office_id = SPAN("DE004852");
    s->item.statistical_value = amount_of("1000.00", "EUR");
    s->procedures[0] = (struct procedure){ SPAN("10"), SPAN("00") };
    return s;
}

static struct findings findings_of(struct scene *s)
{
    struct findings findings;
    struct error err = { 0 };
    assert_true(check_declaration(&s->d, s->version, NOW, &s->arena, &findings, &err));
    assert_int_equal(err.kind, ERROR_NONE);
    return findings;
}

static void print_findings(const struct findings *findings)
{
    for (uint32_t i = 0; i < findings->count; i++)
        print_message("%.*s %.*s: %.*s\n", SPAN_ARG(findings->at[i].rule),
                      SPAN_ARG(findings->at[i].field), SPAN_ARG(findings->at[i].text));
}

static void assert_span_at(struct span s, const char *expected, int line)
{
    if (!span_equal(s, span_of(expected)))
        fail_msg("line %d: '%.*s' is not '%s'", line, SPAN_ARG(s), expected);
}

#define assert_span(s, expected) assert_span_at(s, expected, __LINE__)

static void assert_broken_only_at(struct scene *s, const char *number, const char *place, int line)
{
    struct findings findings = findings_of(s);
    if (findings.count != 1) {
        print_findings(&findings);
        fail_msg("line %d: %u findings", line, findings.count);
    }
    const struct rule *rule = rule_find(span_of(number));
    assert_non_null(rule);
    assert_span_at(findings.at[0].rule, number, line);
    assert_span_at(findings.at[0].field, place, line);
    assert_span_at(findings.at[0].text, rule->text, line);
    assert_span_at(findings.at[0].hint, rule->hint, line);
    assert_int_equal(findings.at[0].severity, rule->severity);
    struct field_path path;
    struct error err = { 0 };
    if (!field_path_read(findings.at[0].field, &declaration_shape, &path, &err))
        fail_msg("line %d: the model has no %s: %s", line, place, err.text);
}

#define assert_broken_only(s, number, place) assert_broken_only_at(s, number, place, __LINE__)

static void assert_kept(struct scene *s)
{
    struct findings findings = findings_of(s);
    print_findings(&findings);
    assert_int_equal(findings.count, 0);
}

static void a_good_declaration_breaks_no_rule_and_takes_no_memory(void **state)
{
    struct scene *s = import_scene(state);
    assert_kept(s);
    assert_int_equal(s->arena.used, 0);
    s = export_scene(state);
    assert_kept(s);
    assert_int_equal(s->arena.used, 0);
}

static void r_101_the_declaration_says_whether_the_goods_come_in_or_go_out(void **state)
{
    struct scene *s = import_scene(state);
    s->d.type_code = SPAN("");
    s->item.procedures.count = 0;
    assert_broken_only(s, "R-101", "typeCode");
}

static void r_102_the_declaration_has_at_least_one_item(void **state)
{
    struct scene *s = import_scene(state);
    s->d.items.count = 0;
    assert_broken_only(s, "R-102", "items");
}

static void r_103_the_declaration_carries_a_reference_of_the_declarant(void **state)
{
    struct scene *s = import_scene(state);
    s->d.functional_reference_id = s->d.ucr = SPAN("");
    assert_broken_only(s, "R-103", "functionalReferenceId");
}

static void r_104_somebody_answers_for_the_declaration(void **state)
{
    struct scene *s = import_scene(state);
    s->d.type_code = SPAN("IMJ"); // a notice need not name its importer
    s->d.declarant = s->d.importer = (struct party){ 0 };
    assert_broken_only(s, "R-104", "declarant");
}

static void r_105_an_import_names_its_importer(void **state)
{
    struct scene *s = import_scene(state);
    s->d.importer = (struct party){ 0 };
    assert_broken_only(s, "R-105", "importer");
}

static void r_106_an_export_names_its_exporter(void **state)
{
    struct scene *s = export_scene(state);
    s->d.exporter = (struct party){ 0 };
    assert_broken_only(s, "R-106", "exporter");
}

static void r_107_an_export_names_the_country_of_destination(void **state)
{
    struct scene *s = export_scene(state);
    s->d.destination_country = SPAN("");
    assert_broken_only(s, "R-107", "destinationCountry");
}

static void r_108_an_import_names_the_country_from_which_the_goods_were_sent(void **state)
{
    struct scene *s = import_scene(state);
    s->d.export_country = SPAN("");
    assert_broken_only(s, "R-108", "exportCountry");
}

static void r_109_the_declaration_says_how_the_goods_cross_the_border(void **state)
{
    struct scene *s = import_scene(state);
    s->d.border_means.mode_code = SPAN("");
    assert_broken_only(s, "R-109", "borderMeans.modeCode");
}

static void r_110_the_declaration_says_where_the_goods_can_be_seen(void **state)
{
    struct scene *s = import_scene(state);
    s->d.goods_location.id = SPAN("");
    assert_broken_only(s, "R-110", "goodsLocation");
}

static void r_111_an_export_names_the_office_where_the_goods_leave(void **state)
{
    struct scene *s = export_scene(state);
    s->d.exit_office_id = SPAN("");
    assert_broken_only(s, "R-111", "exitOfficeId");
}

static void r_121_each_item_names_the_procedure_that_is_asked_for(void **state)
{
    struct scene *s = import_scene(state);
    s->item.procedures.count = 0;
    assert_broken_only(s, "R-121", "items[0].procedures");
}

static void r_122_each_item_has_a_commodity_code(void **state)
{
    struct scene *s = import_scene(state);
    s->item.classifications.count = 0;
    assert_broken_only(s, "R-122", "items[0].classifications");
}

static void r_123_each_item_is_described_in_words(void **state)
{
    struct scene *s = import_scene(state);
    s->item.description = SPAN("");
    assert_broken_only(s, "R-123", "items[0].description");
}

static void r_124_goods_for_home_use_name_their_country_of_origin(void **state)
{
    struct scene *s = import_scene(state);
    s->item.origins.count = 0;
    assert_broken_only(s, "R-124", "items[0].origins");
}

static void r_125_goods_for_home_use_have_a_price_or_a_value(void **state)
{
    struct scene *s = import_scene(state);
    s->item.price = (struct amount){ 0 };
    assert_broken_only(s, "R-125", "items[0].price");
}

static void r_126_each_item_has_a_gross_mass(void **state)
{
    struct scene *s = import_scene(state);
    s->item.gross_mass = s->d.total_gross_mass = (struct decimal){ 0 };
    assert_broken_only(s, "R-126", "items[0].grossMass");
}

static void r_127_each_item_has_a_net_mass(void **state)
{
    struct scene *s = import_scene(state);
    s->item.net_mass = (struct decimal){ 0 };
    assert_broken_only(s, "R-127", "items[0].netMass");
}

static void r_128_each_item_says_how_it_is_packed(void **state)
{
    struct scene *s = import_scene(state);
    s->item.packages.count = 0;
    assert_broken_only(s, "R-128", "items[0].packages");
}

static void r_129_exported_goods_have_a_statistical_value(void **state)
{
    struct scene *s = export_scene(state);
    s->item.statistical_value = (struct amount){ 0 };
    assert_broken_only(s, "R-129", "items[0].statisticalValue");
}

static void r_130_goods_for_home_use_say_which_preference_is_claimed(void **state)
{
    struct scene *s = import_scene(state);
    s->fee.regime_code = SPAN("");
    assert_broken_only(s, "R-130", "items[0].dutyTaxFees");
}

static void r_131_goods_for_home_use_say_how_they_were_valued(void **state)
{
    struct scene *s = import_scene(state);
    s->item.valuation_method_code = SPAN("");
    assert_broken_only(s, "R-131", "items[0].valuationMethodCode");
}

static void r_201_the_type_of_the_declaration_is_a_known_one(void **state)
{
    struct scene *s = import_scene(state);
    s->d.type_code = SPAN("IMQ");
    assert_broken_only(s, "R-201", "typeCode");
}

static void r_202_the_function_of_the_message_is_a_known_one(void **state)
{
    struct scene *s = import_scene(state);
    s->d.function_code = SPAN("99");
    assert_broken_only(s, "R-202", "functionCode");
}

static void r_203_countries_of_dispatch_and_destination_are_countries_of_iso_3166(void **state)
{
    struct scene *s = import_scene(state);
    s->d.export_country = SPAN("QT");
    assert_broken_only(s, "R-203", "exportCountry");
}

static void r_204_addresses_are_in_countries_of_iso_3166(void **state)
{
    struct scene *s = import_scene(state);
    s->d.exporter.address.country_code = SPAN("kr");
    assert_broken_only(s, "R-204", "exporter.address.countryCode");
}

static void r_205_means_of_transport_and_places_name_countries_of_iso_3166(void **state)
{
    struct scene *s = import_scene(state);
    s->d.border_means.nationality_code = SPAN("ZZ");
    assert_broken_only(s, "R-205", "borderMeans.nationalityCode");
}

static void r_206_countries_on_the_route_are_countries_of_iso_3166(void **state)
{
    struct scene *s = import_scene(state);
    s->d.itinerary.count = 2;
    s->route[0].country_code = SPAN("SG");
    s->route[1].country_code = SPAN("SIN");
    assert_broken_only(s, "R-206", "itinerary[1].countryCode");
}

static void r_207_amounts_of_the_whole_are_in_currencies_of_iso_4217(void **state)
{
    struct scene *s = import_scene(state);
    s->d.insurance = amount_of("5.00", "EUX");
    assert_broken_only(s, "R-207", "insurance.currency");
}

static void r_208_additions_and_deductions_are_in_currencies_of_iso_4217(void **state)
{
    struct scene *s = import_scene(state);
    s->charge = (struct charge){ SPAN("AB"), amount_of("5.00", "DEM") };
    s->d.charges.count = 1;
    assert_broken_only(s, "R-208", "charges[0].amount.currency");
}

static void r_209_the_terms_of_delivery_are_an_incoterm(void **state)
{
    struct scene *s = import_scene(state);
    s->d.trade_terms.condition_code = SPAN("FOX");
    assert_broken_only(s, "R-209", "tradeTerms.conditionCode");
}

static void r_210_the_terms_of_delivery_are_among_the_incoterms_of_2020(void **state)
{
    struct scene *s = import_scene(state);
    s->d.trade_terms.condition_code = SPAN("DAT");
    assert_broken_only(s, "R-210", "tradeTerms.conditionCode");
}

static void r_211_modes_of_transport_are_those_of_un_ece_recommendation_19(void **state)
{
    struct scene *s = import_scene(state);
    s->d.departure_means.mode_code = SPAN("0");
    assert_broken_only(s, "R-211", "departureMeans.modeCode");
}

static void r_212_the_container_indicator_is_0_or_1(void **state)
{
    struct scene *s = import_scene(state);
    s->d.container_code = SPAN("2");
    assert_broken_only(s, "R-212", "containerCode");
}

static void r_213_the_status_of_the_representative_is_a_known_one(void **state)
{
    struct scene *s = import_scene(state);
    s->d.agent.role_code = SPAN("4");
    assert_broken_only(s, "R-213", "agent.roleCode");
}

static void r_214_types_of_previous_documents_are_up_to_four_letters_and_digits(void **state)
{
    struct scene *s = import_scene(state);
    s->previous[0].type_code = SPAN("355-X");
    assert_broken_only(s, "R-214", "previousDocuments[0].typeCode");
}

static void r_221_the_procedure_that_is_asked_for_is_a_known_one(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].current_code = SPAN("49");
    assert_broken_only(s, "R-221", "items[0].procedures[0].currentCode");
}

static void r_222_the_previous_procedure_is_a_known_one(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].previous_code = SPAN("99");
    assert_broken_only(s, "R-222", "items[0].procedures[0].previousCode");
}

static void r_223_additional_procedures_are_three_capital_letters_or_digits(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[1].current_code = SPAN("C7");
    assert_broken_only(s, "R-223", "items[0].procedures[1].currentCode");
}

static void r_224_the_country_of_origin_is_a_country_of_iso_3166(void **state)
{
    struct scene *s = import_scene(state);
    s->origins[0].country_code = SPAN("KOR");
    assert_broken_only(s, "R-224", "items[0].origins[0].countryCode");
}

static void r_225_an_item_is_sent_from_and_to_countries_of_iso_3166(void **state)
{
    struct scene *s = import_scene(state);
    s->item.destination_country = SPAN("UK");
    assert_broken_only(s, "R-225", "items[0].destinationCountry");
}

static void r_226_amounts_of_an_item_are_in_currencies_of_iso_4217(void **state)
{
    struct scene *s = import_scene(state);
    s->item.price.currency = SPAN("EURO");
    assert_broken_only(s, "R-226", "items[0].price.currency");
}

static void r_227_additions_and_deductions_of_an_item_are_in_currencies_of_iso_4217(void **state)
{
    struct scene *s = import_scene(state);
    s->charge = (struct charge){ SPAN("AB"), amount_of("5.00", "DEM") };
    s->item.charges.count = 1;
    assert_broken_only(s, "R-227", "items[0].charges[0].amount.currency");
}

static void r_228_kinds_of_packages_are_those_of_un_ece_recommendation_21(void **state)
{
    struct scene *s = import_scene(state);
    s->package.type_code = SPAN("B");
    assert_broken_only(s, "R-228", "items[0].packages[0].typeCode");
}

static void r_229_the_supplementary_unit_is_a_unit_of_un_ece_recommendation_20(void **state)
{
    struct scene *s = import_scene(state);
    s->item.supplementary_units.unit = SPAN("PIECES");
    assert_broken_only(s, "R-229", "items[0].supplementaryUnits.unit");
}

static void r_230_units_of_tax_bases_are_those_of_un_ece_recommendation_20(void **state)
{
    struct scene *s = import_scene(state);
    s->fee.specific_base = (struct quantity){ number("3"), SPAN("KILO") };
    assert_broken_only(s, "R-230", "items[0].dutyTaxFees[0].specificBase.unit");
}

static void r_231_the_method_of_valuation_is_one_of_the_six(void **state)
{
    struct scene *s = import_scene(state);
    s->item.valuation_method_code = SPAN("7");
    assert_broken_only(s, "R-231", "items[0].valuationMethodCode");
}

static void r_232_preferences_are_three_digits_up_to_4xx(void **state)
{
    struct scene *s = import_scene(state);
    s->fee.regime_code = SPAN("500");
    assert_broken_only(s, "R-232", "items[0].dutyTaxFees[0].regimeCode");
}

static void r_301_the_check_digit_of_a_container_number_fits(void **state)
{
    struct scene *s = import_scene(state);
    s->containers[0].id = SPAN("CSQU3054384");
    assert_broken_only(s, "R-301", "containers[0].id");
}

static void r_302_the_local_reference_number_is_at_most_22_characters_without_blanks(void **state)
{
    struct scene *s = import_scene(state);
    s->d.functional_reference_id = SPAN("A REFERENCE");
    assert_broken_only(s, "R-302", "functionalReferenceId");
}

static void
r_303_a_unique_consignment_reference_is_at_most_35_characters_without_blanks(void **state)
{
    struct scene *s = import_scene(state);
    s->d.ucr = SPAN("6DE1234567890123456789012345678901234");
    assert_broken_only(s, "R-303", "ucr");
}

static void r_304_identification_numbers_of_traders_begin_with_their_country(void **state)
{
    struct scene *s = import_scene(state);
    s->d.declarant.id = SPAN("123456789");
    assert_broken_only(s, "R-304", "declarant.id");
}

static void r_305_the_check_digit_of_the_movement_reference_number_fits(void **state)
{
    struct scene *s = import_scene(state);
    s->d.id = SPAN("26DE001234567890A7"); // the digit would be 6
    assert_broken_only(s, "R-305", "id");
}

static void r_306_a_declaration_unique_consignment_reference_has_its_shape(void **state)
{
    struct scene *s = import_scene(state);
    s->previous[0] = (struct previous_document){ .type_code = SPAN("DCR"), .id = SPAN("X-1") };
    assert_broken_only(s, "R-306", "previousDocuments[0].id");
}

static void r_307_the_check_digit_of_a_ship_number_fits(void **state)
{
    struct scene *s = import_scene(state);
    s->d.border_means.id_type_code = SPAN("10");
    s->d.border_means.id = SPAN("9074728");
    assert_broken_only(s, "R-307", "borderMeans.id");
}

static void r_308_reference_numbers_of_customs_offices_begin_with_their_country(void **state)
{
    struct scene *s = import_scene(state);
    s->d.office_id = SPAN("4851");
    assert_broken_only(s, "R-308", "officeId");
}

static void r_321_a_commodity_code_is_six_to_ten_digits(void **state)
{
    struct scene *s = import_scene(state);
    s->classification.id = SPAN("8205.10");
    assert_broken_only(s, "R-321", "items[0].classifications[0].id");
}

static void r_322_a_commodity_code_begins_with_a_chapter_of_the_harmonized_system(void **state)
{
    struct scene *s = import_scene(state);
    s->classification.id = SPAN("77010000");
    assert_broken_only(s, "R-322", "items[0].classifications[0].id");
}

static void r_401_the_number_of_items_is_the_one_declared(void **state)
{
    struct scene *s = import_scene(state);
    s->d.goods_item_count.value = 2;
    assert_broken_only(s, "R-401", "goodsItemCount");
}

static void r_402_the_packages_of_all_items_add_up_to_the_total(void **state)
{
    struct scene *s = import_scene(state);
    s->d.total_package_count.value = 9;
    assert_broken_only(s, "R-402", "totalPackageCount");
}

static void r_403_the_prices_of_all_items_add_up_to_the_invoice_amount(void **state)
{
    struct scene *s = import_scene(state);
    s->d.invoice_amount.value = number("1000.01");
    assert_broken_only(s, "R-403", "invoiceAmount");
}

static void r_404_the_gross_masses_of_all_items_add_up_to_the_total_within_a_kilogram(void **state)
{
    struct scene *s = import_scene(state);
    s->d.total_gross_mass = number("111.001");
    assert_broken_only(s, "R-404", "totalGrossMass");
}

static void r_405_items_are_numbered_from_1_without_gap_or_double(void **state)
{
    struct scene *s = import_scene(state);
    s->item.sequence.value = 2;
    assert_broken_only(s, "R-405", "items[0].sequence");
}

static void r_406_no_amount_of_the_whole_is_negative(void **state)
{
    struct scene *s = import_scene(state);
    s->d.insurance = amount_of("-0.01", "EUR");
    assert_broken_only(s, "R-406", "insurance.value");
}

static void r_407_the_exchange_rate_is_above_zero(void **state)
{
    struct scene *s = import_scene(state);
    s->d.exchange_rate = number("0.00");
    assert_broken_only(s, "R-407", "exchangeRate");
}

static void r_408_the_total_gross_mass_is_not_negative(void **state)
{
    struct scene *s = import_scene(state);
    s->d.total_gross_mass = number("-0.5");
    s->item.gross_mass = (struct decimal){ 0 };
    assert_broken_only(s, "R-408", "totalGrossMass");
}

static void r_421_the_net_mass_is_not_above_the_gross_mass(void **state)
{
    struct scene *s = import_scene(state);
    s->item.net_mass = number("110.001");
    assert_broken_only(s, "R-421", "items[0].netMass");
}

static void r_422_no_mass_is_negative(void **state)
{
    struct scene *s = import_scene(state);
    s->item.net_mass = number("-1");
    assert_broken_only(s, "R-422", "items[0].netMass");
}

static void r_423_no_mass_is_zero(void **state)
{
    struct scene *s = import_scene(state);
    s->item.net_mass = number("0");
    assert_broken_only(s, "R-423", "items[0].netMass");
}

static void r_424_no_amount_of_an_item_is_negative(void **state)
{
    struct scene *s = import_scene(state);
    s->item.statistical_value = amount_of("-1", "EUR");
    assert_broken_only(s, "R-424", "items[0].statisticalValue.value");
}

static void r_425_goods_for_home_use_are_not_free_of_charge(void **state)
{
    struct scene *s = import_scene(state);
    s->item.price.value = s->d.invoice_amount.value = number("0.00");
    assert_broken_only(s, "R-425", "items[0].price.value");
}

static void r_426_the_supplementary_quantity_is_above_zero(void **state)
{
    struct scene *s = import_scene(state);
    s->item.supplementary_units.value = number("0");
    assert_broken_only(s, "R-426", "items[0].supplementaryUnits.value");
}

static void r_501_the_date_of_acceptance_is_at_most_30_days_ahead(void **state)
{
    struct scene *s = import_scene(state);
    s->d.accepted_at = (struct moment){ NOW + 30 * DAY + 1, true };
    assert_broken_only(s, "R-501", "acceptedAt");
}

static void r_502_the_date_of_acceptance_is_less_than_three_years_ago(void **state)
{
    struct scene *s = import_scene(state);
    s->d.accepted_at = (struct moment){ NOW - 1099 * DAY, true };
    s->d.issued_at.given = false;
    assert_broken_only(s, "R-502", "acceptedAt");
}

static void r_503_the_declaration_was_not_issued_in_the_future(void **state)
{
    struct scene *s = import_scene(state);
    s->d.issued_at = (struct moment){ NOW + DAY + 1, true };
    assert_broken_only(s, "R-503", "issuedAt");
}

static void r_504_the_declaration_was_issued_before_it_was_accepted(void **state)
{
    struct scene *s = import_scene(state);
    s->d.accepted_at = (struct moment){ NOW - 3 * DAY, true };
    assert_broken_only(s, "R-504", "issuedAt");
}

static void r_505_a_document_has_not_expired_on_the_day_of_acceptance(void **state)
{
    struct scene *s = import_scene(state);
    s->d.documents.count = 1;
    s->documents[1].expires_at = (struct moment){ NOW - DAY, true };
    assert_broken_only(s, "R-505", "documents[0].expiresAt");
}

static void r_506_a_document_is_already_in_force_on_the_day_of_acceptance(void **state)
{
    struct scene *s = import_scene(state);
    s->d.documents.count = 1;
    s->documents[1].effective_at = (struct moment){ NOW + DAY + 1, true };
    assert_broken_only(s, "R-506", "documents[0].effectiveAt");
}

static void r_521_a_document_of_an_item_has_not_expired_on_the_day_of_acceptance(void **state)
{
    struct scene *s = import_scene(state);
    s->documents[0].expires_at = (struct moment){ NOW - DAY, true };
    assert_broken_only(s, "R-521", "items[0].documents[0].expiresAt");
}

static void r_522_a_document_of_an_item_is_already_in_force_on_the_day_of_acceptance(void **state)
{
    struct scene *s = import_scene(state);
    s->documents[0].effective_at = (struct moment){ NOW + DAY + 1, true };
    assert_broken_only(s, "R-522", "items[0].documents[0].effectiveAt");
}

static void r_601_valuation_by_the_price_paid_names_the_terms_of_delivery(void **state)
{
    struct scene *s = import_scene(state);
    s->d.trade_terms.condition_code = SPAN("");
    assert_broken_only(s, "R-601", "tradeTerms");
}

static void r_602_freight_that_the_price_includes_is_not_added_to_it(void **state)
{
    struct scene *s = import_scene(state);
    s->d.trade_terms.condition_code = SPAN("CIF");
    assert_broken_only(s, "R-602", "freight");
}

static void r_603_freight_that_the_price_does_not_include_is_added_to_it(void **state)
{
    struct scene *s = import_scene(state);
    s->d.freight = (struct amount){ 0 };
    assert_broken_only(s, "R-603", "freight");
}

static void r_604_each_amount_of_the_whole_names_its_currency(void **state)
{
    struct scene *s = import_scene(state);
    s->d.freight.currency = SPAN("");
    assert_broken_only(s, "R-604", "freight.currency");
}

static void r_605_goods_in_containers_name_a_container(void **state)
{
    struct scene *s = import_scene(state);
    s->d.containers.count = 0;
    assert_broken_only(s, "R-605", "containers");
}

static void r_606_goods_that_are_not_in_containers_name_none(void **state)
{
    struct scene *s = import_scene(state);
    s->d.container_code = SPAN("0");
    assert_broken_only(s, "R-606", "containerCode");
}

static void r_607_the_identity_of_the_means_of_transport_fits_the_mode(void **state)
{
    struct scene *s = import_scene(state);
    s->d.border_means.id_type_code = SPAN("40");
    assert_broken_only(s, "R-607", "borderMeans.idTypeCode");
}

static void r_608_an_export_goes_to_another_country(void **state)
{
    struct scene *s = export_scene(state);
    s->d.destination_country = s->d.export_country;
    assert_broken_only(s, "R-608", "destinationCountry");
}

static void
r_609_a_representative_says_whether_the_representation_is_direct_or_indirect(void **state)
{
    struct scene *s = import_scene(state);
    s->d.agent.name = SPAN("Ebb and Flow Brokers");
    assert_broken_only(s, "R-609", "agent.roleCode");
}

static void r_610_importer_and_exporter_are_not_the_same(void **state)
{
    struct scene *s = import_scene(state);
    s->d.exporter.id = s->d.importer.id;
    assert_broken_only(s, "R-610", "importer");
}

static void r_611_a_simplified_procedure_names_the_holder_of_the_authorisation(void **state)
{
    struct scene *s = import_scene(state);
    s->d.type_code = SPAN("IMC");
    assert_broken_only(s, "R-611", "authorisationHolders");
}

static void r_612_a_supplementary_import_declaration_gives_the_date_of_acceptance(void **state)
{
    struct scene *s = import_scene(state);
    s->d.type_code = SPAN("IMX");
    assert_broken_only(s, "R-612", "acceptedAt");
}

static void r_613_no_container_is_named_twice(void **state)
{
    struct scene *s = import_scene(state);
    s->containers[1] = s->containers[0];
    s->d.containers.count = 2;
    assert_broken_only(s, "R-613", "containers[1].id");
}

static void r_614_no_seal_of_a_container_is_named_twice(void **state)
{
    struct scene *s = import_scene(state);
    s->seals[1] = s->seals[0];
    s->containers[0].seals.count = 2;
    assert_broken_only(s, "R-614", "containers[0].seals");
}

static void r_631_the_procedure_fits_the_direction_of_the_goods(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].current_code = SPAN("10");
    assert_broken_only(s, "R-631", "items[0].procedures[0].currentCode");
}

static void r_632_a_re_export_follows_a_special_procedure(void **state)
{
    struct scene *s = export_scene(state);
    s->procedures[0] = (struct procedure){ SPAN("31"), SPAN("40") };
    assert_broken_only(s, "R-632", "items[0].procedures[0].previousCode");
}

static void r_633_a_re_import_follows_an_export(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].current_code = SPAN("61");
    assert_broken_only(s, "R-633", "items[0].procedures[0].previousCode");
}

static void r_634_goods_from_a_previous_procedure_name_its_document(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].previous_code = SPAN("51");
    s->d.previous_documents.count = 0;
    assert_broken_only(s, "R-634", "items[0].previousDocuments");
}

static void r_635_release_with_onward_supply_names_a_vat_number(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].current_code = SPAN("42");
    assert_broken_only(s, "R-635", "items[0].taxParties");
}

static void r_636_a_special_procedure_names_the_holder_of_the_authorisation(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].current_code = SPAN("51");
    assert_broken_only(s, "R-636", "items[0].procedures[0].currentCode");
}

static void r_637_customs_warehousing_names_the_warehouse(void **state)
{
    struct scene *s = import_scene(state);
    s->procedures[0].current_code = SPAN("71");
    s->d.authorisation_holders.count = 1;
    assert_broken_only(s, "R-637", "items[0].procedures[0].currentCode");
}

static void r_638_a_claimed_preference_names_the_preferential_origin(void **state)
{
    struct scene *s = import_scene(state);
    s->fee.regime_code = SPAN("300");
    s->documents[0].type_code = SPAN("954");
    assert_broken_only(s, "R-638", "items[0].origins");
}

static void r_639_a_claimed_preference_names_its_proof_of_origin(void **state)
{
    struct scene *s = import_scene(state);
    s->fee.regime_code = SPAN("300");
    s->origins[0].type_code = SPAN("2");
    assert_broken_only(s, "R-639", "items[0].documents");
}

static void r_640_a_claimed_quota_names_its_order_number(void **state)
{
    struct scene *s = import_scene(state);
    s->fee.regime_code = SPAN("120");
    assert_broken_only(s, "R-640", "items[0].dutyTaxFees");
}

static void r_641_each_amount_of_an_item_names_its_currency(void **state)
{
    struct scene *s = import_scene(state);
    s->item.price.currency = s->d.invoice_amount.currency = SPAN("");
    s->d.invoice_amount.value.given = false;
    assert_broken_only(s, "R-641", "items[0].price.currency");
}

static void r_642_no_document_of_an_item_is_named_twice(void **state)
{
    struct scene *s = import_scene(state);
    s->documents[1] = s->documents[0];
    s->item.documents.count = 2;
    assert_broken_only(s, "R-642", "items[0].documents[1]");
}

static void r_643_no_previous_document_of_an_item_is_named_twice(void **state)
{
    struct scene *s = import_scene(state);
    s->previous[1] = s->previous[0];
    s->item.previous_documents.count = 2;
    assert_broken_only(s, "R-643", "items[0].previousDocuments[1]");
}

static void r_701_the_declarant_has_not_used_this_reference_for_another_consignment(void **state)
{
    (void)state;
    const struct rule *rule = rule_find(SPAN("R-701"));
    assert_non_null(rule);
    assert_null(rule->holds); // it is asked by the office, which sees all files
    struct finding finding = rule_finding(rule);
    assert_span(finding.rule, "R-701");
    assert_span(finding.field, "functionalReferenceId");
    assert_int_equal(finding.severity, SEVERITY_ERROR);
    assert_span(finding.text, rule->text);
}

static void r_702_an_amendment_or_a_cancellation_follows_an_earlier_declaration(void **state)
{
    struct scene *s = import_scene(state);
    s->d.function_code = SPAN("13");
    s->d.amendments.count = 1;
    assert_broken_only(s, "R-702", "functionCode");
}

static void r_703_a_later_version_of_a_declaration_says_that_it_is_an_amendment(void **state)
{
    struct scene *s = import_scene(state);
    s->version = 2;
    assert_broken_only(s, "R-703", "functionCode");
}

static void r_704_an_amendment_says_why_it_is_made(void **state)
{
    struct scene *s = import_scene(state);
    s->d.function_code = SPAN("13");
    s->version = 2;
    assert_broken_only(s, "R-704", "amendments");
}

// --- What the rules leave alone ---

// A row of an open data set: one item, no packages, no terms, no type of the European kind.
static void a_plain_row_with_code_mass_price_and_countries_breaks_no_rule(void **state)
{
    struct scene *s = common_scene(state);
    s->d = (struct declaration){ .type_code = SPAN("IM"),
                                 .functional_reference_id = SPAN("97061800") };
    s->item = (struct item){ .net_mass = number("108.0") };
    lists_join(s);
    s->d.containers.count = s->d.previous_documents.count = 0;
    s->item.procedures.count = s->item.packages.count = s->item.documents.count = 0;
    s->item.duty_tax_fees.count = 0;
    s->d.declarant.id = SPAN("ZZR1LT6");
    s->d.importer.id = SPAN("QLRUBN9");
    s->d.office_id = SPAN("30");
    s->d.border_means.mode_code = SPAN("10");
    s->d.export_country = SPAN("BE");
    s->classification = (struct classification){ .id = SPAN("440890") };
    s->origins[0] = (struct origin){ .country_code = SPAN("BE") };
    s->item.price = amount_of("372254.4", "KRW");
    assert_kept(s);
}

static void a_simplified_declaration_owes_less(void **state)
{
    struct scene *s = import_scene(state);
    s->d.type_code = SPAN("IMF");
    s->d.authorisation_holders.count = 1;
    s->d.trade_terms = (struct trade_terms){ 0 };
    s->d.export_country = SPAN("");
    s->item.gross_mass = s->item.net_mass = s->d.total_gross_mass = (struct decimal){ 0 };
    s->item.price = s->d.invoice_amount = (struct amount){ 0 };
    s->item.origins.count = s->item.classifications.count = s->item.duty_tax_fees.count = 0;
    s->item.packages.count = 0;
    s->d.total_package_count.given = false;
    s->item.valuation_method_code = SPAN("");
    assert_kept(s);
}

static void a_notice_asks_for_no_procedure_and_owes_hardly_anything(void **state)
{
    struct scene *s = import_scene(state);
    s->d.type_code = SPAN("IMJ");
    s->procedures[0] = (struct procedure){ SPAN("00"), SPAN("24") };
    s->item.price = s->d.invoice_amount = (struct amount){ 0 };
    s->item.origins.count = s->item.classifications.count = s->item.duty_tax_fees.count = 0;
    s->item.description = s->d.export_country = s->d.border_means.mode_code = SPAN("");
    s->d.goods_location.id = SPAN("");
    assert_kept(s);
    s->d.type_code = SPAN("COJ"); // nor need it say whether the goods come in or go out
    assert_kept(s);
}

static void a_request_about_an_earlier_declaration_has_no_items(void **state)
{
    struct scene *s = import_scene(state);
    s->d = (struct declaration){ .function_code = SPAN("13"), .type_code = SPAN("COR"),
                                 .functional_reference_id = SPAN("TIDE-2026-000002") };
    s->d.amendments.at = &s->amendment;
    s->d.amendments.count = 1;
    s->version = 2;
    assert_kept(s);
}

static void reliefs_excuse_what_they_make_needless(void **state)
{
    struct scene *s = import_scene(state); // of little value
    s->procedures[1].current_code = SPAN("C07");
    s->item.origins.count = s->item.duty_tax_fees.count = 0;
    assert_kept(s);

    s = import_scene(state); // fruit, by unit prices
    s->procedures[1].current_code = SPAN("E01");
    s->item.price = s->d.invoice_amount = (struct amount){ 0 };
    s->item.valuation_method_code = SPAN("4");
    assert_kept(s);
}

static void a_proven_preference_with_a_quota_is_in_order(void **state)
{
    struct scene *s = import_scene(state);
    s->fee = (struct duty_tax_fee){ .regime_code = SPAN("320"), .quota_order_id = SPAN("094067") };
    s->origins[1] = (struct origin){ SPAN("KR"), SPAN("2") };
    s->item.origins.count = 2;
    s->documents[1] = (struct document){ .type_code = SPAN("U045"), .id = SPAN("ORIGIN-1") };
    s->item.documents.count = 2;
    assert_kept(s);
}

static void authorisation_may_be_applied_for_by_the_declaration(void **state)
{
    struct scene *s = import_scene(state);
    struct statement statement = { .code = SPAN("00100") };
    s->item.statements.at = &statement;
    s->item.statements.count = 1;
    s->procedures[0].current_code = SPAN("53");
    assert_kept(s);
}

static void bulk_goods_and_shared_packages_are_counted_as_they_should(void **state)
{
    struct scene *s = import_scene(state);
    s->package = (struct package){ .type_code = SPAN("VQ") };
    s->d.total_package_count.value = 0;
    assert_kept(s);
    s->d.total_package_count.value = 1;
    assert_broken_only(s, "R-402", "totalPackageCount");
}

// --- Places ---

static void every_place_that_breaks_a_rule_is_told_up_to_a_limit(void **state)
{
    struct scene *s = import_scene(state);
    struct item items[30];
    for (uint32_t i = 0; i < 30; i++) {
        items[i] = s->item;
        items[i].sequence.value = i + 1;
        if (i % 2 == 1) items[i].gross_mass = number("-1");
    }
    s->d.items.at = items;
    s->d.items.count = 3;
    s->d.goods_item_count.given = s->d.total_package_count.given = false;
    s->d.total_gross_mass.given = s->d.invoice_amount.value.given = false;
    assert_broken_only(s, "R-422", "items[1].grossMass");

    items[0].net_mass = number("-2");
    items[2].gross_mass = number("-3");
    items[2].net_mass = number("-4");
    struct findings findings = findings_of(s);
    assert_int_equal(findings.count, 4);
    assert_span(findings.at[0].field, "items[0].netMass");
    assert_span(findings.at[1].field, "items[1].grossMass");
    assert_span(findings.at[2].field, "items[2].grossMass");
    assert_span(findings.at[3].field, "items[2].netMass");

    for (uint32_t i = 0; i < 30; i++) items[i].gross_mass = items[i].net_mass = number("-1");
    s->d.items.count = 30;
    assert_int_equal(findings_of(s).count, CHECK_PLACES_MAX);
}

static void doubles_and_gaps_in_the_numbers_of_items_are_told_where_they_are(void **state)
{
    struct scene *s = import_scene(state);
    struct item items[4];
    for (uint32_t i = 0; i < 4; i++) {
        items[i] = s->item;
        items[i].sequence.value = 4 - i;
    }
    s->d.items.at = items;
    s->d.items.count = 4;
    s->d.goods_item_count.given = s->d.total_package_count.given = false;
    s->d.total_gross_mass.given = s->d.invoice_amount.value.given = false;
    assert_kept(s); // in whatever order
    items[2].sequence.value = 3;
    items[3].sequence.value = 5;
    struct findings findings = findings_of(s);
    assert_int_equal(findings.count, 2);
    assert_span(findings.at[0].field, "items[2].sequence");
    assert_span(findings.at[1].field, "items[3].sequence");
}

static void findings_stand_in_order_of_the_rules(void **state)
{
    struct scene *s = import_scene(state);
    s->d.goods_location.id = s->item.description = SPAN("");
    s->d.container_code = SPAN("0");
    s->origins[0].country_code = SPAN("XX");
    struct findings findings = findings_of(s);
    assert_int_equal(findings.count, 4);
    assert_span(findings.at[0].rule, "R-110");
    assert_span(findings.at[1].rule, "R-123");
    assert_span(findings.at[2].rule, "R-224");
    assert_span(findings.at[3].rule, "R-606");
}

static void findings_that_do_not_fit_are_an_error(void **state)
{
    struct scene *s = import_scene(state);
    s->d.goods_location.id = SPAN("");
    char memory[64];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct findings findings;
    struct error err = { 0 };
    assert_false(check_declaration(&s->d, 1, NOW, &arena, &findings, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

// --- The step ---

// What the step adds, caught here instead of folded into a file.
static struct fact added;

bool clearance_add(struct clearance *clearance, const struct step *step, enum fact_kind kind,
                   struct span body, struct error *err)
{
    (void)clearance;
    (void)err;
    added = (struct fact){ .kind = kind, .who = span_of(step->name), .body = body };
    return true;
}

static void the_step_adds_one_fact_with_all_findings(void **state)
{
    struct scene *s = import_scene(state);
    s->d.goods_location.id = SPAN("");
    s->origins[0].country_code = SPAN("XX");
    struct file file = { .state = FILE_LODGED, .version = 1, .declaration = s->d };
    struct clearance clearance = { .file = &file, .now_ms = NOW, .arena = &s->arena };
    struct error err = { 0 };
    assert_true(check_step(&clearance, &err));
    assert_int_equal(added.kind, FACT_CHECKED);
    assert_span(added.who, "check");

    struct checked checked;
    assert_true(body_read_checked(added.body, &s->arena, &checked, &err));
    assert_int_equal(checked.findings_count, 2);
    assert_int_equal(checked.errors_count, 1);
    assert_span(checked.rules, CHECK_RULES_VERSION);
    assert_span(checked.findings[0].rule, "R-110");
    assert_int_equal(checked.findings[0].severity, SEVERITY_WARNING);
    assert_span(checked.findings[1].rule, "R-224");
    assert_span(checked.findings[1].field, "items[0].origins[0].countryCode");
    assert_int_equal(checked.findings[1].severity, SEVERITY_ERROR);

    file.declaration = import_scene(state)->d; // nothing wrong is a fact, too
    assert_true(check_step(&clearance, &err));
    assert_true(body_read_checked(added.body, &s->arena, &checked, &err));
    assert_int_equal(checked.findings_count, 0);
    assert_int_equal(checked.errors_count, 0);
}

// --- Check digits ---

static void container_numbers_of_iso_6346_have_their_check_digit(void **state)
{
    (void)state;
    static const struct span good[] = {
        SPAN_INIT("CSQU3054383"), // the example of the standard
        SPAN_INIT("TDWU2048619"), SPAN_INIT("TIDJ0000015"), SPAN_INIT("WAIZ9999993"),
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(container_shaped(good[i]));
        assert_true(container_digit_fits(good[i]));
        for (int digit = '0'; digit <= '9'; digit++) {
            char other[CONTAINER_NUMBER_SIZE];
            memcpy(other, good[i].at, sizeof(other));
            other[10] = (char)digit;
            assert_int_equal(container_digit_fits((struct span){ other, sizeof(other) }),
                             digit == good[i].at[10]);
        }
    }
    assert_false(container_shaped(SPAN("CSQA3054383")));
    assert_false(container_shaped(SPAN("csqu3054383")));
    assert_false(container_shaped(SPAN("CSQU305438")));
    assert_false(container_shaped(SPAN("CSQU30543833")));
    assert_false(container_shaped(SPAN("CSQU305438A")));
    assert_false(container_shaped(SPAN("")));
}

static void movement_reference_numbers_have_the_same_check_digit(void **state)
{
    (void)state;
    assert_int_equal(check_digit(SPAN("06DE586600006143E")), 1);
    assert_int_equal(check_digit(SPAN("10NL5663962BE1E82")), 5);
    assert_int_equal(check_digit(SPAN("")), 0);
    assert_int_equal(check_digit(SPAN("de")), -1);
    assert_int_equal(check_digit(SPAN("000000000000000000000")), -1);
}

static void a_ship_number_that_fits_is_left_alone(void **state)
{
    struct scene *s = import_scene(state);
    s->d.border_means.id_type_code = SPAN("10");
    s->d.border_means.id = SPAN("IMO9074729");
    assert_kept(s);
}

// --- The table and its neighbours ---

// The list of docs/rules.md, as it has to be.
static struct span rules_as_text(struct arena *arena)
{
    static const char *const severities[] = { "note", "warning", "error" };
    struct text text = text_in(arena, 32768);
    text_add(&text, SPAN(
        "# The rules of the check\n"
        "\n"
        "Each declaration is held against all of them, and the declarant is told all that it "
        "breaks.\n"
        "An error refuses the declaration; a warning may make an officer look; a note is for the\n"
        "declarant alone. The sentence says what holds when the rule is kept.\n"
        "\n"
        "This page is made from the rows in src/clearance/check; a test compares them, and writes "
        "the\n"
        "page anew when TIDEWAITER_WRITE_DOCS is set.\n"
        "\n"
        "| rule | severity | place | holds when | what to do |\n"
        "| --- | --- | --- | --- | --- |\n"));
    for (uint32_t i = 0; i < rule_count(); i++) {
        const struct rule *rule = rule_at(i);
        text_add_format(&text, "| %s | %s | `%s` | %s | %s |\n", rule->number,
                        severities[rule->severity], rule->place, rule->text, rule->hint);
    }
    assert_false(text.full);
    return text_span(&text);
}

static void the_page_of_rules_is_the_table_of_rules(void **state)
{
    struct scene *s = *state;
    const char *root = getenv("TIDEWAITER_ROOT");
    char path[512];
    snprintf(path, sizeof(path), "%s/docs/rules.md", root ? root : ".");
    arena_reset(&s->arena, 0);
    struct span expected = rules_as_text(&s->arena);

    if (getenv("TIDEWAITER_WRITE_DOCS") != NULL) {
        FILE *page = fopen(path, "w");
        assert_non_null(page);
        assert_int_equal(fwrite(expected.at, 1, expected.len, page), expected.len);
        assert_int_equal(fclose(page), 0);
    }
    FILE *page = fopen(path, "r");
    if (page == NULL) fail_msg("there is no %s", path);
    char *found = arena_take(&s->arena, expected.len + 1, 1);
    assert_non_null(found);
    size_t len = fread(found, 1, expected.len + 1, page);
    assert_int_equal(fclose(page), 0);
    if (!span_equal((struct span){ found, len }, expected))
        fail_msg("%s is not what the rules say; set TIDEWAITER_WRITE_DOCS to write it", path);
}

static void rules_are_written_as_messages_and_stand_in_order(void **state)
{
    (void)state;
    assert_true(rule_count() >= 40);
    for (uint32_t i = 0; i < rule_count(); i++) {
        const struct rule *rule = rule_at(i);
        struct span text = span_of(rule->text), hint = span_of(rule->hint);
        assert_ptr_equal(rule_find(span_of(rule->number)), rule);
        if (i > 0) assert_true(strcmp(rule_at(i - 1)->number, rule->number) < 0);
        assert_true(text.len > 0 && text.len < 100);
        assert_true(text.at[text.len - 1] != '.');
        assert_true(text.at[0] >= 'a' && text.at[0] <= 'z');
        assert_true(hint.len > 0 && hint.at[hint.len - 1] == '.');
        bool about_items = strncmp(rule->place, "items[]", 7) == 0;
        if (rule->about == ABOUT_ITEM) assert_true(about_items);
    }
    assert_null(rule_find(SPAN("R-100")));
}

// "R-101", "the declaration ..." -> "r_101_the_declaration_..."
static void name_of_test(const struct rule *rule, char *name, size_t size)
{
    char words[256];
    snprintf(words, sizeof(words), "%s %s", rule->number, rule->text);
    size_t len = 0;
    for (const char *c = words; *c != '\0' && len + 1 < size; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (letter) name[len++] = *c;
        else if (*c >= 'A' && *c <= 'Z') name[len++] = (char)(*c - 'A' + 'a');
        else if (len > 0 && name[len - 1] != '_') name[len++] = '_';
    }
    name[len] = '\0';
}

static const struct CMUnitTest tests_of_rules[] = {
    cmocka_unit_test(r_101_the_declaration_says_whether_the_goods_come_in_or_go_out),
    cmocka_unit_test(r_102_the_declaration_has_at_least_one_item),
    cmocka_unit_test(r_103_the_declaration_carries_a_reference_of_the_declarant),
    cmocka_unit_test(r_104_somebody_answers_for_the_declaration),
    cmocka_unit_test(r_105_an_import_names_its_importer),
    cmocka_unit_test(r_106_an_export_names_its_exporter),
    cmocka_unit_test(r_107_an_export_names_the_country_of_destination),
    cmocka_unit_test(r_108_an_import_names_the_country_from_which_the_goods_were_sent),
    cmocka_unit_test(r_109_the_declaration_says_how_the_goods_cross_the_border),
    cmocka_unit_test(r_110_the_declaration_says_where_the_goods_can_be_seen),
    cmocka_unit_test(r_111_an_export_names_the_office_where_the_goods_leave),
    cmocka_unit_test(r_121_each_item_names_the_procedure_that_is_asked_for),
    cmocka_unit_test(r_122_each_item_has_a_commodity_code),
    cmocka_unit_test(r_123_each_item_is_described_in_words),
    cmocka_unit_test(r_124_goods_for_home_use_name_their_country_of_origin),
    cmocka_unit_test(r_125_goods_for_home_use_have_a_price_or_a_value),
    cmocka_unit_test(r_126_each_item_has_a_gross_mass),
    cmocka_unit_test(r_127_each_item_has_a_net_mass),
    cmocka_unit_test(r_128_each_item_says_how_it_is_packed),
    cmocka_unit_test(r_129_exported_goods_have_a_statistical_value),
    cmocka_unit_test(r_130_goods_for_home_use_say_which_preference_is_claimed),
    cmocka_unit_test(r_131_goods_for_home_use_say_how_they_were_valued),
    cmocka_unit_test(r_201_the_type_of_the_declaration_is_a_known_one),
    cmocka_unit_test(r_202_the_function_of_the_message_is_a_known_one),
    cmocka_unit_test(r_203_countries_of_dispatch_and_destination_are_countries_of_iso_3166),
    cmocka_unit_test(r_204_addresses_are_in_countries_of_iso_3166),
    cmocka_unit_test(r_205_means_of_transport_and_places_name_countries_of_iso_3166),
    cmocka_unit_test(r_206_countries_on_the_route_are_countries_of_iso_3166),
    cmocka_unit_test(r_207_amounts_of_the_whole_are_in_currencies_of_iso_4217),
    cmocka_unit_test(r_208_additions_and_deductions_are_in_currencies_of_iso_4217),
    cmocka_unit_test(r_209_the_terms_of_delivery_are_an_incoterm),
    cmocka_unit_test(r_210_the_terms_of_delivery_are_among_the_incoterms_of_2020),
    cmocka_unit_test(r_211_modes_of_transport_are_those_of_un_ece_recommendation_19),
    cmocka_unit_test(r_212_the_container_indicator_is_0_or_1),
    cmocka_unit_test(r_213_the_status_of_the_representative_is_a_known_one),
    cmocka_unit_test(r_214_types_of_previous_documents_are_up_to_four_letters_and_digits),
    cmocka_unit_test(r_221_the_procedure_that_is_asked_for_is_a_known_one),
    cmocka_unit_test(r_222_the_previous_procedure_is_a_known_one),
    cmocka_unit_test(r_223_additional_procedures_are_three_capital_letters_or_digits),
    cmocka_unit_test(r_224_the_country_of_origin_is_a_country_of_iso_3166),
    cmocka_unit_test(r_225_an_item_is_sent_from_and_to_countries_of_iso_3166),
    cmocka_unit_test(r_226_amounts_of_an_item_are_in_currencies_of_iso_4217),
    cmocka_unit_test(r_227_additions_and_deductions_of_an_item_are_in_currencies_of_iso_4217),
    cmocka_unit_test(r_228_kinds_of_packages_are_those_of_un_ece_recommendation_21),
    cmocka_unit_test(r_229_the_supplementary_unit_is_a_unit_of_un_ece_recommendation_20),
    cmocka_unit_test(r_230_units_of_tax_bases_are_those_of_un_ece_recommendation_20),
    cmocka_unit_test(r_231_the_method_of_valuation_is_one_of_the_six),
    cmocka_unit_test(r_232_preferences_are_three_digits_up_to_4xx),
    cmocka_unit_test(r_301_the_check_digit_of_a_container_number_fits),
    cmocka_unit_test(r_302_the_local_reference_number_is_at_most_22_characters_without_blanks),
    cmocka_unit_test(r_303_a_unique_consignment_reference_is_at_most_35_characters_without_blanks),
    cmocka_unit_test(r_304_identification_numbers_of_traders_begin_with_their_country),
    cmocka_unit_test(r_305_the_check_digit_of_the_movement_reference_number_fits),
    cmocka_unit_test(r_306_a_declaration_unique_consignment_reference_has_its_shape),
    cmocka_unit_test(r_307_the_check_digit_of_a_ship_number_fits),
    cmocka_unit_test(r_308_reference_numbers_of_customs_offices_begin_with_their_country),
    cmocka_unit_test(r_321_a_commodity_code_is_six_to_ten_digits),
    cmocka_unit_test(r_322_a_commodity_code_begins_with_a_chapter_of_the_harmonized_system),
    cmocka_unit_test(r_401_the_number_of_items_is_the_one_declared),
    cmocka_unit_test(r_402_the_packages_of_all_items_add_up_to_the_total),
    cmocka_unit_test(r_403_the_prices_of_all_items_add_up_to_the_invoice_amount),
    cmocka_unit_test(r_404_the_gross_masses_of_all_items_add_up_to_the_total_within_a_kilogram),
    cmocka_unit_test(r_405_items_are_numbered_from_1_without_gap_or_double),
    cmocka_unit_test(r_406_no_amount_of_the_whole_is_negative),
    cmocka_unit_test(r_407_the_exchange_rate_is_above_zero),
    cmocka_unit_test(r_408_the_total_gross_mass_is_not_negative),
    cmocka_unit_test(r_421_the_net_mass_is_not_above_the_gross_mass),
    cmocka_unit_test(r_422_no_mass_is_negative),
    cmocka_unit_test(r_423_no_mass_is_zero),
    cmocka_unit_test(r_424_no_amount_of_an_item_is_negative),
    cmocka_unit_test(r_425_goods_for_home_use_are_not_free_of_charge),
    cmocka_unit_test(r_426_the_supplementary_quantity_is_above_zero),
    cmocka_unit_test(r_501_the_date_of_acceptance_is_at_most_30_days_ahead),
    cmocka_unit_test(r_502_the_date_of_acceptance_is_less_than_three_years_ago),
    cmocka_unit_test(r_503_the_declaration_was_not_issued_in_the_future),
    cmocka_unit_test(r_504_the_declaration_was_issued_before_it_was_accepted),
    cmocka_unit_test(r_505_a_document_has_not_expired_on_the_day_of_acceptance),
    cmocka_unit_test(r_506_a_document_is_already_in_force_on_the_day_of_acceptance),
    cmocka_unit_test(r_521_a_document_of_an_item_has_not_expired_on_the_day_of_acceptance),
    cmocka_unit_test(r_522_a_document_of_an_item_is_already_in_force_on_the_day_of_acceptance),
    cmocka_unit_test(r_601_valuation_by_the_price_paid_names_the_terms_of_delivery),
    cmocka_unit_test(r_602_freight_that_the_price_includes_is_not_added_to_it),
    cmocka_unit_test(r_603_freight_that_the_price_does_not_include_is_added_to_it),
    cmocka_unit_test(r_604_each_amount_of_the_whole_names_its_currency),
    cmocka_unit_test(r_605_goods_in_containers_name_a_container),
    cmocka_unit_test(r_606_goods_that_are_not_in_containers_name_none),
    cmocka_unit_test(r_607_the_identity_of_the_means_of_transport_fits_the_mode),
    cmocka_unit_test(r_608_an_export_goes_to_another_country),
    cmocka_unit_test(r_609_a_representative_says_whether_the_representation_is_direct_or_indirect),
    cmocka_unit_test(r_610_importer_and_exporter_are_not_the_same),
    cmocka_unit_test(r_611_a_simplified_procedure_names_the_holder_of_the_authorisation),
    cmocka_unit_test(r_612_a_supplementary_import_declaration_gives_the_date_of_acceptance),
    cmocka_unit_test(r_613_no_container_is_named_twice),
    cmocka_unit_test(r_614_no_seal_of_a_container_is_named_twice),
    cmocka_unit_test(r_631_the_procedure_fits_the_direction_of_the_goods),
    cmocka_unit_test(r_632_a_re_export_follows_a_special_procedure),
    cmocka_unit_test(r_633_a_re_import_follows_an_export),
    cmocka_unit_test(r_634_goods_from_a_previous_procedure_name_its_document),
    cmocka_unit_test(r_635_release_with_onward_supply_names_a_vat_number),
    cmocka_unit_test(r_636_a_special_procedure_names_the_holder_of_the_authorisation),
    cmocka_unit_test(r_637_customs_warehousing_names_the_warehouse),
    cmocka_unit_test(r_638_a_claimed_preference_names_the_preferential_origin),
    cmocka_unit_test(r_639_a_claimed_preference_names_its_proof_of_origin),
    cmocka_unit_test(r_640_a_claimed_quota_names_its_order_number),
    cmocka_unit_test(r_641_each_amount_of_an_item_names_its_currency),
    cmocka_unit_test(r_642_no_document_of_an_item_is_named_twice),
    cmocka_unit_test(r_643_no_previous_document_of_an_item_is_named_twice),
    cmocka_unit_test(r_701_the_declarant_has_not_used_this_reference_for_another_consignment),
    cmocka_unit_test(r_702_an_amendment_or_a_cancellation_follows_an_earlier_declaration),
    cmocka_unit_test(r_703_a_later_version_of_a_declaration_says_that_it_is_an_amendment),
    cmocka_unit_test(r_704_an_amendment_says_why_it_is_made),
};

static void every_rule_has_a_test_of_its_number_and_sentence(void **state)
{
    (void)state;
    size_t tests = sizeof(tests_of_rules) / sizeof(tests_of_rules[0]);
    assert_int_equal(tests, rule_count());
    for (uint32_t i = 0; i < rule_count(); i++) {
        char name[256];
        name_of_test(rule_at(i), name, sizeof(name));
        assert_string_equal(tests_of_rules[i].name, name);
    }
}

static int scene_open(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    if (s == NULL || !arena_open(&s->arena, 1 << 20, NULL)) return -1;
    *state = s;
    return 0;
}

static int scene_close(void **state)
{
    struct scene *s = *state;
    arena_close(&s->arena);
    free(s);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_declaration_breaks_no_rule_and_takes_no_memory),
        cmocka_unit_test(a_plain_row_with_code_mass_price_and_countries_breaks_no_rule),
        cmocka_unit_test(a_simplified_declaration_owes_less),
        cmocka_unit_test(a_notice_asks_for_no_procedure_and_owes_hardly_anything),
        cmocka_unit_test(a_request_about_an_earlier_declaration_has_no_items),
        cmocka_unit_test(reliefs_excuse_what_they_make_needless),
        cmocka_unit_test(a_proven_preference_with_a_quota_is_in_order),
        cmocka_unit_test(authorisation_may_be_applied_for_by_the_declaration),
        cmocka_unit_test(bulk_goods_and_shared_packages_are_counted_as_they_should),
        cmocka_unit_test(every_place_that_breaks_a_rule_is_told_up_to_a_limit),
        cmocka_unit_test(doubles_and_gaps_in_the_numbers_of_items_are_told_where_they_are),
        cmocka_unit_test(findings_stand_in_order_of_the_rules),
        cmocka_unit_test(findings_that_do_not_fit_are_an_error),
        cmocka_unit_test(the_step_adds_one_fact_with_all_findings),
        cmocka_unit_test(container_numbers_of_iso_6346_have_their_check_digit),
        cmocka_unit_test(movement_reference_numbers_have_the_same_check_digit),
        cmocka_unit_test(a_ship_number_that_fits_is_left_alone),
        cmocka_unit_test(the_page_of_rules_is_the_table_of_rules),
        cmocka_unit_test(rules_are_written_as_messages_and_stand_in_order),
        cmocka_unit_test(every_rule_has_a_test_of_its_number_and_sentence),
    };
    int failed = cmocka_run_group_tests_name("check", tests, scene_open, scene_close);
    failed += cmocka_run_group_tests_name("rules", tests_of_rules, scene_open, scene_close);
    return failed;
}
