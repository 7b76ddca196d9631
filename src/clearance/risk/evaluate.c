#include <assert.h>

#include "clearance/risk/node.h"
#include "clearance/risk/rules.h"

enum value_kind { VALUE_UNKNOWN, VALUE_NUMBER, VALUE_TEXT, VALUE_TRUTH };

struct value {
    enum value_kind kind;
    bool truth;
    wide number;               // in millionths
    struct span text;
};

struct evaluating {
    const struct rule_node *nodes;
    const struct clearance *clearance;
    const struct item *item;   // at hand, NULL outside of items
    uint32_t item_index;
};

static const struct value unknown = { .kind = VALUE_UNKNOWN };

static struct value truth(bool is)
{
    return (struct value){ .kind = VALUE_TRUTH, .truth = is };
}

static struct value number(wide value)
{
    return (struct value){ .kind = VALUE_NUMBER, .number = value };
}

static struct value text(struct span s)
{
    return s.len == 0 ? unknown : (struct value){ .kind = VALUE_TEXT, .text = s };
}

static struct value value_of_decimal(struct decimal d)
{
    if (!d.given) return unknown;
    wide value = d.digits;
    for (unsigned i = d.scale; i < 6; i++) value *= 10;
    for (unsigned i = 6; i < d.scale; i++) value /= 10; // beyond a millionth is cut
    return number(value);
}

static struct value value_of_money(struct money money)
{
    unsigned exponent;
    if (money.currency[0] == '\0' || !currency_exponent(span_of(money.currency), &exponent))
        return unknown;
    wide value = money.minor;
    for (unsigned i = exponent; i < 6; i++) value *= 10;
    return number(value);
}

static struct value value_of_field(const struct evaluating *e, const struct rule_node *node)
{
    const void *root = node->of_item ? (const void *)e->item
                                     : (const void *)&e->clearance->file->declaration;
    const void *place = root == NULL ? NULL : field_get(&node->path, root);
    if (place == NULL) return unknown;
    switch (node->path.steps[node->path.count - 1]->kind) {
    case FIELD_TEXT:
    case FIELD_CODE: return text(*(const struct span *)place);
    case FIELD_DECIMAL: return value_of_decimal(*(const struct decimal *)place);
    case FIELD_NUMBER: {
        const struct number *count = place;
        return count->given ? number((wide)count->value * MILLIONTHS) : unknown;
    }
    case FIELD_AMOUNT: {
        const struct amount *amount = place;
        return node->path.part == FIELD_UNIT ? text(amount->currency)
                                             : value_of_decimal(amount->value);
    }
    case FIELD_QUANTITY: {
        const struct quantity *quantity = place;
        return node->path.part == FIELD_UNIT ? text(quantity->unit)
                                             : value_of_decimal(quantity->value);
    }
    default: return unknown;
    }
}

static struct value divided(struct value left, struct value right)
{
    wide scaled;
    if (left.kind != VALUE_NUMBER || right.kind != VALUE_NUMBER || right.number == 0) return unknown;
    if (__builtin_mul_overflow(left.number, (wide)MILLIONTHS, &scaled)) return unknown;
    return number(scaled / right.number);
}

static struct value value_of_name(const struct evaluating *e, const struct rule_node *node)
{
    const struct file *file = e->clearance->file;
    const struct declaration *d = &file->declaration;
    wide sum = 0;
    switch (node->name) {
    case SHORT_VALUE:
        if (e->item != NULL && e->clearance->item_values != NULL)
            return value_of_money(e->clearance->item_values[e->item_index]);
        return value_of_money(file->customs_value);
    case SHORT_DUTY: return value_of_money(file->duty_total);
    case SHORT_WARNINGS: return number((wide)file->findings_count * MILLIONTHS);
    case SHORT_ITEMS: return number((wide)d->items.count * MILLIONTHS);
    case SHORT_GROSS_MASS:
        if (d->total_gross_mass.given) return value_of_decimal(d->total_gross_mass);
        for (uint32_t i = 0; i < d->items.count; i++) {
            struct value mass = value_of_decimal(d->items.at[i].gross_mass);
            if (mass.kind == VALUE_UNKNOWN) return unknown;
            sum += mass.number;
        }
        return number(sum);
    case SHORT_PRICE_PER_KILO: {
        const struct item *item = e->item != NULL ? e->item
                                  : d->items.count > 0 ? &d->items.at[0] : NULL;
        if (item == NULL) return unknown;
        return divided(value_of_decimal(item->price.value), value_of_decimal(item->net_mass));
    }
    }
    return unknown;
}

static struct value evaluate(struct evaluating *e, uint32_t at);

static struct value calculate(enum node_kind kind, struct value left, struct value right)
{
    wide result, product;
    if (left.kind != VALUE_NUMBER || right.kind != VALUE_NUMBER) return unknown;
    switch (kind) {
    case NODE_ADD:
        return __builtin_add_overflow(left.number, right.number, &result) ? unknown : number(result);
    case NODE_SUBTRACT:
        return __builtin_sub_overflow(left.number, right.number, &result) ? unknown : number(result);
    case NODE_TIMES:
        return __builtin_mul_overflow(left.number, right.number, &product)
                   ? unknown : number(product / MILLIONTHS);
    default: return divided(left, right);
    }
}

// Texts are only equal or not; numbers have an order; the two never compare.
static struct value compare(enum node_kind kind, struct value left, struct value right)
{
    if (left.kind != right.kind || left.kind == VALUE_UNKNOWN || left.kind == VALUE_TRUTH)
        return unknown;
    int order = left.kind == VALUE_TEXT ? span_compare(left.text, right.text)
                                        : (left.number > right.number) - (left.number < right.number);
    if (kind == NODE_EQUAL) return truth(order == 0);
    if (kind == NODE_UNEQUAL) return truth(order != 0);
    if (left.kind == VALUE_TEXT) return unknown;
    switch (kind) {
    case NODE_BELOW: return truth(order < 0);
    case NODE_AT_MOST: return truth(order <= 0);
    case NODE_ABOVE: return truth(order > 0);
    default: return truth(order >= 0);
    }
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

// Without regard to the case of ASCII letters: words are written in many ways.
static bool contains(struct span s, struct span what)
{
    for (size_t i = 0; i + what.len <= s.len; i++) {
        size_t same = 0;
        while (same < what.len && lower(s.at[i + same]) == lower(what.at[same])) same++;
        if (same == what.len) return true;
    }
    return false;
}

static struct value evaluate_in(struct evaluating *e, const struct rule_node *node)
{
    struct value left = evaluate(e, node->left);
    if (left.kind == VALUE_UNKNOWN) return unknown;
    for (uint32_t link = node->right; link != 0; link = e->nodes[link].right) {
        struct value same = compare(NODE_EQUAL, left, evaluate(e, e->nodes[link].left));
        if (same.kind == VALUE_TRUTH && same.truth) return same;
    }
    return truth(false);
}

// "and" is false when one side is, "or" is true when one side is, whatever the other may be.
static struct value evaluate_both(struct evaluating *e, const struct rule_node *node)
{
    bool decides = node->kind == NODE_OR;
    struct value left = evaluate(e, node->left);
    if (left.kind == VALUE_TRUTH && left.truth == decides) return left;
    struct value right = evaluate(e, node->right);
    if (right.kind == VALUE_TRUTH && right.truth == decides) return right;
    return left.kind == VALUE_TRUTH && right.kind == VALUE_TRUTH ? truth(!decides) : unknown;
}

static struct value evaluate_items(struct evaluating *e, const struct rule_node *node)
{
    const struct declaration *d = &e->clearance->file->declaration;
    assert(e->item == NULL);
    wide sum = 0;
    uint32_t hits = 0;
    bool known = true;
    for (uint32_t i = 0; i < d->items.count; i++) {
        e->item = &d->items.at[i];
        e->item_index = i;
        struct value value = evaluate(e, node->left);
        if (node->kind == NODE_SUM) {
            known = known && value.kind == VALUE_NUMBER &&
                    !__builtin_add_overflow(sum, value.number, &sum);
        } else if (value.kind == VALUE_TRUTH && value.truth) {
            hits++;
        }
    }
    e->item = NULL;
    if (node->kind == NODE_SUM) return known ? number(sum) : unknown;
    if (node->kind == NODE_COUNT) return number((wide)hits * MILLIONTHS);
    return truth(node->kind == NODE_ANY ? hits > 0 : hits > 0 && hits == d->items.count);
}

static struct value evaluate(struct evaluating *e, uint32_t at)
{
    const struct rule_node *node = &e->nodes[at];
    struct value left, right;
    switch (node->kind) {
    case NODE_NUMBER: return number(node->number);
    case NODE_TEXT: return (struct value){ .kind = VALUE_TEXT, .text = node->text };
    case NODE_FIELD: return value_of_field(e, node);
    case NODE_SHORT: return value_of_name(e, node);
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_TIMES:
    case NODE_DIVIDE: return calculate(node->kind, evaluate(e, node->left), evaluate(e, node->right));
    case NODE_EQUAL:
    case NODE_UNEQUAL:
    case NODE_BELOW:
    case NODE_AT_MOST:
    case NODE_ABOVE:
    case NODE_AT_LEAST: return compare(node->kind, evaluate(e, node->left), evaluate(e, node->right));
    case NODE_IN: return evaluate_in(e, node);
    case NODE_STARTS:
    case NODE_CONTAINS:
        left = evaluate(e, node->left);
        right = evaluate(e, node->right);
        if (left.kind != VALUE_TEXT || right.kind != VALUE_TEXT) return unknown;
        return truth(node->kind == NODE_STARTS ? span_starts_with(left.text, right.text)
                                               : contains(left.text, right.text));
    case NODE_MISSING: return truth(evaluate(e, node->left).kind == VALUE_UNKNOWN);
    case NODE_AND:
    case NODE_OR: return evaluate_both(e, node);
    case NODE_NOT:
        left = evaluate(e, node->left);
        return left.kind == VALUE_TRUTH ? truth(!left.truth) : unknown;
    case NODE_ANY:
    case NODE_ALL:
    case NODE_SUM:
    case NODE_COUNT: return evaluate_items(e, node);
    case NODE_LIST: break; // stands only behind "in"
    }
    return unknown;
}

bool risk_rule_hits(const struct risk_rules *rules, const struct risk_rule *rule,
                    const struct clearance *clearance)
{
    struct evaluating e = { .nodes = rules->nodes, .clearance = clearance };
    struct value value = evaluate(&e, rule->root);
    return value.kind == VALUE_TRUTH && value.truth;
}
