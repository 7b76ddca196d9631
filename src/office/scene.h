// scene: what the office's tests share: a store in a folder of its own, an office over it, traders
// who send, and an outsider who looks at what was published.
//
// Everything that goes wrong in here fails the test. The clock stands still unless a test moves it,
// so the same messages give the same facts in every run; salts and keys are of chance.
#ifndef TW_OFFICE_SCENE_H
#define TW_OFFICE_SCENE_H

#include "ledger/checkpoint.h"
#include "office/office.h"

enum { SCENE_SEGMENT_SIZE = 2 * 1024 * 1024, SCENE_SEEN_MAX = 4096, SCENE_EVENTS_MAX = 64 };

// What an outsider remembers of a ledger: every checkpoint that was shown to it.
struct witness {
    char vkey[NOTE_VKEY_MAX];
    struct note_key key;                // spans in vkey; size 0 until the first look
    struct { uint64_t size; struct sha256 root; } seen[SCENE_SEEN_MAX];
    uint32_t seen_count;
};

struct scene {
    char folder[128], store[160], apart[176];
    uint32_t segment_size;              // of the journal
    const struct disk *disk;            // NULL: the real one
    struct arena books_arena, arena;    // `arena`: answers, and whatever a test looks at
    struct books books;
    struct office_settings settings;
    struct office_surroundings surroundings;
    struct office *office;              // NULL while it is closed
    struct witness witness;
};

// Makes folder and books; the office is not open yet. The folder is in memory where there is room,
// since few tests need a disk; scene_begin_in says where.
void scene_begin(struct scene *scene);
void scene_begin_in(struct scene *scene, const char *parent);
void scene_end(struct scene *scene);    // closes the office and removes the folder
void scene_open(struct scene *scene);
MUST_CHECK bool scene_try_open(struct scene *scene, struct error *err);
void scene_close(struct scene *scene);

void scene_set_clock(int64_t now_ms);
// How often an event was logged since scene_begin, and what was said last of any.
uint32_t scene_logged(const char *event);
const char *scene_said(void);

// The office's journal of `segment_size`: what `open_store` is unless a test sets another.
bool scene_open_journal(void *scene, struct store *store, const char *directory,
                        struct error *err);

// --- Traders ---

// What a declaration says that others do not. Zeros are the usual: consignment number `number`,
// under its own reference, of goods that nobody looks at.
struct told {
    uint32_t number;
    uint32_t reference;      // 0: the number
    const char *function;    // NULL: "9", an original; "13" amends, "1" withdraws
    uint32_t euros;          // the price of the goods; 0: 1000
    bool gold;               // an officer looks at it: the file then waits
    bool silver;             // the desk asks papers for it: the file waits, and may be corrected
    bool broken;             // breaks a rule: it is refused
    bool turned;             // the same content with its members in another order, and blanks
    bool lone;               // names no UCR: the file is named by declarant and reference
};

// The text, and the name of its file, in the arena.
struct span scene_text(struct told told, struct arena *arena);
struct span scene_name(uint32_t number, struct arena *arena);

// Reads declarations as JSON: a message_reader.
bool scene_read(const void *how, struct span text, struct arena *arena,
                struct declaration *declaration, struct dropped *dropped, struct error *err);

// Each sends one message and waits for its answer, whose spans are in the scene's arena.
struct answer scene_send(struct scene *scene, struct told told);
struct answer scene_send_text(struct scene *scene, struct span text);
struct answer scene_decide(struct scene *scene, uint32_t number, enum decision decision);
struct answer scene_settle(struct scene *scene, uint32_t number);

// Submits one batch without waiting; after office_drain the answers' kinds stand in `kinds`.
// MESSAGE_DECLARATION of each told.
void scene_submit(struct scene *scene, const struct told *told, uint32_t count,
                  enum answer_kind *kinds);

// --- Looking ---

// The file of that number with all its facts; false when there is none.
MUST_CHECK bool scene_file(struct scene *scene, uint32_t number, struct file *file);
// SHA-256 over the facts of the file, in order, as they are kept.
struct sha256 scene_facts(struct scene *scene, struct span name);
struct span scene_kinds(struct scene *scene, uint32_t number); // "declared checked ..."

// The files in the views, sorted by name, as lines of text: all that the views say of each, with
// or without its place in the journal; then what waits, in order.
struct span scene_views(struct scene *scene, bool with_positions);
// The same without one file; false when they cannot be read.
MUST_CHECK bool scene_read_views(struct scene *scene, bool with_positions, struct span without,
                                 struct span *views, struct error *err);

// Reads everything back: the journal against its commitments and chain, the published ledger as an
// outsider would, its newest checkpoint against each that was seen before. Returns its size.
uint64_t scene_check(struct scene *scene);

// The checkpoint in the folder of a ledger, seen by the witness: signed, and an extension of all
// before. Needs no office. ERROR_DAMAGED says what does not add up.
MUST_CHECK bool witness_look(struct witness *witness, const char *ledger, struct error *err);

// --- Files ---

void scene_copy_file(const char *from, const char *to);
void scene_copy_folder(const char *from, const char *to); // `to` is made anew
void scene_remove_folder(const char *path);               // nothing there is fine

#endif
