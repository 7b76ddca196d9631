#include "clearance/duty/levy.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum levy levy_of(struct span type)
{
    if (type.len != 3 || !is_digit(type.at[1]) || !is_digit(type.at[2])) return LEVY_RECORD;
    if (type.at[0] == 'A') return type.at[1] >= '5' ? LEVY_UNION_DUTY : LEVY_DUTY;
    if (span_equal(type, SPAN("B00"))) return LEVY_VAT;
    if (span_equal(type, SPAN("B05"))) return LEVY_UNION_VAT;
    return is_digit(type.at[0]) ? LEVY_EXCISE : LEVY_RECORD;
}

// --- Reliefs ---

// A code's first letters, and what the relief is.
static const struct {
    struct span code, words;
    bool recorded;
} reliefs[] = {
    { SPAN_INIT("C"), SPAN_INIT("relieved of customs duty"), true },
    { SPAN_INIT("B02"), SPAN_INIT("repaired under a guarantee"), false },
    { SPAN_INIT("B03"), SPAN_INIT("replaced under a guarantee"), false },
    { SPAN_INIT("F01"), SPAN_INIT("returned goods"), false },
    { SPAN_INIT("F02"), SPAN_INIT("returned goods"), false },
    { SPAN_INIT("F03"), SPAN_INIT("returned goods"), false },
    { SPAN_INIT("1DP"), SPAN_INIT("for diplomats, in office"), false },
    { SPAN_INIT("2DP"), SPAN_INIT("for diplomats, in person"), false },
    { SPAN_INIT("1ES"), SPAN_INIT("for the European Space Agency"), false },
    { SPAN_INIT("1NC"), SPAN_INIT("for contracts of NATO"), false },
    { SPAN_INIT("1NN"), SPAN_INIT("for other countries, in office"), false },
    { SPAN_INIT("1NO"), SPAN_INIT("for visiting forces"), false },
};

static struct relief relief_of_code(struct span code)
{
    struct relief relief = { 0 };
    if (code.len != 3) return relief;
    bool is_union = is_digit(code.at[1]) && is_digit(code.at[2]); // a letter in front
    for (size_t i = 0; i < sizeof(reliefs) / sizeof(reliefs[0]); i++)
        if ((reliefs[i].code.len == 3 || is_union) &&
            memcmp(reliefs[i].code.at, code.at, reliefs[i].code.len) == 0)
            return (struct relief){ reliefs[i].words, reliefs[i].recorded };
    return relief;
}

static bool says(const struct declaration *declaration, const struct item *item, struct span code)
{
    for (uint32_t i = 0; i < item->statements.count; i++)
        if (span_equal(item->statements.at[i].code, code)) return true;
    for (uint32_t i = 0; i < declaration->statements.count; i++)
        if (span_equal(declaration->statements.at[i].code, code)) return true;
    return false;
}

struct relief levy_relief(enum levy levy, const struct declaration *declaration,
                          const struct item *item)
{
    struct relief relief = { 0 };
    if (levy != LEVY_DUTY && levy != LEVY_UNION_DUTY) return relief;
    for (uint32_t i = 1; i < item->procedures.count && relief.words.len == 0; i++)
        relief = relief_of_code(item->procedures.at[i].current_code);
    if (relief.words.len == 0 && levy == LEVY_UNION_DUTY &&
        says(declaration, item, SPAN("NIDOM")) && says(declaration, item, SPAN("NIREM")))
        relief.words = SPAN("from within the country, and not at risk of leaving it");
    return relief;
}

// --- Who pays, and when ---

bool levy_by_unit_price(const struct item *item)
{
    for (uint32_t i = 1; i < item->procedures.count; i++) {
        struct span code = item->procedures.at[i].current_code;
        if (span_equal(code, SPAN("E01")) || span_equal(code, SPAN("E02")) ||
            span_equal(code, SPAN("1SV")))
            return true;
    }
    return false;
}

bool levy_postponed(enum levy levy, struct span type, const struct declaration *declaration,
                    const struct item *item)
{
    if (levy != LEVY_VAT && levy != LEVY_UNION_VAT) return false;
    for (uint32_t i = 0; i < item->duty_tax_fees.count; i++) {
        const struct duty_tax_fee *fee = &item->duty_tax_fees.at[i];
        if (span_equal(fee->type_code, type) && span_equal(fee->payment_method_code, SPAN("G")))
            return true;
    }
    for (uint32_t i = 0; i < declaration->tax_parties.count; i++)
        if (span_equal(declaration->tax_parties.at[i].role_code, SPAN("FR1"))) return true;
    for (uint32_t i = 0; i < item->tax_parties.count; i++)
        if (span_equal(item->tax_parties.at[i].role_code, SPAN("FR1"))) return true;
    return false;
}

bool levy_secured(struct span payment_method)
{
    return payment_method.len == 1 && payment_method.at[0] >= 'R' && payment_method.at[0] <= 'V';
}
