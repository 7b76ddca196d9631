// The value of made-up declarations against arithmetic as it is taught at school.
#include "clearance/value/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "clearance/scene.h"

__extension__ typedef __int128 int128;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct chance { uint64_t state; };

static uint32_t below(struct chance *chance, uint32_t limit)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((chance->state >> 33) % limit);
}

static const struct { const char *code; int64_t digits; unsigned scale;
} peers[] = {
    { "EUR", 1, 0 },    { "USD", 8550, 4 },  { "JPY", 6135, 6 },
    { "KWD", 3009, 3 }, { "GBP", 11537, 4 },
};

static int128 ten_to(unsigned power)
{
    int128 result = 1;
    for (unsigned i = 0; i < power; i++) result *= 10;
    return result;
}

// An amount that was made up: so many digits, a currency, and what it is in cents of EUR.
struct made { uint32_t digits; unsigned scale, peer; int64_t cents; };

static struct made make(struct chance *chance, uint32_t most)
{
    struct made m = { 1 + below(chance, most), below(chance, 5), below(chance, COUNT(peers)), 0 };
    int128 cents = (int128)m.digits * peers[m.peer].digits * 100;
    int128 divisor = ten_to(m.scale + peers[m.peer].scale);
    int128 twice = cents * 2 / divisor; // halves, cut; an odd one is rounded up
    m.cents = (int64_t)((twice + 1) / 2);
    return m;
}

static void add_made(struct text *text, const char *name, const struct made *m)
{
    text_add_format(text, "'%s':{'currency':'%s','value':'", name, peers[m->peer].code);
    uint32_t unit = (uint32_t)ten_to(m->scale);
    text_add_format(text, "%u", m->digits / unit);
    if (m->scale > 0) text_add_format(text, ".%0*u", (int)m->scale, m->digits % unit);
    text_add(text, SPAN("'}"));
}

enum { ITEMS_MAX = 9, CHARGES_MAX = 4 };
static const struct { const char *code; int sign; } signs[] = {
    { "AB", 1 },  { "AE", 1 },  { "AI", 1 },  { "AN", 1 },
    { "BB", -1 }, { "BD", -1 }, { "BF", -1 }, { "BG", -1 },
};

// A declaration that was made up, and what its items are worth without freight and insurance.
struct made_up {
    struct made prices[ITEMS_MAX], freight, insurance;
    int64_t own[ITEMS_MAX];
    uint32_t items;
};

static void make_item(struct chance *chance, struct made_up *m, uint32_t i, struct text *text)
{
    m->prices[i] = make(chance, 2000000000);
    m->own[i] = m->prices[i].cents;
    text_add(text, i == 0 ? SPAN("{") : SPAN(",{"));
    add_made(text, "price", &m->prices[i]);
    text_add(text, SPAN(",'charges':["));
    for (uint32_t c = below(chance, CHARGES_MAX); c > 0; c--) {
        struct made charge = make(chance, 5000);
        uint32_t sign = below(chance, COUNT(signs));
        m->own[i] += signs[sign].sign * charge.cents;
        text_add_format(text, "{'typeCode':'%s',", signs[sign].code);
        add_made(text, "amount", &charge);
        text_add(text, c > 1 ? SPAN("},") : SPAN("}"));
    }
    text_add(text, SPAN("]}"));
}

static void make_up(struct chance *chance, struct made_up *m, struct text *text)
{
    *m = (struct made_up){ .freight = make(chance, 100000), .insurance = make(chance, 10000),
                           .items = 1 + below(chance, ITEMS_MAX) };
    text_add(text, SPAN("{'tradeTerms':{'conditionCode':'FOB'},"));
    add_made(text, "freight", &m->freight);
    text_add(text, SPAN(","));
    add_made(text, "insurance", &m->insurance);
    text_add(text, SPAN(",'items':["));
    for (uint32_t i = 0; i < m->items; i++) make_item(chance, m, i, text);
    text_add(text, SPAN("]}"));
    assert_false(text->full);
}

static const struct value_line *line_from_end(const struct valued_item *item, uint32_t place)
{
    assert_true(place <= item->lines_count);
    return &item->lines[item->lines_count - place];
}

static void assert_shared_out(const struct valued *valued, uint32_t place,
                              const struct made_up *m, int64_t cents)
{
    int64_t sum = 0, whole = 0;
    for (uint32_t i = 0; i < m->items; i++) whole += m->prices[i].cents;
    for (uint32_t i = 0; i < m->items; i++) {
        int64_t share = line_from_end(&valued->items[i], place)->amount.minor;
        sum += share;
        if (whole == 0) continue;
        int128 off = (int128)share * whole - (int128)cents * m->prices[i].cents;
        assert_true(off < whole && off > -whole); // less than a cent from its exact part
    }
    assert_int_equal(sum, cents);
}

static void assert_adds_up(const struct valued *valued, const struct made_up *m)
{
    int64_t total = 0;
    for (uint32_t i = 0; i < m->items; i++) {
        const struct valued_item *item = &valued->items[i];
        int64_t sum = 0, expected = m->own[i];
        for (uint32_t l = 0; l < item->lines_count; l++) sum += item->lines[l].amount.minor;
        expected += line_from_end(item, 2)->amount.minor + line_from_end(item, 1)->amount.minor;
        assert_int_equal(sum, expected);
        assert_int_equal(item->value.currency[0] == '\0', sum < 0);
        if (sum >= 0) assert_int_equal(item->value.minor, sum);
        if (sum >= 0) total += sum;
    }
    assert_int_equal(valued->total.minor, total);
}

static struct valued run(struct scene *scene, const char *json)
{
    struct error err = { 0 };
    struct valued valued;
    scene_begin(scene);
    scene_accept(scene, json);
    if (!value_step(&scene->clearance, &err)) fail_msg("%s", err.text);
    struct span body = scene_last(scene, FACT_VALUED, "step:value");
    if (!body_read_valued(body, &scene->arena, &valued, &err)) fail_msg("%s", err.text);
    return valued;
}

static void values_are_those_of_school_arithmetic(void **state)
{
    struct scene *s = *state;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        struct chance chance = { seed };
        static _Alignas(64) char memory[8192];
        struct arena arena = arena_over(memory, sizeof(memory));
        struct text text = text_in(&arena, 8000);
        struct made_up m;
        make_up(&chance, &m, &text);
        struct valued valued = run(s, text_span(&text).at);
        assert_int_equal(valued.items_count, m.items);
        assert_shared_out(&valued, 2, &m, m.freight.cents);
        assert_shared_out(&valued, 1, &m, m.insurance.cents);
        assert_adds_up(&valued, &m);
    }
}

static int begin(void **state)
{
    static struct scene scene;
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    scene_end(*state);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_school_arithmetic),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
