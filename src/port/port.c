#include "port/port.h"

#include <assert.h>

#include "consignment/container.h"
#include "port/goods.h"

enum { TRADERS = 600, AGENTS = 24, DAY_MS = 86400000 };

// --- Chance: a stream of numbers from a seed (Steele, Lea, Flood 2014: SplitMix64) ---

static uint64_t next(uint64_t *chance)
{
    uint64_t z = (*chance += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint32_t below(uint64_t *chance, uint32_t limit)
{
    assert(limit > 0);
    return (uint32_t)((next(chance) >> 32) * limit >> 32);
}

static bool one_in(uint64_t *chance, uint32_t n)
{
    return below(chance, n) == 0;
}

static uint64_t stream(uint64_t seed, uint64_t kind, uint64_t n)
{
    uint64_t chance = seed ^ (kind * 0xD6E8FEB86659FD93u) ^ (n * 0xA0761D6478BD642Fu);
    next(&chance);
    return chance;
}

// --- Traders: who they are follows from the seed and their number ---

struct trader {
    uint32_t number;
    const struct goods *goods[3];  // what they deal in
    uint32_t price_percent;        // of the usual price a kilo
    uint32_t office, agent;
    bool by_sea, exports;
};

static struct trader trader_of(uint64_t seed, uint32_t number)
{
    uint64_t chance = stream(seed, 1, number);
    struct trader trader = { .number = number };
    for (int i = 0; i < 3; i++) trader.goods[i] = &goods_table[below(&chance, goods_count)];
    trader.price_percent = 80 + below(&chance, 45);
    trader.office = 1 + below(&chance, 6);
    trader.agent = below(&chance, AGENTS);
    trader.by_sea = below(&chance, 10) < 7;
    trader.exports = one_in(&chance, 7);
    return trader;
}

// --- Text ---

static struct span say(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#include <stdarg.h>
#include <stdio.h>

static struct span say(struct arena *arena, const char *format, ...)
{
    char buffer[160];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(buffer, sizeof(buffer), format, args);
    va_end(args);
    assert(len >= 0);
    assert((size_t)len < sizeof(buffer));

    struct span copy = { 0 };
    bool fits = arena_copy(arena, (struct span){ buffer, (size_t)len }, &copy);
    return fits ? copy : SPAN("");
}

#define PICK(chance, names) span_of((names)[below(chance, sizeof(names) / sizeof((names)[0]))])

static const char *const places[] = { "Harrow Quay", "Port Ostrel", "Vell", "Tarnmouth", "Ansby",
                                      "Corrin Bay" };
static const char *const words[] = { "Amber", "Brook", "Cedar", "Delta", "Ember", "Fjord", "Grove",
                                     "Harbour", "Indigo", "Juniper", "Kestrel", "Lagoon", "Meadow",
                                     "North", "Orchard", "Pebble", "Quarry", "Ridge", "Saffron",
                                     "Tidal" };
static const char *const trades[] = { "Trading", "Imports", "Supply", "Goods", "Wholesale" };

static struct party trader_party(const struct trader *trader, struct arena *arena)
{
    uint64_t chance = stream(0, 2, trader->number);
    struct party party = { 0 };
    party.id = say(arena, "XM%08u", 10000000 + trader->number * 7919u);
    struct span word = PICK(&chance, words), trade = PICK(&chance, trades);
    party.name = say(arena, SPAN_FMT " " SPAN_FMT " %u (invented)", SPAN_ARG(word), SPAN_ARG(trade),
                     trader->number);
    party.address.line = say(arena, "%u Wharf Road", 1 + below(&chance, 200));
    party.address.city_name = PICK(&chance, places);
    party.address.postcode = say(arena, "M%04u", below(&chance, 10000));
    party.address.country_code = SPAN("XM");
    return party;
}

static struct party foreign_party(uint64_t *chance, struct span country, struct arena *arena)
{
    struct party party = { 0 };
    struct span word = PICK(chance, words), trade = PICK(chance, trades);
    party.name = say(arena, SPAN_FMT " " SPAN_FMT " " SPAN_FMT " %u (invented)", SPAN_ARG(word),
                     SPAN_ARG(trade), SPAN_ARG(country), below(chance, 40));
    party.address.line = say(arena, "%u Mill Lane", 1 + below(chance, 90));
    party.address.city_name = SPAN("Elsewhere");
    party.address.postcode = SPAN("00000");
    party.address.country_code = country;
    return party;
}

// --- One declaration ---

struct making {                       // what the pieces of one declaration share
    const struct port *port;
    struct trader trader;
    uint64_t chance;
    struct arena *arena;
    struct declaration *declaration;
    struct span country;              // the other side's
    int64_t total_cents, gross_grams;
    uint32_t packages;
    uint32_t fraud, mistake;          // 0: none
};

enum { FRAUD_NONE, FRAUD_PRICE, FRAUD_HEADING, FRAUD_ORIGIN };
enum { MISTAKE_NONE, MISTAKE_SUM, MISTAKE_PAPER, MISTAKE_DIGIT, MISTAKE_MASS, MISTAKE_COUNT };

static struct decimal kilograms(int64_t grams)
{
    return decimal_of(grams, 3);
}

static bool make_item(struct making *m, uint32_t sequence, struct item *item, struct error *err)
{
    const struct goods *goods = m->trader.goods[below(&m->chance, 3)];
    int64_t net = 2000 + (int64_t)below(&m->chance, 900) * goods->grams_unit / 10;
    int64_t cents = net * goods->cents_a_kilo / 1000 * m->trader.price_percent / 100;
    cents = cents * (95 + below(&m->chance, 11)) / 100 + 100;
    if (m->fraud == FRAUD_PRICE) cents = cents * (12 + below(&m->chance, 25)) / 100 + 100;

    item->sequence = (struct number){ sequence, true };
    item->description = span_of(goods->description);
    item->net_mass = kilograms(net);
    int64_t gross = net + net / 12 + 150;
    if (m->mistake == MISTAKE_MASS) gross = net - net / 9 - 1;
    item->gross_mass = kilograms(gross);
    item->price = (struct amount){ decimal_of(cents, 2), span_of(goods->currency) };
    item->valuation_method_code = SPAN("1");

    void *at;
    if (!arena_need(m->arena, 1, sizeof(struct classification), &at, "an item", err)) return false;
    item->classifications.at = at;
    item->classifications.count = 1;
    bool lower = m->fraud == FRAUD_HEADING;
    *item->classifications.at = (struct classification){
        span_of(lower ? goods->cheaper_commodity : goods->commodity), SPAN("TSP") };

    if (!arena_need(m->arena, 1, sizeof(struct origin), &at, "an item", err)) return false;
    item->origins.at = at;
    item->origins.count = 1;
    struct span origin = m->fraud == FRAUD_ORIGIN ? SPAN("VN") : span_of(goods->origin);
    *item->origins.at = (struct origin){ m->trader.exports ? SPAN("XM") : origin, SPAN("1") };

    if (!arena_need(m->arena, 1, sizeof(struct procedure), &at, "an item", err)) return false;
    item->procedures.at = at;
    item->procedures.count = 1;
    *item->procedures.at = (struct procedure){ m->trader.exports ? SPAN("10") : SPAN("40"),
                                               SPAN("00") };

    if (!arena_need(m->arena, 1, sizeof(struct package), &at, "an item", err)) return false;
    item->packages.at = at;
    item->packages.count = 1;
    uint32_t packages = 1 + (uint32_t)(net / goods->grams_package);
    *item->packages.at = (struct package){ .type_code = span_of(goods->package),
        .marks = say(m->arena, "XM-%u", below(&m->chance, 100000)),
        .quantity = { packages, true }, .sequence = { 1, true } };

    if (m->mistake != MISTAKE_PAPER) {
        if (!arena_need(m->arena, 1, sizeof(struct document), &at, "an item", err)) return false;
        item->documents.at = at;
        item->documents.count = 1;
        *item->documents.at = (struct document){ .category_code = SPAN("N"),
            .type_code = SPAN("935"), .id = say(m->arena, "INV-%06u", below(&m->chance, 1000000)) };
    }

    if (!m->trader.exports) {
        if (!arena_need(m->arena, 1, sizeof(struct duty_tax_fee), &at, "an item", err))
            return false;
        item->duty_tax_fees.at = at;
        item->duty_tax_fees.count = 1;
        *item->duty_tax_fees.at = (struct duty_tax_fee){ .type_code = SPAN("A00"),
            .regime_code = SPAN("100"), .payment_method_code = SPAN("E") };
    }
    m->total_cents += cents;
    m->gross_grams += gross;
    m->packages += packages;
    return true;
}

static bool make_items(struct making *m, struct error *err)
{
    struct declaration *d = m->declaration;
    uint32_t count = below(&m->chance, 10) < 7 ? 1 : 2 + below(&m->chance, 4);
    void *at;
    if (!arena_need(m->arena, count, sizeof(struct item), &at, "a declaration", err)) return false;
    d->items.at = at;
    d->items.count = count;

    // One invoice has one currency: a trader's goods of another currency are not mixed in.
    uint64_t before = m->chance;
    if (!make_item(m, 1, &d->items.at[0], err)) return false;
    struct span currency = d->items.at[0].price.currency;
    for (uint32_t i = 1; i < count; i++) {
        m->chance = before + i;
        if (!make_item(m, i + 1, &d->items.at[i], err)) return false;
        d->items.at[i].price.currency = currency;
    }
    d->goods_item_count = (struct number){ count, true };
    d->total_package_count = (struct number){ m->packages, true };
    d->total_gross_mass = kilograms(m->gross_grams);
    int64_t invoice = m->total_cents + (m->mistake == MISTAKE_SUM ? 990000 : 0);
    d->invoice_amount = (struct amount){ decimal_of(invoice, 2), currency };
    if (m->mistake == MISTAKE_COUNT) d->goods_item_count.value++;
    return true;
}

// One of forty ships: six digits and the check digit, the sum of seven times the first to twice the
// last modulo ten (IMO ship identification number).
static struct span ship_number(struct making *m)
{
    uint32_t six = 900000 + below(&m->chance, 40) * 2413, sum = 0, rest = six;
    for (uint32_t weight = 2; weight <= 7; weight++, rest /= 10) sum += rest % 10 * weight;
    return say(m->arena, "%u%u", six, sum % 10);
}

static bool make_transport(struct making *m, struct error *err)
{
    struct declaration *d = m->declaration;
    bool sea = m->trader.by_sea;
    d->border_means.mode_code = sea ? SPAN("1") : SPAN("4");
    d->border_means.nationality_code = sea ? SPAN("PA") : m->country;
    struct span id = sea ? ship_number(m)
                         : say(m->arena, "XM%u", 100 + below(&m->chance, 60));
    struct transport_means inland = { .id = id, .id_type_code = sea ? SPAN("10") : SPAN("40") };
    if (m->trader.exports) d->departure_means = inland;
    else d->arrival_means = inland;
    d->container_code = sea ? SPAN("1") : SPAN("0");
    d->goods_location = (struct goods_location){
        .name = say(m->arena, "XMPRT%03u", m->trader.office), .type_code = SPAN("A"),
        .qualifier_code = SPAN("U"), .country_code = SPAN("XM") };
    if (!sea) return true;

    void *at;
    if (!arena_need(m->arena, 1, sizeof(struct container), &at, "a declaration", err)) return false;
    d->containers.at = at;
    d->containers.count = 1;
    char id_text[12];
    snprintf(id_text, sizeof(id_text), "XMTU%06u", below(&m->chance, 1000000));
    int digit = check_digit((struct span){ id_text, 10 });
    assert(digit >= 0);
    if (m->mistake == MISTAKE_DIGIT) digit = (digit + 1) % 10;
    d->containers.at[0].id = say(m->arena, "%s%d", id_text, digit);
    d->containers.at[0].sequence = (struct number){ 1, true };

    if (!arena_need(m->arena, 1, sizeof(struct seal), &at, "a declaration", err)) return false;
    d->containers.at[0].seals.at = at;
    d->containers.at[0].seals.count = 1;
    *d->containers.at[0].seals.at = (struct seal){ { 1, true },
        say(m->arena, "XS%07u", below(&m->chance, 10000000)) };
    return true;
}

static void make_parties(struct making *m)
{
    struct declaration *d = m->declaration;
    struct party ours = trader_party(&m->trader, m->arena);
    struct party theirs = foreign_party(&m->chance, m->country, m->arena);
    d->declarant.id = ours.id;
    if (m->trader.exports) {
        d->exporter = ours;
        d->consignee = theirs;
        d->destination_country = m->country;
        d->export_country = SPAN("XM");
    } else {
        d->importer = ours;
        d->exporter = theirs;
        d->destination_country = SPAN("XM");
        d->export_country = m->country;
    }
    d->agent.id = say(m->arena, "XM9%07u", m->trader.agent);
    d->agent.role_code = SPAN("2");
}

static bool make_head(struct making *m, uint64_t n, struct error *err)
{
    struct declaration *d = m->declaration;
    int64_t day = m->port->first_day.days + (int64_t)(n / m->port->per_day);
    int64_t within = DAY_MS / m->port->per_day * (int64_t)(n % m->port->per_day);
    d->function_code = SPAN("9");
    d->type_code = m->trader.exports ? SPAN("EXA") : SPAN("IMA");
    d->functional_reference_id = say(m->arena, "SIM%llu", (unsigned long long)n + 1);
    d->ucr = say(m->arena, "6XM%08u-S%llX-%llu", 10000000 + m->trader.number * 7919u,
                 (unsigned long long)(m->port->seed & 0xFFFF), (unsigned long long)n + 1);
    d->issued_at = (struct moment){ day * DAY_MS + within, true };
    d->accepted_at = d->issued_at;
    d->office_id = say(m->arena, "XM%06u", m->trader.office);
    d->transaction_nature_code = SPAN("1");
    d->trade_terms.condition_code = m->trader.exports ? SPAN("FOB") : SPAN("CIF");
    d->trade_terms.location_id = SPAN("XMPRT");

    void *at;
    if (!arena_need(m->arena, 1, sizeof(struct statement), &at, "a declaration", err)) return false;
    d->statements.at = at;
    d->statements.count = 1;
    *d->statements.at = (struct statement){ .code = SPAN("SIM00"),
        .description = SPAN("simulated: nobody trades these goods"), .sequence = { 1, true } };
    return true;
}

bool port_declaration(const struct port *port, uint64_t n, struct arena *arena,
                      struct declaration *declaration, struct error *err)
{
    assert(port->per_day > 0);
    assert(port->first_day.given);

    *declaration = (struct declaration){ 0 };
    struct making m = { .port = port, .arena = arena, .declaration = declaration,
                        .chance = stream(port->seed, 3, n) };
    m.trader = trader_of(port->seed, below(&m.chance, TRADERS));
    m.country = span_of(m.trader.goods[0]->origin);
    uint32_t kind = below(&m.chance, 1000);
    if (kind < 15) m.fraud = FRAUD_PRICE + kind % 3;
    else if (kind < 35) m.mistake = MISTAKE_SUM + kind % 5;

    if (!make_head(&m, n, err)) return false;
    make_parties(&m);
    return make_items(&m, err) && make_transport(&m, err);
}
