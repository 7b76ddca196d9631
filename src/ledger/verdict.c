#include "ledger/verdict.h"

#include <assert.h>

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICT_COUNT] = {
        [VERDICT_CANNOT_TELL] = "cannot-tell", [VERDICT_TRUE] = "true",
        [VERDICT_NOT_SEALED] = "not-sealed",   [VERDICT_FORGED] = "forged",
        [VERDICT_MALFORMED] = "malformed",
    };
    assert(verdict < VERDICT_COUNT);
    return names[verdict];
}
