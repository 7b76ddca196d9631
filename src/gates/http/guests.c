#include "gates/http/guests.h"

#include <assert.h>

#include "account/password.h"
#include "port/trader.h"

const struct guest guests[] = {
    { SPAN_INIT("demo-trader"), SPAN_INIT("Demo trader of a trading house"), ROLE_TRADER, 0 },
    { SPAN_INIT("demo-courier"), SPAN_INIT("Demo clerk of a courier"), ROLE_TRADER, TRADERS },
    { SPAN_INIT("demo-officer"), SPAN_INIT("Demo officer"), ROLE_OFFICER, 0 },
    { SPAN_INIT("demo-supervisor"), SPAN_INIT("Demo supervisor"), ROLE_SUPERVISOR, 0 },
    { SPAN_INIT("demo-analyst"), SPAN_INIT("Demo analyst"), ROLE_ANALYST, 0 },
    { SPAN_INIT("demo-auditor"), SPAN_INIT("Demo auditor"), ROLE_AUDITOR, 0 },
    { SPAN_INIT("demo-admin"), SPAN_INIT("Demo administrator"), ROLE_ADMINISTRATOR, 0 },
};
const uint32_t guests_count = sizeof(guests) / sizeof(guests[0]);

bool guest_is(struct span name)
{
    for (uint32_t i = 0; i < guests_count; i++)
        if (span_equal(guests[i].name, name)) return true;
    return false;
}

// A password of chance, which is forgotten at once.
static bool make_password(struct door *door, struct arena *arena, struct record *record,
                          struct error *err)
{
    uint8_t chance[32];
    char kept[PASSWORD_KEPT_SIZE];
    struct text secret = text_in(arena, 2 * sizeof(chance));
    door_random(door, chance, sizeof(chance));
    hex_write(&secret, chance, sizeof(chance));
    record->kind = FACT_PASSWORD_SET;
    return password_keep(text_span(&secret), kept, err) &&
           body_password_set(span_of(kept), arena, &record->body, err);
}

static bool make(struct door *door, const struct guest *guest, struct arena *arena,
                 struct error *err)
{
    uint8_t chance[32];
    door_random(door, chance, sizeof(chance));
    struct invited invited = {
        .display = guest->display, .language = SPAN("en"), .role = guest->role,
        .link = link_hash((struct span){ (const char *)chance, sizeof(chance) }),
        .ends_ms = door_now(door) + 1,
    };
    struct record records[2] = { { .kind = FACT_INVITED, .who = SPAN("simulated:demo") },
                                 { .who = SPAN("simulated:demo") } };
    if (guest->role == ROLE_TRADER && !trader_id(guest->trader, arena, &invited.organisation))
        return error_set(err, ERROR_TOO_LARGE, "no memory for the people of the demonstration");
    return body_invited(&invited, arena, &records[0].body, err) &&
           make_password(door, arena, &records[1], err) &&
           people_change(door_people(door), guest->name, records, 2, err);
}

bool guests_make(struct door *door, struct office *store, struct error *err)
{
    _Alignas(16) static char memory[16384];
    struct people *people = door_people(door);
    assert(office_is_simulated(store));
    for (uint32_t i = 0; i < guests_count; i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct person *person = people_find(people, guests[i].name);
        bool there = person != NULL;
        people_let_go(people, person);
        if (!there && !make(door, &guests[i], &arena, err)) return false;
    }
    return true;
}
