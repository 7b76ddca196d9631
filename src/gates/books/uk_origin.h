// uk_origin: rules of origin from the JSON files of the United Kingdom's trade tariff service.
//
// Two kinds of files. The schemes: { "schemes": [ { "scheme_code", "title", "validity_start_date",
// "validity_end_date", "countries", "cumulation_methods", "proofs", "ord" ... } ] }. The rules of
// one scheme, whose code only the file's name tells: { "rule_sets": [ { "heading", "subdivision",
// "min", "max", "valid", "rules": [ { "rule", "class", "operator" ... } ] } ] }.
//
// Such files are not ours to correct: a row that cannot be read is refused with its place and the
// others are taken. Words that are not understood stay manual (origin_words.h). The rules of a row
// are alternatives; a piece that begins with "- b)" goes on with the head of the piece before it.
// The files do not tell an agreement's tolerances, nor what it asks of transport.
#ifndef TW_GATES_BOOKS_UK_ORIGIN_H
#define TW_GATES_BOOKS_UK_ORIGIN_H

#include "base/limits.h"
#include "gates/books/origin_words.h"

struct origin_refusal {
    unsigned line, column;
    char what[120];
};

struct origin_report {
    uint32_t schemes, rules, alternatives;
    uint32_t grasp[4];          // alternatives by enum origin_grasp
    uint32_t refused;           // rows that were not read
    struct origin_refusal refusals[ORIGIN_REFUSALS_MAX]; // the first of them
};

// Counts the alternatives of a rule.
void origin_report_rule(struct origin_report *report, const struct origin_rule *rule);

enum uk_origin_file { UK_ORIGIN_NEITHER, UK_ORIGIN_SCHEMES, UK_ORIGIN_RULES };

// By content. ERROR_SYNTAX when the text is no JSON.
MUST_CHECK bool uk_origin_recognise(struct span text, struct arena arena,
                                    enum uk_origin_file *file, struct error *err);

// Add to the book what a file says, and to the report what was taken and what not. The text must be
// kept as long as the book. At most ORIGIN_TEXT_MAX bytes, ORIGIN_RULES_MAX rules.
MUST_CHECK bool uk_origin_schemes(struct span text, struct arena *arena, struct origin_book *book,
                                  struct origin_report *report, struct error *err);
MUST_CHECK bool uk_origin_rules(struct span text, struct span scheme, struct arena *arena,
                                struct origin_book *book, struct origin_report *report,
                                struct error *err);

#endif
