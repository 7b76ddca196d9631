// cut: where one message ends and the next begins, without reading it.
//
// Cutting looks at as little as it can: line ends for NDJSON, brackets and quotes for JSON, tags for
// XML. What is cut out may still be wrong in itself; its reader says so, and the next is not harmed.
#ifndef TW_GATES_FILES_CUT_H
#define TW_GATES_FILES_CUT_H

#include "base/error.h"

enum cut_kind {
    CUT_MORE,    // no whole message in the window: read on
    CUT_MESSAGE, // window[begin .. end) is one
    CUT_END,     // nothing but blanks (or a wrapper's end) is left
    CUT_BROKEN,  // the text between messages makes no sense; nothing behind it can be found
};

struct cut {
    enum cut_kind kind;
    size_t begin, end;
    struct error err;      // of CUT_BROKEN
};

// What a cutter remembers between messages.
struct cutter {
    bool in_array, after_value; // JSON: inside the outermost array; behind an element
    bool found;                 // XML: at least one message was there
};

// The length of the JSON value at the start of the text, by its brackets and quotes; 0: not whole.
size_t cut_json_value(struct span text);

// `ended`: nothing follows the window.
struct cut cut_line(struct span window, bool ended);
struct cut cut_json(struct cutter *cutter, struct span window, bool ended);
struct cut cut_xml(struct cutter *cutter, struct span window, bool ended);

#endif
