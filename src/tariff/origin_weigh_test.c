#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tariff/origin_scene.h"

struct row { const char *extra, *rule, *product, *materials, *told; };

static void check_rows(const struct row *rows, size_t count)
{
    static struct scene scene;
    for (size_t i = 0; i < count; i++) {
        scene_weigh(&scene, rows[i].extra, rows[i].rule, rows[i].product, "", rows[i].materials);
        const char *words = scene_told(&scene, 0);
        if (strcmp(words, rows[i].told) != 0) fail_msg("row %zu: %s", i, words);
    }
}

static void test_a_share_is_told_with_what_is_too_much_and_what_would_do(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "", "MAXNOM 50 EXW", TV, ROW("8529", "38.20", "CN", "no"),
          "met: non-originating 38.20 % of the ex-works price, at most 50 % allowed | " },
        { "", "MAXNOM 50 EXW", TV, ROW("8529", "50", "CN", "no"),
          "met: non-originating 50.00 % of the ex-works price, at most 50 % allowed | " },
        // A hundredth of a cent above: never rounded down to what is allowed.
        { "", "MAXNOM 50 EXW", TV, ROW("8529", "50.0001", "CN", "no"),
          "not met: non-originating 50.01 % of the ex-works price, at most 50 % allowed | 0.01 EUR "
          "less of non-originating materials: originating materials in place of 8529 (material 1); "
          "or the ex-works price of at least 100.01 EUR" },
        { "", "MAXNOM 50 EXW", TV,
          ROW("8529", "30", "CN", "no") "," ROW("8541", "22.40", "CN", "no") ","
          ROW("8504", "9", "XM", "yes"),
          "not met: non-originating 52.40 % of the ex-works price, at most 50 % allowed | 2.40 EUR "
          "less of non-originating materials: originating materials in place of 8541 (material 2); "
          "or the ex-works price of at least 104.80 EUR" },
        // No single one is worth 45: the two largest.
        { "", "MAXNOM 5 EXW", TV,
          ROW("8529", "20", "CN", "no") "," ROW("8541", "1", "CN", "no") ","
          ROW("8504", "29", "CN", "no"),
          "not met: non-originating 50.00 % of the ex-works price, at most 5 % allowed | 45.00 EUR "
          "less of non-originating materials: originating materials in place of 8504 (material 3), "
          "8529 (material 1); or the ex-works price of at least 1000.00 EUR" },
        { "", "MAXNOM 0 EXW", TV, ROW("8529", "1", "CN", "no"),
          "not met: non-originating 1.00 % of the ex-works price, at most 0 % allowed | 1.00 EUR "
          "less "
          "of non-originating materials: originating materials in place of 8529 (material 1)" },
        { "", "MAXNOM 20 EXW of 8529", TV,
          ROW("852990", "25", "CN", "no") "," ROW("8541", "70", "CN", "no"),
          "not met: non-originating 25.00 % of the ex-works price, at most 20 % allowed | 5.00 EUR "
          "less of non-originating materials of 8529: originating materials in place of 852990 "
          "(material 1); or the ex-works price of at least 125.00 EUR" },
        { "", "MAXNOM 20 EXW of own heading", TV,
          ROW("8528", "20", "CN", "no") "," ROW("8541", "70", "CN", "no"),
          "met: non-originating 20.00 % of the ex-works price, at most 20 % allowed | " },
        { "", "MAXNOM 20 WEIGHT of 1701-1702", "\"code\":\"1704\",\"weight\":\"2.5\"",
          "{\"code\":\"1701\",\"weight\":\"0.75\",\"originating\":\"no\"}",
          "not met: non-originating 30.00 % of the weight of the product, at most 20 % allowed | "
          "0.25 "
          "kg less of non-originating materials of 1701-1702: originating materials in place of "
          "1701 "
          "(material 1)" },
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_what_is_unknown_counts_both_ways(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "", "MAXNOM 50 EXW", TV,
          ROW("8529", "30", "CN", "no") "," ROW("8541", "19", "CN", "unknown"),
          "met: non-originating 30.00 to 49.00 % of the ex-works price, at most 50 % allowed | " },
        { "", "MAXNOM 50 EXW", TV,
          ROW("8529", "30", "CN", "no") "," ROW("8541", "21", "CN", "unknown"),
          "cannot be told: 30.00 to 51.00 % of the ex-works price, at most 50 % allowed; it "
          "depends "
          "on 8541 (material 2) | a proof of origin, a full code, or the words that describe it "
          "(member 'is') for 8541 (material 2)" },
        { "", "MAXNOM 50 EXW", TV,
          ROW("8529", "60", "CN", "no") "," ROW("8541", "21", "CN", "unknown"),
          "not met: non-originating 60.00 to 81.00 % of the ex-works price, at most 50 % allowed | "
          "10.00 EUR less of non-originating materials: originating materials in place of 8529 "
          "(material 1); or the ex-works price of at least 120.00 EUR" },
        { "", "MAXNOM 50 EXW", TV, "{\"code\":\"8529\",\"originating\":\"no\"}",
          "cannot be told: no value for 8529 (material 1) | the missing figures of 8529 (material "
          "1)" },
        // A missing value cannot make less of what is too much.
        { "", "MAXNOM 50 EXW", TV,
          "{\"code\":\"8529\",\"originating\":\"no\"}," ROW("8541", "60", "CN", "no"),
          "not met: non-originating 60.00 % or more of the ex-works price, at most 50 % allowed | "
          "10.00 EUR less of non-originating materials: originating materials in place of 8541 "
          "(material 2); or the ex-works price of at least 120.00 EUR" },
        { "", "MAXNOM 50 EXW", "\"code\":\"8528\"", ROW("8529", "1", "CN", "no"),
          "cannot be told: product.ex_works is missing or zero | product.ex_works" },
        { "", "MAXNOM 50 EXW", "\"code\":\"8528\",\"ex_works\":0", ROW("8529", "0", "CN", "no"),
          "cannot be told: product.ex_works is missing or zero | product.ex_works" },
        // A code of two digits may be of the heading, or not.
        { "", "MAXNOM 50 EXW of 8529", TV, ROW("85", "60", "CN", "no"),
          "cannot be told: 0.00 to 60.00 % of the ex-works price, at most 50 % allowed; it "
          "depends on "
          "85 (material 1) | a proof of origin, a full code, or the words that describe it (member "
          "'is') for 85 (material 1)" },
        { "", "CTH", TV, "", "cannot be told: no materials are listed | the materials" },
        { "", "MANUAL {see note 7}", TV, ROW("8529", "1", "CN", "no"),
          "cannot be told: a person must read these words | " },
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_regional_value_content_by_each_method(void **state)
{
    (void)state;
    static const struct row rows[] = {
        // (110 - 55) / 110
        { "", "RVC 50 FOB", TV, ROW("8529", "55", "CN", "no"),
          "met: content 50.00 % of the FOB value, at least 50 % asked | " },
        { "", "RVC 50 FOB", TV, ROW("8529", "55.01", "CN", "no"),
          "not met: content 49.99 % of the FOB value, at least 50 % asked | 0.01 EUR less of "
          "non-originating materials: originating materials in place of 8529 (material 1); or "
          "the FOB "
          "value of at least 110.02 EUR" },
        { "", "RVC 10 FOB", TV, ROW("8529", "200", "CN", "no"),
          "not met: content 0.00 % of the FOB value, at least 10 % asked | 101.00 EUR less of "
          "non-originating materials: originating materials in place of 8529 (material 1); or "
          "the FOB "
          "value of at least 222.23 EUR" },
        // VOM / FOB
        { "", "RVC 30 FOB build-up", TV,
          ROW("8529", "33", "XM", "yes") "," ROW("8541", "40", "CN", "no"),
          "met: content 30.00 % of the FOB value, at least 30 % asked | " },
        { "", "RVC 30 FOB build-up", TV,
          ROW("8529", "30", "XM", "yes") "," ROW("8541", "40", "CN", "no"),
          "not met: content 27.27 % of the FOB value, at least 30 % asked | 3.00 EUR more of "
          "originating materials" },
        // Only the materials of one heading are looked at: focused.
        { "", "RVC 60 FOB build-down of 8529", TV,
          ROW("8529", "44", "CN", "no") "," ROW("8541", "60", "CN", "no"),
          "met: content 60.00 % of the FOB value, at least 60 % asked | " },
        { "", "RVC 40 NC", "\"code\":\"8703\",\"net_cost\":\"80\"", ROW("8708", "48", "CN", "no"),
          "met: content 40.00 % of the net cost, at least 40 % asked | " },
        { "", "RVC 40 FOB build-up-costs", TV ",\"own_costs\":\"34\"",
          ROW("8529", "10", "XM", "yes") "," ROW("8541", "40", "CN", "no"),
          "met: content 40.00 % of the FOB value, at least 40 % asked | " },
        { "", "RVC 40 FOB build-up-costs", TV, ROW("8529", "10", "XM", "yes"),
          "cannot be told: product.own_costs is missing or zero | product.own_costs" },
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_a_change_of_classification_and_its_tolerances(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { TOLERANCES, "CTH", TV, ROW("8529", "60", "CN", "no"),
          "met: no non-originating material stands against it | " },
        { TOLERANCES, "CTH", TV, ROW("852859", "10", "CN", "no"),
          "met: 852859 (material 1): within the general tolerance, 10.00 % of the ex-works "
          "price, at "
          "most 10 % allowed | " },
        { TOLERANCES, "CTH", TV, ROW("852859", "10.01", "CN", "no"),
          "not met: 852859 (material 1): beyond the general tolerance, 10.01 % of the ex-works "
          "price, "
          "at most 10 % allowed | 0.01 EUR less of non-originating materials: originating "
          "materials in "
          "place of 852859 (material 1)" },
        { "", "CTH", TV, ROW("852859", "1", "CN", "no"),
          "cannot be told: against it: 852859 (material 1); a general tolerance may cover that, "
          "and "
          "the rules read do not tell it | the agreement's tolerance, or originating materials in "
          "place of 852859 (material 1)" },
        { "\"tolerances\":[],", "CTH", TV, ROW("852859", "1", "CN", "no"),
          "not met: against it: 852859 (material 1) | originating materials in place of 852859 "
          "(material 1)" },
        { TOLERANCES, "CTH", "\"code\":\"6109\",\"ex_works\":9", ROW("6109", "0.01", "CN", "no"),
          "cannot be told: against it: 6109 (material 1); a general tolerance may cover that, "
          "and the "
          "rules read do not tell it | the agreement's tolerance, or originating materials in "
          "place of "
          "6109 (material 1)" },
        { TOLERANCES, "CTH", "\"code\":\"1704\",\"weight\":10",
          "{\"code\":\"1704\",\"weight\":\"1.6\",\"originating\":\"no\"}",
          "not met: 1704 (material 1): beyond the general tolerance, 16.00 % of the weight of the "
          "product, at most 15 % allowed | 0.1 kg less of non-originating materials: originating "
          "materials in place of 1704 (material 1)" },
        { TOLERANCES, "CTH", TV, ROW("8528", "9", "CN", "unknown"),
          "met: 8528 (material 1): within the general tolerance, 0.00 to 9.00 % of the ex-works "
          "price, "
          "at most 10 % allowed | " },
        { TOLERANCES, "CTH", TV, ROW("8528", "11", "CN", "unknown"),
          "cannot be told: 0.00 to 11.00 % of the ex-works price, at most 10 % allowed; it "
          "depends on "
          "8528 (material 1) | a proof of origin, a full code, or the words that describe it "
          "(member "
          "'is') for 8528 (material 1)" },
        { "\"tolerances\":[],", "CC", TV, ROW("8529", "1", "CN", "no"),
          "not met: against it: 8529 (material 1) | originating materials in place of 8529 "
          "(material "
          "1)" },
        { "\"tolerances\":[],", "CTSH", TV, ROW("852859", "60", "CN", "no"),
          "met: no non-originating material stands against it | " },
        { "\"tolerances\":[],", "CTH except 8541", TV, ROW("8541", "1", "CN", "no"),
          "not met: against it: 8541 (material 1) | originating materials in place of 8541 "
          "(material "
          "1)" },
        { "", "ANY", TV, ROW("852872", "99", "CN", "no"),
          "met: no non-originating material stands against it | " },
        // The rule's own tolerance takes the place of the general one.
        { TOLERANCES, "CTH tolerance 20 EXW", TV, ROW("8528", "20", "CN", "no"),
          "met: non-originating of the own group 20.00 % of the ex-works price, at most 20 % "
          "allowed "
          "| " },
        { TOLERANCES, "CTH tolerance 5 EXW", TV, ROW("8528", "6", "CN", "no"),
          "not met: non-originating of the own group 6.00 % of the ex-works price, at most 5 % "
          "allowed "
          "| 1.00 EUR less of non-originating materials: originating materials in place of 8528 "
          "(material 1); or the ex-works price of at least 120.00 EUR" },
        // Whether it is one that the words allow, the sheet may say.
        { "\"tolerances\":[],", "CTH unless {nibs}", TV, ROW("8528", "6", "CN", "no"),
          "cannot be told: it depends on 8528 (material 1) | a proof of origin, a full code, or "
          "the "
          "words that describe it (member 'is') for 8528 (material 1)" },
        { "\"tolerances\":[],", "CTH unless {nibs}", TV,
          "{\"code\":\"8528\",\"originating\":\"no\",\"is\":[\"nibs\"]}",
          "met: no non-originating material stands against it | " },
        { "\"tolerances\":[],", "CTH unless {nibs}", TV,
          "{\"code\":\"8528\",\"originating\":\"no\",\"is\":[]}",
          "not met: against it: 8528 (material 1) | originating materials in place of 8528 "
          "(material "
          "1)" },
        { "\"tolerances\":[],", "ANY except 7204 {waste}", TV, ROW("7204", "6", "CN", "no"),
          "cannot be told: it depends on 7204 (material 1) | a proof of origin, a full code, or "
          "the "
          "words that describe it (member 'is') for 7204 (material 1)" },
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_obtained_originating_and_made_from(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "\"tolerances\":[],", "WO of 01-02", TV, ROW("0201", "5", "XM", "wholly"),
          "met: all of them are wholly obtained | " },
        { "\"tolerances\":[],", "WO of 01-02", TV, ROW("0201", "5", "XM", "yes"),
          "cannot be told: it depends on 0201 (material 1) | a proof of origin, a full code, or "
          "the "
          "words that describe it (member 'is') for 0201 (material 1)" },
        { "\"tolerances\":[],", "WO of 01-02", TV, ROW("0201", "5", "CN", "no"),
          "not met: against it: 0201 (material 1) | originating materials in place of 0201 "
          "(material "
          "1)" },
        { "", "WO", TV, ROW("0201", "5", "CN", "no"),
          "not met: against it: 0201 (material 1) | originating materials in place of 0201 "
          "(material "
          "1)" },
        { "", "WO", TV ",\"wholly_obtained\":\"yes\"", "", "met: claimed by the maker | " },
        { "", "WO", TV, "", "cannot be told: nobody claims it | product.wholly_obtained" },
        { "", "ORIGINATING of 2009", TV, ROW("2009", "5", "XM", "yes"),
          "met: all of them originate | " },
        { "", "ORIGINATING of 2009", TV, ROW("2009", "5", "CN", "no"),
          "not met: against it: 2009 (material 1) | originating materials in place of 2009 "
          "(material "
          "1)" },
        { "", "FROM 5106-5110", TV, ROW("5107", "5", "CN", "no"),
          "met: all non-originating materials are of those | " },
        { "", "FROM 5106-5110", TV, ROW("9606", "5", "CN", "no"),
          "cannot be told: it depends on 9606 (material 1) | a proof of origin, a full code, or "
          "the "
          "words that describe it (member 'is') for 9606 (material 1)" },
        { "", "BALANCE", TV, ROW("8529", "30", "CN", "no") "," ROW("8541", "30", "XM", "yes"),
          "met: non-originating 30.00 EUR, originating 30.00 EUR | " },
        { "", "BALANCE", TV, ROW("8529", "31", "CN", "no") "," ROW("8541", "30", "XM", "yes"),
          "not met: non-originating 31.00 EUR, originating 30.00 EUR | 0.50 EUR less of "
          "non-originating materials: originating materials in place of 8529 (material 1)" },
    };
    check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_share_is_told_with_what_is_too_much_and_what_would_do),
        cmocka_unit_test(test_what_is_unknown_counts_both_ways),
        cmocka_unit_test(test_regional_value_content_by_each_method),
        cmocka_unit_test(test_a_change_of_classification_and_its_tolerances),
        cmocka_unit_test(test_obtained_originating_and_made_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
