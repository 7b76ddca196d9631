// How many single declarations a second the server takes over HTTP, and how long each waits.
//
// usage: http_load PORT [COUNT [CONNECTIONS [RATE [SEED]]]]
//
// Talks to 127.0.0.1 alone: COUNT (20000) declarations of the simulated port, one item each, over
// CONNECTIONS (64) kept-alive connections, as trader XM10855252 (tests/http_serve.c). RATE 0: as
// fast as they are answered; else so many a second, and a wait begins when its request was due,
// whether or not a connection was free then. Ends after COUNT answers, or after two minutes.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "consignment/model.h"
#include "port/port.h"

enum { CONNECTIONS_MAX = 1024, ANSWER_MAX = 16 * KIB, SECONDS_MAX = 120 };

struct peer {
    int socket;
    bool busy;
    struct span left;            // of the request that is being sent
    uint64_t since_ns;
    char answer[ANSWER_MAX];
    size_t got;
};

struct load {
    uint64_t count, rate, sent, answered;
    struct span *requests;
    uint64_t *waits_ns;
    uint64_t statuses[6];
    uint64_t began_ns;
    struct peer *peers;
    int peers_count, epoll;
};

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void give_up(const char *what)
{
    fprintf(stderr, "http_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

// --- Requests ---

// The request of the next declaration of one item, from the n-th on.
static struct span make_request(const struct port *port, uint64_t *n, struct arena *arena,
                                struct arena *keep)
{
    struct error err;
    struct declaration declaration;
    struct span body = { 0 }, request = { 0 };
    do {
        arena_reset(arena, 0);
        if (!port_declaration(port, (*n)++, arena, &declaration, &err)) give_up(err.text);
    } while (declaration.items.count != 1);
    declaration.declarant.id = SPAN("XM10855252");
    struct json_writer w = json_writer_in(arena, (size_t)8 * KIB);
    declaration_write_json(&w, &declaration);
    if (!json_written(&w, &body, &err)) give_up(err.text);
    struct text text = text_in(arena, body.len + 512);
    text_add_format(&text,
                    "POST /api/v1/declarations HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    "Authorization: Bearer trader:XM10855252:load\r\n"
                    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", body.len);
    text_add(&text, body);
    if (!arena_copy(keep, text_span(&text), &request)) give_up("no memory for requests");
    return request;
}

static void make_requests(struct load *load, uint64_t seed)
{
    struct error err;
    static struct arena arena, keep;
    struct port port = { .seed = seed, .per_day = 20000, .first_day = { 20454, true } };
    if (!arena_open(&arena, (size_t)16 * MIB, &err) ||
        !arena_open(&keep, load->count * 8 * KIB + MIB, &err))
        give_up(err.text);
    load->requests = calloc(load->count, sizeof(struct span));
    load->waits_ns = calloc(load->count, sizeof(uint64_t));
    if (load->requests == NULL || load->waits_ns == NULL) give_up("no memory");
    for (uint64_t i = 0, n = 0; i < load->count; i++)
        load->requests[i] = make_request(&port, &n, &arena, &keep);
}

// --- Connections ---

static void open_peer(struct load *load, struct peer *peer, uint16_t port)
{
    int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    peer->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (peer->socket < 0 || connect(peer->socket, (struct sockaddr *)&address,
                                    sizeof(address)) != 0)
        give_up("could not connect");
    setsockopt(peer->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    fcntl(peer->socket, F_SETFL, O_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, peer->socket, &event) != 0) give_up("epoll");
}

static void push(struct peer *peer)
{
    while (peer->left.len > 0) {
        ssize_t put = send(peer->socket, peer->left.at, peer->left.len, MSG_NOSIGNAL);
        if (put < 0 && (errno == EAGAIN || errno == EINTR)) return; // sent with the next event
        if (put <= 0) give_up("could not send");
        peer->left.at += put, peer->left.len -= (size_t)put;
    }
}

// The moment at which the next request is due; 0: at once.
static uint64_t due_ns(const struct load *load)
{
    return load->rate == 0 ? 0 : load->began_ns + load->sent * 1000000000u / load->rate;
}

static void send_due(struct load *load)
{
    for (int i = 0; i < load->peers_count && load->sent < load->count; i++) {
        struct peer *peer = &load->peers[i];
        uint64_t now = now_ns(), due = due_ns(load);
        if (peer->busy) continue;
        if (due > now) return;
        peer->busy = true;
        peer->got = 0;
        peer->since_ns = due == 0 ? now : due;
        peer->left = load->requests[load->sent++];
        push(peer);
    }
}

// Is the answer whole? Its length stands in its head.
static bool is_whole(struct peer *peer)
{
    peer->answer[peer->got] = '\0';
    const char *body = strstr(peer->answer, "\r\n\r\n");
    const char *length = strstr(peer->answer, "Content-Length: ");
    if (body == NULL || length == NULL) return false;
    size_t head = (size_t)(body - peer->answer) + 4;
    return peer->got >= head + strtoul(length + 16, NULL, 10);
}

static void hear(struct load *load, struct peer *peer)
{
    push(peer);
    ssize_t got = recv(peer->socket, peer->answer + peer->got, ANSWER_MAX - 1 - peer->got, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) give_up("the server ended a connection");
    peer->got += (size_t)got;
    if (!is_whole(peer)) return;
    int status = peer->answer[9] - '0';
    load->statuses[status > 0 && status < 6 ? status : 0]++;
    load->waits_ns[load->answered++] = now_ns() - peer->since_ns;
    peer->busy = false;
}

static void run(struct load *load)
{
    struct epoll_event events[256];
    load->began_ns = now_ns();
    uint64_t until = load->began_ns + SECONDS_MAX * 1000000000ull;
    while (load->answered < load->count && now_ns() < until) {
        send_due(load);
        int count = epoll_wait(load->epoll, events, 256, load->rate == 0 ? 100 : 1);
        for (int i = 0; i < count; i++) hear(load, events[i].data.ptr);
    }
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static double wait_ms(const struct load *load, unsigned per_thousand)
{
    uint64_t at = load->answered * per_thousand / 1000;
    if (at >= load->answered) at = load->answered - 1;
    return (double)load->waits_ns[at] / 1e6;
}

static int usage(void)
{
    fprintf(stderr, "usage: http_load PORT [COUNT [CONNECTIONS [RATE [SEED]]]]\n");
    return 2;
}

static uint64_t argument(int argc, char **argv, int at, uint64_t otherwise)
{
    uint64_t value;
    if (at >= argc) return otherwise;
    if (span_to_u64(span_of(argv[at]), &value)) return value;
    exit(usage());
}

int main(int argc, char **argv)
{
    static struct load load;
    uint64_t port = argument(argc, argv, 1, 0);
    load.count = argument(argc, argv, 2, 20000);
    load.peers_count = (int)argument(argc, argv, 3, 64);
    load.rate = argument(argc, argv, 4, 0);
    if (port == 0 || port > 65535 || load.count == 0 || load.count > 1000000 ||
        load.peers_count <= 0 || load.peers_count > CONNECTIONS_MAX)
        return usage();
    make_requests(&load, argument(argc, argv, 5, 1));
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.peers = calloc((size_t)load.peers_count, sizeof(struct peer));
    if (load.peers == NULL) give_up("no memory");
    for (int i = 0; i < load.peers_count; i++)
        open_peer(&load, &load.peers[i], (uint16_t)port);
    run(&load);
    double seconds = (double)(now_ns() - load.began_ns) / 1e9;
    if (load.answered == 0) give_up("nothing was answered");
    qsort(load.waits_ns, load.answered, sizeof(uint64_t), by_size);
    printf("%llu answers in %.2f s: %.0f/s; p50 %.1f ms, p99 %.1f ms, most %.1f ms; "
           "2xx %llu, 4xx %llu, 5xx %llu\n", (unsigned long long)load.answered, seconds,
           (double)load.answered / seconds, wait_ms(&load, 500), wait_ms(&load, 990),
           wait_ms(&load, 1000), (unsigned long long)load.statuses[2],
           (unsigned long long)load.statuses[4], (unsigned long long)load.statuses[5]);
    return load.answered == load.count ? 0 : 1;
}
