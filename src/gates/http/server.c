#include "gates/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "gates/http/answers.h"
#include "gates/http/declarations.h"
#include "gates/http/exchange.h"

struct server {
    struct server_settings settings;
    struct gate gate;
    struct exchanges *exchanges;
    struct clerks *clerks;
    struct watch *watch;
    struct MHD_Daemon *daemon;
    int socket;                    // that it listens on
    char address[80];
};

// --- Where it listens ---

struct listening {
    union { struct sockaddr any; struct sockaddr_in v4; struct sockaddr_in6 v6; } address;
    socklen_t size;
    bool loopback;
};

static bool no_address(const char *given, struct error *err)
{
    error_set(err, ERROR_SYNTAX, "'%s' is no address to listen on", given);
    return error_hint(err, "Write ADDRESS:PORT, like 127.0.0.1:8080 or [::1]:8080.");
}

static bool read_listen(const char *given, struct listening *listening, struct error *err)
{
    char host[64];
    uint64_t port;
    struct span_pair cut = span_cut_last(span_of(given), ':');
    struct span name = cut.head;
    *listening = (struct listening){ 0 };
    if (!cut.found || !span_to_u64(cut.tail, &port) || port > 65535)
        return no_address(given, err);
    bool six = name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']';
    if (six) name = (struct span){ name.at + 1, name.len - 2 };
    if (name.len == 0 || name.len >= sizeof(host)) return no_address(given, err);
    memcpy(host, name.at, name.len);
    host[name.len] = '\0';
    if (six) {
        struct sockaddr_in6 *v6 = &listening->address.v6;
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        listening->size = sizeof(*v6);
        if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1) return no_address(given, err);
        listening->loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
        return true;
    }
    struct sockaddr_in *v4 = &listening->address.v4;
    v4->sin_family = AF_INET;
    v4->sin_port = htons((uint16_t)port);
    listening->size = sizeof(*v4);
    if (inet_pton(AF_INET, host, &v4->sin_addr) != 1) return no_address(given, err);
    listening->loopback = (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
    return true;
}

static bool listen_there(struct server *server, struct error *err)
{
    struct listening listening;
    const char *given = server->settings.listen;
    if (!read_listen(given, &listening, err)) return false;
    if (!listening.loopback && !server->settings.behind_tls) {
        error_set(err, ERROR_CONFLICT, "'%s' is seen from other machines, and nobody said that TLS "
                  "stands in front", given);
        return error_hint(err, "Put a proxy with TLS in front and say --behind-tls, or listen on "
                               "127.0.0.1.");
    }
    int on = 1;
    server->socket = socket(listening.address.any.sa_family,
                            SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t size = sizeof(listening.address);
    if (server->socket < 0 ||
        setsockopt(server->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(server->socket, &listening.address.any, listening.size) != 0 ||
        listen(server->socket, 1024) != 0 ||
        getsockname(server->socket, &listening.address.any, &size) != 0) {
        error_set(err, ERROR_UNAVAILABLE, "could not listen on '%s': %s", given, strerror(errno));
        return error_hint(err, "Is another program listening there?");
    }
    char host[64];
    bool six = listening.address.any.sa_family == AF_INET6;
    const void *bytes = six ? (const void *)&listening.address.v6.sin6_addr
                            : (const void *)&listening.address.v4.sin_addr;
    inet_ntop(listening.address.any.sa_family, bytes, host, sizeof(host));
    snprintf(server->address, sizeof(server->address), six ? "[%s]:%u" : "%s:%u", host,
             ntohs(six ? listening.address.v6.sin6_port : listening.address.v4.sin_port));
    return true;
}

// --- Connections ---

static void connection_changed(void *cls, struct MHD_Connection *mhd, void **own,
                               enum MHD_ConnectionNotificationCode what)
{
    struct server *server = cls;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        *own = info == NULL ? NULL : watch_add(server->watch, info->connect_fd);
    } else if (*own != NULL) {
        watch_remove(server->watch, *own);
        *own = NULL;
    }
}

// Paths and queries are decoded by target.h, not by the library.
static size_t as_it_is(void *cls, struct MHD_Connection *mhd, char *text)
{
    (void)cls, (void)mhd;
    return strlen(text);
}

// The library's own remarks are about what clients sent; the figures count that.
static void say_nothing(void *cls, const char *format, va_list args)
{
    (void)cls, (void)format, (void)args;
}

static bool start(struct server *server, struct error *err)
{
    const struct server_settings *s = &server->settings;
    unsigned threads = s->threads > 0 ? s->threads : 2;
    unsigned connections = s->connections_max > 0 ? s->connections_max : HTTP_CONNECTIONS_MAX;
    if (connections < threads) connections = threads;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
            MHD_USE_ITC,
        0, NULL, NULL, exchange_more, server->exchanges,
        MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_LISTEN_SOCKET, server->socket,
        MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, 60u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_MAX,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)4 * KIB,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_line, server->exchanges,
        MHD_OPTION_UNESCAPE_CALLBACK, as_it_is, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_over, server->exchanges,
        MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server,
        MHD_OPTION_END);
    return server->daemon != NULL ||
           error_set(err, ERROR_UNAVAILABLE, "could not start the HTTP server: %s",
                     strerror(errno));
}

// --- Opening and closing ---

static bool open_parts(struct server *server, struct error *err)
{
    const struct server_settings *s = &server->settings;
    struct gate *gate = &server->gate;
    gate->office = s->office;
    gate->store = s->store;
    gate->pages = s->pages;
    gate->now_ms = s->now_ms;
    gate->door = s->door;
    gate->news = s->news;
    gate->hooks = s->hooks;
    gate->simulated = office_is_simulated(s->office);
    struct exchange_surroundings around = { .gate = gate, .find_caller = s->find_caller,
                                            .find_caller_context = s->find_caller_context,
                                            .ticks_ns = s->ticks_ns };
    s->random(&around.chance, sizeof(around.chance));
    if (!listen_there(server, err) || !metrics_open(&gate->metrics, err) ||
        !keys_open(&gate->keys, err) || !shelf_open(&gate->shelf, err) ||
        !xml_map_open(&gate->xml, NULL, err) ||
        !joiner_open(&gate->joiner, s->office, declaration_reader, gate->xml, s->ticks_ns, err) ||
        !clerks_open(&server->clerks, err) || !watch_open(&server->watch, err))
        return false;
    around.clerks = server->clerks;
    return exchanges_open(&server->exchanges, &around, err) && start(server, err);
}

bool server_open(struct server **opened, const struct server_settings *settings,
                 struct error *err)
{
    struct server *server = calloc(1, sizeof(*server));
    if (server == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the server");
    server->settings = *settings;
    server->socket = -1;
    if (open_parts(server, err)) {
        *opened = server;
        return true;
    }
    server_close(server);
    return false;
}

const char *server_address(const struct server *server) { return server->address; }

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

// Answers what is under way; whoever is too slow for that is shut out.
static void drain(struct server *server)
{
    // Nobody is let in any more. The library's own way, MHD_quiesce_daemon(), ends the program when
    // one of its threads takes the socket out of its set at the same moment.
    shutdown(server->socket, SHUT_RD);
    server->gate.draining = true;
    int waited_ms = 0;
    for (; metrics_under_way(server->gate.metrics) > 0 && waited_ms < SERVER_DRAIN_MS;
         waited_ms += 5)
        pause_ms(5);
    watch_end_all(server->watch);
    // A request that waits for the office is answered when the office is; it never hangs.
    for (; metrics_under_way(server->gate.metrics) > 0 && waited_ms < 2 * SERVER_DRAIN_MS;
         waited_ms += 5)
        pause_ms(5);
}

void server_close(struct server *server)
{
    if (server == NULL) return;
    if (server->daemon != NULL) {
        drain(server);
        MHD_stop_daemon(server->daemon); // which closes the socket
    } else if (server->socket >= 0) {
        close(server->socket);
    }
    clerks_close(server->clerks);
    joiner_close(server->gate.joiner);
    exchanges_close(server->exchanges);
    watch_close(server->watch);
    shelf_close(server->gate.shelf);
    keys_close(server->gate.keys);
    metrics_close(server->gate.metrics);
    xml_map_close(server->gate.xml);
    free(server);
}
