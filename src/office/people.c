#include "office/people.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "consignment/body.h"

enum {
    PERSON_ARENA_SIZE = 1 * MIB,         // reserved; some KB of it are touched
    CHANGE_ARENA_SIZE = 32 * MIB,        // for the facts of one account
};

// By what a person is found.
struct handle { uint64_t key; uint32_t person; };
struct handles { struct handle *at; uint32_t count; };

struct people {
    struct office *office;
    int64_t (*now_ms)(void *clock);
    void *clock;
    pthread_mutex_t changing;            // held while one account changes
    pthread_mutex_t lock;                // of what is below, and of `held`
    struct person **list;                // by name
    uint32_t count, count_max;
    struct handles tokens, passkeys;     // by key
    struct arena scratch;                // of who changes
};

// --- One person ----------------------------------------------------------------------------------

static void person_close(struct person *person)
{
    if (person == NULL) return;
    arena_close(&person->arena);
    free(person);
}

static bool fold(struct people *people, struct span name, struct account *account,
                 struct arena *arena, struct error *err)
{
    struct span file;
    struct fact *facts = NULL;
    uint32_t count;
    if (!account_open(account, name, arena, err)) return false;
    if (!account_file_name(name, &people->scratch, &file, err)) return false;
    if (!office_own(people->office, file, &people->scratch, &facts, &count, err)) return false;
    for (uint32_t i = 0; i < count; i++)
        if (!account_add(account, &facts[i], arena, err)) return false;
    return true;
}

static struct person *person_read(struct people *people, struct span name, struct error *err)
{
    struct person *person = calloc(1, sizeof(*person));
    if (person == NULL) {
        error_set(err, ERROR_UNAVAILABLE, "no memory for another account");
        return NULL;
    }
    person->held = 1;
    arena_reset(&people->scratch, 0);
    if (arena_open(&person->arena, PERSON_ARENA_SIZE, err) &&
        fold(people, name, &person->account, &person->arena, err))
        return person;
    person_close(person);
    return NULL;
}

// --- The list ------------------------------------------------------------------------------------

// Where a person of that name stands, or would.
static uint32_t place_of(const struct people *people, struct span name, bool *there)
{
    uint32_t low = 0, high = people->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = span_compare(people->list[middle]->account.name, name);
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    *there = low < people->count && span_equal(people->list[low]->account.name, name);
    return low;
}

static int compare_handles(const void *one, const void *other)
{
    const struct handle *a = one, *b = other;
    return (a->key > b->key) - (a->key < b->key);
}

static bool make_handles(struct people *people, struct handles *tokens, struct handles *passkeys)
{
    uint32_t tokens_count = 0, passkeys_count = 0;
    for (uint32_t i = 0; i < people->count; i++) {
        tokens_count += people->list[i]->account.tokens_count;
        passkeys_count += people->list[i]->account.passkeys_count;
    }
    *tokens = (struct handles){ calloc(tokens_count + 1, sizeof(struct handle)), tokens_count };
    *passkeys = (struct handles){ calloc(passkeys_count + 1, sizeof(struct handle)),
                                  passkeys_count };
    if (tokens->at == NULL || passkeys->at == NULL) {
        free(tokens->at);
        free(passkeys->at);
        return false;
    }
    struct handle *token = tokens->at, *passkey = passkeys->at;
    for (uint32_t i = 0; i < people->count; i++) {
        const struct account *account = &people->list[i]->account;
        for (uint32_t t = 0; t < account->tokens_count; t++)
            *token++ = (struct handle){ key_of(span_of(account->tokens[t].id)), i };
        for (uint32_t p = 0; p < account->passkeys_count; p++)
            *passkey++ = (struct handle){ key_of(account->passkeys[p].credential), i };
    }
    qsort(tokens->at, tokens_count, sizeof(struct handle), compare_handles);
    qsort(passkeys->at, passkeys_count, sizeof(struct handle), compare_handles);
    return true;
}

// Finds everybody anew by what they hold now.
static bool index_people(struct people *people, struct error *err)
{
    struct handles tokens, passkeys;
    if (!make_handles(people, &tokens, &passkeys))
        return error_set(err, ERROR_UNAVAILABLE, "no memory to find the accounts");
    free(people->tokens.at);
    free(people->passkeys.at);
    people->tokens = tokens;
    people->passkeys = passkeys;
    return true;
}

static bool make_room(struct people *people, struct error *err)
{
    if (people->count < people->count_max) return true;
    uint32_t wanted = people->count_max == 0 ? 64 : people->count_max * 2;
    struct person **list = realloc(people->list, wanted * sizeof(void *));
    if (list == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for another account");
    people->list = list;
    people->count_max = wanted;
    return true;
}

static void let_go(struct person *person)
{
    assert(person->held > 0);
    if (--person->held == 0) person_close(person);
}

// Puts the person into the list, in place of what was there under the name. It is the list's then,
// or gone.
static bool put(struct people *people, struct person *person, struct error *err)
{
    bool there;
    if (!make_room(people, err)) {
        person_close(person);
        return false;
    }
    uint32_t place = place_of(people, person->account.name, &there);
    if (there) {
        let_go(people->list[place]);
    } else {
        for (uint32_t i = people->count++; i > place; i--) people->list[i] = people->list[i - 1];
    }
    people->list[place] = person;
    return index_people(people, err);
}

// --- The roster ----------------------------------------------------------------------------------

static const struct span roster = SPAN_INIT("~people");

static bool write_listed(struct span name, struct arena *arena, struct span *body,
                         struct error *err)
{
    struct json_writer w = body_open(arena, 64);
    body_put_text(&w, "name", name);
    return body_close(&w, body, err);
}

static bool read_listed(const struct fact *fact, struct arena *arena, struct span *name,
                        struct error *err)
{
    struct members m;
    if (!members_open(&m, fact->body, arena, err)) return false;
    *name = members_text(&m, 0, "name", NEEDED);
    return members_ok(&m, err);
}

// A name that was listed and got no account was cut off in between: nobody of that name came in.
static bool read_one(struct people *people, struct span name, struct error *err)
{
    struct person *person = person_read(people, name, err);
    if (person == NULL) return false;
    if (person->account.state != ACCOUNT_EMPTY) return put(people, person, err);
    person_close(person);
    return true;
}

static bool read_all(struct people *people, struct error *err)
{
    struct arena arena;
    struct fact *facts = NULL;
    uint32_t count;
    if (!arena_open(&arena, (size_t)256 * MIB, err)) return false;
    bool read = office_own(people->office, roster, &arena, &facts, &count, err);
    for (uint32_t i = 0; read && i < count; i++) {
        struct span name;
        read = read_listed(&facts[i], &arena, &name, err) && read_one(people, name, err);
    }
    arena_close(&arena);
    return read;
}

bool people_open(struct people **opened, struct office *office, int64_t (*now_ms)(void *clock),
                 void *clock, struct error *err)
{
    struct people *people = calloc(1, sizeof(*people));
    if (people == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the accounts");
    people->office = office;
    people->now_ms = now_ms;
    people->clock = clock;
    pthread_mutex_init(&people->changing, NULL);
    pthread_mutex_init(&people->lock, NULL);
    if (arena_open(&people->scratch, CHANGE_ARENA_SIZE, err) && read_all(people, err)) {
        *opened = people;
        return true;
    }
    people_close(people);
    return false;
}

void people_close(struct people *people)
{
    if (people == NULL) return;
    for (uint32_t i = 0; i < people->count; i++) let_go(people->list[i]);
    free(people->list);
    free(people->tokens.at);
    free(people->passkeys.at);
    arena_close(&people->scratch);
    pthread_mutex_destroy(&people->changing);
    pthread_mutex_destroy(&people->lock);
    free(people);
}

// --- Finding -------------------------------------------------------------------------------------

uint32_t people_count(struct people *people)
{
    pthread_mutex_lock(&people->lock);
    uint32_t count = people->count;
    pthread_mutex_unlock(&people->lock);
    return count;
}

struct person *people_find(struct people *people, struct span name)
{
    bool there;
    pthread_mutex_lock(&people->lock);
    uint32_t place = place_of(people, name, &there);
    struct person *person = there ? people->list[place] : NULL;
    if (person != NULL) person->held++;
    pthread_mutex_unlock(&people->lock);
    return person;
}

static bool holds_token(const struct account *account, const void *id)
{
    return account_token(account, id) != NULL;
}

static bool holds_passkey(const struct account *account, const void *credential)
{
    return account_passkey(account, *(const struct span *)credential) != NULL;
}

// Two keys may be equal: whoever is found is asked.
static struct person *find_by(struct people *people, const struct handles *handles, uint64_t key,
                              bool (*holds)(const struct account *account, const void *what),
                              const void *what)
{
    uint32_t low = 0, high = handles->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (handles->at[middle].key < key) low = middle + 1;
        else high = middle;
    }
    for (; low < handles->count && handles->at[low].key == key; low++) {
        struct person *person = people->list[handles->at[low].person];
        if (!holds(&person->account, what)) continue;
        person->held++;
        return person;
    }
    return NULL;
}

struct person *people_of_token(struct people *people, const char id[TOKEN_ID_LEN + 1])
{
    pthread_mutex_lock(&people->lock);
    struct person *person = find_by(people, &people->tokens, key_of(span_of(id)), holds_token, id);
    pthread_mutex_unlock(&people->lock);
    return person;
}

struct person *people_of_passkey(struct people *people, struct span credential)
{
    pthread_mutex_lock(&people->lock);
    struct person *person = find_by(people, &people->passkeys, key_of(credential), holds_passkey,
                                    &credential);
    pthread_mutex_unlock(&people->lock);
    return person;
}

void people_let_go(struct people *people, struct person *person)
{
    if (person == NULL) return;
    pthread_mutex_lock(&people->lock);
    let_go(person);
    pthread_mutex_unlock(&people->lock);
}

void people_each(struct people *people,
                 bool (*each)(void *context, const struct account *account), void *context)
{
    pthread_mutex_lock(&people->lock);
    for (uint32_t i = 0; i < people->count; i++)
        if (!each(context, &people->list[i]->account)) break;
    pthread_mutex_unlock(&people->lock);
}

// --- Changing ------------------------------------------------------------------------------------

// A token or passkey finds one person only.
static bool is_anothers(struct people *people, const struct account *account)
{
    bool another = false;
    for (uint32_t i = 0; i < account->tokens_count && !another; i++) {
        struct person *found = people_of_token(people, account->tokens[i].id);
        another = found != NULL && !span_equal(found->account.name, account->name);
        people_let_go(people, found);
    }
    for (uint32_t i = 0; i < account->passkeys_count && !another; i++) {
        struct person *found = people_of_passkey(people, account->passkeys[i].credential);
        another = found != NULL && !span_equal(found->account.name, account->name);
        people_let_go(people, found);
    }
    return another;
}

// Would the facts follow? `had` is how many there were.
static bool try_facts(struct people *people, struct span name, struct span file,
                      const struct record *records, uint32_t count, uint32_t *had,
                      struct error *err)
{
    struct arena *scratch = &people->scratch;
    struct account *account = arena_take(scratch, 1, sizeof(*account));
    if (account == NULL) return error_set(err, ERROR_TOO_LARGE, "the account does not fit");
    if (!fold(people, name, account, scratch, err)) return false;
    *had = account->facts_count;
    for (uint32_t i = 0; i < count; i++) {
        struct fact fact = { .kind = records[i].kind, .seq = account->facts_count + 1,
                             .at_ms = people->now_ms(people->clock), .file = file,
                             .who = records[i].who, .body = records[i].body };
        if (!account_add(account, &fact, scratch, err)) return false;
    }
    if (!is_anothers(people, account)) return true;
    error_set(err, ERROR_CONFLICT, "the passkey is somebody else's already");
    return error_hint(err, "Use another passkey.");
}

static bool keep(struct people *people, struct span file, const struct record *records,
                 uint32_t count, uint32_t had, struct error *err)
{
    struct answer answer;
    struct message message = { .kind = MESSAGE_OWN, .who = "office:people", .file = file,
                               .records = records, .records_count = count, .after = had };
    if (!office_send(people->office, &message, NULL, NULL, &people->scratch, &answer, err))
        return false;
    if (answer.kind == ANSWER_LODGED) return true;
    *err = answer.err;
    return false;
}

// Before the first fact of an account its name is listed, so that it is found at the next start.
static bool list(struct people *people, struct span name, struct span who, struct error *err)
{
    struct record record = { .kind = FACT_LISTED, .who = who };
    return write_listed(name, &people->scratch, &record.body, err) &&
           keep(people, roster, &record, 1, ANY_FACTS, err);
}

static bool change(struct people *people, struct span name, const struct record *records,
                   uint32_t count, struct error *err)
{
    struct span file;
    uint32_t had = 0;
    arena_reset(&people->scratch, 0);
    if (!account_file_name(name, &people->scratch, &file, err)) return false;
    if (!try_facts(people, name, file, records, count, &had, err)) return false;
    if (had == 0 && !list(people, name, records[0].who, err)) return false;
    if (!keep(people, file, records, count, had, err)) return false;

    struct person *person = person_read(people, name, err);
    if (person == NULL) return false;
    pthread_mutex_lock(&people->lock);
    bool done = put(people, person, err);
    pthread_mutex_unlock(&people->lock);
    return done;
}

bool people_change(struct people *people, struct span name, const struct record *records,
                   uint32_t count, struct error *err)
{
    assert(count > 0);
    pthread_mutex_lock(&people->changing);
    bool changed = change(people, name, records, count, err);
    pthread_mutex_unlock(&people->changing);
    return changed;
}
