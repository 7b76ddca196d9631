#include "gates/files/xml_words.h"

#include <ctype.h>

#include "base/utf8.h"
#include "gates/files/cut.h"

bool xml_words_check(struct span text, struct error *err)
{
    size_t wrong_at;
    const char *zero = text.len == 0 ? NULL : memchr(text.at, 0, text.len);
    if (!utf8_check(text, &wrong_at) || zero != NULL) {
        const char *at = zero != NULL ? zero : text.at + wrong_at;
        error_at(err, text, at, "byte 0x%02X is not UTF-8 text", (unsigned char)*at);
        return error_hint(err, "Save the file as UTF-8.");
    }
    struct span encoding = xml_declared_encoding(text);
    if (xml_encoding_is_taken(encoding)) return true;
    error_at(err, text, encoding.at, "encoding '" SPAN_FMT "'", SPAN_ARG(encoding));
    return error_hint(err, "Save the file as UTF-8, and say so.");
}

// libxml2's sentences name lines of the message; ours are of the file, and stand beside the text.
static void take_lines_out(char *text)
{
    for (char *at; (at = strstr(text, " line ")) != NULL && isdigit((unsigned char)at[6]);) {
        char *end = at + 6;
        while (isdigit((unsigned char)*end)) end++;
        memmove(at, end, strlen(end) + 1);
    }
}

void xml_words_of(const xmlError *said, struct error *why)
{
    const char *message = said->message == NULL ? "it is not well-formed XML" : said->message;
    error_set(why, ERROR_SYNTAX, "%.*s", (int)strcspn(message, "\n"), message);
    if (isupper((unsigned char)why->text[0]) && islower((unsigned char)why->text[1]))
        why->text[0] = (char)tolower((unsigned char)why->text[0]);
    take_lines_out(why->text);
    error_hint(why, "The message must be well-formed XML.");
}
