// openapi: the document that says what can be asked (OpenAPI 3.1), written from the table.
#ifndef TW_GATES_HTTP_OPENAPI_H
#define TW_GATES_HTTP_OPENAPI_H

#include "base/json.h"

// The schema of a declaration comes from the model's table; those of answers stand in openapi.c.
MUST_CHECK bool openapi_write(struct json_writer *w, struct arena *scratch, struct error *err);

#endif
