#include "gates/demo/season.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "consignment/model.h"
#include "gates/demo/acts.h"
#include "gates/http/guests.h"
#include "office/small_file.h"
#include "port/chance.h"
#include "port/port.h"
#include "port/trader.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, IN_HAND_MAX = 6, RETRY_MS = 1000 };
enum { USUAL_SEED = 1, USUAL_PER_DAY = 360, USUAL_DAYS = 14 };

struct season {
    struct office *office;
    struct port port;
    int64_t until_ms;                // where the history ends
    uint64_t next;                   // the next declaration's number
    struct actors actors;
    struct arena arena;              // of one declaration
    struct one_case list[CASES_MAX];
    struct span played[8];
    char played_text[8][16];
    _Atomic int64_t past_ms;         // the clock while the history is lodged; 0: the wall's
    uint32_t speed;
    pthread_t thread;
    bool running;
    pthread_mutex_t lock;            // of what is below
    pthread_cond_t changed;
    struct cases cases;
    bool heard, stopping;
};

// --- The clock -----------------------------------------------------------------------------------

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t season_now_ms(void *context)
{
    struct season *season = context;
    int64_t past_ms = season->past_ms;
    return past_ms > 0 ? past_ms : wall_ms();
}

// --- Opening -------------------------------------------------------------------------------------

bool season_new(struct season **made, struct error *err)
{
    struct season *season = calloc(1, sizeof(*season));
    if (season == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the season");
    pthread_mutex_init(&season->lock, NULL);
    pthread_cond_init(&season->changed, NULL);
    season->cases = (struct cases){ .list = season->list, .hurry = 1, .played = season->played };
    *made = season;
    if (arena_open(&season->arena, (size_t)8 * MIB, err) &&
        arena_open(&season->actors.arena, (size_t)32 * MIB, err))
        return true;
    season_free(season);
    *made = NULL;
    return false;
}

// The traders whom people of the demonstration act for.
static bool know_played(struct season *season, struct error *err)
{
    for (uint32_t i = 0; i < guests_count; i++) {
        struct span id;
        if (guests[i].role != ROLE_TRADER) continue;
        uint32_t at = season->cases.played_count;
        if (!trader_id(guests[i].trader, &season->arena, &id) ||
            id.len >= sizeof(season->played_text[0]))
            return error_set(err, ERROR_TOO_LARGE, "no memory for the season");
        memcpy(season->played_text[at], id.at, id.len);
        season->played[at] = (struct span){ season->played_text[at], id.len };
        season->cases.played_count++;
    }
    return true;
}

static bool read_beginning(struct season *season, struct span text, struct error *err)
{
    uint64_t numbers[4];
    for (int i = 0; i < 4; i++) {
        struct span_pair cut = span_cut(text, i < 3 ? ' ' : '\n');
        if (!span_to_u64(cut.head, &numbers[i]) || numbers[i] >= INT64_MAX) {
            error_set(err, ERROR_DAMAGED, "the file 'season' of the store cannot be read");
            return error_hint(err, "Put it back, or begin another season: --store FOLDER.");
        }
        text = cut.tail;
    }
    season->port = (struct port){ .seed = numbers[0], .per_day = (uint32_t)numbers[1],
                                  .first_day = { (int32_t)numbers[2], true } };
    season->until_ms = (int64_t)numbers[3];
    return true;
}

static bool begin(struct season *season, const char *store, const struct season_beginning *wanted,
                  struct error *err)
{
    _Alignas(16) char memory[512];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text = text_in(&arena, 128);
    uint64_t days = wanted->days > 0 ? wanted->days : USUAL_DAYS;
    season->until_ms = wall_ms();
    season->port = (struct port){
        .seed = wanted->seed > 0 ? wanted->seed : USUAL_SEED,
        .per_day = wanted->per_day > 0 ? (uint32_t)wanted->per_day : USUAL_PER_DAY,
        .first_day = { (int32_t)(season->until_ms / DAY_MS - (int64_t)days), true } };
    text_add_format(&text, "%" PRIu64 " %u %d %" PRId64 "\n", season->port.seed,
                    season->port.per_day, season->port.first_day.days, season->until_ms);
    assert(!text.full);
    return small_file_write(store, "season", text_span(&text), 0644, true, err);
}

static bool is_as_begun(const struct season *season, const struct season_beginning *wanted,
                        struct error *err)
{
    int64_t days = season->until_ms / DAY_MS - season->port.first_day.days;
    if ((wanted->seed == 0 || wanted->seed == season->port.seed) &&
        (wanted->per_day == 0 || wanted->per_day == season->port.per_day) &&
        (wanted->days == 0 || (int64_t)wanted->days == days))
        return true;
    error_set(err, ERROR_CONFLICT, "the season of this store was begun with --seed %" PRIu64
              " --per-day %u --days %" PRId64, season->port.seed, season->port.per_day, days);
    return error_hint(err, "Begin another one in another folder: --store FOLDER.");
}

// --- How far it is -------------------------------------------------------------------------------

// In any of the years in which it may have been lodged: they stand in its name.
static bool is_lodged(struct season *season, uint64_t n, bool *found, struct error *err)
{
    int64_t at_ms = port_lodged_ms(&season->port, 0), year_ms = INT64_C(365) * DAY_MS;
    int64_t end_ms = wall_ms() + year_ms;
    *found = false;
    for (; at_ms < end_ms && !*found; at_ms += year_ms) {
        struct view_row row;
        struct span ucr;
        arena_reset(&season->arena, 0);
        if (!port_ucr(&season->port, n, at_ms, &season->arena, &ucr))
            return error_set(err, ERROR_TOO_LARGE, "no memory for the season");
        if (!views_find(office_views(season->office), ucr, &season->arena, &row, found, err))
            return false;
    }
    return true;
}

static bool find_next(struct season *season, struct error *err)
{
    uint64_t low = 0, high = 1; // all below `low` are lodged, `high` is not
    bool found = true;
    while (found) {
        if (!is_lodged(season, high - 1, &found, err)) return false;
        if (found) {
            low = high;
            high *= 2;
        }
    }
    for (high--; low < high;) {
        uint64_t middle = low + (high - low) / 2;
        if (!is_lodged(season, middle, &found, err)) return false;
        if (found) low = middle + 1;
        else high = middle;
    }
    season->next = low;
    return true;
}

static void hear(struct season *season, const struct view_row *row, int64_t now_ms)
{
    uint64_t number;
    if (!port_number_of(&season->port, row->file, &number)) return;
    cases_hear(&season->cases, number, row, now_ms);
}

static bool hear_queue(struct season *season, struct error *err)
{
    struct views_waiting any = { 0 };
    struct views_page page;
    uint64_t waiting;
    arena_reset(&season->arena, 0);
    if (!views_queue(office_views(season->office), &any, SPAN(""), CASES_MAX, &season->arena, &page,
                     &waiting, err))
        return false;
    int64_t now_ms = season_now_ms(season);
    for (uint32_t i = 0; i < page.count; i++) hear(season, &page.rows[i], now_ms);
    return true;
}

bool season_open(struct season *season, struct office *office, const char *store,
                 const struct season_beginning *beginning, struct error *err)
{
    char kept[SMALL_FILE_MAX];
    size_t size;
    struct error missing;
    season->office = season->actors.office = office;
    season->actors.port = &season->port;
    if (small_file_read(store, "season", kept, &size, &missing)) {
        if (!read_beginning(season, (struct span){ kept, size }, err)) return false;
    } else if (missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    } else if (!begin(season, store, beginning, err)) {
        return false;
    }
    season->cases.seed = season->port.seed;
    return is_as_begun(season, beginning, err) && know_played(season, err) &&
           find_next(season, err) && hear_queue(season, err);
}

void season_hear(void *context, const struct view_row *row)
{
    struct season *season = context;
    pthread_mutex_lock(&season->lock);
    if (season->port.per_day > 0) hear(season, row, season_now_ms(season));
    season->heard = true;
    pthread_cond_signal(&season->changed);
    pthread_mutex_unlock(&season->lock);
}

// --- What happens --------------------------------------------------------------------------------

static bool read_json(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    struct json json;
    (void)how;
    *dropped = (struct dropped){ 0 };
    return json_read(text, arena, &json, err) &&
           declaration_read_json(&json, 0, arena, declaration, err);
}

static bool lodge_next(struct season *season, int64_t at_ms, struct error *err)
{
    struct declaration declaration;
    struct answer answer;
    struct span text;
    arena_reset(&season->arena, 0);
    if (!port_declaration_at(&season->port, season->next, at_ms, &season->arena, &declaration, err))
        return false;
    struct json_writer w = json_writer_in(&season->arena, (size_t)8 * KIB);
    declaration_write_json(&w, &declaration);
    if (!json_written(&w, &text, err)) return false;
    struct message message = { .kind = MESSAGE_DECLARATION, .text = text,
                               .who = SIMULATED_WHO "trader" };
    if (!office_send(season->office, &message, read_json, NULL, &season->arena, &answer, err))
        return false;
    *err = answer.err;
    if (answer.kind == ANSWER_UNAVAILABLE) return false;
    season->next++; // a name that somebody took by hand is passed over
    return true;
}

// Somebody's next act that is due by then, and when it is; false: there is none.
static bool find_act(struct season *season, int64_t by_ms, struct one_case *one, bool *claims)
{
    pthread_mutex_lock(&season->lock);
    struct cases *cases = &season->cases;
    struct one_case *due = cases_due(cases);
    bool found = due != NULL && due->due_ms <= by_ms;
    *claims = !found && cases_count(cases, TURN_NOBODY) > SEASON_BACKLOG &&
              cases_count(cases, TURN_OFFICER) < IN_HAND_MAX;
    if (*claims) due = cases_oldest(cases);
    if (found || *claims) *one = *due;
    pthread_mutex_unlock(&season->lock);
    return found || *claims;
}

// What did not come about is left alone, until its news say how it is.
static void drop(struct season *season, const struct one_case *one)
{
    pthread_mutex_lock(&season->lock);
    struct cases *cases = &season->cases;
    for (uint32_t i = 0; i < cases->count; i++) {
        bool same = cases->list[i].number == one->number &&
                    cases->list[i].due_ms == one->due_ms && cases->list[i].turn == one->turn;
        if (same) cases_drop(cases, &cases->list[i--]);
    }
    pthread_mutex_unlock(&season->lock);
}

// Everything that is due by then. False only when the office cannot.
static bool act_all(struct season *season, int64_t by_ms, struct error *err)
{
    struct one_case one;
    bool claims;
    while (find_act(season, by_ms, &one, &claims)) {
        if (season->past_ms > 0 && !claims && one.due_ms > season->past_ms)
            season->past_ms = one.due_ms;
        if (claims ? act_claim(&season->actors, &one, err) : act_next(&season->actors, &one, err))
            continue;
        if (err->kind == ERROR_UNAVAILABLE) return false;
        drop(season, &one);
    }
    return true;
}

bool season_catch_up(struct season *season,
                     bool (*told)(void *context, uint64_t done, uint64_t all), void *context,
                     struct error *err)
{
    uint64_t all = port_count_by(&season->port, season->until_ms);
    bool goes_on = true, done = true;
    while (goes_on && done && season->next < all) {
        int64_t at_ms = port_lodged_ms(&season->port, season->next);
        if (season->past_ms == 0) season->past_ms = at_ms;
        done = act_all(season, at_ms, err);
        season->past_ms = at_ms;
        done = done && lodge_next(season, at_ms, err);
        goes_on = told(context, season->next, all);
    }
    season->past_ms = 0;
    return done;
}

// --- Going on ------------------------------------------------------------------------------------

static int64_t next_in_ms(const struct season *season)
{
    struct chance chance = chance_of(season->port.seed, CHANCE_OFFICE, season->next);
    int64_t between = DAY_MS / season->port.per_day / season->speed;
    return between * chance_between(&chance, 20, 180) / 100;
}

// Waits until then, until something changed, or until it is to end.
static bool wait_until(struct season *season, int64_t at_ms)
{
    pthread_mutex_lock(&season->lock);
    struct one_case *due = cases_due(&season->cases);
    if (due != NULL && due->due_ms < at_ms) at_ms = due->due_ms;
    struct timespec until = { .tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000 };
    while (!season->heard && !season->stopping)
        if (pthread_cond_timedwait(&season->changed, &season->lock, &until) != 0) break;
    season->heard = false;
    bool goes_on = !season->stopping;
    pthread_mutex_unlock(&season->lock);
    return goes_on;
}

static void *go_on(void *context)
{
    struct season *season = context;
    int64_t next_ms = wall_ms();
    while (wait_until(season, next_ms)) {
        struct error err;
        int64_t now_ms = wall_ms();
        bool done = act_all(season, now_ms, &err);
        if (done && now_ms >= next_ms) {
            done = lodge_next(season, now_ms, &err);
            next_ms = now_ms + next_in_ms(season);
        }
        if (!done) next_ms = now_ms + RETRY_MS; // the office says why, in the log
    }
    return NULL;
}

bool season_go_on(struct season *season, uint32_t speed, struct error *err)
{
    assert(speed > 0);
    season->speed = speed;
    pthread_mutex_lock(&season->lock);
    cases_hurry(&season->cases, speed, wall_ms());
    pthread_mutex_unlock(&season->lock);
    if (pthread_create(&season->thread, NULL, go_on, season) != 0)
        return error_set(err, ERROR_UNAVAILABLE, "could not start the season's thread");
    season->running = true;
    return true;
}

void season_stop(struct season *season)
{
    if (season == NULL || !season->running) return;
    pthread_mutex_lock(&season->lock);
    season->stopping = true;
    pthread_cond_signal(&season->changed);
    pthread_mutex_unlock(&season->lock);
    pthread_join(season->thread, NULL);
    season->running = false;
}

void season_free(struct season *season)
{
    if (season == NULL) return;
    assert(!season->running);
    arena_close(&season->arena);
    arena_close(&season->actors.arena);
    pthread_mutex_destroy(&season->lock);
    pthread_cond_destroy(&season->changed);
    free(season);
}
