// books: what the administration has laid down, as of a date: duty schedule, exchange rates, rules.
//
// Books are read once, never change afterwards and may be shared by threads. Every answer that is
// worked out by a book names the book's version, which is the first 16 hex digits of the SHA-256 of
// its text: the same text is the same version on every machine.
#ifndef TW_TARIFF_BOOKS_H
#define TW_TARIFF_BOOKS_H

#include "tariff/rates.h"
#include "tariff/schedule.h"

struct risk_rules; // clearance/risk/rules.h: the officers' rules, read by the risk step

struct books {
    char currency[4];                    // of the administration: customs values and duties
    char country[3];                     // of the administration
    const struct rates *rates;           // dated exchange rates
    const struct schedule *schedule;     // duty and VAT by commodity code
    const struct risk_rules *risk_rules; // officers' rules; NULL: none
    bool duty_rounded_down;              // duties and taxes: what is left of a minor unit is
                                         // disregarded; otherwise they are rounded half up
    bool charges_as_declared;            // additions and deductions by code count whatever the
                                         // terms; otherwise only what the terms leave out or in
    uint32_t random_per_million;         // share of declarations chosen by lot
    uint32_t examine_score;              // an officer looks from this risk score on, 1 .. 1000
    int64_t worth_floor_minor;           // what a check is worth at the highest score with no duty
                                         // at stake, in minor units of the currency
    uint8_t lot_key[32];                 // the lot is drawn by a hash under this key: repeatable by
                                         // who holds it, unpredictable to who does not
};

#endif
