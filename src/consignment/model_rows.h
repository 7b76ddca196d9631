// model_rows: how the rows of the model's tables are written.
//
// One row a field: member, JSON name, kind, most bytes or elements, place in a WCO message, title.
#ifndef TW_CONSIGNMENT_MODEL_ROWS_H
#define TW_CONSIGNMENT_MODEL_ROWS_H

#include "consignment/model.h"

// clang-format off
#define TYPE_OF_TEXT struct span
#define TYPE_OF_CODE struct span
#define TYPE_OF_NUMBER struct number
#define TYPE_OF_DECIMAL struct decimal
#define TYPE_OF_MOMENT struct moment
#define TYPE_OF_AMOUNT struct amount
#define TYPE_OF_QUANTITY struct quantity

// The offset of a member; another type than the kind's does not compile.
#define OFFSET(type, member, kind) \
    offsetof(struct type, member) + \
        0 * sizeof(_Generic(((struct type *)0)->member, TYPE_OF_##kind: 0))
#define SCALAR(type, member, name, kind, max, element, title) \
    { SPAN_INIT(name), FIELD_##kind, OFFSET(type, member, kind), max, NULL, element, title }
#define OBJECT(type, member, name, of, element, title) \
    { SPAN_INIT(name), FIELD_OBJECT, offsetof(struct type, member), 0, &of##_shape, element, title }
#define LIST(type, member, name, of, max, element, title) \
    { SPAN_INIT(name), FIELD_LIST, offsetof(struct type, member), max, &of##_shape, element, title }
#define SHAPE(of, type) \
    { #of, sizeof(struct type), sizeof(of##_fields) / sizeof(of##_fields[0]), of##_fields }
// clang-format on

#endif
