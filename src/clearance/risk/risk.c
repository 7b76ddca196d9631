#include "clearance/risk/risk.h"

#include <assert.h>

#include "clearance/risk/rules.h"
#include "consignment/fact_body.h"

// The lot: the first 8 bytes of SHA-256(key, name, version) against the share. Numbers have their
// highest byte first, so that every machine draws alike.
static bool chosen_by_lot(const struct clearance *c)
{
    uint32_t version = c->file->version;
    char bytes[4] = { (char)(version >> 24), (char)(version >> 16), (char)(version >> 8),
                      (char)version };
    struct sha256 hash = sha256_of_three(
        (struct span){ (const char *)c->books->lot_key, sizeof(c->books->lot_key) }, c->file->name,
        (struct span){ bytes, sizeof(bytes) });
    uint64_t drawn = 0;
    for (int i = 0; i < 8; i++) drawn = drawn << 8 | hash.bytes[i];
    return drawn % 1000000 < c->books->random_per_million;
}

static enum decision stronger(enum decision a, enum decision b)
{
    static const uint8_t strength[DECISION_COUNT] = {
        [DECISION_EXAMINE] = 1, [DECISION_DOCUMENTS] = 2, [DECISION_HOLD] = 3 };
    return strength[b] > strength[a] ? b : a;
}

static void add_rules(const struct clearance *c, struct scored *scored, struct risk_reason *reasons)
{
    const struct risk_rules *rules = c->books->risk_rules;
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct risk_rule *rule = &rules->rules[i];
        if (!risk_rule_hits(rules, rule, c)) continue;
        reasons[scored->reasons_count++] =
            (struct risk_reason){ rule->name, rule->text, rule->score };
        scored->score += rule->score;
        scored->wants = stronger(scored->wants, rule->wants);
    }
}

static void add_warnings(const struct clearance *c, struct scored *scored,
                         struct risk_reason *reasons)
{
    uint32_t most = WARNINGS_POINTS_MAX / WARNING_POINTS;
    uint32_t warnings = c->file->warnings_count < most ? c->file->warnings_count : most;
    uint32_t points = warnings * WARNING_POINTS;
    if (points == 0) return;
    reasons[scored->reasons_count++] = (struct risk_reason){
        SPAN("check"), SPAN("the rules of the trade left doubts; see the findings"), points };
    scored->score += points;
}

static bool work_out_worth(const struct clearance *c, struct scored *scored, struct error *err)
{
    struct money stake = { .minor = c->books->worth_floor_minor };
    memcpy(stake.currency, c->books->currency, sizeof(stake.currency));
    if (c->file->duty_total.currency[0] != '\0' && c->file->duty_total.minor > stake.minor)
        stake = c->file->duty_total;
    return money_share_half_up(stake, scored->score, 1000, &scored->worth, err);
}

bool risk_step(struct clearance *c, struct error *err)
{
    static const struct step this_step = { .name = "risk", .run = risk_step };
    const struct risk_rules *rules = c->books->risk_rules;
    uint32_t rules_count = rules == NULL ? 0 : rules->count;
    struct scored scored = { .rules = rules == NULL ? SPAN("none") : span_of(rules->version) };
    struct span body;
    void *room;
    if (!arena_need(c->arena, rules_count + 2, sizeof(struct risk_reason), &room, "the risk", err))
        return false;
    scored.reasons = room;
    if (rules != NULL) add_rules(c, &scored, room);
    add_warnings(c, &scored, room);
    if (scored.score > 1000) scored.score = 1000;
    scored.random = chosen_by_lot(c);
    return work_out_worth(c, &scored, err) && body_scored(&scored, c->arena, &body, err) &&
           clearance_add(c, &this_step, FACT_SCORED, body, err);
}
