#include <stdio.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "consignment/body.h"
#include "gates/command/books.h"
#include "tariff/book_diff.h"

// What changed from one book to another: a line for each, and how many there are.

struct comparing {
    const struct command_line *line;
    struct opened_book before, after;
    struct arena arena;
    uint64_t lines[3], measures[3]; // by enum book_change
};

static const char signs[] = { [BOOK_ADDED] = '+', [BOOK_REMOVED] = '-', [BOOK_CHANGED] = '~' };
static const char *const words[] = { [BOOK_ADDED] = "added", [BOOK_REMOVED] = "removed",
                                     [BOOK_CHANGED] = "changed" };

// --- Finding a book by its file or its version ---------------------------------------------------

struct search { struct span version; char path[LIBRARY_PATH_MAX]; };

static void look(void *context, const char *path)
{
    struct search *search = context;
    struct span name = span_cut_last(span_of(path), '-').tail;
    if (span_starts_with(name, search->version))
        snprintf(search->path, sizeof(search->path), "%s", path);
}

static bool open_book(const struct command_line *line, const char *name, struct opened_book *book,
                      struct error *err)
{
    struct stat about;
    struct search search = { .version = span_of(name) };
    char folder[LIBRARY_PATH_MAX];
    if (stat(name, &about) == 0) return library_open_file(name, book, err);
    if (!library_visit(books_folder(line, folder), look, &search, err)) return false;
    if (search.path[0] != '\0') return library_open_file(search.path, book, err);
    error_set(err, ERROR_NOT_FOUND, "there is no book '%s'", name);
    return error_hint(err, "Name a file, or a version that 'tidewaiter books list' shows.");
}

// --- Telling -------------------------------------------------------------------------------------

static void print_line(const struct book *book, const struct book_line *line, char sign)
{
    char room[BOOK_CODE_DIGITS_MAX];
    printf("%c %-12.*s " SPAN_FMT "\n", sign, SPAN_ARG(book_code(line->key, line->digits, room)),
           SPAN_ARG(book_text(book, line->label[0])));
}

static struct span days_of(struct arena *arena, const struct book_measure *m)
{
    struct text days = text_in(arena, 40);
    if (m->from != INT32_MIN) {
        text_add(&days, SPAN(" from "));
        date_write(&days, (struct date){ m->from, true });
    }
    if (m->to != INT32_MAX) {
        text_add(&days, SPAN(" to "));
        date_write(&days, (struct date){ m->to, true });
    }
    return text_span(&days);
}

static void print_measure(struct arena arena, const struct book *book,
                          const struct book_measure *m, char sign)
{
    char room[BOOK_CODE_DIGITS_MAX], country[2];
    printf("%c %-12.*s %-4.*s %-13s " SPAN_FMT ": " SPAN_FMT SPAN_FMT, sign,
           SPAN_ARG(book_code(m->key, m->digits, room)),
           SPAN_ARG(book_type_code(&book->types[m->type])),
           measure_kind_name((enum measure_kind)m->kind),
           SPAN_ARG(book_origin(book, m->origin, country)), SPAN_ARG(book_text(book, m->rate)),
           SPAN_ARG(days_of(&arena, m)));
}

static void print_one(struct comparing *c, const struct book_difference *d)
{
    const struct book *before = &c->before.book, *after = &c->after.book;
    char sign = signs[d->change];
    if (d->line_after != NULL) print_line(after, d->line_after, sign);
    else if (d->line_before != NULL) print_line(before, d->line_before, sign);
    if (d->change == BOOK_CHANGED && d->measure_before != NULL) {
        print_measure(c->arena, before, d->measure_before, sign);
        printf(" -> " SPAN_FMT SPAN_FMT, SPAN_ARG(book_text(after, d->measure_after->rate)),
               SPAN_ARG(days_of(&c->arena, d->measure_after)));
    } else if (d->measure_after != NULL) {
        print_measure(c->arena, after, d->measure_after, sign);
    } else if (d->measure_before != NULL) {
        print_measure(c->arena, before, d->measure_before, sign);
    }
    if (d->measure_before != NULL || d->measure_after != NULL) printf("\n");
}

static void write_one(struct comparing *c, const struct book_difference *d)
{
    const struct book *before = &c->before.book, *after = &c->after.book;
    const struct book_measure *m = d->measure_after != NULL ? d->measure_after : d->measure_before;
    const struct book_line *line = d->line_after != NULL ? d->line_after : d->line_before;
    const struct book *book = d->line_after != NULL || d->measure_after != NULL ? after : before;
    struct arena arena = c->arena; // by value: what is taken vanishes
    struct json_writer w = json_writer_in(&arena, 512);
    char room[BOOK_CODE_DIGITS_MAX], country[2];
    struct span json;
    struct error err;
    json_open_object(&w);
    if (d->measure_after != NULL)
        body_put_text(&w, "after", book_text(after, d->measure_after->rate));
    if (d->measure_before != NULL)
        body_put_text(&w, "before", book_text(before, d->measure_before->rate));
    body_put_text(&w, "change", span_of(words[d->change]));
    if (line != NULL) {
        body_put_text(&w, "code", book_code(line->key, line->digits, room));
        body_put_text(&w, "label", book_text(book, line->label[0]));
    }
    if (m != NULL) {
        body_put_text(&w, "code", book_code(m->key, m->digits, room));
        body_put_text(&w, "kind", span_of(measure_kind_name((enum measure_kind)m->kind)));
        body_put_text(&w, "origin", book_origin(book, m->origin, country));
        body_put_text(&w, "type", book_type_code(&book->types[m->type]));
    }
    json_close_object(&w);
    if (json_written(&w, &json, &err)) printf(SPAN_FMT "\n", SPAN_ARG(json));
}

static void tell(void *context, const struct book_difference *difference)
{
    struct comparing *c = context;
    bool line = difference->line_before != NULL || difference->line_after != NULL;
    (line ? c->lines : c->measures)[difference->change]++;
    if (c->line->json) write_one(c, difference);
    else print_one(c, difference);
}

int books_diff(const struct command_line *line)
{
    struct comparing c = { .line = line };
    struct error err;
    bool done = false;
    if (line->arguments_count != 3) {
        error_set(&err, ERROR_SYNTAX, "two books are compared");
        error_hint(&err, "Say which: tidewaiter books diff A B");
    } else {
        done = arena_open(&c.arena, (size_t)1024 * MIB, &err) &&
               open_book(line, line->arguments[1], &c.before, &err) &&
               open_book(line, line->arguments[2], &c.after, &err) &&
               book_diff(&c.before.book, &c.after.book, &c.arena, tell, &c, &err);
    }
    if (done && !line->json)
        printf("lines: %llu added, %llu removed, %llu changed; measures: %llu added, %llu removed, "
               "%llu changed\n", (unsigned long long)c.lines[BOOK_ADDED],
               (unsigned long long)c.lines[BOOK_REMOVED],
               (unsigned long long)c.lines[BOOK_CHANGED],
               (unsigned long long)c.measures[BOOK_ADDED],
               (unsigned long long)c.measures[BOOK_REMOVED],
               (unsigned long long)c.measures[BOOK_CHANGED]);
    library_close(&c.before);
    library_close(&c.after);
    arena_close(&c.arena);
    return done ? EXIT_DONE : command_failed("books", &err);
}
