#include "clearance/risk/rules.h"

#include <assert.h>
#include <stdio.h>

#include "clearance/risk/node.h"

// rules      = { "rule" NAME TEXT { "score" NUMBER | "examine" | "hold" | "documents" } "when" or }
// or         = and { "or" and }
// and        = not { "and" not }
// not        = "not" not | comparison
// comparison = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" "(" sum { "," sum } ")"
//                  | "starts" "with" sum | "contains" sum | "is" "missing" ]
// sum        = product { ("+" | "-") product }
// product    = unit { ("*" | "/") unit }
// unit       = NUMBER | TEXT | "(" or ")" | ("any" | "all" | "sum" | "count") "item" "(" or ")" | FIELD
// Comments run from # to the end of the line.

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_MARK };

struct token { enum token_kind kind; struct span text; };

struct parser {
    struct span text;
    const char *at;
    struct token token;         // the one in hand
    struct rule_node *nodes;
    uint32_t nodes_count;
    uint32_t depth;
    bool in_item;
    struct error *err;
    bool failed;
};

// --- Tokens ---

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '[' || c == ']';
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static uint32_t fail_at(struct parser *p, const char *at, const char *what, const char *hint)
{
    if (!p->failed) {
        error_at(p->err, p->text, at, "%s", what);
        error_hint(p->err, "%s", hint);
    }
    p->failed = true;
    p->token = (struct token){ TOKEN_END, { at, 0 } };
    return 0;
}

static uint32_t fail(struct parser *p, const char *what, const char *hint)
{
    return fail_at(p, p->token.text.at, what, hint);
}

static void pass_blanks(struct parser *p)
{
    const char *end = p->text.at + p->text.len;
    while (p->at < end) {
        if (*p->at == '#') while (p->at < end && *p->at != '\n') p->at++;
        else if (*p->at == ' ' || *p->at == '\t' || *p->at == '\r' || *p->at == '\n') p->at++;
        else return;
    }
}

static void next(struct parser *p)
{
    if (p->failed) return;
    pass_blanks(p);
    const char *begin = p->at, *end = p->text.at + p->text.len;
    if (begin == end) {
        p->token = (struct token){ TOKEN_END, { begin, 0 } };
        return;
    }
    enum token_kind kind = TOKEN_MARK;
    if (*begin == '"') {
        kind = TOKEN_TEXT;
        const char *close = memchr(begin + 1, '"', (size_t)(end - begin) - 1);
        if (close == NULL || memchr(begin, '\n', (size_t)(close - begin)) != NULL) {
            fail_at(p, begin, "a text that does not end on its line", "Close it with a quote.");
            return;
        }
        p->at = close + 1;
        p->token = (struct token){ kind, { begin + 1, (size_t)(close - begin) - 1 } };
        return;
    }
    if (is_digit(*begin)) {
        kind = TOKEN_NUMBER;
        while (p->at < end && (is_digit(*p->at) || *p->at == '.')) p->at++;
    } else if (is_word(*begin)) {
        kind = TOKEN_WORD;
        while (p->at < end && is_word(*p->at)) p->at++;
    } else {
        bool two = begin + 1 < end && begin[1] == '=' && strchr("<>!", *begin) != NULL;
        p->at += two ? 2 : 1;
    }
    p->token = (struct token){ kind, { begin, (size_t)(p->at - begin) } };
}

static bool is(const struct parser *p, const char *what)
{
    return (p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_MARK) &&
           span_equal(p->token.text, span_of(what));
}

static bool take(struct parser *p, const char *what)
{
    if (!is(p, what)) return false;
    next(p);
    return true;
}

static void need(struct parser *p, const char *what)
{
    char text[80];
    snprintf(text, sizeof(text), "'%s' is expected here", what);
    if (!take(p, what)) fail(p, text, "docs/rule-language.md shows how rules are written.");
}

// --- Trees ---

static uint32_t node(struct parser *p, enum node_kind kind, uint32_t left, uint32_t right)
{
    if (p->nodes_count == RULE_NODES_MAX)
        return fail(p, "the rules are too long", "Leave out rules that no longer hit.");
    p->nodes[p->nodes_count] = (struct rule_node){ .kind = kind, .left = left, .right = right };
    return p->nodes_count++;
}

static uint32_t parse_or(struct parser *p);
static uint32_t parse_sum(struct parser *p);

static uint32_t parse_number(struct parser *p)
{
    struct decimal value;
    struct error why;
    if (!decimal_read(p->token.text, &value, &why) || value.scale > 6)
        return fail(p, "a number with at most six digits behind the point is expected",
                    "Write 1250 or 0.25.");
    wide number = value.digits;
    for (unsigned i = value.scale; i < 6; i++) number *= 10;
    uint32_t made = node(p, NODE_NUMBER, 0, 0);
    p->nodes[made].number = number;
    next(p);
    return made;
}

struct short_row {
    const char *word;
    enum short_name name;
    const char *item_path, *path;  // a field's path where the word is only shorter; NULL: a name
};

static const struct short_row short_names[] = {
    { "value", SHORT_VALUE, NULL, NULL },
    { "duty", SHORT_DUTY, NULL, NULL },
    { "warnings", SHORT_WARNINGS, NULL, NULL },
    { "items", SHORT_ITEMS, NULL, NULL },
    { "gross_mass", SHORT_GROSS_MASS, "grossMass", NULL },
    { "price_per_kilo", SHORT_PRICE_PER_KILO, NULL, NULL },
    { "commodity", 0, "classifications[0].id", "items[0].classifications[0].id" },
    { "origin", 0, "origins[0].countryCode", "items[0].origins[0].countryCode" },
    { "price", 0, "price.value", "invoiceAmount.value" },
    { "currency", 0, "price.currency", "invoiceAmount.currency" },
    { "net_mass", 0, "netMass", "items[0].netMass" },
    { "procedure", 0, "procedures[0].currentCode", "items[0].procedures[0].currentCode" },
    { "regime", 0, "dutyTaxFees[0].regimeCode", "items[0].dutyTaxFees[0].regimeCode" },
    { "packages", 0, "packages[0].quantity", "totalPackageCount" },
    { "mode", 0, NULL, "borderMeans.modeCode" },
    { "type", 0, NULL, "typeCode" },
    { "office", 0, NULL, "officeId" },
    { "dispatch", 0, "exportCountry", "exportCountry" },
    { "destination", 0, "destinationCountry", "destinationCountry" },
    { "incoterm", 0, NULL, "tradeTerms.conditionCode" },
};

static uint32_t parse_field(struct parser *p)
{
    struct span word = p->token.text;
    struct field_path path;
    struct error why;
    uint32_t made = node(p, NODE_FIELD, 0, 0);
    const struct short_row *found = NULL;
    for (size_t i = 0; i < sizeof(short_names) / sizeof(short_names[0]); i++)
        if (span_equal(word, span_of(short_names[i].word))) found = &short_names[i];
    const char *short_path = found == NULL ? NULL : p->in_item && found->item_path != NULL
                                                        ? found->item_path : found->path;
    bool of_item = p->in_item && (found == NULL || found->item_path != NULL);
    if (found != NULL && short_path == NULL) {
        p->nodes[made].kind = NODE_SHORT;
        p->nodes[made].name = found->name;
        p->nodes[made].of_item = p->in_item;
        next(p);
        return made;
    }
    struct span text = short_path != NULL ? span_of(short_path) : word;
    bool read = field_path_read(text, of_item ? &item_shape : &declaration_shape, &path, &why);
    if (!read && of_item) {
        of_item = false; // inside an item the whole declaration can be named too
        struct error ignored;
        read = field_path_read(text, &declaration_shape, &path, &ignored);
    }
    if (!read) return fail(p, why.text, why.hint);
    const struct field *last = path.steps[path.count - 1];
    if (last->kind == FIELD_OBJECT || last->kind == FIELD_LIST)
        return fail(p, "a field that holds others cannot be compared",
                    "Name one of the fields in it, or use any item (...).");
    p->nodes[made].path = path;
    p->nodes[made].of_item = of_item;
    next(p);
    return made;
}

static uint32_t parse_items(struct parser *p, enum node_kind kind)
{
    if (p->in_item) return fail(p, "items within items", "A rule looks at one item at a time.");
    next(p);
    if (!take(p, "item")) need(p, "items");
    need(p, "(");
    p->in_item = true;
    uint32_t inside = kind == NODE_SUM ? parse_sum(p) : parse_or(p);
    p->in_item = false;
    need(p, ")");
    return node(p, kind, inside, 0);
}

static uint32_t parse_unit(struct parser *p)
{
    if (p->failed) return 0;
    if (p->token.kind == TOKEN_NUMBER) return parse_number(p);
    if (p->token.kind == TOKEN_TEXT) {
        uint32_t made = node(p, NODE_TEXT, 0, 0);
        p->nodes[made].text = p->token.text;
        next(p);
        return made;
    }
    if (take(p, "(")) {
        uint32_t inside = parse_or(p);
        need(p, ")");
        return inside;
    }
    if (is(p, "any")) return parse_items(p, NODE_ANY);
    if (is(p, "all")) return parse_items(p, NODE_ALL);
    if (is(p, "sum")) return parse_items(p, NODE_SUM);
    if (is(p, "count")) return parse_items(p, NODE_COUNT);
    if (p->token.kind == TOKEN_WORD) return parse_field(p);
    return fail(p, "a number, a text or a field is expected here",
                "docs/rule-language.md shows how rules are written.");
}

static uint32_t parse_product(struct parser *p)
{
    uint32_t left = parse_unit(p);
    while (!p->failed && (is(p, "*") || is(p, "/"))) {
        enum node_kind kind = is(p, "*") ? NODE_TIMES : NODE_DIVIDE;
        next(p);
        left = node(p, kind, left, parse_unit(p));
    }
    return left;
}

static uint32_t parse_sum(struct parser *p)
{
    uint32_t left = parse_product(p);
    while (!p->failed && (is(p, "+") || is(p, "-"))) {
        enum node_kind kind = is(p, "+") ? NODE_ADD : NODE_SUBTRACT;
        next(p);
        left = node(p, kind, left, parse_product(p));
    }
    return left;
}

// A list is a chain: each link's left is a value, its right the next link.
static uint32_t parse_list(struct parser *p)
{
    need(p, "(");
    uint32_t first = node(p, NODE_LIST, parse_sum(p), 0), last = first;
    while (take(p, ",")) {
        uint32_t link = node(p, NODE_LIST, parse_sum(p), 0);
        p->nodes[last].right = link;
        last = link;
    }
    need(p, ")");
    return first;
}

static uint32_t parse_comparison(struct parser *p)
{
    static const struct { const char *mark; enum node_kind kind; } marks[] = {
        { "=", NODE_EQUAL },    { "!=", NODE_UNEQUAL }, { "<", NODE_BELOW },
        { "<=", NODE_AT_MOST }, { ">", NODE_ABOVE },    { ">=", NODE_AT_LEAST },
    };
    uint32_t left = parse_sum(p);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (take(p, marks[i].mark)) return node(p, marks[i].kind, left, parse_sum(p));
    if (take(p, "in")) return node(p, NODE_IN, left, parse_list(p));
    if (take(p, "contains")) return node(p, NODE_CONTAINS, left, parse_sum(p));
    if (take(p, "starts")) {
        need(p, "with");
        return node(p, NODE_STARTS, left, parse_sum(p));
    }
    if (take(p, "is")) {
        need(p, "missing");
        return node(p, NODE_MISSING, left, 0);
    }
    return left;
}

static uint32_t parse_not(struct parser *p)
{
    if (++p->depth > RULE_DEPTH_MAX)
        return fail(p, "the rule is too deep", "Split it into several rules.");
    uint32_t made = take(p, "not") ? node(p, NODE_NOT, parse_not(p), 0) : parse_comparison(p);
    p->depth--;
    return made;
}

static uint32_t parse_and(struct parser *p)
{
    uint32_t left = parse_not(p);
    while (!p->failed && take(p, "and")) left = node(p, NODE_AND, left, parse_not(p));
    return left;
}

static uint32_t parse_or(struct parser *p)
{
    uint32_t left = parse_and(p);
    while (!p->failed && take(p, "or")) left = node(p, NODE_OR, left, parse_and(p));
    return left;
}

// --- Rules ---

// A rule's name may hold hyphens, which are no words elsewhere.
static struct span parse_name(struct parser *p)
{
    const char *begin = p->token.text.at, *end = p->text.at + p->text.len, *at = begin;
    while (at < end && (is_word(*at) || *at == '-')) at++;
    struct span name = { begin, (size_t)(at - begin) };
    if (p->token.kind != TOKEN_WORD || name.len > 32) {
        fail(p, "a rule's name is expected here", "Names look like K-01, of up to 32 letters.");
        return SPAN("");
    }
    p->at = at;
    next(p);
    return name;
}

static void parse_effects(struct parser *p, struct risk_rule *rule)
{
    uint64_t score;
    while (!p->failed && !is(p, "when")) {
        if (take(p, "examine")) rule->wants = DECISION_EXAMINE;
        else if (take(p, "hold")) rule->wants = DECISION_HOLD;
        else if (take(p, "documents")) rule->wants = DECISION_DOCUMENTS;
        else if (take(p, "score")) {
            if (!span_to_u64(p->token.text, &score) || score > 1000)
                fail(p, "a score from 0 to 1000 is expected here", "Write: score 300.");
            else rule->score = (uint32_t)score;
            next(p);
        } else {
            fail(p, "score, examine, hold, documents or when is expected here",
                 "Write: rule K-01 \"sentence\" score 300 when ...");
        }
    }
}

static void parse_rule(struct parser *p, struct risk_rule *rules, uint32_t count)
{
    struct risk_rule *rule = &rules[count];
    need(p, "rule");
    const char *at = p->token.text.at;
    rule->name = parse_name(p);
    for (uint32_t i = 0; i < count; i++)
        if (span_equal(rules[i].name, rule->name))
            fail_at(p, at, "two rules have this name", "Give each rule a name of its own.");
    if (p->token.kind != TOKEN_TEXT)
        fail(p, "the rule's sentence is expected here, in quotes", "It is what an officer reads.");
    rule->text = p->token.text;
    next(p);
    parse_effects(p, rule);
    need(p, "when");
    p->depth = 0;
    uint32_t before = p->nodes_count;
    rule->root = parse_or(p);
    if (p->nodes_count - before > RULE_LENGTH_MAX)
        fail_at(p, at, "the rule is too long", "Split it into several rules.");
}

bool risk_rules_read(struct span text, struct arena *arena, const struct risk_rules **made,
                     struct error *err)
{
    struct risk_rules *rules;
    void *memory, *all, *nodes;
    if (text.len > RULE_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "rules of %zu bytes", text.len);
    if (!arena_need(arena, 1, sizeof(*rules), &memory, "the rules", err) ||
        !arena_need(arena, RULES_MAX, sizeof(struct risk_rule), &all, "the rules", err) ||
        !arena_need(arena, RULE_NODES_MAX, sizeof(struct rule_node), &nodes, "the rules", err))
        return false;
    rules = memory;
    struct risk_rule *rows = all;
    struct parser p = { .text = text, .at = text.at, .nodes = nodes, .nodes_count = 1, .err = err };
    next(&p);
    while (!p.failed && p.token.kind != TOKEN_END) {
        if (rules->count == RULES_MAX) {
            fail(&p, "too many rules", "Leave out rules that no longer hit.");
            break;
        }
        parse_rule(&p, rows, rules->count++);
    }
    if (p.failed) return false;
    rules->rules = rows;
    rules->nodes = nodes;
    struct sha256 hash = sha256_of(text);
    for (int i = 0; i < 8; i++) snprintf(rules->version + 2 * i, 3, "%02x", hash.bytes[i]);
    *made = rules;
    return true;
}
