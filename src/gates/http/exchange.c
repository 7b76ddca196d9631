#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gates/http/exchange_inside.h"
#include "gates/http/routes.h"

enum {
    KEPT_ARENA = 256 * KIB,      // more than that of a request's memory is given back
    SPARE_MAX = 256,             // requests kept for later
};

static struct connection *connection_of(const struct request *request)
{
    return request->connection;
}

// --- The pool ---

bool exchanges_open(struct exchanges **opened, const struct exchange_surroundings *surroundings,
                    struct error *err)
{
    struct exchanges *exchanges = calloc(1, sizeof(*exchanges));
    if (exchanges == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the server");
    exchanges->around = *surroundings;
    pthread_mutex_init(&exchanges->lock, NULL);
    *opened = exchanges;
    return true;
}

static void connection_free(struct connection *connection)
{
    arena_close(&connection->arena);
    free(connection);
}

void exchanges_close(struct exchanges *exchanges)
{
    if (exchanges == NULL) return;
    while (exchanges->spare != NULL) {
        struct connection *connection = exchanges->spare;
        struct request *next = connection->request.next;
        exchanges->spare = next == NULL ? NULL : next->connection;
        connection_free(connection);
    }
    pthread_mutex_destroy(&exchanges->lock);
    free(exchanges);
}

static struct connection *take_connection(struct exchanges *exchanges)
{
    struct error err;
    pthread_mutex_lock(&exchanges->lock);
    struct connection *connection = exchanges->spare;
    if (connection != NULL) {
        struct request *next = connection->request.next;
        exchanges->spare = next == NULL ? NULL : next->connection;
        exchanges->spare_count--;
    }
    pthread_mutex_unlock(&exchanges->lock);
    if (connection != NULL) return connection;

    connection = calloc(1, sizeof(*connection));
    if (connection != NULL && arena_open(&connection->arena, HTTP_REQUEST_ARENA, &err))
        return connection;
    free(connection);
    return NULL;
}

static void give_connection(struct exchanges *exchanges, struct connection *connection)
{
    bool large = connection->arena.used > KEPT_ARENA;
    struct arena arena = connection->arena;
    if (large) arena_close(&arena);
    else arena_reset(&arena, 0);
    *connection = (struct connection){ .arena = arena };
    connection->request.connection = connection;
    pthread_mutex_lock(&exchanges->lock);
    bool keep = !large && exchanges->spare_count < SPARE_MAX;
    if (keep) {
        connection->request.next = exchanges->spare == NULL ? NULL : &exchanges->spare->request;
        exchanges->spare = connection;
        exchanges->spare_count++;
    }
    pthread_mutex_unlock(&exchanges->lock);
    if (!keep) connection_free(connection);
}

// --- Waiting ---

void request_wait(struct request *request)
{
    struct connection *connection = connection_of(request);
    assert(!connection->waiting);
    connection->waiting = true;
    watch_pause(connection->watched);
    MHD_suspend_connection(connection->mhd);
}

void request_go_on(struct request *request, void (*then)(struct request *request))
{
    request->then = then;
    MHD_resume_connection(connection_of(request)->mhd);
}

struct span request_header(const struct request *request, const char *name)
{
    const char *value = NULL;
    size_t len = 0;
    if (MHD_lookup_connection_value_n(connection_of(request)->mhd, MHD_HEADER_KIND, name,
                                      strlen(name), &value, &len) == MHD_NO || value == NULL)
        return SPAN("");
    return span_trim((struct span){ value, len });
}

// --- The line ---

void *exchange_line(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    struct exchanges *exchanges = cls;
    struct connection *connection = take_connection(exchanges);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (connection == NULL || info == NULL || info->socket_context == NULL) {
        if (connection != NULL) give_connection(exchanges, connection);
        return NULL;
    }
    struct request *request = &connection->request;
    connection->exchanges = exchanges;
    connection->mhd = mhd;
    connection->watched = info->socket_context;
    connection->began_ns = exchanges->around.ticks_ns();
    request->connection = connection;
    request->gate = exchanges->around.gate;
    request->arena = &connection->arena;
    request->reply.file = -1;
    snprintf(request->id, sizeof(request->id), "%016llx",
             (unsigned long long)exchanges->around.chance + ++exchanges->number);
    struct span raw = span_of(uri);
    // A path that is too long is refused when the headers are there; its first bytes will do.
    if (raw.len > HTTP_TARGET_MAX + 1) raw.len = HTTP_TARGET_MAX + 1;
    if (!arena_copy(&connection->arena, raw, &request->target.path))
        request->target.path = SPAN("");
    metrics_began(request->gate->metrics);
    return connection;
}

// --- The reply ---

static ssize_t next_piece(void *cls, uint64_t position, char *into, size_t size)
{
    struct connection *connection = cls;
    (void)position;
    if (connection->waiting) connection->waiting = false;
    long got = connection->request.reply.next(&connection->request, into, size);
    if (got == REPLY_ENDS) return MHD_CONTENT_READER_END_OF_STREAM;
    if (got == REPLY_BREAKS) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!connection->waiting) watch_for(connection->watched, WATCH_BODY_MS);
    return got;
}

static struct MHD_Response *make_response(struct connection *connection)
{
    struct reply *reply = &connection->request.reply;
    if (reply->has_file) {
        int file = reply->file;
        reply->file = -1; // libmicrohttpd's from here on
        return MHD_create_response_from_fd64(reply->file_size, file);
    }
    if (reply->next != NULL)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, (size_t)32 * KIB, next_piece,
                                                 connection, NULL);
    return MHD_create_response_from_buffer(reply->body.len, (void *)reply->body.at,
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct connection *connection)
{
    struct request *request = &connection->request;
    struct reply *reply = &request->reply;
    struct MHD_Response *response = make_response(connection);
    if (response == NULL) return MHD_NO;
    if (reply->type != NULL) MHD_add_response_header(response, "Content-Type", reply->type);
    if (!reply->cached) MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "X-Request-Id", request->id);
    for (uint32_t i = 0; i < reply->headers_count; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    if (connection->last || request->gate->draining)
        MHD_add_response_header(response, "Connection", "close");
    connection->place = AT_SENT;
    watch_hears(connection->watched, false);
    size_t size = reply->has_file ? reply->file_size : reply->body.len;
    watch_for(connection->watched, WATCH_BODY_MS + (int64_t)(size * 1000 / WATCH_BYTES_PER_S));
    enum MHD_Result queued = MHD_queue_response(connection->mhd, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

// --- The walk ---

// Calls whoever is next, until there is a reply or the request waits.
static enum MHD_Result answer(struct connection *connection)
{
    struct request *request = &connection->request;
    const struct route *route = request->route;
    connection->waiting = false;
    if (request->then != NULL) {
        void (*then)(struct request *) = request->then;
        request->then = NULL;
        then(request);
    } else if (request->reply.status == 0 && (route->ways & ROUTE_WAITS)) {
        request_wait(request);
        clerks_give(connection->exchanges->around.clerks, request);
        return MHD_YES;
    } else if (request->reply.status == 0) {
        route->answer(request);
    }
    // Who waits may have been answered already, by another thread: the reply is not looked at.
    if (connection->waiting) return MHD_YES;
    assert(request->reply.status != 0);
    return send_reply(connection);
}

// Refused from the headers: a small body is read past, so that the connection can go on.
static enum MHD_Result refuse(struct connection *connection)
{
    struct request *request = &connection->request;
    struct span length = request_header(request, "Content-Length");
    uint64_t bytes = 0;
    bool none = length.len == 0 && request_header(request, "Transfer-Encoding").len == 0;
    bool few = length.len > 0 && span_to_u64(length, &bytes) && bytes <= SWALLOW_MAX &&
               request_header(request, "Expect").len == 0;
    if (connection->last || !(none || few)) {
        connection->last = true;
        return send_reply(connection);
    }
    watch_for(connection->watched, WATCH_BODY_MS);
    return MHD_YES;
}

enum MHD_Result exchange_more(void *cls, struct MHD_Connection *mhd, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **own)
{
    struct connection *connection = *own;
    (void)cls, (void)mhd, (void)url, (void)version;
    if (connection == NULL) return MHD_NO; // no memory: the connection ends
    switch (connection->place) {
    case AT_LINE:
        connection->place = AT_BODY;
        return arrival_begin(connection, method) ? MHD_YES : refuse(connection);
    case AT_BODY:
        if (*data_size > 0) {
            connection->waiting = false;
            size_t taken = arrival_take(connection, (struct span){ data, *data_size });
            *data_size -= taken;
            return connection->last ? MHD_NO : MHD_YES;
        }
        connection->place = AT_ANSWER;
        watch_hears(connection->watched, false);
        return answer(connection);
    case AT_ANSWER: return answer(connection);
    default: return MHD_YES;
    }
}

void exchange_over(void *cls, struct MHD_Connection *mhd, void **own,
                   enum MHD_RequestTerminationCode why)
{
    struct exchanges *exchanges = cls;
    struct connection *connection = *own;
    (void)mhd;
    if (connection == NULL) return;
    *own = NULL;
    struct request *request = &connection->request;
    if (request->end != NULL) request->end(request);
    if (request->reply.file >= 0) close(request->reply.file);
    exchanges->bodies -= connection->charged;
    watch_for(connection->watched, WATCH_IDLE_MS);
    watch_hears(connection->watched, true);
    bool sent = why == MHD_REQUEST_TERMINATED_COMPLETED_OK;
    metrics_ended(request->gate->metrics, route_number(request->route),
                  sent ? request->reply.status : 0,
                  exchanges->around.ticks_ns() - connection->began_ns);
    give_connection(exchanges, connection);
}
