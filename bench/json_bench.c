// json_bench: how many megabytes of declarations a second json reads, writes and makes canonical.
//
// The documents are invented, each another one, so that the processor cannot learn them by heart.
// Prints a table; with --json one line of JSON. Peers are measured in the same run where installed.
#include "base/json.h"
#include "json_peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DOCUMENTS = 512, ROUNDS = 9, ARENA_SIZE = 64 << 20 };

struct corpus {
    struct span documents[DOCUMENTS];
    size_t bytes;
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*seed >> 33) % below);
}

static const char *pick(uint64_t *seed, const char *const *words, uint32_t count)
{
    return words[draw(seed, count)];
}

static void add_party(struct text *t, uint64_t *seed, const char *role)
{
    static const char *const names[] = { "Harbour Lane Trading", "Mbele & Sons", "Nordlicht GmbH",
                                         "Tanaka Shokai KK", "Rio Verde Importadora Ltda" };
    static const char *const towns[] = { "Mombasa", "Rotterdam", "Santos", "Busan", "Izmir" };
    text_add_format(t,
                    "\"%s\":{\"tin\":\"%08u\",\"name\":\"%s\",\"street\":\"%u Quay Road\","
                    "\"town\":\"%s\",\"country\":\"KE\"},",
                    role, draw(seed, 100000000), pick(seed, names, 5), 1 + draw(seed, 200),
                    pick(seed, towns, 5));
}

static void add_item(struct text *t, uint64_t *seed, unsigned number)
{
    static const char *const goods[] = { "Cotton T-shirts, printed, knitted",
                                         "Parts of centrifugal pumps, of cast iron",
                                         "Roasted coffee, not decaffeinated",
                                         "Lithium-ion accumulators for bicycles" };
    static const char *const origins[] = { "CN", "BD", "DE", "BR", "VN", "TR" };
    text_add_format(t,
                    "%s{\"number\":%u,\"description\":\"%s\",\"code\":\"%010u\","
                    "\"origin\":\"%s\",\"procedure\":\"4000\",\"gross\":\"%u.%03u\","
                    "\"net\":\"%u.%03u\",\"price\":\"%u.%02u\",\"currency\":\"USD\","
                    "\"packages\":[{\"kind\":\"CT\",\"count\":%u,\"marks\":\"ADDR %u/%u\"}],"
                    "\"documents\":[{\"kind\":\"N380\",\"name\":\"INV-%u\"}]}",
                    number > 1 ? "," : "", number, pick(seed, goods, 4), draw(seed, 1000000000),
                    pick(seed, origins, 6), draw(seed, 9000), draw(seed, 1000), draw(seed, 8000),
                    draw(seed, 1000), draw(seed, 90000), draw(seed, 100), 1 + draw(seed, 400),
                    number, draw(seed, 99) + 1, draw(seed, 1000000));
}

static struct span make_declaration(struct arena *arena, uint64_t *seed)
{
    struct text t = text_in(arena, 4096);
    text_add_format(&t,
                    "{\"type\":\"IM\",\"procedure\":\"A\",\"office\":\"KE%06u\","
                    "\"ucr\":\"6KE%08u-%010u\",\"accepted\":\"2024-%02u-%02u\",",
                    draw(seed, 999999), draw(seed, 99999999), draw(seed, 999999999),
                    1 + draw(seed, 12), 1 + draw(seed, 28));
    add_party(&t, seed, "declarant");
    add_party(&t, seed, "importer");
    add_party(&t, seed, "exporter");
    text_add_format(&t,
                    "\"transport\":{\"mode\":1,\"means\":\"MV Example %u\",\"flag\":\"PA\","
                    "\"voyage\":\"%03uE\"},\"containers\":[\"MSKU%07u\",\"TCLU%07u\"],"
                    "\"value\":{\"incoterm\":\"CIF\",\"place\":\"Mombasa\",\"freight\":"
                    "\"%u.%02u\",\"insurance\":\"%u.%02u\",\"rate\":129.%04u},"
                    "\"documents\":[],\"simplified\":false,\"items\":[",
                    draw(seed, 90), draw(seed, 999), draw(seed, 9999999), draw(seed, 9999999),
                    draw(seed, 9000), draw(seed, 100), draw(seed, 900), draw(seed, 100),
                    draw(seed, 10000));
    unsigned items = 3 + draw(seed, 3);
    for (unsigned i = 1; i <= items; i++) add_item(&t, seed, i);
    text_add(&t, SPAN("]}"));
    return text_span(&t);
}

// The same with line ends and four blanks a level, as people's tools print it.
static struct span make_pretty(struct arena *arena, struct span minified)
{
    struct text t = text_in(arena, minified.len * 3);
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < minified.len; i++) {
        char c = minified.at[i];
        if (c == '"') in_string = !in_string; // no escapes in these documents
        bool opens = !in_string && (c == '{' || c == '[');
        bool closes = !in_string && (c == '}' || c == ']');
        if (opens) depth++;
        if (closes) text_add_format(&t, "\n%*s", (int)(4 * --depth), "");
        text_add_char(&t, c);
        if (opens || (!in_string && c == ',')) text_add_format(&t, "\n%*s", (int)(4 * depth), "");
        if (!in_string && c == ':') text_add_char(&t, ' ');
    }
    return text_span(&t);
}

// --- What is measured: each returns how many bytes it made or nodes it saw, 0 when it failed. ---

static size_t run_read(struct span document, struct arena *arena)
{
    struct json json;
    return json_read(document, arena, &json, NULL) ? json.count : 0;
}

static size_t run_canonical(struct span document, struct arena *arena)
{
    struct json json;
    struct span canonical;
    if (!json_read(document, arena, &json, NULL)) return 0;
    return json_canonical(&json, arena, &canonical, NULL) ? canonical.len : 0;
}

static void write_again(struct json_writer *w, const struct json *json, uint32_t node)
{
    bool object = json->nodes[node].kind == JSON_OBJECT;
    if (json->nodes[node].kind == JSON_STRING) json_write_string(w, json_raw(json, node));
    if (json->nodes[node].kind < JSON_STRING) json_write_raw(w, json_raw(json, node));
    if (json->nodes[node].kind <= JSON_STRING) return;

    object ? json_open_object(w) : json_open_array(w);
    for (uint32_t i = node + 1; i < json->nodes[node].next; i = json->nodes[i].next) {
        if (object) json_key(w, json_raw(json, i++));
        write_again(w, json, i);
    }
    object ? json_close_object(w) : json_close_array(w);
}

static size_t run_write(struct span document, struct arena *arena)
{
    struct json json;
    if (!json_read(document, arena, &json, NULL)) return 0;
    struct json_writer w = json_writer_in(arena, document.len);
    write_again(&w, &json, 0);
    struct span written;
    return json_written(&w, &written, NULL) && span_equal(written, document) ? written.len : 0;
}

struct job {
    const char *name;
    size_t (*run)(struct span document, struct arena *arena);
};

static const struct job jobs[] = {
    { "read", run_read },
    { "read and write", run_write },
    { "read and canonical", run_canonical },
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The median of some rounds over all documents, in MB/s; 0 when a document was refused.
static double measure(const struct corpus *corpus, struct arena *arena,
                      size_t (*run)(struct span, struct arena *))
{
    double rates[ROUNDS];
    size_t mark = arena->used;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = seconds(), spent;
        size_t passes = 0;
        do {
            for (size_t i = 0; i < DOCUMENTS; i++) {
                if (run(corpus->documents[i], arena) == 0) return 0;
                arena_reset(arena, mark);
            }
            passes++;
            spent = seconds() - begin;
        } while (spent < 0.05);
        rates[round] = (double)(passes * corpus->bytes) / spent / 1e6;
    }
    qsort(rates, ROUNDS, sizeof(rates[0]), compare_doubles);
    return rates[ROUNDS / 2];
}

static void report(bool as_json, const char *job, const char *form, double rate)
{
    if (as_json) printf(",\"%s, %s\":%.0f", job, form, rate);
    else printf("%-20s %-10s %8.0f MB/s\n", job, form, rate);
}

int main(int argc, char **argv)
{
    bool as_json = argc == 2 && strcmp(argv[1], "--json") == 0;
    struct error err;
    struct arena arena;
    if (!arena_open(&arena, ARENA_SIZE, &err)) return fprintf(stderr, "%s\n", err.text), 1;

    static struct corpus corpora[2];
    static const char *const forms[] = { "minified", "pretty" };
    uint64_t seed = 1;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        corpora[0].documents[i] = make_declaration(&arena, &seed);
        corpora[1].documents[i] = make_pretty(&arena, corpora[0].documents[i]);
        for (int f = 0; f < 2; f++) corpora[f].bytes += corpora[f].documents[i].len;
    }
    if (as_json) printf("{\"bench\":\"json\",\"document_bytes\":%zu", corpora[0].bytes / DOCUMENTS);
    else
        printf("documents of %zu bytes, pretty %zu\n", corpora[0].bytes / DOCUMENTS,
               corpora[1].bytes / DOCUMENTS);
    for (int f = 0; f < 2; f++) {
        for (size_t j = 0; j < sizeof(jobs) / sizeof(jobs[0]); j++) {
            if (f == 1 && jobs[j].run == run_write) continue; // it writes minified only
            report(as_json, jobs[j].name, forms[f], measure(&corpora[f], &arena, jobs[j].run));
        }
        for (size_t p = 0; p < json_peers_count; p++)
            report(as_json, json_peers[p].name, forms[f],
                   measure(&corpora[f], &arena, json_peers[p].read));
    }
    if (as_json) puts("}");
    arena_close(&arena);
    return 0;
}
