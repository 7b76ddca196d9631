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

// Without --key the key of the store here is trusted, if there is one; the answer says so.
static bool find_key(const struct command_line *line, struct arena *arena, struct span *vkey,
                     char path[4096], struct error *err)
{
    path[0] = '\0';
    if (!option_key(line, arena, vkey, err)) return false;
    if (vkey->len > 0) return true;
    snprintf(path, 4096, "%s/ledger/vkey", line->store);
    if (access(path, R_OK) != 0) {
        path[0] = '\0';
        return true;
    }
    struct span text;
    if (!desk_read_text(path, 4096, arena, &text, err)) return false;
    *vkey = span_trim(text);
    return true;
}

static void tell(const struct command_line *line, const struct paper_verdict *verdict,
                 struct span vkey, const char *path)
{
    printf("%s: %s\n", verdict_name(verdict->verdict), verdict->sentence);
    if (path[0] != '\0') printf("the key trusted is that of %s\n", path);
    if (vkey.len == 0 && verdict->key[0] != '\0')
        printf("the key it names: %s\n  If that is the administration's key, give it with --key.\n",
               verdict->key);
    if (line->json)
        printf("{\"verdict\":\"%s\",\"facts\":%u,\"withheld\":%u}\n",
               verdict_name(verdict->verdict), verdict->facts, verdict->withheld);
}

int verify_command(const struct command_line *line)
{
    struct error err;
    struct arena arena;
    struct span paper, vkey;
    char path[4096];
    static struct paper_verdict verdict;
    if (!arena_open(&arena, (size_t)512 * MIB, &err)) return command_failed("verify", &err);
    bool read = desk_read_text(line->arguments[0], JSON_TEXT_MAX, &arena, &paper, &err) &&
                find_key(line, &arena, &vkey, path, &err);
    if (read) {
        paper_verify(paper, vkey, &arena, &verdict);
        tell(line, &verdict, vkey, path);
    }
    arena_close(&arena);
    if (!read) return command_failed(line->arguments[0], &err);
    return verdict.verdict == VERDICT_TRUE ? EXIT_DONE : EXIT_SOME_REFUSED;
}
