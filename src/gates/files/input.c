#include "gates/files/input.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "gates/files/cut.h"
#include "gates/files/mapping.h"
#include "gates/files/xml_read.h"

// The window on the file: a message must fit, and some more so that reading is in large pieces.
enum { WINDOW_SIZE = DECLARATION_TEXT_MAX + 1 * MIB };

struct input {
    int fd;
    bool ended;                     // nothing more to read
    bool over;                      // nothing more to give
    enum input_format format;
    uint64_t size, done;
    unsigned line;                  // of the window's first byte
    char *window;
    size_t begin, end;              // the part of the window that is not given yet
    struct cutter cutter;
    struct arena arena;             // mapping, header
    struct mapping mapping;         // of CSV
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
    const char *at = input->window + input->begin;
    for (const char *end = at + len; at < end; at++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL) break;
        input->line++;
    }
    input->begin += len;
    input->done += len;
}

// Reads more behind what is there; false with `err` when the file cannot be read.
static bool fill(struct input *input, struct error *err)
{
    if (input->begin > 0) {
        memmove(input->window, input->window + input->begin, input->end - input->begin);
        input->end -= input->begin;
        input->begin = 0;
    }
    while (!input->ended && input->end < WINDOW_SIZE) {
        ssize_t got = read(input->fd, input->window + input->end, WINDOW_SIZE - input->end);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return error_set(err, ERROR_UNAVAILABLE, "could not read on: %s", strerror(errno));
        if (got == 0) input->ended = true;
        input->end += (size_t)got;
    }
    return true;
}

// --- Opening ---

// What the first bytes look like. A line that begins an object and ends it is NDJSON's.
static enum input_format recognise(struct span text)
{
    struct span trimmed = span_trim(text);
    if (trimmed.len == 0) return INPUT_UNKNOWN;
    if (trimmed.at[0] == '<') return INPUT_XML;
    if (trimmed.at[0] == '[') return INPUT_JSON;
    if (trimmed.at[0] != '{') return INPUT_CSV;

    struct span first = span_trim(span_cut(trimmed, '\n').head);
    return cut_json_value(first) == first.len ? INPUT_NDJSON : INPUT_JSON;
}

const char *input_format_name(enum input_format format)
{
    static const char *const names[] = { "unknown", "JSON", "NDJSON", "CSV", "WCO XML" };
    assert(format <= INPUT_XML);
    return names[format];
}

enum input_format input_format(const struct input *input) { return input->format; }
uint64_t input_size(const struct input *input) { return input->size; }
uint64_t input_done(const struct input *input) { return input->done; }

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

// UTF-16 and the like begin with a mark of their own; UTF-8's is passed over.
static bool check_mark(struct input *input, struct error *err)
{
    struct span text = rest(input);
    if (span_starts_with(text, SPAN("\xEF\xBB\xBF"))) pass(input, 3);
    if (span_starts_with(text, SPAN("\xFF\xFE")) || span_starts_with(text, SPAN("\xFE\xFF"))) {
        error_at(err, text, text.at, "byte 0x%02X begins UTF-16 text", (unsigned char)text.at[0]);
        return error_hint(err, "Save the file as UTF-8.");
    }
    return true;
}

static bool open_format(struct input *input, const struct input_options *options, struct error *err)
{
    input->format = recognise(rest(input));
    if (input->format == INPUT_UNKNOWN) {
        input->over = true;
        return true; // an empty file holds no declarations
    }
    if (input->format == INPUT_XML)
        return xml_map_open(&input->xml, options->schemas, err);
    if (input->format != INPUT_CSV) return true;

    size_t header = csv_row_length(rest(input));
    if (header == 0) header = input->end - input->begin;
    struct span row;
    if (!arena_copy(&input->arena, (struct span){ rest(input).at, header }, &row))
        return error_set(err, ERROR_TOO_LARGE, "the header row is too long");
    if (!mapping_open(&input->mapping, row, options->mapping, options->mapping_name, &input->arena,
                      err))
        return false;
    pass(input, header);
    return true;
}

bool input_open(struct input **opened, const char *path, const struct input_options *options,
                struct error *err)
{
    struct input *input = calloc(1, sizeof(*input));
    if (input == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to read a file");
    input->fd = -1;
    input->line = 1;
    input->window = malloc(WINDOW_SIZE);
    bool done = input->window != NULL ? arena_open(&input->arena, 8 * MIB, err)
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
    switch (input->format) {
    case INPUT_NDJSON: return cut_line(rest(input), input->ended);
    case INPUT_JSON: return cut_json(&input->cutter, rest(input), input->ended);
    case INPUT_CSV: return mapping_cut(&input->mapping, rest(input), input->ended);
    default: return cut_xml(&input->cutter, rest(input), input->ended);
    }
}

// A message longer than the limit: nothing of it is kept; the line after it goes on.
static bool pass_too_long(struct input *input, struct input_message *message, struct error *err)
{
    message->line = input->line;
    error_set(&message->err, ERROR_TOO_LARGE, "a message longer than %d bytes",
              DECLARATION_TEXT_MAX);
    error_hint(&message->err, "Split it; a declaration holds at most %d items.",
               DECLARATION_ITEMS_MAX);
    for (;;) {
        struct span window = rest(input);
        const char *end = input->format == INPUT_NDJSON || input->format == INPUT_CSV
                              ? memchr(window.at, '\n', window.len)
                              : NULL;
        if (end != NULL) {
            pass(input, (size_t)(end - window.at) + 1);
            return true;
        }
        pass(input, window.len);
        if (input->ended) {
            input->over = true;
            return true;
        }
        if (!fill(input, err)) return false;
    }
}

static void check_text(struct input_message *message)
{
    size_t wrong_at;
    if (utf8_check(message->text, &wrong_at)) return;
    error_at(&message->err, message->text, message->text.at + wrong_at,
             "byte 0x%02X is not UTF-8 here", (unsigned char)message->text.at[wrong_at]);
    error_hint(&message->err, "Save the file as UTF-8.");
}

// The next message, or none at the end (`found` false).
static bool next_message(struct input *input, struct arena *arena, struct input_message *message,
                         bool *found, struct error *err)
{
    *found = false;
    *message = (struct input_message){ 0 };
    while (!input->over) {
        struct cut cut = cut_next(input);
        if (cut.kind == CUT_MORE && !input->ended) {
            if (input->end - input->begin > DECLARATION_TEXT_MAX) {
                *found = true;
                return pass_too_long(input, message, err);
            }
            if (!fill(input, err)) return false;
            continue;
        }
        if (cut.kind == CUT_MORE || cut.kind == CUT_END) {
            input->over = true;
            return true;
        }
        struct span window = rest(input);
        struct span text = { window.at + cut.begin, cut.end - cut.begin };
        pass(input, cut.begin);
        message->line = input->line;
        *found = true;
        if (cut.kind == CUT_BROKEN) {
            message->err = cut.err;
            input->over = true;
            return true;
        }
        if (!arena_copy(arena, text, &message->text))
            return error_set(err, ERROR_TOO_LARGE, "the batch has no room for a message");
        if (input->format != INPUT_NDJSON) check_text(message); // JSON's reader checks its own
        pass(input, text.len);
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

// --- Reading ---

static bool read_json(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    (void)how, (void)dropped; // the reader refuses what the model does not have
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
