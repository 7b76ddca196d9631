#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "consignment/fact_schema.h"

static bool is_known(struct span name)
{
    for (uint32_t i = 0; i < fact_schemas.count; i++)
        if (span_equal(span_of(fact_schemas.at[i].name), name)) return true;
    return span_equal(name, SPAN("Declaration"));
}

static void every_kind_has_a_body_of_its_name(void **state)
{
    (void)state;
    for (int kind = 0; kind < FACT_CONSIGNMENT_COUNT; kind++) {
        const char *name = fact_schema_name((enum fact_kind)kind);
        struct span word = span_of(fact_kind_name((enum fact_kind)kind));
        assert_non_null(name);
        assert_int_equal(name[0] - 'A', word.at[0] - 'a');
        assert_string_equal(name + 1, word.at + 1);
    }
}

static void what_is_mentioned_is_there(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < fact_schemas.count; i++) {
        struct span rest = SPAN(""), name;
        if (fact_schemas.at[i].members != NULL) rest = span_of(fact_schemas.at[i].members);
        while (schema_mentions(&rest, &name))
            if (!is_known(name)) fail_msg(SPAN_FMT " is nowhere", SPAN_ARG(name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_body_of_its_name),
        cmocka_unit_test(what_is_mentioned_is_there),
    };
    return cmocka_run_group_tests_name("fact_schema", tests, NULL, NULL);
}
