#include "gates/http/own.h"

#include "gates/http/door.h"
#include "gates/http/gate.h"

bool own_is_not_there(struct span name, struct error *err)
{
    error_set(err, ERROR_NOT_FOUND, "there is no consignment '" SPAN_FMT "'", SPAN_ARG(name));
    return error_hint(err, "Name it by the UCR, or the reference, that it was lodged with.");
}

bool own_hides(struct request *request, struct span declarant)
{
    struct error why;
    const struct caller *caller = &request->caller;
    if (caller->role != ROLE_TRADER || span_equal(declarant, caller->organisation)) return false;
    error_set(&why, ERROR_NOT_FOUND, "the file is another trader's");
    door_turn_away(request->gate->door, request, caller->name, door_what(request), &why);
    return true;
}

bool own_file(struct request *request, struct file *file, struct store_append **appends,
              uint32_t *appends_count, struct error *err)
{
    struct span name = request->parameters[0];
    struct error why = { 0 };
    if (office_file(request->gate->office, name, request->arena, file, appends, appends_count,
                    &why)) {
        if (!own_hides(request, file->declaration.declarant.id)) return true;
        return own_is_not_there(name, err);
    }
    if (why.kind == ERROR_NOT_FOUND) return own_is_not_there(name, err);
    *err = why;
    return false;
}
