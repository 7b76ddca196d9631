// metrics: what the gate did, counted without locks, and written as Prometheus reads it.
//
// Times are of the whole request, from its first line until its answer was handed to the network.
#ifndef TW_GATES_HTTP_METRICS_H
#define TW_GATES_HTTP_METRICS_H

#include "base/text.h"

struct metrics;
struct gate;

MUST_CHECK bool metrics_open(struct metrics **metrics, struct error *err);
void metrics_close(struct metrics *metrics); // also takes NULL

void metrics_began(struct metrics *metrics);
// `route` by its number in the table, one behind the last for none; status 0: never answered.
void metrics_ended(struct metrics *metrics, uint32_t route, unsigned status, uint64_t took_ns);
uint32_t metrics_under_way(const struct metrics *metrics);

void metrics_write(const struct gate *gate, struct text *text);

#endif
