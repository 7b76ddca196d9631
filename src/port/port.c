#include "port/port.h"

#include <assert.h>
#include <stdio.h>

#include "base/money.h"
#include "consignment/container.h"
#include "consignment/simulated.h"
#include "port/say.h"
#include "port/trader.h"

enum { DAY_MS = 86400000, MILLION = 1000000 };
enum { MISTAKES_PER_MILLION = 20000, FRAUDS_PER_MILLION = 6000, DISHONEST_PER_MILLION = 236000 };
enum { GRAMS_CONTAINER = 22000000, GRAMS_UNIT_AIR_MAX = 50000, GRAMS_PARCEL = 2000 };
enum { PERSONS = 4000, SPLITTERS = 40, SPLIT_BLOCK = 256, SPLIT_PARTS = 4 };

enum route { BY_SEA, BY_ROAD, BY_AIR, ROUTE_COUNT };

static const struct {
    const char *mode, *id_type, *paper; // bill of lading, CMR note, air waybill
    int64_t grams_max;
    uint32_t freight_cents_kilo;
} routes[ROUTE_COUNT] = {
    [BY_SEA] = { "1", "11", "705", 66000000, 15 },
    [BY_ROAD] = { "3", "30", "730", 24000000, 40 },
    [BY_AIR] = { "4", "41", "740", 2500000, 300 },
};

#define COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))
#define PICK(chance, names) span_of((names)[chance_below(chance, COUNT_OF(names))])

// Room for a list of a declaration; false when the arena is full.
#define TAKE(arena, list, length)                                  \
    ((list).at = arena_take((arena), (length), sizeof(*(list).at)), \
     (list).count = (list).at == NULL ? 0 : (length), (list).at != NULL)

struct currency {
    const char *code, *countries;
    uint32_t minor_dollar;         // minor units for a dollar, about
};

struct making {                    // what the pieces of one declaration share
    const struct port *port;
    uint64_t n;
    int64_t at_ms;                 // when it is lodged
    struct arena *arena;
    struct declaration *declaration;
    struct chance chance;
    struct trader trader;
    const struct habit *habit;     // with the goods of the first item
    const struct currency *currency;
    struct span dispatch;          // or destination: the country on the other side
    struct span false_origin;
    enum route route;
    uint32_t person;               // who gets a parcel
    struct chance split;           // of an order that comes in several parcels
    bool is_split;
    enum port_flaw flaw;
    int64_t total_minor, gross_grams;
    uint32_t packages;
};

// --- Countries ---

// "KR" is among "CH NO KR".
static bool is_among(const char *countries, struct span country)
{
    for (; *countries != '\0'; countries += countries[2] == ' ' ? 3 : 2)
        if (memcmp(countries, country.at, 2) == 0) return true;
    return false;
}

// The groups are those of data/books/groups.csv.
static bool is_partner(struct span country)
{
    return is_among("CH NO IS KR JP CA GB NZ CL TN MA TR", country);
}

static bool is_developing(struct span country)
{
    return is_among("BD PK LK KH MM NP ET KE TZ GH SN HT BO", country);
}

static const struct currency *currency_of(struct chance *chance, struct span country)
{
    static const struct currency dollar = { "USD", "", 100 };
    static const struct currency yuan = { "CNY", "CN", 735 };
    static const struct currency own[] = {
        { "EUR", "DE ES FI FR IT NL PL PT", 93 },
        { "GBP", "GB", 80 }, { "CHF", "CH", 91 }, { "JPY", "JP", 116 }, { "KRW", "KR", 1424 },
    };
    bool in_yuan = chance_one_in(chance, 5);
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (is_among(own[i].countries, country)) return &own[i];
    return in_yuan && is_among("CN", country) ? &yuan : &dollar;
}

// Some goods are bought from a trading house elsewhere.
static struct span dispatch_of(struct chance *chance, struct span origin)
{
    bool by_hub = chance_one_in(chance, 9), first = chance_one_in(chance, 2);
    if (!by_hub) return origin;
    if (is_among("CN ID JP KH KR TH TW VN", origin)) return first ? SPAN("HK") : SPAN("SG");
    if (is_among("BD IN LK PK SA", origin)) return SPAN("AE");
    return SPAN("NL");
}

// --- What is wrong with it ---

static bool has_preference(const struct making *m)
{
    return !m->trader.exports && m->trader.claims_preference &&
           (is_partner(m->habit->origin) || is_developing(m->habit->origin));
}

static enum port_flaw mistake_of(struct chance *chance, const struct making *m)
{
    enum port_flaw mistake = PORT_WRONG_SUM + chance_below(chance, 5);
    if (mistake == PORT_WRONG_DIGIT && m->route != BY_SEA) return PORT_WRONG_SUM;
    if (mistake == PORT_NO_PROOF && !has_preference(m)) return PORT_WRONG_COUNT;
    return mistake;
}

static enum port_flaw fraud_of(struct chance *chance, const struct making *m)
{
    enum port_flaw fraud = PORT_LOW_PRICE + chance_below(chance, 4);
    if (fraud == PORT_LOW_HEADING && m->habit->goods->tempting[0] == '\0') return PORT_LOW_PRICE;
    bool needless = is_partner(m->habit->origin) || m->trader.courier;
    if (fraud == PORT_FALSE_ORIGIN && needless) return PORT_LOW_PRICE;
    return fraud;
}

static enum port_flaw flaw_of(const struct making *m)
{
    struct chance chance = chance_of(m->port->seed, CHANCE_FLAW, m->n);
    uint32_t frauds = m->trader.dishonest ? DISHONEST_PER_MILLION : FRAUDS_PER_MILLION;
    bool is_mistake = chance_below(&chance, MILLION) < MISTAKES_PER_MILLION;
    bool is_fraud = chance_below(&chance, MILLION) < frauds;
    if (is_mistake) return mistake_of(&chance, m);
    if (m->is_split) return PORT_SPLIT;
    if (is_fraud && !m->trader.exports) return fraud_of(&chance, m);
    return m->trader.came_again ? PORT_ANEW : PORT_SOUND;
}

static const struct habit *habit_drawn(struct making *m)
{
    return &m->trader.habits[chance_below(&m->chance, m->trader.habits_count)];
}

static uint32_t unit_cents(const struct goods *goods)
{
    return (uint32_t)((uint64_t)goods->cents_kilo * goods->grams_unit / 1000);
}

// What people order from abroad: something light. What is ordered to be split is cheap as well.
static const struct goods *goods_for_people(struct chance *chance, bool cheap)
{
    for (;;) {
        const struct goods *goods = &goods_table[chance_below(chance, goods_count)];
        bool light = goods->grams_unit <= GRAMS_PARCEL && goods->trade != TRADE_MERIDIA &&
                     goods->trade != TRADE_FOOD && goods->trade != TRADE_JEWELLERY;
        if (light && goods->unit_hundredths <= 100 && (!cheap || unit_cents(goods) < 3000))
            return goods;
    }
}

// Is the n-th a part of an order that comes in several parcels? Some in a season's block are, and
// one of them is as far from the next as the others.
static bool is_part(struct making *m)
{
    m->split = chance_of(m->port->seed, CHANCE_SPLIT, m->n / SPLIT_BLOCK);
    bool there_is_one = chance_one_in(&m->split, 4);
    uint64_t first = chance_below(&m->split, SPLIT_BLOCK / SPLIT_PARTS);
    return there_is_one && m->n % (SPLIT_BLOCK / SPLIT_PARTS) == first;
}

static void take_parcel(struct making *m)
{
    struct chance *chance = m->is_split ? &m->split : &m->chance;
    uint32_t courier = chance_below(chance, COURIERS);
    uint32_t splitter = chance_below(chance, SPLITTERS);
    uint32_t person = SPLITTERS + chance_below(chance, PERSONS);
    const struct goods *goods = goods_for_people(chance, m->is_split);
    uint32_t origins = (uint32_t)(strlen(goods->origins) + 1) / 3;
    uint32_t chosen = chance_below(chance, origins);
    m->trader = courier_of(TRADERS + courier);
    m->person = m->is_split ? splitter : person;
    m->trader.habits[0] = (struct habit){ .goods = goods, .price_percent =
                                          chance_between(chance, 90, 190),
                                          .origin = { goods->origins + 3 * (size_t)chosen, 2 } };
    m->trader.habits_count = 1;
}

// By ship, unless lorries come from there; what is light and dear flies.
static enum route route_of(struct making *m)
{
    const struct goods *goods = m->habit->goods;
    bool as_usual = !chance_one_in(&m->chance, 9) || goods->trade == TRADE_JEWELLERY;
    bool drives = chance_below(&m->chance, 3) < 2;
    bool flies = goods->by_air == as_usual && goods->grams_unit <= GRAMS_UNIT_AIR_MAX;
    bool near = is_among("CH DE ES FI FR IT NL PL PT TR", m->dispatch);
    if (near && drives && (!flies || m->trader.courier)) return BY_ROAD;
    return flies || m->trader.courier ? BY_AIR : BY_SEA;
}

// Who trades what with whom, and how it travels: what all the rest follows from.
static void making_begin(struct making *m, const struct port *port, uint64_t n)
{
    static const char *const customers[] = { "DE", "GB", "US", "NO", "JP", "AU", "FR" };
    static const char *const partners[] = { "KR", "TR", "TN" };
    assert(port->per_day > 0);
    assert(port->first_day.given);
    *m = (struct making){ .port = port, .n = n,
                          .chance = chance_of(port->seed, CHANCE_DECLARATION, n) };
    uint32_t number = trader_draw(&m->chance);
    bool is_parcel = chance_one_in(&m->chance, 4);
    m->is_split = is_part(m);
    m->trader = trader_of(port->seed, number);
    trader_at(&m->trader, n);
    if (is_parcel || m->is_split) take_parcel(m);
    m->habit = habit_drawn(m);
    m->dispatch = dispatch_of(&m->chance, m->habit->origin);
    m->currency = currency_of(&m->chance, m->habit->origin);
    struct span customer = PICK(&m->chance, customers);
    if (m->is_split) m->dispatch = m->habit->origin;
    if (m->trader.exports) m->dispatch = customer;
    m->route = route_of(m);
    m->false_origin = PICK(&m->chance, partners);
    m->flaw = flaw_of(m);
}

enum port_flaw port_flaw(const struct port *port, uint64_t n)
{
    struct making m;
    making_begin(&m, port, n);
    return m.flaw;
}

const char *port_flaw_name(enum port_flaw flaw)
{
    static const char *const names[PORT_FLAW_COUNT] = {
        "sound", "wrong-sum", "wrong-count", "wrong-mass", "wrong-digit", "no-proof",
        "low-price", "low-heading", "false-origin", "short", "split", "anew",
    };
    assert(flaw < PORT_FLAW_COUNT);
    return names[flaw];
}

// --- Amounts and masses ---

static struct amount amount_of(const struct making *m, int64_t minor)
{
    unsigned exponent = 0;
    struct span code = span_of(m->currency->code);
    bool known = currency_exponent(code, &exponent);
    assert(known);
    (void)known;
    return (struct amount){ decimal_of(minor, (uint8_t)exponent), code };
}

static int64_t minor_of(const struct making *m, int64_t cents)
{
    int64_t minor = cents * m->currency->minor_dollar / 100;
    return minor > 0 ? minor : 1;
}

// Scales show whole kilograms of what is heavy and ten grams of the rest.
static int64_t weighed(int64_t grams)
{
    int64_t step = grams >= 200000 ? 1000 : 10;
    return (grams + step - 1) / step * step;
}

static struct decimal kilograms(int64_t grams)
{
    return grams % 1000 == 0 ? decimal_of(grams / 1000, 0) : decimal_of(grams, 3);
}

// What is bought at once: from some six hundred dollars to a hundred and fifty thousand, small
// orders as often as large ones.
static int64_t order_cents(struct chance *chance)
{
    uint32_t doubled = chance_below(chance, 8);
    return (INT64_C(60000) << doubled) * chance_between(chance, 256, 511) / 256;
}

// What people order: most of it for less than a hundred dollars.
static int64_t parcel_cents(struct making *m)
{
    uint32_t doubled = chance_below(&m->chance, 5);
    int64_t cents = (INT64_C(900) << doubled) * chance_between(&m->chance, 256, 511) / 256;
    return m->is_split ? PORT_PARCEL_CENTS - chance_between(&m->chance, 100, 900) : cents;
}

// --- Items ---

struct lot {                       // what one item is about
    const struct habit *habit;
    int64_t units, net_grams, gross_grams, minor;
    uint32_t packages;
};

static struct lot lot_of(struct making *m, uint32_t items)
{
    struct lot lot = { .habit = habit_drawn(m) };
    if (!span_equal(lot.habit->origin, m->habit->origin)) lot.habit = m->habit;
    const struct goods *goods = lot.habit->goods;
    int64_t cents = unit_cents(goods);
    cents = cents * lot.habit->price_percent / 100;
    cents = cents * chance_between(&m->chance, 88, 114) / 100 + 1;
    int64_t order = m->trader.courier ? parcel_cents(m) : order_cents(&m->chance);
    lot.units = order / items / cents + !m->is_split;
    int64_t most = routes[m->route].grams_max / items / goods->grams_unit + 1;
    if (lot.units > most) lot.units = most;
    uint32_t more_percent = chance_between(&m->chance, 30, 70);
    int64_t there = lot.units;     // are in the cartons, whatever is said
    if (m->flaw == PORT_SHORT) there += 1 + lot.units * more_percent / 100;

    // Honest traders sell off old stock now and then.
    uint32_t paid_percent = chance_between(&m->chance, 22, 50);
    bool is_sale = chance_one_in(&m->chance, 180);
    int64_t unit_minor = minor_of(m, cents);
    if (m->flaw == PORT_LOW_PRICE) unit_minor = unit_minor * paid_percent / 100 + 1;
    else if (is_sale) unit_minor = unit_minor * (paid_percent + 20) / 100 + 1;
    lot.minor = unit_minor * lot.units;

    uint32_t packing = goods->tare_percent * chance_between(&m->chance, 90, 110);
    int64_t net = lot.units * goods->grams_unit;
    lot.net_grams = weighed(net);
    int64_t goods_grams = there * goods->grams_unit;
    lot.gross_grams = weighed(goods_grams + goods_grams * packing / 10000 + 100);
    if (m->flaw == PORT_WRONG_MASS) {
        int64_t turned = lot.net_grams;
        lot.net_grams = lot.gross_grams;
        lot.gross_grams = turned == lot.net_grams ? turned - 10 : turned;
    }
    lot.packages = (uint32_t)((there + goods->package_units - 1) / goods->package_units);
    return lot;
}

static struct decimal pieces_of(const struct lot *lot)
{
    int64_t hundredths = lot->units * lot->habit->goods->unit_hundredths;
    return hundredths % 100 == 0 ? decimal_of(hundredths / 100, 0) : decimal_of(hundredths, 2);
}

static bool claims_preference(const struct making *m)
{
    return has_preference(m) || m->flaw == PORT_FALSE_ORIGIN;
}

static struct span origin_of(const struct making *m)
{
    return m->flaw == PORT_FALSE_ORIGIN ? m->false_origin : m->habit->origin;
}

static struct span regime_of(const struct making *m)
{
    if (!claims_preference(m)) return SPAN("100");
    return m->flaw != PORT_FALSE_ORIGIN && is_developing(m->habit->origin) ? SPAN("200")
                                                                           : SPAN("300");
}

static bool make_goods(struct making *m, const struct lot *lot, struct item *item)
{
    const struct goods *goods = lot->habit->goods;
    bool low = m->flaw == PORT_LOW_HEADING;
    uint32_t article = chance_between(&m->chance, 100, 999);
    bool vague = chance_one_in(&m->chance, 180) || low; // the honest are lazy now and then
    struct span unit = low ? SPAN("") : span_of(goods->unit);
    if (!TAKE(m->arena, item->classifications, 1) || !TAKE(m->arena, item->origins, 1))
        return false;
    const char *code = low && goods->tempting[0] != '\0' ? goods->tempting : goods->commodity;
    item->classifications.at[0] = (struct classification){ span_of(code), SPAN("TSP") };
    item->origins.at[0] =
        (struct origin){ origin_of(m), claims_preference(m) ? SPAN("2") : SPAN("1") };
    if (unit.len > 0) item->supplementary_units = (struct quantity){ pieces_of(lot), unit };
    if (vague) {
        item->description = span_of(trade_words(goods->trade));
        return true;
    }
    return say(m->arena, &item->description, "%s, article %u", goods->description, article);
}

static bool make_procedure(struct making *m, struct item *item)
{
    bool exports = m->trader.exports;
    if (!TAKE(m->arena, item->procedures, 1)) return false;
    item->procedures.at[0] = (struct procedure){ exports ? SPAN("10") : SPAN("40"), SPAN("00") };
    if (exports) return true;
    if (!TAKE(m->arena, item->duty_tax_fees, 1)) return false;
    item->duty_tax_fees.at[0] = (struct duty_tax_fee){
        .type_code = SPAN("A00"), .regime_code = regime_of(m), .payment_method_code = SPAN("E") };
    item->valuation_method_code = SPAN("1");
    return true;
}

static bool make_packages(struct making *m, const struct lot *lot, struct item *item)
{
    uint32_t mark = chance_below(&m->chance, 100000);
    if (!TAKE(m->arena, item->packages, 1)) return false;
    item->packages.at[0] = (struct package){ .type_code = span_of(lot->habit->goods->package),
        .quantity = { lot->packages, true }, .sequence = { 1, true } };
    return say(m->arena, &item->packages.at[0].marks, "XM-%05u", mark);
}

// The invoice; the proof of origin where a preference is claimed; and what the goods need.
static bool make_papers(struct making *m, const struct lot *lot, struct item *item)
{
    struct span paper = span_of(lot->habit->goods->paper);
    bool proves = claims_preference(m) && m->flaw != PORT_NO_PROOF;
    uint32_t number = chance_between(&m->chance, 100000, 999999);
    if (!TAKE(m->arena, item->documents, 1u + proves + (paper.len > 0))) return false;
    struct document *next = item->documents.at;
    *next = (struct document){ .category_code = SPAN("N"), .type_code = SPAN("935") };
    if (!say(m->arena, &next->id, "INV-%u", number)) return false;
    if (proves) {
        bool developing = span_equal(regime_of(m), SPAN("200"));
        *++next = (struct document){ .category_code = SPAN("N"),
                                     .type_code = developing ? SPAN("865") : SPAN("954") };
        if (!say(m->arena, &next->id, "XMC%u", number + 7)) return false;
    }
    if (paper.len == 0) return true;
    *++next = (struct document){ .category_code = SPAN("N"), .type_code = paper };
    return say(m->arena, &next->id, "XMP%u", number + 11);
}

static bool make_item(struct making *m, uint32_t sequence, uint32_t items, struct item *item)
{
    struct lot lot = lot_of(m, items);
    *item = (struct item){ .sequence = { sequence, true }, .net_mass = kilograms(lot.net_grams),
        .gross_mass = kilograms(lot.gross_grams), .price = amount_of(m, lot.minor) };
    if (m->trader.exports) item->statistical_value = item->price;
    m->total_minor += lot.minor;
    m->gross_grams += lot.gross_grams;
    m->packages += lot.packages;
    return make_goods(m, &lot, item) && make_procedure(m, item) && make_packages(m, &lot, item) &&
           make_papers(m, &lot, item);
}

static bool make_items(struct making *m)
{
    struct declaration *d = m->declaration;
    bool one = chance_below(&m->chance, 10) < 6;
    uint32_t more = chance_between(&m->chance, 2, 6), count = one || m->trader.courier ? 1 : more;
    if (!TAKE(m->arena, d->items, count)) return false;
    for (uint32_t i = 0; i < count; i++)
        if (!make_item(m, i + 1, count, &d->items.at[i])) return false;
    d->goods_item_count = (struct number){ count + (m->flaw == PORT_WRONG_COUNT), true };
    d->total_package_count = (struct number){ m->packages, true };
    d->total_gross_mass = kilograms(m->gross_grams);
    int64_t wrong = m->flaw == PORT_WRONG_SUM ? m->total_minor / 10 + 1 : 0;
    d->invoice_amount = amount_of(m, m->total_minor + wrong);
    return true;
}

// --- The whole ---

// On which terms the goods are bought, and what the price leaves out.
static void make_terms(struct making *m)
{
    static const char *const by_sea[] = { "FOB", "CIF", "FOB", "CIF", "CFR", "DAP", "EXW" };
    static const char *const by_air[] = { "FCA", "CIP", "FCA", "CPT", "DAP", "EXW" };
    struct declaration *d = m->declaration;
    bool sea = m->route == BY_SEA;
    const char *terms = sea ? by_sea[m->trader.terms % COUNT_OF(by_sea)]
                            : by_air[m->trader.terms % COUNT_OF(by_air)];
    if (m->trader.exports) terms = sea ? "FOB" : "FCA";
    d->trade_terms = (struct trade_terms){ .condition_code = span_of(terms) };
    if (m->trader.exports) return;
    bool has_freight = terms[0] == 'C' || terms[0] == 'D';
    bool has_insurance = has_freight && terms[1] != 'F' && terms[1] != 'P';
    int64_t cents = m->trader.courier ? 250 : 5000;
    cents += m->gross_grams * routes[m->route].freight_cents_kilo / 1000;
    if (!has_freight) d->freight = amount_of(m, minor_of(m, cents));
    if (!has_insurance) d->insurance = amount_of(m, m->total_minor * 3 / 1000 + 1);
}

static bool make_containers(struct making *m)
{
    struct declaration *d = m->declaration;
    uint32_t count = 1 + (uint32_t)(m->gross_grams / GRAMS_CONTAINER);
    if (!TAKE(m->arena, d->containers, count)) return false;
    uint32_t first = chance_below(&m->chance, 900000);
    for (uint32_t i = 0; i < count; i++) {
        struct container *container = &d->containers.at[i];
        struct span body;
        uint32_t seal = chance_below(&m->chance, 10000000);
        if (!say(m->arena, &body, "XMTU%06u", first + i)) return false;
        int digit = check_digit(body);
        assert(digit >= 0);
        if (i == 0 && m->flaw == PORT_WRONG_DIGIT) digit = (digit + 1) % 10;
        container->sequence = (struct number){ i + 1, true };
        if (!say(m->arena, &container->id, SPAN_FMT "%d", SPAN_ARG(body), digit) ||
            !TAKE(m->arena, container->seals, 1))
            return false;
        container->seals.at[0].sequence = (struct number){ 1, true };
        if (!say(m->arena, &container->seals.at[0].id, "XS%07u", seal)) return false;
    }
    return true;
}

static bool make_transport(struct making *m)
{
    static const char *const ships[] = { "Ebb Tide", "Grey Heron", "Lantern", "Northern Star",
                                         "Patient Anne", "Quiet Water", "Slack Tide", "Tern" };
    static const char *const flags[] = { "PA", "LR", "MT", "MH", "SG", "XM" };
    struct declaration *d = m->declaration;
    uint32_t ship = chance_below(&m->chance, COUNT_OF(ships));
    uint32_t voyage = chance_below(&m->chance, 90);
    uint32_t plate = chance_between(&m->chance, 1000, 9999);
    bool sea = m->route == BY_SEA;
    struct transport_means *means = &d->border_means;
    *means = (struct transport_means){ .mode_code = span_of(routes[m->route].mode),
        .id_type_code = span_of(routes[m->route].id_type),
        .nationality_code = sea ? span_of(flags[ship % COUNT_OF(flags)]) : SPAN("XM") };
    if (sea) means->id = span_of(ships[ship]);
    else if (m->route == BY_ROAD ? !say(m->arena, &means->id, "XM %u %c", plate, 'A' + (int)ship)
                                 : !say(m->arena, &means->id, "XM-%c%c", 'A' + (int)ship,
                                        'A' + (int)(voyage % 26)))
        return false;
    d->container_code = sea ? SPAN("1") : SPAN("0");
    d->goods_location = (struct goods_location){ .type_code = SPAN("A"),
        .qualifier_code = SPAN("U"), .country_code = SPAN("XM") };
    if (!say(m->arena, &d->goods_location.id, "XMPRT%03u", m->trader.office) ||
        !say(m->arena, &means->conveyance_reference, "V%03u", 100 + voyage))
        return false;
    return !sea || make_containers(m);
}

static bool make_parties(struct making *m)
{
    struct declaration *d = m->declaration;
    struct party ours, theirs;
    struct chance *supplier = m->is_split ? &m->split : &m->chance;
    if (!trader_party(&m->trader, m->arena, &ours) ||
        !foreign_party(supplier, m->dispatch, m->arena, &theirs))
        return false;
    d->declarant.id = ours.id;
    if (m->trader.courier && !person_party(m->person, m->arena, &ours)) return false;
    if (m->trader.exports) {
        d->exporter = ours;
        d->consignee = theirs;
        d->destination_country = m->dispatch;
        d->export_country = SPAN("XM");
    } else {
        d->importer = ours;
        d->exporter = theirs;
        d->destination_country = SPAN("XM");
        d->export_country = m->dispatch;
    }
    if (m->trader.agent == 0) return true;
    d->agent.role_code = SPAN("2");
    return say(m->arena, &d->agent.id, "XM9%07u", m->trader.agent);
}

// A tenth of a day's declarations come before six in the morning, a tenth after six in the evening.
int64_t port_lodged_ms(const struct port *port, uint64_t n)
{
    int64_t day = port->first_day.days + (int64_t)(n / port->per_day);
    int64_t part = (int64_t)(n % port->per_day) * MILLION / port->per_day;
    int64_t quarter = DAY_MS / 4, tenth = MILLION / 10, within;
    if (part < tenth) within = quarter * part / tenth;
    else if (part < 9 * tenth) within = quarter + 2 * quarter * (part - tenth) / (8 * tenth);
    else within = 3 * quarter + quarter * (part - 9 * tenth) / tenth;
    return day * DAY_MS + within;
}

uint64_t port_count_by(const struct port *port, int64_t at_ms)
{
    int64_t days = at_ms / DAY_MS - port->first_day.days;
    if (days < 0) return 0;
    uint64_t n = (uint64_t)days * port->per_day, end = n + port->per_day;
    while (n < end) { // the first that comes later is among them
        uint64_t middle = n + (end - n) / 2;
        if (port_lodged_ms(port, middle) <= at_ms) n = middle + 1;
        else end = middle;
    }
    return n;
}

static unsigned long long season_of(const struct port *port) { return port->seed & 0xFFFF; }

// The UCR begins with the last digit of the year.
static bool write_ucr(const struct making *m, struct span *ucr)
{
    struct text year = text_in(m->arena, 16);
    struct span trader;
    date_write(&year, moment_date(m->at_ms));
    return !year.full && trader_id(trader_number(&m->trader), m->arena, &trader) &&
           say(m->arena, ucr, "%c" SPAN_FMT "-S%llX-%llu", text_span(&year).at[3],
               SPAN_ARG(trader), season_of(m->port), (unsigned long long)m->n + 1);
}

static struct span ucr_behind_year(struct span ucr)
{
    return ucr.len > 0 ? (struct span){ ucr.at + 1, ucr.len - 1 } : ucr;
}

bool port_number_of(const struct port *port, struct span ucr, uint64_t *n)
{
    char season[24];
    struct span_pair number = span_cut_last(ucr, '-');
    int len = snprintf(season, sizeof(season), "-S%llX", season_of(port));
    if (!number.found || len < 0 || !span_starts_with(ucr_behind_year(ucr), SPAN("XM")) ||
        !span_ends_with(number.head, (struct span){ season, (size_t)len }) ||
        !span_to_u64(number.tail, n) || *n == 0)
        return false;
    (*n)--;
    return true;
}

static bool make_references(struct making *m)
{
    struct declaration *d = m->declaration;
    return say(m->arena, &d->functional_reference_id, "SIM%llX-%llu", season_of(m->port),
               (unsigned long long)m->n + 1) &&
           say(m->arena, &d->office_id, "XM%06u", m->trader.office) && write_ucr(m, &d->ucr);
}

static bool make_head_papers(struct making *m)
{
    struct declaration *d = m->declaration;
    uint32_t number = chance_between(&m->chance, 1000000, 9999999);
    if (!TAKE(m->arena, d->statements, 1) || !TAKE(m->arena, d->documents, 1)) return false;
    d->statements.at[0] = (struct statement){ .code = SPAN(SIMULATED_CODE),
        .description = SPAN("simulated: nobody trades these goods"), .sequence = { 1, true } };
    d->documents.at[0] = (struct document){ .category_code = SPAN("N"),
        .type_code = span_of(routes[m->route].paper) };
    if (!say(m->arena, &d->documents.at[0].id, "XMB%u", number)) return false;
    if (m->trader.exports) return true;
    if (!TAKE(m->arena, d->previous_documents, 1)) return false;
    d->previous_documents.at[0] =
        (struct previous_document){ .category_code = SPAN("N"), .type_code = SPAN("337") };
    return say(m->arena, &d->previous_documents.at[0].id, "XMS%u", number + 3);
}

static bool make_head(struct making *m)
{
    struct declaration *d = m->declaration;
    d->function_code = SPAN("9");
    d->type_code = m->trader.exports ? SPAN("EXA") : SPAN("IMA");
    d->issued_at = d->accepted_at = (struct moment){ m->at_ms, true };
    d->transaction_nature_code = SPAN("11");
    if (m->trader.exports) d->exit_office_id = SPAN("XM000001");
    return make_references(m) && make_head_papers(m);
}

bool port_ucr(const struct port *port, uint64_t n, int64_t at_ms, struct arena *arena,
              struct span *ucr)
{
    struct making m;
    making_begin(&m, port, n);
    m.arena = arena;
    m.at_ms = at_ms;
    return write_ucr(&m, ucr);
}

bool port_declaration(const struct port *port, uint64_t n, struct arena *arena,
                      struct declaration *declaration, struct error *err)
{
    return port_declaration_at(port, n, port_lodged_ms(port, n), arena, declaration, err);
}

bool port_declaration_at(const struct port *port, uint64_t n, int64_t at_ms, struct arena *arena,
                         struct declaration *declaration, struct error *err)
{
    struct making m;
    making_begin(&m, port, n);
    *declaration = (struct declaration){ 0 };
    m.at_ms = at_ms;
    m.arena = arena;
    m.declaration = declaration;
    if (!make_head(&m) || !make_parties(&m) || !make_items(&m) || !make_transport(&m))
        return error_set(err, ERROR_TOO_LARGE, "a declaration does not fit into %zu bytes",
                         arena->size);
    make_terms(&m);
    return true;
}
