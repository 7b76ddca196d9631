// shapes: what answers of more than one area are made of, for the OpenAPI document. What an area
// alone sends or takes stands in its own file, beside its rows.
#ifndef TW_GATES_HTTP_SHAPES_H
#define TW_GATES_HTTP_SHAPES_H

#include "base/schema.h"

extern const struct schemas shapes;

#endif
