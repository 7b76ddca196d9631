// views_state: what those who tell, write and ask of the views share; for views*.c only.
//
// A sheaf's way; the arrows are the functions:
//
//   EMPTY --begin_sheaf--> FILLING --freeze--> FROZEN --write_sheaf, sheaf_written--> EMPTY
//
// Sheaves are begun, frozen and written in the same order: that of serial s stands in
// sheaves[s % SHEAVES_MAX]. In use are those behind `written` up to `begun`; only the last of them
// can be filling. It is frozen when it is full, when its volume is, when someone flushes, or by the
// projector when it is SHEAF_AGE_MS old.
//
// Why a row that was told is never missed: the projector takes a sheaf out of the tail and its keys
// into the catalogue at one moment, under the lock, after the file has them. Who looks does so in
// the tail, then in the catalogue, under the lock, and reads the file only after that.
#ifndef TW_STORE_VIEWS_STATE_H
#define TW_STORE_VIEWS_STATE_H

#include <pthread.h>

#include "store/views_inside.h"

enum {
    READERS_MAX = 8,         // connections; each keeps up to 8 MB of the file in memory
    PATH_SIZE = 4096,
};

struct views {
    char path[PATH_SIZE];
    struct views_settings settings;
    struct views_file *file;          // the projector's alone while `writing`
    struct arena scratch;             // the telling thread's
    pthread_t projector;
    bool locks, running;

    pthread_mutex_t lock;             // of all that follows
    pthread_cond_t changed, reader_free;
    struct catalogue catalogue;
    struct file_totals totals;        // what the file says, without the tail
    struct names names[NAMES_KINDS];  // the tail's, too; those of a frozen sheaf do not change
    struct sheaf sheaves[SHEAVES_MAX];
    uint64_t begun, written;          // serials
    uint64_t position;                // told
    uint32_t volume, rows, references; // where the next new row goes, and how many it has by then
    struct reader *readers[READERS_MAX]; // idle
    uint32_t readers_idle, readers_lent;
    bool writing, dropping, closing;
    bool damaged;                     // the file, as seen while in use: closing removes it
    struct error broken;              // why nothing is written any more; ERROR_NONE: all is well
};

static inline struct sheaf *sheaf_of(struct views *views, uint64_t serial)
{
    return &views->sheaves[serial % SHEAVES_MAX];
}

static inline bool places_nowhere(const struct places *places)
{
    return places->numbers_count == 0 && places->volumes_count == 0;
}

// Always false. A NULL `err` is allowed, as in error_set.
bool views_say(const struct error *why, struct error *err);

// Under the lock, as the next three.
void views_invariants(struct views *views);

// The first trouble is the one to tell.
void views_break(struct views *views, const struct error *err);

// NULL: the tail does not know the file.
struct told *views_told(struct views *views, struct span file, uint64_t key);

void views_tail(struct views *views, struct tail *tail);

// The rest not under the lock. A reader that was lent sees everything that was in the catalogue
// before, and until it is returned the file is not dropped. NULL: the file that the places are of
// is dropped. `places` may be NULL.
MUST_CHECK bool views_lend(struct views *views, const struct places *places,
                           struct reader **reader, struct error *err);

// Hands on whether the reading was `done`.
MUST_CHECK bool views_return(struct views *views, struct reader *reader, bool done,
                             const struct error *err);

MUST_CHECK bool views_find_in_file(struct views *views, struct places *places, struct span file,
                                   struct arena *arena, struct view_row *row, uint32_t *number,
                                   bool *found, struct error *err);

void *views_project(void *views); // the projector's thread

#endif
