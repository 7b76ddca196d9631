#include "clearance/risk/rules.h"

#include <assert.h>
#include <stdio.h>

#include "base/utf8.h"
#include "clearance/risk/names.h"
#include "clearance/risk/token.h"

// rules      = { "rule" NAME TEXT { "score" NUMBER | "examine" | "documents" | "hold" } "when" or }
// or         = and { "or" and }
// and        = not { "and" not }
// not        = { "not" } comparison
// comparison = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum
//                  | ["not"] ("in" "(" sum { "," sum } ")" | "starts" "with" sum | "contains" sum)
//                  | "is" ["not"] "missing" ]
// sum        = product { ("+" | "-") product }
// product    = unit { ("*" | "/") unit }
// unit       = ["-"] NUMBER | "date" TEXT | TEXT | WORD | "(" or ")"
//            | ("any" | "all" | "count") LIST "(" or ")" | "sum" LIST "(" sum ")"

static const char manual[] = "docs/rule-language.md shows how rules are written.";
static const char split[] = "Split it into several rules.";
static const char fewer[] = "Leave out rules that no longer hit.";
static const char reason[] = "It is what officers read as a reason.";

struct parser {
    struct tokens t;
    struct rule_node *nodes;    // the first is none: 0 says that there is no node
    uint32_t nodes_count, nodes_max;
    struct rule_field *fields;  // each once; the first is none
    uint32_t fields_count;
    uint32_t rule_begin;        // first node of the rule in hand
    uint32_t depth;
    struct scopes scopes;
};

// --- Trees ---

static uint32_t add_node(struct parser *p, struct rule_node node)
{
    if (p->t.failed) return 0;
    if (p->nodes_count - p->rule_begin >= RISK_RULE_NODES_MAX)
        return token_fail(&p->t, p->t.begin, "the rule is too long", split);
    assert(p->nodes_count < p->nodes_max);
    p->nodes[p->nodes_count] = node;
    return p->nodes_count++;
}

static uint32_t add(struct parser *p, enum node_kind kind, uint32_t left, uint32_t right)
{
    return add_node(p, (struct rule_node){ .kind = (uint8_t)kind, .left = left, .right = right });
}

static uint32_t add_negation(struct parser *p, uint32_t node, bool negated)
{
    return negated ? add(p, NODE_NOT, node, 0) : node;
}

static uint32_t add_number(struct parser *p, wide number)
{
    return add_node(p, (struct rule_node){ .kind = NODE_NUMBER, .number = number });
}

// What begins at `at` yields something else than its place asks for.
static uint32_t fail_type(struct parser *p, const char *at, enum node_type wanted,
                          enum node_type found)
{
    static const char *const names[] = { "a number", "a text", "a condition" };
    static const char *const hints[] = {
        "Quantities, amounts and counts are numbers; codes and words are texts.",
        "Texts and codes stand in quotes, like \"8517\".",
        "Compare it with something: price > 100, origin = \"CN\", netMass is missing.",
    };
    char text[80];
    assert(wanted < TYPE_NONE && found < TYPE_NONE);
    snprintf(text, sizeof(text), "%s is expected here, and this is %s", names[wanted],
             names[found]);
    return token_fail(&p->t, at, text, hints[wanted]);
}

static enum node_type type_of(const struct parser *p, uint32_t node)
{
    return node_type((enum node_kind)p->nodes[node].kind);
}

static void need_type(struct parser *p, uint32_t node, const char *at, enum node_type wanted)
{
    if (!p->t.failed && type_of(p, node) != wanted) fail_type(p, at, wanted, type_of(p, node));
}

static void need_no_condition(struct parser *p, uint32_t node, const char *at)
{
    if (p->t.failed || type_of(p, node) != TYPE_CONDITION) return;
    token_fail(&p->t, at, "a condition cannot be compared", "Join conditions by and, or, not.");
}

// --- Units ---

static uint32_t parse_or(struct parser *p);
static uint32_t parse_sum(struct parser *p);

static uint32_t parse_number(struct parser *p, bool negative)
{
    struct decimal value;
    struct error why;
    if (p->t.kind != TOKEN_NUMBER) return token_refuse(&p->t, "a number", manual);
    if (!decimal_read(p->t.token, &value, &why) || value.scale > 6)
        return token_refuse(&p->t, "a number with at most six digits behind the point",
                            "Write 1250 or 0.25; codes and dates stand in quotes.");
    wide number = negative ? -value.digits : value.digits;
    for (unsigned i = value.scale; i < 6; i++) number *= 10;
    token_next(&p->t);
    return add_number(p, number);
}

static uint32_t parse_date(struct parser *p)
{
    static const char example[] = "Write date \"2026-03-01\".";
    struct date date;
    struct error why;
    if (p->t.kind != TOKEN_TEXT) return token_refuse(&p->t, "a day in quotes", example);
    if (!date_read(p->t.token, &date, &why))
        return token_fail(&p->t, p->t.begin, why.text, example);
    token_next(&p->t);
    return add_number(p, (wide)date.days * MILLIONTHS);
}

static uint32_t parse_text(struct parser *p)
{
    if (p->t.token.len == 0)
        return token_fail(&p->t, p->t.begin, "an empty text, which no field ever holds",
                          "Ask whether the field is missing.");
    uint32_t made = add_node(p, (struct rule_node){ .kind = NODE_TEXT, .text = p->t.token });
    token_next(&p->t);
    return made;
}

static bool same_field(const struct rule_field *a, const struct rule_field *b)
{
    bool same = a->scope == b->scope && a->kind == b->kind && a->offset == b->offset &&
                a->otherwise == b->otherwise && a->hops_count == b->hops_count;
    for (uint32_t i = 0; same && i < a->hops_count; i++)
        same = a->hops[i].list == b->hops[i].list && a->hops[i].skip == b->hops[i].skip;
    return same;
}

static uint16_t add_field(struct parser *p, const struct rule_field *field)
{
    for (uint32_t i = 1; i < p->fields_count; i++)
        if (same_field(&p->fields[i], field)) return (uint16_t)i;
    if (p->fields_count == RISK_FIELDS_MAX)
        return (uint16_t)token_fail(&p->t, p->t.begin, "too many different fields", fewer);
    p->fields[p->fields_count] = *field;
    return (uint16_t)p->fields_count++;
}

static uint32_t add_meaning(struct parser *p, struct meaning *meaning)
{
    struct rule_node node = { .kind = (uint8_t)meaning->kind, .name = (uint8_t)meaning->name };
    if (meaning->has_otherwise) meaning->field.otherwise = add_field(p, &meaning->otherwise);
    if (meaning->kind != NODE_SHORT) node.field = add_field(p, &meaning->field);
    return add_node(p, node);
}

static uint32_t parse_word(struct parser *p)
{
    static const char *const reserved[] = { "rule", "when", "and", "or", "not", "in", "is",
                                            "missing", "starts", "with", "contains" };
    struct meaning meaning;
    struct error why;
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (token_is(&p->t, reserved[i])) return token_refuse(&p->t, "a name or a value", manual);
    if (!name_read(p->t.token, &p->scopes, &meaning, &why))
        return token_fail(&p->t, p->t.begin, why.text, why.hint);
    uint32_t made = add_meaning(p, &meaning);
    token_next(&p->t);
    return made;
}

// Behind "any", "all", "count" or "sum": a list's name.
static uint32_t parse_list(struct parser *p, const struct shape **shape)
{
    struct meaning meaning;
    struct error why;
    if (p->t.kind != TOKEN_WORD)
        return token_refuse(&p->t, "a list", "Write any item (...), or sum item (...).");
    if (!name_read_list(p->t.token, &p->scopes, &meaning, &why))
        return token_fail(&p->t, p->t.begin, why.text, why.hint);
    *shape = meaning.field.shape;
    if (*shape == &item_shape && scopes_in_item(&p->scopes))
        return token_fail(&p->t, p->t.begin, "items within items", "Rules see one item at a time.");
    if (p->scopes.count == RULE_SCOPES_MAX)
        return token_fail(&p->t, p->t.begin, "too many lists within lists", split);
    uint32_t list = add_meaning(p, &meaning);
    token_next(&p->t);
    return list;
}

// And what is asked of each of its elements.
static uint32_t parse_each(struct parser *p, enum node_kind kind)
{
    const struct shape *shape = NULL;
    uint32_t list = parse_list(p, &shape);
    token_need(&p->t, "(");
    if (p->t.failed) return 0;
    p->scopes.shapes[p->scopes.count++] = shape;
    const char *at = p->t.begin;
    uint32_t inside = kind == NODE_SUM ? parse_sum(p) : parse_or(p);
    need_type(p, inside, at, kind == NODE_SUM ? TYPE_NUMBER : TYPE_CONDITION);
    p->scopes.count--;
    token_need(&p->t, ")");
    return add(p, kind, list, inside);
}

static uint32_t parse_unit_at_depth(struct parser *p)
{
    static const struct { const char *word; enum node_kind kind; } lists[] = {
        { "any", NODE_ANY }, { "all", NODE_ALL }, { "sum", NODE_SUM }, { "count", NODE_COUNT },
    };
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (token_take(&p->t, lists[i].word)) return parse_each(p, lists[i].kind);
    if (token_take(&p->t, "date")) return parse_date(p);
    if (token_take(&p->t, "-")) return parse_number(p, true);
    if (token_take(&p->t, "(")) {
        uint32_t inside = parse_or(p);
        token_need(&p->t, ")");
        return inside;
    }
    switch (p->t.kind) {
    case TOKEN_NUMBER: return parse_number(p, false);
    case TOKEN_TEXT: return parse_text(p);
    case TOKEN_WORD: return parse_word(p);
    default: return token_refuse(&p->t, "a name or a value", manual);
    }
}

// Whatever stands in brackets comes through here: this is what bounds the stack.
static uint32_t parse_unit(struct parser *p)
{
    if (p->t.failed) return 0;
    if (p->depth == RISK_DEPTH_MAX)
        return token_fail(&p->t, p->t.begin, "too many brackets within brackets", split);
    p->depth++;
    uint32_t made = parse_unit_at_depth(p);
    p->depth--;
    return made;
}

// --- Operators, those that bind closest first ---

// Operands of one type with operators between them, from left to right.
struct chain {
    struct { const char *word; enum node_kind kind; } operators[2];
    enum node_type type;
    uint32_t (*operand)(struct parser *p);
};

static bool take_operator(struct parser *p, const struct chain *chain, enum node_kind *kind)
{
    for (size_t i = 0; i < 2 && chain->operators[i].word != NULL; i++) {
        if (!token_is(&p->t, chain->operators[i].word)) continue;
        *kind = chain->operators[i].kind;
        return true;
    }
    return false;
}

// a - b - c is (a - b) - c; but a and b and c is a and (b and c), which says the same and can be
// gone through without going deeper.
static uint32_t parse_chain(struct parser *p, const struct chain *chain)
{
    enum node_kind kind;
    const char *at = p->t.begin;
    uint32_t whole = chain->operand(p), last = 0;
    while (take_operator(p, chain, &kind)) {
        need_type(p, whole, at, chain->type);
        token_next(&p->t);
        const char *right_at = p->t.begin;
        uint32_t right = chain->operand(p);
        need_type(p, right, right_at, chain->type);
        if (last == 0 || chain->type == TYPE_NUMBER) {
            whole = last = add(p, kind, whole, right);
        } else {
            uint32_t link = add(p, kind, p->nodes[last].right, right);
            p->nodes[last].right = link;
            last = link;
        }
    }
    return whole;
}

static uint32_t parse_product(struct parser *p)
{
    static const struct chain product = {
        { { "*", NODE_TIMES }, { "/", NODE_DIVIDE } }, TYPE_NUMBER, parse_unit };
    return parse_chain(p, &product);
}

static uint32_t parse_sum(struct parser *p)
{
    static const struct chain sum = {
        { { "+", NODE_ADD }, { "-", NODE_SUBTRACT } }, TYPE_NUMBER, parse_product };
    return parse_chain(p, &sum);
}

// A list is a chain: each link's left is a value, its right the next link.
static uint32_t parse_in(struct parser *p, uint32_t left)
{
    uint32_t first = 0, last = 0;
    enum node_type type = p->t.failed ? TYPE_TEXT : type_of(p, left);
    token_need(&p->t, "(");
    do {
        const char *at = p->t.begin;
        uint32_t value = parse_sum(p);
        need_type(p, value, at, type);
        uint32_t link = add(p, NODE_LINK, value, 0);
        if (first == 0) first = link;
        else p->nodes[last].right = link;
        last = link;
    } while (token_take(&p->t, ","));
    token_need(&p->t, ")");
    return add(p, type == TYPE_TEXT ? NODE_TEXT_IN : NODE_NUMBER_IN, left, first);
}

static uint32_t parse_text_relation(struct parser *p, enum node_kind kind, uint32_t left,
                                    const char *left_at)
{
    need_type(p, left, left_at, TYPE_TEXT);
    const char *at = p->t.begin;
    uint32_t right = parse_sum(p);
    need_type(p, right, at, TYPE_TEXT);
    return add(p, kind, left, right);
}

struct relation {
    const char *mark;
    enum node_kind kind;
    bool turned, negated;       // a > b is b < a; a != b is not a = b
};

static uint32_t parse_relation(struct parser *p, const struct relation *relation, uint32_t left,
                               const char *left_at)
{
    const char *at = p->t.begin;
    uint32_t right = parse_sum(p);
    need_no_condition(p, right, at);
    if (p->t.failed) return 0;
    if (relation->kind != NODE_EQUAL) need_type(p, left, left_at, TYPE_NUMBER);
    need_type(p, right, at, type_of(p, left));
    enum node_kind kind = type_of(p, left) == TYPE_TEXT ? NODE_SAME : relation->kind;
    uint32_t made = relation->turned ? add(p, kind, right, left) : add(p, kind, left, right);
    return add_negation(p, made, relation->negated);
}

static const struct relation *take_relation(struct parser *p)
{
    static const struct relation relations[] = {
        { "=", NODE_EQUAL, false, false },    { "!=", NODE_EQUAL, false, true },
        { "<", NODE_BELOW, false, false },    { ">", NODE_BELOW, true, false },
        { "<=", NODE_AT_MOST, false, false }, { ">=", NODE_AT_MOST, true, false },
    };
    for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++)
        if (token_take(&p->t, relations[i].mark)) return &relations[i];
    return NULL;
}

static uint32_t parse_missing(struct parser *p, uint32_t left)
{
    bool negated = token_take(&p->t, "not");
    token_need(&p->t, "missing");
    if (p->t.failed) return 0;
    enum node_kind kind = type_of(p, left) == TYPE_TEXT ? NODE_TEXT_MISSING : NODE_NUMBER_MISSING;
    return add_negation(p, add(p, kind, left, 0), negated);
}

// What may stand behind "not" as well: a not in (...).
static uint32_t parse_text_or_list(struct parser *p, uint32_t left, const char *at)
{
    if (token_take(&p->t, "in")) {
        need_no_condition(p, left, at);
        return parse_in(p, left);
    }
    if (token_take(&p->t, "contains")) return parse_text_relation(p, NODE_CONTAINS, left, at);
    if (!token_take(&p->t, "starts"))
        return token_refuse(&p->t, "in, starts with or contains", manual);
    token_need(&p->t, "with");
    return parse_text_relation(p, NODE_STARTS, left, at);
}

static uint32_t parse_comparison(struct parser *p)
{
    const char *at = p->t.begin;
    uint32_t left = parse_sum(p);
    const struct relation *relation = take_relation(p);
    if (relation != NULL) {
        need_no_condition(p, left, at);
        return parse_relation(p, relation, left, at);
    }
    if (token_take(&p->t, "is")) {
        need_no_condition(p, left, at);
        return parse_missing(p, left);
    }
    bool negated = token_take(&p->t, "not");
    if (negated || token_is(&p->t, "in") || token_is(&p->t, "contains") ||
        token_is(&p->t, "starts"))
        return add_negation(p, parse_text_or_list(p, left, at), negated);
    return token_is_foreign(&p->t) ? token_refuse(&p->t, "an operator", manual) : left;
}

static uint32_t parse_not(struct parser *p)
{
    bool negated = false, any = false;
    while (token_take(&p->t, "not")) negated = !negated, any = true;
    const char *at = p->t.begin;
    uint32_t made = parse_comparison(p);
    if (any) need_type(p, made, at, TYPE_CONDITION);
    return add_negation(p, made, negated);
}

static uint32_t parse_and(struct parser *p)
{
    static const struct chain and = { { { "and", NODE_AND } }, TYPE_CONDITION, parse_not };
    return parse_chain(p, &and);
}

static uint32_t parse_or(struct parser *p)
{
    static const struct chain or = { { { "or", NODE_OR } }, TYPE_CONDITION, parse_and };
    return parse_chain(p, &or);
}

// --- Rules ---

static void parse_name(struct parser *p, const struct risk_rule *rules, uint32_t count,
                       struct span *name)
{
    const char *at = p->t.begin;
    *name = token_take_name(&p->t);
    if (name->len == 0 || name->len > RISK_NAME_MAX) {
        token_fail(&p->t, at, "a rule's name is expected here",
                   "Names look like K-01: up to 32 letters, digits and hyphens.");
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        if (span_equal(rules[i].name, *name))
            token_fail(&p->t, at, "two rules have this name", "Give each rule a name of its own.");
}

static void parse_sentence(struct parser *p, struct span *sentence)
{
    if (p->t.kind != TOKEN_TEXT) {
        token_refuse(&p->t, "the rule's sentence in quotes", reason);
        return;
    }
    if (p->t.token.len == 0 || p->t.token.len > RISK_SENTENCE_MAX)
        token_fail(&p->t, p->t.begin, "a sentence has 1 to 200 bytes", reason);
    *sentence = p->t.token;
    token_next(&p->t);
}

static bool take_action(struct parser *p, enum decision *wants)
{
    static const enum decision actions[] = { DECISION_EXAMINE, DECISION_DOCUMENTS, DECISION_HOLD };
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        const char *at = p->t.begin;
        if (!token_take(&p->t, decision_name(actions[i]))) continue;
        if (*wants != DECISION_NONE)
            token_fail(&p->t, at, "a rule asks for one action", "Leave the weaker one out.");
        *wants = actions[i];
        return true;
    }
    return false;
}

static bool take_score(struct parser *p, bool *scored, uint32_t *score)
{
    uint64_t points;
    const char *at = p->t.begin;
    if (!token_take(&p->t, "score")) return false;
    if (*scored) token_fail(&p->t, at, "a rule has one score", "Leave one of them out.");
    *scored = true;
    if (p->t.kind != TOKEN_NUMBER || !span_to_u64(p->t.token, &points) || points > 1000) {
        token_refuse(&p->t, "a whole number from 0 to 1000", "Write: score 300.");
        return true;
    }
    *score = (uint32_t)points;
    token_next(&p->t);
    return true;
}

static void parse_effects(struct parser *p, struct risk_rule *rule)
{
    bool scored = false;
    while (take_score(p, &scored, &rule->score) || take_action(p, &rule->wants)) continue;
    if (!scored && rule->wants == DECISION_NONE && token_is(&p->t, "when"))
        token_fail(&p->t, p->t.begin, "the rule does nothing",
                   "Give it a score, or let it ask for examine, documents or hold.");
    else if (!token_is(&p->t, "when"))
        token_refuse(&p->t, "score, examine, documents, hold or when",
                     "Write: rule K-01 \"sentence\" score 300 when ...");
    token_next(&p->t);
}

static void parse_rule(struct parser *p, struct risk_rule *rules, uint32_t count)
{
    struct risk_rule *rule = &rules[count];
    const char *begin = p->t.begin;
    token_need(&p->t, "rule");
    parse_name(p, rules, count, &rule->name);
    parse_sentence(p, &rule->text);
    parse_effects(p, rule);
    p->rule_begin = p->nodes_count;
    const char *at = p->t.begin;
    rule->root = parse_or(p);
    need_type(p, rule->root, at, TYPE_CONDITION);
    rule->source = (struct span){ begin, (size_t)(p->t.behind - begin) };
    if (p->t.kind != TOKEN_END && !token_is(&p->t, "rule"))
        token_refuse(&p->t, "and, or or the next rule", manual);
    assert(p->t.failed || (p->depth == 0 && p->scopes.count == 1));
}

// A mark makes two nodes at most.
static uint32_t count_nodes(struct span text)
{
    struct tokens t = tokens_of(text, NULL);
    uint32_t count = 1;
    for (; t.kind != TOKEN_END; token_next(&t)) count += 2;
    return count;
}

static bool check_text(struct span text, struct error *err)
{
    size_t wrong_at;
    if (text.len > RISK_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "rules of %zu bytes, and at most %d are taken",
                         text.len, RISK_TEXT_MAX);
    if (utf8_check(text, &wrong_at)) return true;
    error_at(err, text, text.at + wrong_at, "byte 0x%02X is not UTF-8 here",
             (unsigned char)text.at[wrong_at]);
    return error_hint(err, "Save the file as UTF-8.");
}

void risk_rules_version(struct span text, char version[RULES_VERSION_SIZE])
{
    struct sha256 hash = sha256_of(text);
    for (size_t i = 0; i < 8; i++) snprintf(version + 2 * i, 3, "%02x", hash.bytes[i]);
}

bool risk_rules_read(struct span text, struct arena *arena, const struct risk_rules **made,
                     struct error *err)
{
    void *memory, *rows, *nodes, *fields;
    if (!check_text(text, err)) return false;
    struct parser p = { .nodes_count = 1, .nodes_max = count_nodes(text), .fields_count = 1,
                        .scopes = { { &declaration_shape }, 1 } };
    if (!arena_need(arena, 1, sizeof(struct risk_rules), &memory, "the rules", err) ||
        !arena_need(arena, RISK_RULES_MAX, sizeof(struct risk_rule), &rows, "the rules", err) ||
        !arena_need(arena, RISK_FIELDS_MAX, sizeof(struct rule_field), &fields, "the rules", err) ||
        !arena_need(arena, p.nodes_max, sizeof(struct rule_node), &nodes, "the rules", err))
        return false;
    struct risk_rules *rules = memory;
    p.nodes = nodes;
    p.fields = fields;
    p.t = tokens_of(text, err);
    while (p.t.kind != TOKEN_END) {
        if (rules->count == RISK_RULES_MAX)
            token_fail(&p.t, p.t.begin, "too many rules", fewer);
        else parse_rule(&p, rows, rules->count++);
    }
    if (p.t.failed) return false;
    rules->text = text;
    rules->rules = rows;
    rules->nodes = nodes;
    rules->fields = fields;
    risk_rules_version(text, rules->version);
    *made = rules;
    return true;
}
