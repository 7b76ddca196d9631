#include "gates/books/clause.h"

#include "gates/books/phrase.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

typedef bool build_function(struct clause *clause, const struct phrase *phrase);

// --- What phrases mean ---

bool clause_keep(struct clause *clause, struct origin_condition condition)
{
    if (clause->count == ORIGIN_CONDITIONS_MAX) return false;
    clause->conditions[clause->count++] = condition;
    return true;
}

// The codes of the phrase; false when the arena is full.
static bool scope_of(struct clause *clause, const struct phrase *phrase,
                     struct origin_scope *scope)
{
    size_t size = phrase->ranges_count * sizeof(struct origin_range);
    struct origin_range *ranges =
        arena_take(clause->arena, phrase->ranges_count, sizeof(struct origin_range));
    if (ranges == NULL) return false;
    if (size > 0) memcpy(ranges, phrase->ranges, size);
    *scope = (struct origin_scope){ .ranges = ranges, .count = phrase->ranges_count };
    return true;
}

static bool keep_scoped(struct clause *clause, const struct phrase *phrase,
                        struct origin_condition condition)
{
    return scope_of(clause, phrase, &condition.scope) && clause_keep(clause, condition);
}

static bool says_one_of(struct span words, const char *const *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memmem(words.at, words.len, others[i], strlen(others[i])) != NULL) return true;
    return false;
}

// The end of one condition and the beginning of the next would make one of two.
static bool is_one_phrase(struct span words)
{
    static const char *const ends[] = { " used", " are ", " is ", " - ", "wholly", ": " };
    return words.len > 0 && !says_one_of(words, ends, COUNT(ends));
}

// Words that describe materials, and not another rule that was run into.
static bool describes(struct span words)
{
    static const char *const others[] = { "product", "heading", "chapter", "value", "weight",
                                          "other than", "except", "that of", "the good",
                                          "in which", "provided" };
    return is_one_phrase(words) && !says_one_of(words, others, COUNT(others));
}

// The same where the words need not be told from codes: all of them are the scope.
static bool describes_or_names(struct span words)
{
    static const char *const others[] = { "product", "value", "weight", "in which", "provided" };
    return is_one_phrase(words) && !says_one_of(words, others, COUNT(others));
}

static bool change(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_CHANGE,
                                                                  .level = phrase->group });
}

static bool any_heading(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_CHANGE });
}

static bool any_but_described(struct clause *clause, const struct phrase *phrase)
{
    struct origin_condition condition = { .kind = ORIGIN_CHANGE };
    if (!describes(phrase->words) || !scope_of(clause, phrase, &condition.scope)) return false;
    condition.scope.words = phrase->words;
    return clause_keep(clause, condition);
}

// Other materials of the good's own heading will do, those of its own description will not.
static bool any_and_own(struct clause *clause, const struct phrase *phrase)
{
    (void)phrase;
    return clause_keep(clause, (struct origin_condition){
                            .kind = ORIGIN_CHANGE, .level = 4,
                            .words = SPAN("materials of another description than the product") });
}

static struct origin_condition *last_change(struct clause *clause)
{
    if (clause->count == 0) return NULL;
    struct origin_condition *last = &clause->conditions[clause->count - 1];
    bool open = last->kind == ORIGIN_CHANGE && last->level > 0 && !last->percent.given;
    return open ? last : NULL;
}

static bool own_up_to(struct clause *clause, const struct phrase *phrase)
{
    struct origin_condition *change = last_change(clause);
    if (change == NULL) return false;
    change->percent = phrase->percent;
    change->base = ORIGIN_EX_WORKS;
    return true;
}

// The words say which of the own heading will do; whether a material is one, a person must tell.
// They may also be of the headings that are not to be used.
static bool own_described(struct clause *clause, const struct phrase *phrase)
{
    struct origin_condition *change = last_change(clause);
    if (change == NULL || change->words.len > 0 || !describes(phrase->words)) return false;
    change->words = phrase->words;
    if (change->scope.count > 0 && change->scope.words.len == 0)
        change->scope.words = SPAN("materials that are not allowed by name");
    return true;
}

static bool own_within_limit(struct clause *clause, const struct phrase *phrase)
{
    struct origin_condition *change = last_change(clause);
    (void)phrase;
    if (change == NULL || change->words.len > 0) return false;
    change->words = SPAN("other materials of the same heading, up to a share of the price");
    return true;
}

static bool not_described(struct clause *clause, const struct phrase *phrase)
{
    return last_change(clause) != NULL && any_but_described(clause, phrase);
}

static bool share_of_all(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_SHARE_MAX,
                                                                  .percent = phrase->percent });
}

static bool share_of_either_base(struct clause *clause, const struct phrase *phrase)
{
    clause->twice = CLAUSE_ALSO_FOB;
    return share_of_all(clause, phrase);
}

static bool share_of_own(struct clause *clause, const struct phrase *phrase)
{
    return clause_keep(clause, (struct origin_condition){ .kind = ORIGIN_SHARE_MAX,
                                                   .percent = phrase->percent, .scope.own = 4 });
}

static bool share_within(struct clause *clause, const struct phrase *phrase)
{
    clause->twice = CLAUSE_ALSO_FOB;
    return clause_keep(clause, (struct origin_condition){
                            .kind = ORIGIN_SHARE_MAX, .percent = phrase->percent,
                            .scope.own = phrase->group });
}

static bool share_of_described(struct clause *clause, const struct phrase *phrase)
{
    if (!describes(phrase->words)) return false;
    return clause_keep(clause, (struct origin_condition){ .kind = ORIGIN_SHARE_MAX,
                                                   .percent = phrase->percent,
                                                   .scope.words = phrase->words });
}

static bool share_of_all_but(struct clause *clause, const struct phrase *phrase)
{
    static const char but[] = "all materials but ";
    struct text text = text_in(clause->arena, sizeof(but) + phrase->words.len);
    text_add(&text, span_of(but));
    text_add(&text, phrase->words);
    if (text.full || !share_of_described(clause, phrase)) return false;
    clause->conditions[clause->count - 1].scope.words = text_span(&text);
    return true;
}

static bool weight_of_codes(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_SHARE_MAX,
                                                                  .base = ORIGIN_WEIGHT,
                                                                  .percent = phrase->percent });
}

static bool weight_of_described(struct clause *clause, const struct phrase *phrase)
{
    if (!share_of_described(clause, phrase)) return false;
    clause->conditions[clause->count - 1].base = ORIGIN_WEIGHT;
    return true;
}

static bool balance(struct clause *clause, const struct phrase *phrase)
{
    (void)phrase;
    return clause_keep(clause, (struct origin_condition){ .kind = ORIGIN_BALANCE });
}

static bool obtained_good(struct clause *clause, const struct phrase *phrase)
{
    (void)phrase;
    return clause_keep(clause, (struct origin_condition){ .kind = ORIGIN_OBTAINED });
}

static bool obtained_codes(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_OBTAINED });
}

static bool obtained_described(struct clause *clause, const struct phrase *phrase)
{
    struct origin_condition condition = { .kind = ORIGIN_OBTAINED };
    if (!scope_of(clause, phrase, &condition.scope)) return false;
    condition.scope.words = phrase->words;
    return describes_or_names(phrase->words) && clause_keep(clause, condition);
}

static bool originating_described(struct clause *clause, const struct phrase *phrase)
{
    struct origin_condition condition = { .kind = ORIGIN_ORIGINATING };
    condition.scope.words = phrase->words;
    return describes_or_names(phrase->words) && clause_keep(clause, condition);
}

static bool originating_codes(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_ORIGINATING });
}

static bool only_from(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_ONLY_FROM });
}

static bool content(struct clause *clause, const struct phrase *phrase)
{
    return keep_scoped(clause, phrase, (struct origin_condition){ .kind = ORIGIN_CONTENT_MIN,
                                                                  .base = ORIGIN_FOB,
                                                                  .percent = phrase->percent });
}

static bool content_build_up(struct clause *clause, const struct phrase *phrase)
{
    if (!content(clause, phrase)) return false;
    clause->conditions[clause->count - 1].method = ORIGIN_BUILD_UP;
    return true;
}

static bool content_ex_works(struct clause *clause, const struct phrase *phrase)
{
    if (!content(clause, phrase)) return false;
    clause->conditions[clause->count - 1].base = ORIGIN_EX_WORKS;
    return true;
}

static bool content_net_cost(struct clause *clause, const struct phrase *phrase)
{
    if (!content(clause, phrase)) return false;
    clause->conditions[clause->count - 1].base = ORIGIN_NET_COST;
    return true;
}

static bool content_either_method(struct clause *clause, const struct phrase *phrase)
{
    clause->twice = CLAUSE_ALSO_BUILD_UP;
    return content(clause, phrase);
}

// A content that another place of the law puts in figures.
static bool standard_content(struct clause *clause, const struct phrase *phrase)
{
    (void)phrase;
    return clause_keep(clause, (struct origin_condition){
                                   .kind = ORIGIN_MANUAL,
                                   .words = SPAN("standard qualifying value content (QVC)") });
}

// --- The phrases ---

#define GOOD "<products|product|goods|good|set|final product>"
#define PRICE "the ex-<works|work> price< (exw)|> of the " GOOD
#define BASE "%p of " PRICE
#define EITHER "%p of the transaction value or ex-works price of the " GOOD
#define AT_MOST "<does|do|must|shall|may|should> not exceed "
#define ANY_OF "<from |><non-originating |>materials of any "
#define ALLOWED " may be used<,|> provided <that |><their|its|the> <total |>value " AT_MOST BASE
#define CONTENT "a <regional value content|qvc> of not less than<:|> <- |><a) |b) |c) |d) |>%p "

static const struct { const char *pattern; build_function *build; } phrases[] = {
    // clang-format off
    // Change of classification: more words first.
    { ANY_OF "%g<,|> except <that|those> of the " GOOD "<,|> <and|or> <those of |that of |of |>%s",
      change },
    { ANY_OF "%g<,|> except <that|those> of the " GOOD, change },
    { ANY_OF "%g<,|> except <materials |><those of |that of |of |>%s", any_heading },
    { ANY_OF "%g<,|> except %w of %s", any_but_described },
    { ANY_OF "%g, including <other |>materials of %s", any_and_own },
    { ANY_OF "%g<,|> including <other |>materials of %s", any_and_own },
    { ANY_OF "%g", any_heading },
    { "all the <non-originating |>materials used <are|is> classified <within|in> a %g "
      "other than that of the " GOOD, change },
    { "all the <non-originating |>materials used <are|is> classified <within|in> a %g "
      "other than %s", any_heading },
    { "%g: all non-originating materials used in the production of the <good|product> "
      "have undergone a change in tariff classification at the <2|4|6>-digit level "
      "(<tariff |>%g)<,|> <except|excluding> <from |>"
      "<non-originating materials |><of |from |>%s", change },
    { "%g: all non-originating materials used in the production of the <good|product> "
      "have undergone a change in tariff classification at the <2|4|6>-digit level "
      "(<tariff |>%g)", change },
    { "a change to a good of %S from any other %g<,|> except from %s", change },
    { "a change to a good of %S from any other %g", change },
    { "a change from any other %g<,|> except from %s", change },
    { "a change from any other %g", change },
    { "no change in tariff classification <is |>required for a good of %S", any_heading },

    // What may be used, or may not, all the same.
    { "the materials of this description may also be used, provided <that |><their|its|the> "
      "<total |>value " AT_MOST BASE, own_up_to },
    { "other materials of %S" ALLOWED, own_within_limit },
    { "<other |>materials <of|classified within|classified in> the same %g"
      "< as the product| as the good|>" ALLOWED, own_up_to },
    { "materials of the same description as the " GOOD ALLOWED, own_up_to },
    { "%w of %s may not be used", not_described },
    { "%w may be used", own_described },

    // Shares of the value and of the weight.
    { "<within the above limit, |><the |>value of <all |any |><the |><non-originating "
      "|>materials <of"
      "|classified in|classified within> the same heading as the " GOOD "< used|> " AT_MOST BASE,
      share_of_own },
    { "<within the above limit, |><the |>value of <all |any |><the |><non-originating |>materials "
      "<of |classified within |classified in >%s< used|> " AT_MOST BASE, share_of_all },
    { "<within the above limit, |><the |>materials classified within the same heading as the " GOOD
      " are only used up to a value of " BASE, share_of_own },
    { "<within the above limit, |><the |>materials classified within %s are only used up to a "
      "value "
      "of " BASE, share_of_all },
    { "the total value of the non-originating materials of %s< used|> " AT_MOST BASE,
      share_of_all },
    { "<the |><total |>value of <all |any |><the |><non-originating |>materials used " AT_MOST BASE,
      share_of_all },
    { "<the |><total |>value of <all |any |><the |><non-originating |>materials used "
      "" AT_MOST EITHER,
      share_of_either_base },
    { "the value of <all |><the |>non-originating materials of %s< used|> " AT_MOST EITHER,
      share_of_either_base },
    { "a change from within <this|any one of these> %g<s|>, whether or "
      "not there is also a change from any other %g, provided that the "
      "value of non-originating materials <classified in the same|of this> "
      "%g< as the final product|> " AT_MOST EITHER, share_within },
    { "<the |><total |>value of <all |><the |>materials used, except %w, " AT_MOST BASE,
      share_of_all_but },
    { "<the |><total |>value of <all |><the |>%w used " AT_MOST BASE, share_of_described },
    { "<the |>maximum value of non-originating materials (maxnom) cannot exceed " BASE,
      share_of_all },
    { "a maximum of %p of the ex-works price (exw) is made up of non-originating parts (maxnom)",
      share_of_all },
    { "<the |>value of all the non-originating materials used " AT_MOST
      "the value of <all |><the |>originating materials used", balance },
    { "the <total |net |>weight of <the |all |all the |>non-originating material<s|> of %s"
      "< used in the production| used in production| used|> " AT_MOST
      "%p of the <net |>weight of the " GOOD, weight_of_codes },
    { "the <total |net |>weight of <the |all |all the |>non-originating %w"
      " used< in the production| in production|> " AT_MOST "%p of the <net |>weight of the " GOOD,
      weight_of_described },
    { "the <total |net |>weight of <the |>%w used " AT_MOST "%p of the <net |>weight of the " GOOD,
      weight_of_described },

    // Wholly obtained, originating, made from.
    { "all <the |>animals of %s <are|is|shall be|must be> wholly obtained", obtained_good },
    { "all <the |>goods <are|is|shall be|must be> wholly obtained", obtained_good },
    { "all <the |>materials of %s< used|> <are|is|shall be|must be> wholly obtained",
      obtained_codes },
    { "all <the |>animals of %s used <are|is|shall be|must be> wholly obtained", obtained_codes },
    { "all <the |>%w of %s used <are|is|shall be|must be> wholly obtained", obtained_described },
    { "all <the |>%w used <are|is|shall be|must be> wholly obtained", obtained_described },
    { "all <the |>materials of %s< used|> <are|shall be|must be> originating", originating_codes },
    { "all <the |>materials used are originating", originating_codes },
    { "all <the |>%w used <are|is> originating", originating_described },
    { "from materials of %s", only_from },

    // Regional value content.
    { "your goods contain a regional value content (rvc) of at least %p of the free on board (fob) "
      "cost of the goods", content },
    { "the good has a regional value content (rvc) as calculated under article %d of the origin "
      "reference document of not less than %p, whether using the build-up method or build-down "
      "method (rvc%d)", content_either_method },
    { "standard qvc", standard_content },
    { "<provided |>there is " CONTENT "under the build-down method", content },
    { "<provided |>there is " CONTENT "under the build-up method", content_build_up },
    { "<provided |>there is " CONTENT "under the net cost method", content_net_cost },
    { "<provided |>there is " CONTENT "under the focused value method taking into account only the "
      "non-originating materials of %s", content },
    { CONTENT "of the ex-works price under the build-down method", content_ex_works },
    { CONTENT "of the free-on-board value under the build-down method", content },
    // clang-format on
};


bool clause_take(struct clause *clause, struct span text, size_t *taken)
{
    struct phrase phrase;
    for (size_t i = 0; i < COUNT(phrases); i++) {
        uint32_t count = clause->count;
        enum clause_twice twice = clause->twice;
        if (phrase_match(phrases[i].pattern, text, &phrase) &&
            phrases[i].build(clause, &phrase)) {
            *taken = (size_t)(phrase.end - text.at);
            return true;
        }
        clause->count = count;
        clause->twice = twice;
    }
    return false;
}
