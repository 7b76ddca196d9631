// file_view: a file as JSON, as far as a role may see it.
//
// Left out for a trader: SCORED facts and all that they say (score, worth, lot), the reasons of the
// desk for looking at goods, and who of the office did something.
#ifndef TW_GATES_HTTP_FILE_VIEW_H
#define TW_GATES_HTTP_FILE_VIEW_H

#include "account/role.h"
#include "office/office.h"

void file_view_write(struct json_writer *w, const struct file *file, enum role role);
void status_view_write(struct json_writer *w, const struct view_row *row, enum role role);

// May the role see how the desk weighs risks?
bool role_sees_risk(enum role role);

#endif
