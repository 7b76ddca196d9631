#include "gates/http/invite.h"

bool invite(struct door *door, const struct invitation *invitation, const char *who,
            struct arena *arena, struct span *link, struct error *err)
{
    uint8_t chance[32];
    struct text secret = text_in(arena, 2 * sizeof(chance) + 1), text = text_in(arena, 256);
    struct record record = { FACT_INVITED, span_of(who), { 0 } };
    door_random(door, chance, sizeof(chance));
    hex_write(&secret, chance, sizeof(chance));
    struct invited invited = {
        .display = invitation->display, .organisation = invitation->organisation,
        .language = invitation->language, .role = invitation->role,
        .link = link_hash(text_span(&secret)),
        .ends_ms = door_now(door) + (int64_t)INVITE_DAYS * 24 * 60 * 60 * 1000,
    };
    text_add(&text, door_asks(door).origins[0]);
    text_add(&text, SPAN("/desk/signin?link="));
    text_add(&text, invitation->name);
    text_add_char(&text, '~');
    text_add(&text, text_span(&secret));
    if (text.full || secret.full)
        return error_set(err, ERROR_TOO_LARGE, "the link does not fit into memory");
    *link = text_span(&text);
    return body_invited(&invited, arena, &record.body, err) &&
           people_change(door_people(door), invitation->name, &record, 1, err);
}
