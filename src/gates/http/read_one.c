#include "gates/http/declarations.h"
#include "gates/http/door.h"
#include "gates/http/gate.h"
#include "gates/http/own.h"
#include "gates/http/shown.h"

// Reading: what is not the caller's own is not there.

static bool find_row(struct request *request, struct view_row *row)
{
    struct error err;
    bool found = false;
    struct span name = request->parameters[0];
    bool of_office = name.len > 0 && name.at[0] == FILE_OF_OFFICE;
    if (!views_find(office_views(request->gate->office), name, request->arena, row, &found, &err)) {
        reply_error(request, &err);
        return false;
    }
    if (found && !of_office && !own_hides(request, row->declarant)) return true;
    own_is_not_there(name, &err);
    reply_error(request, &err);
    return false;
}

void show_status(struct request *request)
{
    struct view_row row;
    if (!find_row(request, &row)) return;
    struct json_writer w = json_writer_in(request->arena, 512);
    shown_row(&w, &row, request->caller.role);
    reply_json(request, 200, &w);
}

void show_file(struct request *request)
{
    struct error err;
    struct view_row row;
    struct file file;
    struct store_append *appends;
    uint32_t count;
    struct span name = request->parameters[0];
    bool own = request->caller.role == ROLE_TRADER;
    if (!find_row(request, &row)) return;
    // Who looks at what is not his own is in the diary before anything is shown.
    if (!office_file(request->gate->office, name, request->arena, &file, &appends, &count, &err) ||
        (!own && !door_look(request->gate->door, request, name, "declaration", &err))) {
        reply_error(request, &err);
        return;
    }
    struct json_writer w = json_writer_in(request->arena, (size_t)64 * KIB);
    struct viewer viewer = { request->caller.role, request->caller.who };
    if (shown_write(&w, &file, appends, count, viewer, request->arena, &err))
        reply_json(request, 200, &w);
    else reply_error(request, &err);
}
