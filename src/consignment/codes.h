// codes: the code lists of the trade: countries, terms, modes, packages, units, procedures.
//
// Codes are facts and are compared as they are written: capital letters, no blanks. Look-ups take
// some nanoseconds (sorted text, or a row per letter) and no memory. Nothing here knows names of
// codes in any language.
//
// Sources: ISO 3166-1 (as in Debian's iso-codes), Incoterms 2020 and their predecessors, UN/ECE
// Recommendations 19 (modes of transport), 20 (units) and 21 (packages), the procedure and
// declaration type codes of Annex B of EU Delegated Regulation 2015/2446, which many
// administrations share.
#ifndef TW_CONSIGNMENT_CODES_H
#define TW_CONSIGNMENT_CODES_H

#include "base/span.h"

// A country of ISO 3166-1 alpha-2; and one of these or of the few codes that customs practice adds
// (EU, XI, XK, stores and provisions QQ ..., and XM, the invented Meridia of the demonstration).
bool country_known(struct span code);
bool country_in_customs_use(struct span code);

// A current currency of ISO 4217 (base/money.h).
bool currency_known(struct span code);

enum incoterm {
    INCOTERM_UNKNOWN,
    INCOTERM_CURRENT, // of Incoterms 2020
    INCOTERM_RETIRED, // of 2010 or 2000: DAT, DAF, DES, DEQ, DDU
    INCOTERM_OTHER,   // "XXX": terms that are none of these, in words
};
enum incoterm incoterm_read(struct span code);

// UN/ECE Rec 19. A second digit, which says more (10, 16), is allowed and left out.
enum transport_mode {
    TRANSPORT_MODE_UNKNOWN,
    TRANSPORT_MODE_SEA,
    TRANSPORT_MODE_RAIL,
    TRANSPORT_MODE_ROAD,
    TRANSPORT_MODE_AIR,
    TRANSPORT_MODE_MAIL,
    TRANSPORT_MODE_MULTIMODAL, // also: roll-on roll-off
    TRANSPORT_MODE_FIXED,      // pipelines and power lines
    TRANSPORT_MODE_WATERWAY,
    TRANSPORT_MODE_OTHER,      // or under its own power
};
enum transport_mode transport_mode_read(struct span code);

// UN/ECE Rec 21; bulk goods have no packages to count.
bool package_type_known(struct span code);
bool package_type_is_bulk(struct span code);

// UN/ECE Rec 20, as far as goods are measured by it, and what tariffs add. A qualifier behind a '#'
// is allowed: KGM#G.
bool unit_known(struct span code);

enum direction { DIRECTION_UNKNOWN, DIRECTION_IMPORT, DIRECTION_EXPORT };

// The first two digits of a procedure (what is asked for) and the next two (what went before).
bool procedure_known(struct span code);
bool previous_procedure_known(struct span code);
enum direction procedure_direction(struct span code);

// How much a declaration of a type has to say.
enum data_set {
    DATA_SET_UNKNOWN,
    DATA_SET_PLAIN,      // IM, EX, CO without a letter: the least that duty can be worked out from
    DATA_SET_FULL,       // A, D, R standard; U, V, X, Y, Z supplementary
    DATA_SET_SIMPLIFIED, // B, C, E, F
    DATA_SET_NOTICE,     // J, K: presented goods that need no declaration of their own
    DATA_SET_REQUEST,    // COR, GPR, INV: speaks about an earlier declaration
};

struct declaration_type {
    enum direction direction; // unknown for CO: the procedure decides
    enum data_set data_set;
    char additional;          // 'A' ..., 0 for none
};

// False for a type that is none; `type` is then of an unknown data set.
MUST_CHECK bool declaration_type_read(struct span code, struct declaration_type *type);

// Types of previous documents are national: only their shape is known, 1 to 4 letters and digits.
bool previous_document_type_shaped(struct span code);

#endif
