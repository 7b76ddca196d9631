#include "account/session.h"

#include <assert.h>
#include <sodium.h>

// Rows are found by the first bytes of their hash: a bucket holds the number of its first row, each
// row that of the next in its bucket. Rows that are free are a list of their own. Hashes of chance
// spread evenly, and nobody can choose one that is in the table.
#define NONE UINT32_MAX

struct session_row {
    struct sha256 value;
    struct session session;      // no account: the row is free
    uint32_t next;
};

const char *session_verdict_sentence(enum session_verdict verdict)
{
    static const char *const sentences[SESSION_VERDICT_COUNT] = {
        [SESSION_UNTOLD] = "nothing is known of this session",
        [SESSION_GOOD] = "signed in",
        [SESSION_UNKNOWN] = "not signed in",
        [SESSION_IDLE] = "signed out: nothing was done for half an hour",
        [SESSION_OVER] = "signed out: sign in again after twelve hours",
    };
    assert(verdict < SESSION_VERDICT_COUNT);
    return sentences[verdict];
}

bool session_table_open(struct session_table *table, uint32_t count_max, struct arena *arena,
                        struct error *err)
{
    assert(count_max > 0);
    assert(count_max <= SESSIONS_MAX);
    *table = (struct session_table){ .count_max = count_max, .buckets_count = 1 };
    while (table->buckets_count < count_max) table->buckets_count *= 2;
    void *rows, *buckets;
    if (!arena_need(arena, count_max, sizeof(struct session_row), &rows, "the sessions", err) ||
        !arena_need(arena, table->buckets_count, sizeof(uint32_t), &buckets, "the sessions", err))
        return false;
    if (pthread_mutex_init(&table->lock, NULL) != 0)
        return error_set(err, ERROR_UNAVAILABLE, "could not make a lock for the sessions");
    table->rows = rows;
    table->buckets = buckets;
    for (uint32_t i = 0; i < table->buckets_count; i++) table->buckets[i] = NONE;
    for (uint32_t i = 0; i < count_max; i++)
        table->rows[i].next = i + 1 < count_max ? i + 1 : NONE;
    table->free = 0;
    return true;
}

void session_table_close(struct session_table *table)
{
    if (table->rows == NULL) return;
    sodium_memzero(table->rows, table->count_max * sizeof(*table->rows));
    pthread_mutex_destroy(&table->lock);
    *table = (struct session_table){ 0 };
}

// --- Rows; the lock is held ---

static uint32_t *bucket_of(struct session_table *table, const struct sha256 *value)
{
    uint32_t word;
    memcpy(&word, value->bytes, sizeof(word));
    return &table->buckets[word & (table->buckets_count - 1)];
}

// Where the number of the row stands: in its bucket, or in the row before it.
static uint32_t *place_of(struct session_table *table, const struct sha256 *value)
{
    uint32_t *place = bucket_of(table, value);
    while (*place != NONE && !sha256_equal(table->rows[*place].value, *value))
        place = &table->rows[*place].next;
    return place;
}

static void row_link(struct session_table *table, uint32_t row)
{
    uint32_t *bucket = bucket_of(table, &table->rows[row].value);
    table->rows[row].next = *bucket;
    *bucket = row;
}

static void row_free(struct session_table *table, uint32_t *place)
{
    uint32_t row = *place;
    assert(row != NONE);
    *place = table->rows[row].next;
    sodium_memzero(&table->rows[row], sizeof(table->rows[row]));
    table->rows[row].next = table->free;
    table->free = row;
    table->count--;
}

static void row_end(struct session_table *table, uint32_t row)
{
    row_free(table, place_of(table, &table->rows[row].value));
}

static bool is_free(const struct session_row *row)
{
    return row->session.account[0] == '\0';
}

static bool is_of(const struct session_row *row, struct span account)
{
    return span_equal(span_of(row->session.account), account);
}

static enum session_verdict state_of(const struct session *session, int64_t now_ms)
{
    if (now_ms - session->began_ms >= SESSION_WHOLE_MS) return SESSION_OVER;
    return now_ms - session->seen_ms >= SESSION_IDLE_MS ? SESSION_IDLE : SESSION_GOOD;
}

// Ends what has ended; of an account that has as many as it may, its longest idle one; and if the
// table is full still, the longest idle of all. One walk: a sign-in costs far more than that.
static void make_room(struct session_table *table, struct span account, int64_t now_ms)
{
    uint32_t idlest = NONE, own_idlest = NONE, own_count = 0;
    for (uint32_t i = 0; i < table->count_max; i++) {
        struct session_row *row = &table->rows[i];
        if (is_free(row)) continue;
        if (state_of(&row->session, now_ms) != SESSION_GOOD) {
            row_end(table, i);
            continue;
        }
        int64_t seen_ms = row->session.seen_ms;
        if (idlest == NONE || seen_ms < table->rows[idlest].session.seen_ms) idlest = i;
        if (!is_of(row, account)) continue;
        own_count++;
        if (own_idlest == NONE || seen_ms < table->rows[own_idlest].session.seen_ms) own_idlest = i;
    }
    if (own_count >= SESSIONS_OF_ONE_MAX) row_end(table, own_idlest);
    else if (table->free == NONE) row_end(table, idlest);
    assert(table->free != NONE);
}

// A cookie's value and its hash, and the CSRF token, from chance.
static void row_name(struct session_row *row, const uint8_t chance[SESSION_CHANCE],
                     char value[SESSION_VALUE_LEN + 1])
{
    sodium_bin2hex(value, SESSION_VALUE_LEN + 1, chance, SESSION_CHANCE / 2);
    sodium_bin2hex(row->session.csrf, sizeof(row->session.csrf), chance + SESSION_CHANCE / 2,
                   SESSION_CHANCE / 2);
    row->value = sha256_of((struct span){ value, SESSION_VALUE_LEN });
}

// Where a session stands that is good; what has ended is freed.
static enum session_verdict find(struct session_table *table, struct span value, int64_t now_ms,
                                 uint32_t **place)
{
    if (value.len != SESSION_VALUE_LEN) return SESSION_UNKNOWN;
    struct sha256 hash = sha256_of(value);
    *place = place_of(table, &hash);
    if (**place == NONE) return SESSION_UNKNOWN;
    enum session_verdict verdict = state_of(&table->rows[**place].session, now_ms);
    if (verdict != SESSION_GOOD) row_free(table, *place);
    return verdict;
}

static void touch(struct session *session, int64_t now_ms)
{
    if (now_ms > session->seen_ms) session->seen_ms = now_ms;
}

// --- What may be asked ---

void session_begin(struct session_table *table, struct span account, bool user_verified,
                   int64_t now_ms, const uint8_t chance[SESSION_CHANCE],
                   char value[SESSION_VALUE_LEN + 1], struct session *session)
{
    assert(account.len > 0);
    assert(account.len <= ACCOUNT_NAME_MAX);
    pthread_mutex_lock(&table->lock);
    make_room(table, account, now_ms);
    uint32_t number = table->free;
    struct session_row *row = &table->rows[number];
    table->free = row->next;
    table->count++;

    row->session = (struct session){ .began_ms = now_ms, .seen_ms = now_ms,
                                     .user_verified_ms = user_verified ? now_ms : 0 };
    memcpy(row->session.account, account.at, account.len);
    row_name(row, chance, value);
    assert(*place_of(table, &row->value) == NONE); // chance does not repeat itself
    row_link(table, number);
    *session = row->session;
    pthread_mutex_unlock(&table->lock);
}

enum session_verdict session_find(struct session_table *table, struct span value,
                                  enum session_use use, int64_t now_ms, struct session *session)
{
    uint32_t *place;
    pthread_mutex_lock(&table->lock);
    enum session_verdict verdict = find(table, value, now_ms, &place);
    if (verdict == SESSION_GOOD) {
        struct session *found = &table->rows[*place].session;
        if (use == SESSION_ACTS) touch(found, now_ms);
        *session = *found;
    }
    pthread_mutex_unlock(&table->lock);
    return verdict;
}

enum session_verdict session_renew(struct session_table *table, struct span value,
                                   bool user_verified, int64_t now_ms,
                                   const uint8_t chance[SESSION_CHANCE],
                                   char other[SESSION_VALUE_LEN + 1], struct session *session)
{
    uint32_t *place;
    pthread_mutex_lock(&table->lock);
    enum session_verdict verdict = find(table, value, now_ms, &place);
    if (verdict == SESSION_GOOD) {
        uint32_t number = *place;
        struct session_row *row = &table->rows[number];
        *place = row->next;
        row_name(row, chance, other);
        assert(*place_of(table, &row->value) == NONE);
        row_link(table, number);
        touch(&row->session, now_ms);
        if (user_verified) row->session.user_verified_ms = now_ms;
        *session = row->session;
    }
    pthread_mutex_unlock(&table->lock);
    return verdict;
}

bool session_end(struct session_table *table, struct span value)
{
    if (value.len != SESSION_VALUE_LEN) return false;
    struct sha256 hash = sha256_of(value);
    pthread_mutex_lock(&table->lock);
    uint32_t *place = place_of(table, &hash);
    bool found = *place != NONE;
    if (found) row_free(table, place);
    pthread_mutex_unlock(&table->lock);
    return found;
}

uint32_t session_end_others(struct session_table *table, struct span account, struct span value)
{
    struct sha256 hash = sha256_of(value);
    uint32_t ended = 0;
    assert(account.len > 0);
    pthread_mutex_lock(&table->lock);
    for (uint32_t i = 0; i < table->count_max; i++) {
        const struct session_row *row = &table->rows[i];
        if (!is_of(row, account) || sha256_equal(row->value, hash)) continue;
        row_end(table, i);
        ended++;
    }
    pthread_mutex_unlock(&table->lock);
    return ended;
}

uint32_t session_end_all(struct session_table *table, struct span account)
{
    return session_end_others(table, account, SPAN(""));
}

uint32_t session_count(struct session_table *table, int64_t now_ms)
{
    uint32_t count = 0;
    pthread_mutex_lock(&table->lock);
    for (uint32_t i = 0; i < table->count_max; i++)
        count += !is_free(&table->rows[i]) &&
                 state_of(&table->rows[i].session, now_ms) == SESSION_GOOD;
    pthread_mutex_unlock(&table->lock);
    return count;
}

bool session_csrf_fits(const struct session *session, struct span token)
{
    return token.len == SESSION_VALUE_LEN &&
           sodium_memcmp(session->csrf, token.at, SESSION_VALUE_LEN) == 0;
}

// 1. Each row is either free and in the list of those, or in the bucket of its hash.
// 2. `count` are not free.
// 3. No session has been seen before it began.
void session_table_invariants(struct session_table *table)
{
    uint32_t used = 0, spare = 0;
    pthread_mutex_lock(&table->lock);
    for (uint32_t i = 0; i < table->count_max; i++) {
        const struct session_row *row = &table->rows[i];
        if (is_free(row)) continue;
        assert(*place_of(table, &row->value) == i);
        assert(row->session.seen_ms >= row->session.began_ms);
        used++;
    }
    for (uint32_t i = table->free; i != NONE; i = table->rows[i].next) {
        assert(is_free(&table->rows[i]));
        spare++;
        assert(spare <= table->count_max);
    }
    assert(used == table->count);
    assert(used + spare == table->count_max);
    pthread_mutex_unlock(&table->lock);
}
