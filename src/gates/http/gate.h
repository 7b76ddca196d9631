// gate: what the functions of routes have at hand, beside the request.
#ifndef TW_GATES_HTTP_GATE_H
#define TW_GATES_HTTP_GATE_H

#include "gates/files/xml_map.h"
#include "gates/http/joiner.h"
#include "gates/http/keys.h"
#include "gates/http/metrics.h"
#include "office/office.h"

struct door;
struct hooks;
struct news;
struct shelf;

struct gate {
    struct office *office;
    const char *store;           // its folder
    const char *pages;           // folder of the built web pages; NULL or missing: there are none
    struct joiner *joiner;
    struct keys *keys;
    struct shelf *shelf;         // answers of streams
    struct metrics *metrics;
    struct xml_map *xml;
    struct door *door;           // who comes in
    struct news *news;           // what changes
    struct hooks *hooks;         // who is told of it elsewhere
    bool simulated;              // the office is: every page says so
    int64_t (*now_ms)(void);     // the wall clock
    _Atomic bool draining;       // no new requests are taken
    _Atomic bool troubled;       // the office took the last message not: /readyz says so
    _Atomic bool trying;         // a rule, on the past: one at a time
    _Atomic uint32_t streams;    // that are open
};

#endif
