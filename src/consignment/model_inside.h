// model_inside: what the files of the model share and nobody else needs.
#ifndef TW_CONSIGNMENT_MODEL_INSIDE_H
#define TW_CONSIGNMENT_MODEL_INSIDE_H

#include "consignment/model.h"

enum { FIELD_WHOLE_PART = FIELD_WHOLE };

// Sets a scalar field of the struct at `base` from its text. `part` is FIELD_WHOLE, or FIELD_VALUE or
// FIELD_UNIT of an amount or quantity. The text is kept as a view.
MUST_CHECK bool field_put(const struct field *field, int part, void *base, struct span text,
                          struct arena *arena, struct error *err);

// The field whose name is nearest to `name`, NULL when none is near.
const struct field *field_closest(const struct shape *shape, struct span name);

// Is nothing in it given?
bool shape_is_absent(const struct shape *shape, const void *base);

#endif
