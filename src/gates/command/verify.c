#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "document/paper.h"
#include "gates/command/desk.h"

bool option_key(const struct command_line *line, struct arena *arena, struct span *vkey,
                struct error *err)
{
    const char *given = option_value(line, "--key");
    *vkey = span_trim(span_of(given));
    if (given == NULL || access(given, R_OK) != 0) return true;
    struct span text;
    if (!desk_read_text(given, 4096, arena, &text, err)) return false;
    *vkey = span_trim(text);
    return true;
}

int verify_command(const struct command_line *line)
{
    struct error err;
    struct arena arena;
    struct span paper, vkey;
    static struct paper_verdict verdict;
    if (!arena_open(&arena, (size_t)512 * MIB, &err)) return command_failed("verify", &err);
    if (!desk_read_text(line->arguments[0], JSON_TEXT_MAX, &arena, &paper, &err) ||
        !option_key(line, &arena, &vkey, &err)) {
        arena_close(&arena);
        return command_failed(line->arguments[0], &err);
    }
    paper_verify(paper, vkey, &arena, &verdict);
    printf("%s: %s\n", verdict_name(verdict.verdict), verdict.sentence);
    if (vkey.len == 0 && verdict.key[0] != '\0') printf("the key it names: %s\n", verdict.key);
    if (line->json)
        printf("{\"verdict\":\"%s\",\"facts\":%u}\n", verdict_name(verdict.verdict), verdict.facts);
    arena_close(&arena);
    return verdict.verdict == VERDICT_TRUE ? EXIT_DONE : EXIT_SOME_REFUSED;
}
