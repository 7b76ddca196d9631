// Whatever the bytes: a verdict is given with its sentence, without a key nothing is true, and what
// is true holds the sample's own facts, from the first on, and nothing else; of an extract each in
// its place, as far as they are shown.
#include "base/limits.h"
#include "base/utf8.h"
#include "document/paper_sample.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct arena made, verifying;
static struct paper_sample sample;
static struct span genuine[PAPER_SAMPLE_FACTS + 1]; // papers of so many facts, in canonical form

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "paper_fuzz: %s\n", what);
    abort();
}

static struct span canonical_of(struct span text, struct arena *arena)
{
    struct json json;
    struct span canonical = { 0 };
    must(json_read(text, arena, &json, NULL) && json_canonical(&json, arena, &canonical, NULL),
         "what is true is JSON");
    return canonical;
}

static void make_sample(void)
{
    must(arena_open(&made, MIB, NULL) && arena_open(&verifying, 64 * (size_t)MIB, NULL), "memory");
    paper_sample_make(&sample, &made);
    for (uint32_t count = 1; count <= PAPER_SAMPLE_FACTS; count++)
        genuine[count] = canonical_of(paper_sample_paper(&sample, count), &made);
}

static void check_shown(struct span canonical)
{
    struct json json;
    must(json_read(canonical, &verifying, &json, NULL), "what is canonical is JSON");
    uint32_t facts = json_member(&json, 0, SPAN("facts")), node = facts + 1;
    for (uint32_t n = 0; n < json.nodes[facts].count; n++, node = json.nodes[node].next) {
        uint32_t fact = json_member(&json, node, SPAN("fact"));
        must(fact == 0 || (n < PAPER_SAMPLE_FACTS &&
                           span_equal(json_raw(&json, fact), sample.facts[n].json)),
             "what is shown is what was sealed there");
    }
}

static void check_verdict(struct span text, struct span vkey, struct paper_verdict *out)
{
    arena_reset(&verifying, 0);
    memset(out, 0xFF, sizeof(*out));
    paper_verify(text, vkey, &verifying, out);
    must(out->verdict >= VERDICT_CANNOT_TELL && out->verdict < VERDICT_COUNT, "a verdict is one");
    must(strnlen(out->sentence, sizeof(out->sentence)) > 0, "a verdict has its sentence");
    must(memchr(out->sentence, '\0', sizeof(out->sentence)) != NULL, "which ends");
    must(memchr(out->file, '\0', sizeof(out->file)) != NULL, "so does the file's name");
    must(memchr(out->key, '\0', sizeof(out->key)) != NULL, "and the key");
    for (const char *c = out->sentence; *c != '\0'; c++)
        must((unsigned char)*c >= 0x20, "a sentence has no control characters");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct span text = { (const char *)data, size };
    struct paper_verdict keyless, keyed;
    if (size > MIB) return 0;
    if (made.start == NULL) make_sample();

    check_verdict(text, SPAN(""), &keyless);
    check_verdict(text, sample.vkey, &keyed);
    must(keyless.verdict != VERDICT_TRUE, "without a key nothing is true");
    if (keyed.verdict != VERDICT_TRUE) return 0;
    must(keyless.verdict == VERDICT_CANNOT_TELL, "what is true fits together without a key too");
    must(keyed.facts >= 1 && keyed.withheld < keyed.facts, "something is shown");
    must(keyed.withheld_after <= keyed.withheld, "what is withheld behind is withheld");
    arena_reset(&verifying, 0);
    struct span canonical = canonical_of(text, &verifying);
    if (keyed.withheld > 0) {
        check_shown(canonical);
        return 0;
    }
    must(keyed.facts <= PAPER_SAMPLE_FACTS, "only the sample's facts are true");
    must(span_equal(canonical, genuine[keyed.facts]), "what is true is what was written");
    return 0;
}
