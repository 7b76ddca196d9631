#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "store/journal_inside.h"

enum { WINDOW_SIZE = 1 * MIB };

// --- The window ---

struct scanner scanner_at(struct journal *journal, uint64_t position)
{
    struct scanner scanner = { .journal = journal };
    scanner_jump(&scanner, position);
    return scanner;
}

void scanner_close(struct scanner *scanner)
{
    free(scanner->window);
    scanner->window = NULL;
}

// A batch may fill its segment to the last byte: the position behind it is then the beginning of
// the next segment, whose batches begin behind its header.
void scanner_jump(struct scanner *scanner, uint64_t position)
{
    uint64_t size = scanner->journal->segment_size, start = position / size * size;
    if (position < start + JOURNAL_HEADER_SIZE) position = start + JOURNAL_HEADER_SIZE;
    scanner->position = position;
    scanner->end = start + size;
}

// At least `wanted` bytes at the scanner's position; NULL with an error when there are none.
static const char *window_at(struct scanner *s, size_t wanted, struct error *err)
{
    assert(s->position + wanted <= s->end);
    if (s->position >= s->begin && s->position + wanted <= s->begin + s->len)
        return s->window + (s->position - s->begin);
    size_t size = wanted > WINDOW_SIZE ? wanted : WINDOW_SIZE;
    if (size > s->end - s->position) size = (size_t)(s->end - s->position);
    if (size > s->size) {
        char *larger = realloc(s->window, size);
        if (larger == NULL) {
            error_set(err, ERROR_UNAVAILABLE, "no memory to read the journal");
            return NULL;
        }
        s->window = larger;
        s->size = size;
    }
    s->len = 0;
    if (!segment_read(s->journal, s->position, s->window, size, err)) return NULL;
    s->begin = s->position;
    s->len = size;
    return s->window;
}

// --- One record ---

bool scanner_look(struct scanner *s, struct scanned *scanned, struct error *err)
{
    struct { uint32_t magic, length; uint64_t batch; } start; // the same in both kinds
    *scanned = (struct scanned){ 0 };
    if (s->position + sizeof(struct append_header) > s->end) return true;
    const char *at = window_at(s, sizeof(struct append_header), err);
    if (at == NULL) return false;
    memcpy(&start, at, sizeof(start));
    if (start.magic == 0 && start.length == 0) return true;
    if ((start.magic != RECORD_APPEND && start.magic != RECORD_COMMIT) || start.length % 8 != 0 ||
        start.length < sizeof(struct append_header))
        return journal_damaged(err, s->journal, s->position, "something that is not a record");
    if (start.length > s->end - s->position)
        return journal_damaged(err, s->journal, s->position, "a record that goes beyond its end");
    at = window_at(s, start.length, err);
    if (at == NULL) return false;
    const char *fault = start.magic == RECORD_APPEND ? append_fault(at, start.length)
                                                     : commit_fault(at, start.length);
    if (fault != NULL) return journal_damaged(err, s->journal, s->position, fault);
    *scanned = (struct scanned){ start.magic, start.length, start.batch, at };
    return true;
}

void scanner_pass(struct scanner *scanner, const struct scanned *scanned)
{
    scanner->position += scanned->length;
}

// --- Batches ---

// The chain over the appends from the scanner's position on, which were all seen before.
static bool chain_again(struct scanner *s, uint32_t appends, struct sha256 *chain,
                        struct error *err)
{
    struct scanned scanned;
    for (uint32_t i = 0; i < appends; i++) {
        if (!scanner_look(s, &scanned, err)) return false;
        *chain = chain_next(*chain, scanned.record);
        scanner_pass(s, &scanned);
    }
    return true;
}

// Takes over a commit that closes a batch of `appends` appends, whose chain is `chain`.
static bool close_batch(struct scanner *s, uint64_t begin, uint32_t appends, struct sha256 chain,
                        struct scanned *commit, struct followed *followed, struct error *err)
{
    struct commit_header header;
    memcpy(&header, commit->record, sizeof(header));
    struct sha256 before = followed->chain;
    uint64_t batch = followed->seal.batch + 1;
    if (!followed->known) {
        // In the middle of the chain: the first commit says what stands before it.
        before = chain = header.chain_before;
        batch = header.batch;
        s->position = begin;
        if (!chain_again(s, appends, &chain, err) || !scanner_look(s, commit, err)) return false;
    }
    if (header.batch == 0 || header.batch != batch || header.appends != appends ||
        !sha256_equal(header.chain_before, before) || !sha256_equal(header.chain, chain))
        return journal_damaged(err, s->journal, s->position, "a batch that is not the next one");

    struct store_seal seal = commit_seal(commit->record);
    seal.end = s->position + commit->length;
    memcpy(followed->bytes, seal.edge.at, seal.edge.len + seal.checkpoint.len);
    seal.edge.at = followed->bytes;
    seal.checkpoint.at = followed->bytes + seal.edge.len;
    followed->known = true;
    followed->seal = seal;
    followed->chain = chain;
    followed->begin = begin;
    return true;
}

bool scanner_follow(struct scanner *s, uint64_t until, struct followed *followed, struct error *err)
{
    while (s->position < until) {
        uint64_t begin = s->position;
        struct sha256 chain = followed->chain;
        struct scanned scanned;
        uint32_t appends = 0;
        uint64_t batch = 0;
        for (;; appends++) {
            if (!scanner_look(s, &scanned, err)) return false;
            if (appends == 0) batch = scanned.batch;
            if (scanned.magic != 0 && scanned.batch != batch)
                return journal_damaged(err, s->journal, s->position, "a record of another batch");
            if (scanned.magic != RECORD_APPEND) break;
            chain = chain_next(chain, scanned.record);
            scanner_pass(s, &scanned);
        }
        if (scanned.magic == 0)
            return appends == 0 ||
                   journal_damaged(err, s->journal, s->position, "a batch that does not close");
        if (!close_batch(s, begin, appends, chain, &scanned, followed, err)) return false;
        scanner_pass(s, &scanned);
    }
    return true;
}

// --- What stands behind the end ---

static bool is_later_commit(struct journal *journal, uint64_t position, uint64_t batch)
{
    struct error ignored;
    struct scanned scanned;
    struct scanner s = scanner_at(journal, position);
    bool later = scanner_look(&s, &scanned, &ignored) && scanned.magic == RECORD_COMMIT &&
                 scanned.batch > batch + 1;
    scanner_close(&s);
    return later;
}

bool scanner_tail(struct journal *journal, uint32_t number, uint32_t offset, uint64_t batch,
                  bool *empty, bool *later, struct error *err)
{
    static const char zeros[4096];
    struct scanner s = scanner_at(journal, (uint64_t)(number - 1) * journal->segment_size);
    s.position = s.end - (journal->segment_size - offset);
    bool done = true;
    *empty = true;
    *later = false;
    while (done && !*later && s.position < s.end) {
        uint64_t left = s.end - s.position;
        size_t part = left < sizeof(zeros) ? (size_t)left : sizeof(zeros);
        const char *at = window_at(&s, part, err);
        done = at != NULL;
        if (done && memcmp(at, zeros, part) != 0) {
            *empty = false;
            for (size_t i = 0; i + 4 <= part && !*later; i += 8) {
                uint32_t magic;
                memcpy(&magic, at + i, sizeof(magic));
                *later = magic == RECORD_COMMIT && is_later_commit(journal, s.position + i, batch);
            }
        }
        s.position += part;
    }
    scanner_close(&s);
    return done;
}
