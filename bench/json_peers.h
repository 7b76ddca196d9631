// json_peers: other JSON readers, to measure ours against; those that the build found.
#ifndef TW_BENCH_JSON_PEERS_H
#define TW_BENCH_JSON_PEERS_H

#include "base/arena.h"

struct json_peer {
    const char *name;
    size_t (*read)(struct span document, struct arena *unused); // 0 when it refuses
};

extern const struct json_peer json_peers[];
extern const size_t json_peers_count;

#endif
