// own: a consignment's file as its caller finds it. What is another trader's is not there: the
// answer is to the byte the one for a file that does not exist. That he was turned away from it is
// in the diary.
#ifndef TW_GATES_HTTP_OWN_H
#define TW_GATES_HTTP_OWN_H

#include "gates/http/request.h"
#include "office/office.h"

// As office_file, of the name that stands first in the path. Whether the caller looks at what is
// not his own (door_look) is his who shows it.
MUST_CHECK bool own_file(struct request *request, struct file *file, struct store_append **appends,
                         uint32_t *appends_count, struct error *err);

// Is it another trader's? Notes that he was turned away.
bool own_hides(struct request *request, struct span declarant);

// ERROR_NOT_FOUND, in the words for both. Returns false.
bool own_is_not_there(struct span name, struct error *err);

#endif
