#include "base/span.h"

#include <assert.h>

static struct span_pair cut_at(struct span s, const char *found)
{
    if (found == NULL) return (struct span_pair){ s, { s.at, 0 }, false };

    size_t head_len = (size_t)(found - s.at);
    assert(head_len < s.len);
    return (struct span_pair){ { s.at, head_len }, { found + 1, s.len - head_len - 1 }, true };
}

struct span_pair span_cut(struct span s, char mark)
{
    return cut_at(s, s.len == 0 ? NULL : memchr(s.at, mark, s.len));
}

struct span_pair span_cut_last(struct span s, char mark)
{
    return cut_at(s, s.len == 0 ? NULL : memrchr(s.at, mark, s.len));
}

int span_compare(struct span a, struct span b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    if (order != 0) return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool span_starts_with(struct span s, struct span prefix)
{
    return s.len >= prefix.len && span_equal((struct span){ s.at, prefix.len }, prefix);
}

bool span_ends_with(struct span s, struct span suffix)
{
    if (s.len < suffix.len) return false;
    return span_equal((struct span){ s.at + s.len - suffix.len, suffix.len }, suffix);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
    while (s.len > 0 && is_blank(s.at[0])) s = (struct span){ s.at + 1, s.len - 1 };
    while (s.len > 0 && is_blank(s.at[s.len - 1])) s.len--;
    return s;
}

struct span span_of(const char *text)
{
    return text == NULL ? SPAN("") : (struct span){ text, strlen(text) };
}

bool span_to_u64(struct span s, uint64_t *value)
{
    if (s.len == 0 || s.len > 19) return false;
    if (s.at[0] == '0' && s.len > 1) return false;

    uint64_t sum = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') return false;
        sum = sum * 10 + (uint64_t)(s.at[i] - '0');
    }
    *value = sum;
    return true;
}
