// suspension: which procedures keep a duty or tax from being owed now.
//
// Source: the procedure codes of annex B of EU Delegated Regulation 2015/2446 (data element 1/10,
// 11 09): special procedures suspend everything (Union Customs Code, article 210); release for free
// circulation under a tax warehouse, or for a supply to another member state, leaves only the
// customs duties to pay.
#ifndef TW_CLEARANCE_DUTY_SUSPENSION_H
#define TW_CLEARANCE_DUTY_SUSPENSION_H

#include "base/span.h"

struct suspension {
    struct span procedure;
    bool duties, taxes;        // what is suspended: customs duties (types A..), everything else
    struct span words;
};

const struct suspension *suspension_find(struct span procedure); // NULL: everything is owed

#endif
