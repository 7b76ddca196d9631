// Fuzz target: URLs of webhooks, and the operator's list of receivers inside.
//
// The first line is such a list, the rest a URL. One that fits as an insider's is on the list; one
// that fits otherwise is https.
#include <stdint.h>
#include <stdlib.h>

#include "gates/http/hook_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hook_insiders insiders;
    struct error err;
    bool inside = false;
    struct span_pair cut = span_cut((struct span){ (const char *)data, size }, '\n');
    char *list = malloc(cut.head.len + 1);
    if (list == NULL) return 0;
    if (cut.head.len > 0) memcpy(list, cut.head.at, cut.head.len);
    list[cut.head.len] = '\0';
    if (!hook_insiders_read(list, &insiders, &err)) insiders.count = 0;
    free(list);
    if (!hook_url_fits(cut.tail, &insiders, &inside, &err)) return 0;
    if (cut.tail.len > HOOK_URL_MAX) abort();
    if (inside && insiders.count == 0) abort();
    char first = (char)(cut.tail.at[0] | 0x20);
    if (!inside && span_cut(cut.tail, ':').found && first == 'h' && cut.tail.len > 5 &&
        cut.tail.at[4] == ':')
        abort(); // http, to the world
    return 0;
}
