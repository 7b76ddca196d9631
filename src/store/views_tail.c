#include <assert.h>
#include <stdlib.h>

#include "store/views_inside.h"

static const size_t row_texts[] = {
    offsetof(struct view_row, file),      offsetof(struct view_row, functional_reference),
    offsetof(struct view_row, office),    offsetof(struct view_row, type_code),
    offsetof(struct view_row, declarant), offsetof(struct view_row, importer),
    offsetof(struct view_row, exporter),  offsetof(struct view_row, commodity),
    offsetof(struct view_row, origin),    offsetof(struct view_row, claimed_by),
    offsetof(struct view_row, rules),
};
enum { NOTICES_OF_A_ROW = 64 }; // at most, of one row: an empty sheaf takes it
enum { ROW_TEXTS = sizeof(row_texts) / sizeof(row_texts[0]) };

bool row_copy(struct view_row *copy, const struct view_row *row, struct arena *arena)
{
    struct span texts[ROW_TEXTS];
    size_t size = 1; // never nothing: an empty piece has no place
    for (unsigned i = 0; i < ROW_TEXTS; i++) {
        memcpy(&texts[i], (const char *)row + row_texts[i], sizeof(texts[i]));
        size += texts[i].len;
    }
    char *at = arena_take_raw(arena, size, 1);
    if (at == NULL) return false;

    *copy = *row;
    copy->audiences = NULL;
    copy->audiences_count = 0;
    for (unsigned i = 0; i < ROW_TEXTS; i++) {
        if (texts[i].len > 0) memcpy(at, texts[i].at, texts[i].len);
        texts[i].at = at;
        at += texts[i].len;
        memcpy((char *)copy + row_texts[i], &texts[i], sizeof(texts[i]));
    }
    return true;
}

uint32_t row_sum(uint32_t number, const struct view_row *row)
{
    const uint64_t numbers[] = {
        number, row->position, row->facts_count, (uint64_t)row->lodged_ms,
        (uint64_t)row->changed_ms, row->state, row->decision, row->waits, row->random,
        row->version, row->items_count, row->findings_count, row->score, row->reference_key,
        (uint64_t)row->customs_value.minor, (uint64_t)row->duty_total.minor,
        (uint64_t)row->worth.minor, row->requests_open, row->channel,
        (uint64_t)row->released_ms, row->inspected, row->found, (uint64_t)row->recovered.minor,
    };
    const struct money *const amounts[] = { &row->customs_value, &row->duty_total, &row->worth,
                                           &row->recovered };
    uint32_t sum = crc32c(crc32c(0, numbers, sizeof(numbers)), row->digest, sizeof(row->digest));
    for (unsigned i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
        sum = crc32c(sum, amounts[i]->currency, sizeof(amounts[i]->currency));
    for (unsigned i = 0; i < ROW_TEXTS; i++) {
        struct span text;
        memcpy(&text, (const char *)row + row_texts[i], sizeof(text));
        sum = crc32c(crc32c(sum, &text.len, sizeof(text.len)), text.at, text.len);
    }
    return sum;
}

bool sheaf_open(struct sheaf *sheaf, uint32_t rows_max, struct error *err)
{
    assert(rows_max > 0);
    assert(rows_max <= SHEAF_ROWS);
    uint32_t heads_count = 1;
    while (heads_count < rows_max) heads_count *= 2;

    *sheaf = (struct sheaf){ .rows_max = rows_max, .heads_mask = heads_count - 1 };
    sheaf->told = calloc(rows_max, sizeof(*sheaf->told));
    sheaf->marks = calloc(rows_max, sizeof(*sheaf->marks));
    sheaf->references = calloc(rows_max, sizeof(*sheaf->references));
    sheaf->heads = calloc(heads_count, sizeof(*sheaf->heads));
    sheaf->reference_heads = calloc(heads_count, sizeof(*sheaf->reference_heads));
    sheaf->notices_max = rows_max + NOTICES_OF_A_ROW;
    sheaf->notices = calloc(sheaf->notices_max, sizeof(*sheaf->notices));
    if (sheaf->told != NULL && sheaf->marks != NULL && sheaf->references != NULL &&
        sheaf->heads != NULL && sheaf->reference_heads != NULL && sheaf->notices != NULL)
        return tallies_open(&sheaf->tallies, err) &&
               arena_open(&sheaf->text, SHEAF_TEXT_SIZE, err);
    return error_set(err, ERROR_UNAVAILABLE, "no memory for the tail of the views");
}

void sheaf_close(struct sheaf *sheaf)
{
    free(sheaf->told);
    free(sheaf->marks);
    free(sheaf->references);
    free(sheaf->heads);
    free(sheaf->reference_heads);
    free(sheaf->notices);
    tallies_close(&sheaf->tallies);
    arena_close(&sheaf->text);
    *sheaf = (struct sheaf){ 0 };
}

void sheaf_clear(struct sheaf *sheaf)
{
    size_t heads_size = (sheaf->heads_mask + (size_t)1) * sizeof(*sheaf->heads);
    memset(sheaf->heads, 0, heads_size);
    memset(sheaf->reference_heads, 0, heads_size);
    arena_reset(&sheaf->text, 0);
    sheaf->count = sheaf->references_count = sheaf->notices_count = 0;
    sheaf->frozen = false;
    memset(sheaf->states, 0, sizeof(sheaf->states));
    sheaf->waiting = 0;
    tallies_clear(&sheaf->tallies);
}

struct told *sheaf_find(const struct sheaf *sheaf, struct span file, uint64_t key)
{
    for (uint32_t at = sheaf->heads[key & sheaf->heads_mask]; at != 0;) {
        assert(at <= sheaf->count);
        struct told *told = &sheaf->told[at - 1];
        if (told->key == key && span_equal(told->row.file, file)) return told;
        at = told->next;
    }
    return NULL;
}

const struct told *sheaf_find_reference(const struct sheaf *sheaf, uint64_t reference_key)
{
    assert(reference_key != 0);
    for (uint32_t at = sheaf->reference_heads[reference_key & sheaf->heads_mask]; at != 0;) {
        assert(at <= sheaf->references_count);
        const struct told_reference *reference = &sheaf->references[at - 1];
        if (reference->key == reference_key) return &sheaf->told[reference->told];
        at = reference->next;
    }
    return NULL;
}

static void add_reference(struct sheaf *sheaf, uint64_t key, uint32_t told)
{
    assert(sheaf->references_count < sheaf->rows_max);
    assert(told < sheaf->count);
    uint32_t *head = &sheaf->reference_heads[key & sheaf->heads_mask];
    sheaf->references[sheaf->references_count++] =
        (struct told_reference){ .key = key, .told = told, .next = *head };
    *head = sheaf->references_count;
}

// What was counted of the file before is taken out of the tallies, and what is now is put in. Both
// have room.
static void count_both(struct sheaf *sheaf, const struct view_row *row,
                       const struct before *before, const struct names *offices)
{
    if (before->found) {
        const struct view_row *old = &before->row;
        sheaf->states[old->state]--;
        tallies_count(&sheaf->tallies, old, names_find(offices, old->office), -1);
    }
    sheaf->states[row->state]++;
    sheaf->waiting += (int)row->waits - (int)before->row.waits;
    tallies_count(&sheaf->tallies, row, names_find(offices, row->office), 1);
}

// Is there room for the row, beside its texts?
static bool has_room(struct sheaf *sheaf, const struct view_row *row, const struct told *told,
                     bool refers, const struct before *before, const struct names *offices)
{
    if (refers && sheaf->references_count == sheaf->rows_max) return false;
    if (told == NULL && sheaf->count == sheaf->rows_max) return false;
    if (row->audiences_count > sheaf->notices_max - sheaf->notices_count) return false;
    const struct view_row *old = &before->row;
    struct tallies *tallies = &sheaf->tallies;
    return (!before->found ||
            tallies_need(tallies, old, names_find(offices, old->office), &sheaf->text)) &&
           tallies_need(tallies, row, names_find(offices, row->office), &sheaf->text);
}

bool sheaf_put(struct sheaf *sheaf, const struct view_row *row, uint64_t key,
               const struct before *before, const struct names *offices)
{
    assert(!sheaf->frozen);
    assert(row->state < FILE_STATE_COUNT);
    assert(row->state != FILE_EMPTY || !row->waits);
    assert(row->audiences_count <= NOTICES_OF_A_ROW);
    struct told *told = sheaf_find(sheaf, row->file, key);
    bool refers = row->reference_key != 0 &&
                  (!before->found || row->reference_key != before->row.reference_key);
    struct view_row copy;
    if (!has_room(sheaf, row, told, refers, before, offices) ||
        !row_copy(&copy, row, &sheaf->text))
        return false;
    if (told == NULL) {
        uint32_t *head = &sheaf->heads[key & sheaf->heads_mask];
        told = &sheaf->told[sheaf->count++];
        *told = (struct told){ .key = key, .number = before->number, .next = *head,
                               .is_new = !before->found, .waited = before->row.waits };
        *head = sheaf->count;
    }
    assert(told->number == before->number);
    told->row = copy;
    sheaf->marks[told - sheaf->told] = mark_of(row);
    if (refers) add_reference(sheaf, row->reference_key, (uint32_t)(told - sheaf->told));
    for (uint32_t i = 0; i < row->audiences_count; i++)
        sheaf->notices[sheaf->notices_count++] =
            (struct told_notice){ row->audiences[i], row->position };
    count_both(sheaf, row, before, offices);
    return true;
}

bool tail_is_newest(const struct tail *tail, uint32_t sheaf, const struct told *told)
{
    for (uint32_t i = 0; i < sheaf; i++)
        if (sheaf_find(tail->sheaves[i], told->row.file, told->key) != NULL) return false;
    return true;
}

void catalogue_close(struct catalogue *catalogue)
{
    for (uint32_t i = 0; i < VOLUMES_MAX; i++) marks_close(&catalogue->marks[i]);
    for (uint32_t i = 0; i < catalogue->full_count; i++) {
        filter_close(&catalogue->full[i].keys);
        filter_close(&catalogue->full[i].references);
    }
    index_close(&catalogue->keys);
    index_close(&catalogue->references);
    catalogue->full_count = 0;
}

static void add_volume(struct places *places, uint32_t volume)
{
    places->volumes[places->volumes_count++] = (uint16_t)volume;
}

void catalogue_find(const struct catalogue *catalogue, uint64_t key, uint32_t skipped,
                    struct places *places)
{
    places->numbers_count =
        index_find(&catalogue->keys, key, skipped, places->numbers, PLACES_MAX);
    places->more = places->numbers_count == PLACES_MAX;
    places->of_file = catalogue->of_file;
    places->volumes_count = 0;
    for (uint32_t i = catalogue->full_count; i > 0 && !places->more; i--)
        if (filter_may_hold(&catalogue->full[i - 1].keys, key)) add_volume(places, i);
}

void catalogue_find_reference(const struct catalogue *catalogue, uint64_t key,
                              struct places *places)
{
    places->numbers_count = index_find(&catalogue->references, key, 0, places->numbers, 1);
    places->more = false;
    places->of_file = catalogue->of_file;
    places->volumes_count = 0;
    for (uint32_t i = catalogue->full_count; i > 0 && places->numbers_count == 0; i--)
        if (filter_may_hold(&catalogue->full[i - 1].references, key)) add_volume(places, i);
}
