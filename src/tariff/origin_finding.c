#include "tariff/origin_finding.h"

#include <assert.h>

__extension__ typedef __int128 int128;

// A percentage counts in ten thousandths: so many of them are the whole.
enum { WHOLE = 1000000, PERCENT_SCALE = 4, SHOWN_SCALE = 2, SHOWN_WHOLE = 10000 };

static int64_t parts_of(struct decimal percent)
{
    int64_t parts = percent.digits;
    assert(percent.given && percent.scale <= PERCENT_SCALE);
    for (unsigned i = percent.scale; i < PERCENT_SCALE; i++) parts *= 10;
    return parts;
}

// part <= percent of whole, exactly. Sums are below 2^60, so the products are below 2^81.
static bool at_most(int64_t part, int64_t parts, int64_t whole)
{
    return (int128)part * WHOLE <= (int128)parts * whole;
}

// So much is allowed, rounded down to a millionth.
static int64_t allowed_of(int64_t parts, int64_t whole)
{
    return (int64_t)((int128)parts * whole / WHOLE);
}

static struct decimal shown(int128 value)
{
    if (value >= (int128)1000000000000000) return (struct decimal){ 0 };
    return decimal_of((int64_t)value, SHOWN_SCALE);
}

static struct decimal percent_up(int64_t part, int64_t whole)
{
    return shown(((int128)part * SHOWN_WHOLE + whole - 1) / whole);
}

struct decimal origin_percent_down(int64_t part, int64_t whole)
{
    assert(whole > 0);
    return shown((int128)part * SHOWN_WHOLE / whole);
}

static enum origin_verdict verdict_of(bool surely_met, bool surely_not)
{
    assert(!(surely_met && surely_not));
    if (surely_met) return ORIGIN_MET;
    return surely_not ? ORIGIN_NOT_MET : ORIGIN_CANNOT_TELL;
}

// --- Bases ---

static struct decimal base_of(const struct origin_sheet *sheet, enum origin_base base)
{
    switch (base) {
    case ORIGIN_EX_WORKS: return sheet->ex_works;
    case ORIGIN_FOB: return sheet->fob;
    case ORIGIN_NET_COST: return sheet->net_cost;
    case ORIGIN_WEIGHT: return sheet->weight;
    }
    return (struct decimal){ 0 };
}

// Puts the base into the finding; zero when it is missing.
static int64_t base_put(const struct weighing *w, enum origin_base base,
                        struct origin_finding *finding)
{
    int64_t whole = origin_micros(base_of(w->sheet, base));
    finding->base = base;
    if (whole > 0) {
        finding->whole = origin_from_micros(whole);
        return whole;
    }
    finding->verdict = ORIGIN_CANNOT_TELL;
    finding->reason = ORIGIN_BECAUSE_BASE_MISSING;
    return 0;
}

// --- What would do instead ---

static int64_t figure_of(const struct weighing *w, uint32_t material, bool by_weight)
{
    const struct origin_material *row = &w->sheet->materials[material];
    return origin_micros(by_weight ? row->weight : row->value);
}

// The smallest single material that is worth the excess; none: the count of materials.
static uint32_t one_that_does(const struct weighing *w, const struct origin_scope *scope,
                              bool by_weight, int64_t excess)
{
    uint32_t best = w->sheet->materials_count;
    for (uint32_t i = 0; i < w->sheet->materials_count; i++) {
        int64_t figure = figure_of(w, i, by_weight);
        bool counts = origin_is_foreign(w, i) == SURELY && origin_scope_has(w, scope, i) == SURELY;
        if (!counts || figure < excess) continue;
        if (best == w->sheet->materials_count || figure < figure_of(w, best, by_weight)) best = i;
    }
    return best;
}

static bool has_row(const struct origin_rows *rows, uint32_t material)
{
    for (uint32_t i = 0; i < rows->count && i < ORIGIN_ROWS_MAX; i++)
        if (rows->at[i] == material) return true;
    return false;
}

// The largest that is not in the list yet.
static uint32_t next_largest(const struct weighing *w, const struct origin_scope *scope,
                             bool by_weight, const struct origin_rows *taken)
{
    uint32_t best = w->sheet->materials_count;
    for (uint32_t i = 0; i < w->sheet->materials_count; i++) {
        bool counts = origin_is_foreign(w, i) == SURELY && origin_scope_has(w, scope, i) == SURELY;
        if (!counts || has_row(taken, i) || figure_of(w, i, by_weight) == 0) continue;
        if (best == w->sheet->materials_count ||
            figure_of(w, i, by_weight) > figure_of(w, best, by_weight))
            best = i;
    }
    return best;
}

// Which materials to replace by originating ones so that so much less is foreign. Empty when the
// list would be longer than it can be.
static void choose_replaced(const struct weighing *w, const struct origin_scope *scope,
                            bool by_weight, int64_t excess, struct origin_rows *rows)
{
    uint32_t none = w->sheet->materials_count;
    uint32_t one = one_that_does(w, scope, by_weight, excess);
    *rows = (struct origin_rows){ 0 };
    if (one != none) {
        origin_rows_add(rows, one);
        return;
    }
    while (excess > 0) {
        uint32_t next = next_largest(w, scope, by_weight, rows);
        if (next == none || rows->count == ORIGIN_ROWS_MAX) {
            *rows = (struct origin_rows){ 0 };
            return;
        }
        excess -= figure_of(w, next, by_weight);
        origin_rows_add(rows, next);
    }
}

// --- Shares and contents ---

static void put_shares(struct origin_finding *finding, const struct origin_sum *sum, int64_t whole)
{
    finding->has_figures = true;
    finding->amount = origin_from_micros(sum->low);
    finding->low = percent_up(sum->low, whole);
    if (!sum->open) finding->high = percent_up(sum->high, whole);
}

static enum origin_reason doubt_of(const struct origin_sum *sum, struct origin_finding *finding)
{
    finding->doubtful = sum->doubtful.count > 0 ? sum->doubtful : sum->missing;
    if (sum->open) finding->doubtful = sum->missing;
    return sum->open ? ORIGIN_BECAUSE_VALUE_MISSING : ORIGIN_BECAUSE_DOUBT;
}

static int64_t ceil_div(int128 dividend, int64_t divisor)
{
    int128 quotient = (dividend + divisor - 1) / divisor;
    return quotient < (int128)1000000000000000000 ? (int64_t)quotient : 0;
}

// At most so many parts of the base: the verdict, and by how much it is missed.
static void weigh_at_most(const struct weighing *w, const struct origin_sum *sum, int64_t parts,
                          int64_t whole, struct origin_finding *finding)
{
    const struct origin_scope *scope = &finding->condition->scope;
    bool by_weight = finding->base == ORIGIN_WEIGHT;
    finding->verdict = verdict_of(!sum->open && at_most(sum->high, parts, whole),
                                  !at_most(sum->low, parts, whole));
    finding->reason = ORIGIN_BECAUSE_FIGURES;
    finding->against = sum->sure;
    if (finding->verdict == ORIGIN_CANNOT_TELL) finding->reason = doubt_of(sum, finding);
    if (finding->verdict != ORIGIN_NOT_MET) return;
    int64_t allowed = allowed_of(parts, whole);
    finding->excess = origin_from_micros(sum->low - allowed);
    int64_t wanted = parts == 0 ? 0 : ceil_div((int128)sum->low * WHOLE, parts);
    if (wanted > 0 && !by_weight) finding->base_wanted = origin_from_micros(wanted);
    choose_replaced(w, scope, by_weight, sum->low - allowed, &finding->replace);
}

static void weigh_share(const struct weighing *w, struct origin_finding *finding)
{
    struct origin_sum sum;
    const struct origin_condition *condition = finding->condition;
    int64_t whole = base_put(w, condition->base, finding);
    finding->limit = condition->percent;
    if (whole == 0) return;
    origin_sum_of(w, &condition->scope, true, condition->base == ORIGIN_WEIGHT, &sum);
    put_shares(finding, &sum, whole);
    weigh_at_most(w, &sum, parts_of(condition->percent), whole, finding);
}

// (base - VNM) / base; a base below VNM leaves nothing.
static struct decimal content_down(int64_t foreign, int64_t whole)
{
    if (foreign >= whole) return decimal_of(0, SHOWN_SCALE);
    return origin_percent_down(whole - foreign, whole);
}

static void weigh_build_down(const struct weighing *w, int64_t whole,
                             struct origin_finding *finding)
{
    struct origin_sum sum;
    const struct origin_condition *condition = finding->condition;
    bool by_weight = condition->base == ORIGIN_WEIGHT;
    origin_sum_of(w, &condition->scope, true, by_weight, &sum);
    finding->has_figures = true;
    finding->amount = origin_from_micros(sum.low);
    finding->high = content_down(sum.low, whole);
    if (!sum.open) finding->low = content_down(sum.high, whole);
    weigh_at_most(w, &sum, WHOLE - parts_of(condition->percent), whole, finding);
}

// (VOM + costs) / base; a missing value can only raise it.
static void weigh_build_up(const struct weighing *w, int64_t whole, struct origin_finding *finding)
{
    struct origin_sum sum;
    const struct origin_condition *condition = finding->condition;
    bool with_costs = condition->method == ORIGIN_BUILD_UP_COSTS;
    int64_t parts = parts_of(condition->percent), costs = origin_micros(w->sheet->own_costs);
    if (with_costs && !w->sheet->own_costs.given) {
        finding->reason = ORIGIN_BECAUSE_BASE_MISSING;
        return;
    }
    origin_sum_of(w, &condition->scope, false, condition->base == ORIGIN_WEIGHT, &sum);
    if (!with_costs) costs = 0;
    int64_t low = sum.low + costs, high = sum.high + costs;
    finding->has_figures = true;
    finding->amount = origin_from_micros(low);
    finding->low = origin_percent_down(low, whole);
    if (!sum.open) finding->high = origin_percent_down(high, whole);
    bool met = (int128)low * WHOLE >= (int128)parts * whole;
    bool not_met = !sum.open && (int128)high * WHOLE < (int128)parts * whole;
    finding->verdict = verdict_of(met, not_met);
    finding->reason = ORIGIN_BECAUSE_FIGURES;
    finding->against = sum.sure;
    if (finding->verdict == ORIGIN_CANNOT_TELL) finding->reason = doubt_of(&sum, finding);
    if (not_met)
        finding->excess = origin_from_micros(ceil_div((int128)parts * whole, WHOLE) - low);
}

static void weigh_content(const struct weighing *w, struct origin_finding *finding)
{
    int64_t whole = base_put(w, finding->condition->base, finding);
    finding->limit = finding->condition->percent;
    if (whole == 0) return;
    if (finding->condition->method == ORIGIN_BUILD_DOWN) weigh_build_down(w, whole, finding);
    else weigh_build_up(w, whole, finding);
}

// VNM <= VOM. What is doubtful counts on one side or the other.
static void weigh_balance(const struct weighing *w, struct origin_finding *finding)
{
    struct origin_sum foreign, own;
    static const struct origin_scope all = { 0 };
    origin_sum_of(w, &all, true, false, &foreign);
    origin_sum_of(w, &all, false, false, &own);
    bool open = foreign.open || own.open;
    finding->amount = origin_from_micros(foreign.low);
    finding->whole = origin_from_micros(own.low);
    finding->reason = ORIGIN_BECAUSE_FIGURES;
    finding->against = foreign.sure;
    finding->verdict = verdict_of(!open && foreign.high <= own.low,
                                  !open && foreign.low > own.high);
    const struct origin_sum *doubtful = own.open && !foreign.open ? &own : &foreign;
    if (finding->verdict == ORIGIN_CANNOT_TELL) finding->reason = doubt_of(doubtful, finding);
    if (finding->verdict != ORIGIN_NOT_MET) return;
    // What is replaced leaves one side and joins the other: half the difference is enough.
    int64_t excess = (foreign.low - own.high + 1) / 2;
    finding->excess = origin_from_micros(excess);
    choose_replaced(w, &all, false, excess, &finding->replace);
}

// --- Materials that are not to be used ---

static const struct origin_tolerance *tolerance_of(const struct weighing *w)
{
    for (uint32_t i = 0; i < w->scheme->tolerances_count; i++) {
        const struct origin_tolerance *row = &w->scheme->tolerances[i];
        struct origin_range code = w->sheet->code;
        if (row->goods.from <= code.from && code.to <= row->goods.to) return row;
    }
    return NULL;
}

// Some stand against the condition, or perhaps do: does the agreement's tolerance cover them?
static void weigh_tolerance(const struct weighing *w, origin_test *is,
                            struct origin_finding *finding)
{
    struct origin_sum sum;
    const struct origin_tolerance *tolerance = tolerance_of(w);
    bool surely_some = finding->verdict == ORIGIN_NOT_MET;
    bool known = tolerance == NULL ? w->scheme->tolerances_known : tolerance->percent.given;
    if (surely_some && !known) {
        finding->verdict = ORIGIN_CANNOT_TELL;
        finding->reason = ORIGIN_BECAUSE_TOLERANCE_UNKNOWN;
    }
    if (tolerance == NULL || !known) return;
    struct origin_finding tried = *finding;
    int64_t whole = base_put(w, tolerance->base, &tried);
    if (whole == 0 && !surely_some) return;
    *finding = tried;
    finding->limit = tolerance->percent;
    if (whole == 0) return;
    origin_sum_where(w, is, finding->condition, tolerance->base == ORIGIN_WEIGHT, &sum);
    put_shares(finding, &sum, whole);
    int64_t parts = parts_of(tolerance->percent);
    finding->verdict = verdict_of(!sum.open && at_most(sum.high, parts, whole),
                                  surely_some && !at_most(sum.low, parts, whole));
    finding->reason = finding->verdict == ORIGIN_CANNOT_TELL ? doubt_of(&sum, finding)
                                                             : ORIGIN_BECAUSE_TOLERANCE;
    if (finding->verdict == ORIGIN_NOT_MET)
        finding->excess = origin_from_micros(sum.low - allowed_of(parts, whole));
}

// No material may be one of those.
static void weigh_none(const struct weighing *w, origin_test *is, struct origin_finding *finding)
{
    struct origin_sum sum;
    origin_sum_where(w, is, finding->condition, false, &sum);
    finding->against = sum.sure;
    finding->doubtful = sum.doubtful;
    finding->verdict = verdict_of(sum.sure.count + sum.doubtful.count == 0, sum.sure.count > 0);
    finding->reason = ORIGIN_BECAUSE_NONE;
    if (sum.sure.count > 0) finding->reason = ORIGIN_BECAUSE_MATERIALS;
    else if (sum.doubtful.count > 0) finding->reason = ORIGIN_BECAUSE_DOUBT;
    if (finding->verdict == ORIGIN_NOT_MET) finding->replace = sum.sure;
}

static enum certainty not_wholly(const struct weighing *w, uint32_t material, const void *context)
{
    const struct origin_condition *condition = context;
    enum origin_counted counted = origin_counted_now(w, material);
    enum certainty not = counted == ORIGIN_COUNTS_NOT ? SURELY : PERHAPS;
    if (counted == ORIGIN_COUNTS_WHOLLY) not = SURELY_NOT;
    return certainty_both(not, origin_scope_has(w, &condition->scope, material));
}

static enum certainty not_originating(const struct weighing *w, uint32_t material,
                                      const void *context)
{
    const struct origin_condition *condition = context;
    return certainty_both(origin_is_foreign(w, material),
                          origin_scope_has(w, &condition->scope, material));
}

// Foreign, of the product's own group, and none of those that the words of the condition allow.
static enum certainty own_group(const struct weighing *w, uint32_t material, const void *context)
{
    const struct origin_condition *condition = context;
    struct origin_scope allowed = { .words = condition->words };
    if (condition->level == 0) return SURELY_NOT;
    enum certainty own = certainty_both(origin_is_foreign(w, material),
                                        origin_is_own(w, material, condition->level));
    if (condition->words.len == 0) return own;
    return certainty_both(own, certainty_not(origin_scope_has(w, &allowed, material)));
}

static enum certainty excepted(const struct weighing *w, uint32_t material, const void *context)
{
    const struct origin_condition *condition = context;
    const struct origin_scope *scope = &condition->scope;
    if (scope->count == 0 && scope->own == 0 && scope->words.len == 0) return SURELY_NOT;
    return not_originating(w, material, context);
}

static enum certainty forbidden(const struct weighing *w, uint32_t material, const void *context)
{
    enum certainty own = own_group(w, material, context);
    enum certainty other = excepted(w, material, context);
    return own > other ? own : other;
}

// The rule's own tolerance: materials of the own group up to a share, and the exceptions not at
// all.
static void weigh_own_share(const struct weighing *w, struct origin_finding *finding)
{
    struct origin_sum own;
    const struct origin_condition *condition = finding->condition;
    weigh_none(w, excepted, finding);
    if (finding->verdict != ORIGIN_MET) return;
    origin_sum_where(w, own_group, condition, condition->base == ORIGIN_WEIGHT, &own);
    if (own.sure.count + own.doubtful.count == 0) return;
    int64_t whole = base_put(w, condition->base, finding);
    finding->limit = condition->percent;
    if (whole == 0) return;
    put_shares(finding, &own, whole);
    weigh_at_most(w, &own, parts_of(condition->percent), whole, finding);
    finding->replace = finding->verdict == ORIGIN_NOT_MET ? own.sure : finding->replace;
}

static void weigh_change(const struct weighing *w, struct origin_finding *finding)
{
    if (finding->condition->percent.given) {
        weigh_own_share(w, finding);
        return;
    }
    weigh_none(w, forbidden, finding);
    if (finding->verdict != ORIGIN_MET) weigh_tolerance(w, forbidden, finding);
}

// The product itself is to be wholly obtained, not some of its materials.
static bool is_of_product(const struct origin_condition *condition)
{
    const struct origin_scope *scope = &condition->scope;
    return condition->kind == ORIGIN_OBTAINED && scope->count == 0 && scope->own == 0 &&
           scope->words.len == 0;
}

static void weigh_obtained(const struct weighing *w, struct origin_finding *finding)
{
    weigh_none(w, not_wholly, finding);
    if (!is_of_product(finding->condition)) {
        if (finding->verdict != ORIGIN_MET) weigh_tolerance(w, not_wholly, finding);
        return;
    }
    if (finding->against.count > 0) return;
    enum form_answer answer = w->sheet->wholly_obtained;
    finding->verdict = verdict_of(answer == FORM_YES, answer == FORM_NO);
    finding->reason = answer == FORM_UNKNOWN ? ORIGIN_BECAUSE_NO_CLAIM : ORIGIN_BECAUSE_CLAIMED;
}

// Materials of other headings may be such as can never be the one asked for: a person must tell.
static void weigh_only_from(const struct weighing *w, struct origin_finding *finding)
{
    finding->verdict = ORIGIN_MET;
    finding->reason = ORIGIN_BECAUSE_NONE;
    for (uint32_t i = 0; i < w->sheet->materials_count; i++) {
        if (origin_is_foreign(w, i) == SURELY_NOT) continue;
        if (origin_scope_has(w, &finding->condition->scope, i) == SURELY) continue;
        origin_rows_add(&finding->doubtful, i);
        finding->verdict = ORIGIN_CANNOT_TELL;
        finding->reason = ORIGIN_BECAUSE_DOUBT;
    }
}

// --- Words ---

static void weigh_process(const struct weighing *w, struct origin_finding *finding)
{
    finding->reason = ORIGIN_BECAUSE_NO_CLAIM;
    for (uint32_t i = 0; i < w->sheet->claims_count; i++) {
        const struct origin_claim *claim = &w->sheet->claims[i];
        if (!span_equal(claim->words, finding->condition->words)) continue;
        if (claim->done == FORM_UNKNOWN) return;
        finding->reason = ORIGIN_BECAUSE_CLAIMED;
        finding->verdict = claim->done == FORM_YES ? ORIGIN_MET : ORIGIN_NOT_MET;
        return;
    }
}

struct origin_finding origin_find(const struct weighing *w,
                                  const struct origin_condition *condition)
{
    struct origin_finding finding = { .condition = condition, .base = condition->base };
    enum origin_kind kind = condition->kind;
    bool of_words = kind == ORIGIN_MANUAL || kind == ORIGIN_PROCESS;
    if (w->sheet->materials_count == 0 && !of_words && !is_of_product(condition)) {
        finding.reason = ORIGIN_BECAUSE_NO_MATERIALS;
        return finding;
    }
    switch (kind) {
    case ORIGIN_MANUAL: finding.reason = ORIGIN_BECAUSE_MANUAL; break;
    case ORIGIN_PROCESS: weigh_process(w, &finding); break;
    case ORIGIN_OBTAINED: weigh_obtained(w, &finding); break;
    case ORIGIN_ORIGINATING: weigh_none(w, not_originating, &finding); break;
    case ORIGIN_CHANGE: weigh_change(w, &finding); break;
    case ORIGIN_ONLY_FROM: weigh_only_from(w, &finding); break;
    case ORIGIN_SHARE_MAX: weigh_share(w, &finding); break;
    case ORIGIN_BALANCE: weigh_balance(w, &finding); break;
    case ORIGIN_CONTENT_MIN: weigh_content(w, &finding); break;
    }
    return finding;
}
