// Lines without base and rate that repeat what other lines say: which amounts they should have.

#include "base/limits.h"
#include "clearance/duty/verify_inside.h"

// What lines of one type should record.
struct records {
    struct money amounts[2 * STATED_CHARGES_MAX];
    enum verify_source source;   // of the least of them
    uint32_t count;
};

static void add_amount(struct records *records, struct money amount, enum verify_source source)
{
    if (records->count == sizeof(records->amounts) / sizeof(records->amounts[0])) return;
    records->amounts[records->count++] = amount;
    if (source < records->source) records->source = source;
}

// T24: suspended charges that are secured.
static void add_suspended(const struct verifying *v, struct records *records)
{
    for (uint32_t i = 0; i < v->count; i++) {
        const struct checking *check = &v->checks[i];
        if (check->suspended && check->line.amount.minor > 0)
            add_amount(records, check->line.amount, check->line.source);
    }
}

// MDC: duties that a relief takes off.
static void add_relieved(const struct verifying *v, struct records *records)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (v->checks[i].relieved.minor > 0)
            add_amount(records, v->checks[i].relieved, v->checks[i].line.source);
}

// MOD: payments that the declarant worked out, and only secures.
static void add_secured(const struct verifying *v, struct records *records)
{
    for (uint32_t i = 0; v->item != NULL && i < v->item->duty_tax_fees.count; i++) {
        const struct duty_tax_fee *fee = &v->item->duty_tax_fees.at[i];
        struct money amount;
        if (levy_secured(fee->payment_method_code) && fee->payment.value.given &&
            span_equal(fee->payment.currency, v->currency) &&
            money_from_decimal_half_up(fee->payment.value, v->currency, &amount, NULL))
            add_amount(records, amount, VERIFY_FROM_DECLARATION);
    }
}

static const struct {
    struct span type;
    void (*add)(const struct verifying *v, struct records *records);
} types[] = {
    { SPAN_INIT("T24"), add_suspended },
    { SPAN_INIT("MDC"), add_relieved },
    { SPAN_INIT("MOD"), add_secured },
};

static void take(struct records *records, uint32_t index)
{
    records->amounts[index] = records->amounts[--records->count];
}

// The same amount is taken first, so that the order of lines does not matter; then any.
static bool find_amount(const struct records *records, struct money said, bool same,
                        uint32_t *index)
{
    for (*index = 0; *index < records->count; ++*index)
        if (!same || records->amounts[*index].minor == said.minor) return true;
    return false;
}

static void check_record(struct verifying *v, struct checking *check, struct records *records,
                         bool same)
{
    struct verified_line *line = &check->line;
    struct money said = check->counted;
    uint32_t index;
    if (line->result != VERIFY_CANNOT_TELL || !find_amount(records, said, same, &index)) return;
    line->amount = records->amounts[index];
    take(records, index);
    line->source = records->source;
    line->result = same ? verify_found_equal(line->source) : VERIFY_DIFFERS;
    if (!same)
        verify_say(v, check, VERIFY_OTHER_AMOUNT, "%s, and %s here", verify_words(v, said),
                   verify_words(v, line->amount));
}

static void check_type(struct verifying *v, struct span type, struct records *records, bool same)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (v->checks[i].levy == LEVY_RECORD && !verify_says(&v->checks[i], VERIFY_NO_AMOUNT) &&
            span_equal(v->checks[i].line.stated->type_code, type))
            check_record(v, &v->checks[i], records, same);
}

void verify_records(struct verifying *v)
{
    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
        struct records records = { .source = VERIFY_FROM_DECLARATION };
        types[t].add(v, &records);
        check_type(v, types[t].type, &records, true);
        check_type(v, types[t].type, &records, false);
    }
    for (uint32_t i = 0; i < v->count; i++) {
        struct checking *check = &v->checks[i];
        if (check->levy == LEVY_RECORD && check->line.reasons == 0 &&
            check->line.result == VERIFY_CANNOT_TELL)
            verify_say(v, check, VERIFY_RECORDED, NULL);
    }
}
