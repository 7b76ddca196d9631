// The texts of books, parted by form feeds: settings, rates, schedule, groups.
//
// Properties: an error says what is wrong; what was read answers every question by lines that are
// in force and begin the code; each rate is found on its own first day.
#include <assert.h>
#include <stdlib.h>

#include "tariff/books_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct schedule *schedule, struct span code, struct date day)
{
    const struct schedule_line *found[SCHEDULE_TYPES_MAX];
    struct schedule_question question = { code, SPAN("KR"), SPAN("300"), day };
    uint32_t count = schedule_find(schedule, &question, found);
    assert(count <= schedule->types_count);
    for (uint32_t i = 0; i < count; i++) {
        assert(span_starts_with(code, found[i]->commodity));
        assert(!found[i]->from.given || found[i]->from.days <= day.days);
        assert(!found[i]->to.given || found[i]->to.days >= day.days);
        assert(i == 0 || found[i - 1]->base <= found[i]->base);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(64) char memory[4 << 20];
    char *copy = malloc(size + 1); // so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);
    struct span rest = { copy, size };
    struct span_pair settings = span_cut(rest, '\f'), rates = span_cut(settings.tail, '\f');
    struct span_pair schedule = span_cut(rates.tail, '\f');
    struct books_texts texts = { settings.head, rates.head, schedule.head, schedule.tail };

    struct arena arena = arena_over(memory, sizeof(memory));
    struct books books;
    struct error err = { 0 };
    if (!books_read(&texts, &arena, &books, &err)) {
        assert(err.kind != ERROR_NONE && err.text[0] != '\0');
    } else {
        for (uint32_t i = 0; i < books.rates->count; i++) {
            const struct rate *rate = &books.rates->at[i];
            assert(rates_find(books.rates, span_of(rate->currency), rate->from) == rate);
        }
        struct date day = { 20000, true };
        for (uint32_t i = 0; i < books.schedule->lines_count; i++)
            ask(books.schedule, books.schedule->lines[i].commodity, day);
        ask(books.schedule, SPAN("8517130000"), day);
    }
    free(copy);
    return 0;
}
