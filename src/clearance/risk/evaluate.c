#include <assert.h>

#include "clearance/risk/node.h"

// Not being true is not being false: what depends on something missing is unknown.
enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct evaluating {
    const struct rule_node *nodes;
    const struct rule_field *fields;
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

// NULL when a list on the way is too short.
static inline const void *place_of(const struct evaluating *e, const struct rule_field *field)
{
    const char *base = e->at[field->scope];
    assert(field->scope < e->scopes_count);
    for (uint32_t i = 0; i < field->hops_count; i++) {
        const struct list *list = (const void *)(base + field->hops[i].list);
        if (field->hops[i].index >= list->count) return NULL;
        base = (const char *)list->at + field->hops[i].skip;
    }
    return base + field->offset;
}

static bool number_of_field(const struct evaluating *e, const struct rule_field *field, wide *value)
{
    const void *place = place_of(e, field);
    if (place == NULL) return false;
    switch (field->kind) {
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

static struct span text_at(const struct rule_field *field, const void *place)
{
    switch (field->kind) {
    case FIELD_AMOUNT: return ((const struct amount *)place)->currency;
    case FIELD_QUANTITY: return ((const struct quantity *)place)->unit;
    default: return *(const struct span *)place;
    }
}

static bool text_of_field(const struct evaluating *e, const struct rule_field *field,
                          struct span *value)
{
    const void *place = place_of(e, field);
    if (place != NULL) {
        *value = text_at(field, place);
        if (value->len > 0) return true;
    }
    return field->otherwise != 0 && text_of_field(e, &e->fields[field->otherwise], value);
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

static struct list list_of(const struct evaluating *e, const struct rule_field *field)
{
    const struct list *list = place_of(e, field);
    if (list != NULL && list->count > 0) return *list;
    return field->otherwise != 0 ? list_of(e, &e->fields[field->otherwise]) : (struct list){ 0 };
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
    const struct rule_field *field = &e->fields[e->nodes[at].field];
    assert(e->nodes[at].kind == NODE_LIST);
    assert(e->scopes_count < RULE_SCOPES_MAX);
    struct list list = list_of(e, field);
    e->scopes_count++;
    return (struct walk){ list, field->shape, e->item, 0 };
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
    case NODE_NUMBER_FIELD: return number_of_field(e, &e->fields[node->field], value);
    case NODE_SHORT: return number_of_name(e, (enum short_name)node->name, value);
    case NODE_SUM: return sum_of_each(e, node, value);
    case NODE_COUNT: return count_each(e, node, value);
    default: return calculate(e, node, value);
    }
}

static bool text(struct evaluating *e, uint32_t at, struct span *value)
{
    const struct rule_node *node = &e->nodes[at];
    if (node->kind == NODE_TEXT_FIELD) return text_of_field(e, &e->fields[node->field], value);
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

static bool begins_with_letters(const char *at, struct span what)
{
    size_t same = 0;
    while (same < what.len && lower(at[same]) == lower(what.at[same])) same++;
    return same == what.len;
}

// Without regard to the case of ASCII letters: words are written in many ways. Large and small ones
// differ in one bit, which finds the places that are worth a closer look.
static bool contains(struct span s, struct span what)
{
    enum { CASE = 0x20 };
    const int first = what.at[0] | CASE;
    for (size_t i = 0; i + what.len <= s.len; i++)
        if ((s.at[i] | CASE) == first && begins_with_letters(s.at + i, what)) return true;
    return false;
}

static enum answer compare_texts(struct evaluating *e, const struct rule_node *node)
{
    struct span left, right;
    if (!text(e, node->left, &left) || !text(e, node->right, &right)) return ANSWER_UNKNOWN;
    assert(left.len > 0 && right.len > 0); // an empty text is a missing one
    if (node->kind == NODE_CONTAINS) return answer_of(contains(left, right));
    if (left.at[0] != right.at[0]) return ANSWER_NO; // most chapters of the tariff
    return answer_of(node->kind == NODE_STARTS ? span_starts_with(left, right)
                                               : span_equal(left, right));
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

// "and" is false when one of them is, "or" is true when one of them is, whatever the others may be.
// a and b and c is a and (b and c): as long as the right side is of the same kind, it is the rest.
static enum answer answer_joined(struct evaluating *e, const struct rule_node *node)
{
    const uint8_t kind = node->kind;
    const enum answer decides = kind == NODE_OR ? ANSWER_YES : ANSWER_NO;
    enum answer sum = kind == NODE_OR ? ANSWER_NO : ANSWER_YES;
    for (;;) {
        enum answer one = answer(e, node->left);
        if (one == decides) return one;
        if (one == ANSWER_UNKNOWN) sum = one;
        const struct rule_node *rest = &e->nodes[node->right];
        if (rest->kind != kind) break;
        node = rest;
    }
    enum answer last = answer(e, node->right);
    return last == decides || last == ANSWER_UNKNOWN ? last : sum;
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
    case NODE_OR: return answer_joined(e, node);
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
    struct evaluating e = { .nodes = rules->nodes, .fields = rules->fields, .clearance = clearance,
                            .at = { &clearance->file->declaration }, .scopes_count = 1 };
    enum answer hits = answer(&e, rule->root);
    assert(e.scopes_count == 1);
    return hits == ANSWER_YES;
}
