// ledger_peer: our half of the test of the ledger against Go's golang.org/x/mod/sumdb.
//
//   ledger_peer make FOLDER     writes a log, its keys, a file's proof, and proofs and notes, right
//                               ones and wrong ones
//   ledger_peer judge FOLDER    reads proofs and notes that Go wrote the same way: every right one
//                               must hold, every wrong one must not
//
// ledger_peer.go is the other half, ledger_peer.sh runs both. In a folder:
//
//   vkey, private         the key pair
//   *.right, *.wrong      signed notes
//   proofs                lines "right|wrong inclusion SIZE INDEX ROOT LEAF HASH..." and
//                         "right|wrong consistency NEW-SIZE OLD-SIZE NEW-ROOT OLD-ROOT HASH..."
//   paper.json            a file's proof
//   checkpoint, tile/     the log
#include <dirent.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "consignment/fact_body.h"
#include "document/paper.h"
#include "ledger/key.h"
#include "ledger/tiles.h"

enum {
    LOG_SIZE = 66000,              // tiles on three levels
    SMALL_SIZE = 33,               // up to here every proof there is
    FACTS = 3,
};
#define ORIGIN "customs.example/ledger"

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static void must(bool done, const struct error *err)
{
    if (!done) fail("%s", err->text);
}

// --- Making ---

struct making {
    const char *folder;
    struct arena *arena;
    struct log_key key;
    struct tree trees[SMALL_SIZE + 1];
    struct tree whole;
    struct sha256 leaves[LOG_SIZE];
    uint8_t salts[FACTS][SALT_SIZE];
    struct span facts[FACTS];
    FILE *proofs;
};

static FILE *open_in(const char *folder, const char *name, const char *mode)
{
    char path[TILE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, mode);
    if (file == NULL) fail("could not open '%s'", path);
    return file;
}

static void write_file(const char *folder, const char *name, struct span bytes)
{
    FILE *file = open_in(folder, name, "wb");
    if (fwrite(bytes.at, 1, bytes.len, file) != bytes.len || fclose(file) != 0)
        fail("could not write '%s'", name);
}

static void write_keys(struct making *m)
{
    struct error err;
    static const uint8_t seed[32] = { 't', 'i', 'd', 'e' };
    struct text private = text_in(m->arena, 256);
    must(log_key_make(&m->key, SPAN(ORIGIN), seed, &err), &err);
    log_key_write(&private, &m->key);
    write_file(m->folder, "private", text_span(&private));
    write_file(m->folder, "vkey", log_key_vkey(&m->key));
}

// The last facts of the log are those of one file; all else is an invented text.
static void make_facts(struct making *m)
{
    static const enum decision decisions[FACTS] = { DECISION_HOLD, DECISION_EXAMINE,
                                                    DECISION_RELEASE };
    struct error err;
    for (uint32_t i = 0; i < FACTS; i++) {
        struct span body, reason = SPAN("papers \"seen\", f\xC3\xBCr gut befunden <&>");
        must(body_decided(decisions[i], true, &reason, 1, m->arena, &body, &err), &err);
        struct fact fact = { FACT_DECIDED, i + 1, 1790000000123 + i, SPAN("UCR-1"),
                             SPAN("officer 7"), body };
        must(fact_write(&fact, m->arena, &m->facts[i], &err), &err);
        memset(m->salts[i], (int)(0xA0 + i), SALT_SIZE);
    }
}

static struct span entry_of(const struct making *m, uint32_t index, char bytes[64])
{
    if (index >= LOG_SIZE - FACTS) {
        uint32_t fact = index - (LOG_SIZE - FACTS);
        struct sha256 commitment = fact_commitment(m->salts[fact], m->facts[fact]);
        memcpy(bytes, commitment.bytes, SHA256_SIZE);
        return (struct span){ bytes, SHA256_SIZE };
    }
    if (index % 100 == 7) return (struct span){ bytes, 0 };
    int len = snprintf(bytes, 64, "entry %u", index);
    return (struct span){ bytes, (size_t)len };
}

static struct span checkpoint_of(const struct making *m, const struct tree *tree)
{
    struct checkpoint checkpoint = { SPAN(ORIGIN), tree->size, tree_root(tree) };
    struct text body = text_in(m->arena, 512), note = text_in(m->arena, 1024);
    checkpoint_write(&body, &checkpoint);
    note_sign(&note, text_span(&body), span_of(m->key.name), m->key.id, m->key.secret_key);
    return text_span(&note);
}

static void make_log(struct making *m)
{
    struct error err;
    struct tiles *tiles;
    must(tiles_open(&tiles, m->folder, &m->whole, &err), &err);
    for (uint32_t i = 0; i < LOG_SIZE; i++) {
        char bytes[64];
        struct span entry = entry_of(m, i, bytes);
        m->leaves[i] = tree_leaf(entry);
        must(tiles_add(tiles, entry, m->leaves[i], &err), &err);
        if (i < SMALL_SIZE) m->trees[i + 1] = *tiles_tree(tiles);
    }
    m->whole = *tiles_tree(tiles);
    must(tiles_publish(tiles, checkpoint_of(m, &m->whole), &err), &err);
    tiles_close(tiles);
}

struct claim {
    bool consistency;
    uint64_t size, at;             // of consistency: the new size and the old one
    struct sha256 root, leaf;      // the new root and the old one
    struct proof proof;
};

static void put_hash(FILE *out, struct sha256 hash)
{
    _Alignas(16) char bytes[128];
    struct arena arena = arena_over(bytes, sizeof(bytes));
    struct text text = text_in(&arena, 48);
    base64_write(&text, hash.bytes, SHA256_SIZE);
    fprintf(out, " " SPAN_FMT, SPAN_ARG(text_span(&text)));
}

static void put_claim(FILE *out, bool right, const struct claim *claim)
{
    fprintf(out, "%s %s %llu %llu", right ? "right" : "wrong",
            claim->consistency ? "consistency" : "inclusion", (unsigned long long)claim->size,
            (unsigned long long)claim->at);
    put_hash(out, claim->root);
    put_hash(out, claim->leaf);
    for (uint32_t i = 0; i < claim->proof.count; i++) put_hash(out, claim->proof.hashes[i]);
    fputc('\n', out);
}

// The claim, and all that is wrong when one thing in it is changed.
static void put_claims(FILE *out, const struct claim *right)
{
    put_claim(out, true, right);
    struct claim wrong = *right;
    wrong.root.bytes[31] ^= 1;
    put_claim(out, false, &wrong);
    wrong = *right;
    wrong.leaf.bytes[0] ^= 0x80;
    put_claim(out, false, &wrong);
    wrong = *right;
    wrong.proof.hashes[wrong.proof.count++] = right->root;
    put_claim(out, false, &wrong);
    if (right->proof.count == 0) return;
    wrong = *right;
    wrong.proof.count--;
    put_claim(out, false, &wrong);
    for (uint32_t i = 0; i < right->proof.count; i++) {
        wrong = *right;
        wrong.proof.hashes[i].bytes[i % SHA256_SIZE] ^= (uint8_t)(1 << i % 8);
        put_claim(out, false, &wrong);
    }
    if (right->consistency) return;
    wrong = *right;
    wrong.at = right->at ^ 1; // its neighbour, or behind the end
    put_claim(out, false, &wrong);
}

static struct tree tree_of(const struct making *m, uint64_t size)
{
    if (size <= SMALL_SIZE) return m->trees[size];
    struct tree tree = m->trees[SMALL_SIZE];
    while (tree.size < size) tree_add(&tree, m->leaves[tree.size]);
    return tree;
}

static void make_inclusion(struct making *m, const struct hash_source *source, uint64_t size,
                           uint64_t index)
{
    struct error err;
    struct tree tree = tree_of(m, size);
    struct claim claim = { .size = size, .at = index, .root = tree_root(&tree),
                           .leaf = m->leaves[index] };
    must(proof_make_inclusion(source, index, size, &claim.proof, &err), &err);
    put_claims(m->proofs, &claim);
}

static void make_consistency(struct making *m, const struct hash_source *source, uint64_t size,
                             uint64_t old)
{
    struct error err;
    struct tree tree = tree_of(m, size), before = tree_of(m, old);
    struct claim claim = { .consistency = true, .size = size, .at = old, .root = tree_root(&tree),
                           .leaf = tree_root(&before) };
    must(proof_make_consistency(source, old, size, &claim.proof, &err), &err);
    put_claims(m->proofs, &claim);
}

static void make_proofs(struct making *m)
{
    struct error err;
    struct tile_reader *reader = tile_reader_open(m->folder, LOG_SIZE, &err);
    must(reader != NULL, &err);
    struct hash_source source = tile_source(reader);
    m->proofs = open_in(m->folder, "proofs", "w");
    for (uint64_t size = 1; size <= SMALL_SIZE; size++)
        for (uint64_t at = 0; at < size; at++) {
            make_inclusion(m, &source, size, at);
            make_consistency(m, &source, size, at + 1);
        }
    static const uint64_t sizes[] = { 255, 256, 257, 511, 40000, 65535, 65536, 65537, LOG_SIZE };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        for (uint64_t part = 0; part <= 8; part++) {
            uint64_t at = part * (sizes[i] - 1) / 8;
            make_inclusion(m, &source, sizes[i], at);
            make_consistency(m, &source, sizes[i], at + 1);
        }
    if (fclose(m->proofs) != 0) fail("could not write the proofs");
    tile_reader_close(reader);
}

static void make_notes(struct making *m)
{
    struct span note = checkpoint_of(m, &m->whole);
    write_file(m->folder, "log.right", note);

    struct text witnessed = text_in(m->arena, 2048);
    struct note read;
    struct error err;
    must(note_read(note, &read, &err), &err);
    text_add(&witnessed, note);
    note_cosign(&witnessed, read.text, SPAN("witness.example"), 0x01020304, m->key.secret_key, 9);
    write_file(m->folder, "witnessed.right", text_span(&witnessed));

    for (size_t at = 0; at < note.len; at++) { // every byte changed, to another letter if it is one
        char name[40], *changed = arena_take_raw(m->arena, note.len, 1);
        if (changed == NULL) fail("no memory");
        memcpy(changed, note.at, note.len);
        changed[at] = (char)(changed[at] ^ 1);
        snprintf(name, sizeof(name), "changed-%zu.wrong", at);
        write_file(m->folder, name, (struct span){ changed, note.len });
    }
}

static void make_paper(struct making *m)
{
    struct error err;
    struct paper_fact facts[FACTS];
    struct span paper;
    struct tile_reader *reader = tile_reader_open(m->folder, LOG_SIZE, &err);
    must(reader != NULL, &err);
    struct hash_source source = tile_source(reader);
    for (uint32_t i = 0; i < FACTS; i++) {
        facts[i] = (struct paper_fact){ .json = m->facts[i], .leaf = LOG_SIZE - FACTS + i };
        memcpy(facts[i].salt, m->salts[i], SALT_SIZE);
    }
    must(paper_write(SPAN("UCR-1"), facts, FACTS, &source, LOG_SIZE, checkpoint_of(m, &m->whole),
                     log_key_vkey(&m->key), m->arena, &paper, &err), &err);
    write_file(m->folder, "paper.json", paper);
    tile_reader_close(reader);
}

static void make(const char *folder, struct arena *arena)
{
    struct making *m = arena_take(arena, 1, sizeof(*m));
    if (m == NULL) fail("no memory");
    m->folder = folder;
    m->arena = arena;
    write_keys(m);
    make_facts(m);
    make_log(m);
    make_proofs(m);
    make_notes(m);
    make_paper(m);
}

// --- Judging ---

static struct span next_word(struct span *line)
{
    struct span_pair pair = span_cut(*line, ' ');
    *line = pair.tail;
    return pair.head;
}

static struct sha256 next_hash(struct span *line)
{
    struct sha256 hash = { 0 };
    size_t size;
    if (!base64_read(next_word(line), hash.bytes, SHA256_SIZE, &size) || size != SHA256_SIZE)
        fail("a hash belongs here");
    return hash;
}

static bool holds(struct span line)
{
    struct claim claim = { .consistency = span_equal(next_word(&line), SPAN("consistency")) };
    if (!span_to_u64(next_word(&line), &claim.size) || !span_to_u64(next_word(&line), &claim.at))
        fail("a size belongs here");
    claim.root = next_hash(&line);
    claim.leaf = next_hash(&line);
    while (line.len > 0) {
        if (claim.proof.count == PROOF_HASHES_MAX) return false;
        claim.proof.hashes[claim.proof.count++] = next_hash(&line);
    }
    return claim.consistency
               ? proof_consistency_holds(&claim.proof, claim.at, claim.leaf, claim.size, claim.root)
               : proof_inclusion_holds(&claim.proof, claim.at, claim.size, claim.leaf, claim.root);
}

static struct span read_file(const char *folder, const char *name, struct arena *arena)
{
    struct error err;
    struct span bytes;
    must(tile_file(folder, name, (size_t)64 * MIB, arena, &bytes, &err), &err);
    return bytes;
}

static void judge_proofs(const char *folder, struct arena *arena)
{
    unsigned counts[2] = { 0 };
    for (struct span rest = read_file(folder, "proofs", arena); rest.len > 0;) {
        struct span_pair cut = span_cut(rest, '\n');
        struct span line = cut.head;
        bool right = span_equal(next_word(&line), SPAN("right"));
        if (holds(line) != right) fail("judged otherwise: " SPAN_FMT, SPAN_ARG(cut.head));
        counts[right]++;
        rest = cut.tail;
    }
    if (counts[0] < 1000 || counts[1] < 1000) fail("too few proofs");
    printf("of Go's proofs %u hold and %u do not, as they should\n", counts[1], counts[0]);
}

static void judge_notes(const char *folder, struct arena *arena)
{
    struct error err;
    struct note_key key;
    struct note note;
    unsigned counts[2] = { 0 };
    must(note_key_read(span_trim(read_file(folder, "vkey", arena)), &key, &err), &err);
    DIR *listed = opendir(folder);
    if (listed == NULL) fail("could not read '%s'", folder);
    for (struct dirent *entry; (entry = readdir(listed)) != NULL;) {
        struct span name = span_of(entry->d_name);
        bool right = span_ends_with(name, SPAN(".right"));
        if (!right && !span_ends_with(name, SPAN(".wrong"))) continue;
        struct span text = read_file(folder, entry->d_name, arena);
        bool held = note_read(text, &note, &err) && note_verify(&note, &key, NULL) == NOTE_SIGNED;
        if (held != right) fail("judged otherwise: %s", entry->d_name);
        counts[right]++;
    }
    closedir(listed);
    if (counts[0] < 100 || counts[1] < 2) fail("too few notes");
    printf("of Go's notes %u are signed and %u are not, as they should\n", counts[1], counts[0]);
}

int main(int count, char **words)
{
    struct error err;
    struct arena arena;
    if (count != 3) fail("usage: ledger_peer make|judge FOLDER");
    if (sodium_init() < 0) fail("libsodium could not begin");
    must(arena_open(&arena, (size_t)256 * MIB, &err), &err);
    if (strcmp(words[1], "make") == 0) {
        make(words[2], &arena);
    } else {
        judge_proofs(words[2], &arena);
        judge_notes(words[2], &arena);
    }
    arena_close(&arena);
    return 0;
}
