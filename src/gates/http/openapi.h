// openapi: the document that says what can be asked (OpenAPI 3.1), written from the table.
#ifndef TW_GATES_HTTP_OPENAPI_H
#define TW_GATES_HTTP_OPENAPI_H

#include "base/json.h"

// Rows and what they alone send come from the areas (routes.h), what several send from shapes.h,
// facts from consignment/fact_schema.h, the declaration from the model's table. An answer that any
// row may get is described once, and each row that may get it points there.
MUST_CHECK bool openapi_write(struct json_writer *w, struct arena *scratch, struct error *err);

#endif
