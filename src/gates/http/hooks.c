#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/http/hooks_inside.h"
#include "office/small_file.h"

// A hook is WORKING while what is sent is taken, FAILING from the first try that was not until the
// next that is, and STOPPED by 410, or after so many days of nothing but failures; a replay starts
// it again.
//
//   WORKING <--2xx-- FAILING --410, three days--> STOPPED
//      |                ^                            |
//      +---not taken----+           WORKING <--replay+

enum {
    SCRATCH_SIZE = 64 * MIB,             // reserved; a walk touches little, an append its own size
    BEGIN_ARENA_SIZE = 16 * MIB,
    TOGETHER_MS = 20,                    // changes of so long are looked at together
    SAVE_EVERY_MS = 5 * 1000,
    SAVE_EVERY_FACTS = 100000,
    IDLE_MS = 60 * 1000,
    DRAIN_MS = 5 * 1000,
};

#define MS_NS UINT64_C(1000000)

static const char folder_name[] = "hooks";
static const char key_name[] = "hooks.key";

const char *hook_state_name(enum hook_state state)
{
    static const char *const names[] = { "working", "failing", "stopped" };
    assert(state <= HOOK_STOPPED);
    return names[state];
}

static void folder_path(const struct hooks *hooks, char path[SMALL_FILE_PATH_MAX])
{
    small_file_path(hooks->settings.store, folder_name, path);
}

// --- How far a hook is ---------------------------------------------------------------------------

// Everything before it was taken, or is no event of the hook's.
static struct hook_place reached(const struct hook *hook)
{
    const struct hook_event *first = &hook->queue[hook->first];
    return hook->count > 0 ? (struct hook_place){ first->leaf, first->position } : hook->taken;
}

//   size position failing-since failures
static void save(struct hooks *hooks, struct hook *hook)
{
    char folder[SMALL_FILE_PATH_MAX], line[128];
    struct error err;
    pthread_mutex_lock(&hooks->lock);
    struct hook_place place = reached(hook);
    int len = snprintf(line, sizeof(line), "%llu %llu %lld %u\n", (unsigned long long)place.size,
                       (unsigned long long)place.position, (long long)hook->failing_since_ms,
                       hook->failures);
    hook->saved_size = place.size;
    hook->unsaved = false;
    pthread_mutex_unlock(&hooks->lock);
    folder_path(hooks, folder);
    bool kept = (mkdir(folder, 0700) == 0 || errno == EEXIST) &&
                small_file_write(folder, hook->id, (struct span){ line, (size_t)len }, 0600, true,
                                 &err);
    if (kept) return;
    pthread_mutex_lock(&hooks->lock);
    hook->unsaved = true; // until then, a restart sends some of it again
    pthread_mutex_unlock(&hooks->lock);
}

static bool read_numbers(struct span line, uint64_t *numbers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct span_pair cut = span_cut(line, ' ');
        if (!span_to_u64(cut.head, &numbers[i])) return false;
        line = cut.tail;
    }
    return line.len == 0;
}

// Without the file, or with one that cannot be, it begins where it was set up.
static void load(struct hooks *hooks, struct hook *hook, const struct store_seal *seal)
{
    char folder[SMALL_FILE_PATH_MAX], text[SMALL_FILE_MAX];
    size_t size;
    struct error err;
    uint64_t numbers[4];
    folder_path(hooks, folder);
    if (!small_file_read(folder, hook->id, text, &size, &err) ||
        !read_numbers(span_trim((struct span){ text, size }), numbers, 4) ||
        numbers[0] > seal->tree_size)
        return;
    if (numbers[1] > seal->end) numbers[1] = 0;
    hook->saved_size = numbers[0];
    hook->taken = (struct hook_place){ numbers[0], numbers[1] };
    hook->counted = hook->taken;
    hook->failing_since_ms = (int64_t)numbers[2];
    hook->failures = (uint32_t)(numbers[3] < UINT32_MAX ? numbers[3] : 0);
}

static void forget(const struct hooks *hooks, const struct hook *hook)
{
    char folder[SMALL_FILE_PATH_MAX], path[SMALL_FILE_PATH_MAX];
    folder_path(hooks, folder);
    small_file_path(folder, hook->id, path);
    unlink(path);
}

// Also one that hears nothing moves on.
static bool wants_saving(const struct hook *hook, bool last)
{
    uint64_t far = last ? 1 : SAVE_EVERY_FACTS;
    return !hook->ended && (hook->unsaved || reached(hook).size >= hook->saved_size + far);
}

static void save_all(struct hooks *hooks, bool last)
{
    struct hook *list[HOOKS_MAX]; // hooks are freed by this thread alone
    uint32_t count = 0;
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++)
        if (wants_saving(hooks->list[i], last)) list[count++] = hooks->list[i];
    pthread_mutex_unlock(&hooks->lock);
    for (uint32_t i = 0; i < count; i++) save(hooks, list[i]);
    hooks->saved_ns = hooks->settings.ticks_ns();
}

// --- One hook ------------------------------------------------------------------------------------

void hook_say(struct hook *hook, struct span trouble)
{
    size_t len = trouble.len < HOOK_TROUBLE_MAX ? trouble.len : HOOK_TROUBLE_MAX - 1;
    if (len > 0) memcpy(hook->trouble, trouble.at, len);
    hook->trouble[len] = '\0';
}

static struct hook *hook_make(const struct hooks *hooks, const struct hook_entry *entry)
{
    struct error err;
    struct hook *hook = calloc(1, sizeof(*hook) + entry->organisation.len);
    if (hook == NULL) return NULL;
    assert(entry->id.len == HOOK_ID_LEN);
    memcpy(hook->id, entry->id.at, HOOK_ID_LEN);
    memcpy(hook + 1, entry->organisation.at, entry->organisation.len);
    hook->organisation = (struct span){ (const char *)(hook + 1), entry->organisation.len };
    snprintf(hook->url, sizeof(hook->url), SPAN_FMT, SPAN_ARG(entry->url));
    hook_say(hook, entry->stopped);
    hook->made_ms = entry->made_ms;
    hook->stopped = entry->stopped.len > 0;
    hook->taken.size = hook->counted.size = entry->after;
    hook->refused = !hook_url_fits(entry->url, &hooks->insiders, &hook->inside, &err);
    if (hook->refused && !hook->stopped) hook_say(hook, span_of(err.text));
    return hook;
}

static bool add(struct hooks *hooks, struct hook *hook, struct error *err)
{
    if (hook == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for another webhook");
    if (hooks->count == HOOKS_MAX) {
        free(hook);
        error_set(err, ERROR_DAMAGED, "there are more webhooks than there may be");
        return false;
    }
    hooks->list[hooks->count++] = hook;
    hooks->live += !hook->stopped;
    return true;
}

// Frees those that have ended and have nothing under way.
static void bury(struct hooks *hooks)
{
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count;) {
        struct hook *hook = hooks->list[i];
        if (!hook->ended || hook->delivery != NULL) {
            i++;
            continue;
        }
        hooks->count--;
        for (uint32_t j = i; j < hooks->count; j++) hooks->list[j] = hooks->list[j + 1];
        forget(hooks, hook);
        free(hook);
    }
    pthread_mutex_unlock(&hooks->lock);
}

// The lock is held. NULL when the organisation has none of that id.
static struct hook *find(struct hooks *hooks, struct span organisation, struct span id,
                         struct error *err)
{
    for (uint32_t i = 0; i < hooks->count; i++) {
        struct hook *hook = hooks->list[i];
        if (!hook->ended && span_equal(span_of(hook->id), id) &&
            span_equal(hook->organisation, organisation))
            return hook;
    }
    error_set(err, ERROR_NOT_FOUND, "there is no such webhook");
    return NULL;
}

// --- The thread ----------------------------------------------------------------------------------

static int wait_ms(struct hooks *hooks, bool more)
{
    uint64_t now_ns = hooks->settings.ticks_ns(), next_ns = hooks_next_ns(hooks);
    if (more) return 0;
    if (hooks->live == 0) return IDLE_MS;
    uint64_t wait = next_ns <= now_ns ? 0 : (next_ns - now_ns) / MS_NS + 1;
    if (hooks->woken && wait > TOGETHER_MS) wait = TOGETHER_MS;
    return (int)(wait < SAVE_EVERY_MS ? wait : SAVE_EVERY_MS);
}

// Looks into the journal when something was kept, and when queues have room; now and then also
// unasked, for what could not be read at its time.
static bool look(struct hooks *hooks)
{
    uint64_t since_ns = hooks->settings.ticks_ns() - hooks->walked_ns;
    if (hooks->live == 0 || since_ns < TOGETHER_MS * MS_NS) return false;
    bool news = atomic_exchange(&hooks->woken, false) || since_ns > SAVE_EVERY_MS * MS_NS;
    bool more = hooks_walk(hooks, news);
    if (more) hooks->woken = true;
    else if (news) hooks->walked_ns = hooks->settings.ticks_ns();
    return more;
}

static void turn(struct hooks *hooks)
{
    int running;
    bool more = look(hooks);
    hooks_send(hooks);
    curl_multi_perform(hooks->multi, &running);
    hooks_take(hooks);
    bury(hooks);
    bool is_time = hooks->settings.ticks_ns() - hooks->saved_ns >= SAVE_EVERY_MS * MS_NS;
    if (is_time) save_all(hooks, false);
    hooks_send(hooks);
    curl_multi_poll(hooks->multi, NULL, 0, wait_ms(hooks, more), NULL);
}

static void drain(struct hooks *hooks)
{
    uint64_t until_ns = hooks->settings.ticks_ns() + DRAIN_MS * MS_NS;
    while (hooks->under_way > 0 && hooks->settings.ticks_ns() < until_ns) {
        int running;
        curl_multi_perform(hooks->multi, &running);
        hooks_take(hooks);
        if (hooks->under_way > 0) curl_multi_poll(hooks->multi, NULL, 0, 100, NULL);
    }
    hooks_drop(hooks);
    bury(hooks);
    save_all(hooks, true);
}

static void *run(void *context)
{
    struct hooks *hooks = context;
    while (!hooks->ending) turn(hooks);
    drain(hooks);
    return NULL;
}

void hooks_wake(struct hooks *hooks)
{
    if (hooks->live > 0 && !atomic_exchange(&hooks->woken, true)) curl_multi_wakeup(hooks->multi);
}

// Something is to be done at once.
static void nudge(struct hooks *hooks)
{
    hooks->woken = true;
    curl_multi_wakeup(hooks->multi);
}

// --- Opening and closing -------------------------------------------------------------------------

static bool make_key(struct hooks *hooks, struct error *err)
{
    _Alignas(16) char memory[512];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text hex = text_in(&arena, 128);
    hooks->settings.random(hooks->key, HOOKS_KEY_SIZE);
    hex_write(&hex, hooks->key, HOOKS_KEY_SIZE);
    text_add_char(&hex, '\n');
    return small_file_write(hooks->settings.store, key_name, text_span(&hex), 0600, true, err);
}

static bool bad_key(const struct hooks *hooks, const char *what, struct error *err)
{
    error_set(err, ERROR_DAMAGED, "the key of the webhooks is %s", what);
    return error_hint(err, "Put it back at '%s/%s'; or write 64 hex digits there, and let traders "
                      "set up theirs anew.", hooks->settings.store, key_name);
}

// The first hook makes it; then it must be there, or receivers would not believe us.
static bool open_key(struct hooks *hooks, bool needed, struct error *err)
{
    char text[SMALL_FILE_MAX];
    size_t size;
    struct error missing;
    if (small_file_read(hooks->settings.store, key_name, text, &size, &missing))
        return hex_read(span_trim((struct span){ text, size }), hooks->key, HOOKS_KEY_SIZE) ||
               bad_key(hooks, "none", err);
    if (missing.kind == ERROR_NOT_FOUND)
        return needed ? bad_key(hooks, "missing", err) : make_key(hooks, err);
    *err = missing;
    return false;
}

static bool read_book(struct hooks *hooks, struct error *err)
{
    struct arena arena;
    struct hook_entry *entries = NULL;
    struct store_seal seal;
    uint32_t count = 0;
    if (!arena_open(&arena, BEGIN_ARENA_SIZE, err)) return false;
    bool read = office_seal(hooks->settings.office, &arena, &seal, err) &&
                hook_book_read(hooks->settings.office, &arena, &entries, &count, err) &&
                open_key(hooks, count > 0, err);
    for (uint32_t i = 0; read && i < count; i++) {
        struct hook *hook = hook_make(hooks, &entries[i]);
        read = add(hooks, hook, err);
        if (read) load(hooks, hook, &seal);
    }
    arena_close(&arena);
    return read;
}

bool hooks_open(struct hooks **opened, struct error *err)
{
    struct hooks *hooks = calloc(1, sizeof(*hooks));
    if (hooks == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the webhooks");
    pthread_mutex_init(&hooks->setting_up, NULL);
    pthread_mutex_init(&hooks->lock, NULL);
    *opened = hooks;
    hooks->multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;
    if (hooks->multi != NULL && arena_open(&hooks->scratch, SCRATCH_SIZE, err) &&
        arena_open(&hooks->arena, SCRATCH_SIZE, err))
        return true;
    if (hooks->multi == NULL) error_set(err, ERROR_UNAVAILABLE, "could not start libcurl");
    hooks_close(hooks);
    *opened = NULL;
    return false;
}

bool hooks_begin(struct hooks *hooks, const struct hooks_settings *settings, struct error *err)
{
    hooks->settings = *settings;
    if (!hook_insiders_read(settings->insiders, &hooks->insiders, err) || !read_book(hooks, err))
        return false;
    hooks->running = pthread_create(&hooks->thread, NULL, run, hooks) == 0;
    return hooks->running ||
           error_set(err, ERROR_UNAVAILABLE, "could not start the thread of the webhooks");
}

void hooks_end(struct hooks *hooks)
{
    if (hooks == NULL || !hooks->running) return;
    hooks->ending = true;
    curl_multi_wakeup(hooks->multi);
    pthread_join(hooks->thread, NULL);
    hooks->running = false;
    hooks->live = 0; // nobody is woken any more
}

void hooks_close(struct hooks *hooks)
{
    if (hooks == NULL) return;
    hooks_end(hooks);
    for (uint32_t i = 0; i < hooks->count; i++) free(hooks->list[i]);
    if (hooks->multi != NULL) curl_multi_cleanup(hooks->multi);
    curl_global_cleanup();
    arena_close(&hooks->scratch);
    arena_close(&hooks->arena);
    pthread_mutex_destroy(&hooks->lock);
    pthread_mutex_destroy(&hooks->setting_up);
    free(hooks);
}

// --- For the routes ------------------------------------------------------------------------------

static bool has_room(struct hooks *hooks, struct span organisation, struct error *err)
{
    uint32_t own = 0;
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++)
        own += !hooks->list[i]->ended && span_equal(hooks->list[i]->organisation, organisation);
    bool full = hooks->count == HOOKS_MAX;
    pthread_mutex_unlock(&hooks->lock);
    if (full) return error_set(err, ERROR_CONFLICT, "there are as many webhooks as there may be");
    if (own < HOOKS_OF_ONE_MAX) return true;
    error_set(err, ERROR_CONFLICT, "you have %u webhooks, as many as there may be", own);
    return error_hint(err, "Remove one first.");
}

static bool size_now(struct hooks *hooks, uint64_t *size, struct error *err)
{
    struct arena arena;
    struct store_seal seal;
    if (!arena_open(&arena, (size_t)2 * CHECKPOINT_MAX, err)) return false;
    bool known = office_seal(hooks->settings.office, &arena, &seal, err);
    if (known) *size = seal.tree_size;
    arena_close(&arena);
    return known;
}

// One after the other, so that no more are kept than there is room for.
static bool keep(struct hooks *hooks, const struct hook_entry *entry, struct span who,
                 struct error *err)
{
    pthread_mutex_lock(&hooks->setting_up);
    bool kept = has_room(hooks, entry->organisation, err) &&
                hook_book_set_up(hooks->settings.office, entry, who, err);
    if (kept) {
        struct hook *hook = hook_make(hooks, entry);
        pthread_mutex_lock(&hooks->lock);
        kept = add(hooks, hook, err);
        pthread_mutex_unlock(&hooks->lock);
    }
    pthread_mutex_unlock(&hooks->setting_up);
    return kept;
}

bool hooks_set_up(struct hooks *hooks, struct span organisation, struct span url, struct span who,
                  char id[HOOK_ID_LEN + 1], struct text *secret, struct error *err)
{
    uint8_t chance[HOOK_ID_LEN / 2];
    bool inside;
    struct text hex = text_in(secret->arena, HOOK_ID_LEN + 1);
    struct hook_entry entry = { .organisation = organisation, .url = url,
                                .made_ms = hooks->settings.now_ms() };
    if (!hook_url_fits(url, &hooks->insiders, &inside, err)) return error_field(err, "url");
    // What was kept before it was set up is not sent, unless it is replayed.
    if (!size_now(hooks, &entry.after, err)) return false;
    hooks->settings.random(chance, sizeof(chance));
    hex_write(&hex, chance, sizeof(chance));
    if (hex.full) return error_set(err, ERROR_TOO_LARGE, "the request does not fit into memory");
    entry.id = text_span(&hex);
    if (!keep(hooks, &entry, who, err)) return false;
    memcpy(id, entry.id.at, HOOK_ID_LEN + 1);
    hook_secret_write(secret, hook_secret((struct span){ (const char *)hooks->key,
                                                         HOOKS_KEY_SIZE }, entry.id));
    nudge(hooks);
    return true;
}

bool hooks_remove(struct hooks *hooks, struct span organisation, struct span id, struct span who,
                  struct error *err)
{
    pthread_mutex_lock(&hooks->lock);
    bool found = find(hooks, organisation, id, err) != NULL;
    pthread_mutex_unlock(&hooks->lock);
    if (!found || !hook_book_end(hooks->settings.office, id, who, err)) return false;
    pthread_mutex_lock(&hooks->lock);
    struct hook *hook = find(hooks, organisation, id, err);
    if (hook != NULL) {
        hook->ended = true;
        hooks->live -= !hook->stopped;
    }
    pthread_mutex_unlock(&hooks->lock);
    nudge(hooks);
    return hook != NULL;
}

static void begin_again(struct hooks *hooks, struct hook *hook, uint64_t after)
{
    hooks->live += hook->stopped;
    hook->stopped = false;
    hook->taken = hook->counted = (struct hook_place){ after, 0 };
    hook->first = hook->count = 0;
    hook->beyond = 0;
    hook->failures = 0;
    hook->failing_since_ms = 0;
    hook->next_ns = 0;
    if (!hook->refused) hook_say(hook, SPAN(""));
    hook->replays++;
    hook->unsaved = true;
}

static bool is_event(struct hooks *hooks, uint64_t after, struct error *err)
{
    uint64_t size;
    if (!size_now(hooks, &size, err)) return false;
    if (after <= size) return true;
    error_set(err, ERROR_SYNTAX, "there is no event %llu yet", (unsigned long long)after);
    return error_field(err, "after");
}

bool hooks_replay(struct hooks *hooks, struct span organisation, struct span id, uint64_t after,
                  struct span who, struct error *err)
{
    pthread_mutex_lock(&hooks->lock);
    const struct hook *found = find(hooks, organisation, id, err);
    bool there = found != NULL, was_stopped = there && found->stopped;
    pthread_mutex_unlock(&hooks->lock);
    if (!there || !is_event(hooks, after, err)) return false;
    if (was_stopped && !hook_book_start(hooks->settings.office, id, who, err)) return false;
    pthread_mutex_lock(&hooks->lock);
    struct hook *hook = find(hooks, organisation, id, err);
    if (hook != NULL) begin_again(hooks, hook, after);
    pthread_mutex_unlock(&hooks->lock);
    nudge(hooks);
    return hook != NULL;
}

static enum hook_state state_of(const struct hook *hook)
{
    if (hook->stopped) return HOOK_STOPPED;
    return hook->failures > 0 || hook->refused ? HOOK_FAILING : HOOK_WORKING;
}

void hooks_each(struct hooks *hooks, struct span organisation,
                void (*each)(void *context, const struct hook_shown *shown), void *context)
{
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++) {
        const struct hook *hook = hooks->list[i];
        if (hook->ended || !span_equal(hook->organisation, organisation)) continue;
        struct hook_shown shown = {
            .id = span_of(hook->id), .url = span_of(hook->url), .made_ms = hook->made_ms,
            .last_ms = hook->last_ms, .last_status = hook->last_status, .state = state_of(hook),
            .trouble = span_of(hook->trouble), .waiting = hook->count + hook->beyond,
        };
        each(context, &shown);
    }
    pthread_mutex_unlock(&hooks->lock);
}

void hooks_figures(struct hooks *hooks, struct hooks_figures *figures)
{
    pthread_mutex_lock(&hooks->lock);
    *figures = (struct hooks_figures){ .delivered = hooks->delivered, .failed = hooks->failed };
    for (uint32_t i = 0; i < hooks->count; i++) {
        const struct hook *hook = hooks->list[i];
        if (hook->ended) continue;
        figures->count++;
        figures->waiting += hook->count + hook->beyond;
    }
    pthread_mutex_unlock(&hooks->lock);
}
