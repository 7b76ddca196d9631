#include "tariff/origin_tell.h"

#include "base/money.h"

static const char *const base_words[] = { "the ex-works price", "the FOB value", "the net cost",
                                          "the weight of the product" };

const char *origin_verdict_words(enum origin_verdict verdict)
{
    static const char *const words[] = { "cannot be told", "not met", "met" };
    return words[verdict];
}

const char *origin_verdict_name(enum origin_verdict verdict)
{
    static const char *const names[] = { "cannot_tell", "not_met", "met" };
    return names[verdict];
}

static void add(struct text *text, const char *words) { text_add(text, span_of(words)); }

static void add_percent(struct text *text, struct decimal percent)
{
    decimal_write(text, percent);
    add(text, " %");
}

// --- Amounts ---

// Millionths to so many decimals, rounded up; 10^18 is far from the end of 64 bits.
static struct decimal rounded_up(struct decimal value, unsigned decimals)
{
    int64_t unit = 1;
    if (value.scale <= decimals) return value;
    for (unsigned i = decimals; i < value.scale; i++) unit *= 10;
    return decimal_of((value.digits + unit - 1) / unit, (uint8_t)decimals);
}

static void add_decimals(struct text *text, struct decimal value, unsigned decimals)
{
    decimal_write(text, value);
    if (value.scale == 0 && decimals > 0) add(text, ".");
    for (unsigned i = value.scale; i < decimals; i++) add(text, "0");
}

static void add_amount(struct text *text, const struct origin_sheet *sheet, enum origin_base base,
                       struct decimal value)
{
    unsigned exponent = 2;
    if (base == ORIGIN_WEIGHT) {
        decimal_write(text, value);
        add(text, " kg");
        return;
    }
    if (!currency_exponent(span_of(sheet->currency), &exponent)) exponent = 2;
    add_decimals(text, rounded_up(value, exponent), exponent);
    text_add_format(text, " %s", sheet->currency);
}

// --- Conditions ---

static const char *group_name(uint8_t digits)
{
    return digits == 2 ? "chapter" : digits == 4 ? "heading" : "subheading";
}

static void add_scope(struct text *text, const struct origin_scope *scope)
{
    for (uint32_t i = 0; i < scope->count; i++) {
        add(text, i > 0 ? ", " : " ");
        origin_range_write(text, scope->ranges[i]);
    }
    if (scope->own != 0)
        text_add_format(text, "%s the product's own %s", scope->count > 0 ? "," : "",
                        group_name(scope->own));
    if (scope->words.len > 0) text_add_format(text, " (" SPAN_FMT ")", SPAN_ARG(scope->words));
}

static bool is_whole(const struct origin_scope *scope)
{
    return scope->count == 0 && scope->own == 0 && scope->words.len == 0;
}

static void add_of_scope(struct text *text, const struct origin_scope *scope)
{
    if (is_whole(scope)) return;
    add(text, " of");
    add_scope(text, scope);
}

static void tell_change(struct text *text, const struct origin_condition *condition)
{
    if (condition->level == 0) add(text, "from materials of any heading");
    else text_add_format(text, "change of %s", group_name(condition->level));
    if (!is_whole(&condition->scope)) {
        add(text, ", none of");
        add_scope(text, &condition->scope);
    }
    if (condition->percent.given) {
        text_add_format(text, ", of the own %s at most ", group_name(condition->level));
        add_percent(text, condition->percent);
        text_add_format(text, " of %s", base_words[condition->base]);
    }
    if (condition->words.len > 0)
        text_add_format(text, ", but allowed: " SPAN_FMT, SPAN_ARG(condition->words));
}

static void tell_content(struct text *text, const struct origin_condition *condition)
{
    static const char *const methods[] = { "build-down", "build-up", "build-up with own costs" };
    add(text, "regional value content");
    add_of_scope(text, &condition->scope);
    add(text, ": at least ");
    add_percent(text, condition->percent);
    text_add_format(text, " of %s, %s", base_words[condition->base], methods[condition->method]);
}

void origin_tell_condition(struct text *text, const struct origin_condition *condition)
{
    switch (condition->kind) {
    case ORIGIN_MANUAL:
        text_add_format(text, "to be read: " SPAN_FMT, SPAN_ARG(condition->words));
        return;
    case ORIGIN_PROCESS:
        text_add_format(text, "to be done: " SPAN_FMT, SPAN_ARG(condition->words));
        return;
    case ORIGIN_OBTAINED:
        add(text, is_whole(&condition->scope) ? "the product" : "materials");
        add_of_scope(text, &condition->scope);
        add(text, ": wholly obtained");
        return;
    case ORIGIN_ORIGINATING:
        add(text, "materials");
        add_of_scope(text, &condition->scope);
        add(text, ": all originating");
        return;
    case ORIGIN_CHANGE: tell_change(text, condition); return;
    case ORIGIN_ONLY_FROM:
        add(text, "made from materials of");
        add_scope(text, &condition->scope);
        return;
    case ORIGIN_SHARE_MAX:
        add(text, "non-originating materials");
        add_of_scope(text, &condition->scope);
        add(text, ": at most ");
        add_percent(text, condition->percent);
        text_add_format(text, " of %s", base_words[condition->base]);
        return;
    case ORIGIN_BALANCE:
        add(text, "non-originating materials worth no more than originating ones");
        return;
    case ORIGIN_CONTENT_MIN: tell_content(text, condition); return;
    }
}

// --- Findings ---

// "8529 (material 2), 8541 (material 5) and 3 more".
static void add_rows(struct text *text, const struct origin_sheet *sheet,
                     const struct origin_rows *rows)
{
    for (uint32_t i = 0; i < rows->count && i < ORIGIN_ROWS_MAX; i++) {
        const struct origin_material *row = &sheet->materials[rows->at[i]];
        add(text, i > 0 ? ", " : "");
        if (row->code_text.len > 0) text_add(text, row->code_text);
        else add(text, row->name.len > 0 ? "" : "a material");
        if (row->code_text.len == 0) text_add(text, row->name);
        text_add_format(text, " (material %u)", (unsigned)rows->at[i] + 1);
    }
    if (rows->count > ORIGIN_ROWS_MAX)
        text_add_format(text, " and %u more", (unsigned)(rows->count - ORIGIN_ROWS_MAX));
}

static void add_figures(struct text *text, const struct origin_finding *finding)
{
    bool at_least = finding->condition->kind == ORIGIN_CONTENT_MIN;
    bool one = finding->low.given && finding->high.given &&
               decimal_compare(finding->low, finding->high) == 0;
    if (!finding->low.given && !finding->high.given) add(text, "an unknown share");
    else if (one) add_percent(text, finding->low);
    else if (!finding->high.given) {
        add_percent(text, finding->low);
        add(text, " or more");
    } else if (!finding->low.given) {
        add_percent(text, finding->high);
        add(text, " or less");
    } else {
        decimal_write(text, finding->low);
        add(text, " to ");
        add_percent(text, finding->high);
    }
    text_add_format(text, " of %s, %s ", base_words[finding->base],
                    at_least ? "at least" : "at most");
    add_percent(text, finding->limit);
    add(text, at_least ? " asked" : " allowed");
}

static void tell_figures(struct text *text, const struct origin_sheet *sheet,
                         const struct origin_finding *finding)
{
    if (finding->condition->kind == ORIGIN_BALANCE) {
        add(text, "non-originating ");
        add_amount(text, sheet, ORIGIN_EX_WORKS, finding->amount);
        add(text, ", originating ");
        add_amount(text, sheet, ORIGIN_EX_WORKS, finding->whole);
        return;
    }
    switch (finding->condition->kind) {
    case ORIGIN_CONTENT_MIN: add(text, "content "); break;
    case ORIGIN_CHANGE: add(text, "non-originating of the own group "); break;
    default: add(text, "non-originating "); break;
    }
    add_figures(text, finding);
}

static void tell_tolerance(struct text *text, const struct origin_sheet *sheet,
                           const struct origin_finding *finding)
{
    add_rows(text, sheet, finding->against.count > 0 ? &finding->against : &finding->doubtful);
    text_add_format(text, ": %s the general tolerance, ",
                    finding->verdict == ORIGIN_MET ? "within" : "beyond");
    add_figures(text, finding);
}

static const char *none_words(const struct origin_condition *condition)
{
    switch (condition->kind) {
    case ORIGIN_OBTAINED: return "all of them are wholly obtained";
    case ORIGIN_ORIGINATING: return "all of them originate";
    case ORIGIN_ONLY_FROM: return "all non-originating materials are of those";
    default: return "no non-originating material stands against it";
    }
}

static const char *missing_base(const struct origin_finding *finding)
{
    static const char *const members[] = { "product.ex_works", "product.fob", "product.net_cost",
                                           "product.weight" };
    const struct origin_condition *condition = finding->condition;
    bool costs = condition->kind == ORIGIN_CONTENT_MIN &&
                 condition->method == ORIGIN_BUILD_UP_COSTS && finding->whole.given;
    return costs ? "product.own_costs" : members[finding->base];
}

void origin_tell_finding(struct text *text, const struct origin_sheet *sheet,
                         const struct origin_finding *finding)
{
    switch (finding->reason) {
    case ORIGIN_BECAUSE_FIGURES: tell_figures(text, sheet, finding); return;
    case ORIGIN_BECAUSE_NONE: add(text, none_words(finding->condition)); return;
    case ORIGIN_BECAUSE_MATERIALS:
        add(text, "against it: ");
        add_rows(text, sheet, &finding->against);
        return;
    case ORIGIN_BECAUSE_TOLERANCE: tell_tolerance(text, sheet, finding); return;
    case ORIGIN_BECAUSE_TOLERANCE_UNKNOWN:
        add(text, "against it: ");
        add_rows(text, sheet, &finding->against);
        add(text, "; a general tolerance may cover that, and the rules read do not tell it");
        return;
    case ORIGIN_BECAUSE_DOUBT:
        if (finding->has_figures) {
            add_figures(text, finding);
            add(text, "; ");
        }
        add(text, "it depends on ");
        add_rows(text, sheet, &finding->doubtful);
        return;
    case ORIGIN_BECAUSE_VALUE_MISSING:
        add(text, finding->base == ORIGIN_WEIGHT ? "no weight for " : "no value for ");
        add_rows(text, sheet, &finding->doubtful);
        return;
    case ORIGIN_BECAUSE_BASE_MISSING:
        text_add_format(text, "%s is missing or zero", missing_base(finding));
        return;
    case ORIGIN_BECAUSE_NO_MATERIALS: add(text, "no materials are listed"); return;
    case ORIGIN_BECAUSE_CLAIMED:
        add(text, finding->verdict == ORIGIN_MET ? "claimed by the maker"
                                                 : "the maker says that it is not so");
        return;
    case ORIGIN_BECAUSE_NO_CLAIM: add(text, "nobody claims it"); return;
    case ORIGIN_BECAUSE_MANUAL: add(text, "a person must read these words"); return;
    }
}

// --- What would do ---

static void tell_not_met(struct text *text, const struct origin_sheet *sheet,
                         const struct origin_finding *finding)
{
    const struct origin_condition *condition = finding->condition;
    bool up = condition->kind == ORIGIN_CONTENT_MIN && condition->method != ORIGIN_BUILD_DOWN;
    const char *between = "";
    if (finding->excess.given) {
        add_amount(text, sheet, finding->base, finding->excess);
        add(text, up ? " more of originating materials" : " less of non-originating materials");
        if (!up && condition->kind != ORIGIN_BALANCE) add_of_scope(text, &condition->scope);
        between = ": ";
    }
    if (finding->replace.count > 0) {
        text_add_format(text, "%soriginating materials in place of ", between);
        add_rows(text, sheet, &finding->replace);
        between = "; ";
    }
    if (finding->base_wanted.given) {
        text_add_format(text, "%sor %s of at least ", between[0] == ':' ? "; " : between,
                        base_words[finding->base]);
        add_amount(text, sheet, finding->base, finding->base_wanted);
    }
}

void origin_tell_remedy(struct text *text, const struct origin_sheet *sheet,
                        const struct origin_finding *finding)
{
    if (finding->verdict == ORIGIN_MET) return;
    if (finding->verdict == ORIGIN_NOT_MET) {
        tell_not_met(text, sheet, finding);
        return;
    }
    switch (finding->reason) {
    case ORIGIN_BECAUSE_DOUBT:
        add(text, "a proof of origin, a full code, or the words that describe it (member 'is') "
                  "for ");
        add_rows(text, sheet, &finding->doubtful);
        return;
    case ORIGIN_BECAUSE_TOLERANCE_UNKNOWN:
        add(text, "the agreement's tolerance, or originating materials in place of ");
        add_rows(text, sheet, &finding->against);
        return;
    case ORIGIN_BECAUSE_VALUE_MISSING:
        add(text, "the missing figures of ");
        add_rows(text, sheet, &finding->doubtful);
        return;
    case ORIGIN_BECAUSE_BASE_MISSING: text_add_format(text, "%s", missing_base(finding)); return;
    case ORIGIN_BECAUSE_NO_MATERIALS: add(text, "the materials"); return;
    case ORIGIN_BECAUSE_NO_CLAIM:
        if (finding->condition->kind == ORIGIN_OBTAINED) add(text, "product.wholly_obtained");
        else add(text, "a claim in these words, with evidence");
        return;
    default: return;
    }
}

// --- Materials ---

void origin_tell_count(struct text *text, const struct origin_result *result, uint32_t material)
{
    static const char *const counted[] = { "unknown", "not originating", "originating",
                                           "wholly obtained" };
    static const char *const kinds[] = { "bilateral", "diagonal", "extended", "full" };
    const struct origin_count *count = &result->counts[material];
    const struct origin_material *row = &result->sheet->materials[material];
    add(text, counted[count->counted]);
    switch (count->ground) {
    case ORIGIN_BY_CUMULATION:
        text_add_format(text, " by %s cumulation with " SPAN_FMT,
                        kinds[result->scheme->cumulations[count->cumulation].kind],
                        SPAN_ARG(row->country));
        return;
    case ORIGIN_ORIGINATES_ELSEWHERE:
        text_add_format(text, ": " SPAN_FMT " is no party and in no cumulation",
                        SPAN_ARG(row->country));
        return;
    case ORIGIN_COUNTRY_UNKNOWN: add(text, ": it is not said where it originates"); return;
    case ORIGIN_AS_STATED:
    case ORIGIN_MINE_BY_COUNTRY: return;
    }
}
