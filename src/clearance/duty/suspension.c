#include "clearance/duty/suspension.h"

#include <stddef.h>

static const struct suspension suspensions[] = {
    // procedure     duties taxes
    { SPAN_INIT("07"), false, true, SPAN_INIT("a tax warehouse") },
    { SPAN_INIT("42"), false, true, SPAN_INIT("a supply to another member state") },
    { SPAN_INIT("45"), false, true, SPAN_INIT("a tax warehouse") },
    { SPAN_INIT("51"), true, true, SPAN_INIT("inward processing") },
    { SPAN_INIT("53"), true, true, SPAN_INIT("temporary admission") },
    { SPAN_INIT("54"), true, true, SPAN_INIT("inward processing elsewhere") },
    { SPAN_INIT("63"), false, true, SPAN_INIT("a supply to another member state") },
    { SPAN_INIT("68"), false, true, SPAN_INIT("a tax warehouse") },
    { SPAN_INIT("71"), true, true, SPAN_INIT("a customs warehouse") },
    { SPAN_INIT("76"), true, true, SPAN_INIT("a customs warehouse before the export") },
    { SPAN_INIT("77"), true, true, SPAN_INIT("making up under control before the export") },
    { SPAN_INIT("78"), true, true, SPAN_INIT("a free zone") },
    { SPAN_INIT("91"), true, true, SPAN_INIT("processing under customs control") },
    { SPAN_INIT("92"), true, true, SPAN_INIT("processing under customs control elsewhere") },
    { SPAN_INIT("95"), true, true, SPAN_INIT("a tax warehouse for goods of the union") },
    { SPAN_INIT("96"), true, true, SPAN_INIT("a tax warehouse for goods of the union") },
};

const struct suspension *suspension_find(struct span procedure)
{
    for (size_t i = 0; i < sizeof(suspensions) / sizeof(suspensions[0]); i++)
        if (span_equal(suspensions[i].procedure, procedure)) return &suspensions[i];
    return NULL;
}
