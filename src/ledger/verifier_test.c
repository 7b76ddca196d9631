// This program links the verifier's library and base, and nothing else: whoever only verifies needs
// no more.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ledger/bundle.h"
#include "ledger/tree.h"

// Of a log of three entries, "one", "two" and "three", that was made for this test.
static const struct span vkey =
    SPAN_INIT("verifier.example/log+accad282+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
static const struct span proof_of_two = SPAN_INIT(
    "c2sp.org/tlog-proof@v1\n"
    "index 1\n"
    "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=\n"
    "Zx8UbF5HHooag6PCFM5LqQe486WIjRTMjNPOdbsS75Q=\n"
    "\n"
    "verifier.example/log\n"
    "3\n"
    "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=\n"
    "\n"
    "\xE2\x80\x94 verifier.example/log rMrSgnQbpyZRk80LEd4Q0hTKjKniBq81sCxyF/wMPZ/pCL"
    "suR6Yt48PmsYDnkfx1BgqJZOXA1mBi47PseFURd2mmAAI=\n");

static void a_proof_is_verified_by_the_verifiers_library_alone(void **state)
{
    (void)state;
    struct note_key key;
    struct checkpoint checkpoint;
    struct error err = { 0 };
    assert_true(note_key_read(vkey, &key, &err));
    assert_int_equal(bundle_verify(proof_of_two, SPAN("two"), &key, &checkpoint, &err),
                     VERDICT_TRUE);
    assert_int_equal(checkpoint.size, 3);
    assert_int_equal(bundle_verify(proof_of_two, SPAN("three"), &key, NULL, &err),
                     VERDICT_NOT_SEALED);
}

static void so_is_the_consistency_of_two_roots(void **state)
{
    (void)state;
    struct sha256 one = tree_leaf(SPAN("one")), two = tree_leaf(SPAN("two"));
    struct proof proof = { .hashes = { two }, .count = 1 };
    assert_true(proof_consistency_holds(&proof, 1, one, 2, tree_node(one, two)));
    assert_false(proof_consistency_holds(&proof, 1, one, 2, tree_node(two, one)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_is_verified_by_the_verifiers_library_alone),
        cmocka_unit_test(so_is_the_consistency_of_two_roots),
    };
    return cmocka_run_group_tests_name("verifier", tests, NULL, NULL);
}
