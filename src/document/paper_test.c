#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/limits.h"
#include "document/paper_sample.h"

enum { SIZE = 16 * MIB };

static struct arena made, verifying;
static struct paper_sample sample;
static struct paper_verdict out;

static int make(void **state)
{
    (void)state;
    if (!arena_open(&made, SIZE, NULL) || !arena_open(&verifying, SIZE, NULL)) return -1;
    paper_sample_make(&sample, &made);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_close(&made);
    arena_close(&verifying);
    return 0;
}

static enum verdict verify(struct span paper, struct span vkey)
{
    arena_reset(&verifying, 0);
    paper_verify(paper, vkey, &verifying, &out);
    assert_true(out.sentence[0] != '\0');
    return out.verdict;
}

// The paper with the first `from` in it replaced.
static struct span replaced(struct span paper, const char *from, const char *to)
{
    const char *at = memmem(paper.at, paper.len, from, strlen(from));
    if (at == NULL) fail_msg("'%s' is not in the paper", from);
    struct text text = text_in(&made, paper.len + KIB);
    text_add(&text, (struct span){ paper.at, (size_t)(at - paper.at) });
    text_add(&text, span_of(to));
    text_add(&text, (struct span){ at + strlen(from), paper.len - (size_t)(at - paper.at) -
                                                          strlen(from) });
    return text_span(&text);
}

static void assert_verdict(struct span paper, struct span vkey, enum verdict verdict,
                           const char *words)
{
    enum verdict found = verify(paper, vkey);
    if (found != verdict || strstr(out.sentence, words) == NULL)
        fail_msg("%s instead of %s with '%s': %s", verdict_name(found), verdict_name(verdict),
                 words, out.sentence);
}

static void a_paper_is_true_with_the_key_that_signed_it(void **state)
{
    (void)state;
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_int_equal(verify(paper, sample.vkey), VERDICT_TRUE);
    assert_string_equal(out.sentence, "facts 1 to 4 of '26TW-SAMPLE-1' are sealed in ledger "
                        "'customs.example/ledger' at size 10, signed by its key; the last decision "
                        "in them is release; later facts may exist");
    assert_int_equal(out.facts, PAPER_SAMPLE_FACTS);
    assert_string_equal(out.file, PAPER_SAMPLE_FILE);
    assert_string_equal(out.decision, "release");
    assert_string_equal(out.key, sample.log.vkey);
}

static void without_a_key_nobody_can_tell(void **state)
{
    (void)state;
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_verdict(paper, SPAN(""), VERDICT_CANNOT_TELL, "nobody said whose key to trust");
    assert_string_equal(out.key, sample.log.vkey);
    assert_verdict(paper, SPAN("no key"), VERDICT_CANNOT_TELL, "cannot be read");
}

static void with_another_key_nobody_can_tell(void **state)
{
    (void)state;
    struct log_key other;
    uint8_t seed[32] = { 8 };
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_true(log_key_make(&other, SPAN("customs.example/ledger"), seed, NULL));
    assert_verdict(paper, log_key_vkey(&other), VERDICT_CANNOT_TELL, "by the key that was given");
    // A paper that the other signed: true with its own key, and not with ours.
    sample.note = paper_sample_note(&sample, PAPER_SAMPLE_ENTRIES, &other);
    struct span ours = sample.vkey;
    sample.vkey = log_key_vkey(&other);
    paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "");
    assert_verdict(paper, ours, VERDICT_CANNOT_TELL, "by the key that was given");
}

static void a_witness_alone_does_not_make_a_paper_true(void **state)
{
    (void)state;
    uint8_t seed[32] = { 9 };
    struct log_key seen;
    struct note_key witness;
    struct note note;
    assert_true(log_key_make(&seen, SPAN("witness.example"), seed, NULL));
    assert_true(note_key_read(log_key_vkey(&seen), &witness, NULL));
    witness.type = NOTE_COSIGNATURE;
    witness.id = note_key_id(witness.name, witness.type, witness.public_key);
    struct text vkey = text_in(&made, 256), cosigned = text_in(&made, KIB);
    note_key_write(&vkey, &witness);
    assert_true(note_read(sample.note, &note, NULL));
    text_add(&cosigned, sample.note);
    note_cosign(&cosigned, note.text, witness.name, witness.id, seen.secret_key, 5);
    sample.note = text_span(&cosigned);
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_verdict(paper, text_span(&vkey), VERDICT_CANNOT_TELL, "witness");
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "");
}

static void each_kind_of_tampering_has_its_verdict(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum verdict verdict;
        const char *words;
    } rows[] = {
        { "\"n\":1", "\"n\":2", VERDICT_NOT_SEALED, "fact 1 (declared) is not what was sealed" },
        { "release", "hold", VERDICT_NOT_SEALED, "fact 4 (decided) is not what was sealed" },
        { "2026-05-27T00:00:00.001Z", "2026-05-27T00:00:00.000Z", VERDICT_NOT_SEALED, "fact 2" },
        { "\"who\":\"desk\"", "\"who\":\"me\"", VERDICT_NOT_SEALED, "fact 1" },
        { "a1a1a1", "a1a1a2", VERDICT_NOT_SEALED, "fact 2" },
        { "index 2", "index 3", VERDICT_NOT_SEALED, "fact 2" },
        { "index 2\\n", "index 2\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n",
          VERDICT_NOT_SEALED, "fact 2" },
        { "\"seq\":2", "\"seq\":3", VERDICT_NOT_SEALED, "left out before it" },
        { "\"file\":\"26TW-SAMPLE-1\",\"kind\":\"scored\"", "\"file\":\"26TW-SAMPLE-2\",\"kind\":"
          "\"scored\"", VERDICT_NOT_SEALED, "of another file" },
        { "\"file\":\"26TW-SAMPLE-1\",\"format\"", "\"file\":\"26TW-SAMPLE-2\",\"format\"",
          VERDICT_NOT_SEALED, "of another file" },
        { "ledger\\n10\\n", "ledger\\n11\\n", VERDICT_FORGED, "signature" },
        { "{\"checkpoint\":\"customs", "{\"checkpoint\":\"Customs", VERDICT_FORGED, "signature" },
        { "index 0\\n", "extra AAAA\\nindex 0\\n", VERDICT_MALFORMED, "more than a proof" },
        { "index 0\\n", "index 00\\n", VERDICT_MALFORMED, "index" },
        { "tlog-proof@v1", "tlog-proof@v2", VERDICT_MALFORMED, "first line" },
        { "file-proof@v1", "file-proof@v2", VERDICT_MALFORMED, "another format" },
        { "\"salt\":\"a0", "\"salt\":\"A0", VERDICT_MALFORMED, "salt" },
        { "\"salt\":\"a0a0", "\"salt\":\"a0", VERDICT_MALFORMED, "salt" },
        { "\"kind\":\"checked\"", "\"kind\":\"Checked\"", VERDICT_MALFORMED, "none" },
        { "{\"checkpoint\"", "{\"note\":\"urgent\",\"checkpoint\"", VERDICT_MALFORMED, "one too" },
        { "{\"fact\"", "{\"note\":1,\"fact\"", VERDICT_MALFORMED, "other members" },
        { "\"facts\":[", "\"facts\":[1,", VERDICT_MALFORMED, "other members" },
        { "\"key\":\"customs", "\"key\":\"Customs", VERDICT_MALFORMED, "its key" },
        { "\"format\":", "\"Format\":", VERDICT_MALFORMED, "missing" },
        { "\"file\":\"26TW-SAMPLE-1\",\"format\"", "\"file\":\"26TW\\u001b\",\"format\"",
          VERDICT_MALFORMED, "a member is missing" },
        { "\"file\":\"26TW-SAMPLE-1\",\"format\"", "\"file\":\"26TW\\ntrue\",\"format\"",
          VERDICT_MALFORMED, "its file's name" }, // would be a line of its own in the verdict
    };
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span changed = replaced(paper, rows[i].from, rows[i].to);
        assert_verdict(changed, sample.vkey, rows[i].verdict, rows[i].words);
        assert_verdict(changed, SPAN(""), rows[i].verdict, rows[i].words);
    }
}

// A proof that leads to a checkpoint of its own, however well that one is signed.
static void all_proofs_lead_to_the_papers_checkpoint(void **state)
{
    (void)state;
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    struct span pair = SPAN("\"proof\":\""), other;
    const char *second = memmem(paper.at + paper.len / 2, paper.len / 2, pair.at, pair.len);
    assert_non_null(second);
    struct span tail = { second, paper.len - (size_t)(second - paper.at) };
    other = replaced(tail, "ledger\\n10\\n", "ledger\\n9\\n");
    struct text text = text_in(&made, paper.len + KIB);
    text_add(&text, (struct span){ paper.at, (size_t)(second - paper.at) });
    text_add(&text, other);
    assert_verdict(text_span(&text), sample.vkey, VERDICT_NOT_SEALED, "another checkpoint");
}

// The named key is vouched for too: another one of the same name, well formed, did not sign.
static void the_key_that_a_paper_names_signed_it(void **state)
{
    (void)state;
    struct log_key other;
    uint8_t seed[32] = { 8 };
    assert_true(log_key_make(&other, SPAN("customs.example/ledger"), seed, NULL));
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    struct span changed = replaced(paper, sample.log.vkey, other.vkey);
    assert_verdict(changed, sample.vkey, VERDICT_CANNOT_TELL, "by the key that the proof names");
    assert_verdict(changed, SPAN(""), VERDICT_CANNOT_TELL, "by the key that the proof names");
    assert_verdict(changed, log_key_vkey(&other), VERDICT_CANNOT_TELL, "that the proof names");
}

static void facts_left_out_or_out_of_order_are_found(void **state)
{
    (void)state;
    struct paper_fact facts[PAPER_SAMPLE_FACTS];
    memcpy(facts, sample.facts, sizeof(facts));
    sample.facts[1] = facts[2];
    sample.facts[2] = facts[1];
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_verdict(paper, sample.vkey, VERDICT_NOT_SEALED, "left out");
    sample.facts[1] = facts[2];
    sample.facts[2] = facts[3];
    paper = paper_sample_paper(&sample, 3);
    assert_verdict(paper, sample.vkey, VERDICT_NOT_SEALED, "left out");
    memcpy(sample.facts, facts, sizeof(facts));
    sample.facts[1] = facts[0];
    paper = paper_sample_paper(&sample, 2);
    assert_verdict(paper, sample.vkey, VERDICT_NOT_SEALED, "left out");
}

// What the header says a paper cannot show: it says which facts are sealed, not that there are no
// more.
static void facts_left_out_at_the_end_are_said_to_be_possible(void **state)
{
    (void)state;
    struct span paper = paper_sample_paper(&sample, 3);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "facts 1 to 3");
    assert_non_null(strstr(out.sentence, "the last decision in them is none; later facts may "
                                         "exist"));
    assert_int_equal(out.facts, 3);
    assert_string_equal(out.decision, "");
}

// A decision of a later version of the program is not passed over in favour of the one before it.
static void a_decision_that_is_not_known_here_is_said_to_be_unknown(void **state)
{
    (void)state;
    paper_sample_fact(&sample, 2, FACT_DECIDED, SPAN("{\"by\":\"desk\",\"decision\":\"hold\","
                                                    "\"reasons\":[]}"));
    paper_sample_fact(&sample, 3, FACT_DECIDED, SPAN("{\"by\":\"desk\",\"decision\":\"pardon\","
                                                    "\"reasons\":[]}"));
    sample.note = paper_sample_note(&sample, PAPER_SAMPLE_ENTRIES, &sample.log);
    struct span paper = paper_sample_paper(&sample, 3);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "the last decision in them is hold");
    paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "the last decision in them is unknown");
}

// The same fact sealed twice: the later place is as good, but no place is before the last one's.
static void facts_are_sealed_in_their_order(void **state)
{
    (void)state;
    struct sha256 entry = fact_commitment(sample.facts[1].salt, sample.facts[1].json);
    sample.leaves[9] = tree_leaf(sha256_span(&entry));
    sample.note = paper_sample_note(&sample, PAPER_SAMPLE_ENTRIES, &sample.log);
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "");
    sample.facts[1].leaf = 9;
    paper = paper_sample_paper(&sample, 2);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "");
    paper = paper_sample_paper(&sample, 3);
    assert_verdict(paper, sample.vkey, VERDICT_NOT_SEALED, "fact 3");
}

static void a_paper_may_be_laid_out_anew(void **state)
{
    (void)state;
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    struct text spaced = text_in(&made, 4 * paper.len);
    bool inside = false;
    text_add(&spaced, SPAN(" \n"));
    for (size_t i = 0; i < paper.len; i++) {
        char c = paper.at[i];
        if (c == '"' && paper.at[i - 1] != '\\') inside = !inside;
        text_add_char(&spaced, c);
        if (!inside && strchr("{}[],:", c) != NULL) text_add(&spaced, SPAN("\r\n\t "));
    }
    assert_verdict(text_span(&spaced), sample.vkey, VERDICT_TRUE, "");
    struct span moved = replaced(paper, "\"at\":\"2026-05-27T00:00:00.000Z\",\"body\":"
                                 "{\"declaration\":{\"n\":1}}",
                                 "\"body\":{\"declaration\":{\"\\u006e\":1}},"
                                 "\"at\":\"2026-05-27T00:00:00.000Z\"");
    assert_verdict(moved, sample.vkey, VERDICT_TRUE, "");
}

// --- Extracts ---

// The paper with its facts put anew: those of the numbers in `order`, "0123" as they were.
static struct span reordered(struct span paper, const char *order)
{
    struct json json;
    struct error err;
    struct span facts[8] = { SPAN_INIT("") };
    assert_true(json_read(paper, &made, &json, &err));
    uint32_t list = json_member(&json, 0, SPAN("facts")), node = list + 1;
    for (uint32_t n = 0; n < json.nodes[list].count; n++, node = json.nodes[node].next)
        facts[n] = json_raw(&json, node);
    struct text text = text_in(&made, 2 * paper.len);
    const char *first = facts[0].at, *behind = strstr(first, "],\"file\"");
    text_add(&text, (struct span){ paper.at, (size_t)(first - paper.at) });
    for (const char *c = order; *c != '\0'; c++) {
        if (c > order) text_add_char(&text, ',');
        text_add(&text, facts[*c - '0']);
    }
    text_add(&text, (struct span){ behind, paper.len - (size_t)(behind - paper.at) });
    assert_false(text.full);
    return text_span(&text);
}

static void an_extract_shows_nothing_of_what_it_withholds(void **state)
{
    (void)state;
    struct span paper = paper_sample_extract(&sample, PAPER_SAMPLE_FACTS, 1 << 2);
    assert_null(memmem(paper.at, paper.len, "score", 5));
    assert_null(memmem(paper.at, paper.len, "a2a2a2", 6)); // its salt
    assert_int_equal(verify(paper, sample.vkey), VERDICT_TRUE);
    assert_string_equal(out.sentence, "of facts 1 to 4 of '26TW-SAMPLE-1' 3 are shown and sealed "
                        "in ledger 'customs.example/ledger' at size 10, signed by its key; 1 is "
                        "withheld and not known; the last decision shown is release, and none is "
                        "withheld behind it; later facts may exist");
    assert_int_equal(out.facts, 4);
    assert_int_equal(out.withheld, 1);
    assert_int_equal(out.withheld_after, 0);
    assert_string_equal(out.decision, "release");
    assert_verdict(paper, SPAN(""), VERDICT_CANNOT_TELL, "those that are shown of facts 1 to 4");
}

static void what_is_withheld_behind_a_decision_may_have_changed_it(void **state)
{
    (void)state;
    struct span paper = paper_sample_extract(&sample, PAPER_SAMPLE_FACTS, 1 << 1 | 1 << 3);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE,
                   "the last decision shown is none, and 2 withheld behind it may have changed");
    assert_string_equal(out.decision, "");
    assert_int_equal(out.withheld_after, 2);
    paper_sample_fact(&sample, 1, FACT_DECIDED, SPAN("{\"by\":\"desk\",\"decision\":\"hold\","
                                                    "\"reasons\":[]}"));
    sample.note = paper_sample_note(&sample, PAPER_SAMPLE_ENTRIES, &sample.log);
    paper = paper_sample_extract(&sample, PAPER_SAMPLE_FACTS, 1 << 3);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE,
                   "the last decision shown is hold, and 1 withheld behind it may have changed");
    assert_string_equal(out.decision, "hold");
}

static void withheld_facts_keep_their_places(void **state)
{
    (void)state;
    static const struct {
        const char *order, *words;
        unsigned withheld;
        enum verdict verdict;
    } rows[] = {
        { "0123", "2 are withheld", 1 << 1 | 1 << 2, VERDICT_TRUE },
        { "013", "left out before it", 1 << 1 | 1 << 2, VERDICT_NOT_SEALED },        // dropped
        { "0113", "fact 3 (withheld) is not", 1 << 1 | 1 << 2, VERDICT_NOT_SEALED }, // doubled
        { "01123", "fact 3 (withheld) is not", 1 << 1 | 1 << 2, VERDICT_NOT_SEALED },
        { "0213", "fact 3 (withheld) is not", 1 << 1 | 1 << 2, VERDICT_NOT_SEALED }, // swapped
        { "1023", "left out before it", 1 << 1 | 1 << 2, VERDICT_NOT_SEALED },       // moved
        { "0213", "left out before it", 1 << 1, VERDICT_NOT_SEALED },
        { "0231", "left out before it", 1 << 1, VERDICT_NOT_SEALED },
        { "0123", "of facts 1 to 4", 1 << 0, VERDICT_TRUE },
        { "123", "left out before it", 1 << 0, VERDICT_NOT_SEALED },
        // Behind the last fact that is shown nothing is missed, and the sentence says so.
        { "012", "of facts 1 to 3", 1 << 2 | 1 << 3, VERDICT_TRUE },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span paper = paper_sample_extract(&sample, PAPER_SAMPLE_FACTS, rows[i].withheld);
        assert_verdict(reordered(paper, rows[i].order), sample.vkey, rows[i].verdict,
                       rows[i].words);
    }
}

// What the header says an extract cannot show: any entry between the neighbours will do.
static void a_withheld_place_says_only_that_something_is_sealed_in_it(void **state)
{
    (void)state;
    struct paper_fact fact = sample.facts[2];
    sample.facts[2].json = SPAN("an entry of another file");
    sample.facts[2].leaf = 5;
    struct sha256 entry = fact_commitment(fact.salt, sample.facts[2].json);
    sample.leaves[5] = tree_leaf(sha256_span(&entry));
    sample.note = paper_sample_note(&sample, PAPER_SAMPLE_ENTRIES, &sample.log);
    struct span paper = paper_sample_extract(&sample, PAPER_SAMPLE_FACTS, 1 << 2);
    assert_verdict(paper, sample.vkey, VERDICT_TRUE, "1 is withheld and not known");
    sample.facts[2] = fact;
}

static void an_extract_is_held_to_its_form(void **state)
{
    (void)state;
    struct span paper = paper_sample_extract(&sample, PAPER_SAMPLE_FACTS, 1 << 2);
    struct span whole = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    static const struct {
        const char *from, *to;
        enum verdict verdict;
        const char *words;
    } rows[] = {
        { "file-extract", "file-proof", VERDICT_MALFORMED, "other members" },
        { "{\"commitment\":\"", "{\"commitment\":\"A", VERDICT_MALFORMED, "commitment" },
        { "{\"commitment\":\"", "{\"salt\":\"\",\"commitment\":\"", VERDICT_MALFORMED, "salt" },
        { "{\"commitment\"", "{\"fact\"", VERDICT_MALFORMED, "commitment" },
        { "index 4", "index 5", VERDICT_NOT_SEALED, "fact 3 (withheld)" },
        { "index 4\\n", "index 04\\n", VERDICT_MALFORMED, "fact 3" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_verdict(replaced(paper, rows[i].from, rows[i].to), sample.vkey, rows[i].verdict,
                       rows[i].words);
    assert_verdict(replaced(whole, "file-proof", "file-extract"), sample.vkey, VERDICT_MALFORMED,
                   "withholds nothing");
    assert_verdict(paper_sample_extract(&sample, 2, 3), sample.vkey, VERDICT_MALFORMED,
                   "or everything");
}

static void change_each_byte(struct span paper)
{
    char *text = (char *)(uintptr_t)paper.at;
    const char others[] = " \n\"\\0a}";
    unsigned verdicts[VERDICT_COUNT] = { 0 };
    for (size_t at = 0; at < paper.len; at++) {
        char was = text[at];
        for (unsigned i = 0; i < 8 + sizeof(others); i++) {
            char flipped = (char)(was ^ 1 << i % 8);
            text[at] = i < 8 ? flipped : others[i - 8];
            if (text[at] == was) continue;
            enum verdict verdict = verify(paper, sample.vkey);
            if (verdict == VERDICT_TRUE)
                fail_msg("byte %zu as %02x is not missed", at, (unsigned char)text[at]);
            verdicts[verdict]++;
        }
        text[at] = was;
    }
    for (size_t len = 0; len < paper.len; len++)
        assert_int_equal(verify((struct span){ text, len }, sample.vkey), VERDICT_MALFORMED);
    for (int i = VERDICT_NOT_SEALED; i < VERDICT_COUNT; i++) assert_true(verdicts[i] > 0);
    assert_int_equal(verify(paper, sample.vkey), VERDICT_TRUE);
}

static void no_changed_byte_leaves_the_verdict_true(void **state)
{
    (void)state;
    change_each_byte(paper_sample_paper(&sample, 2));
    change_each_byte(paper_sample_extract(&sample, 2, 1 << 1));
}

static void what_is_no_paper_is_malformed(void **state)
{
    (void)state;
    static const struct span texts[] = {
        SPAN_INIT(""), SPAN_INIT("1"), SPAN_INIT("[]"), SPAN_INIT("\"paper\""), SPAN_INIT("null"),
        SPAN_INIT("{}"), SPAN_INIT("{\"facts\":[]}"), SPAN_INIT("{\"facts\":"), SPAN_INIT("\xFF"),
        SPAN_INIT("{\"checkpoint\":1,\"facts\":1,\"file\":1,\"format\":1,\"key\":1}"),
        SPAN_INIT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_verdict(texts[i], sample.vkey, VERDICT_MALFORMED, "this is not a proof of a file");
    struct span paper = paper_sample_paper(&sample, 1), none;
    const char *facts = memmem(paper.at, paper.len, "[", 1);
    const char *behind = memmem(paper.at, paper.len, "],\"file\"", 8);
    struct text text = text_in(&made, paper.len);
    text_add(&text, (struct span){ paper.at, (size_t)(facts + 1 - paper.at) });
    text_add(&text, (struct span){ behind, paper.len - (size_t)(behind - paper.at) });
    none = text_span(&text);
    assert_verdict(none, sample.vkey, VERDICT_MALFORMED, "no facts");
}

static void a_paper_for_which_there_is_no_memory_is_not_true(void **state)
{
    (void)state;
    struct span paper = paper_sample_paper(&sample, PAPER_SAMPLE_FACTS);
    bool was_true = false;
    for (size_t size = 64; !was_true; size += size / 8) {
        struct arena small;
        assert_true(size < SIZE);
        assert_true(arena_open(&small, size, NULL));
        paper_verify(paper, sample.vkey, &small, &out);
        was_true = out.verdict == VERDICT_TRUE;
        if (!was_true) assert_int_equal(out.verdict, VERDICT_MALFORMED);
        arena_close(&small);
    }
}

static enum error_kind writing(uint64_t size, struct span note, struct span vkey)
{
    struct span paper;
    struct error err = { 0 };
    struct hash_source source = paper_sample_source(&sample);
    bool written = paper_write(SPAN(PAPER_SAMPLE_FILE), sample.facts, PAPER_SAMPLE_FACTS, &source,
                               size, note, vkey, &made, &paper, &err);
    assert_int_equal(written, err.kind == ERROR_NONE);
    return err.kind;
}

static void only_a_paper_that_is_true_is_written(void **state)
{
    (void)state;
    struct log_key other;
    uint8_t seed[32] = { 8 };
    assert_true(log_key_make(&other, SPAN("other.example"), seed, NULL));
    assert_int_equal(writing(10, sample.note, sample.vkey), ERROR_NONE);
    assert_int_equal(writing(10, sample.note, log_key_vkey(&other)), ERROR_NOT_FOUND);
    assert_int_equal(writing(10, sample.note, SPAN("none")), ERROR_SYNTAX);
    assert_int_equal(writing(9, sample.note, sample.vkey), ERROR_CONFLICT);
    struct span early = paper_sample_note(&sample, 6, &sample.log);
    assert_int_equal(writing(6, early, sample.vkey), ERROR_CONFLICT); // fact 4 is at leaf 6
    sample.damage.bytes[5] = 1;
    assert_int_equal(writing(10, sample.note, sample.vkey), ERROR_DAMAGED);
    sample.damage.bytes[5] = 0;
    sample.facts[2].salt[0] ^= 1;
    assert_int_equal(writing(10, sample.note, sample.vkey), ERROR_DAMAGED);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(a_paper_is_true_with_the_key_that_signed_it),
        TEST(without_a_key_nobody_can_tell),
        TEST(with_another_key_nobody_can_tell),
        TEST(a_witness_alone_does_not_make_a_paper_true),
        TEST(each_kind_of_tampering_has_its_verdict),
        TEST(all_proofs_lead_to_the_papers_checkpoint),
        TEST(the_key_that_a_paper_names_signed_it),
        TEST(facts_left_out_or_out_of_order_are_found),
        TEST(facts_left_out_at_the_end_are_said_to_be_possible),
        TEST(a_decision_that_is_not_known_here_is_said_to_be_unknown),
        TEST(facts_are_sealed_in_their_order),
        TEST(a_paper_may_be_laid_out_anew),
        TEST(an_extract_shows_nothing_of_what_it_withholds),
        TEST(what_is_withheld_behind_a_decision_may_have_changed_it),
        TEST(withheld_facts_keep_their_places),
        TEST(a_withheld_place_says_only_that_something_is_sealed_in_it),
        TEST(an_extract_is_held_to_its_form),
        TEST(no_changed_byte_leaves_the_verdict_true),
        TEST(what_is_no_paper_is_malformed),
        TEST(a_paper_for_which_there_is_no_memory_is_not_true),
        TEST(only_a_paper_that_is_true_is_written),
    };
    return cmocka_run_group_tests_name("paper", tests, NULL, NULL);
}
