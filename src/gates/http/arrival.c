#include <arpa/inet.h>
#include <stdatomic.h>

#include "gates/http/exchange_inside.h"
#include "gates/http/routes.h"

// --- The headers ---

struct framing { unsigned lengths, codings; bool chunked, odd; };

// May it be the name of a header (RFC 9110, section 5.6.2)?
static bool is_token(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] <= ' ' || name.at[i] > '~' ||
            strchr("\"(),/:;<=>?@[\\]{}", name.at[i]) != NULL)
            return false;
    return name.len > 0;
}

static enum MHD_Result look_at_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                      size_t name_len, const char *value, size_t value_len)
{
    struct framing *framing = cls;
    struct span key = { name, name_len }, what = { value, value == NULL ? 0 : value_len };
    (void)kind;
    // "Content-Length : 5" is no Content-Length here, and would be one elsewhere.
    if (!is_token(key)) framing->odd = true;
    if (words_equal(key, SPAN("Content-Length"))) framing->lengths++;
    if (words_equal(key, SPAN("Transfer-Encoding"))) {
        framing->codings++;
        framing->chunked = words_equal(span_trim(what), SPAN("chunked"));
    }
    return MHD_YES;
}

static bool not_one_length(struct connection *connection, const char *why)
{
    struct error err;
    error_set(&err, ERROR_SYNTAX, "%s", why);
    error_hint(&err, "Send one Content-Length, or Transfer-Encoding: chunked, and not both.");
    connection->last = true;
    reply_error(&connection->request, &err);
    return false;
}

// Where the request ends must be beyond doubt, or what follows could be taken for another one.
static bool look_at_framing(struct connection *connection)
{
    struct framing framing = { 0 };
    MHD_get_connection_values_n(connection->mhd, MHD_HEADER_KIND, look_at_header, &framing);
    if (framing.odd) return not_one_length(connection, "a header's name is none");
    if (framing.lengths > 1) return not_one_length(connection, "there are two Content-Lengths");
    if (framing.codings > 1 || (framing.codings == 1 && !framing.chunked))
        return not_one_length(connection, "the only Transfer-Encoding that is taken is 'chunked'");
    if (framing.codings > 0 && framing.lengths > 0)
        return not_one_length(connection, "there are a Content-Length and a Transfer-Encoding");
    return true;
}

static bool too_large(struct connection *connection)
{
    struct error err;
    error_set(&err, ERROR_TOO_LARGE, "the body has more than %zu bytes", connection->body_max);
    error_hint(&err, connection->body_max == 0 ? "Nothing is to be sent with this request."
                                               : "Send less at once; many declarations go to "
                                                 "/api/v1/declarations/stream.");
    reply_error(&connection->request, &err);
    return false;
}

// Room for all of the body, or for `more` bytes of it.
static bool charge(struct connection *connection, size_t size)
{
    struct exchanges *exchanges = connection->exchanges;
    struct error err;
    size_t before = atomic_fetch_add(&exchanges->bodies, size);
    if (before + size <= HTTP_BODIES_MAX) {
        connection->charged += size;
        return true;
    }
    atomic_fetch_sub(&exchanges->bodies, size);
    error_set(&err, ERROR_UNAVAILABLE, "too much is being sent to the desk at once");
    error_hint(&err, "Send it again in a moment.");
    reply_error(&connection->request, &err);
    return false;
}

static bool look_at_length(struct connection *connection)
{
    struct request *request = &connection->request;
    struct span length = request_header(request, "Content-Length");
    uint64_t bytes = 0;
    connection->body_max = request->route->body_max;
    if (connection->body_max == 0 && request->route->takes != NULL)
        connection->body_max = HTTP_BODY_MAX;
    if (length.len > 0 && !span_to_u64(length, &bytes))
        return not_one_length(connection, "the Content-Length is not a number");
    if (bytes > connection->body_max) return too_large(connection);
    watch_for(connection->watched,
              WATCH_BODY_MS + (int64_t)(bytes * 1000 / WATCH_BYTES_PER_S));
    if (request->route->pieces != NULL || bytes == 0) return true;
    if (!charge(connection, bytes)) return false;
    connection->body_size = bytes;
    connection->body = arena_take_raw(&connection->arena, bytes, 1);
    return connection->body != NULL || too_large(connection);
}

// Of a type that the row takes, or of none that is said.
static bool look_at_type(struct connection *connection)
{
    static const struct problem unknown = { 415, "media-type", "this is not taken" };
    struct request *request = &connection->request;
    const char *const *types = request->route->takes_types;
    struct span type = media_type(request_header(request, "Content-Type"));
    struct text taken = text_in(request->arena, 128);
    struct error err;
    if (type.len == 0 || types[0] == NULL) return true;
    for (int i = 0; i < ROUTE_TYPES_MAX && types[i] != NULL; i++) {
        if (words_equal(type, span_of(types[i]))) return true;
        text_add(&taken, i > 0 ? SPAN(", ") : SPAN(""));
        text_add(&taken, span_of(types[i]));
    }
    error_set(&err, ERROR_SYNTAX, "the Content-Type is '" SPAN_FMT "'", SPAN_ARG(type));
    error_hint(&err, "What is taken: " SPAN_FMT ".", SPAN_ARG(text_span(&taken)));
    reply_problem(request, &unknown, &err);
    return false;
}

static void read_address(struct request *request, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL) return;
    const struct sockaddr *address = info->client_addr;
    const void *bytes = address->sa_family == AF_INET6
                            ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                            : (const void *)&((const struct sockaddr_in *)address)->sin_addr;
    inet_ntop(address->sa_family, bytes, request->address, sizeof(request->address));
}

static bool find_caller(struct connection *connection)
{
    static const struct problem refused = { 401, "credentials", "the credentials are not good" };
    struct request *request = &connection->request;
    const struct exchange_surroundings *around = &connection->exchanges->around;
    struct error err;
    if (around->find_caller == NULL) return true;
    if (around->find_caller(around->find_caller_context, request, &request->caller, &err))
        return true;
    request->caller = (struct caller){ 0 };
    reply_header(request, "WWW-Authenticate", "Bearer realm=\"tidewaiter\"");
    reply_problem(request, &refused, &err);
    return false;
}

static bool not_draining(struct connection *connection)
{
    struct error err;
    if (!connection->request.gate->draining) return true;
    error_set(&err, ERROR_UNAVAILABLE, "the desk is closing");
    connection->last = true;
    reply_error(&connection->request, &err);
    return false;
}

bool arrival_begin(struct connection *connection, const char *method)
{
    struct request *request = &connection->request;
    struct error err;
    struct span raw = request->target.path;
    read_address(request, connection->mhd);
    connection->head = strcmp(method, "HEAD") == 0;
    request->method = connection->head ? SPAN("GET") : span_of(method);
    if (!look_at_framing(connection) || !not_draining(connection)) return false;
    if (!target_read(raw, request->arena, &request->target, &err)) {
        request->target.path = SPAN("");
        reply_error(request, &err);
        return false;
    }
    request->route = route_find(request);
    if (request->route == NULL) return false;
    if (!find_caller(connection) || !route_allows(request->route, request)) return false;
    if (!look_at_type(connection) || !look_at_length(connection)) return false;
    if (request->route->pieces != NULL) request->route->pieces->begin(request);
    return request->reply.status == 0;
}

// --- The body ---

static bool grow(struct connection *connection, size_t wanted)
{
    size_t size = connection->body_size == 0 ? (size_t)4 * KIB : 2 * connection->body_size;
    while (size < wanted) size *= 2;
    if (size > connection->body_max) size = connection->body_max;
    if (!charge(connection, size - connection->body_size)) return false;
    char *body = arena_take_raw(&connection->arena, size, 1);
    if (body == NULL) return too_large(connection);
    if (connection->request.body.len > 0)
        memcpy(body, connection->body, connection->request.body.len);
    connection->body = body;
    connection->body_size = size;
    return true;
}

// Takes a piece of a body; false when it was refused meanwhile.
static bool add_to_body(struct connection *connection, struct span piece)
{
    struct span *body = &connection->request.body;
    size_t wanted = body->len + piece.len;
    if (wanted > connection->body_max) return too_large(connection);
    if (wanted > connection->body_size && !grow(connection, wanted)) return false;
    memcpy(connection->body + body->len, piece.at, piece.len);
    *body = (struct span){ connection->body, wanted };
    return true;
}

size_t arrival_take(struct connection *connection, struct span piece)
{
    struct request *request = &connection->request;
    if (request->reply.status != 0 || request->route == NULL) { // refused: read past it
        connection->moved += piece.len;
        if (connection->moved > SWALLOW_MAX) connection->last = true;
        return piece.len;
    }
    const struct route_pieces *pieces = request->route->pieces;
    if (pieces == NULL) {
        if (!add_to_body(connection, piece)) connection->moved = 0;
        return piece.len;
    }
    size_t taken = pieces->take(request, piece);
    connection->moved += taken;
    if (connection->moved >= WATCH_BYTES_PER_S && !connection->waiting) {
        watch_for(connection->watched, WATCH_BODY_MS);
        connection->moved = 0;
    }
    return taken;
}
