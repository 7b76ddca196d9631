#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "consignment/codes.h"
#include "consignment/container.h"
#include "consignment/model.h"
#include "port/port.h"
#include "port/trader.h"

#define SEASON UINT64_C(20000)

static const struct port port = { .seed = 1, .first_day = { 20454, true }, .per_day = 1000 };

static int arena_begin(void **state)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (arena == NULL || !arena_open(arena, 64 << 20, NULL)) return -1;
    *state = arena;
    return 0;
}

static int arena_end(void **state)
{
    arena_close(*state);
    free(*state);
    return 0;
}

static struct declaration make(const struct port *of, uint64_t n, struct arena *arena)
{
    struct declaration declaration;
    struct error err = { 0 };
    if (!port_declaration(of, n, arena, &declaration, &err)) fail_msg("%s", err.text);
    return declaration;
}

static struct span json_of(const struct port *of, uint64_t n, struct arena *arena)
{
    struct declaration declaration = make(of, n, arena);
    struct span text;
    struct json_writer w = json_writer_in(arena, 4096);
    declaration_write_json(&w, &declaration);
    assert_true(json_written(&w, &text, NULL));
    return text;
}

// --- The same again ---

// Of the first thousand of the season, one after the other. Whoever changes what the port makes, or
// builds it with a compiler that orders draws otherwise, sees another number.
static void a_seed_gives_the_same_bytes_on_every_machine(void **state)
{
    struct sha256 all = { 0 };
    for (uint64_t n = 0; n < 1000; n++) {
        arena_reset(*state, 0);
        all = sha256_of_two(sha256_span(&all), json_of(&port, n, *state));
    }
    struct text hex = text_in(*state, 64);
    hex_write(&hex, all.bytes, SHA256_SIZE);
    assert_string_equal(text_span(&hex).at,
                        "49a8a0822dd0528a888e85f1513947d3023c08c753b3334ca3be25ccb0b6cf28");
}

static void any_may_be_asked_for_in_any_order(void **state)
{
    static const uint64_t order[] = { 7, 3, 999999, 0, 3, 7, 999999 };
    struct span seen[7];
    arena_reset(*state, 0);
    for (int i = 0; i < 7; i++) seen[i] = json_of(&port, order[i], *state);
    assert_true(span_equal(seen[0], seen[5]));
    assert_true(span_equal(seen[1], seen[4]));
    assert_true(span_equal(seen[2], seen[6]));
    assert_false(span_equal(seen[0], seen[1]));
}

static void another_seed_is_another_season(void **state)
{
    struct port other = port;
    uint32_t same = 0;
    other.seed = 2;
    for (uint64_t n = 0; n < 1000; n++) {
        arena_reset(*state, 0);
        struct declaration a = make(&port, n, *state), b = make(&other, n, *state);
        assert_false(span_equal(a.ucr, b.ucr));
        same += span_equal(a.invoice_amount.currency, b.invoice_amount.currency) &&
                decimal_compare(a.invoice_amount.value, b.invoice_amount.value) == 0;
    }
    assert_true(same < 10);
}

static void a_full_arena_is_told(void **state)
{
    (void)state;
    static _Alignas(64) char memory[1 << 16];
    bool made = false;
    for (size_t size = 64; size <= sizeof(memory); size *= 2) {
        struct arena small = arena_over(memory, size);
        struct declaration declaration;
        struct error err = { 0 };
        made = port_declaration(&port, 1, &small, &declaration, &err);
        assert_int_equal(err.kind, made ? ERROR_NONE : ERROR_TOO_LARGE);
        if (size == 64) assert_false(made);
    }
    assert_true(made);
}

// --- What every declaration has ---

static void every_declaration_says_that_it_is_invented(void **state)
{
    for (uint64_t n = 0; n < SEASON; n++) {
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        assert_int_equal(d.statements.count, 1);
        assert_true(span_equal(d.statements.at[0].description,
                               SPAN("simulated: nobody trades these goods")));
        const struct party *ours = d.importer.id.len > 0 ? &d.importer : &d.exporter;
        assert_true(span_starts_with(ours->id, SPAN("XM")));
        assert_true(span_ends_with(ours->name, SPAN("(invented)")));
    }
}

static void what_is_made_is_read_back_as_it_was(void **state)
{
    for (uint64_t n = 0; n < 2000; n++) {
        arena_reset(*state, 0);
        struct span text = json_of(&port, n, *state), again;
        struct json json;
        struct declaration read;
        struct error err = { 0 };
        if (!json_read(text, *state, &json, &err) ||
            !declaration_read_json(&json, 0, *state, &read, &err))
            fail_msg("%llu: %s %s", (unsigned long long)n, err.field, err.text);
        struct json_writer w = json_writer_in(*state, 4096);
        declaration_write_json(&w, &read);
        assert_true(json_written(&w, &again, NULL));
        assert_true(span_equal(text, again));
    }
}

static int by_text(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static void no_two_references_are_the_same(void **state)
{
    struct arena scratch;
    assert_true(arena_open(&scratch, 1 << 20, NULL));
    arena_reset(*state, 0);
    struct span *names = arena_take(*state, 2 * SEASON, sizeof(struct span));
    assert_non_null(names);
    for (uint64_t n = 0; n < SEASON; n++) {
        arena_reset(&scratch, 0);
        struct declaration d = make(&port, n, &scratch);
        assert_true(arena_copy(*state, d.ucr, &names[n]));
        assert_true(arena_copy(*state, d.functional_reference_id, &names[SEASON + n]));
        assert_true(d.ucr.len <= 35);
    }
    qsort(names, 2 * SEASON, sizeof(names[0]), by_text);
    for (size_t i = 1; i < 2 * SEASON; i++) assert_false(span_equal(names[i - 1], names[i]));
    arena_close(&scratch);
}

static void check_digits_of_containers_fit_but_for_those_that_should_not(void **state)
{
    uint32_t containers = 0, wrong = 0;
    for (uint64_t n = 0; n < SEASON; n++) {
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        for (uint32_t i = 0; i < d.containers.count; i++, containers++) {
            assert_true(container_shaped(d.containers.at[i].id));
            bool fits = container_digit_fits(d.containers.at[i].id);
            assert_int_equal(fits, i > 0 || port_flaw(&port, n) != PORT_WRONG_DIGIT);
            wrong += !fits;
        }
    }
    assert_true(containers > SEASON / 2);
    assert_true(wrong > 0);
}

// --- Days ---

static void a_day_has_its_declarations_in_order_and_most_in_working_hours(void **state)
{
    static const int64_t day = INT64_C(86400000);
    int64_t before = 0;
    uint32_t at_work = 0;
    for (uint64_t n = 0; n < 3 * (uint64_t)port.per_day; n++) {
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        assert_int_equal(d.issued_at.at_ms / day, 20454 + (int64_t)(n / port.per_day));
        assert_true(d.issued_at.at_ms >= before);
        assert_int_equal(d.accepted_at.at_ms, d.issued_at.at_ms);
        before = d.issued_at.at_ms;
        int64_t hour = d.issued_at.at_ms % day / 3600000;
        at_work += hour >= 6 && hour < 18;
    }
    assert_int_equal(at_work, 3 * port.per_day * 8 / 10);
}

static void the_year_stands_in_the_reference(void **state)
{
    struct port later = port;
    later.first_day.days += 364;
    later.per_day = 1;
    assert_int_equal(make(&later, 0, *state).ucr.at[0], '6');
    assert_int_equal(make(&later, 1, *state).ucr.at[0], '7');
}

// --- What is wrong with them ---

static void a_season_has_its_share_of_mistakes_and_frauds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct port season = { .seed = seed, .first_day = port.first_day, .per_day = 1000 };
        uint32_t counts[PORT_FLAW_COUNT] = { 0 }, mistakes = 0, frauds = 0;
        for (uint64_t n = 0; n < 100000; n++) counts[port_flaw(&season, n)]++;
        for (int flaw = PORT_WRONG_SUM; flaw <= PORT_NO_PROOF; flaw++) mistakes += counts[flaw];
        for (int flaw = PORT_LOW_PRICE; flaw < PORT_FLAW_COUNT; flaw++) frauds += counts[flaw];
        // Mistakes are drawn one by one: 2,000 and five times their deviation of 44. Frauds depend
        // on what the seed makes of the largest traders.
        assert_in_range(mistakes, 1778, 2222);
        assert_in_range(frauds, 1500, 2400);
        for (int flaw = 0; flaw < PORT_FLAW_COUNT; flaw++) assert_true(counts[flaw] > 25);
    }
}

static void many_frauds_are_those_of_a_few_traders(void **state)
{
    uint32_t all = 0, theirs = 0;
    for (uint64_t n = 0; n < 50000; n++) {
        if (port_flaw(&port, n) < PORT_LOW_PRICE) continue;
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        uint64_t id = 0;
        assert_true(span_to_u64((struct span){ d.declarant.id.at + 2, 8 }, &id));
        uint32_t number = (uint32_t)((id - 10000000) / 7919);
        all++;
        theirs += number >= 3000 || (number < TRADERS && trader_of(port.seed, number).dishonest);
    }
    assert_in_range(theirs, all * 2 / 5, all * 4 / 5);
}

// --- Parcels, and frauds that only many declarations show ---

static bool is_parcel(const struct declaration *d)
{
    return span_starts_with(d->importer.id, SPAN("XMP"));
}

static int64_t cents_of(const struct declaration *d)
{
    // About: the rates of the season are near to these.
    static const struct { struct span code; int64_t minor_dollar; } rates[] = {
        { SPAN_INIT("USD"), 100 }, { SPAN_INIT("EUR"), 93 }, { SPAN_INIT("GBP"), 80 },
        { SPAN_INIT("CHF"), 91 }, { SPAN_INIT("JPY"), 116 }, { SPAN_INIT("KRW"), 1424 },
        { SPAN_INIT("CNY"), 735 },
    };
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
        if (span_equal(rates[i].code, d->invoice_amount.currency))
            return (int64_t)d->invoice_amount.value.digits * 100 / rates[i].minor_dollar;
    fail_msg("no rate");
    return 0;
}

static void couriers_declare_small_parcels_for_many_people(void **state)
{
    static bool seen[10000];
    uint32_t parcels = 0, people = 0, small = 0, couriers = 0;
    struct span declarants[COURIERS + 1];
    struct arena kept;
    assert_true(arena_open(&kept, 1 << 20, NULL));
    for (uint64_t n = 0; n < SEASON; n++) {
        uint64_t person;
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        if (!is_parcel(&d)) continue;
        parcels++;
        assert_int_equal(d.items.count, 1);
        assert_true(span_to_u64((struct span){ d.importer.id.at + 3, 7 }, &person));
        person -= 1000000;
        assert_true(person < 10000);
        people += !seen[person];
        seen[person] = true;
        small += cents_of(&d) < PORT_PARCEL_CENTS;
        uint32_t c = 0;
        while (c < couriers && !span_equal(declarants[c], d.declarant.id)) c++;
        if (c < couriers) continue;
        assert_true(couriers < COURIERS);
        assert_true(arena_copy(&kept, d.declarant.id, &declarants[couriers++]));
    }
    assert_in_range(parcels, SEASON * 23 / 100, SEASON * 28 / 100);
    assert_int_equal(couriers, COURIERS);
    assert_true(people > 2000);
    assert_true(small > parcels * 6 / 10);
    arena_close(&kept);
}

static void an_order_that_is_split_comes_to_one_person_from_one_supplier(void **state)
{
    uint32_t orders = 0;
    for (uint64_t block = 0; block < SEASON / 256; block++) {
        struct declaration first = { 0 };
        uint32_t parts = 0;
        arena_reset(*state, 0);
        for (uint64_t n = block * 256; n < (block + 1) * 256; n++) {
            if (port_flaw(&port, n) != PORT_SPLIT) continue;
            struct declaration d = make(&port, n, *state);
            assert_true(is_parcel(&d));
            assert_true(cents_of(&d) < PORT_PARCEL_CENTS);
            if (parts++ == 0) first = d;
            assert_true(span_equal(d.importer.id, first.importer.id));
            assert_true(span_equal(d.declarant.id, first.declarant.id));
            assert_true(span_equal(d.exporter.name, first.exporter.name));
            assert_true(span_equal(d.items.at[0].classifications.at[0].id,
                                   first.items.at[0].classifications.at[0].id));
        }
        orders += parts > 1;
        assert_true(parts <= 4);
    }
    assert_true(orders > 10);
}

static void a_stopped_trader_comes_again_from_the_same_address(void **state)
{
    uint32_t again = 0;
    for (uint64_t n = 0; n < SEASON; n++) {
        if (port_flaw(&port, n) != PORT_ANEW) continue;
        struct party before, after;
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        uint64_t id;
        assert_true(span_to_u64((struct span){ d.importer.id.at + 2, 8 }, &id));
        struct trader trader = trader_of(port.seed, (uint32_t)((id - 10000000) / 7919) - 3000);
        assert_true(trader.dishonest);
        assert_true(trader_party(&trader, *state, &before));
        after = d.importer;
        assert_false(span_equal(before.id, after.id));
        assert_false(span_equal(before.name, after.name));
        assert_true(span_equal(before.address.line, after.address.line));
        assert_true(span_equal(before.address.postcode, after.address.postcode));
        again++;
    }
    assert_true(again > SEASON / 1000);
}

static int64_t grams_of(struct decimal kilograms)
{
    return kilograms.scale == 0 ? kilograms.digits * 1000 : kilograms.digits;
}

static void what_is_declared_short_weighs_more_than_its_packing(void **state)
{
    int64_t net[2] = { 0 }, gross[2] = { 0 }; // of sound ones, of short ones: grams of bags
    for (uint64_t n = 0; n < 3 * SEASON; n++) {
        enum port_flaw flaw = port_flaw(&port, n);
        if (flaw != PORT_SOUND && flaw != PORT_SHORT) continue;
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        for (uint32_t i = 0; i < d.items.count; i++) {
            const struct item *item = &d.items.at[i];
            if (!span_equal(item->packages.at[0].type_code, SPAN("BG"))) continue;
            net[flaw == PORT_SHORT] += grams_of(item->net_mass);
            gross[flaw == PORT_SHORT] += grams_of(item->gross_mass);
        }
    }
    assert_true(net[1] > 0);
    assert_true(gross[0] * 100 < net[0] * 104);
    assert_true(gross[1] * 100 > net[1] * 125);
}

static void a_number_is_found_again_in_its_reference(void **state)
{
    static const char *const others[] = { "", "6", "6XM10000000", "6XM10000000-S1-", "-S1-7",
                                          "6XM10000000-S2-7", "6XM10000000-S1-0",
                                          "6XM10000000-S1-x", "6DE10000000-S1-7" };
    uint64_t n;
    for (uint64_t wanted = 0; wanted < 2000; wanted++) {
        struct span ucr;
        arena_reset(*state, 0);
        int64_t at_ms = port_lodged_ms(&port, wanted);
        assert_true(port_ucr(&port, wanted, at_ms, *state, &ucr));
        assert_true(span_equal(ucr, make(&port, wanted, *state).ucr));
        assert_true(port_number_of(&port, ucr, &n));
        assert_int_equal(n, wanted);
        assert_true(port_count_by(&port, at_ms) > wanted);
        assert_true(wanted == 0 || port_count_by(&port, at_ms - 1) <= wanted);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(port_number_of(&port, span_of(others[i]), &n));
    assert_int_equal(port_count_by(&port, 0), 0);
}

static void lorries_ships_and_planes_come_all(void **state)
{
    uint32_t modes[10] = { 0 };
    for (uint64_t n = 0; n < SEASON; n++) {
        arena_reset(*state, 0);
        struct declaration d = make(&port, n, *state);
        modes[d.border_means.mode_code.at[0] - '0']++;
        assert_int_equal(d.containers.count > 0, d.border_means.mode_code.at[0] == '1');
    }
    assert_int_equal(modes[1] + modes[3] + modes[4], SEASON);
    assert_true(modes[1] > SEASON * 3 / 10);
    assert_true(modes[3] > SEASON / 20);
    assert_true(modes[4] > SEASON / 5);
}

static void flaws_have_names(void **state)
{
    (void)state;
    assert_string_equal(port_flaw_name(PORT_SOUND), "sound");
    assert_string_equal(port_flaw_name(PORT_NO_PROOF), "no-proof");
    assert_string_equal(port_flaw_name(PORT_FALSE_ORIGIN), "false-origin");
    assert_string_equal(port_flaw_name(PORT_ANEW), "anew");
}

// --- What is traded ---

static void goods_stand_by_their_trades_with_known_codes(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < goods_count; i++) {
        const struct goods *goods = &goods_table[i];
        assert_true(i == 0 || goods[-1].trade <= goods->trade);
        assert_int_equal(strlen(goods->commodity), 8);
        assert_true(goods->tempting[0] == '\0' || strlen(goods->tempting) == 8);
        assert_true(package_type_known(span_of(goods->package)));
        assert_true(goods->unit[0] == '\0' || unit_known(span_of(goods->unit)));
        assert_int_equal(goods->unit[0] == '\0', goods->unit_hundredths == 0);
        assert_true(goods->cents_kilo > 0 && goods->grams_unit > 0 && goods->package_units > 0);
        assert_int_equal(strlen(goods->origins) % 3, 2);
        for (size_t at = 0; at < strlen(goods->origins); at += 3) {
            struct span country = { goods->origins + at, 2 };
            assert_true(country_in_customs_use(country));
        }
    }
    uint32_t first, sum = 0;
    for (int trade = 0; trade < TRADE_COUNT; trade++) sum += goods_of((enum trade)trade, &first);
    assert_int_equal(sum, goods_count);
}

static void larger_traders_lodge_more(void **state)
{
    (void)state;
    struct chance chance = chance_of(1, CHANCE_DECLARATION, 0);
    uint32_t counts[TRADERS] = { 0 }, largest = 0, seen = 0;
    for (int i = 0; i < 100000; i++) counts[trader_draw(&chance)]++;
    for (int i = 0; i < TRADERS / 10; i++) largest += counts[i];
    for (int i = 0; i < TRADERS; i++) seen += counts[i] > 0;
    assert_in_range(largest, 31000, 32500); // the root of a tenth
    assert_int_equal(seen, TRADERS);
}

static void draws_keep_their_limits(void **state)
{
    (void)state;
    struct chance chance = chance_of(7, CHANCE_FLAW, 7);
    uint32_t counts[6] = { 0 };
    for (int i = 0; i < 60000; i++) counts[chance_below(&chance, 6)]++;
    for (int i = 0; i < 6; i++) assert_in_range(counts[i], 9500, 10500);
    for (int i = 0; i < 1000; i++) assert_in_range(chance_between(&chance, 3, 5), 3, 5);
    assert_int_equal(chance_below(&chance, 1), 0);
    assert_true(chance_one_in(&chance, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_the_same_bytes_on_every_machine),
        cmocka_unit_test(any_may_be_asked_for_in_any_order),
        cmocka_unit_test(another_seed_is_another_season),
        cmocka_unit_test(a_full_arena_is_told),
        cmocka_unit_test(every_declaration_says_that_it_is_invented),
        cmocka_unit_test(what_is_made_is_read_back_as_it_was),
        cmocka_unit_test(no_two_references_are_the_same),
        cmocka_unit_test(check_digits_of_containers_fit_but_for_those_that_should_not),
        cmocka_unit_test(a_day_has_its_declarations_in_order_and_most_in_working_hours),
        cmocka_unit_test(the_year_stands_in_the_reference),
        cmocka_unit_test(a_season_has_its_share_of_mistakes_and_frauds),
        cmocka_unit_test(many_frauds_are_those_of_a_few_traders),
        cmocka_unit_test(couriers_declare_small_parcels_for_many_people),
        cmocka_unit_test(an_order_that_is_split_comes_to_one_person_from_one_supplier),
        cmocka_unit_test(a_stopped_trader_comes_again_from_the_same_address),
        cmocka_unit_test(what_is_declared_short_weighs_more_than_its_packing),
        cmocka_unit_test(a_number_is_found_again_in_its_reference),
        cmocka_unit_test(lorries_ships_and_planes_come_all),
        cmocka_unit_test(flaws_have_names),
        cmocka_unit_test(goods_stand_by_their_trades_with_known_codes),
        cmocka_unit_test(larger_traders_lodge_more),
        cmocka_unit_test(draws_keep_their_limits),
    };
    return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
