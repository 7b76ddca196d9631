// nomenclature: the codes of goods as of a date, from the sections down to national lines.
//
// The text is CSV; remarks may stand on top (tariff/sheet.h). Columns are code and label, and from,
// to, unit where there is need of them:
//   code      2 to 12 digits without points; or the number of a section in capital Roman numerals
//             up to XCIX, which stands in front of its chapters and has nothing but a label
//   from, to  first and last day in force; empty: since ever, until further notice
//   unit      units in which goods are counted (unit_known of consignment/codes.h), with blanks
//             between them; empty: those of the code above
//   label     words for people; empty: those of the code above do
//
// Rows stand in order of their codes, a code before what it begins, and then of their days. A code
// of more than two digits has another above it that begins it and is in force as long. A code may
// have several rows, when its words or units change: each begins on the day behind the last one of
// the row before. Levels may be left out: a code of eight digits may stand right below four.
//
// On each day the codes in force are a tree: above a code is the longest other one that begins it.
// A look-up is a search and a few steps up, well under a microsecond, and takes no memory. Once
// read, a nomenclature never changes and may be shared by threads.
#ifndef TW_TARIFF_NOMENCLATURE_H
#define TW_TARIFF_NOMENCLATURE_H

#include "base/time.h"
#include "tariff/version.h"

enum {
    NOMENCLATURE_DIGITS_MIN = 2,
    NOMENCLATURE_DIGITS_MAX = 12,
    NOMENCLATURE_DEPTH_MAX = NOMENCLATURE_DIGITS_MAX - NOMENCLATURE_DIGITS_MIN + 1,
};

struct nomenclature_section {
    struct span number, label; // "XVI"
};

struct nomenclature_line { // a code, from a day to a day
    struct span code, unit, label;
    struct date from, to;
    uint32_t node;         // of its code
};

struct nomenclature {
    struct nomenclature_line *lines; // in the order of the text
    struct nomenclature_node *nodes; // codes, each with the longest one that begins it
    struct nomenclature_section *sections;
    struct nomenclature_word *words; // of all labels, in order
    uint32_t lines_count, nodes_count, sections_count, words_count;
    struct version version;
};

// The text must be kept as long as the nomenclature. At most NOMENCLATURE_LINES_MAX rows; beside
// the text it takes some 110 bytes for a row and 24 for a word of a label. Errors name line and
// column.
MUST_CHECK bool nomenclature_read(struct span text, struct arena *arena,
                                  struct nomenclature *nomenclature, struct error *err);

// --- One code. Days must be given; what is returned is in force on the day. ---

// That very code, or NULL.
const struct nomenclature_line *nomenclature_find(const struct nomenclature *nomenclature,
                                                  struct span code, struct date day);

// The longest code that is or begins this one, or NULL. Of `code`, the digits in front count.
const struct nomenclature_line *nomenclature_nearest(const struct nomenclature *nomenclature,
                                                     struct span code, struct date day);

// The code above a line, or NULL for a chapter.
const struct nomenclature_line *nomenclature_above(const struct nomenclature *nomenclature,
                                                   const struct nomenclature_line *line,
                                                   struct date day);

// The section of a line, or NULL when the text names none.
const struct nomenclature_section *nomenclature_section(const struct nomenclature *nomenclature,
                                                        const struct nomenclature_line *line);

// The way from the chapter down to the nearest code. Returns how many steps it has.
uint32_t nomenclature_path(const struct nomenclature *nomenclature, struct span code,
                           struct date day,
                           const struct nomenclature_line *path[NOMENCLATURE_DEPTH_MAX]);

// The units, and the label, of a line or else of the next one above that has any; else empty.
struct span nomenclature_unit(const struct nomenclature *nomenclature,
                              const struct nomenclature_line *line, struct date day);
struct span nomenclature_label(const struct nomenclature *nomenclature,
                               const struct nomenclature_line *line, struct date day);

// --- Many codes, in their order. ---

struct nomenclature_walk {
    const struct nomenclature *nomenclature;
    uint32_t at, end; // nodes
    struct date day;
    bool whole;
};

// The codes right below a line (NULL: the chapters), and all codes that it begins (NULL: all).
struct nomenclature_walk nomenclature_children(const struct nomenclature *nomenclature,
                                               const struct nomenclature_line *line,
                                               struct date day);
struct nomenclature_walk nomenclature_all(const struct nomenclature *nomenclature,
                                          const struct nomenclature_line *line, struct date day);

// The next one, or NULL at the end.
const struct nomenclature_line *nomenclature_next(struct nomenclature_walk *walk);

// Finds the lines whose own label has, for each word asked for, one that begins with it; capital
// letters of ASCII count as small ones. Returns how many of them are in `found`, at most `max`:
// those with the lowest codes, in order. No words find nothing.
uint32_t nomenclature_search(const struct nomenclature *nomenclature, struct span words,
                             struct date day, const struct nomenclature_line **found, uint32_t max);

#endif
