// model_inside: what the files of the model share and nobody else needs.
#ifndef TW_CONSIGNMENT_MODEL_INSIDE_H
#define TW_CONSIGNMENT_MODEL_INSIDE_H

#include "consignment/model.h"

enum { UNIT_CODE_MAX = 6 }; // bytes of a currency or a unit of measure

// A list's room is the power of two at or above its count, whoever made it, so that it can be told
// when one more element needs a larger room.
static inline uint32_t list_room(uint32_t count)
{
    uint32_t room = 1;
    while (room < count) room *= 2;
    return count == 0 ? 0 : room;
}

// The field of that name, NULL when there is none. `next` is where to look first, and then the
// field behind the one that was found: messages tend to be in order.
const struct field *field_find(const struct shape *shape, struct span name, uint32_t *next);

// The field whose name is nearest to `name`, NULL when none is near.
const struct field *field_closest(const struct shape *shape, struct span name);

// Sets a scalar field of the struct at `base` from its text. `part` is FIELD_WHOLE, or FIELD_VALUE
// or FIELD_UNIT of an amount or quantity. The text is kept as a view.
MUST_CHECK bool field_put(const struct field *field, int part, void *base, struct span text,
                          struct error *err);

#endif
