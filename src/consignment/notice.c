#include "consignment/notice.h"

#include <assert.h>

#include "consignment/fact_body.h"

static bool is_officers(const struct fact *fact)
{
    return fact->kind == FACT_DECIDED && !span_starts_with(fact->who, SPAN("step:"));
}

static bool opens_version(const struct fact *fact)
{
    return fact->kind == FACT_DECLARED || fact->kind == FACT_AMENDED;
}

// Does a decision put the file back?
static bool ends_control(const struct fact *fact, struct arena scratch)
{
    struct decided decided;
    struct error err;
    return fact->kind == FACT_DECIDED && body_read_decided(fact->body, &scratch, &decided, &err) &&
           (decided.decision == DECISION_REFUSE || decided.decision == DECISION_RELEASE);
}

// Who had the file in hand when that fact came?
static struct span holder(const struct file *file, uint32_t seq, struct arena scratch)
{
    struct span who = SPAN("");
    for (uint32_t i = 0; i + 1 < seq; i++) {
        const struct fact *fact = &file->facts[i];
        if (fact->kind == FACT_CLAIMED) who = fact->who;
        else if (fact->kind == FACT_UNCLAIMED || fact->kind == FACT_WITHDRAWN ||
                 opens_version(fact) || ends_control(fact, scratch))
            who = SPAN("");
    }
    return who;
}

static bool asked_before(const struct file *file, uint32_t seq, struct span who)
{
    bool asked = false;
    for (uint32_t i = 0; i + 1 < seq; i++) {
        const struct fact *fact = &file->facts[i];
        if (opens_version(fact)) asked = false;
        else if (fact->kind == FACT_REQUESTED && span_equal(fact->who, who)) asked = true;
    }
    return asked;
}

static bool overrules(const struct file *file, const struct fact *fact, struct span who,
                      struct arena scratch)
{
    struct decided decided;
    struct error err;
    return body_read_decided(fact->body, &scratch, &decided, &err) && decided.overrules > 0 &&
           decided.overrules <= file->facts_count &&
           span_equal(file->facts[decided.overrules - 1].who, who);
}

static bool concerns_officer(const struct file *file, const struct fact *fact, struct span who,
                             struct arena scratch)
{
    if (span_equal(fact->who, who)) return false;
    bool held = span_equal(holder(file, fact->seq, scratch), who);
    switch (fact->kind) {
    case FACT_SUPPLIED:
    case FACT_AMENDED:
    case FACT_WITHDRAWN: return held || asked_before(file, fact->seq, who);
    case FACT_CLAIMED:
    case FACT_UNCLAIMED: return held;
    case FACT_DECIDED:
        return is_officers(fact) && (held || overrules(file, fact, who, scratch));
    default: return false;
    }
}

bool notice_concerns(const struct file *file, uint32_t seq, struct audience audience,
                     struct arena scratch)
{
    assert(seq >= 1 && seq <= file->facts_count);
    const struct fact *fact = &file->facts[seq - 1];
    if (audience.name.len == 0) return false;
    if (!audience.is_trader) return concerns_officer(file, fact, audience.name, scratch);
    if (!span_equal(file->declaration.declarant.id, audience.name)) return false;
    return fact->kind == FACT_REQUESTED || fact->kind == FACT_INSPECTED ||
           fact->kind == FACT_SETTLED || is_officers(fact);
}

uint64_t notice_key(struct audience audience)
{
    uint64_t key;
    struct sha256 both = sha256_of_two(audience.is_trader ? SPAN("trader ") : SPAN("officer "),
                                       audience.name);
    memcpy(&key, both.bytes, sizeof(key));
    return key;
}

static void add(const struct file *file, uint32_t first_seq, struct audience audience,
                struct arena scratch, uint64_t *keys, uint32_t *count)
{
    uint64_t key = notice_key(audience);
    for (uint32_t i = 0; i < *count; i++)
        if (keys[i] == key) return;
    if (*count == NOTICE_AUDIENCES_MAX) return;
    for (uint32_t seq = first_seq; seq <= file->facts_count; seq++) {
        if (!notice_concerns(file, seq, audience, scratch)) continue;
        keys[(*count)++] = key;
        return;
    }
}

void notice_keys(const struct file *file, uint32_t first_seq, struct arena scratch,
                 uint64_t keys[NOTICE_AUDIENCES_MAX], uint32_t *count)
{
    *count = 0;
    add(file, first_seq, (struct audience){ true, file->declaration.declarant.id }, scratch, keys,
        count);
    for (uint32_t i = 0; i < file->facts_count; i++) {
        const struct fact *fact = &file->facts[i];
        if (fact->kind == FACT_CLAIMED || fact->kind == FACT_REQUESTED || is_officers(fact))
            add(file, first_seq, (struct audience){ false, fact->who }, scratch, keys, count);
    }
}
