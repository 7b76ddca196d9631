#include "store/disk_memory.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAMES_MAX = 512, HANDLES_MAX = 512, PATH_SIZE = 256, SECTOR = 512 };

struct bytes {
    char *at;
    uint64_t size;
};

struct pending {                // a write that is not on the disk; without bytes: growth to `from`
    uint64_t from;
    struct bytes bytes;
};

struct content {                // of one file
    struct bytes now, kept;     // in the cache, on the disk
    struct pending *pending;
    uint32_t pending_count;
};

struct name {
    char path[PATH_SIZE];
    struct content *now, *kept; // NULL: not there
};

struct change {                 // of names, not on the disk yet
    uint32_t from, to;          // indexes of names; equal: `to` is new
    struct content *content;
};

struct handle {
    struct content *content;
    bool open, locks;
    uint32_t name;
};

struct disk_memory {
    pthread_mutex_t mutex;
    struct content *contents[NAMES_MAX];
    struct name names[NAMES_MAX];
    struct change changes[NAMES_MAX];
    struct handle handles[HANDLES_MAX];
    uint32_t contents_count, names_count, changes_count;
    enum disk_trouble trouble;
    uint64_t calls, at_call, random;
    bool dark, full;
};

static uint64_t random_below(struct disk_memory *memory, uint64_t limit)
{
    uint64_t x = memory->random += 0x9E3779B97F4A7C15u; // splitmix64
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return (x ^ (x >> 31)) % limit;
}

// --- Bytes, and writes that may be lost ---

static void grow(struct bytes *bytes, uint64_t size)
{
    if (size <= bytes->size) return;
    bytes->at = realloc(bytes->at, size);
    assert(bytes->at != NULL);
    memset(bytes->at + bytes->size, 0, size - bytes->size);
    bytes->size = size;
}

static void put(struct bytes *bytes, uint64_t at, const char *from, uint64_t size)
{
    if (size == 0) return;
    grow(bytes, at + size);
    memcpy(bytes->at + at, from, size);
}

static struct bytes copy_of(const char *from, uint64_t size)
{
    struct bytes copy = { 0 };
    put(&copy, 0, from, size);
    return copy;
}

static void pend(struct content *content, uint64_t from, const char *bytes, uint64_t size)
{
    content->pending = realloc(content->pending,
                               (content->pending_count + 1) * sizeof(struct pending));
    assert(content->pending != NULL);
    content->pending[content->pending_count++] = (struct pending){ from, copy_of(bytes, size) };
}

static void settle_whole(struct content *content, const struct pending *pending)
{
    if (pending->bytes.size == 0) grow(&content->kept, pending->from);
    else put(&content->kept, pending->from, pending->bytes.at, pending->bytes.size);
}

// Kept, lost, or torn: its beginning, its end, or some of its sectors.
static void settle_by_chance(struct disk_memory *memory, struct content *content,
                             const struct pending *pending)
{
    const struct bytes *bytes = &pending->bytes;
    if (bytes->size == 0) {
        if (random_below(memory, 2) == 0) return;
        grow(&content->kept, random_below(memory, 2) == 0 ? pending->from
                                                          : random_below(memory, pending->from));
        return;
    }
    uint64_t cut = random_below(memory, bytes->size + 1);
    switch (random_below(memory, 6)) {
    case 0:
    case 1: settle_whole(content, pending); break;
    case 2: put(&content->kept, pending->from, bytes->at, cut); break;
    case 3: put(&content->kept, pending->from + cut, bytes->at + cut, bytes->size - cut); break;
    case 4:
        for (uint64_t at = 0; at < bytes->size; at += SECTOR) {
            uint64_t part = bytes->size - at < SECTOR ? bytes->size - at : SECTOR;
            if (random_below(memory, 2) == 0)
                put(&content->kept, pending->from + at, bytes->at + at, part);
        }
        break;
    default: break;
    }
}

static void clear_pending(struct content *content)
{
    for (uint32_t i = 0; i < content->pending_count; i++) free(content->pending[i].bytes.at);
    free(content->pending);
    content->pending = NULL;
    content->pending_count = 0;
}

static void sync_whole(struct content *content)
{
    for (uint32_t i = 0; i < content->pending_count; i++)
        settle_whole(content, &content->pending[i]);
    clear_pending(content);
}

static void sync_by_chance(struct disk_memory *memory, struct content *content)
{
    for (uint32_t left = content->pending_count; left > 0; left--) {
        uint32_t which = (uint32_t)random_below(memory, left);
        struct pending chosen = content->pending[which];
        content->pending[which] = content->pending[left - 1];
        content->pending[left - 1] = chosen;
        settle_by_chance(memory, content, &chosen);
    }
    clear_pending(content);
}

// --- Names ---

static struct content *content_named(const struct disk_memory *memory, const char *path)
{
    for (uint32_t i = 0; i < memory->names_count; i++)
        if (strcmp(memory->names[i].path, path) == 0) return memory->names[i].now;
    return NULL;
}

static uint32_t name_index(struct disk_memory *memory, const char *path)
{
    for (uint32_t i = 0; i < memory->names_count; i++)
        if (strcmp(memory->names[i].path, path) == 0) return i;
    assert(memory->names_count < NAMES_MAX && strlen(path) < PATH_SIZE);
    struct name *name = &memory->names[memory->names_count];
    *name = (struct name){ 0 };
    snprintf(name->path, sizeof(name->path), "%s", path);
    return memory->names_count++;
}

static struct content *new_content(struct disk_memory *memory)
{
    struct content *content = calloc(1, sizeof(*content));
    assert(content != NULL && memory->contents_count < NAMES_MAX);
    memory->contents[memory->contents_count++] = content;
    return content;
}

static void change(struct disk_memory *memory, uint32_t from, uint32_t to)
{
    struct content *content = memory->names[from].now;
    assert(memory->changes_count < NAMES_MAX);
    memory->changes[memory->changes_count++] = (struct change){ from, to, content };
    if (from != to) memory->names[from].now = NULL;
    memory->names[to].now = content;
}

static void settle_change(struct disk_memory *memory, const struct change *one)
{
    if (memory->names[one->from].kept == one->content) memory->names[one->from].kept = NULL;
    memory->names[one->to].kept = one->content;
}

static bool stands_in(const char *path, const char *folder)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    return len == strlen(folder) && memcmp(path, folder, len) == 0;
}

// Those of one folder, or of all (NULL); `by_chance` leaves some as they are.
static void settle_changes(struct disk_memory *memory, const char *folder, bool by_chance)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < memory->changes_count; i++) {
        struct change one = memory->changes[i];
        bool mine = folder == NULL || stands_in(memory->names[one.to].path, folder);
        if (mine && (!by_chance || random_below(memory, 2) == 0)) settle_change(memory, &one);
        else memory->changes[left++] = one;
    }
    memory->changes_count = left;
}

// --- Calls ---

enum fate { FATE_DONE, FATE_NOT_DONE, FATE_DONE_AND_FAILS, FATE_HALF_DONE };

// What becomes of this call. Locks the disk; call_ends unlocks it.
static enum fate call_begins(struct disk_memory *memory)
{
    pthread_mutex_lock(&memory->mutex);
    bool now = memory->calls++ == memory->at_call;
    if (memory->dark) return FATE_NOT_DONE;
    if (!now) return FATE_DONE;
    switch (memory->trouble) {
    case DISK_POWER_LOST: memory->dark = true; return FATE_DONE_AND_FAILS;
    case DISK_FAILS: return FATE_NOT_DONE + (enum fate)random_below(memory, 3);
    case DISK_FULL: memory->full = true; return FATE_DONE;
    default: return FATE_DONE;
    }
}

static bool call_ends(struct disk_memory *memory, enum fate fate, const char *what,
                      struct error *err)
{
    bool dark = memory->dark;
    pthread_mutex_unlock(&memory->mutex);
    if (fate == FATE_DONE) return true;
    return error_set(err, ERROR_UNAVAILABLE, "could not %s: %s", what,
                     dark ? "the power is lost" : "the disk failed");
}

static bool call_full(struct disk_memory *memory, struct error *err)
{
    pthread_mutex_unlock(&memory->mutex);
    return error_set(err, ERROR_UNAVAILABLE, "could not write: the disk is full");
}

static bool takes_effect(enum fate fate)
{
    return fate == FATE_DONE || fate == FATE_DONE_AND_FAILS;
}

static struct content *content_of(struct disk_memory *memory, int handle)
{
    assert(handle >= 0 && handle < HANDLES_MAX);
    assert(memory->handles[handle].open);
    assert(!memory->handles[handle].locks);
    return memory->handles[handle].content;
}

static int new_handle(struct disk_memory *memory, uint32_t name, bool locks)
{
    for (int i = 0; i < HANDLES_MAX; i++) {
        if (memory->handles[i].open) continue;
        memory->handles[i] = (struct handle){ memory->names[name].now, true, locks, name };
        return i;
    }
    assert(false && "the disk in memory has too many handles open");
    return -1;
}

static bool memory_make_folder(void *state, const char *path, struct error *err)
{
    struct disk_memory *memory = state;
    (void)path; // folders are part of the names
    return call_ends(memory, call_begins(memory), "make a folder", err);
}

static bool memory_exists(void *state, const char *path)
{
    struct disk_memory *memory = state;
    pthread_mutex_lock(&memory->mutex);
    bool there = !memory->dark && content_named(memory, path) != NULL;
    pthread_mutex_unlock(&memory->mutex);
    return there;
}

static bool memory_open(void *state, const char *path, bool create, int *handle, struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    uint32_t name = name_index(memory, path);
    bool there = memory->names[name].now != NULL;
    if (!there && create && takes_effect(fate)) {
        memory->names[name].now = new_content(memory);
        change(memory, name, name);
    }
    if (fate == FATE_DONE && !there && !create) {
        pthread_mutex_unlock(&memory->mutex);
        return error_set(err, ERROR_NOT_FOUND, "could not open '%s': it is not there", path);
    }
    if (fate == FATE_DONE) *handle = new_handle(memory, name, false);
    return call_ends(memory, fate, "open a file", err);
}

static void memory_close(void *state, int handle)
{
    struct disk_memory *memory = state;
    pthread_mutex_lock(&memory->mutex);
    assert(handle >= 0 && handle < HANDLES_MAX);
    assert(memory->handles[handle].open);
    memory->handles[handle].open = false;
    pthread_mutex_unlock(&memory->mutex);
}

static bool memory_read(void *state, int handle, uint64_t at, void *into, size_t size, size_t *got,
                        struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    const struct bytes *now = &content_of(memory, handle)->now;
    if (fate == FATE_DONE) {
        uint64_t there = at < now->size ? now->size - at : 0;
        *got = there < size ? (size_t)there : size;
        if (*got > 0) memcpy(into, now->at + at, *got);
    }
    return call_ends(memory, fate, "read", err);
}

static bool memory_write(void *state, int handle, uint64_t at, const void *bytes, size_t size,
                         struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    struct content *content = content_of(memory, handle);
    if (fate == FATE_DONE && memory->full && at + size > content->now.size)
        return call_full(memory, err);
    size_t done = fate == FATE_HALF_DONE ? (size_t)random_below(memory, size + 1)
                  : takes_effect(fate)   ? size
                                         : 0;
    if (done > 0) {
        put(&content->now, at, bytes, done);
        pend(content, at, bytes, done);
    }
    return call_ends(memory, fate, "write", err);
}

static bool memory_allocate(void *state, int handle, uint64_t size, struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    struct content *content = content_of(memory, handle);
    if (fate == FATE_DONE && memory->full && size > content->now.size)
        return call_full(memory, err);
    if (takes_effect(fate)) {
        grow(&content->now, size);
        pend(content, size, NULL, 0);
    }
    return call_ends(memory, fate, "make room", err);
}

static bool memory_sync(void *state, int handle, struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    struct content *content = content_of(memory, handle);
    if (fate == FATE_DONE) sync_whole(content);
    else if (!memory->dark) sync_by_chance(memory, content);
    return call_ends(memory, fate, "sync", err);
}

static bool memory_rename(void *state, const char *from, const char *to, struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    uint32_t old = name_index(memory, from), new = name_index(memory, to);
    assert(memory->dark || memory->names[old].now != NULL);
    if (takes_effect(fate)) change(memory, old, new);
    return call_ends(memory, fate, "rename", err);
}

static bool memory_sync_folder(void *state, const char *path, struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    if (fate == FATE_DONE) settle_changes(memory, path, false);
    else if (!memory->dark) settle_changes(memory, path, true);
    return call_ends(memory, fate, "sync a folder", err);
}

static bool memory_lock(void *state, const char *path, int *handle, struct error *err)
{
    struct disk_memory *memory = state;
    enum fate fate = call_begins(memory);
    uint32_t name = name_index(memory, path);
    for (int i = 0; i < HANDLES_MAX && fate == FATE_DONE; i++) {
        const struct handle *other = &memory->handles[i];
        if (!other->open || !other->locks || other->name != name) continue;
        pthread_mutex_unlock(&memory->mutex);
        return error_set(err, ERROR_UNAVAILABLE, "the store is in use by process %ld",
                         (long)getpid());
    }
    if (fate == FATE_DONE) *handle = new_handle(memory, name, true);
    return call_ends(memory, fate, "lock", err);
}

// --- The disk as tests hold it ---

struct disk_memory *disk_memory_open(void)
{
    struct disk_memory *memory = calloc(1, sizeof(*memory));
    assert(memory != NULL);
    pthread_mutex_init(&memory->mutex, NULL);
    return memory;
}

void disk_memory_close(struct disk_memory *memory)
{
    if (memory == NULL) return;
    for (uint32_t i = 0; i < memory->contents_count; i++) {
        struct content *content = memory->contents[i];
        clear_pending(content);
        free(content->now.at);
        free(content->kept.at);
        free(content);
    }
    pthread_mutex_destroy(&memory->mutex);
    free(memory);
}

static struct content *same_content(const struct disk_memory *from, struct disk_memory *into,
                                    const struct content *content)
{
    for (uint32_t i = 0; i < from->contents_count; i++)
        if (from->contents[i] == content) return into->contents[i];
    return NULL;
}

struct disk_memory *disk_memory_copy(const struct disk_memory *memory)
{
    struct disk_memory *copy = disk_memory_open();
    for (uint32_t i = 0; i < memory->contents_count; i++) {
        const struct content *from = memory->contents[i];
        struct content *into = new_content(copy);
        into->now = copy_of(from->now.at, from->now.size);
        into->kept = copy_of(from->kept.at, from->kept.size);
        for (uint32_t p = 0; p < from->pending_count; p++) {
            const struct pending *pending = &from->pending[p];
            pend(into, pending->from, pending->bytes.at, pending->bytes.size);
        }
    }
    copy->names_count = memory->names_count;
    for (uint32_t i = 0; i < memory->names_count; i++) {
        copy->names[i] = memory->names[i];
        copy->names[i].now = same_content(memory, copy, memory->names[i].now);
        copy->names[i].kept = same_content(memory, copy, memory->names[i].kept);
    }
    copy->changes_count = memory->changes_count;
    for (uint32_t i = 0; i < memory->changes_count; i++) {
        copy->changes[i] = memory->changes[i];
        copy->changes[i].content = same_content(memory, copy, memory->changes[i].content);
    }
    copy->dark = memory->dark;
    return copy;
}

struct disk disk_memory_disk(struct disk_memory *memory)
{
    return (struct disk){ .state = memory, .make_folder = memory_make_folder,
        .exists = memory_exists, .open = memory_open, .close = memory_close, .read = memory_read,
        .write = memory_write, .allocate = memory_allocate, .sync = memory_sync,
        .rename = memory_rename, .sync_folder = memory_sync_folder, .lock = memory_lock };
}

void disk_memory_trouble(struct disk_memory *memory, enum disk_trouble trouble, uint64_t at_call,
                         uint64_t seed)
{
    memory->trouble = trouble;
    memory->at_call = at_call;
    memory->random = seed;
    memory->calls = 0;
    memory->full = false;
}

uint64_t disk_memory_calls(const struct disk_memory *memory) { return memory->calls; }

void disk_memory_power_back(struct disk_memory *memory, uint64_t seed)
{
    for (int i = 0; i < HANDLES_MAX; i++) assert(!memory->handles[i].open);
    disk_memory_trouble(memory, DISK_WELL, 0, seed);
    memory->dark = false;
    settle_changes(memory, NULL, true);
    memory->changes_count = 0;
    for (uint32_t i = 0; i < memory->contents_count; i++) {
        struct content *content = memory->contents[i];
        sync_by_chance(memory, content);
        free(content->now.at);
        content->now = copy_of(content->kept.at, content->kept.size);
    }
    for (uint32_t i = 0; i < memory->names_count; i++) memory->names[i].now = memory->names[i].kept;
}

const char *disk_memory_name(const struct disk_memory *memory, uint32_t index, uint64_t *size)
{
    for (uint32_t i = 0; i < memory->names_count; i++) {
        const struct name *name = &memory->names[i];
        if (name->now == NULL || index-- > 0) continue;
        *size = name->now->now.size;
        return name->path;
    }
    return NULL;
}

bool disk_memory_same(const struct disk_memory *a, const struct disk_memory *b, const char *path)
{
    const struct content *one = content_named(a, path), *other = content_named(b, path);
    if (one == NULL || other == NULL) return one == other;
    return one->now.size == other->now.size &&
           (one->now.size == 0 || memcmp(one->now.at, other->now.at, one->now.size) == 0);
}

void disk_memory_alter(struct disk_memory *memory, const char *path, uint64_t at, const void *bytes,
                       size_t size)
{
    struct content *content = content_named(memory, path);
    assert(content != NULL);
    assert(at + size <= content->now.size);
    put(&content->now, at, bytes, size);
    put(&content->kept, at, bytes, size);
}

void disk_memory_remove(struct disk_memory *memory, const char *path)
{
    struct name *name = &memory->names[name_index(memory, path)];
    assert(name->now != NULL);
    name->now = name->kept = NULL;
}
