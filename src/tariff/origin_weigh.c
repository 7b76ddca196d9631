#include "tariff/origin_weigh.h"

#include "tariff/origin_finding.h"

// The sum of all values, and of all masses, stays below this: 10^12 in millionths.
static const int64_t total_max = 1000000000000000000;

// --- May it be weighed? ---

static bool is_party(const struct origin_scheme *scheme, struct span country)
{
    bool said = scheme->countries_count > 0; // else nobody says who the parties are
    if (origin_countries_have(scheme->countries, scheme->countries_count, country)) return true;
    for (uint32_t i = 0; i < scheme->cumulations_count; i++) {
        const struct origin_cumulation *row = &scheme->cumulations[i];
        if (row->kind != ORIGIN_BILATERAL) continue;
        said = true;
        if (origin_countries_have(row->countries, row->count, country)) return true;
    }
    return !said;
}

static bool in_force(const struct origin_scheme *scheme, struct date day)
{
    if (!day.given) return true;
    if (scheme->from.given && day.days < scheme->from.days) return false;
    return !scheme->to.given || day.days <= scheme->to.days;
}

static bool find_scheme(const struct origin_book *book, const struct origin_sheet *sheet,
                        const struct origin_scheme **scheme, struct error *err)
{
    *scheme = origin_scheme_find(book, sheet->scheme);
    if (*scheme == NULL) {
        error_set(err, ERROR_NOT_FOUND, "there are no rules of a scheme '" SPAN_FMT "'",
                  SPAN_ARG(sheet->scheme));
        return error_hint(err, "Give the files that hold it.");
    }
    if (!in_force(*scheme, sheet->day)) {
        error_set(err, ERROR_NOT_FOUND, "scheme '" SPAN_FMT "' is not in force on that day",
                  SPAN_ARG(sheet->scheme));
        return error_hint(err, "Look at the worksheet's day, and for a scheme that follows it.");
    }
    if (is_party(*scheme, sheet->country)) return true;
    error_set(err, ERROR_NOT_FOUND, SPAN_FMT " is no party of scheme '" SPAN_FMT "'",
              SPAN_ARG(sheet->country), SPAN_ARG(sheet->scheme));
    return error_hint(err, "The country of a worksheet is where the product is made.");
}

static bool sums_fit(const struct origin_sheet *sheet, struct error *err)
{
    int64_t values = 0, masses = 0;
    for (uint32_t i = 0; i < sheet->materials_count; i++) {
        values += origin_micros(sheet->materials[i].value);
        masses += origin_micros(sheet->materials[i].weight);
        if (values < total_max && masses < total_max) continue;
        error_set(err, ERROR_TOO_LARGE, "the materials add up to 1000000000000 or more");
        return error_hint(err, "Look for a misplaced point, or count in a larger unit.");
    }
    int64_t with_costs = values + origin_micros(sheet->own_costs);
    return with_costs < total_max ||
           error_set(err, ERROR_TOO_LARGE, "materials and costs add up to 1000000000000 or more");
}

// --- Alternatives and rules ---

static enum origin_verdict all_of(enum origin_verdict a, enum origin_verdict b)
{
    if (a == ORIGIN_NOT_MET || b == ORIGIN_NOT_MET) return ORIGIN_NOT_MET;
    return a == ORIGIN_MET && b == ORIGIN_MET ? ORIGIN_MET : ORIGIN_CANNOT_TELL;
}

static enum origin_verdict any_of(enum origin_verdict a, enum origin_verdict b)
{
    if (a == ORIGIN_MET || b == ORIGIN_MET) return ORIGIN_MET;
    return a == ORIGIN_NOT_MET && b == ORIGIN_NOT_MET ? ORIGIN_NOT_MET : ORIGIN_CANNOT_TELL;
}

static void weigh_alternative(const struct weighing *w,
                              const struct origin_alternative *alternative,
                              struct origin_alternative_found *found)
{
    uint32_t tolerated = 0;
    bool claimed = false;
    found->alternative = alternative;
    found->verdict = ORIGIN_MET;
    for (uint32_t i = 0; i < alternative->count; i++) {
        struct origin_finding *finding = &found->findings[i];
        *finding = origin_find(w, &alternative->conditions[i]);
        found->verdict = all_of(found->verdict, finding->verdict);
        bool met = finding->verdict == ORIGIN_MET;
        tolerated += met && finding->reason == ORIGIN_BECAUSE_TOLERANCE;
        claimed = claimed || finding->reason == ORIGIN_BECAUSE_CLAIMED;
    }
    // One tolerance is for all materials together, and each condition took it for its own.
    found->shared_tolerance = tolerated > 1 && found->verdict == ORIGIN_MET;
    if (found->shared_tolerance) found->verdict = ORIGIN_CANNOT_TELL;
    found->claimed = claimed && found->verdict == ORIGIN_MET;
}

static bool room_for(const struct origin_alternative *alternative, struct arena *arena,
                     struct origin_alternative_found *found, struct error *err)
{
    void *memory;
    if (!arena_need(arena, alternative->count, sizeof(struct origin_finding), &memory,
                    "the worksheet", err))
        return false;
    found->findings = memory;
    return true;
}

static bool weigh_rule(struct weighing *w, const struct origin_rule *rule, struct arena *arena,
                       struct origin_rule_found *found, struct error *err)
{
    void *memory;
    size_t size = sizeof(struct origin_alternative_found);
    if (!arena_need(arena, rule->count, size, &memory, "the worksheet", err)) return false;
    *found = (struct origin_rule_found){ rule, ORIGIN_NOT_MET, memory };
    for (uint32_t i = 0; i < rule->count; i++) {
        struct origin_alternative_found alone, *with = &found->alternatives[i];
        if (!room_for(&rule->alternatives[i], arena, &alone, err) ||
            !room_for(&rule->alternatives[i], arena, with, err))
            return false;
        w->without_cumulation = true;
        weigh_alternative(w, &rule->alternatives[i], &alone);
        w->without_cumulation = false;
        weigh_alternative(w, &rule->alternatives[i], with);
        with->alone = alone.verdict;
        found->verdict = any_of(found->verdict, with->verdict);
    }
    return true;
}

// Of several rules those whose part the sheet names; none named, or none of that name: all.
static void choose_part(const struct origin_sheet *sheet, struct origin_candidates *found,
                        bool *chosen)
{
    uint32_t count = 0;
    const struct origin_rule *one = NULL;
    for (uint32_t i = 0; i < found->count; i++) {
        if (sheet->part.len == 0 || !span_equal(found->rules[i]->part, sheet->part)) continue;
        one = found->rules[i];
        count++;
    }
    *chosen = count == 1;
    if (!*chosen) return;
    found->rules[0] = one;
    found->count = 1;
    found->more = false;
}

static bool weigh_rules(struct weighing *w, struct arena *arena, struct origin_result *result,
                        struct error *err)
{
    void *memory;
    struct origin_candidates found;
    origin_rules_find(w->scheme, w->sheet->code, &found);
    choose_part(w->sheet, &found, &result->part_chosen);
    if (!arena_need(arena, found.count, sizeof(struct origin_rule_found), &memory, "the worksheet",
                    err))
        return false;
    result->rules = memory;
    result->rules_count = found.count;
    result->more_rules = found.more;
    for (uint32_t i = 0; i < found.count; i++)
        if (!weigh_rule(w, found.rules[i], arena, &result->rules[i], err)) return false;
    return true;
}

// Where the product may stand under one of several rules, all of them must agree; where the last
// rule is not for all goods of the code, there may be one more that nobody gave.
static enum origin_verdict by_rule(const struct origin_result *result)
{
    if (result->rules_count == 0 || result->more_rules) return ORIGIN_CANNOT_TELL;
    enum origin_verdict verdict = result->rules[0].verdict;
    for (uint32_t i = 1; i < result->rules_count; i++)
        if (result->rules[i].verdict != verdict) return ORIGIN_CANNOT_TELL;
    const struct origin_rule *last = result->rules[result->rules_count - 1].rule;
    bool covered = last->whole && last->from <= result->sheet->code.from &&
                   last->to >= result->sheet->code.to;
    return covered || result->part_chosen ? verdict : ORIGIN_CANNOT_TELL;
}

// --- The product ---

static enum origin_verdict of_answer(enum form_answer answer)
{
    if (answer == FORM_UNKNOWN) return ORIGIN_CANNOT_TELL;
    return answer == FORM_YES ? ORIGIN_MET : ORIGIN_NOT_MET;
}

// The ways that need no rule. A product with a foreign material is neither.
static void weigh_ways(const struct weighing *w, struct origin_result *result)
{
    uint32_t foreign = 0, doubtful = 0;
    for (uint32_t i = 0; i < w->sheet->materials_count; i++) {
        enum certainty certain = origin_is_foreign(w, i);
        foreign += certain == SURELY;
        doubtful += certain == PERHAPS;
    }
    result->obtained = foreign > 0 ? ORIGIN_NOT_MET : of_answer(w->sheet->wholly_obtained);
    result->alone = doubtful > 0 ? ORIGIN_CANNOT_TELL : ORIGIN_MET;
    if (w->sheet->materials_count == 0) result->alone = ORIGIN_CANNOT_TELL;
    if (foreign > 0) result->alone = ORIGIN_NOT_MET;
}

static void weigh_product(struct origin_result *result)
{
    const struct origin_sheet *sheet = result->sheet;
    enum origin_verdict without = any_of(result->obtained, result->alone);
    result->by_rule = by_rule(result);
    result->origin = any_of(without, result->by_rule);
    result->minimal_asked = without != ORIGIN_MET;
    result->minimal = of_answer(sheet->more_than_minimal);
    result->transport_asked = result->scheme->preferential;
    result->transport = of_answer(sheet->direct);
    result->qualifies = result->origin;
    if (result->minimal_asked) result->qualifies = all_of(result->qualifies, result->minimal);
    if (result->transport_asked) result->qualifies = all_of(result->qualifies, result->transport);
}

// --- Proofs ---

static enum origin_verdict within_value(const struct origin_sheet *sheet,
                                        const struct origin_proof *proof)
{
    if (!proof->value_max.given) return ORIGIN_MET;
    if (!sheet->consignment.given || memcmp(sheet->currency, proof->currency, 4) != 0)
        return ORIGIN_CANNOT_TELL;
    return decimal_compare(sheet->consignment, proof->value_max) <= 0 ? ORIGIN_MET : ORIGIN_NOT_MET;
}

static enum origin_verdict usable(const struct origin_sheet *sheet,
                                  const struct origin_proof *proof)
{
    enum origin_verdict value = within_value(sheet, proof);
    if (proof->maker != ORIGIN_BY_AUTHORISED) return value;
    return all_of(value, of_answer(sheet->authorised));
}

static bool weigh_proofs(struct origin_result *result, struct arena *arena, struct error *err)
{
    const struct origin_scheme *scheme = result->scheme;
    enum origin_verdict without_office = ORIGIN_NOT_MET;
    bool by_office = false;
    void *memory;
    if (!arena_need(arena, scheme->proofs_count, sizeof(struct origin_proof_found), &memory,
                    "the worksheet", err))
        return false;
    result->proofs = memory;
    result->proofs_count = scheme->proofs_count;
    for (uint32_t i = 0; i < scheme->proofs_count; i++) {
        const struct origin_proof *proof = &scheme->proofs[i];
        enum origin_verdict may = usable(result->sheet, proof);
        result->proofs[i] = (struct origin_proof_found){ proof, may };
        if (proof->maker == ORIGIN_BY_OFFICE) by_office = true;
        else without_office = any_of(without_office, may);
        if (proof->maker == ORIGIN_WAIVED && may == ORIGIN_MET) result->proof_waived = true;
    }
    if (without_office == ORIGIN_MET) result->certificate = ORIGIN_NOT_MET;
    else if (without_office == ORIGIN_NOT_MET && by_office) result->certificate = ORIGIN_MET;
    else result->certificate = ORIGIN_CANNOT_TELL;
    return true;
}

// --- Non-preferential origin without a rule that is met ---

struct country_test { struct span country; };

static enum certainty of_country(const struct weighing *w, uint32_t material, const void *context)
{
    const struct country_test *test = context;
    struct span country = w->sheet->materials[material].country;
    return span_equal(country, test->country) ? SURELY : SURELY_NOT;
}

static enum certainty any_material(const struct weighing *w, uint32_t material, const void *context)
{
    (void)w, (void)material, (void)context;
    return SURELY;
}

static bool countries_known(const struct origin_sheet *sheet)
{
    for (uint32_t i = 0; i < sheet->materials_count; i++)
        if (sheet->materials[i].country.len == 0) return false;
    return true;
}

// Where the greatest part of the materials by value is from (EU Delegated Regulation 2015/2446,
// article 33): told only when no value and no country is missing.
static void find_major(const struct weighing *w, struct origin_result *result)
{
    struct origin_sum all, sum;
    int64_t most = 0;
    origin_sum_where(w, any_material, NULL, false, &all);
    if (all.open || all.low == 0 || !countries_known(w->sheet)) return;
    for (uint32_t i = 0; i < w->sheet->materials_count; i++) {
        struct country_test test = { w->sheet->materials[i].country };
        origin_sum_where(w, of_country, &test, false, &sum);
        if (sum.low <= most) continue;
        most = sum.low;
        result->major_country = test.country;
    }
    result->major_share = origin_percent_down(most, all.low);
}

bool origin_weigh(const struct origin_book *book, const struct origin_sheet *sheet,
                  struct arena *arena, struct origin_result *result, struct error *err)
{
    const struct origin_scheme *scheme;
    void *memory;
    if (!find_scheme(book, sheet, &scheme, err) || !sums_fit(sheet, err) ||
        !arena_need(arena, sheet->materials_count, sizeof(struct origin_count), &memory,
                    "the worksheet", err))
        return false;
    origin_count_materials(scheme, sheet, memory);
    struct weighing w = { scheme, sheet, memory, false };
    *result = (struct origin_result){ .sheet = sheet, .scheme = scheme, .counts = memory };
    if (!weigh_rules(&w, arena, result, err) || !weigh_proofs(result, arena, err)) return false;
    weigh_ways(&w, result);
    weigh_product(result);
    if (!scheme->preferential) find_major(&w, result);
    return true;
}
