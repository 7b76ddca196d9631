// cut: where one message ends and the next begins, without reading it.
//
// A cutter looks at as little as it can: line ends for NDJSON, brackets and quotes for JSON, tags
// for XML (rows and groups of CSV: mapping.h). It remembers how far it has looked, so a window that
// has grown is not looked at again, and a message longer than any window is passed over to its end.
//
// What is cut out may still be wrong in itself: its reader says so. The next one is not harmed as
// long as the end of the broken one can be told: always in NDJSON; in JSON an end bracket also
// closes what was left open inside it, a string ends with its line, and an object that begins where
// none can be is the next message; in XML a message ends where the next one starts.
#ifndef TW_GATES_FILES_CUT_H
#define TW_GATES_FILES_CUT_H

#include "base/error.h"
#include "base/hash.h"

enum cut_kind {
    CUT_MORE,    // no whole message in the window: read on
    CUT_MESSAGE, // window[begin .. end) is one
    CUT_BROKEN,  // the text between messages makes no sense at `begin`: cutter.err says why
    CUT_END,     // nothing is left
};

struct cut {
    enum cut_kind kind;
    size_t begin, end;
    size_t next;           // the window is to be passed up to here before it is cut again
    bool of_file;          // CUT_BROKEN: what is wrong is wrong with the whole file
};

// What a cutter remembers. Zeroed at first.
struct cutter {
    size_t begin, seen;    // in the window: where the message begins, how far it was looked at
    bool begun;            // inside a message
    bool over;             // nothing behind here is looked at
    struct error err;      // of CUT_BROKEN

    // JSON
    bool in_array;         // the outermost one, around the messages
    bool after_value, after_comma;
    bool in_string, escaped;
    char last;             // byte that was no blank and in no string
    uint32_t depth, deeper;// open brackets; `deeper` are those that `objects` has no bit for
    uint64_t objects;      // a bit for each: was it '{'?

    // XML
    int markup;            // what we are inside of
    int tag;               // what its tag means to us
    int message;           // which element the message is
    bool found, junk;      // a message was there; text outside all elements was told
    bool empty_tag;        // the tag's last byte was '/'
    char quote;            // around an attribute's value, 0: none
    uint32_t around;       // open elements around the messages
    char root[64];         // name of the first element

    // CSV
    bool long_row, grouped;
    size_t doubt;          // where broken rows begin that may be the next group's; 0: none
    struct sha256 group;
};

// `ended`: nothing follows the window. Then CUT_MORE is never returned.
struct cut cut_line(struct cutter *cutter, struct span window, bool ended);
struct cut cut_json(struct cutter *cutter, struct span window, bool ended);
struct cut cut_xml(struct cutter *cutter, struct span window, bool ended);

// The window's first `len` bytes are gone. A message that had begun there goes on all the same:
// that is how one that is too long is passed over.
void cutter_pass(struct cutter *cutter, size_t len);

// The name of the encoding that an XML text declares; empty when it says nothing.
struct span xml_declared_encoding(struct span text);
bool xml_encoding_is_taken(struct span encoding);

// For cutters: the four answers.
struct cut cut_more(void);
struct cut cut_end(void);
struct cut cut_message(struct cutter *cutter, size_t end, size_t next);
struct cut cut_broken(struct cutter *cutter, size_t begin, size_t end, const char *hint,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
