// nomenclature_inside: what reading, asking and searching a nomenclature share.
#ifndef TW_TARIFF_NOMENCLATURE_INSIDE_H
#define TW_TARIFF_NOMENCLATURE_INSIDE_H

#include "tariff/nomenclature.h"

// Nodes stand in order of their digits, filled up with zeros, then of their lengths: whatever a
// code begins follows it without a gap, up to `behind`.
struct nomenclature_node {
    uint64_t key;     // digits filled up to twelve
    uint32_t first;   // line
    uint32_t count;   // of lines, in order of their days
    uint32_t above;   // 1 + the node of the longest code that begins this one; 0: none
    uint32_t behind;  // the first node that this one does not begin
    uint32_t section; // 1 + its section; 0: none
    uint8_t length;
};

struct nomenclature_word {
    struct span text; // in a label
    uint32_t line;
};

uint64_t nomenclature_key(struct span digits);

// The line of a code that is in force on a day, or NULL.
const struct nomenclature_line *nomenclature_in_force(const struct nomenclature *nomenclature,
                                                      const struct nomenclature_node *node,
                                                      struct date day);

// Makes the words of all labels, so that they can be searched.
MUST_CHECK bool nomenclature_index(struct nomenclature *nomenclature, struct arena *arena,
                                   struct error *err);

#endif
