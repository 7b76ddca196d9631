// R-5xx: dates are in an order that can be.

#include "clearance/check/view.h"

#define DAY_MS INT64_C(86400000)

// Papers must be good on the day of acceptance; before it, now.
static int64_t day_that_counts(const struct view *view)
{
    struct moment accepted = view->declaration->accepted_at;
    return accepted.given ? accepted.at_ms : view->now_ms;
}

static bool acceptance_not_far_ahead(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct moment accepted = view->declaration->accepted_at;
    return !accepted.given || accepted.at_ms <= view->now_ms + 30 * DAY_MS;
}

static bool acceptance_not_long_ago(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct moment accepted = view->declaration->accepted_at;
    return !accepted.given || accepted.at_ms >= view->now_ms - 1098 * DAY_MS;
}

static bool issue_not_ahead(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct moment issued = view->declaration->issued_at;
    return !issued.given || issued.at_ms <= view->now_ms + DAY_MS;
}

static bool issue_before_acceptance(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (!d->issued_at.given || !d->accepted_at.given || is_supplementary(view)) return true;
    return d->issued_at.at_ms <= d->accepted_at.at_ms + DAY_MS;
}

// A paper is good until the end of its last day.
static bool in_force(const struct document *documents, uint32_t count, int64_t at_ms,
                     struct spot *spot)
{
    for (uint32_t i = spot->next; i < count; i++)
        if (documents[i].expires_at.given && documents[i].expires_at.at_ms + DAY_MS <= at_ms)
            return broken_at(spot, i);
    return true;
}

static bool begun(const struct document *documents, uint32_t count, int64_t at_ms,
                  struct spot *spot)
{
    for (uint32_t i = spot->next; i < count; i++)
        if (documents[i].effective_at.given && documents[i].effective_at.at_ms > at_ms + DAY_MS)
            return broken_at(spot, i);
    return true;
}

static bool documents_in_force(const struct view *view, struct spot *spot)
{
    return in_force(view->declaration->documents.at, view->declaration->documents.count,
                    day_that_counts(view), spot);
}

static bool item_documents_in_force(const struct view *view, struct spot *spot)
{
    return in_force(view->item->documents.at, view->item->documents.count, day_that_counts(view),
                    spot);
}

static bool documents_begun(const struct view *view, struct spot *spot)
{
    return begun(view->declaration->documents.at, view->declaration->documents.count,
                 day_that_counts(view), spot);
}

static bool item_documents_begun(const struct view *view, struct spot *spot)
{
    return begun(view->item->documents.at, view->item->documents.count, day_that_counts(view),
                 spot);
}

static const struct rule rules[] = {
    { "R-501", "acceptedAt", SEVERITY_WARNING,
      "the date of acceptance is at most 30 days ahead",
      "A declaration may be lodged before the goods are there, but not for ever.",
      ABOUT_WHOLE, acceptance_not_far_ahead },
    { "R-502", "acceptedAt", SEVERITY_NOTE,
      "the date of acceptance is less than three years ago",
      "A debt that is older can mostly not be claimed any more.",
      ABOUT_WHOLE, acceptance_not_long_ago },
    { "R-503", "issuedAt", SEVERITY_WARNING,
      "the declaration was not issued in the future",
      "Look at the clock of the machine that made the message.",
      ABOUT_WHOLE, issue_not_ahead },
    { "R-504", "issuedAt", SEVERITY_WARNING,
      "the declaration was issued before it was accepted",
      "Only a supplementary declaration may come after the date of acceptance.",
      ABOUT_WHOLE, issue_before_acceptance },
    { "R-505", "documents[].expiresAt", SEVERITY_WARNING,
      "a document has not expired on the day of acceptance",
      "Ask its issuer for a new one.",
      ABOUT_WHOLE, documents_in_force },
    { "R-506", "documents[].effectiveAt", SEVERITY_WARNING,
      "a document is already in force on the day of acceptance",
      "Lodge the declaration when the document is in force.",
      ABOUT_WHOLE, documents_begun },
    { "R-521", "items[].documents[].expiresAt", SEVERITY_WARNING,
      "a document of an item has not expired on the day of acceptance",
      "Ask its issuer for a new one.",
      ABOUT_ITEM, item_documents_in_force },
    { "R-522", "items[].documents[].effectiveAt", SEVERITY_WARNING,
      "a document of an item is already in force on the day of acceptance",
      "Lodge the declaration when the document is in force.",
      ABOUT_ITEM, item_documents_begun },
};

const struct rule_group date_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
