#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/limits.h"
#include "store/disk_memory.h"
#include "store/journal_inside.h"

// A journal written here by hand, byte by byte, from docs/journal-format.md, and held against the
// one that the program reads and writes. A change of the format without a new version number fails
// here.

enum {
    SEGMENT_SIZE = 8192,
    HEADER = 4096,
    FLAGS_AT = 44,        // in an append
    PAYLOAD_CRC_AT = 52,
    SEALED_CRC_AT = 56,
    COMMIT_CRC_AT = 132,  // in a commit
};

struct hand {
    char bytes[SEGMENT_SIZE];
    size_t len;
};

// --- Writing by hand ---

static void put(struct hand *hand, const void *bytes, size_t size)
{
    assert_true(hand->len + size <= sizeof(hand->bytes));
    memcpy(hand->bytes + hand->len, bytes, size);
    hand->len += size;
}

static void put_text(struct hand *hand, const char *text) { put(hand, text, strlen(text)); }

static void put_number(struct hand *hand, uint64_t number, size_t size)
{
    for (; size > 0; size--, number >>= 8) put(hand, &(char){ (char)(number & 255) }, 1);
}

static void put32(struct hand *hand, uint64_t number) { put_number(hand, number, 4); }
static void put64(struct hand *hand, uint64_t number) { put_number(hand, number, 8); }

static void pad(struct hand *hand)
{
    while (hand->len % 8 != 0) put_number(hand, 0, 1);
}

static void set32(struct hand *hand, size_t at, uint32_t number)
{
    struct hand bytes = { 0 };
    put32(&bytes, number);
    memcpy(hand->bytes + at, bytes.bytes, 4);
}

// CRC-32C a bit at a time: reflected polynomial 82F63B78, begun and ended with all ones.
static uint32_t crc_by_hand(const char *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
    }
    return ~crc;
}

static struct sha256 pattern(char c)
{
    struct sha256 hash;
    memset(hash.bytes, c, sizeof(hash.bytes));
    return hash;
}

static void put_header(struct hand *hand, uint32_t version, uint32_t number, const char *store_id)
{
    size_t begin = hand->len;
    put_text(hand, "TWJOURNL");
    put32(hand, version);
    put32(hand, number);
    put64(hand, SEGMENT_SIZE);
    put(hand, store_id, 16);
    put32(hand, journal_dictionary.len);
    put32(hand, 0);
    put(hand, journal_dictionary.at, journal_dictionary.len);
    put32(hand, crc_by_hand(hand->bytes + begin, hand->len - begin));
    while (hand->len - begin < HEADER) put_number(hand, 0, 1);
}

struct wish {                     // an append with one fact
    const char *file, *json;      // at most 200 bytes of JSON
    uint64_t batch, first_leaf, previous, seq;
    char mark;                    // salt and commitment are this byte over and over
    bool erased;
};

// The lengths of the facts, then a zstd frame (RFC 8878) with one block that is not compressed:
// magic, descriptor "one segment, size in one byte", size, block header "last, raw, size".
static void put_payload(struct hand *hand, const char *json)
{
    size_t len = strlen(json);
    assert_true(len < 256);
    put32(hand, len);
    put(hand, "\x28\xB5\x2F\xFD\x20", 5);
    put_number(hand, len, 1);
    put_number(hand, 1 | len << 3, 3);
    put_text(hand, json);
}

static size_t payload_len(const char *json) { return 4 + 5 + 1 + 3 + strlen(json); }

// Returns the chain after it.
static struct sha256 put_append(struct hand *hand, const struct wish *wish, struct sha256 chain)
{
    size_t begin = hand->len, name_len = strlen(wish->file), payload = payload_len(wish->json);
    size_t length = (64 + (name_len + 7) / 8 * 8 + 32 + 32 + payload + 7) / 8 * 8;
    struct sha256 salt = pattern(wish->erased ? 0 : wish->mark), commitment = pattern(wish->mark);
    put_text(hand, "TWAP");
    put32(hand, length);
    put64(hand, wish->batch);
    put64(hand, wish->first_leaf);
    put64(hand, wish->previous);
    put32(hand, wish->seq);
    put32(hand, 1);               // facts
    put32(hand, name_len);
    put32(hand, 0);               // flags
    put32(hand, payload);
    put32(hand, 0);               // payload_crc
    put32(hand, 0);               // sealed_crc
    put32(hand, 0);
    put_text(hand, wish->file);
    pad(hand);
    put(hand, commitment.bytes, 32);
    size_t salts = hand->len;
    struct span sealed = { hand->bytes + begin, salts - begin };
    chain = sha256_of_two(sha256_span(&chain), sealed); // without flags and sums
    set32(hand, begin + FLAGS_AT, wish->erased ? 1 : 0);
    set32(hand, begin + SEALED_CRC_AT, crc_by_hand(sealed.at, sealed.len));
    put(hand, salt.bytes, 32);
    if (wish->erased) {
        memset(hand->bytes + hand->len, 0, payload);
        hand->len += payload;
    } else {
        put_payload(hand, wish->json);
    }
    set32(hand, begin + PAYLOAD_CRC_AT, crc_by_hand(hand->bytes + salts, hand->len - salts));
    pad(hand);
    return chain;
}

static void put_commit(struct hand *hand, uint64_t batch, uint64_t tree_size, uint32_t appends,
                       struct sha256 before, struct sha256 after)
{
    static const char checkpoint[] = "a signed note\n";
    size_t begin = hand->len, checkpoint_len = strlen(checkpoint);
    struct sha256 root = pattern('r'), edge = pattern('e');
    put_text(hand, "TWCM");
    put32(hand, (136 + 64 + checkpoint_len + 7) / 8 * 8);
    put64(hand, batch);
    put64(hand, tree_size);
    put(hand, root.bytes, 32);
    put(hand, before.bytes, 32);
    put(hand, after.bytes, 32);
    put32(hand, appends);
    put32(hand, 64);              // two hashes
    put32(hand, checkpoint_len);
    put32(hand, 0);               // crc
    put(hand, edge.bytes, 32);
    put(hand, edge.bytes, 32);
    put_text(hand, checkpoint);
    pad(hand);
    set32(hand, begin + COMMIT_CRC_AT, crc_by_hand(hand->bytes + begin, hand->len - begin));
}

// Two batches: two appends, then one that was erased when `erased`.
static const struct wish wishes[] = {
    { "UCR-1", "{\"kind\":\"declared\"}", 1, 0, UINT64_MAX, 1, 'a', false },
    { "a name of more than eight bytes", "{\"kind\":\"checked\",\"seq\":7}", 1, 1, 4096, 7, 'b',
      false },
    { "UCR-1", "{\"kind\":\"decided\"}", 2, 2, 4096, 2, 'c', false },
};

static void put_store(struct hand *hand, const char *store_id, bool erased)
{
    struct sha256 zeros = pattern(0);
    put_header(hand, 1, 1, store_id);
    struct sha256 chain = put_append(hand, &wishes[0], zeros);
    chain = put_append(hand, &wishes[1], chain);
    put_commit(hand, 1, 2, 2, zeros, chain);
    struct wish last = wishes[2];
    last.erased = erased;
    struct sha256 after = put_append(hand, &last, chain);
    put_commit(hand, 2, 3, 1, chain, after);
    memset(hand->bytes + hand->len, 0, sizeof(hand->bytes) - hand->len);
    hand->len = SEGMENT_SIZE;
}

// --- The disk that both write to ---

struct desk {
    struct disk_memory *memory;
    struct disk disk;
    struct store store;
    struct arena arena;
    struct error err;
};

static int begin(void **state)
{
    static struct desk desk;
    desk = (struct desk){ .memory = disk_memory_open() };
    desk.disk = disk_memory_disk(desk.memory);
    *state = &desk;
    return arena_open(&desk.arena, MIB, &desk.err) ? 0 : -1;
}

static int end(void **state)
{
    struct desk *desk = *state;
    store_close(&desk->store);
    disk_memory_close(desk->memory);
    arena_close(&desk->arena);
    return 0;
}

static bool open_store(struct desk *desk)
{
    return journal_open_sized(&desk->store, &desk->disk, "store", SEGMENT_SIZE, &desk->err);
}

static const char path[] = "store/journal/00000001.seg";

static void bring(struct desk *desk, const struct hand *hand)
{
    int handle;
    assert_true(desk->disk.open(desk->disk.state, path, true, &handle, &desk->err));
    assert_true(desk->disk.write(desk->disk.state, handle, 0, hand->bytes, hand->len, &desk->err));
    desk->disk.close(desk->disk.state, handle);
}

static void fetch(struct desk *desk, struct hand *hand)
{
    int handle;
    assert_true(desk->disk.open(desk->disk.state, path, false, &handle, &desk->err));
    assert_true(desk->disk.read(desk->disk.state, handle, 0, hand->bytes, sizeof(hand->bytes),
                                &hand->len, &desk->err));
    desk->disk.close(desk->disk.state, handle);
}

static void same_bytes(const struct hand *hand, const struct hand *other)
{
    assert_int_equal(hand->len, other->len);
    for (size_t i = 0; i < hand->len; i++)
        if (hand->bytes[i] != other->bytes[i])
            fail_msg("byte %zu is %02x, and by hand %02x", i, (unsigned char)other->bytes[i],
                     (unsigned char)hand->bytes[i]);
}

// --- Tests ---

static void the_dictionary_of_version_1_never_changes(void **state)
{
    (void)state;
    static _Alignas(16) char memory[256];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct sha256 digest = sha256_of(journal_dictionary);
    struct text hex = text_in(&arena, 80);
    hex_write(&hex, digest.bytes, sizeof(digest.bytes));
    assert_string_equal(text_span(&hex).at,
                        "d79bd2b70a1f575474fa1362b5f43765"
                        "d5f3fa9567d09d8623cb9ee6247f0f44");
}

static void an_empty_journal_is_a_header_and_zeros(void **state)
{
    struct desk *desk = *state;
    struct hand hand = { 0 }, theirs = { 0 };
    struct sha256 id = sha256_of(SPAN("store"));
    assert_true(open_store(desk));
    put_header(&hand, 1, 1, (const char *)id.bytes);
    hand.len = SEGMENT_SIZE;
    fetch(desk, &theirs);
    same_bytes(&hand, &theirs);
}

struct telling { uint32_t count; bool erased; };

static bool is_wished(void *context, const struct store_append *append, uint64_t next,
                      struct error *err)
{
    struct telling *telling = context;
    const struct wish *wish = &wishes[telling->count++];
    bool erased = telling->erased && telling->count == 3;
    struct sha256 commitment = pattern(wish->mark), salt = pattern(erased ? 0 : wish->mark);
    (void)next, (void)err;
    assert_true(span_equal(append->file, span_of(wish->file)));
    assert_int_equal(append->first_seq, wish->seq);
    assert_int_equal(append->first_leaf, wish->first_leaf);
    assert_int_equal(append->previous, wish->previous);
    assert_int_equal(append->facts_count, 1);
    assert_true(span_equal(append->facts[0].json, span_of(erased ? "" : wish->json)));
    assert_memory_equal(append->facts[0].salt, salt.bytes, sizeof(salt.bytes));
    assert_true(sha256_equal(append->facts[0].commitment, commitment));
    return true;
}

static void tells_the_wishes(struct desk *desk, bool erased)
{
    struct telling telling = { .erased = erased };
    struct store_seal seal;
    assert_true(store_scan(&desk->store, 0, STORE_ALL, &desk->arena, is_wished, &telling,
                           &desk->err));
    assert_int_equal(telling.count, 3);
    store_seal(&desk->store, &seal);
    assert_int_equal(seal.batch, 2);
    assert_int_equal(seal.tree_size, 3);
    assert_int_equal(seal.edge.len, 64);
    assert_true(span_equal(seal.checkpoint, SPAN("a signed note\n")));
    assert_true(sha256_equal(seal.root, pattern('r')));
    assert_true(journal_check_chain(desk->store.state, &desk->err));
}

static void a_journal_of_version_1_that_was_written_by_hand_is_read(void **state)
{
    struct desk *desk = *state;
    struct hand hand = { 0 };
    put_store(&hand, "another store's.", false);
    bring(desk, &hand);
    if (!open_store(desk)) fail_msg("%s", desk->err.text);
    tells_the_wishes(desk, false);
}

static void what_is_committed_is_written_as_it_is_by_hand(void **state)
{
    struct desk *desk = *state;
    struct hand hand = { 0 }, theirs = { 0 };
    struct sha256 id = sha256_of(SPAN("store")), edge[2] = { pattern('e'), pattern('e') };
    put_store(&hand, (const char *)id.bytes, false);
    assert_true(open_store(desk));
    for (uint32_t batch = 1; batch <= 2; batch++) {
        struct store_append appends[2];
        struct store_fact facts[2];
        struct hand packed[2] = { 0 };
        uint32_t count = batch == 1 ? 2 : 1;
        bool nothing;
        for (uint32_t i = 0; i < count; i++) {
            const struct wish *wish = &wishes[batch == 1 ? i : 2];
            struct sha256 mark = pattern(wish->mark);
            put_payload(&packed[i], wish->json);
            facts[i] = (struct store_fact){ .json = span_of(wish->json), .commitment = mark };
            memcpy(facts[i].salt, mark.bytes, sizeof(mark.bytes));
            appends[i] = (struct store_append){ .file = span_of(wish->file),
                .first_seq = (uint32_t)wish->seq, .facts_count = 1, .facts = &facts[i],
                .previous = wish->previous, .first_leaf = wish->first_leaf,
                .packed = { packed[i].bytes, packed[i].len } };
        }
        struct store_seal seal = { .tree_size = batch == 1 ? 2 : 3, .root = pattern('r'),
            .edge = { (const char *)edge, sizeof(edge) }, .checkpoint = SPAN("a signed note\n") };
        assert_true(store_commit(&desk->store, appends, count, &seal, &nothing, &desk->err));
    }
    fetch(desk, &theirs);
    same_bytes(&hand, &theirs);
}

static void an_erased_record_keeps_its_header_and_its_commitment(void **state)
{
    struct desk *desk = *state;
    struct hand hand = { 0 };
    put_store(&hand, "another store's.", true);
    bring(desk, &hand);
    if (!open_store(desk)) fail_msg("%s", desk->err.text);
    tells_the_wishes(desk, true);
}

static void a_newer_version_is_refused_by_its_number(void **state)
{
    struct desk *desk = *state;
    struct hand hand = { 0 };
    put_header(&hand, 2, 1, "another store's.");
    hand.len = SEGMENT_SIZE;
    bring(desk, &hand);
    assert_false(open_store(desk));
    assert_int_equal(desk->err.kind, ERROR_DAMAGED);
    assert_string_equal(desk->err.text,
                        "the journal is of format version 2, and this program knows 1 to 1");
    assert_string_equal(desk->err.hint,
                        "Open it with the program that wrote it, or with a newer one.");
}

static void a_header_that_is_not_ours_is_damage(void **state)
{
    static const struct { uint32_t number; size_t at; const char *bytes, *says; } cases[] = {
        { 1, 0, "X", "a header that is not a journal's in segment 1 at byte 0" },
        { 1, 24, "X", "a header that does not add up in segment 1 at byte 0" },
        { 2, 4000, "", "a header of another segment in segment 1 at byte 0" },
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hand hand = { 0 };
        put_header(&hand, 1, cases[i].number, "another store's.");
        hand.len = SEGMENT_SIZE;
        memcpy(hand.bytes + cases[i].at, cases[i].bytes, strlen(cases[i].bytes));
        bring(desk, &hand);
        assert_false(open_store(desk));
        assert_int_equal(desk->err.kind, ERROR_DAMAGED);
        assert_non_null(strstr(desk->err.text, cases[i].says));
        disk_memory_remove(desk->memory, path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dictionary_of_version_1_never_changes),
        cmocka_unit_test_setup_teardown(an_empty_journal_is_a_header_and_zeros, begin, end),
        cmocka_unit_test_setup_teardown(
            a_journal_of_version_1_that_was_written_by_hand_is_read, begin, end),
        cmocka_unit_test_setup_teardown(
            what_is_committed_is_written_as_it_is_by_hand, begin, end),
        cmocka_unit_test_setup_teardown(
            an_erased_record_keeps_its_header_and_its_commitment, begin, end),
        cmocka_unit_test_setup_teardown(a_newer_version_is_refused_by_its_number, begin, end),
        cmocka_unit_test_setup_teardown(a_header_that_is_not_ours_is_damage, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
