// origin_scene: a rule, a worksheet and what is found, for tests.
#ifndef TW_TARIFF_ORIGIN_SCENE_H
#define TW_TARIFF_ORIGIN_SCENE_H

#include "tariff/origin_read.h"
#include "tariff/origin_tell.h"

#define CUMULATION "\"cumulation\":[{\"kind\":\"bilateral\",\"countries\":[\"XM\",\"XO\"]}," \
                   "{\"kind\":\"extended\",\"countries\":[\"XP\"]}],"
#define TOLERANCES "\"tolerances\":[{\"goods\":\"01-24\",\"percent\":15,\"base\":\"WEIGHT\"}," \
                   "{\"goods\":\"50-63\",\"words\":\"annex\"}," \
                   "{\"goods\":\"25-97\",\"percent\":10,\"base\":\"EXW\"}],"
#define TV "\"code\":\"852872\",\"ex_works\":\"100.00\",\"fob\":\"110.00\",\"weight\":\"10\""
#define ROW(code, value, origin, status)                                                           \
    "{\"code\":\"" code "\",\"value\":\"" value "\"," \
    "\"origin\":\"" origin "\",\"originating\":\"" status "\"}"

struct scene {
    struct arena arena;
    struct origin_book book;
    struct origin_sheet sheet;
    struct origin_result result;
};

// One block of memory for whatever a test needs; the arena asked for before is gone.
struct arena scene_arena(void);

// A scheme "s" with a rule for all codes and a worksheet of XM in EUR. `extra`: members of the
// scheme; `product` and `more`: members of the product and of the sheet.
MUST_CHECK bool scene_try(struct scene *scene, const char *extra, const char *rule,
                          const char *product, const char *more, const char *materials,
                          struct error *err);

// The same; the test fails when it cannot be weighed.
void scene_weigh(struct scene *scene, const char *extra, const char *rule, const char *product,
                 const char *more, const char *materials);

const struct origin_finding *scene_finding(const struct scene *scene, uint32_t condition);

// "VERDICT: what was found | what would do".
const char *scene_told(struct scene *scene, uint32_t condition);

#endif
