// rulebook_body: what stands in the bodies of facts of "~rules", written and read.
//
//   rules-read    text               the books' rules, as the office read them
//   rule-written  reason, text       one rule in the language of rules.h, as it was typed
//   rule-on       name, reason, [until]
//   rule-off      name, reason
//
// Who it was, and when, stands in the fact. `until` is the last day, "2026-12-31".
//
// As of consignments (consignment/fact_body.h): canonical JSON; writers put the body into the
// arena, readers' spans point into the body or the arena; a body that does not fit its kind is
// ERROR_DAMAGED, and members that are not known are not looked at. What could not be read again is
// not written: ERROR_SYNTAX, the member named as `field`. Texts are UTF-8; a reason has 1 to
// RISK_REASON_MAX bytes without control characters but line ends. Whether a rule can be read says
// rulebook.h.
#ifndef TW_CLEARANCE_RISK_RULEBOOK_BODY_H
#define TW_CLEARANCE_RISK_RULEBOOK_BODY_H

#include "consignment/body.h"

struct rule_written { struct span text, reason; };
struct rule_switched { struct span name, reason, until; }; // `until` is empty where there is none

MUST_CHECK bool body_rules_read(struct span text, struct arena *arena, struct span *body,
                                struct error *err);
MUST_CHECK bool body_rule_written(const struct rule_written *written, struct arena *arena,
                                  struct span *body, struct error *err);
MUST_CHECK bool body_rule_on(const struct rule_switched *switched, struct arena *arena,
                             struct span *body, struct error *err);
MUST_CHECK bool body_rule_off(const struct rule_switched *switched, struct arena *arena,
                              struct span *body, struct error *err); // `until` is empty

MUST_CHECK bool body_read_rules_read(struct span body, struct arena *arena, struct span *text,
                                     struct error *err);
MUST_CHECK bool body_read_rule_written(struct span body, struct arena *arena,
                                       struct rule_written *written, struct error *err);
MUST_CHECK bool body_read_rule_on(struct span body, struct arena *arena,
                                  struct rule_switched *switched, struct error *err);
MUST_CHECK bool body_read_rule_off(struct span body, struct arena *arena,
                                   struct rule_switched *switched, struct error *err);

#endif
