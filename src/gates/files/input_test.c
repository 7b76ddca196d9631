#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "gates/files/input.h"

enum {
    MESSAGES = 8,
    SAID = 8 * KIB,
    WINDOW = 5 * MIB, // input.c's: what is longer is passed over in pieces
    LONG = WINDOW + 1 * MIB,
    BATCH = 2 * DECLARATION_TEXT_MAX,
    ARENA = 64 * MIB,
    TEXT = LONG + 2 * MIB,
};

static char folder[] = "/tmp/input_test_XXXXXX";
static char path[64];
static struct arena arena;

static int make(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(path, sizeof(path), "%s/file", folder);
    return arena_open(&arena, ARENA, NULL) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_close(&arena);
    unlink(path);
    return rmdir(folder);
}

static void write_file(struct span text)
{
    unlink(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.at, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

// --- What a file is read as ---

struct reading {
    char said[SAID];
    size_t len;
    uint32_t messages;
};

static void say(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(reading->said + reading->len, SAID - reading->len, format, arguments);
    va_end(arguments);
    assert_true(more >= 0 && (size_t)more < SAID - reading->len);
    reading->len += (size_t)more;
}

static void say_error(struct reading *reading, const struct error *err)
{
    say(reading, "%u:%u %s%s%s\n", err->line, err->column, err->field,
        err->field[0] == '\0' ? "" : ": ", err->text);
}

static void say_message(struct reading *reading, const struct input *input,
                        const struct input_message *message)
{
    const void *how;
    message_reader read = input_reader(input, &how);
    struct arena scratch = arena;
    struct declaration declaration;
    struct dropped dropped;
    struct error err = message->err;
    reading->messages++;
    if (err.kind == ERROR_NONE) {
        assert_true(message->text.len <= DECLARATION_TEXT_MAX);
        if (read(how, message->text, &scratch, &declaration, &dropped, &err)) {
            struct json_writer w = json_writer_in(&scratch, 1024);
            struct span json;
            declaration_write_json(&w, &declaration);
            assert_true(json_written(&w, &json, &err));
            say(reading, SPAN_FMT "\n", SPAN_ARG(json));
            return;
        }
    }
    input_place(message->line, message->column, &err);
    say_error(reading, &err);
}

// Reads on to the end, or `batches` batches.
static void read_on(struct reading *reading, struct input *input, uint32_t batches)
{
    struct input_message messages[MESSAGES];
    struct error err;
    uint32_t count = 1;
    for (uint32_t i = 0; i < batches && count > 0; i++) {
        arena_reset(&arena, 0);
        if (!input_next(input, &arena, BATCH, messages, MESSAGES, &count, &err)) {
            say_error(reading, &err);
            return;
        }
        for (uint32_t j = 0; j < count; j++) say_message(reading, input, &messages[j]);
    }
}

static const struct reading *read_path(const char *name, const char *mapping)
{
    static struct reading reading;
    struct input_options options = { span_of(mapping), mapping == NULL ? NULL : "m", NULL };
    struct input *input;
    struct error err;
    reading = (struct reading){ 0 };
    if (!input_open(&input, name, &options, &err)) {
        say_error(&reading, &err);
        return &reading;
    }
    read_on(&reading, input, UINT32_MAX);
    if (input_size(input) > 0) assert_true(input_done(input) <= input_size(input));
    input_close(input);
    return &reading;
}

static void file_reads_as(struct span text, const char *mapping, const char *expected)
{
    write_file(text);
    assert_string_equal(read_path(path, mapping)->said, expected);
}

// --- Formats ---

static void formats_are_recognised_by_what_is_in_them(void **state)
{
    static const struct {
        const char *text;
        enum input_format format;
    } rows[] = {
        { "", INPUT_UNKNOWN },
        { " \n\t\r\n", INPUT_UNKNOWN },
        { "{\"a\":1}\n{\"a\":2}\n", INPUT_NDJSON },
        { "\n\n{\"a\":1}", INPUT_NDJSON },
        { "{\"a\":\n1}\n{\"b\":2}", INPUT_JSON },
        { "{\n}", INPUT_JSON },
        { "{\"a\":[1}\n{\"b\":2}\n", INPUT_NDJSON }, // its first line is broken
        { "{\"a\":\"x\n{\"b\":2}\n", INPUT_NDJSON },
        { " [{}]", INPUT_JSON },
        { "[", INPUT_JSON },
        { "\xEF\xBB\xBF<a/>", INPUT_XML },
        { "  <a/>", INPUT_XML },
        { "ucr,typeCode\n", INPUT_CSV },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct input_options options = { 0 };
        struct input *input;
        struct error err;
        write_file(span_of(rows[i].text));
        if (!input_open(&input, path, &options, &err)) fail_msg("%s: %s", rows[i].text, err.text);
        if (input_format(input) != rows[i].format)
            fail_msg("'%s' is %s", rows[i].text, input_format_name(input_format(input)));
        input_close(input);
    }
}

static void a_declaration_is_the_same_in_every_format(void **state)
{
    const char *same =
        "{\"items\":[{\"netMass\":\"12.50\"},{\"netMass\":\"3\"}],\"typeCode\":\"IMA\","
        "\"ucr\":\"U1\"}\n";
    (void)state;
    file_reads_as(span_of(same), NULL, same);
    file_reads_as(
        SPAN("[ {\"ucr\" : \"U1\",\n\"typeCode\":\"IMA\", \"items\":[{\"netMass\":12.50},\n"
             "{\"netMass\":3}]} ]"),
        NULL, same);
    file_reads_as(SPAN("ref;kind;mass\nU1;IMA;12.50\nU1;;3"),
                  "ucr={ref}\ntypeCode={kind}\nitems.netMass={mass}\ngroup={ref}", same);
    file_reads_as(
        SPAN("<MetaData><Declaration><TypeCode>IMA</TypeCode><GoodsShipment>"
             "<GovernmentAgencyGoodsItem><Commodity><GoodsMeasure><NetNetWeightMeasure>12.50"
             "</NetNetWeightMeasure></GoodsMeasure></Commodity></GovernmentAgencyGoodsItem>"
             "<GovernmentAgencyGoodsItem><Commodity><GoodsMeasure><NetNetWeightMeasure>3"
             "</NetNetWeightMeasure></GoodsMeasure></Commodity></GovernmentAgencyGoodsItem>"
             "<UCR><TraderAssignedReferenceID>U1</TraderAssignedReferenceID></UCR>"
             "</GoodsShipment></Declaration></MetaData>"),
        NULL, same);
}

static void columns_may_be_named_as_the_fields(void **state)
{
    (void)state;
    file_reads_as(SPAN("\xEF\xBB\xBFucr,items.netMass\nU1,12.50\nU2,\n"), NULL,
                  "{\"items\":[{\"netMass\":\"12.50\"}],\"ucr\":\"U1\"}\n{\"ucr\":\"U2\"}\n");
}

// --- Broken ones harm no others ---

static void a_broken_line_is_told_and_the_next_is_read(void **state)
{
    (void)state;
    file_reads_as(
        SPAN("{\"ucr\":\"U1\"}\n{\"ucr\":\n\n{\"ucr\":\"U2\",\"ucrr\":1}\n"
             "{\"items\":[{},{\"netMass\":\"x\"}]}\nnonsense\n{\"ucr\":\"U3\",\"ucr\":\"U4\"}\n"
             "{\"ucr\":\"\xE9\"}\n{\"ucr\":\"U5\"}"),
        NULL,
        "{\"ucr\":\"U1\"}\n"
        "2:8 found the end, expected a value\n"
        "4:13 there is no field 'ucrr' in declaration\n"
        "5:25 items[1].netMass: a number begins with a digit\n"
        "6:1 found 'n', expected a value\n"
        "7:13 key 'ucr' stands here again\n"
        "8:9 byte 0xE9 at offset 8 is not UTF-8 here\n"
        "{\"ucr\":\"U5\"}\n");
}

static void a_broken_element_is_told_with_its_place_in_the_file(void **state)
{
    (void)state;
    file_reads_as(SPAN("[{\"ucr\":\"U1\"},{\"ucr\":1},\n {\"ucr\":\"U2\"} {\"ucr\":\"U3\"},\n"
                       "{\"ucr\":[},{\"ucr\":\"U4\"}"),
                  NULL,
                  "{\"ucr\":\"U1\"}\n"
                  "1:22 ucr: number where a string is expected\n"
                  "{\"ucr\":\"U2\"}\n"
                  "2:15 a comma is expected before this declaration\n"
                  "{\"ucr\":\"U3\"}\n"
                  "3:9 found '}', expected a value\n"
                  "{\"ucr\":\"U4\"}\n"
                  "3:23 the array of declarations has no end\n");
}

static void a_broken_message_is_told_with_its_place_in_the_file(void **state)
{
    (void)state;
    file_reads_as(SPAN("<all>\n <Declaration><ID>1</ID></Declaration><Declaration><ID>2</IDD>"
                       "</Declaration>\n<Declaration>\n<ID>3 4</ID></Declaration>\n"
                       "<MetaData><Response/></MetaData><Declaration><ID>5</ID></Declaration>"),
                  NULL,
                  "{\"id\":\"1\"}\n"
                  "2:63 opening and ending tag mismatch: ID and IDD\n"
                  "4:5 id: byte 0x20 is not allowed in a code\n"
                  "5:11 'Response' is not a declaration\n"
                  "{\"id\":\"5\"}\n"
                  "5:70 the element 'all' around the messages has no end\n");
}

static void a_broken_row_is_told_with_its_place_in_the_file(void **state)
{
    (void)state;
    file_reads_as(
        SPAN("ucr,items.netMass,items.sequence\nU1,1,1\nU2,x,1\nU3,1\n\nU4,1,\"1\nU5,2,7\n"), NULL,
        "{\"items\":[{\"netMass\":\"1\",\"sequence\":1}],\"ucr\":\"U1\"}\n"
        "3:4 items[0].netMass: a number begins with a digit\n"
        "4:1 the row has 2 fields, the header row 3\n"
        "6:6 a quoted field is not closed\n"
        "{\"items\":[{\"netMass\":\"2\",\"sequence\":7}],\"ucr\":\"U5\"}\n");
}

// --- Encodings ---

static void only_utf_8_is_taken_and_the_byte_is_named(void **state)
{
    (void)state;
    file_reads_as(SPAN("\xEF\xBB\xBF{\"ucr\":\"U1\"}"), NULL, "{\"ucr\":\"U1\"}\n");
    file_reads_as(SPAN("\xFF\xFE{\0\"\0"), NULL,
                  "1:1 byte 0xFF: this is not UTF-8 but perhaps UTF-16\n");
    file_reads_as(SPAN("\xFE\xFF\0{"), NULL,
                  "1:1 byte 0xFE: this is not UTF-8 but perhaps UTF-16\n");
    file_reads_as(SPAN("<\0?\0x\0"), NULL, "1:2 byte 0x00: this is not UTF-8 but perhaps UTF-16\n");
    file_reads_as(SPAN("\0\0\xFE\xFF"), NULL,
                  "1:1 byte 0x00: this is not UTF-8 but perhaps UTF-16\n");
    file_reads_as(SPAN("<Declaration>\n<ID>\xE9</ID></Declaration><Declaration/>"), NULL,
                  "2:5 byte 0xE9 is not UTF-8 text\n{}\n");
    file_reads_as(SPAN("ucr\nU1\nU\xE9\nU2\n"), NULL,
                  "{\"ucr\":\"U1\"}\n3:2 byte 0xE9 does not fit UTF-8\n{\"ucr\":\"U2\"}\n");
}

// --- Nothing, and much ---

static void a_file_without_anything_has_no_declarations(void **state)
{
    (void)state;
    file_reads_as(SPAN(""), NULL, "");
    file_reads_as(SPAN(" \r\n\t\n"), NULL, "");
    file_reads_as(SPAN("\xEF\xBB\xBF"), NULL, "");
    file_reads_as(SPAN("ucr\n"), NULL, "");
    file_reads_as(SPAN("[]"), NULL, "");
}

// `head`, `fill` as often as it takes to be too long, `tail`.
static struct span long_text(const char *head, const char *fill, const char *tail)
{
    static char text[TEXT];
    struct span parts[] = { span_of(head), span_of(fill), span_of(tail) };
    memcpy(text, parts[0].at, parts[0].len);
    size_t len = parts[0].len;
    for (; len - parts[0].len < LONG; len += parts[1].len)
        memcpy(text + len, parts[1].at, parts[1].len);
    memcpy(text + len, parts[2].at, parts[2].len);
    return (struct span){ text, len + parts[2].len };
}

static void what_is_too_long_is_passed_over_in_every_format(void **state)
{
    const char *after =
        "{\"ucr\":\"U0\"}\n2:1 a message of more than 4194304 bytes\n{\"ucr\":\"U2\"}\n";
    (void)state;
    file_reads_as(long_text("{\"ucr\":\"U0\"}\n{\"ucr\":\"", "abcd{[", "\"}\n{\"ucr\":\"U2\"}\n"),
                  NULL, after);
    file_reads_as(long_text("[{\"ucr\":\"U0\"},\n{\"ucr\":\"", "a\\\"}b]", "\"},{\"ucr\":\"U2\"}]"),
                  NULL, after);
    // Rows that cannot be read may all be U2's: it is not lodged without them.
    file_reads_as(long_text("ucr\n", "broken,broken\n", "U2\nU3\n"), "ucr={ucr}\ngroup={ucr}",
                  "2:1 a message of more than 4194304 bytes\n{\"ucr\":\"U3\"}\n");
    file_reads_as(long_text("ucr,items.netMass\n", "U1,1\n", "U2,2\n"),
                  "ucr={ucr}\nitems.netMass={items.netMass}\ngroup={ucr}",
                  "2:1 a message of more than 4194304 bytes\n"
                  "{\"items\":[{\"netMass\":\"2\"}],\"ucr\":\"U2\"}\n");
}

// Wherever the window ends: also between the first bytes of a comment, which tell what it is.
static void a_long_message_is_passed_over_however_the_window_cuts_it(void **state)
{
    static const char fill[] = "<!-- </Declaration> -->";
    char head[128];
    (void)state;
    for (size_t inside = 1; inside < 4; inside++) {
        snprintf(head, sizeof(head), "<Declaration><ID>0</ID></Declaration>\n<Declaration>");
        while ((WINDOW - strlen(head)) % (sizeof(fill) - 1) != inside)
            strncat(head, " ", sizeof(head) - strlen(head) - 1);
        file_reads_as(
            long_text(head, fill, "</Declaration><Declaration><ID>2</ID></Declaration>"), NULL,
            "{\"id\":\"0\"}\n2:1 a message of more than 4194304 bytes\n{\"id\":\"2\"}\n");
    }
}

static void what_is_just_too_long_is_passed_over_too(void **state)
{
    static char text[WINDOW];
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct span head = SPAN("{\"ucr\":\"U1\"}\n{"), tail = SPAN("}\n{\"ucr\":\"U2\"}\n");
        memset(text, ' ', sizeof(text));
        memcpy(text, head.at, head.len);
        size_t end = head.len - 1 + DECLARATION_TEXT_MAX + over; // behind the bracket
        memcpy(text + end - 1, tail.at, tail.len);
        file_reads_as((struct span){ text, end - 1 + tail.len }, NULL,
                      over == 0 ? "{\"ucr\":\"U1\"}\n{}\n{\"ucr\":\"U2\"}\n"
                                : "{\"ucr\":\"U1\"}\n2:1 a message of more than 4194304 bytes\n"
                                  "{\"ucr\":\"U2\"}\n");
    }
}

static void a_message_across_the_end_of_the_window_is_read_whole(void **state)
{
    static const struct span element = SPAN_INIT(",\n   {\"ucr\":\"0123456789\"}");
    static char text[LONG];
    struct input_options options = { 0 };
    struct input *input;
    struct input_message messages[MESSAGES];
    struct error err;
    uint32_t written = 0, read_count = 0, count = 1;
    (void)state;
    memset(text, ' ', sizeof(text));
    size_t len = (WINDOW - 15) % element.len; // so that the window ends inside of one
    size_t begin = len;
    for (; len + element.len < sizeof(text) - 1; len += element.len, written++)
        memcpy(text + len, element.at, element.len);
    text[begin] = '[';
    text[len++] = ']';
    write_file((struct span){ text, len });
    assert_true(input_open(&input, path, &options, &err));
    while (count > 0) {
        arena_reset(&arena, 0);
        assert_true(input_next(input, &arena, BATCH, messages, MESSAGES, &count, &err));
        for (uint32_t i = 0; i < count; i++) {
            assert_true(span_equal(messages[i].text, SPAN("{\"ucr\":\"0123456789\"}")));
            assert_int_equal(messages[i].column, 4);
            assert_int_equal(messages[i].line, 2 + read_count++);
        }
    }
    assert_int_equal(read_count, written);
    input_close(input);
}

static void blanks_in_front_are_passed_over_however_many(void **state)
{
    (void)state;
    struct span text = long_text("", "      \n", "{\"ucr\":\"U1\",\"x\":1}");
    write_file(text);
    const char *said = read_path(path, NULL)->said;
    assert_non_null(strstr(said, ":13 there is no field 'x' in declaration"));
    assert_int_equal(atol(said), (LONG + 6) / 7 + 1);
}

static void a_header_longer_than_any_is_told(void **state)
{
    (void)state;
    file_reads_as(long_text("x", "x", ""), NULL,
                  "1:1 the first line is longer than 1048576 bytes\n");
    file_reads_as(SPAN("ref,ref\nU1,2\n"), NULL, "1:1 columns 1 and 2 are both named 'ref'\n");
    file_reads_as(SPAN("\nref\nU1\n"), NULL,
                  "2:1 column 'ref': there is no field 'ref' in declaration\n");
}

// --- Things that are no files, and files that change ---

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    assert_string_equal(read_path(folder, NULL)->said, "0:0 this is a folder\n");
    assert_string_equal(read_path("/nowhere/at/all", NULL)->said,
                        "0:0 could not open it: No such file or directory\n");
    assert_string_equal(read_path("/proc/self/mem", NULL)->said,
                        "0:0 could not read on: Input/output error\n");
    assert_string_equal(read_path("/dev/zero", NULL)->said,
                        "1:1 byte 0x00: this is not UTF-8 but perhaps UTF-16\n");
}

// A child writes the text so many times into a fifo, and ends.
static pid_t write_fifo(const char *head, const char *text, int times)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    alarm(120); // nobody waits for it any more
    FILE *file = fopen(path, "w");
    if (file != NULL) fputs(head, file);
    for (int i = 0; file != NULL && i < times; i++) fputs(text, file);
    _exit(file == NULL || fclose(file) != 0);
}

static void wait_for(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_fifo_is_read_to_its_end(void **state)
{
    (void)state;
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    pid_t child = write_fifo("", "{\"ucr\":\"U1\"}\n", 3);
    assert_string_equal(read_path(path, NULL)->said,
                        "{\"ucr\":\"U1\"}\n{\"ucr\":\"U1\"}\n{\"ucr\":\"U1\"}\n");
    wait_for(child);

    child = write_fifo("{\"ucr\":\"", "twelve million bytes on a line without an end  ", 250000);
    assert_string_equal(read_path(path, NULL)->said, "1:1 a message of more than 4194304 bytes\n");
    wait_for(child);
    unlink(path);
}

static void standard_input_is_read_like_a_file(void **state)
{
    (void)state;
    write_file(SPAN("{\"ucr\":\"U1\"}"));
    int file = open(path, O_RDONLY), kept = dup(STDIN_FILENO);
    assert_true(file >= 0 && kept >= 0);
    dup2(file, STDIN_FILENO);
    assert_string_equal(read_path("-", NULL)->said, "{\"ucr\":\"U1\"}\n");
    dup2(kept, STDIN_FILENO);
    close(file);
    close(kept);
}

static void a_file_cut_short_while_it_is_read_ends_early(void **state)
{
    static const char line[] = "{\"functionalReferenceId\":\"0123456789\",\"ucr\":\"U1\"}\n";
    struct input_options options = { 0 };
    struct reading reading = { 0 };
    struct input *input;
    struct error err;
    FILE *file = fopen(path, "wb");
    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 400000; i++) fputs(line, file); // four windows full
    fclose(file);
    assert_true(input_open(&input, path, &options, &err));
    read_on(&reading, input, 1);
    assert_int_equal(reading.messages, MESSAGES);
    assert_int_equal(truncate(path, 6 * MIB + 10), 0);
    struct reading last = { 0 };
    uint32_t messages = 0;
    for (uint32_t before = 1; before != messages;) {
        before = messages;
        last = (struct reading){ 0 };
        read_on(&last, input, 1);
        messages += last.messages;
        if (last.messages < MESSAGES) break;
    }
    assert_int_equal(messages + MESSAGES, (6 * MIB + 10) / (sizeof(line) - 1) + 1);
    assert_non_null(strstr(last.said, "125830:2 a string without its closing quote"));
    input_close(input);
}

// --- Real data ---

// Every row of a file that nobody here wrote is read; how many there were.
static uint32_t count_readable(const char *name, struct span mapping)
{
    static struct input_message messages[512];
    struct input_options options = { mapping, "korea.mapping", NULL };
    struct input *input;
    struct error err;
    uint32_t read_count = 0;
    if (!input_open(&input, name, &options, &err)) fail_msg("%s: %s", name, err.text);
    for (uint32_t count = 1; count > 0;) {
        arena_reset(&arena, 0);
        assert_true(input_next(input, &arena, BATCH, messages, 512, &count, &err));
        for (uint32_t i = 0; i < count; i++) {
            const void *how;
            message_reader read = input_reader(input, &how);
            struct arena scratch = arena;
            struct declaration declaration;
            struct dropped dropped;
            if (!read(how, messages[i].text, &scratch, &declaration, &dropped, &err))
                fail_msg("%s:%u: %s", name, messages[i].line, err.text);
            assert_int_equal(declaration.items.count, 1);
            read_count++;
        }
    }
    input_close(input);
    return read_count;
}

static void every_row_of_the_korean_data_is_read(void **state)
{
    static const char *const parts[] = { "train", "valid", "test" };
    static char text[16 * KIB];
    char name[512];
    const char *root = getenv("TIDEWAITER_ROOT");
    uint32_t count = 0;
    (void)state;
    snprintf(name, sizeof(name), "%s/data/mappings/korea.mapping", root == NULL ? "." : root);
    FILE *file = fopen(name, "r");
    size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text), file);
    assert_true(file != NULL && len > 0);
    fclose(file);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(name, sizeof(name),
                 "%s/../shared/data/risk/customs_declaration_datasets/df_syn_%s_eng.csv",
                 root == NULL ? "." : root, parts[i]);
        if (access(name, R_OK) != 0) {
            print_message("skipped: %s is not there\n", name);
            skip();
        }
        count += count_readable(name, (struct span){ text, len });
    }
    assert_int_equal(count, 54000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_recognised_by_what_is_in_them),
        cmocka_unit_test(a_declaration_is_the_same_in_every_format),
        cmocka_unit_test(columns_may_be_named_as_the_fields),
        cmocka_unit_test(a_broken_line_is_told_and_the_next_is_read),
        cmocka_unit_test(a_broken_element_is_told_with_its_place_in_the_file),
        cmocka_unit_test(a_broken_message_is_told_with_its_place_in_the_file),
        cmocka_unit_test(a_broken_row_is_told_with_its_place_in_the_file),
        cmocka_unit_test(only_utf_8_is_taken_and_the_byte_is_named),
        cmocka_unit_test(a_file_without_anything_has_no_declarations),
        cmocka_unit_test(what_is_too_long_is_passed_over_in_every_format),
        cmocka_unit_test(a_long_message_is_passed_over_however_the_window_cuts_it),
        cmocka_unit_test(what_is_just_too_long_is_passed_over_too),
        cmocka_unit_test(a_message_across_the_end_of_the_window_is_read_whole),
        cmocka_unit_test(blanks_in_front_are_passed_over_however_many),
        cmocka_unit_test(a_header_longer_than_any_is_told),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(a_fifo_is_read_to_its_end),
        cmocka_unit_test(standard_input_is_read_like_a_file),
        cmocka_unit_test(a_file_cut_short_while_it_is_read_ends_early),
        cmocka_unit_test(every_row_of_the_korean_data_is_read),
    };
    return cmocka_run_group_tests(tests, make, end);
}
