// book: one version of a country's tariff: a file that is mapped, shared by all threads, and never
// changes. book_write.h makes it; what goes in and what is refused stands there.
//
// What it holds: the nomenclature (codes of 2 to 12 digits with labels and units), the types of
// charges, groups of countries, and measures: what is to be paid or shown for goods that begin with
// these digits, of that origin, on those days. A measure's rate is kept in the words it was written
// in and as a formula (expression.h).
//
// The file is little-endian and begins with a head (struct book_head) that says where each section
// is. Its sum is the SHA-256 of the head with sum and check as zeros and of all bytes behind it;
// the book's version is the first 16 hex digits of it. Its check is the CRC32C of the head with the
// check as zero and of all bytes behind it. Opening holds the check, which finds what went wrong on
// a disk in a millisecond or two; book_is_whole holds the sum, which nobody can make fit.
#ifndef TW_TARIFF_BOOK_H
#define TW_TARIFF_BOOK_H

#include "tariff/rates.h"

enum {
    BOOK_CODE_DIGITS_MAX = 12,
    BOOK_HEADINGS = 10000,
    BOOK_TYPES_MAX = 64,
    BOOK_LANGUAGES_MAX = 4,
    BOOK_FOUND_MAX = 256,        // measures that apply to one code, origin and day
};

// What a measure is for. Its type says what is owed by it (A00, B00): several kinds may be of one.
enum measure_kind {
    MEASURE_DUTY,                // for everybody who claims nothing (third country, MFN)
    MEASURE_PREFERENCE,          // by an agreement or for developing countries
    MEASURE_QUOTA,               // a lower rate while a quantity lasts
    MEASURE_SUSPENSION,          // a lower rate for a time
    MEASURE_ANTI_DUMPING,
    MEASURE_COUNTERVAILING,
    MEASURE_SAFEGUARD,
    MEASURE_ADDITIONAL,          // any other duty on top
    MEASURE_EXCISE,
    MEASURE_VAT,
    MEASURE_FEE,
    MEASURE_LICENCE,             // a document is needed
    MEASURE_PROHIBITION,
    MEASURE_KINDS,
};

const char *measure_kind_name(enum measure_kind kind);
MUST_CHECK bool measure_kind_read(struct span name, enum measure_kind *kind);

// What a charge is counted on.
enum measure_base {
    MEASURE_BASE_VALUE,          // the customs value
    MEASURE_BASE_DUTIES,         // and the customs duties
    MEASURE_BASE_ALL,            // and all other charges, and the way inside
};

// --- The file ---

enum book_section {
    BOOK_LINES, BOOK_MEASURES, BOOK_NODES, BOOK_TYPES, BOOK_GROUPS, BOOK_RATES, BOOK_TEXTS,
    BOOK_SECTIONS,
};

struct book_head {
    char magic[8];               // "TWBOOK1\n"
    uint32_t order;              // 0x01020304
    uint32_t languages;          // that labels are in
    struct { uint64_t offset, size; } sections[BOOK_SECTIONS];
    int32_t as_of;               // the day that the source speaks of
    char country[4], currency[4];
    char language[BOOK_LANGUAGES_MAX][4];
    uint32_t source;             // text: where it comes from
    uint8_t sum[SHA256_SIZE];
    uint32_t check, zero;
};

// A reference to a text: its offset in the section of texts. 0 is the empty text; so is, when it is
// asked for, what stands outside.
typedef uint32_t book_text_at;

struct book_line {
    uint64_t key;                // the code filled up with zeros to BOOK_CODE_DIGITS_MAX
    int32_t from, to;            // first and last day, INT32_MIN and INT32_MAX where open
    book_text_at label[BOOK_LANGUAGES_MAX];
    book_text_at units;          // "kg,item": what statistics ask for
    uint8_t digits, indent;
    uint16_t zero;
};

// Types stand in the order in which charges are worked out.
struct book_type {
    char code[4];                // "A00"; filled up with NUL
    uint32_t base;               // enum measure_base
    book_text_at name;           // "customs duty"
};

// A group's countries as one bit for each pair of letters.
enum { BOOK_PAIRS = 26 * 26, BOOK_GROUP_WORDS = (BOOK_PAIRS + 63) / 64 };
struct book_group {
    uint64_t members[BOOK_GROUP_WORDS];
    book_text_at code, name;
};

enum { BOOK_ORIGIN_ANY = 0, BOOK_ORIGIN_GROUP = 0x8000 }; // else 1 + the pair of letters

struct book_measure {
    uint64_t key;
    int32_t from, to;
    book_text_at rate;           // as it is written
    book_text_at formula;        // of the rate; empty: it has none (a licence)
    book_text_at law, publication;
    book_text_at words;          // what it is
    book_text_at excluded;       // origins that it is not for: "CN,PARTNERS"
    book_text_at document;       // that must be shown for it, or satisfies it
    book_text_at additional;     // code that says whose goods (a company), or what is special
    book_text_at quota;          // order number
    uint32_t line;               // of the source
    uint16_t origin;
    char regime[4];              // first digits of the preference that must be claimed, NUL-ended
    uint8_t digits, type, kind;  // enum measure_kind
    uint8_t zero[7];
};

// So many units of the book's currency for one of this, from that day on (rates.h).
struct book_rate {
    char currency[4];
    int32_t from;
    int64_t digits;
    uint32_t scale, zero;
};

// Prefixes with measures, in order of their digits filled up, then of their lengths.
struct book_node {
    uint64_t key;
    uint32_t first, count;       // measures
    uint32_t above;              // 1 + the node of the longest prefix of this one; 0: none
    uint8_t digits, zero[3];
};

// --- Opening ---

struct book {
    const struct book_head *head;
    const struct book_line *lines;
    const struct book_measure *measures;
    const struct book_node *nodes;
    const struct book_type *types;
    const struct book_group *groups;
    const struct book_rate *rates;
    struct span texts;
    uint32_t lines_count, measures_count, nodes_count, types_count, groups_count, rates_count;
    struct version version;
    uint32_t headings[BOOK_HEADINGS + 1]; // the first node of each four digits
};

// Over bytes that stay as they are, aligned to 8, while the book is used. ERROR_DAMAGED says what
// does not add up.
MUST_CHECK bool book_open(struct book *book, struct span bytes, struct error *err);
MUST_CHECK bool book_is_whole(struct span bytes); // of a book that was opened

struct span book_text(const struct book *book, book_text_at at);

// --- Asking ---

struct book_question {
    struct span code;            // as many digits as are known; what follows them is passed over
    struct span origin;          // ISO 3166-1, or empty
    struct date day;
};

// Measures in force on the day for goods of that code and origin, whatever else they want (a
// preference that is claimed, a document, an additional code, a quota), at most BOOK_FOUND_MAX.
// In order of their types; within a type those of the longest digits first, then those of a
// country before those of a group before those for all. Takes well under a microsecond.
uint32_t book_measures(const struct book *book, const struct book_question *question,
                       const struct book_measure *found[BOOK_FOUND_MAX]);

// The line of exactly this code on the day, else that of its longest part that there is; NULL:
// none.
const struct book_line *book_line_of(const struct book *book, struct span code, struct date day);

// The lines that begin with this code, the longer ones behind it, in order; `*count` of them.
const struct book_line *book_lines_below(const struct book *book, struct span code,
                                         uint32_t *count);

// The book's exchange rates, in the arena; none: an empty list.
MUST_CHECK bool book_rates(const struct book *book, struct arena *arena, struct rates *rates,
                           struct error *err);

// The digits of a line or measure; `room` holds them.
struct span book_code(uint64_t key, uint8_t digits, char room[BOOK_CODE_DIGITS_MAX]);

struct span book_type_code(const struct book_type *type);

// "CN", the group's code, or "*".
struct span book_origin(const struct book *book, uint16_t origin, char room[2]);

#endif
