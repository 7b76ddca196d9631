#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tariff/origin_scene.h"

static void test_an_operation_is_met_by_a_claim_in_its_words_and_that_is_said(void **state)
{
    (void)state;
    static struct scene scene;
    static const struct { const char *claims; enum origin_verdict verdict; } rows[] = {
        { "", ORIGIN_CANNOT_TELL },
        { "\"claims\":[{\"words\":\"weaving\",\"done\":\"yes\"}],", ORIGIN_MET },
        { "\"claims\":[{\"words\":\"weaving\",\"done\":\"no\"}],", ORIGIN_NOT_MET },
        { "\"claims\":[{\"words\":\"weaving\",\"done\":\"unknown\"}],", ORIGIN_CANNOT_TELL },
        { "\"claims\":[{\"words\":\"weaving and dyeing\",\"done\":\"yes\"}],", ORIGIN_CANNOT_TELL },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        scene_weigh(&scene, "", "PROCESS {weaving}", TV, rows[i].claims, ROW("5205", "5", "CN",
          "no"));
        assert_int_equal(scene_finding(&scene, 0)->verdict, rows[i].verdict);
        assert_int_equal(scene.result.rules[0].alternatives[0].claimed,
                         rows[i].verdict == ORIGIN_MET);
    }
    // Words that nobody understood are not met by anybody's saying so.
    scene_weigh(&scene, "", "MANUAL {weaving}", TV, rows[1].claims, ROW("5205", "5", "CN", "no"));
    assert_int_equal(scene_finding(&scene, 0)->verdict, ORIGIN_CANNOT_TELL);
}

static void test_materials_of_the_partner_count_by_cumulation_only(void **state)
{
    (void)state;
    static struct scene scene;
    static const struct { const char *origin, *status; enum origin_counted counted; } rows[] = {
        { "XM", "yes", ORIGIN_COUNTS },       { "XM", "wholly", ORIGIN_COUNTS_WHOLLY },
        { "XO", "yes", ORIGIN_COUNTS },       { "XO", "wholly", ORIGIN_COUNTS_WHOLLY },
        { "XP", "wholly", ORIGIN_COUNTS },    { "CN", "yes", ORIGIN_COUNTS_NOT },
        { "XO", "no", ORIGIN_COUNTS_NOT },    { "XO", "unknown", ORIGIN_COUNTS_UNKNOWN },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char material[200];
        snprintf(material, sizeof(material),
                 "{\"code\":\"8529\",\"value\":60,\"origin\":\"%s\",\"originating\":\"%s\"}",
                 rows[i].origin, rows[i].status);
        scene_weigh(&scene, CUMULATION, "MAXNOM 50 EXW", TV, "", material);
        assert_int_equal(scene.result.counts[0].counted, rows[i].counted);
    }
    scene_weigh(&scene, CUMULATION, "MAXNOM 50 EXW", TV, "", ROW("8529", "60", "XO", "yes"));
    assert_int_equal(scene.result.rules[0].alternatives[0].verdict, ORIGIN_MET);
    assert_int_equal(scene.result.rules[0].alternatives[0].alone, ORIGIN_NOT_MET);
    // "EU" stands for its members.
    static const char with_union[] =
        "\"cumulation\":[{\"kind\":\"extended\",\"countries\":[\"EU\"]}],";
    scene_weigh(&scene, with_union, "CTH", TV, "",
                ROW("8529", "60", "HR", "yes") "," ROW("8529", "60", "GB", "yes"));
    assert_int_equal(scene.result.counts[0].counted, ORIGIN_COUNTS);
    assert_int_equal(scene.result.counts[1].counted, ORIGIN_COUNTS_NOT);
    // It originates, and nobody says where: that does not help.
    scene_weigh(&scene, CUMULATION, "MAXNOM 50 EXW", TV, "",
          "{\"code\":\"8529\",\"value\":60,\"originating\":\"yes\"}");
    assert_int_equal(scene.result.counts[0].counted, ORIGIN_COUNTS_UNKNOWN);
}

static void test_one_tolerance_is_not_used_twice(void **state)
{
    (void)state;
    static struct scene scene;
    scene_weigh(&scene, TOLERANCES, "CTH and WO of 85", TV, "",
          ROW("8528", "8", "CN", "no") "," ROW("8501", "1", "CN", "no"));
    assert_int_equal(scene_finding(&scene, 0)->verdict, ORIGIN_MET);
    assert_int_equal(scene_finding(&scene, 1)->verdict, ORIGIN_MET);
    assert_int_equal(scene.result.rules[0].alternatives[0].verdict, ORIGIN_CANNOT_TELL);
    assert_true(scene.result.rules[0].alternatives[0].shared_tolerance);
}

static void test_a_product_qualifies_by_any_way_and_by_all_that_is_asked_besides(void **state)
{
    (void)state;
    static struct scene scene;
    static const struct {
        const char *product, *more, *materials;
        enum origin_verdict origin, qualifies;
    } rows[] = {
        { "", "", ROW("8529", "1", "CN", "no"), ORIGIN_MET, ORIGIN_CANNOT_TELL },
        { ",\"more_than_minimal\":\"yes\"", "\"consignment\":{\"direct\":\"yes\"},",
          ROW("8529", "1", "CN", "no"), ORIGIN_MET, ORIGIN_MET },
        { ",\"more_than_minimal\":\"no\"", "\"consignment\":{\"direct\":\"yes\"},",
          ROW("8529", "1", "CN", "no"), ORIGIN_MET, ORIGIN_NOT_MET },
        { ",\"more_than_minimal\":\"yes\"", "\"consignment\":{\"direct\":\"no\"},",
          ROW("8529", "1", "CN", "no"), ORIGIN_MET, ORIGIN_NOT_MET },
        // Of originating materials alone: no rule and no amount of working is asked.
        { "", "\"consignment\":{\"direct\":\"yes\"},", ROW("8528", "99", "XM", "yes"), ORIGIN_MET,
          ORIGIN_MET },
        { ",\"wholly_obtained\":\"yes\"", "\"consignment\":{\"direct\":\"yes\"},", "", ORIGIN_MET,
          ORIGIN_MET },
        { ",\"wholly_obtained\":\"yes\"", "", ROW("8528", "60", "CN", "no"), ORIGIN_NOT_MET,
          ORIGIN_NOT_MET },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char product[200];
        snprintf(product, sizeof(product), TV "%s", rows[i].product);
        scene_weigh(&scene, "\"tolerances\":[],", "CTH", product, rows[i].more, rows[i].materials);
        if (scene.result.origin != rows[i].origin || scene.result.qualifies != rows[i].qualifies)
            fail_msg("row %zu: %s, %s", i, origin_verdict_words(scene.result.origin),
                     origin_verdict_words(scene.result.qualifies));
    }
}

static void test_proofs_by_the_value_of_the_consignment(void **state)
{
    (void)state;
    static struct scene scene;
    static const char proofs[] =
        "\"proofs\":[{\"document\":\"none\",\"by\":\"waived\",\"value_max\":500,"
        "\"currency\":\"EUR\"},"
        "{\"document\":\"d\",\"by\":\"anyone\",\"value_max\":6000,\"currency\":\"EUR\"},"
        "{\"document\":\"d\",\"by\":\"authorised\"},{\"document\":\"EUR.1\",\"by\":\"office\"}],";
    static const struct {
        const char *consignment;
        bool waived;
        enum origin_verdict by_anyone, certificate;
    } rows[] = {
        { "\"value\":500", true, ORIGIN_MET, ORIGIN_NOT_MET },
        { "\"value\":\"500.01\"", false, ORIGIN_MET, ORIGIN_NOT_MET },
        { "\"value\":6000", false, ORIGIN_MET, ORIGIN_NOT_MET },
        { "\"value\":6001,\"authorised_exporter\":\"no\"", false, ORIGIN_NOT_MET, ORIGIN_MET },
        { "\"value\":6001,\"authorised_exporter\":\"yes\"", false, ORIGIN_NOT_MET, ORIGIN_NOT_MET },
        { "\"value\":6001", false, ORIGIN_NOT_MET, ORIGIN_CANNOT_TELL },
        { "\"direct\":\"yes\"", false, ORIGIN_CANNOT_TELL, ORIGIN_CANNOT_TELL },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char more[200];
        snprintf(more, sizeof(more), "\"consignment\":{%s},", rows[i].consignment);
        scene_weigh(&scene, proofs, "CTH", TV, more, ROW("8529", "1", "CN", "no"));
        assert_int_equal(scene.result.proof_waived, rows[i].waived);
        assert_int_equal(scene.result.proofs[1].usable, rows[i].by_anyone);
        assert_int_equal(scene.result.certificate, rows[i].certificate);
    }
}

static void test_origin_without_preference_goes_by_the_country(void **state)
{
    (void)state;
    static struct scene scene;
    scene_weigh(&scene, "\"preferential\":false,\"tolerances\":[],", "RVC 45 EXW", TV, "",
          ROW("8529", "40", "CN", "no") "," ROW("8541", "25", "KR", "no") ","
          ROW("3926", "5", "XM", "no"));
    assert_int_equal(scene.result.counts[0].counted, ORIGIN_COUNTS_NOT);
    assert_int_equal(scene.result.counts[2].counted, ORIGIN_COUNTS);
    assert_int_equal(scene.result.origin, ORIGIN_NOT_MET); // (100 - 65) / 100
    assert_false(scene.result.transport_asked);
    assert_true(span_equal(scene.result.major_country, SPAN("CN")));
    assert_int_equal(scene.result.major_share.digits, 5714); // 40 of 70
    scene_weigh(&scene, "\"preferential\":false,", "CTH", TV, "",
          ROW("8529", "40", "CN", "no") ",{\"code\":\"8541\",\"value\":1}");
    assert_false(scene.result.major_share.given); // a country is missing
}

static void test_several_rules_must_agree_unless_the_sheet_says_which(void **state)
{
    (void)state;
    static const char rules[] =
        "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"s\",\"tolerances\":[],\"rules\":["
        "{\"codes\":\"7108\",\"rule\":\"CC\",\"part\":\"unwrought\",\"partial\":true},"
        "{\"codes\":\"7108\",\"rule\":\"ANY\",\"part\":\"powder\",\"partial\":true}]}]}";
    static const char *const parts[] = { "", "\"part\":\"unwrought\",", "\"part\":\"powder\"," };
    static const enum origin_verdict verdicts[] = { ORIGIN_CANNOT_TELL, ORIGIN_NOT_MET,
      ORIGIN_MET };
    for (size_t i = 0; i < 3; i++) {
        struct arena arena = scene_arena();
        struct origin_book book;
        struct origin_sheet sheet;
        struct origin_result result = { 0 };
        struct error err;
        char text[400];
        int len = snprintf(text, sizeof(text),
                           "{\"format\":\"origin-worksheet-1\",\"scheme\":\"s\",\"country\":\"XM\","
                           "\"currency\":\"EUR\",\"product\":{%s\"code\":\"7108\"},\"materials\":["
                           ROW("7112", "1", "CN", "no") "]}", parts[i]);
        assert_true(len > 0 && origin_book_open(&book, &arena, &err) &&
                    origin_read(span_of(rules), &arena, &book, &err) &&
                    origin_sheet_read((struct span){ text, (size_t)len }, &arena, &sheet, &err) &&
                    origin_weigh(&book, &sheet, &arena, &result, &err));
        assert_int_equal(result.by_rule, verdicts[i]);
        assert_int_equal(result.rules_count, i == 0 ? 2 : 1);
    }
}

static void test_what_cannot_be_weighed_is_an_error_that_says_why(void **state)
{
    (void)state;
    static struct scene scene;
    static const struct { const char *extra, *product, *more, *materials, *what; } rows[] = {
        { "\"from\":\"2027-01-01\",", TV, "\"day\":\"2026-01-01\",", "", "not in force" },
        { "\"countries\":[\"XO\"],", TV, "", "", "no party" },
        { "", TV, "", "{\"value\":\"-1\"}", "below zero" },
        { "", TV, "", "{\"value\":\"1000000000000\"}", "below 1000000000000" },
        { "", TV, "", "{\"value\":\"0.0000001\"}", "decimals" },
        { "", TV, "", "{\"value\":1e5}", "number" },
        { "", TV, "", "{\"code\":\"x\"}", "no commodity code" },
        { "", TV, "", "{\"origin\":\"China\"}", "no country" },
        { "", TV, "", "{\"originating\":\"maybe\"}", "wholly, yes, no, unknown" },
        { "", TV, "", "{\"cost\":1}", "no member 'cost'" },
        { "", TV, "", "{\"value\":999999999999},{\"value\":999999999999}", "add up" },
        { "", "\"name\":\"x\"", "", "", "'code' is missing" },
        { "", TV, "\"claims\":[{\"words\":\"x\"}],", "", "'done' is missing" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err;
        assert_false(scene_try(&scene, rows[i].extra, "CTH", rows[i].product, rows[i].more,
                               rows[i].materials, &err));
        if (strstr(err.text, rows[i].what) == NULL) fail_msg("row %zu: %s", i, err.text);
    }
    struct error err;
    assert_false(scene_try(&scene, "", "CTH", TV, "\"scheme\":\"t\",", "", &err)); // twice
}

static void test_the_largest_figures_are_weighed_without_a_wrap(void **state)
{
    (void)state;
    static struct scene scene;
    scene_weigh(&scene, "", "MAXNOM 99.9999 EXW",
          "\"code\":\"8528\",\"ex_works\":\"999999999999.999999\"", "",
          ROW("8529", "999999999999.999998", "CN", "no"));
    assert_int_equal(scene_finding(&scene, 0)->verdict, ORIGIN_NOT_MET);
    scene_weigh(&scene, "", "MAXNOM 100 "
      "EXW", "\"code\":\"8528\",\"ex_works\":\"999999999999.999999\"", "",
          ROW("8529", "999999999999.999999", "CN", "no"));
    assert_int_equal(scene_finding(&scene, 0)->verdict, ORIGIN_MET);
    // More than a million million times the price: no percentage is shown, and the verdict stands.
    scene_weigh(&scene, "", "MAXNOM 0.0001 EXW", "\"code\":\"8528\",\"ex_works\":\"0.000001\"", "",
          ROW("8529", "999999999999", "CN", "no"));
    assert_int_equal(scene_finding(&scene, 0)->verdict, ORIGIN_NOT_MET);
    assert_false(scene_finding(&scene, 0)->low.given);
    (void)scene_told(&scene, 0);
}

// A share by long division on digits, against the 128-bit comparison.
static bool slow_at_most(uint64_t part, uint64_t percent, uint64_t whole)
{
    // part * 100 <= percent * whole, all of them small enough here
    return part * 100 <= percent * whole;
}

static void test_random_shares_are_what_a_plain_comparison_says(void **state)
{
    (void)state;
    static struct scene scene;
    uint64_t chance = 88172645463325252u;
    for (int i = 0; i < 300; i++) {
        chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
        uint64_t whole = chance % 100000 + 1, part = chance / 100000 % 100000;
        uint64_t percent = chance / 10000000000 % 101;
        if (i % 3 == 0) part = whole * percent / 100; // on the border
        char rule[60], product[100], material[100];
        snprintf(rule, sizeof(rule), "MAXNOM %u EXW", (unsigned)percent);
        snprintf(product, sizeof(product), "\"code\":\"8528\",\"ex_works\":%u.%02u",
                 (unsigned)(whole / 100), (unsigned)(whole % 100));
        snprintf(material, sizeof(material),
                 "{\"code\":\"8529\",\"value\":%u.%02u,\"originating\":\"no\"}",
                 (unsigned)(part / 100),
                 (unsigned)(part % 100));
        scene_weigh(&scene, "", rule, product, "", material);
        assert_int_equal(scene_finding(&scene, 0)->verdict,
                         slow_at_most(part, percent, whole) ? ORIGIN_MET : ORIGIN_NOT_MET);
    }
}

// --- What is certain stays so ---

static uint64_t chance = 88172645463325252u;

static uint32_t draw(uint32_t count)
{
    chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
    return (uint32_t)((chance >> 20) % count);
}

// One material of the sheet; `status` takes the place of "unknown".
static void write_material(struct text *text, uint32_t code, uint32_t value, uint32_t drawn,
                           const char *status)
{
    static const char *const codes[] = { "8528", "852859", "8529", "85", "8541", "3926" };
    static const char *const statuses[] = { "no", "yes", "wholly", NULL };
    const char *word = statuses[drawn];
    text_add_format(text, "{\"code\":\"%s\",\"value\":%u,\"weight\":%u,\"origin\":\"XM\","
                          "\"originating\":\"%s\"}",
                    codes[code], (unsigned)value, (unsigned)value / 10,
                    word == NULL ? status : word);
}

// Random bills of materials: whatever the unknown turns out to be, no certain verdict changes, and
// each that was open may still go either way or stay.
static void test_no_certain_verdict_changes_when_the_unknown_becomes_known(void **state)
{
    (void)state;
    static struct scene scene;
    static const char *const rules[] = {
        "CTH",           "CC except 3926", "CTSH tolerance 15 EXW", "MAXNOM 40 EXW",
        "RVC 55 FOB",    "BALANCE",        "RVC 30 FOB build-up",   "WO of 85",
        "FROM 8529",     "ORIGINATING",    "MAXNOM 20 WEIGHT",      "CTH and MAXNOM 50 EXW",
        "ANY except 8541, own heading",    "MAXNOM 10 EXW of own heading",
    };
    static const char *const statuses[] = { "unknown", "no", "wholly" };
    unsigned certain = 0;
    for (uint32_t i = 0; i < 1500; i++) {
        uint32_t rows[4][3], count = 1 + draw(4);
        enum origin_verdict verdicts[3];
        for (uint32_t k = 0; k < count; k++)
            rows[k][0] = draw(6), rows[k][1] = draw(60), rows[k][2] = draw(4);
        for (uint32_t s = 0; s < 3; s++) {
            static char room[4096];
            struct arena arena = arena_over(room, sizeof(room));
            struct text materials = text_in(&arena, 1000);
            for (uint32_t k = 0; k < count; k++) {
                if (k > 0) text_add_char(&materials, ',');
                write_material(&materials, rows[k][0], rows[k][1], rows[k][2], statuses[s]);
            }
            scene_weigh(&scene, TOLERANCES, rules[i % 14], TV, "", text_span(&materials).at);
            verdicts[s] = scene.result.rules[0].alternatives[0].verdict;
        }
        if (verdicts[0] == ORIGIN_CANNOT_TELL) continue;
        certain++;
        if (verdicts[1] != verdicts[0] || verdicts[2] != verdicts[0])
            fail_msg("%s: %d, then %d and %d", rules[i % 14], verdicts[0], verdicts[1],
                     verdicts[2]);
    }
    assert_true(certain > 500);
}

// --- The example that comes with the program ---

static struct span read_example(const char *name, struct arena *arena)
{
    char path[400], piece[4096];
    snprintf(path, sizeof(path), "%s/data/origin/%s", getenv("TIDEWAITER_ROOT"), name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s", path);
    struct text text = text_in(arena, 8192);
    for (size_t got; (got = fread(piece, 1, sizeof(piece), file)) > 0;)
        text_add(&text, (struct span){ piece, got });
    fclose(file);
    return text_span(&text);
}

static void test_the_example_is_read_and_told(void **state)
{
    (void)state;
    struct arena arena = scene_arena();
    struct origin_book book;
    struct origin_sheet sheet;
    struct origin_result result;
    struct error err;
    struct span json;
    assert_true(origin_book_open(&book, &arena, &err));
    assert_true(origin_read(read_example("meridia.json", &arena), &arena, &book, &err));
    assert_true(origin_read(read_example("tca.json", &arena), &arena, &book, &err));
    assert_true(
        origin_sheet_read(read_example("television.json", &arena), &arena, &sheet, &err));
    assert_true(origin_weigh(&book, &sheet, &arena, &result, &err));
    assert_int_equal(result.qualifies, ORIGIN_MET);
    struct text text = text_in(&arena, 8192);
    origin_tell(&text, &result);
    assert_non_null(strstr(text.at, "Invented demonstration data"));
    assert_non_null(strstr(text.at, "beyond the general tolerance, 10.05 % of the ex-works price"));
    assert_non_null(strstr(text.at, "0.10 EUR less of non-originating materials"));
    struct json_writer w = json_writer_in(&arena, 8192);
    struct json read;
    origin_tell_json(&w, &result);
    assert_true(json_written(&w, &json, &err));
    assert_true(json_read(json, &arena, &read, &err));
    uint32_t node = json_member(&read, 0, SPAN("qualifies"));
    assert_true(span_equal(json_raw(&read, node), SPAN("met")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_operation_is_met_by_a_claim_in_its_words_and_that_is_said),
        cmocka_unit_test(test_materials_of_the_partner_count_by_cumulation_only),
        cmocka_unit_test(test_one_tolerance_is_not_used_twice),
        cmocka_unit_test(test_a_product_qualifies_by_any_way_and_by_all_that_is_asked_besides),
        cmocka_unit_test(test_proofs_by_the_value_of_the_consignment),
        cmocka_unit_test(test_origin_without_preference_goes_by_the_country),
        cmocka_unit_test(test_several_rules_must_agree_unless_the_sheet_says_which),
        cmocka_unit_test(test_what_cannot_be_weighed_is_an_error_that_says_why),
        cmocka_unit_test(test_the_largest_figures_are_weighed_without_a_wrap),
        cmocka_unit_test(test_random_shares_are_what_a_plain_comparison_says),
        cmocka_unit_test(test_no_certain_verdict_changes_when_the_unknown_becomes_known),
        cmocka_unit_test(test_the_example_is_read_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
