#include "office/proving.h"

#include "document/paper.h"
#include "ledger/tiles.h"

// All facts of the file, with what proves them.
static bool collect(const struct store_append *appends, uint32_t appends_count, struct arena *arena,
                    struct paper_fact **facts, uint32_t *count, struct error *err)
{
    void *room;
    *count = 0;
    for (uint32_t a = 0; a < appends_count; a++) *count += appends[a].facts_count;
    if (!arena_need(arena, *count, sizeof(struct paper_fact), &room, "the file", err)) return false;
    *facts = room;
    struct paper_fact *next = room;
    for (uint32_t a = 0; a < appends_count; a++)
        for (uint32_t f = 0; f < appends[a].facts_count; f++, next++) {
            next->json = appends[a].facts[f].json;
            next->leaf = appends[a].first_leaf + f;
            memcpy(next->salt, appends[a].facts[f].salt, SALT_SIZE);
        }
    return true;
}

static bool withhold(const struct file *file, proof_shows shows, const void *reader,
                     struct arena scratch, struct paper_fact *facts, struct error *err)
{
    bool any = false;
    for (uint32_t i = 0; i < file->facts_count; i++) {
        facts[i].withheld = shows != NULL && !shows(reader, &file->facts[i], scratch);
        any = any || !facts[i].withheld;
    }
    return any || error_set(err, ERROR_NOT_FOUND, "nothing of this file may be shown");
}

bool office_prove(struct office *office, struct span name, proof_shows shows, const void *reader,
                  struct arena *arena, struct span *paper, struct error *err)
{
    struct file file;
    struct store_append *appends;
    struct paper_fact *facts;
    uint32_t appends_count, count;
    struct store_seal seal;
    if (!office_file(office, name, arena, &file, &appends, &appends_count, err)) return false;
    if (!collect(appends, appends_count, arena, &facts, &count, err) ||
        !withhold(&file, shows, reader, *arena, facts, err))
        return false;
    if (!office_publish(office, err) || !office_seal(office, arena, &seal, err))
        return false;
    struct tile_reader *tiles = tile_reader_open(office_tiles(office), seal.tree_size, err);
    if (tiles == NULL) return false;
    struct hash_source source = tile_source(tiles);
    bool written = paper_write(name, facts, count, &source, seal.tree_size, seal.checkpoint,
                               office_log_key(office), arena, paper, err);
    tile_reader_close(tiles);
    return written;
}
