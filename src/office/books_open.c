#include "office/books_open.h"

#include "clearance/risk/rules.h"

bool books_open(const struct books_texts *texts, struct span rules, struct arena *arena,
                struct books *books, struct error *err)
{
    return books_read(texts, arena, books, err) &&
           risk_rules_read(rules, arena, &books->risk_rules, err);
}
