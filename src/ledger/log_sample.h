// log_sample: a small log of a test's own, in a folder that goes away with it.
//
// Entry i is "entry <i>" with i % 7 dots behind it, and one of every 256 is empty. The key's seed
// is one byte. Any failure ends the test.
#ifndef TW_LEDGER_LOG_SAMPLE_H
#define TW_LEDGER_LOG_SAMPLE_H

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ledger/checkpoint.h"
#include "ledger/key.h"
#include "ledger/tiles.h"

#define SAMPLE_ORIGIN "sample.example/log"
enum { SAMPLE_EMPTY_ENTRY = 3, SAMPLE_NOTE_MAX = 1024 };

static inline char *sample_folder_make(void)
{
    char *made = strdup(P_tmpdir "/tidewaiter-test-XXXXXX");
    assert(made != NULL);
    bool is_there = mkdtemp(made) != NULL;
    assert(is_there);
    (void)is_there;
    return made;
}

static inline int sample_remove(const char *path, const struct stat *stat, int flag,
                                struct FTW *walk)
{
    (void)stat, (void)flag, (void)walk;
    return remove(path);
}

static inline void sample_folder_remove(char *folder)
{
    nftw(folder, sample_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}

// The file "<folder>/<name>".
static inline const char *sample_path(char path[1024], const char *folder, const char *name)
{
    snprintf(path, 1024, "%s/%s", folder, name);
    return path;
}

static inline struct span sample_entry(uint64_t index, char bytes[64])
{
    if (index % 256 == SAMPLE_EMPTY_ENTRY) return (struct span){ bytes, 0 };
    int len = snprintf(bytes, 64, "entry %llu%.*s", (unsigned long long)index, (int)(index % 7),
                       "......");
    return (struct span){ bytes, (size_t)len };
}

static inline struct sha256 sample_leaf(uint64_t index)
{
    char bytes[64];
    return tree_leaf(sample_entry(index, bytes));
}

static inline struct log_key sample_key(uint8_t seed_byte)
{
    struct log_key key;
    uint8_t seed[32] = { seed_byte };
    bool made = log_key_make(&key, SPAN(SAMPLE_ORIGIN), seed, NULL);
    assert(made);
    (void)made;
    return key;
}

// The public half; its name lives in the log key.
static inline struct note_key sample_public(const struct log_key *key)
{
    struct note_key public;
    bool read = note_key_read(log_key_vkey(key), &public, NULL);
    assert(read);
    (void)read;
    return public;
}

// The tree's checkpoint, signed.
static inline struct span sample_note(const struct tree *tree, const struct log_key *key,
                                      struct arena *arena)
{
    struct checkpoint checkpoint = { SPAN(SAMPLE_ORIGIN), tree->size, tree_root(tree) };
    struct text body = text_in(arena, SAMPLE_NOTE_MAX), note = text_in(arena, SAMPLE_NOTE_MAX);
    checkpoint_write(&body, &checkpoint);
    note_sign(&note, text_span(&body), span_of(key->name), key->id, key->secret_key);
    assert(!note.full);
    return text_span(&note);
}

static inline void sample_add(struct tiles *tiles, uint64_t until)
{
    char bytes[64];
    for (uint64_t i = tiles_tree(tiles)->size; i < until; i++) {
        struct span entry = sample_entry(i, bytes);
        bool added = tiles_add(tiles, entry, tree_leaf(entry), NULL);
        assert(added);
        (void)added;
    }
}

static inline void sample_publish(struct tiles *tiles, const struct log_key *key)
{
    _Alignas(16) char memory[4 * SAMPLE_NOTE_MAX];
    struct arena arena = arena_over(memory, sizeof(memory));
    bool published = tiles_publish(tiles, sample_note(tiles_tree(tiles), key, &arena), NULL);
    assert(published);
    (void)published;
}

// A whole log of `size` entries.
static inline void sample_log(const char *folder, uint64_t size, const struct log_key *key)
{
    struct tiles *tiles;
    struct tree empty = { 0 };
    bool opened = tiles_open(&tiles, folder, &empty, NULL);
    assert(opened);
    (void)opened;
    sample_add(tiles, size);
    sample_publish(tiles, key);
    tiles_close(tiles);
}

// Puts one byte in the place of another.
static inline void sample_poke(const char *path, size_t at, char byte)
{
    int fd = open(path, O_WRONLY);
    assert(fd >= 0);
    ssize_t put = pwrite(fd, &byte, 1, (off_t)at);
    assert(put == 1);
    (void)put;
    close(fd);
}

// A file's bytes, a NUL behind them, to be freed; NULL when it is not there.
static inline char *sample_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    *size = 0;
    if (file == NULL) return NULL;
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    assert(bytes != NULL);
    size_t got = fread(bytes, 1, *size, file);
    bytes[*size] = '\0';
    assert(got == *size);
    (void)got;
    fclose(file);
    return bytes;
}

static inline void sample_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert(file != NULL);
    size_t put = fwrite(bytes, 1, size, file);
    assert(put == size);
    (void)put;
    fclose(file);
}

#endif
