#include "consignment/simulated.h"

bool declaration_is_simulated(const struct declaration *declaration)
{
    for (uint32_t i = 0; i < declaration->statements.count; i++)
        if (span_equal(declaration->statements.at[i].code, SPAN(SIMULATED_CODE))) return true;
    return false;
}
