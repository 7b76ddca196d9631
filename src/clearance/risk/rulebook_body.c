#include "clearance/risk/rulebook_body.h"

#include <assert.h>

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"

// --- What fits ---

// The books' rules may be none at all.
static bool books_fit(struct span s)
{
    return s.len <= RISK_TEXT_MAX && utf8_check(s, NULL);
}

static bool rule_fits(struct span s)
{
    return s.len > 0 && s.len <= RISK_RULE_TEXT_MAX && utf8_check(s, NULL);
}

static bool name_fits(struct span s)
{
    return s.len > 0 && s.len <= RISK_NAME_MAX && utf8_check(s, NULL);
}

static bool reason_fits(struct span s)
{
    if (s.len == 0 || s.len > RISK_REASON_MAX) return false;
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\n') || s.at[i] == 127) return false;
    return utf8_check(s, NULL);
}

// Written in one way, so that what is read is written as it was.
static bool until_fits(struct span s)
{
    enum { DAY_LEN = 10 };
    struct date date;
    struct error why;
    return s.len == 0 || (s.len == DAY_LEN && date_read(s, &date, &why));
}

static const char *wrong_in_written(const struct rule_written *written)
{
    if (!rule_fits(written->text)) return "text";
    return reason_fits(written->reason) ? NULL : "reason";
}

static const char *wrong_in_switched(const struct rule_switched *switched)
{
    if (!name_fits(switched->name)) return "name";
    if (!reason_fits(switched->reason)) return "reason";
    return until_fits(switched->until) ? NULL : "until";
}

// --- Writing ---

static bool fits(const char *wrong, struct error *err)
{
    if (wrong == NULL) return true;
    error_set(err, ERROR_SYNTAX, "'%s' does not fit", wrong);
    if (strcmp(wrong, "reason") == 0)
        error_hint(err, "Give a reason of at most %d bytes of plain text.", RISK_REASON_MAX);
    else if (strcmp(wrong, "until") == 0) error_hint(err, "Write a day like 2026-12-31.");
    else if (strcmp(wrong, "text") == 0)
        error_hint(err, "Write one rule, of at most %d bytes.", RISK_RULE_TEXT_MAX);
    return error_field(err, "%s", wrong);
}

bool body_rules_read(struct span text, struct arena *arena, struct span *body, struct error *err)
{
    if (!fits(books_fit(text) ? NULL : "text", err)) return false;
    struct json_writer w = body_open(arena, text.len + 256);
    json_key(&w, SPAN("text"));
    json_write_string(&w, text);
    return body_close(&w, body, err);
}

bool body_rule_written(const struct rule_written *written, struct arena *arena, struct span *body,
                       struct error *err)
{
    if (!fits(wrong_in_written(written), err)) return false;
    struct json_writer w = body_open(arena, written->text.len + 256);
    body_put_text(&w, "reason", written->reason);
    body_put_text(&w, "text", written->text);
    return body_close(&w, body, err);
}

bool body_rule_on(const struct rule_switched *switched, struct arena *arena, struct span *body,
                  struct error *err)
{
    if (!fits(wrong_in_switched(switched), err)) return false;
    struct json_writer w = body_open(arena, 256);
    body_put_text(&w, "name", switched->name);
    body_put_text(&w, "reason", switched->reason);
    body_put_text(&w, "until", switched->until);
    return body_close(&w, body, err);
}

bool body_rule_off(const struct rule_switched *switched, struct arena *arena, struct span *body,
                   struct error *err)
{
    assert(switched->until.len == 0);
    return body_rule_on(switched, arena, body, err);
}

// --- Reading ---

static bool read_switched(struct span body, struct arena *arena, enum need until,
                          struct rule_switched *switched, struct error *err)
{
    struct members m;
    if (!members_open(&m, body, arena, err)) return false;
    struct rule_switched read = { .name = members_text(&m, 0, "name", NEEDED),
                                  .reason = members_text(&m, 0, "reason", NEEDED) };
    if (until == OPTIONAL) read.until = members_text(&m, 0, "until", OPTIONAL);
    const char *wrong = wrong_in_switched(&read);
    if (wrong != NULL) members_wrong(&m, wrong);
    *switched = read;
    return members_ok(&m, err);
}

bool body_read_rules_read(struct span body, struct arena *arena, struct span *text,
                          struct error *err)
{
    struct members m;
    if (!members_open(&m, body, arena, err)) return false;
    *text = members_text(&m, 0, "text", NEEDED);
    if (!books_fit(*text)) members_wrong(&m, "text");
    return members_ok(&m, err);
}

bool body_read_rule_written(struct span body, struct arena *arena, struct rule_written *written,
                            struct error *err)
{
    struct members m;
    if (!members_open(&m, body, arena, err)) return false;
    *written = (struct rule_written){ .text = members_text(&m, 0, "text", NEEDED),
                                      .reason = members_text(&m, 0, "reason", NEEDED) };
    const char *wrong = wrong_in_written(written);
    if (wrong != NULL) members_wrong(&m, wrong);
    return members_ok(&m, err);
}

bool body_read_rule_on(struct span body, struct arena *arena, struct rule_switched *switched,
                       struct error *err)
{
    return read_switched(body, arena, OPTIONAL, switched, err);
}

bool body_read_rule_off(struct span body, struct arena *arena, struct rule_switched *switched,
                        struct error *err)
{
    return read_switched(body, arena, NEEDED, switched, err);
}
