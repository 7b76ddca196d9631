// lot: the office's secret key of the lot, which is a file of the store.
//
// Who knows it knows which consignments the lot will choose (clearance/risk/risk.h), so it stands
// in no book and in no fact. A lost key harms nothing: the lot then chooses others.
#ifndef TW_OFFICE_LOT_H
#define TW_OFFICE_LOT_H

#include "base/error.h"

enum { LOT_KEY_SIZE = 32 };

// Reads "<directory>/lot.key", or makes it of chance, readable by the owner alone.
MUST_CHECK bool lot_key_open(const char *directory, void (*random)(void *bytes, size_t size),
                             uint8_t key[LOT_KEY_SIZE], struct error *err);

#endif
