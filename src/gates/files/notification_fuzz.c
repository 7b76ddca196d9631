#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "gates/files/xml_read.h"
#include "office/verify.h"

enum { ARENA = 64 * MIB };

static void lies_within(struct span s, size_t most)
{
    assert(s.len <= most);
}

static void check_notification(const struct notification *n)
{
    lies_within(n->function_code, 3);
    lies_within(n->id, 35);
    assert(n->items.count <= DECLARATION_ITEMS_MAX);
    for (uint32_t i = 0; i < n->items.count; i++) {
        assert(n->items.at[i].charges.count <= STATED_CHARGES_MAX);
        for (uint32_t c = 0; c < n->items.at[i].charges.count; c++)
            lies_within(n->items.at[i].charges.at[c].type_code, 3);
    }
}

// A declaration with an item of that value, so that all rules are gone through.
static struct declaration declaration_of(struct item *item, const struct notification *n)
{
    static struct procedure procedures[2] = { { SPAN_INIT("53"), SPAN_INIT("00") },
                                              { SPAN_INIT("C28"), SPAN_INIT("") } };
    *item = (struct item){ .price = { decimal_of(n->version.value, 2), notification_currency(n) } };
    item->procedures.at = procedures;
    item->procedures.count = 1 + n->version.value % 2;
    struct declaration declaration = { .type_code = SPAN("IMA") };
    declaration.items.at = item;
    declaration.items.count = 1;
    return declaration;
}

// Each line has a verdict, and whatever is not equal says why.
static void check_verified(const struct notification *n, const struct declaration *declaration,
                           struct arena *arena)
{
    struct verified verified;
    struct error err = { 0 };
    uint32_t count = 0;
    struct verify_asked asked = { .notification = n, .declaration = declaration };
    for (uint32_t i = 0; i < n->items.count; i++) count += n->items.at[i].charges.count;
    if (!office_verify(&asked, arena, &verified, &err)) {
        assert(err.kind == ERROR_TOO_LARGE);
        return;
    }
    assert(verified.count == count);
    for (uint32_t i = 0; i < verified.count; i++) {
        const struct verified_line *line = &verified.lines[i];
        assert(line->result >= VERIFY_FITS || line->text.len > 0);
        assert(line->result != VERIFY_EQUAL || line->source == VERIFY_FROM_DECLARATION);
        assert(line->result != VERIFY_FITS || line->source != VERIFY_FROM_DECLARATION);
        assert((line->source == VERIFY_NOT_COMPUTABLE) == (line->result == VERIFY_CANNOT_TELL));
        assert(declaration != NULL || line->source <= VERIFY_FROM_STATED_AMOUNTS);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct xml_map *map;
    static struct arena arena;
    if (map == NULL &&
        (!xml_map_open_notifications(&map, NULL) || !arena_open(&arena, ARENA, NULL)))
        abort();
    struct span text = { (const char *)data, size };
    struct notification notification;
    struct dropped dropped;
    struct error err = { 0 };
    if (xml_read_notification(map, text, &arena, &notification, &dropped, &err)) {
        struct item item;
        struct declaration declaration = declaration_of(&item, &notification);
        assert(err.kind == ERROR_NONE);
        check_notification(&notification);
        check_verified(&notification, &declaration, &arena);
        check_verified(&notification, NULL, &arena);
    } else {
        assert(err.kind != ERROR_NONE && err.kind != ERROR_UNAVAILABLE);
        assert(err.text[0] != '\0');
        assert(err.line >= 1 && err.column >= 1);
    }
    arena_reset(&arena, 0);
    return 0;
}
