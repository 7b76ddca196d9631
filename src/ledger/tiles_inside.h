// tiles_inside: what the files of tiles share with each other, and nobody else needs.
#ifndef TW_LEDGER_TILES_INSIDE_H
#define TW_LEDGER_TILES_INSIDE_H

#include "ledger/tiles.h"

// ERROR_TOO_LARGE when folder and name are longer than a path may be.
MUST_CHECK bool tile_full_path(char path[TILE_PATH_MAX], const char *directory, const char *name,
                               struct error *err);

#endif
