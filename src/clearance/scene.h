// scene: a file, a declaration and small books, for the tests of the steps.
//
// Declarations are JSON with ' in place of ", so that they can be read in C. What fails here fails
// the test. The books are of an administration in EUR; SCENE_RATES and SCENE_SCHEDULE say what is
// in them.
#ifndef TW_CLEARANCE_SCENE_H
#define TW_CLEARANCE_SCENE_H

#include "clearance/clearance.h"
#include "consignment/fact_body.h"

// 2026-03-11, noon.
#define SCENE_NOW INT64_C(1773230400000)

#define SCENE_SETTINGS                                                                            \
    "name,value\ncountry,XM\ncurrency,EUR\nrandom_per_million,0\nworth_floor_minor,10000\n"       \
    "examine_score,250\n"

// Of USD two, to ask for dates; of JPY, which has no minor unit, and KWD, which has three digits.
#define SCENE_RATES                                                                               \
    "date_from,currency,rate\n"                                                                   \
    "2026-01-01,USD,0.92\n2026-03-01,USD,0.8550\n"                                                \
    "2026-01-01,JPY,0.006135\n2026-01-01,KWD,3.009\n2026-01-01,GBP,1.1537\n"

// Customs duty by chapter, lower by an agreement, a charge on value and duties for chapter 24,
// value added tax on all. Chapter 99 has no customs duty at all.
#define SCENE_SCHEDULE                                                                            \
    "commodity,origin,regime,type,rate,from,to,law,text\n"                                        \
    "85,*,*,A00,3.7,2020-01-01,2026-02-28,\"Tariff, chapter 85\",duty on electronics\n"           \
    "85,*,*,A00,4.5,2026-03-01,,\"Tariff, chapter 85\",duty on electronics\n"                     \
    "85,FRIENDS,3,A00,1.25,2020-01-01,,\"Agreement, annex 85\",lower duty on electronics\n"       \
    "8517130000,*,*,A00,0,2020-01-01,,\"Tariff, chapter 85\",no duty on telephones\n"             \
    "24,*,*,A00,57.6,2020-01-01,,\"Tariff, chapter 24\",duty on tobacco\n"                        \
    "24,*,*,A30,10,2020-01-01,,\"Safeguards, section 3\",additional duty on tobacco\n"            \
    "24,*,*,X10,33.3,2020-01-01,,\"Excise Act, section 1\",excise on tobacco\n"                   \
    "99,*,*,B00,0,2020-01-01,,\"Tax Act, section 9\",no tax on special goods\n"                   \
    ",*,*,B00,20,2020-01-01,,\"Tax Act, section 1\",value added tax\n"
#define SCENE_GROUPS "group,country\nFRIENDS,KR\nFRIENDS,CH\n"

struct scene {
    struct arena arena;
    struct books books;
    struct file file;
    struct clearance clearance;
};

// Keeps the arena over all tests; the books are read anew.
void scene_begin(struct scene *scene);
void scene_end(struct scene *scene);

// A file with that declaration: DECLARED, or AMENDED when the scene's file has facts already.
void scene_declare(struct scene *scene, const char *json);

// And CHECKED, without findings: as the steps behind the check find it.
void scene_accept(struct scene *scene, const char *json);

// Any other fact that the file takes.
void scene_add(struct scene *scene, enum fact_kind kind, const char *who, struct span body);

// The body of the file's last fact, which must be of that kind and by that step.
struct span scene_last(const struct scene *scene, enum fact_kind kind, const char *who);

// "1234.50 EUR", in the arena; "nothing" without a currency.
const char *scene_money(struct scene *scene, struct money amount);

#endif
