// R-7xx: what a declaration says about earlier ones.

#include "clearance/check/view.h"

static bool earlier_declaration_exists(const struct view *view, struct spot *spot)
{
    (void)spot;
    return view->version > 1 || !is_one_of(view->declaration->function_code, "1 13 ");
}

static bool later_version_says_so(const struct view *view, struct spot *spot)
{
    (void)spot;
    return view->version <= 1 || !is(view->declaration->function_code, "9");
}

static bool reason_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (!is(d->function_code, "13")) return true;
    for (uint32_t i = 0; i < d->amendments.count; i++)
        if (d->amendments.at[i].change_reason_code.len > 0) return true;
    return false;
}

static const struct rule rules[] = {
    { "R-701", "functionalReferenceId", SEVERITY_ERROR,
      "the declarant has not used this reference for another consignment",
      "Give a new reference to a new consignment; send the same message again only as it was.",
      ABOUT_WHOLE, NULL },
    { "R-702", "functionCode", SEVERITY_ERROR,
      "an amendment or a cancellation follows an earlier declaration",
      "Lodge the declaration first, with function 9, or give the reference it was lodged with.",
      ABOUT_WHOLE, earlier_declaration_exists },
    { "R-703", "functionCode", SEVERITY_NOTE,
      "a later version of a declaration says that it is an amendment",
      "Use function 13 for what replaces an earlier declaration.",
      ABOUT_WHOLE, later_version_says_so },
    { "R-704", "amendments", SEVERITY_WARNING,
      "an amendment says why it is made",
      "Give a reason code, and pointers to what was changed.",
      ABOUT_WHOLE, reason_given },
};

const struct rule_group amendment_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
