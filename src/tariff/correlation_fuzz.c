// The text of a correlation between two editions.
//
// Properties: an error says what is wrong. Of what was read, each pair is found from either side,
// once, with one kind, which agrees with how many the questions find.
#include <assert.h>
#include <stdlib.h>

#include "tariff/correlation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool found_once(struct correlation_pairs pairs, const struct correlation_pair *wanted)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < pairs.count; i++) {
        if (!span_equal(pairs.at[i].older, wanted->older)) continue;
        if (!span_equal(pairs.at[i].newer, wanted->newer)) continue;
        assert(pairs.at[i].kind == wanted->kind && pairs.at[i].line == wanted->line);
        found++;
    }
    return found == 1;
}

static void ask(const struct correlation *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        const struct correlation_pair *pair = &table->forward[i];
        struct correlation_pairs successors = correlation_successors(table, pair->older);
        struct correlation_pairs sources = correlation_sources(table, pair->newer);
        assert(found_once(successors, pair) && found_once(sources, pair));
        bool split = pair->kind == CORRELATION_SPLIT || pair->kind == CORRELATION_MIXED;
        bool merged = pair->kind == CORRELATION_MERGED || pair->kind == CORRELATION_MIXED;
        assert(pair->kind != CORRELATION_UNKNOWN && correlation_kind_name(pair->kind)[0] != '\0');
        assert(split == (successors.count > 1) && merged == (sources.count > 1));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(64) char memory[8 << 20];
    char *copy = malloc(size + 1); // so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);

    struct arena arena = arena_over(memory, sizeof(memory));
    struct correlation table;
    struct error err = { 0 };
    if (correlation_read((struct span){ copy, size }, &arena, &table, &err)) ask(&table);
    else assert(err.kind != ERROR_NONE && err.text[0] != '\0');
    free(copy);
    return 0;
}
