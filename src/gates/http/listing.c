#include "gates/http/listing.h"

#include "consignment/fact_body.h"
#include "gates/http/shown.h"

bool listing_text(struct request *request, const char *name, struct span *text, struct error *err)
{
    bool found;
    *text = SPAN("");
    if (!query_find(request->target.query, span_of(name), request->arena, text, &found, err))
        return error_field(err, "%s", name);
    *text = found ? span_trim(*text) : SPAN("");
    return true;
}

bool listing_limit(struct request *request, uint32_t *limit, struct error *err)
{
    struct span text;
    uint64_t number = LIST_USUAL;
    if (!listing_text(request, "limit", &text, err)) return false;
    if (text.len > 0 && (!span_to_u64(text, &number) || number == 0 || number > LIST_MAX)) {
        error_set(err, ERROR_SYNTAX, "a limit of '" SPAN_FMT "'", SPAN_ARG(text));
        error_hint(err, "Ask for 1 to %d rows.", LIST_MAX);
        return error_field(err, "limit");
    }
    *limit = (uint32_t)number;
    return true;
}

bool listing_date(struct request *request, const char *name, struct date *date, struct error *err)
{
    struct span text;
    *date = (struct date){ 0 };
    if (!listing_text(request, name, &text, err)) return false;
    return text.len == 0 || date_read(text, date, err) || error_field(err, "%s", name);
}

bool listing_state(struct request *request, uint32_t *states, struct error *err)
{
    struct span text;
    enum file_state state;
    *states = 0;
    if (!listing_text(request, "state", &text, err)) return false;
    if (text.len == 0) return true;
    if (!file_state_read(text, &state)) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no state of a file", SPAN_ARG(text));
        return error_field(err, "state");
    }
    *states = 1u << state;
    return true;
}

void listing_rows(struct json_writer *w, const struct views_page *page, const char *before,
                  enum role role)
{
    if (page->more) {
        body_open_string(w, "next");
        text_add(&w->text, span_of(before));
        text_add(&w->text, span_of(page->next));
        body_close_string(w);
    }
    json_key(w, SPAN("rows"));
    json_open_array(w);
    for (uint32_t i = 0; i < page->count; i++) shown_row(w, &page->rows[i], role);
    json_close_array(w);
}

void listing_names(struct json_writer *w, const char *key, const struct span *names,
                   uint32_t count)
{
    json_key(w, span_of(key));
    json_open_array(w);
    for (uint32_t i = 0; i < count; i++) json_write_string(w, names[i]);
    json_close_array(w);
}
