// unpack: packed facts (store_pack) back to their JSON. Any number of threads at the same time.
#ifndef TW_STORE_UNPACK_H
#define TW_STORE_UNPACK_H

#include "store/store.h"

struct unpackers;

MUST_CHECK bool unpackers_open(struct unpackers **unpackers, struct error *err);
void unpackers_close(struct unpackers *unpackers); // also takes NULL

// Fills the facts' JSON, in the arena. False: `fault` says what is wrong with the payload, or is
// NULL when the arena has no room for it.
MUST_CHECK bool unpack(struct unpackers *unpackers, struct span packed, struct store_fact *facts,
                       uint32_t count, struct arena *arena, const char **fault);

#endif
