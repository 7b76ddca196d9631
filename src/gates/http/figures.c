// Figures: what is counted of files by day and office, for those who look at the whole.
#include "consignment/fact_body.h"
#include "gates/http/listing.h"
#include "gates/http/routes.h"
#include "tariff/books.h"

// Of one answer; and as many days, up to today, where none are asked for.
enum { FIGURES_DAYS_MAX = 400, FIGURES_DAYS_USUAL = 30 };

static void show_figures(struct request *request);

static const struct route rows[] = {
    { "GET", "/api/v1/figures", ROLES_OFFICIAL, SCOPE_READ, "readFigures",
      "what is counted of files, by the day of their lodging (UTC) and by office", NULL, { 0 },
      { { "query", "from: date", "the first day (29 days before the last)" },
        { "query", "to: date", "the last day (today); at most 400 days" },
        { "query", "office", "only of that office" } },
      { { 200, "application/json", "Figures", "The figures." } }, show_figures,
      .ways = ROUTE_WAITS },
};

#define COUNTED                                                                                 \
    "documents: whole, examined: whole, found: whole, held: whole, inspected: whole, "            \
    "lodged: whole, owed: Money, recovered: Money, refused: whole, released: whole"

static const struct schema schemas[] = {
    { "ClearanceStep", "How many were released for the first time within so many seconds of their "
      "lodging, and not within the step before; the last step has no end.",
      .members = "count: whole, upToSeconds?: whole" },
    { "Figures", "What is counted of files. Amounts in other currencies are not in the sums.",
      .members = "byOffice: [FiguresOfOffice], clearance: [ClearanceStep], currency: text, "
                 "days: [FiguresOfDay], from: date, offices: [text], to: date" },
    { "FiguresOfDay", "Of the files that were lodged that day; refused to held is what was decided "
      "first of their last version, owed is what their last version owes.",
      .members = "date: date, " COUNTED },
    { "FiguresOfOffice", "Of the files that were lodged there; of no name are the files that name "
      "no office, and those of offices beyond the first 256.",
      .members = "office: text, " COUNTED },
};

const struct route_area figures_area =
    ROUTE_AREA_WITH("figures", "What is counted of files", rows, schemas);

struct asked_figures {
    struct date from, to;
    struct span office, currency;
};

static bool read_asked(struct request *request, struct asked_figures *asked, struct error *err)
{
    if (!listing_date(request, "from", &asked->from, err) ||
        !listing_date(request, "to", &asked->to, err) ||
        !listing_text(request, "office", &asked->office, err))
        return false;
    if (!asked->to.given) asked->to = moment_date(office_now(request->gate->office));
    if (!asked->from.given)
        asked->from = (struct date){ asked->to.days - FIGURES_DAYS_USUAL + 1, true };
    asked->currency = span_of(office_books(request->gate->office)->currency);
    int32_t days = asked->to.days - asked->from.days + 1;
    if (days >= 1 && days <= FIGURES_DAYS_MAX) return true;
    error_set(err, ERROR_SYNTAX, "figures of %d days", days);
    error_hint(err, "Ask for 1 to %d days.", FIGURES_DAYS_MAX);
    return error_field(err, "from");
}

// --- Sums ----------------------------------------------------------------------------------------

static void add(struct views_figures *sum, const struct views_figures *figures)
{
    for (int i = 0; i < COUNTS; i++) sum->counts[i] += figures->counts[i];
    sum->owed += figures->owed;
    sum->recovered += figures->recovered;
}

struct sums {
    struct views_figures *days;                    // of each day, from the first on
    struct views_figures offices[VIEWS_NAMES_MAX + 1], all;
    uint32_t days_count, offices_count;
};

static struct views_figures *sum_of_office(struct sums *sums, struct span office)
{
    for (uint32_t i = 0; i < sums->offices_count; i++)
        if (span_equal(sums->offices[i].name, office)) return &sums->offices[i];
    struct views_figures *sum = &sums->offices[sums->offices_count++];
    *sum = (struct views_figures){ .name = office };
    return sum;
}

static bool add_up(struct request *request, const struct asked_figures *asked, struct sums *sums,
                   struct error *err)
{
    void *days;
    struct views_figures *figures;
    uint32_t count;
    sums->days_count = (uint32_t)(asked->to.days - asked->from.days + 1);
    if (!arena_need(request->arena, sums->days_count, sizeof(*sums->days), &days, "the figures",
                    err) ||
        !views_days(office_views(request->gate->office), asked->from.days, asked->to.days,
                    asked->currency, request->arena, &figures, &count, err))
        return false;
    sums->days = days;
    for (uint32_t i = 0; i < count; i++) {
        if (asked->office.len > 0 && !span_equal(figures[i].name, asked->office)) continue;
        add(&sums->days[figures[i].day - asked->from.days], &figures[i]);
        add(sum_of_office(sums, figures[i].name), &figures[i]);
        add(&sums->all, &figures[i]);
    }
    return true;
}

// --- Writing -------------------------------------------------------------------------------------

static void put_money(struct json_writer *w, const char *key, int64_t minor, struct span currency)
{
    struct money amount = { .minor = minor };
    memcpy(amount.currency, currency.at, currency.len);
    body_put_money(w, key, amount);
}

static void write_counted(struct json_writer *w, const struct views_figures *f,
                          struct span currency)
{
    static const struct { const char *name; int count; } counts[] = {
        { "documents", COUNT_DOCUMENTS }, { "examined", COUNT_EXAMINED }, { "found", COUNT_FOUND },
        { "held", COUNT_HELD },           { "inspected", COUNT_INSPECTED },
        { "lodged", COUNT_LODGED },       { "refused", COUNT_REFUSED },
        { "released", COUNT_RELEASED },
    };
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        body_put_whole(w, counts[i].name, (uint64_t)f->counts[counts[i].count]);
    put_money(w, "owed", f->owed, currency);
    put_money(w, "recovered", f->recovered, currency);
}

static void put_date(struct json_writer *w, const char *key, int32_t days)
{
    body_open_string(w, key);
    date_write(&w->text, (struct date){ days, true });
    body_close_string(w);
}

static void write_offices(struct json_writer *w, const struct sums *sums, struct span currency)
{
    json_key(w, SPAN("byOffice"));
    json_open_array(w);
    for (uint32_t i = 0; i < sums->offices_count; i++) {
        json_open_object(w);
        json_key(w, SPAN("office"));
        json_write_string(w, sums->offices[i].name);
        write_counted(w, &sums->offices[i], currency);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_days(struct json_writer *w, const struct sums *sums,
                       const struct asked_figures *asked)
{
    json_key(w, SPAN("days"));
    json_open_array(w);
    for (uint32_t i = 0; i < sums->days_count; i++) {
        json_open_object(w);
        put_date(w, "date", asked->from.days + (int32_t)i);
        write_counted(w, &sums->days[i], asked->currency);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_clearance(struct json_writer *w, const struct sums *sums)
{
    json_key(w, SPAN("clearance"));
    json_open_array(w);
    for (int i = 0; i < CLEARANCE_STEPS; i++) {
        json_open_object(w);
        body_put_whole(w, "count", (uint64_t)sums->all.counts[COUNT_CLEARED + i]);
        if (i < CLEARANCE_STEPS - 1)
            body_put_whole(w, "upToSeconds", (uint64_t)(clearance_step_ms[i] / 1000));
        json_close_object(w);
    }
    json_close_array(w);
}

static void show_figures(struct request *request)
{
    struct error err;
    struct asked_figures asked = { 0 };
    struct views_seen seen;
    void *memory;
    if (!read_asked(request, &asked, &err) ||
        !arena_need(request->arena, 1, sizeof(struct sums), &memory, "the figures", &err) ||
        !add_up(request, &asked, memory, &err) ||
        !views_seen(office_views(request->gate->office), request->arena, &seen, &err)) {
        reply_error(request, &err);
        return;
    }
    const struct sums *sums = memory;
    struct json_writer w = json_writer_in(request->arena, (size_t)64 * KIB);
    json_open_object(&w);
    write_offices(&w, sums, asked.currency);
    write_clearance(&w, sums);
    body_put_text(&w, "currency", asked.currency);
    write_days(&w, sums, &asked);
    put_date(&w, "from", asked.from.days);
    listing_names(&w, "offices", seen.offices, seen.offices_count);
    put_date(&w, "to", asked.to.days);
    json_close_object(&w);
    reply_json(request, 200, &w);
}
