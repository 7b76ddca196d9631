// origin_tell: what a worksheet found, in words and as JSON.
//
// Sentences name the materials by their place in the worksheet, from 1. Amounts are in the
// worksheet's currency and rounded up to its minor unit: so much less is surely enough.
#ifndef TW_TARIFF_ORIGIN_TELL_H
#define TW_TARIFF_ORIGIN_TELL_H

#include "base/json.h"
#include "tariff/origin_weigh.h"

// "met", "not met", "cannot be told"; for programs "met", "not_met", "cannot_tell".
const char *origin_verdict_words(enum origin_verdict verdict);
const char *origin_verdict_name(enum origin_verdict verdict);

// What a condition asks: "non-originating materials: at most 50 % of the ex-works price".
void origin_tell_condition(struct text *text, const struct origin_condition *condition);

// What was found: "38.20 % of the ex-works price".
void origin_tell_finding(struct text *text, const struct origin_sheet *sheet,
                         const struct origin_finding *finding);

// What would meet it, or settle it; nothing when it is met, or when nothing is known to.
void origin_tell_remedy(struct text *text, const struct origin_sheet *sheet,
                        const struct origin_finding *finding);

// How a material counts and why: "not originating", "originating by extended cumulation with JP".
void origin_tell_count(struct text *text, const struct origin_result *result, uint32_t material);

// The whole, as lines that a person can follow.
void origin_tell(struct text *text, const struct origin_result *result);

// The whole, as one JSON object (docs/origin.md).
void origin_tell_json(struct json_writer *w, const struct origin_result *result);

#endif
