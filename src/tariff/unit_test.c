#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/unit.h"

static void test_every_unit_is_found_by_its_code_and_has_words(void **state)
{
    (void)state;
    for (unsigned i = UNIT_NONE + 1; i < UNITS; i++) {
        const struct unit *unit = unit_row((uint8_t)i);
        assert_non_null(unit);
        assert_int_equal(unit_find(span_of(unit->code)), i);
        assert_true(unit->dimension != DIMENSION_NONE && unit->digits > 0);
        assert_non_null(unit->many);
    }
    assert_null(unit_row(UNIT_NONE));
    assert_null(unit_row(UNITS));
}

static void test_every_subject_is_found_by_its_sign(void **state)
{
    (void)state;
    for (unsigned i = SUBJECT_NONE + 1; i < SUBJECTS; i++) {
        const struct subject *subject = subject_row((uint8_t)i);
        assert_non_null(subject->sign);
        assert_non_null(subject->words);
        assert_int_equal(subject_find(span_of(subject->sign)), i);
    }
    assert_null(subject_row(SUBJECT_NONE));
    assert_null(subject_row(SUBJECTS));
    assert_int_equal(subject_find(SPAN("a moonbeam")), SUBJECT_NONE);
}

// What books hold: a number that moved would make old books say something else.
static void test_the_numbers_of_units_and_subjects_stay(void **state)
{
    (void)state;
    assert_int_equal(UNIT_KGM, 1);
    assert_int_equal(UNIT_LTR, 12);
    assert_int_equal(UNIT_LPA, 22);
    assert_int_equal(UNIT_NAR, 26);
    assert_int_equal(UNIT_JWL, 39);
    assert_int_equal(UNIT_MTR, 40);
    assert_int_equal(UNIT_LINE, 59);
    assert_int_equal(SUBJECT_NET, 1);
    assert_int_equal(SUBJECT_LEAD, 19);
    assert_int_equal(SUBJECT_CASE, 52);
    assert_int_equal(SUBJECT_PARTS_OR_MATERIALS, 65);
    assert_int_equal(SUBJECT_ANTIMONY, 70);
}

static void test_codes_that_name_the_same_are_one(void **state)
{
    (void)state;
    assert_int_equal(unit_find(SPAN("C62")), UNIT_NAR);
    assert_int_equal(unit_find(SPAN("EA")), UNIT_NAR);
    assert_int_equal(unit_find(SPAN("NPR")), UNIT_PR);
    assert_int_equal(unit_find(SPAN("ASU")), UNIT_ASV);
    assert_int_equal(unit_find(SPAN("")), UNIT_NONE);
    assert_int_equal(unit_find(SPAN("kgm")), UNIT_NONE);
    assert_int_equal(unit_find(SPAN("KGMX")), UNIT_NONE);
}

static void test_only_strengths_multiply_a_rate(void **state)
{
    (void)state;
    assert_true(unit_is_strength(UNIT_ASV));
    assert_true(unit_is_strength(UNIT_JWL));
    assert_false(unit_is_strength(UNIT_KGM));
    assert_false(unit_is_strength(UNIT_NONE));
    assert_false(unit_is_strength(UNITS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_unit_is_found_by_its_code_and_has_words),
        cmocka_unit_test(test_every_subject_is_found_by_its_sign),
        cmocka_unit_test(test_the_numbers_of_units_and_subjects_stay),
        cmocka_unit_test(test_codes_that_name_the_same_are_one),
        cmocka_unit_test(test_only_strengths_multiply_a_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
