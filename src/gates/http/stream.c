#include "gates/http/stream.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "gates/http/answers.h"
#include "gates/http/declarations.h"
#include "gates/http/gate.h"

//   block:  FREE --lines--> FILLING --full, end, or none under way--> UNDER_WAY --told--> FREE
//
// The loop fills, the committing thread tells; `lock` guards what both touch. The stream is freed
// by whoever is last: the request, or the last block under way when nobody sends any more.

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
    struct request *request;     // NULL: its body has ended, or the client is gone
    struct block blocks[STREAM_BLOCKS];
    uint32_t filling;            // the block that is filled, or would be
    uint32_t under_way;
    struct arena memory, scratch;
    char *who;
    struct span declarant;
    unsigned line;
    bool waiting;                // the request, for a block
    struct answers *answers;
};

static void stream_free(struct stream *stream)
{
    stream->gate->streams--;
    if (stream->answers != NULL) answers_end(stream->answers);
    answers_release(stream->answers);
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

// With the lock held.
static void write_answers(struct stream *stream, const struct block *block)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < block->slots_count; i++) {
        const struct slot *slot = &block->slots[i];
        struct error err;
        struct span line;
        arena_reset(&stream->scratch, 0);
        struct json_writer w = json_writer_in(&stream->scratch, 1024);
        write_line(stream, &w, slot,
                   slot->broken ? NULL : &block->load.messages[next++].answer);
        text_add_char(&w.text, '\n');
        if (json_written(&w, &line, &err)) answers_write(stream->answers, line);
        else answers_break(stream->answers);
    }
    answers_tell(stream->answers);
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

// --- Lines ---

static struct block *block_to_fill(struct stream *stream)
{
    struct block *block = &stream->blocks[stream->filling];
    return block->state == BLOCK_UNDER_WAY ? NULL : block;
}

// What a block has of an unfinished line is the next one's, which is free.
static void move_rest(struct block *block, struct block *next)
{
    size_t rest = block->used - block->line_begin;
    if (rest == 0 && !block->overlong) return;
    assert(next->state == BLOCK_FREE);
    memcpy(next->bytes, block->bytes + block->line_begin, rest);
    next->used = rest;
    next->overlong = block->overlong;
    next->state = BLOCK_FILLING;
    block->used = block->line_begin;
    block->overlong = false;
}

static void send_block(struct stream *stream, struct block *block)
{
    struct error err;
    if (block->slots_count == 0) return;
    stream->filling = (stream->filling + 1) % STREAM_BLOCKS;
    move_rest(block, &stream->blocks[stream->filling]);
    block->state = BLOCK_UNDER_WAY;
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

// Who sends slowly is not kept waiting for a full block.
static void send_lines(struct stream *stream)
{
    if (stream->under_way == 0) send_block(stream, &stream->blocks[stream->filling]);
}

static void told(struct load *load)
{
    struct block *block = load->owner;
    struct stream *stream = block->stream;
    pthread_mutex_lock(&stream->lock);
    write_answers(stream, block);
    load_release(stream->gate->joiner, load);
    empty(block);
    stream->under_way--;
    if (stream->request != NULL) send_lines(stream);
    bool last = stream->under_way == 0 && stream->request == NULL;
    wake(stream);
    pthread_mutex_unlock(&stream->lock);
    if (last) stream_free(stream);
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
    send_lines(stream);
    pthread_mutex_unlock(&stream->lock);
    return taken;
}

// --- Beginning and end ---

// From here on nobody sends lines; what is under way comes to its end.
static void leave(struct stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->request = NULL;
    bool last = stream->under_way == 0;
    pthread_mutex_unlock(&stream->lock);
    if (last) stream_free(stream);
}

static void gone(struct request *request) { leave(request->own); }

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
    struct span key;
    if (!idempotency_key(request, &key, &err) ||
        !answers_open(&stream->answers, gate->store, &err) || !open_blocks(stream, &err) ||
        !open_who(stream, request, &err)) {
        stream_free(stream);
        reply_error(request, &err);
        return;
    }
    if (key.len > 0)
        shelf_put(gate->shelf, request->caller.name, keys_id(request->caller.name, key),
                  stream->answers);
    request->own = stream;
    request->end = gone;
}

const struct route_pieces stream_pieces = { begin, take };

void stream_answer(struct request *request)
{
    struct stream *stream = request->own;
    pthread_mutex_lock(&stream->lock);
    struct block *block = block_to_fill(stream);
    if (block != NULL) {
        if (block->used > block->line_begin || block->overlong) end_line(stream, block);
        send_block(stream, block);
    }
    pthread_mutex_unlock(&stream->lock);
    answers_reply(stream->answers, request);
    leave(stream);
}

void read_stream(struct request *request)
{
    struct error err;
    struct sha256 key = keys_id(request->caller.name, request->parameters[0]);
    struct answers *answers = shelf_find(request->gate->shelf, key);
    if (answers == NULL) {
        error_set(&err, ERROR_NOT_FOUND, "no stream of yours with this key is known");
        error_hint(&err, "It is named by the Idempotency-Key it is sent with. Ask again when its "
                         "headers have gone; after a restart, send it again.");
        reply_error(request, &err);
        return;
    }
    answers_reply(answers, request);
    answers_release(answers);
}
