// Lists of files: what waits for officers, what is searched for, what a trader has lodged.
#include <stdlib.h>

#include "gates/http/declarations.h"
#include "gates/http/listing.h"
#include "gates/http/routes.h"

// A page without rows and a next is gone on from here so often, so that few need to ask again.
enum { PAGES_MAX = 4 };

static void show_queue(struct request *request);
static void show_search(struct request *request);
static void show_own(struct request *request);

static const struct route rows[] = {
    { "GET", "/api/v1/declarations", role_bit(ROLE_TRADER), SCOPE_READ, "listDeclarations",
      "a trader's own declarations, the newest first", NULL, { 0 },
      { { "query", "state: State", "only those" }, LIST_ASKED },
      { { 200, "application/json", "Rows", "The rows." } }, show_own, .ways = ROUTE_WAITS },
    { "GET", "/api/v1/queue", ROLES_OFFICIAL, SCOPE_READ, "readQueue",
      "what waits for an officer, most worth first", NULL, { 0 },
      { { "query", "claimed: 'mine' | 'nobody' | 'anybody'", "in whose hands it is (anybody)" },
        { "query", "office", "only of that office" },
        { "query", "type", "only of that type of declaration" }, LIST_ASKED },
      { { 200, "application/json", "Queue", "The rows, and how many wait in all." } }, show_queue,
      .ways = ROUTE_WAITS },
    { "GET", "/api/v1/search", ROLES_OFFICIAL, SCOPE_READ, "searchFiles",
      "files that fit, the newest first", NULL, { 0 },
      { { "query", "text", "a UCR, a trader's reference or number, the digits that a commodity code"
          " begins with, or a country of origin" },
        { "query", "office", "only of that office" },
        { "query", "state: State", "only in that state" },
        { "query", "from: date", "lodged on that day (UTC) or later" },
        { "query", "to: date", "lodged on that day or before" }, LIST_ASKED },
      { { 200, "application/json", "Rows", "The rows." } }, show_search, .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Queue", "What waits for an officer, how many in all, and what they can be chosen by.",
      .members = "next?: text, offices: [text], rows: [Row], types: [text], waiting: whole" },
    { "Rows", "Files of a list, and where to go on; there may be more behind a page without rows.",
      .members = "next?: text, rows: [Row]" },
};

const struct route_area lists_area =
    ROUTE_AREA_WITH("lists", "Lists of files", rows, schemas);

static struct views *views_of(const struct request *request)
{
    return office_views(request->gate->office);
}

// --- What waits ----------------------------------------------------------------------------------

static bool read_hand(struct request *request, struct views_waiting *asked, struct error *err)
{
    struct span text;
    if (!listing_text(request, "claimed", &text, err)) return false;
    if (text.len == 0 || span_equal(text, SPAN("anybody"))) return true;
    if (span_equal(text, SPAN("nobody"))) {
        asked->hand = HAND_NOBODY;
        return true;
    }
    asked->hand = HAND_OF;
    asked->who = span_of(request->caller.who);
    if (span_equal(text, SPAN("mine"))) return true;
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' says not in whose hands", SPAN_ARG(text));
    error_hint(err, "Ask for mine, nobody or anybody.");
    return error_field(err, "claimed");
}

static bool find_waiting(struct request *request, struct views_page *page, uint64_t *waiting,
                         struct error *err)
{
    struct views_waiting asked = { 0 };
    struct span cursor;
    uint32_t limit = 0;
    if (!listing_limit(request, &limit, err) || !listing_text(request, "cursor", &cursor, err) ||
        !listing_text(request, "office", &asked.office, err) ||
        !listing_text(request, "type", &asked.type_code, err) || !read_hand(request, &asked, err))
        return false;
    struct views_page last = { .more = true };
    for (int i = 0; i < PAGES_MAX && last.more && last.count == 0; i++) {
        if (i > 0 && !arena_copy(request->arena, span_of(last.next), &cursor))
            return error_set(err, ERROR_TOO_LARGE, "the list does not fit");
        if (!views_queue(views_of(request), &asked, cursor, limit, request->arena, &last, waiting,
                         err))
            return false;
    }
    *page = last;
    return true;
}

static int compare_names(const void *one, const void *other)
{
    return span_compare(*(const struct span *)one, *(const struct span *)other);
}

static void show_queue(struct request *request)
{
    struct error err;
    struct views_page page;
    struct views_seen seen;
    uint64_t waiting = 0;
    if (!find_waiting(request, &page, &waiting, &err) ||
        !views_seen(views_of(request), request->arena, &seen, &err)) {
        reply_error(request, &err);
        return;
    }
    qsort(seen.offices, seen.offices_count, sizeof(*seen.offices), compare_names);
    qsort(seen.types, seen.types_count, sizeof(*seen.types), compare_names);
    struct json_writer w = json_writer_in(request->arena, (size_t)64 * KIB);
    json_open_object(&w);
    listing_rows(&w, &page, "", request->caller.role);
    listing_names(&w, "offices", seen.offices, seen.offices_count);
    listing_names(&w, "types", seen.types, seen.types_count);
    json_key(&w, SPAN("waiting"));
    json_write_i64(&w, (int64_t)waiting);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

// --- What is found -------------------------------------------------------------------------------

static bool find(struct request *request, const struct views_query *query, struct span cursor,
                 uint32_t limit, struct views_page *page, struct error *err)
{
    struct views_page last = { .more = true };
    for (int i = 0; i < PAGES_MAX && last.more && last.count == 0; i++) {
        if (i > 0 && !arena_copy(request->arena, span_of(last.next), &cursor))
            return error_set(err, ERROR_TOO_LARGE, "the list does not fit");
        if (!views_search(views_of(request), query, cursor, limit, request->arena, &last, err))
            return false;
    }
    *page = last;
    return true;
}

static void show_rows(struct request *request, const struct views_page *page, const char *before)
{
    struct json_writer w = json_writer_in(request->arena, (size_t)64 * KIB);
    json_open_object(&w);
    listing_rows(&w, page, before, request->caller.role);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

static void show_own(struct request *request)
{
    struct error err;
    struct views_query query = { .mine_only = true, .mine = speaks_for(&request->caller) };
    struct span cursor;
    struct views_page page;
    uint32_t limit = 0;
    if (listing_limit(request, &limit, &err) && listing_text(request, "cursor", &cursor, &err) &&
        listing_state(request, &query.states, &err) &&
        find(request, &query, cursor, limit, &page, &err))
        show_rows(request, &page, "");
    else reply_error(request, &err);
}

// --- One box for all -----------------------------------------------------------------------------

// What somebody may have meant. It is tried in this order until something is found; the cursor
// begins with the letter of what that was.
static bool is_digits(struct span text)
{
    bool digits = text.len >= 2 && text.len <= COMMODITY_DIGITS_MAX;
    for (size_t i = 0; i < text.len; i++) digits = digits && text.at[i] >= '0' && text.at[i] <= '9';
    return digits;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_country(struct span text)
{
    return text.len == 2 && is_letter(text.at[0]) && is_letter(text.at[1]);
}

static bool is_any(struct span text) { return text.len > 0; }

static void ask_file(struct views_query *query, struct span text) { query->file = text; }
static void ask_commodity(struct views_query *query, struct span text) { query->commodity = text; }
static void ask_origin(struct views_query *query, struct span text) { query->origin = text; }
static void ask_anyone(struct views_query *query, struct span text) { query->anyone = text; }

static const struct meaning {
    const char *letter;
    bool (*fits)(struct span text);
    void (*ask)(struct views_query *query, struct span text);
    bool upper;                  // small letters were meant as capitals
} meanings[] = {
    { "f", is_any, ask_file, false },      { "g", is_any, ask_file, true },
    { "c", is_digits, ask_commodity, false }, { "o", is_country, ask_origin, true },
    { "a", is_any, ask_anyone, false },    { "b", is_any, ask_anyone, true },
};
enum { MEANINGS = sizeof(meanings) / sizeof(meanings[0]) };

static bool in_capitals(struct span text, struct arena *arena, struct span *capitals,
                        struct error *err)
{
    char *copy = arena_take_raw(arena, text.len + 1, 1);
    if (copy == NULL) return error_set(err, ERROR_TOO_LARGE, "the request does not fit");
    for (size_t i = 0; i < text.len; i++) {
        bool small = text.at[i] >= 'a' && text.at[i] <= 'z';
        copy[i] = (char)(small ? text.at[i] - 'a' + 'A' : text.at[i]);
    }
    *capitals = (struct span){ copy, text.len };
    return true;
}

struct looked_for {
    struct views_query query;
    struct span text, capitals, cursor;
    uint32_t limit;
};

static bool read_looked_for(struct request *request, struct looked_for *l, struct error *err)
{
    struct date from, to;
    *l = (struct looked_for){ 0 };
    if (!listing_limit(request, &l->limit, err) ||
        !listing_text(request, "cursor", &l->cursor, err) ||
        !listing_text(request, "text", &l->text, err) ||
        !in_capitals(l->text, request->arena, &l->capitals, err) ||
        !listing_text(request, "office", &l->query.office, err) ||
        !listing_state(request, &l->query.states, err) ||
        !listing_date(request, "from", &from, err) || !listing_date(request, "to", &to, err))
        return false;
    const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;
    if (from.given) l->query.lodged_from_ms = from.days * day_ms;
    if (to.given) l->query.lodged_to_ms = (to.days + INT64_C(1)) * day_ms;
    return true;
}

// `found` false: nothing was meant by it, or nothing is there.
static bool try_meaning(struct request *request, const struct looked_for *l,
                        const struct meaning *meaning, struct span cursor, struct views_page *page,
                        bool *found, struct error *err)
{
    struct views_query query = l->query;
    *found = false;
    if (!meaning->fits(l->text)) return true;
    meaning->ask(&query, meaning->upper ? l->capitals : l->text);
    if (!find(request, &query, cursor, l->limit, page, err)) return false;
    *found = page->count > 0 || page->more;
    return true;
}

static bool search_text(struct request *request, const struct looked_for *l,
                        struct views_page *page, const char **before, struct error *err)
{
    bool found = false;
    *page = (struct views_page){ 0 };
    for (int i = 0; i < MEANINGS && !found; i++) {
        *before = meanings[i].letter;
        if (!try_meaning(request, l, &meanings[i], SPAN(""), page, &found, err)) return false;
    }
    return true;
}

// Goes on with what was meant on the page before.
static bool go_on(struct request *request, const struct looked_for *l, struct views_page *page,
                  const char **before, struct error *err)
{
    bool found;
    struct span letter = { l->cursor.at, 1 }, cursor = { l->cursor.at + 1, l->cursor.len - 1 };
    *page = (struct views_page){ 0 };
    for (int i = 0; i < MEANINGS; i++) {
        *before = meanings[i].letter;
        if (span_equal(letter, span_of(*before)))
            return try_meaning(request, l, &meanings[i], cursor, page, &found, err);
    }
    return find(request, &l->query, l->cursor, l->limit, page, err); // which says what is wrong
}

static void show_search(struct request *request)
{
    struct error err;
    struct looked_for l;
    struct views_page page;
    const char *before = "";
    if (read_looked_for(request, &l, &err) &&
        (l.text.len == 0     ? find(request, &l.query, l.cursor, l.limit, &page, &err)
         : l.cursor.len == 0 ? search_text(request, &l, &page, &before, &err)
                             : go_on(request, &l, &page, &before, &err)))
        show_rows(request, &page, before);
    else reply_error(request, &err);
}
