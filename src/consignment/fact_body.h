// fact_body: what stands in the body of each kind of fact, written and read.
//
// Bodies are canonical JSON objects (RFC 8785): members in byte order, absent ones left out, no
// numbers but whole ones below 2^53, money as {"currency":"EUR","value":"12.50"}.
//
//   declared   declaration, digest (hex SHA-256 of it), [dropped]
//   amended    the same, [reason], version (2 and up)
//   withdrawn  [reason]
//   checked    errors, findings [{field, hint, rule, severity, text}], rules
//   valued     items [{lines [{amount, note, rate, text}], sequence, value}], [missing [text]],
//              rates, total
//   assessed   lines [{amount, base, law, rate, rounding, sequence, suspended, text, type}],
//              schedule, total
//   scored     random, reasons [{points, rule, text}], rules, score (0 .. 1000), [wants], worth
//   decided    by ("desk" or "officer"), decision, [overrules], reasons [text]
//   settled    amount, reference
//   claimed    [from]
//   unclaimed  [from]
//   requested  [code], text, [until]
//   supplied   attachments [{[code], name, sha256, size, type}], request, [text]
//   inspected  conforms, [found [text]], minutes, [recovered], [text]
//
// Members named rules, rates and schedule hold the version of what was gone by.
//
// Every function that writes puts the body into the arena; every reader's spans point into the body
// or the arena. A body that does not fit its kind is ERROR_DAMAGED: a member that is missing, of
// another kind or beyond its limits. Empty texts and money of no currency are left out, and may be.
// Members that are not known here are not looked at: a later version may have put them there.
#ifndef TW_CONSIGNMENT_FACT_BODY_H
#define TW_CONSIGNMENT_FACT_BODY_H

#include "consignment/body.h"
#include "consignment/fact.h"
#include "consignment/finding.h"
#include "consignment/model.h"

// Of a DECLARED or AMENDED fact.
struct declared {
    struct declaration declaration;
    struct sha256 digest;        // of its canonical JSON; it fits
    struct text_list dropped;
    struct span reason;
    uint32_t version;            // 2 and up; 0 of a DECLARED fact
};

// One step on the way to a customs value.
struct value_line {
    struct span text;            // "price 1000.00 USD at 0.92 EUR (2026-01-01)"
    struct money amount;
    struct decimal rate;         // exchange rate; not given where there is none
    struct span note;            // empty when there is nothing to note
};

struct valued_item {
    uint32_t sequence;
    struct money value;
    const struct value_line *lines;
    uint32_t lines_count;
};

struct valued {
    const struct valued_item *items;
    uint32_t items_count;
    struct text_list missing;    // what kept an item from being valued
    struct money total;
    struct span rates;           // version of the exchange rates
};

struct duty_line {
    uint32_t sequence;           // of the item
    struct span type;            // A00 customs duty, B00 VAT ...
    struct money base, amount;
    struct decimal rate;         // per cent
    struct span law, rounding, text;
    bool suspended;              // worked out, not owed now
};

struct assessed {
    const struct duty_line *lines;
    uint32_t lines_count;
    struct money total;          // of what is owed: suspended lines are not in it
    struct span schedule;        // version of the schedule
};

struct risk_reason { struct span rule, text; uint32_t points; };

struct scored {
    uint32_t score;              // 0 .. 1000
    const struct risk_reason *reasons;
    uint32_t reasons_count;
    bool random;                 // chosen by lot
    struct money worth;          // what a check is expected to bring
    struct span rules;           // version of the officers' rules
    enum decision wants;         // the strongest action that a rule asks for; DECISION_NONE: none
};

struct checked {
    const struct finding *findings;
    uint32_t findings_count, errors_count;
    struct span rules;           // version of the rules of the trade
};

const char *severity_name(enum severity severity); // "warning"

struct decided {
    enum decision decision;
    bool by_officer;
    uint32_t overrules;          // the fact of the decision that it overrules; 0: none
    struct text_list reasons;
};

struct settled { struct money amount; struct span reference; };

struct requested {
    struct span code;            // of the document asked for (N380, C644 ...); empty: an answer
    struct span text;            // what is asked, in words
    struct span until;           // a date, 2026-11-30; empty: no day is set
};

struct attachment {
    struct sha256 sha256;        // of its bytes, by which it is kept
    struct span name, type;      // as the sender calls it; "application/pdf"
    struct span code;            // of the document that it is; empty: not said
    uint32_t size;               // bytes
};

struct supplied {
    uint32_t request;            // the fact that asked for it; 0: unasked
    struct span text;
    const struct attachment *attachments;
    uint32_t attachments_count;
};

struct inspected {
    bool conforms;               // the goods are what was declared
    struct text_list found;      // kinds of what is not: "undervaluation", "wrong-code" ...
    struct money recovered;      // duties and taxes that would have been lost; may be absent
    uint32_t minutes;            // that it took
    struct span text;
};

// `canonical` is the declaration's canonical JSON, `digest` its SHA-256.
MUST_CHECK bool body_declared(struct span canonical, struct sha256 digest,
                              const struct dropped *dropped, struct arena *arena,
                              struct span *body, struct error *err);
MUST_CHECK bool body_amended(struct span canonical, struct sha256 digest, uint32_t version,
                             struct span reason, const struct dropped *dropped,
                             struct arena *arena, struct span *body, struct error *err);
MUST_CHECK bool body_withdrawn(struct span reason, struct arena *arena, struct span *body,
                               struct error *err);
MUST_CHECK bool body_checked(const struct checked *checked, struct arena *arena,
                             struct span *body, struct error *err);
MUST_CHECK bool body_valued(const struct valued *valued, struct arena *arena, struct span *body,
                            struct error *err);
MUST_CHECK bool body_assessed(const struct assessed *assessed, struct arena *arena,
                              struct span *body, struct error *err);
MUST_CHECK bool body_scored(const struct scored *scored, struct arena *arena, struct span *body,
                            struct error *err);
MUST_CHECK bool body_decided(enum decision decision, bool by_officer, const struct span *reasons,
                             uint32_t reasons_count, struct arena *arena, struct span *body,
                             struct error *err);
// A decision of an officer that puts another in the place of fact `overrules`.
MUST_CHECK bool body_overruled(enum decision decision, uint32_t overrules, struct span reason,
                               struct arena *arena, struct span *body, struct error *err);
MUST_CHECK bool body_settled(struct money amount, struct span reference, struct arena *arena,
                             struct span *body, struct error *err);
// Of CLAIMED and UNCLAIMED; `from` is who had it in hand, when that is somebody else than who says
// so.
MUST_CHECK bool body_claimed(struct span from, struct arena *arena, struct span *body,
                             struct error *err);
MUST_CHECK bool body_requested(const struct requested *requested, struct arena *arena,
                               struct span *body, struct error *err);
MUST_CHECK bool body_supplied(const struct supplied *supplied, struct arena *arena,
                              struct span *body, struct error *err);
MUST_CHECK bool body_inspected(const struct inspected *inspected, struct arena *arena,
                               struct span *body, struct error *err);

// The digest alone, in some nanoseconds: the declaration is not read.
MUST_CHECK bool body_digest(struct span body, struct sha256 *digest, struct error *err);

MUST_CHECK bool body_read_declared(struct span body, struct arena *arena,
                                   struct declared *declared, struct error *err);
MUST_CHECK bool body_read_withdrawn(struct span body, struct arena *arena, struct span *reason,
                                    struct error *err);
MUST_CHECK bool body_read_checked(struct span body, struct arena *arena, struct checked *checked,
                                  struct error *err);
MUST_CHECK bool body_read_valued(struct span body, struct arena *arena, struct valued *valued,
                                 struct error *err);
MUST_CHECK bool body_read_assessed(struct span body, struct arena *arena,
                                   struct assessed *assessed, struct error *err);
MUST_CHECK bool body_read_scored(struct span body, struct arena *arena, struct scored *scored,
                                 struct error *err);
MUST_CHECK bool body_read_decided(struct span body, struct arena *arena, struct decided *decided,
                                  struct error *err);
MUST_CHECK bool body_read_settled(struct span body, struct arena *arena, struct settled *settled,
                                  struct error *err);

MUST_CHECK bool body_read_claimed(struct span body, struct arena *arena, struct span *from,
                                  struct error *err);
MUST_CHECK bool body_read_requested(struct span body, struct arena *arena,
                                    struct requested *requested, struct error *err);
MUST_CHECK bool body_read_supplied(struct span body, struct arena *arena,
                                   struct supplied *supplied, struct error *err);
MUST_CHECK bool body_read_inspected(struct span body, struct arena *arena,
                                    struct inspected *inspected, struct error *err);

#endif
