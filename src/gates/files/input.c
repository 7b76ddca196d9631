#include "gates/files/input.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "gates/files/cut.h"
#include "gates/files/mapping.h"
#include "gates/files/xml_read.h"

enum {
    // The window on the file: a message must fit, and some more so that reading is in large pieces.
    WINDOW_SIZE = DECLARATION_TEXT_MAX + 1 * MIB,
    ARENA_SIZE = 16 * MIB, // the mapping, and working memory for a row
};
_Static_assert(ARENA_SIZE > 8 * CSV_ROW_MAX, "room for a header, its copy and a row of its size");

struct place {
    unsigned line, column;
};

struct input {
    int fd;
    bool ended; // nothing more to read
    bool over;  // nothing more to give
    enum input_format format;
    uint64_t size, done;
    struct place place; // of the window's first byte
    char *window;
    size_t begin, end; // the part of the window that is not given yet
    struct cutter cutter;
    bool too_long; // a message is being passed over, which began here:
    struct place too_long_place;
    struct arena arena;     // mapping, header, scratch for groups
    struct mapping mapping; // of CSV
    struct xml_map *xml;
};

// --- The window ---

static struct span rest(const struct input *input)
{
    return (struct span){ input->window + input->begin, input->end - input->begin };
}

static void pass(struct input *input, size_t len)
{
    assert(len <= input->end - input->begin);
    const char *at = input->window + input->begin, *end = at + len;
    for (const char *line; (line = memchr(at, '\n', (size_t)(end - at))) != NULL; at = line + 1) {
        input->place.line++;
        input->place.column = 1;
    }
    input->place.column += (unsigned)(end - at);
    input->begin += len;
    input->done += len;
    cutter_pass(&input->cutter, len);
}

// Reads more behind what is there; false with `err` when the file cannot be read.
static bool fill(struct input *input, struct error *err)
{
    if (input->begin > 0) {
        memmove(input->window, input->window + input->begin, input->end - input->begin);
        input->end -= input->begin;
        input->begin = 0;
    }
    assert(input->ended || input->end < WINDOW_SIZE);
    while (!input->ended && input->end < WINDOW_SIZE) {
        ssize_t got = read(input->fd, input->window + input->end, WINDOW_SIZE - input->end);
        if (got < 0) { // also when a signal asks to stop while a pipe says nothing
            input->over = true;
            return error_set(err, ERROR_UNAVAILABLE, "could not read on: %s", strerror(errno));
        }
        if (got == 0) input->ended = true;
        input->end += (size_t)got;
    }
    return true;
}

// --- Recognising ---

const char *input_format_name(enum input_format format)
{
    static const char *const names[] = { "unknown", "JSON", "NDJSON", "CSV", "WCO XML" };
    assert(format <= INPUT_XML);
    return names[format];
}

enum input_format input_format(const struct input *input)
{
    return input->format;
}
uint64_t input_size(const struct input *input)
{
    return input->size;
}
uint64_t input_done(const struct input *input)
{
    return input->done;
}

// Is it one object on one line? Or does the next line begin one too? Then the first is broken.
static bool has_objects_as_lines(struct span text)
{
    struct cutter cutter = { 0 };
    struct span_pair lines = span_cut(text, '\n');
    struct span first = span_trim(lines.head);
    struct cut cut = cut_json(&cutter, first, false);
    if (cut.kind == CUT_MESSAGE && cut.end == first.len) return true;
    struct span second = span_trim(span_cut(lines.tail, '\n').head);
    return first.len > 1 && second.len > 0 && second.at[0] == '{';
}

// What the first bytes that are no blanks look like.
static enum input_format recognise(struct span text)
{
    struct span trimmed = span_trim(text);
    if (trimmed.len == 0) return INPUT_UNKNOWN;
    if (trimmed.at[0] == '<') return INPUT_XML;
    if (trimmed.at[0] == '[') return INPUT_JSON;
    if (trimmed.at[0] != '{') return INPUT_CSV;
    return has_objects_as_lines(trimmed) ? INPUT_NDJSON : INPUT_JSON;
}

// Text of two or four bytes a character begins with a mark of its own, or has a zero byte in its
// first character. UTF-8's mark is passed over.
static bool check_mark(struct input *input, struct error *err)
{
    struct span text = rest(input);
    if (span_starts_with(text, SPAN("\xEF\xBB\xBF"))) {
        pass(input, 3);
        input->place.column = 1;
        return true;
    }
    bool marked =
        span_starts_with(text, SPAN("\xFF\xFE")) || span_starts_with(text, SPAN("\xFE\xFF"));
    const char *zero = text.len == 0 ? NULL : memchr(text.at, 0, text.len < 4 ? text.len : 4);
    if (!marked && zero == NULL) return true;
    const char *at = marked ? text.at : zero;
    error_at(err, text, at, "byte 0x%02X: this is not UTF-8 but perhaps UTF-16",
             (unsigned char)*at);
    return error_hint(err, "Save the file as UTF-8.");
}

// --- Opening ---

static bool open_file(struct input *input, const char *path, struct error *err)
{
    bool piped = strcmp(path, "-") == 0;
    input->fd = piped ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0) {
        error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
                  "could not open it: %s", strerror(errno));
        return error_hint(err, "Name a file of declarations, or - for standard input.");
    }
    struct stat stat;
    if (fstat(input->fd, &stat) != 0)
        return error_set(err, ERROR_UNAVAILABLE, "could not look at it: %s", strerror(errno));
    if (S_ISDIR(stat.st_mode)) {
        error_set(err, ERROR_SYNTAX, "this is a folder");
        return error_hint(err, "Name the files in it, for example with %s/*.", path);
    }
    input->size = S_ISREG(stat.st_mode) ? (uint64_t)stat.st_size : 0;
    return true;
}

static bool open_csv(struct input *input, const struct input_options *options, struct error *err)
{
    size_t blank = 0;
    while (rest(input).at[blank] == '\n' || rest(input).at[blank] == '\r') blank++;
    pass(input, blank); // what is not blank was found
    size_t header = csv_row_length(rest(input));
    if (header == 0 && input->ended) header = rest(input).len;
    if (header == 0 || header > CSV_ROW_MAX) {
        error_set(err, ERROR_TOO_LARGE, "the first line is longer than %d bytes", CSV_ROW_MAX);
        err->line = input->place.line;
        err->column = 1;
        return error_hint(err,
                          "It was taken for the header of a CSV file: JSON begins with { or [, "
                          "XML with <.");
    }
    struct span row;
    if (!arena_copy(&input->arena, (struct span){ rest(input).at, header }, &row))
        return error_set(err, ERROR_TOO_LARGE, "the header row is too long");
    unsigned line = input->place.line;
    pass(input, header);
    bool opened = mapping_open(&input->mapping, row, options->mapping, options->mapping_name,
                               &input->arena, err);
    if (!opened && options->mapping_name == NULL) input_place(line, 1, err);
    return opened;
}

// Blanks in front of everything are passed over, however many.
static bool open_format(struct input *input, const struct input_options *options, struct error *err)
{
    while (input->format == INPUT_UNKNOWN) {
        struct span text = rest(input);
        input->format = recognise(text);
        if (input->format != INPUT_UNKNOWN) break;
        pass(input, text.len);
        if (input->ended) {
            input->over = true; // an empty file holds no declarations
            return true;
        }
        if (!fill(input, err)) return false;
    }
    if (input->format == INPUT_CSV) return open_csv(input, options, err);
    return input->format != INPUT_XML || xml_map_open(&input->xml, options->schemas, err);
}

bool input_open(struct input **opened, const char *path, const struct input_options *options,
                struct error *err)
{
    struct input *input = calloc(1, sizeof(*input));
    if (input == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to read a file");
    input->fd = -1;
    input->place = (struct place){ 1, 1 };
    input->window = malloc(WINDOW_SIZE);
    bool done = input->window != NULL ? arena_open(&input->arena, ARENA_SIZE, err)
                                      : error_set(err, ERROR_UNAVAILABLE, "no memory for a file");
    done = done && open_file(input, path, err) && fill(input, err) && check_mark(input, err) &&
           open_format(input, options, err);
    if (!done) {
        input_close(input);
        return false;
    }
    *opened = input;
    return true;
}

void input_close(struct input *input)
{
    if (input == NULL) return;
    if (input->fd > STDIN_FILENO) close(input->fd);
    xml_map_close(input->xml);
    arena_close(&input->arena);
    free(input->window);
    free(input);
}

// --- Cutting ---

static struct cut cut_next(struct input *input)
{
    struct cutter *cutter = &input->cutter;
    switch (input->format) {
    case INPUT_NDJSON:
        return cut_line(cutter, rest(input), input->ended);
    case INPUT_JSON:
        return cut_json(cutter, rest(input), input->ended);
    case INPUT_CSV:
        return mapping_cut(&input->mapping, cutter, input->arena, rest(input), input->ended);
    default:
        return cut_xml(cutter, rest(input), input->ended);
    }
}

// No message ends in the window: what will not be looked at again goes, and more is read.
static bool read_on(struct input *input, struct error *err)
{
    struct cutter *cutter = &input->cutter;
    assert(!input->ended);
    if (!cutter->begun) {
        pass(input, cutter->seen);
    } else {
        pass(input, cutter->begin);
        if (rest(input).len > DECLARATION_TEXT_MAX && !input->too_long) {
            input->too_long = true;
            input->too_long_place = input->place;
        }
        if (input->too_long) pass(input, cutter->seen);
    }
    return fill(input, err);
}

static void say_too_long(struct input_message *message)
{
    error_set(&message->err, ERROR_TOO_LARGE, "a message of more than %d bytes",
              DECLARATION_TEXT_MAX);
    message->err.line = message->err.column = 1;
    error_hint(&message->err, "Split it; a declaration holds at most %d items.",
               DECLARATION_ITEMS_MAX);
}

// What was cut, as a message: its text, or why there is none.
static bool give(struct input *input, const struct cut *cut, struct arena *arena,
                 struct input_message *message, struct error *err)
{
    pass(input, cut->begin);
    struct place place = input->too_long ? input->too_long_place : input->place;
    if (cut->kind == CUT_BROKEN) {
        message->err = input->cutter.err;
        if (cut->of_file) place = (struct place){ 1, 1 };
    } else if (input->too_long || cut->end - cut->begin > DECLARATION_TEXT_MAX) {
        say_too_long(message);
    } else {
        struct span text = { rest(input).at, cut->end - cut->begin };
        if (!arena_copy(arena, text, &message->text))
            return error_set(err, ERROR_TOO_LARGE, "the batch has no room for a message");
    }
    message->line = place.line;
    message->column = place.column;
    pass(input, cut->next - cut->begin);
    input->too_long = false;
    return true;
}

// The next message, or none at the end (`found` false).
static bool next_message(struct input *input, struct arena *arena, struct input_message *message,
                         bool *found, struct error *err)
{
    *found = false;
    *message = (struct input_message){ 0 };
    while (!input->over) {
        struct cut cut = cut_next(input);
        if (cut.kind == CUT_MORE) {
            if (!read_on(input, err)) return false;
            continue;
        }
        if (cut.kind == CUT_END) {
            input->over = true;
            return true;
        }
        if (!give(input, &cut, arena, message, err)) return false;
        *found = true;
        return true;
    }
    return true;
}

bool input_next(struct input *input, struct arena *arena, size_t bytes_max,
                struct input_message *messages, uint32_t max, uint32_t *count, struct error *err)
{
    assert(bytes_max >= DECLARATION_TEXT_MAX);
    size_t bytes = 0;
    *count = 0;
    // One more message must always fit, however long it is.
    while (*count < max && bytes + DECLARATION_TEXT_MAX <= bytes_max) {
        bool found;
        if (!next_message(input, arena, &messages[*count], &found, err)) return false;
        if (!found) return true;
        bytes += messages[*count].text.len;
        (*count)++;
    }
    return true;
}

void input_place(unsigned line, unsigned column, struct error *err)
{
    if (err->line == 0) return;
    if (err->line == 1) err->column += column - 1;
    err->line += line - 1;
}

// --- Reading ---

static bool read_json(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    (void)how;
    *dropped = (struct dropped){ 0 }; // the reader refuses what the model does not have
    struct json json;
    return json_read(text, arena, &json, err) &&
           declaration_read_json(&json, 0, arena, declaration, err);
}

message_reader input_reader(const struct input *input, const void **how)
{
    *how = NULL;
    if (input->format == INPUT_CSV) {
        *how = &input->mapping;
        return mapping_read_message;
    }
    if (input->format == INPUT_XML) {
        *how = input->xml;
        return xml_read_message;
    }
    return read_json;
}
