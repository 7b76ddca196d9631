#include "clearance/value/terms.h"

static const struct terms all_terms[] = {
    // code            freight insurance inland
    { SPAN_INIT("EXW"), false, false, false },
    { SPAN_INIT("FCA"), false, false, false },
    { SPAN_INIT("FAS"), false, false, false },
    { SPAN_INIT("FOB"), false, false, false },
    { SPAN_INIT("CFR"), true, false, true },
    { SPAN_INIT("CPT"), true, false, true },
    { SPAN_INIT("CIF"), true, true, true },
    { SPAN_INIT("CIP"), true, true, true },
    { SPAN_INIT("DAP"), true, true, true },
    { SPAN_INIT("DPU"), true, true, true },
    { SPAN_INIT("DDP"), true, true, true },
    { SPAN_INIT("DAT"), true, true, true },
    { SPAN_INIT("DAF"), true, true, true },
    { SPAN_INIT("DES"), true, true, true },
    { SPAN_INIT("DEQ"), true, true, true },
    { SPAN_INIT("DDU"), true, true, true },
};

struct terms terms_read(struct span code)
{
    for (size_t i = 0; i < sizeof(all_terms) / sizeof(all_terms[0]); i++)
        if (span_equal(all_terms[i].code, code)) return all_terms[i];
    return (struct terms){ .code = SPAN(""), .inland = true };
}
