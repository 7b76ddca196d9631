#include "gates/http/stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gates/http/declarations.h"
#include "gates/http/gate.h"

//   block:  FREE --lines--> FILLING --full or end--> UNDER_WAY --told--> FREE
//
// The loop fills, the committing thread tells; `lock` guards what both touch. The stream is freed
// by whoever is last: the request, or the last block under way when the client is gone.

enum block_state { BLOCK_FREE, BLOCK_FILLING, BLOCK_UNDER_WAY };

// A line that never reaches the office, because it is too long.
struct slot { unsigned line; bool broken; };

struct block {
    struct stream *stream;
    enum block_state state;
    struct load load;
    char *bytes;                 // STREAM_BLOCK_BYTES + DECLARATION_TEXT_MAX, touched as needed
    size_t used, line_begin;     // of the line that is being read
    struct span texts[LOAD_COUNT_MAX];
    unsigned lines[LOAD_COUNT_MAX];
    struct slot slots[LOAD_COUNT_MAX];
    uint32_t slots_count;
    bool overlong;               // the line is passed over to its end
};

struct stream {
    pthread_mutex_t lock;
    struct gate *gate;
    struct request *request;     // NULL: the client is gone
    struct block blocks[STREAM_BLOCKS];
    uint32_t filling;            // the block that is filled, or would be
    uint32_t under_way;
    struct arena memory, scratch;
    char *who;
    struct span declarant;
    unsigned line;
    bool ended, waiting;         // the body has ended; the request waits for a block or an answer
    int file;                    // of answers
    char out[64 * KIB];          // answers on their way to it
    size_t out_len;
    uint64_t written, sent;
    bool failed;                 // they could not be written
};

static void stream_free(struct stream *stream)
{
    stream->gate->streams--;
    if (stream->file >= 0) close(stream->file);
    arena_close(&stream->memory);
    arena_close(&stream->scratch);
    pthread_mutex_destroy(&stream->lock);
    free(stream);
}

// --- Answers ---

static void write_line(struct stream *stream, struct json_writer *w, const struct slot *slot,
                       const struct answer *answer)
{
    struct error too_long;
    error_set(&too_long, ERROR_TOO_LARGE, "the line has more than %d bytes",
              DECLARATION_TEXT_MAX);
    json_open_object(w);
    if (slot->broken) {
        json_key(w, SPAN("answer"));
        json_write_string(w, SPAN("unreadable"));
    } else {
        write_answer_members(w, answer, stream->scratch);
    }
    if (!slot->broken && answer->kind == ANSWER_REFUSED) {
        struct span findings = answer_findings(answer, &stream->scratch);
        if (findings.len > 0) {
            json_key(w, SPAN("findings"));
            json_write_raw(w, findings);
        }
    }
    json_key(w, SPAN("line"));
    json_write_i64(w, slot->line);
    if (slot->broken || answer->err.kind != ERROR_NONE) {
        const struct error *err = slot->broken ? &too_long : &answer->err;
        json_key(w, SPAN("problem"));
        json_open_object(w);
        write_error_members(w, err);
        json_key(w, SPAN("status"));
        json_write_i64(w, error_status(err->kind));
        json_close_object(w);
    }
    json_close_object(w);
}

static bool flush(struct stream *stream)
{
    struct span lines = { stream->out, stream->out_len };
    stream->out_len = 0;
    while (lines.len > 0) {
        ssize_t put = pwrite(stream->file, lines.at, lines.len, (off_t)stream->written);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        stream->written += (uint64_t)put;
        lines.at += put, lines.len -= (size_t)put;
    }
    return true;
}

static bool write_out(struct stream *stream, struct span lines)
{
    while (lines.len > 0) {
        size_t room = sizeof(stream->out) - stream->out_len;
        size_t len = lines.len < room ? lines.len : room;
        memcpy(stream->out + stream->out_len, lines.at, len);
        stream->out_len += len;
        lines.at += len, lines.len -= len;
        if (stream->out_len == sizeof(stream->out) && !flush(stream)) return false;
    }
    return true;
}

// With the lock held.
static void write_answers(struct stream *stream, const struct block *block)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < block->slots_count && !stream->failed; i++) {
        const struct slot *slot = &block->slots[i];
        struct error err;
        struct span line;
        arena_reset(&stream->scratch, 0);
        struct json_writer w = json_writer_in(&stream->scratch, 1024);
        write_line(stream, &w, slot,
                   slot->broken ? NULL : &block->load.messages[next++].answer);
        text_add_char(&w.text, '\n');
        stream->failed = !json_written(&w, &line, &err) || !write_out(stream, line);
    }
    if (!flush(stream)) stream->failed = true;
}

static void empty(struct block *block)
{
    block->state = BLOCK_FREE;
    block->used = block->line_begin = 0;
    block->slots_count = 0;
    block->load.count = 0;
    block->load.bytes = 0;
}

static void wake(struct stream *stream)
{
    if (!stream->waiting || stream->request == NULL) return;
    stream->waiting = false;
    request_go_on(stream->request, NULL);
}

static void told(struct load *load)
{
    struct block *block = load->owner;
    struct stream *stream = block->stream;
    pthread_mutex_lock(&stream->lock);
    if (stream->request != NULL) write_answers(stream, block);
    load_release(stream->gate->joiner, load);
    empty(block);
    bool last = --stream->under_way == 0 && stream->request == NULL;
    wake(stream);
    pthread_mutex_unlock(&stream->lock);
    if (last) stream_free(stream);
}

// --- Lines ---

static struct block *block_to_fill(struct stream *stream)
{
    struct block *block = &stream->blocks[stream->filling];
    return block->state == BLOCK_UNDER_WAY ? NULL : block;
}

// Sends the block on its way; what it has of an unfinished line moves to the next one, which is
// free, or the line is not begun yet.
static void send_block(struct stream *stream, struct block *block)
{
    struct error err;
    if (block->slots_count == 0) return;
    block->state = BLOCK_UNDER_WAY;
    stream->filling = (stream->filling + 1) % STREAM_BLOCKS;
    stream->under_way++;
    if (block->load.count == 0) { // lines that are too long, and no other
        write_answers(stream, block);
        stream->under_way--;
        empty(block);
        return;
    }
    bool added = joiner_add(stream->gate->joiner, &block->load, &err);
    assert(added); // blocks are as many as there may be
}

static void end_line(struct stream *stream, struct block *block)
{
    struct span line = { block->bytes + block->line_begin, block->used - block->line_begin };
    stream->line++;
    if (!block->overlong && span_trim(line).len == 0) {
        block->used = block->line_begin;
        return;
    }
    block->slots[block->slots_count++] = (struct slot){ stream->line, block->overlong };
    if (block->overlong) {
        block->used = block->line_begin;
        block->overlong = false;
        return;
    }
    struct load *load = &block->load;
    block->texts[load->count] = line;
    block->lines[load->count++] = stream->line;
    load->bytes += line.len;
    block->line_begin = block->used;
}

// Takes bytes up to the end of a line, or all of them.
static size_t take_some(struct stream *stream, struct block *block, struct span piece)
{
    const char *end = memchr(piece.at, '\n', piece.len);
    size_t len = end == NULL ? piece.len : (size_t)(end - piece.at);
    if (block->used - block->line_begin + len > DECLARATION_TEXT_MAX) {
        block->overlong = true;
        block->used = block->line_begin;
    }
    if (!block->overlong) {
        memcpy(block->bytes + block->used, piece.at, len);
        block->used += len;
    }
    block->state = BLOCK_FILLING;
    if (end == NULL) return len;
    end_line(stream, block);
    if (block->slots_count == LOAD_COUNT_MAX || block->used >= STREAM_BLOCK_BYTES)
        send_block(stream, block);
    return len + 1;
}

static size_t take(struct request *request, struct span piece)
{
    struct stream *stream = request->own;
    size_t taken = 0;
    pthread_mutex_lock(&stream->lock);
    while (taken < piece.len) {
        struct block *block = block_to_fill(stream);
        if (block == NULL) {
            stream->waiting = true;
            request_wait(request);
            break;
        }
        struct span left = { piece.at + taken, piece.len - taken };
        taken += take_some(stream, block, left);
    }
    pthread_mutex_unlock(&stream->lock);
    return taken;
}

// --- Beginning and end ---

static void gone(struct request *request)
{
    struct stream *stream = request->own;
    pthread_mutex_lock(&stream->lock);
    stream->request = NULL;
    bool last = stream->under_way == 0;
    pthread_mutex_unlock(&stream->lock);
    if (last) stream_free(stream);
}

static bool open_file(struct stream *stream, struct error *err)
{
    stream->file = open(stream->gate->store, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (stream->file >= 0) return true;
    FILE *plain = tmpfile(); // not every file system has files without a name
    if (plain != NULL) {
        stream->file = fcntl(fileno(plain), F_DUPFD_CLOEXEC, 3);
        fclose(plain);
    }
    return stream->file >= 0 || error_set(err, ERROR_UNAVAILABLE,
                                          "could not make a file for the answers: %s",
                                          strerror(errno));
}

static bool open_blocks(struct stream *stream, struct error *err)
{
    size_t size = STREAM_BLOCK_BYTES + DECLARATION_TEXT_MAX;
    if (!arena_open(&stream->memory, STREAM_BLOCKS * size + (size_t)64 * KIB, err)) return false;
    if (!arena_open(&stream->scratch, (size_t)16 * MIB, err)) return false;
    for (int i = 0; i < STREAM_BLOCKS; i++) {
        struct block *block = &stream->blocks[i];
        block->stream = stream;
        block->bytes = arena_take_raw(&stream->memory, size, 1);
        assert(block->bytes != NULL);
        block->load = (struct load){ .texts = block->texts, .lines = block->lines,
                                     .owner = block, .told = told, .many = true };
    }
    return true;
}

static bool open_who(struct stream *stream, const struct request *request, struct error *err)
{
    struct span who, declarant = speaks_for(&request->caller);
    struct span given = { request->caller.who, strlen(request->caller.who) + 1 };
    if (!arena_copy(&stream->memory, given, &who) ||
        !arena_copy(&stream->memory, declarant, &stream->declarant))
        return error_set(err, ERROR_TOO_LARGE, "the name is too long");
    for (int i = 0; i < STREAM_BLOCKS; i++) {
        stream->blocks[i].load.who = who.at;
        stream->blocks[i].load.declarant = stream->declarant;
    }
    return true;
}

static void begin(struct request *request)
{
    struct gate *gate = request->gate;
    struct error err;
    if (++gate->streams > HTTP_STREAMS_MAX) {
        gate->streams--;
        error_set(&err, ERROR_UNAVAILABLE, "%d streams are open already", HTTP_STREAMS_MAX);
        error_hint(&err, "Send it again when one has ended.");
        reply_error(request, &err);
        return;
    }
    struct stream *stream = calloc(1, sizeof(*stream));
    if (stream == NULL) {
        gate->streams--;
        error_set(&err, ERROR_UNAVAILABLE, "no memory for a stream");
        reply_error(request, &err);
        return;
    }
    pthread_mutex_init(&stream->lock, NULL);
    stream->gate = gate;
    stream->request = request;
    stream->file = -1;
    if (!open_file(stream, &err) || !open_blocks(stream, &err) ||
        !open_who(stream, request, &err)) {
        stream_free(stream);
        reply_error(request, &err);
        return;
    }
    request->own = stream;
    request->end = gone;
}

const struct route_pieces stream_pieces = { begin, take };

// The next answers, while they are sent; waits for those that are not there yet.
static long next(struct request *request, char *into, size_t size)
{
    struct stream *stream = request->own;
    long got = -1;
    pthread_mutex_lock(&stream->lock);
    if (stream->sent < stream->written) {
        got = pread(stream->file, into, size, (off_t)stream->sent);
        if (got > (long)(stream->written - stream->sent))
            got = (long)(stream->written - stream->sent);
        if (got > 0) stream->sent += (uint64_t)got;
        else got = -1;
    } else if (stream->under_way > 0) {
        stream->waiting = true;
        request_wait(request);
        got = 0;
    }
    pthread_mutex_unlock(&stream->lock);
    return got;
}

void stream_answer(struct request *request)
{
    struct stream *stream = request->own;
    struct block *block;
    pthread_mutex_lock(&stream->lock);
    block = block_to_fill(stream);
    if (block != NULL && !stream->ended) {
        if (block->used > block->line_begin || block->overlong) end_line(stream, block);
        send_block(stream, block);
    }
    stream->ended = true;
    pthread_mutex_unlock(&stream->lock);
    reply_text(request, 200, "application/x-ndjson", SPAN(""));
    request->reply.next = next;
}
