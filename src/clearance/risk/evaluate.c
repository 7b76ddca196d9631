#include <assert.h>

#include "clearance/risk/node.h"

// Not being true is not being false: what depends on something missing is unknown.
enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct evaluating {
    const struct rule_node *nodes;
    const struct clearance *clearance;
    const void *at[RULE_SCOPES_MAX];  // the things at hand
    uint32_t scopes_count;
    const struct item *item;          // the one among them, NULL outside of items
};

static bool number(struct evaluating *e, uint32_t at, wide *value);
static bool text(struct evaluating *e, uint32_t at, struct span *value);
static enum answer answer(struct evaluating *e, uint32_t at);

static enum answer answer_of(bool is)
{
    return is ? ANSWER_YES : ANSWER_NO;
}

// --- Fields ---

static bool number_of_decimal(struct decimal d, wide *value)
{
    wide number = d.digits;
    for (unsigned i = d.scale; i < 6; i++) number *= 10;
    for (unsigned i = 6; i < d.scale; i++) number /= 10; // beyond a millionth is cut
    *value = number;
    return d.given;
}

static bool number_of_money(struct money money, wide *value)
{
    unsigned exponent;
    if (money.currency[0] == '\0' || !currency_exponent(span_of(money.currency), &exponent))
        return false;
    *value = money.minor;
    for (unsigned i = exponent; i < 6; i++) *value *= 10;
    return true;
}

// Moments are days since 1970-01-01, so that the difference of two is days.
static wide days_of(int64_t at_ms)
{
    return (wide)at_ms * MILLIONTHS / 86400000;
}

static bool number_at(const struct rule_node *node, const void *place, wide *value)
{
    switch (node->path.steps[node->path.count - 1]->kind) {
    case FIELD_DECIMAL: return number_of_decimal(*(const struct decimal *)place, value);
    case FIELD_AMOUNT: return number_of_decimal(((const struct amount *)place)->value, value);
    case FIELD_QUANTITY: return number_of_decimal(((const struct quantity *)place)->value, value);
    case FIELD_NUMBER: {
        const struct number *count = place;
        *value = (wide)count->value * MILLIONTHS;
        return count->given;
    }
    case FIELD_MOMENT: {
        const struct moment *moment = place;
        *value = days_of(moment->at_ms);
        return moment->given;
    }
    default: return false;
    }
}

static bool number_of_field(const struct evaluating *e, const struct rule_node *node, wide *value)
{
    assert(node->scope < e->scopes_count);
    const void *place = field_get(&node->path, e->at[node->scope]);
    return place != NULL && number_at(node, place, value);
}

static struct span text_at(const struct rule_node *node, const void *place)
{
    switch (node->path.steps[node->path.count - 1]->kind) {
    case FIELD_AMOUNT: return ((const struct amount *)place)->currency;
    case FIELD_QUANTITY: return ((const struct quantity *)place)->unit;
    default: return *(const struct span *)place;
    }
}

static bool text_of_field(const struct evaluating *e, const struct rule_node *node,
                          struct span *value)
{
    assert(node->scope < e->scopes_count);
    const void *place = field_get(&node->path, e->at[node->scope]);
    if (place != NULL) {
        *value = text_at(node, place);
        if (value->len > 0) return true;
    }
    return node->left != 0 && text_of_field(e, &e->nodes[node->left], value);
}

// --- Short names ---

static bool divide(wide left, wide right, wide *value)
{
    wide scaled;
    if (right == 0 || __builtin_mul_overflow(left, (wide)MILLIONTHS, &scaled)) return false;
    *value = scaled / right; // never the least number, which MILLIONTHS does not divide, by -1
    return true;
}

// Of the item at hand, or of all of them. An item's own is not known where the goods were valued in
// another run; unless it is the only one.
static bool customs_value(const struct evaluating *e, wide *value)
{
    const struct file *file = e->clearance->file;
    if (e->item == NULL || file->declaration.items.count == 1)
        return number_of_money(file->customs_value, value);
    if (e->clearance->item_values == NULL) return false;
    ptrdiff_t index = e->item - file->declaration.items.at;
    return number_of_money(e->clearance->item_values[index], value);
}

// Of the item at hand, or of all items together; unknown when one of them is.
static bool net_mass(const struct evaluating *e, wide *value)
{
    const struct declaration *d = &e->clearance->file->declaration;
    if (e->item != NULL) return number_of_decimal(e->item->net_mass, value);
    wide sum = 0, mass; // 999 decimals of 18 digits are far from 128 bits
    for (uint32_t i = 0; i < d->items.count; i++) {
        if (!number_of_decimal(d->items.at[i].net_mass, &mass)) return false;
        sum += mass;
    }
    *value = sum;
    return d->items.count > 0;
}

// Of all: as declared, or of the items together.
static bool gross_mass(const struct declaration *d, wide *value)
{
    if (d->total_gross_mass.given) return number_of_decimal(d->total_gross_mass, value);
    wide sum = 0, mass;
    for (uint32_t i = 0; i < d->items.count; i++) {
        if (!number_of_decimal(d->items.at[i].gross_mass, &mass)) return false;
        sum += mass;
    }
    *value = sum;
    return d->items.count > 0;
}

static bool price(const struct evaluating *e, wide *value)
{
    const struct amount *whole = &e->clearance->file->declaration.invoice_amount;
    return number_of_decimal(e->item != NULL ? e->item->price.value : whole->value, value);
}

static bool number_of_name(const struct evaluating *e, enum short_name name, wide *value)
{
    const struct file *file = e->clearance->file;
    wide mass, amount;
    switch (name) {
    case SHORT_VALUE: return customs_value(e, value);
    case SHORT_VALUE_PER_KILO:
        return customs_value(e, &amount) && net_mass(e, &mass) && divide(amount, mass, value);
    case SHORT_PRICE_PER_KILO:
        return price(e, &amount) && net_mass(e, &mass) && divide(amount, mass, value);
    case SHORT_DUTY: return number_of_money(file->duty_total, value);
    case SHORT_GROSS_MASS: return gross_mass(&file->declaration, value);
    case SHORT_NET_MASS: return net_mass(e, value);
    case SHORT_WARNINGS: *value = (wide)file->warnings_count * MILLIONTHS; return true;
    case SHORT_ITEMS: *value = (wide)file->declaration.items.count * MILLIONTHS; return true;
    case SHORT_NOW: *value = days_of(e->clearance->now_ms); return true;
    }
    return false;
}

// --- Lists ---

static struct list list_of(const struct evaluating *e, const struct rule_node *node)
{
    assert(node->kind == NODE_LIST);
    const struct list *list = field_get(&node->path, e->at[node->scope]);
    if (list != NULL && list->count > 0) return *list;
    return node->left != 0 ? list_of(e, &e->nodes[node->left]) : (struct list){ 0 };
}

// One element of a list after the other becomes the thing at hand.
struct walk {
    struct list list;
    const struct shape *shape;
    const struct item *item_before;
    uint32_t next;
};

static struct walk walk_of(struct evaluating *e, uint32_t at)
{
    const struct rule_node *node = &e->nodes[at];
    assert(e->scopes_count < RULE_SCOPES_MAX);
    e->scopes_count++;
    return (struct walk){ list_of(e, node), node->path.steps[0]->shape, e->item, 0 };
}

static bool walk_on(struct evaluating *e, struct walk *walk)
{
    if (walk->next == walk->list.count) {
        e->item = walk->item_before;
        e->scopes_count--;
        return false;
    }
    const void *element = (const char *)walk->list.at + (size_t)walk->next++ * walk->shape->size;
    e->at[e->scopes_count - 1] = element;
    if (walk->shape == &item_shape) e->item = element;
    return true;
}

// "any" is true when one is, "all" is false when one is, whatever the others may be. All of none is
// false: there must be some of whom it is true.
static enum answer answer_for_each(struct evaluating *e, const struct rule_node *node)
{
    enum answer decides = node->kind == NODE_ANY ? ANSWER_YES : ANSWER_NO;
    struct walk walk = walk_of(e, node->left);
    enum answer sum = answer_of(node->kind == NODE_ALL && walk.list.count > 0);
    while (walk_on(e, &walk)) {
        enum answer one = sum == decides ? decides : answer(e, node->right);
        if (one == decides || one == ANSWER_UNKNOWN) sum = one;
    }
    return sum;
}

static bool sum_of_each(struct evaluating *e, const struct rule_node *node, wide *value)
{
    wide sum = 0, one;
    bool known = true;
    struct walk walk = walk_of(e, node->left);
    while (walk_on(e, &walk))
        known = known && number(e, node->right, &one) && !__builtin_add_overflow(sum, one, &sum);
    *value = sum;
    return known;
}

static bool count_each(struct evaluating *e, const struct rule_node *node, wide *value)
{
    uint32_t count = 0;
    struct walk walk = walk_of(e, node->left);
    while (walk_on(e, &walk)) count += answer(e, node->right) == ANSWER_YES;
    *value = (wide)count * MILLIONTHS;
    return true;
}

// --- Numbers and texts ---

static bool calculate(struct evaluating *e, const struct rule_node *node, wide *value)
{
    wide left, right, product;
    if (!number(e, node->left, &left) || !number(e, node->right, &right)) return false;
    switch (node->kind) {
    case NODE_ADD: return !__builtin_add_overflow(left, right, value);
    case NODE_SUBTRACT: return !__builtin_sub_overflow(left, right, value);
    case NODE_TIMES:
        if (__builtin_mul_overflow(left, right, &product)) return false;
        *value = product / MILLIONTHS;
        return true;
    default: return divide(left, right, value);
    }
}

static bool number(struct evaluating *e, uint32_t at, wide *value)
{
    const struct rule_node *node = &e->nodes[at];
    switch (node->kind) {
    case NODE_NUMBER: *value = node->number; return true;
    case NODE_NUMBER_FIELD: return number_of_field(e, node, value);
    case NODE_SHORT: return number_of_name(e, node->name, value);
    case NODE_SUM: return sum_of_each(e, node, value);
    case NODE_COUNT: return count_each(e, node, value);
    default: return calculate(e, node, value);
    }
}

static bool text(struct evaluating *e, uint32_t at, struct span *value)
{
    const struct rule_node *node = &e->nodes[at];
    if (node->kind == NODE_TEXT_FIELD) return text_of_field(e, node, value);
    assert(node->kind == NODE_TEXT);
    *value = node->text;
    return true;
}

// --- Conditions ---

static enum answer compare(struct evaluating *e, const struct rule_node *node)
{
    wide left, right;
    if (!number(e, node->left, &left) || !number(e, node->right, &right)) return ANSWER_UNKNOWN;
    if (node->kind == NODE_EQUAL) return answer_of(left == right);
    return answer_of(node->kind == NODE_BELOW ? left < right : left <= right);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

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

static enum answer compare_texts(struct evaluating *e, const struct rule_node *node)
{
    struct span left, right;
    if (!text(e, node->left, &left) || !text(e, node->right, &right)) return ANSWER_UNKNOWN;
    switch (node->kind) {
    case NODE_STARTS: return answer_of(span_starts_with(left, right));
    case NODE_CONTAINS: return answer_of(contains(left, right));
    default: return answer_of(span_equal(left, right));
    }
}

static enum answer answer_number_in(struct evaluating *e, const struct rule_node *node)
{
    wide left, value;
    enum answer sum = ANSWER_NO;
    if (!number(e, node->left, &left)) return ANSWER_UNKNOWN;
    for (uint32_t link = node->right; link != 0; link = e->nodes[link].right) {
        if (!number(e, e->nodes[link].left, &value)) sum = ANSWER_UNKNOWN;
        else if (value == left) return ANSWER_YES;
    }
    return sum;
}

static enum answer answer_text_in(struct evaluating *e, const struct rule_node *node)
{
    struct span left, value;
    enum answer sum = ANSWER_NO;
    if (!text(e, node->left, &left)) return ANSWER_UNKNOWN;
    for (uint32_t link = node->right; link != 0; link = e->nodes[link].right) {
        if (!text(e, e->nodes[link].left, &value)) sum = ANSWER_UNKNOWN;
        else if (span_equal(value, left)) return ANSWER_YES;
    }
    return sum;
}

// "and" is false when one side is, "or" is true when one side is, whatever the other may be.
static enum answer answer_both(struct evaluating *e, const struct rule_node *node)
{
    enum answer decides = node->kind == NODE_OR ? ANSWER_YES : ANSWER_NO;
    enum answer left = answer(e, node->left);
    if (left == decides) return left;
    enum answer right = answer(e, node->right);
    return left == ANSWER_UNKNOWN && right != decides ? ANSWER_UNKNOWN : right;
}

static enum answer answer(struct evaluating *e, uint32_t at)
{
    const struct rule_node *node = &e->nodes[at];
    wide unused_number;
    struct span unused_text;
    switch (node->kind) {
    case NODE_EQUAL:
    case NODE_BELOW:
    case NODE_AT_MOST: return compare(e, node);
    case NODE_SAME:
    case NODE_STARTS:
    case NODE_CONTAINS: return compare_texts(e, node);
    case NODE_NUMBER_IN: return answer_number_in(e, node);
    case NODE_TEXT_IN: return answer_text_in(e, node);
    case NODE_NUMBER_MISSING: return answer_of(!number(e, node->left, &unused_number));
    case NODE_TEXT_MISSING: return answer_of(!text(e, node->left, &unused_text));
    case NODE_AND:
    case NODE_OR: return answer_both(e, node);
    case NODE_ANY:
    case NODE_ALL: return answer_for_each(e, node);
    default: break;
    }
    assert(node->kind == NODE_NOT);
    enum answer opposite = answer(e, node->left);
    return opposite == ANSWER_UNKNOWN ? opposite : answer_of(opposite == ANSWER_NO);
}

bool risk_rule_hits(const struct risk_rules *rules, const struct risk_rule *rule,
                    const struct clearance *clearance)
{
    struct evaluating e = { .nodes = rules->nodes, .clearance = clearance,
                            .at = { &clearance->file->declaration }, .scopes_count = 1 };
    enum answer hits = answer(&e, rule->root);
    assert(e.scopes_count == 1);
    return hits == ANSWER_YES;
}
