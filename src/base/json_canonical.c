#include "base/json_inside.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct canonical {
    const struct json *json;
    struct text text;
    uint32_t *keys; // room for the keys of all objects that are open at one time
    struct error *err;
};

// --- Numbers. What was written is compared by digits; no value passes through a double. ---

enum {
    DIGITS_SURE = 15,     // a decimal of so many digits comes back from a double to the letter
    DIGITS_MAX = 17,      // no double needs more
    EXPONENT_SURE = 290,  // far inside a double's range, whatever the digits
    EXPONENT_MAX = 99999, // an exponent beyond this is cut to it: out of range all the same
};

// 0.DIGITS times ten to the power of `point`, without zeros at either end. Zero has no digits.
struct digits {
    char at[DIGITS_MAX + 1];
    unsigned len;
    int point;
    bool negative, too_many;
};

static struct digits digits_of(struct span number)
{
    struct digits d = { .negative = number.at[0] == '-' };
    const char *at = number.at + d.negative, *end = number.at + number.len;
    bool behind_point = false;
    int zeros = 0; // seen, and not known yet to stand between digits
    for (; at < end && (*at | 0x20) != 'e'; at++) {
        if (*at == '.') {
            behind_point = true;
            continue;
        }
        bool leading = d.len == 0 && *at == '0';
        d.point += leading ? -behind_point : !behind_point;
        if (leading) continue;
        zeros++;
        if (*at == '0') continue;
        d.too_many |= d.len + (unsigned)zeros > DIGITS_MAX;
        for (; zeros > 1 && !d.too_many; zeros--) d.at[d.len++] = '0';
        if (!d.too_many) d.at[d.len++] = *at;
        zeros = 0;
    }
    if (at < end) {
        at++;
        bool down = *at == '-';
        int exponent = 0;
        for (at += *at == '-' || *at == '+'; at < end; at++)
            if (exponent <= EXPONENT_MAX) exponent = exponent * 10 + (*at - '0');
        d.point += down ? -exponent : exponent;
    }
    return d;
}

// A whole number times ten to the power of `exponent`, read by digits alone: without a point, so
// that no locale has a say.
static double double_of(uint64_t whole, int exponent)
{
    char text[40];
    snprintf(text, sizeof(text), "%" PRIu64 "e%d", whole, exponent);
    return strtod(text, NULL);
}

// Whether a double gives these digits back: they are the shortest that name it, and the nearest of
// those. Asked only for 16 or 17 digits and for exponents near the ends of a double's range.
static bool double_gives_back(const struct digits *d)
{
    assert(d->len > 0 && d->len <= DIGITS_MAX);
    uint64_t wanted = 0;
    for (unsigned i = 0; i < d->len; i++) wanted = wanted * 10 + (uint64_t)(d->at[i] - '0');
    double value = double_of(wanted, d->point - (int)d->len);
    if (value == 0 || isinf(value)) return false;

    for (int len = 1; len <= DIGITS_MAX; len++) {
        char text[40];
        snprintf(text, sizeof(text), "%.*e", len - 1, value);
        uint64_t whole = 0;
        const char *at = text;
        for (; *at != 'e'; at++)
            if (*at >= '0' && *at <= '9') whole = whole * 10 + (uint64_t)(*at - '0');
        int exponent = (int)strtol(at + 1, NULL, 10) - (len - 1);

        // The nearest of this length may miss where the one above it hits: a power of two has its
        // neighbour below only half as far away as the one above.
        if (double_of(whole, exponent) != value && double_of(++whole, exponent) != value) continue;
        for (; whole % 10 == 0; whole /= 10) exponent++;
        return whole == wanted && exponent == d->point - (int)d->len;
    }
    assert(false); // 17 digits always do
    return false;
}

static bool digits_kept(const struct digits *d)
{
    if (d->too_many) return false;
    if (d->len == 0) return true;
    if (d->len <= DIGITS_SURE && abs(d->point) <= EXPONENT_SURE) return true;
    return double_gives_back(d);
}

static void add_zeros(struct text *text, int count)
{
    for (; count > 0; count--) text_add_char(text, '0');
}

// As ECMAScript writes a number (ECMA-262, Number::toString), which RFC 8785 section 3.2.2.3 asks.
static void digits_write(struct text *text, const struct digits *d)
{
    int len = (int)d->len, point = d->point;
    if (len == 0) {
        text_add_char(text, '0');
        return;
    }
    if (d->negative) text_add_char(text, '-');
    if (point > 0 && point <= 21) { // 123, 1200, 12.3
        int whole = len < point ? len : point;
        text_add(text, (struct span){ d->at, (size_t)whole });
        add_zeros(text, point - len);
        if (len > point) {
            text_add_char(text, '.');
            text_add(text, (struct span){ d->at + point, (size_t)(len - point) });
        }
    } else if (point > -6 && point <= 0) { // 0.00123
        text_add(text, SPAN("0."));
        add_zeros(text, -point);
        text_add(text, (struct span){ d->at, d->len });
    } else { // 1.23e+45
        text_add_char(text, d->at[0]);
        if (len > 1) {
            text_add_char(text, '.');
            text_add(text, (struct span){ d->at + 1, (size_t)(len - 1) });
        }
        text_add_format(text, "e%+d", point - 1);
    }
}

// A whole number of few digits is written as it is: nearly all of them.
static bool is_plain_integer(struct span s)
{
    size_t sign = s.at[0] == '-';
    if (s.len - sign > DIGITS_SURE) return false;
    for (size_t i = sign; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9') return false;
    return sign == 0 || s.at[1] != '0';
}

static bool number_write(struct canonical *c, uint32_t node)
{
    struct span raw = json_raw(c->json, node);
    if (is_plain_integer(raw)) {
        text_add(&c->text, raw);
        return true;
    }
    struct digits d = digits_of(raw);
    if (!digits_kept(&d)) {
        json_error(c->json, node, c->err, "a number that its canonical form would change");
        return error_hint(c->err, "Write it as a string.");
    }
    digits_write(&c->text, &d);
    return true;
}

// --- Everything else ---

static void string_write(struct canonical *c, uint32_t node)
{
    struct span raw = json_raw(c->json, node);
    if (!c->json->nodes[node].escaped) {
        text_add(&c->text, (struct span){ raw.at - 1, raw.len + 2 }); // with its quotes
        return;
    }
    text_add_char(&c->text, '"');
    const char *at = raw.at, *end = raw.at + raw.len;
    for (;;) {
        const char *escape = json_plain_end(at, end); // only backslashes are special in here
        text_add(&c->text, (struct span){ at, (size_t)(escape - at) });
        if (escape == end) break;
        char utf8[4];
        size_t len;
        at = escape + json_escape_read(escape, utf8, &len);
        json_escape_write(&c->text, (struct span){ utf8, len });
    }
    text_add_char(&c->text, '"');
}

static bool value_write(struct canonical *c, uint32_t node);

static bool array_write(struct canonical *c, uint32_t node)
{
    const struct json_node *nodes = c->json->nodes;
    text_add_char(&c->text, '[');
    for (uint32_t i = node + 1; i < nodes[node].next; i = nodes[i].next) {
        if (i > node + 1) text_add_char(&c->text, ',');
        if (!value_write(c, i)) return false;
    }
    text_add_char(&c->text, ']');
    return true;
}

static bool object_write(struct canonical *c, uint32_t node)
{
    uint32_t *keys = c->keys, count = 0, end = c->json->nodes[node].next;
    bool sorted = true;
    for (uint32_t key = node + 1; key < end; key = json_key_next(c->json, key)) {
        if (count > 0 && sorted) sorted = json_key_compare(c->json, keys[count - 1], key) < 0;
        keys[count++] = key;
    }
    assert(count == c->json->nodes[node].count);
    if (!sorted) json_keys_sort(c->json, keys, count);

    c->keys += count; // for the objects within
    text_add_char(&c->text, '{');
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) text_add_char(&c->text, ',');
        string_write(c, keys[i]);
        text_add_char(&c->text, ':');
        if (!value_write(c, keys[i] + 1)) return false;
    }
    text_add_char(&c->text, '}');
    c->keys = keys;
    return true;
}

// Calls itself through arrays and objects, JSON_DEPTH_MAX deep at most.
static bool value_write(struct canonical *c, uint32_t node)
{
    switch ((enum json_kind)c->json->nodes[node].kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
        text_add(&c->text, json_raw(c->json, node));
        return true;
    case JSON_NUMBER:
        return number_write(c, node);
    case JSON_STRING:
        string_write(c, node);
        return true;
    case JSON_ARRAY:
        return array_write(c, node);
    case JSON_OBJECT:
        return object_write(c, node);
    }
    assert(false);
    return false;
}

bool json_canonical(const struct json *json, struct arena *arena, struct span *canonical,
                    struct error *err)
{
    assert(json->count > 0);
    struct canonical c = { .json = json, .err = err };
    c.keys = arena_take_raw(arena, json->count, sizeof(*c.keys));
    if (c.keys == NULL)
        return error_set(err, ERROR_TOO_LARGE, "the message does not fit into working memory");
    c.text = text_in(arena, json->text.len);
    if (!value_write(&c, 0)) return false;
    if (c.text.full)
        return error_set(err, ERROR_TOO_LARGE, "the message does not fit into working memory");
    *canonical = text_span(&c.text);
    return true;
}
