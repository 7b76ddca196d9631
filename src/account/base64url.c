#include "account/base64url.h"

#include "base/hash.h"

void base64url_write(struct text *text, const void *bytes, size_t size)
{
    size_t begin = text->len;
    base64_write(text, bytes, size);
    if (text->full) return;
    while (text->len > begin && text->at[text->len - 1] == '=') text->len--;
    for (char *at = text->at + begin; at < text->at + text->len; at++) {
        if (*at == '+') *at = '-';
        if (*at == '/') *at = '_';
    }
}

bool base64url_read(struct span s, struct arena scratch, void *into, size_t size_max, size_t *size)
{
    size_t padding = (4 - s.len % 4) % 4;
    char *plain = arena_take(&scratch, s.len + 3, 1);
    if (plain == NULL) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '+' || c == '/' || c == '=') return false; // of the other alphabet
        plain[i] = c;
        if (c == '-') plain[i] = '+';
        if (c == '_') plain[i] = '/';
    }
    memset(plain + s.len, '=', padding);
    return base64_read((struct span){ plain, s.len + padding }, into, size_max, size);
}
