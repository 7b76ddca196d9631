// input: declarations from a file, whatever its format: recognised by content, cut into messages,
// each read on its own, so that one broken message harms no other (cut.h says how far).
//
//   NDJSON   one declaration a line              JSON   one declaration, or an array of them
//   CSV      one row an item; a mapping file     XML    WCO Data Model 3.6 messages, one or many
//            says which column is which field           one behind the other, also in a wrapper
//
// Files are read in pieces with bounded memory, never mapped: a file that is cut short or changes
// while it is read gives errors or other declarations, never a crash. A message of more than
// DECLARATION_TEXT_MAX bytes is passed over to its end and reported. Only UTF-8 is taken.
#ifndef TW_GATES_FILES_INPUT_H
#define TW_GATES_FILES_INPUT_H

#include "office/office.h"

enum input_format { INPUT_UNKNOWN, INPUT_JSON, INPUT_NDJSON, INPUT_CSV, INPUT_XML };

struct input_options {
    struct span mapping;     // text of the CSV mapping file; empty: columns are named as the fields
    const char *mapping_name;// for messages
    const char *schemas;     // folder of the WCO schemas: XML is validated by them; NULL: it is not
};

// One message as it stands in the file; `err` says why it could not even be cut out (it is too
// long, or what stands between messages makes no sense): it counts as unreadable. Its reader's
// errors, and this one, count lines and columns from the message's own begin: input_place.
struct input_message {
    struct span text;        // in the arena given to input_next
    unsigned line, column;   // of its first byte, 1-based; the column counts bytes
    struct error err;        // kind ERROR_NONE when it can be read
};

// Where in the file that is what an error says of a message that begins at line and column.
void input_place(unsigned line, unsigned column, struct error *err);

struct input;

// "-" is standard input. A folder is not a file: ERROR_SYNTAX with a hint. Errors in a CSV file's
// header or its mapping, and text that is not UTF-8 from its first bytes on, are told here.
MUST_CHECK bool input_open(struct input **input, const char *path,
                           const struct input_options *options, struct error *err);
void input_close(struct input *input); // also takes NULL

enum input_format input_format(const struct input *input);
const char *input_format_name(enum input_format format);

// Up to `max` further messages of together at most `bytes_max`; count 0 at the end. False when the
// file cannot be read any further (`err` says why); the messages that it counts are good all the
// same.
MUST_CHECK bool input_next(struct input *input, struct arena *arena, size_t bytes_max,
                           struct input_message *messages, uint32_t max, uint32_t *count,
                           struct error *err);

// How a worker reads one message of this input; `how` lives until input_close.
message_reader input_reader(const struct input *input, const void **how);

// For the progress bar. Size 0: unknown (a pipe).
uint64_t input_size(const struct input *input);
uint64_t input_done(const struct input *input);

#endif
