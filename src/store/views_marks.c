#include "store/views_marks.h"

#include <assert.h>
#include <stdlib.h>

#include "store/views_inside.h"
#include "store/views_memory.h"

enum { MARK_WORDS = sizeof(struct mark) / sizeof(uint64_t) };

_Static_assert(FILE_STATE_COUNT <= MARK_STATE + 1, "a mark has room for every state");
_Static_assert(offsetof(struct mark, office) == sizeof(uint64_t), "the first four are a word");
_Static_assert((int)NUMBER_BITS > (int)BLOCK_BITS, "a block is of one volume");

// Only no text is 0.
static uint16_t short_of(struct span text)
{
    if (text.len == 0) return 0;
    uint16_t hash = (uint16_t)(key_of(text) >> 48);
    return hash != 0 ? hash : 1;
}

static uint8_t byte_of(struct span text, size_t len)
{
    if (text.len < len) return 0;
    return (uint8_t)(key_of((struct span){ text.at, len }) >> 56);
}

// Never out of order: what lies beyond is at the end.
static uint32_t second_of(int64_t ms)
{
    if (ms < 0) return 0;
    return ms / 1000 < UINT32_MAX ? (uint32_t)(ms / 1000) : UINT32_MAX;
}

struct mark mark_of(const struct view_row *row)
{
    struct mark mark = {
        .declarant = short_of(row->declarant), .importer = short_of(row->importer),
        .exporter = short_of(row->exporter),
        .functional_reference = short_of(row->functional_reference),
        .office = short_of(row->office), .type_code = short_of(row->type_code),
        .origin = short_of(row->origin), .claimed_by = short_of(row->claimed_by),
        .state = row->state, .lodged_s = second_of(row->lodged_ms),
    };
    for (unsigned i = 0; i < sizeof(mark.commodity); i++)
        mark.commodity[i] = byte_of(row->commodity, 2 * i + 2);
    if (row->random) mark.state |= MARK_RANDOM;
    if (row->waits) mark.state |= MARK_WAITS;
    return mark;
}

// --- patterns ------------------------------------------------------------------------------------

struct pattern pattern_of_all(void)
{
    return (struct pattern){ .states = ~(1u << FILE_EMPTY), .to_s = UINT32_MAX };
}

void pattern_text(struct pattern *pattern, size_t offset, struct span text)
{
    assert(offset < offsetof(struct mark, commodity));
    if (text.len == 0) return;
    uint16_t hash = short_of(text), all = UINT16_MAX;
    memcpy((char *)&pattern->wanted + offset, &hash, sizeof(hash));
    memcpy((char *)&pattern->mask + offset, &all, sizeof(all));
}

void pattern_anyone(struct pattern *pattern, struct span text)
{
    pattern->anyone = short_of(text) * UINT64_C(0x0001000100010001);
}

// One of four 16-bit numbers is 0 exactly when a borrow reaches the top bit of one that has none.
static bool has_zero(uint64_t four)
{
    return ((four - UINT64_C(0x0001000100010001)) & ~four & UINT64_C(0x8000800080008000)) != 0;
}

void pattern_commodity(struct pattern *pattern, struct span code)
{
    for (unsigned i = 0; i < sizeof(pattern->wanted.commodity) && code.len >= 2 * i + 2; i++) {
        pattern->wanted.commodity[i] = byte_of(code, 2 * i + 2);
        pattern->mask.commodity[i] = UINT8_MAX;
    }
}

void pattern_flag(struct pattern *pattern, uint8_t flag)
{
    pattern->wanted.state |= flag;
    pattern->mask.state |= flag;
}

void pattern_lodged(struct pattern *pattern, int64_t from_ms, int64_t to_ms)
{
    assert(from_ms < to_ms);
    pattern->from_s = second_of(from_ms);
    pattern->to_s = second_of(to_ms - 1);
}

bool pattern_fits(const struct pattern *pattern, const struct mark *mark)
{
    uint64_t at[MARK_WORDS], wanted[MARK_WORDS], mask[MARK_WORDS], other = 0;
    memcpy(at, mark, sizeof(at));
    memcpy(wanted, &pattern->wanted, sizeof(wanted));
    memcpy(mask, &pattern->mask, sizeof(mask));
    for (unsigned i = 0; i < MARK_WORDS; i++) other |= (at[i] ^ wanted[i]) & mask[i];
    return other == 0 && (pattern->anyone == 0 || has_zero(at[0] ^ pattern->anyone)) &&
           (pattern->states >> (mark->state & MARK_STATE) & 1) != 0 &&
           mark->lodged_s >= pattern->from_s && mark->lodged_s <= pattern->to_s;
}

// --- in memory -----------------------------------------------------------------------------------

// Place 0 has no row; the last block is whole.
static uint32_t blocks_of(uint32_t rows)
{
    return (rows >> BLOCK_BITS) + 1;
}

bool marks_open(struct volume_marks *marks, uint32_t rows_max, struct error *err)
{
    assert(rows_max < 1u << NUMBER_BITS);
    uint32_t blocks = blocks_of(rows_max);
    *marks = (struct volume_marks){
        .at = calloc((size_t)blocks * BLOCK_MARKS, sizeof(*marks->at)),
        .changed = calloc(blocks / 64 + 1, sizeof(*marks->changed)),
        .rows_max = rows_max,
    };
    if (marks->at != NULL && marks->changed != NULL) return true;
    marks_close(marks);
    return error_set(err, ERROR_UNAVAILABLE, "no memory for the marks of the views");
}

void marks_close(struct volume_marks *marks)
{
    free(marks->at);
    free(marks->changed);
    *marks = (struct volume_marks){ 0 };
}

void marks_put(struct volume_marks *marks, uint32_t place, const struct mark *mark)
{
    assert(place > 0);
    assert(place <= marks->rows_max);
    uint32_t block = place >> BLOCK_BITS;
    marks->at[place] = *mark;
    marks->changed[block / 64] |= UINT64_C(1) << (block % 64);
    if (place > marks->rows) marks->rows = place;
}

uint32_t marks_find(const struct volume_marks *marks, const struct pattern *pattern, uint32_t *at,
                    uint32_t *looks, uint32_t *places, uint32_t places_max)
{
    assert(*at <= marks->rows);
    uint32_t found = 0;
    for (; *at > 0 && *looks > 0 && found < places_max; (*at)--, (*looks)--)
        if (pattern_fits(pattern, &marks->at[*at])) places[found++] = *at;
    return found;
}

// --- in the file ---------------------------------------------------------------------------------

static uint32_t block_sum(uint32_t number, const void *block)
{
    uint32_t sum = crc32c(0, &number, sizeof(number));
    return crc32c(sum, block, BLOCK_MARKS * sizeof(struct mark));
}

bool marks_write(sqlite3 *db, sqlite3_stmt *statement, struct volume_marks *marks,
                 uint32_t first_block, struct error *err)
{
    bool done = true;
    for (uint32_t word = 0; done && word <= marks->rows >> BLOCK_BITS >> 6; word++) {
        for (uint64_t left = marks->changed[word]; done && left != 0; left &= left - 1) {
            uint32_t block = word * 64 + (uint32_t)__builtin_ctzll(left);
            const struct mark *at = marks->at + ((size_t)block << BLOCK_BITS);
            sqlite3_bind_int64(statement, 1, first_block + block);
            sqlite3_bind_blob(statement, 2, at, BLOCK_MARKS * sizeof(*at), SQLITE_STATIC);
            sqlite3_bind_int64(statement, 3, block_sum(first_block + block, at));
            done = sql_do(db, statement, err);
        }
    }
    return done;
}

void marks_written(struct volume_marks *marks)
{
    size_t words = ((size_t)marks->rows >> BLOCK_BITS >> 6) + 1;
    memset(marks->changed, 0, words * sizeof(*marks->changed));
}

bool marks_read(sqlite3 *db, sqlite3_stmt *statement, struct volume_marks *marks,
                uint32_t first_block, uint32_t rows, struct error *err)
{
    assert(rows <= marks->rows_max);
    const int size = BLOCK_MARKS * sizeof(struct mark);
    uint32_t blocks = rows > 0 ? blocks_of(rows) : 0;
    memory_ready(marks->at, (size_t)blocks * (size_t)size);
    for (uint32_t i = 0; i < blocks; i++) {
        bool more;
        if (!sql_step(db, statement, &more, err)) return false;
        const void *block = more ? sqlite3_column_blob(statement, 1) : NULL;
        if (block == NULL || sqlite3_column_bytes(statement, 1) != size ||
            sqlite3_column_int64(statement, 0) != first_block + i ||
            sqlite3_column_int64(statement, 2) != block_sum(first_block + i, block))
            return views_damaged(err, "its marks");
        memcpy(marks->at + ((size_t)i << BLOCK_BITS), block, (size_t)size);
    }
    marks->rows = rows;
    return true;
}
