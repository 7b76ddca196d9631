// fact_schema: the bodies of consignments' facts, as fact_body.h describes them, for whoever
// documents them. What was written by a later version of the program may have more members.
#ifndef TW_CONSIGNMENT_FACT_SCHEMA_H
#define TW_CONSIGNMENT_FACT_SCHEMA_H

#include "base/schema.h"
#include "consignment/fact.h"

// The bodies and what stands in them. They mention Declaration, the model's own (model.h).
extern const struct schemas fact_schemas;

// "Declared"; only of facts of consignments.
const char *fact_schema_name(enum fact_kind kind);

#endif
