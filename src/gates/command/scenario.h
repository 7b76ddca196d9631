// scenario: the messages below some folders, and which declaration each notification answers.
//
// Every file whose name ends in .xml is read, as one message; links are not followed. A
// notification of duties and taxes (function 13) is paired with an original declaration (function
// 9) in its own folder, or in the nearest folder above it that holds one, up to the folder that was
// asked for:
//   1. the one with its references (LRN or MRN), also if it lies in a folder below;
//   2. else the only one there. It may still be another one: other_references says so.
// A notification of version n answers the declaration as the first n - 1 amendments leave it
// (consignment/amend.h) that lie in the declaration's folder or below, in order of their names.
// Names of files and folders mean nothing else.
#ifndef TW_GATES_COMMAND_SCENARIO_H
#define TW_GATES_COMMAND_SCENARIO_H

#include "consignment/notification.h"

struct scenario {
    const char *path;                      // of the notification
    const struct notification *notification;
    const char *declaration_path;          // NULL: there is none
    const struct declaration *declaration; // as it was amended; NULL: there is none
    uint32_t amendments;                   // that were applied
    bool other_references;
    bool changed;                          // there are not as many amendments as it says
};

struct scenario_trouble {
    const char *path;
    struct error err;
};

struct scenarios {
    const struct scenario *at;             // in order of their paths
    uint32_t count;
    const struct scenario_trouble *troubles; // files that could not be read
    uint32_t troubles_count;
    uint32_t files, declarations, others;  // read; others: messages of further kinds
};

// Everything is in the arena. False when a path cannot be read at all, or there is too much.
MUST_CHECK bool scenarios_read(const char *const *paths, uint32_t paths_count, struct arena *arena,
                               struct scenarios *scenarios, struct error *err);

#endif
