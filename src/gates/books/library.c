#include "gates/books/library.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".book"

static bool trouble(struct error *err, const char *what, const char *path)
{
    return error_set(err, ERROR_UNAVAILABLE, "could not %s '%s': %s", what, path, strerror(errno));
}

// --- Keeping -------------------------------------------------------------------------------------

static bool write_all(int file, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(file, bytes.at, bytes.len);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        bytes.at += put, bytes.len -= (size_t)put;
    }
    return true;
}

static bool sync_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0) close(file);
    return synced;
}

static bool write_beside(const char *path, struct span bytes, struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return trouble(err, "create", path);
    bool written = write_all(file, bytes) && fsync(file) == 0;
    if (!written) trouble(err, "write", path);
    close(file);
    if (!written) unlink(path);
    return written;
}

// With the folders above it.
static bool make_folder(const char *folder)
{
    char path[LIBRARY_PATH_MAX];
    snprintf(path, sizeof(path), "%s", folder);
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at != '/') continue;
        *at = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST) return false;
        *at = '/';
    }
    return mkdir(path, 0755) == 0 || errno == EEXIST;
}

bool library_keep(const char *folder, const struct book *book, struct span bytes, char *path,
                  struct error *err)
{
    char beside[LIBRARY_PATH_MAX + 8];
    _Alignas(16) char room[64];
    struct arena arena = arena_over(room, sizeof(room));
    struct text day = text_in(&arena, 16);
    date_write(&day, (struct date){ book->head->as_of, true });
    int len = snprintf(path, LIBRARY_PATH_MAX, "%s/%s-" SPAN_FMT "-" SPAN_FMT ENDING, folder,
                       book->head->country, SPAN_ARG(text_span(&day)),
                       SPAN_ARG(version_span(&book->version)));
    if (len >= LIBRARY_PATH_MAX) return error_set(err, ERROR_TOO_LARGE, "the path is too long");
    snprintf(beside, sizeof(beside), "%s.new", path);
    if (!book_is_whole(bytes)) return error_set(err, ERROR_DAMAGED, "the book's sum is wrong");
    if (!make_folder(folder)) return trouble(err, "make", folder);
    if (!write_beside(beside, bytes, err)) return false;
    if (rename(beside, path) != 0 || !sync_folder(folder)) return trouble(err, "name", path);
    return true;
}

// --- Opening -------------------------------------------------------------------------------------

bool library_open_file(const char *path, struct opened_book *opened, struct error *err)
{
    struct stat about;
    *opened = (struct opened_book){ 0 };
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return trouble(err, "open", path);
    bool known = fstat(file, &about) == 0 && about.st_size > 0;
    void *map = known ? mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE,
                             file, 0)
                      : MAP_FAILED;
    close(file);
    if (map == MAP_FAILED) return trouble(err, "read", path);
    opened->map = map;
    opened->size = (size_t)about.st_size;
    if (book_open(&opened->book, (struct span){ map, opened->size }, err)) return true;
    library_close(opened);
    return error_field(err, "%s", path);
}

void library_close(struct opened_book *opened)
{
    if (opened->map != NULL) munmap(opened->map, opened->size);
    opened->map = NULL;
}

// --- Finding -------------------------------------------------------------------------------------

static int is_book(const struct dirent *entry)
{
    return span_ends_with(span_of(entry->d_name), SPAN(ENDING));
}

bool library_visit(const char *folder, void (*visit)(void *context, const char *path),
                   void *context, struct error *err)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_book, alphasort);
    if (count < 0) return errno == ENOENT || trouble(err, "read", folder);
    for (int i = 0; i < count; i++) {
        char path[LIBRARY_PATH_MAX];
        int len = snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        if (len < (int)sizeof(path)) visit(context, path);
        free(entries[i]);
    }
    free(entries);
    return true;
}

// By names alone: XX-YYYY-MM-DD-VERSION.book.
struct search {
    struct span country;
    struct date day;
    char best[LIBRARY_PATH_MAX];
    struct date best_day;
    bool several;                // countries, and none was asked for
    char seen[4];
};

static bool read_name(const char *path, struct span *country, struct date *day)
{
    struct span name = span_cut_last(span_of(path), '/').tail;
    struct span_pair cut = span_cut(name, '-');
    struct error err;
    *country = cut.head;
    return cut.found && cut.tail.len > 10 &&
           date_read((struct span){ cut.tail.at, 10 }, day, &err);
}

static void look(void *context, const char *path)
{
    struct search *search = context;
    struct span country;
    struct date day;
    if (!read_name(path, &country, &day)) return;
    if (search->country.len == 0) {
        if (search->seen[0] != '\0' && !span_equal(span_of(search->seen), country))
            search->several = true;
        snprintf(search->seen, sizeof(search->seen), SPAN_FMT, SPAN_ARG(country));
    } else if (!span_equal(country, search->country)) {
        return;
    }
    bool first = search->best[0] == '\0', fits = day.days <= search->day.days;
    bool better = fits ? day.days >= search->best_day.days ||
                             search->best_day.days > search->day.days
                       : day.days < search->best_day.days;
    if (!first && !better) return;
    snprintf(search->best, sizeof(search->best), "%s", path);
    search->best_day = day;
}

bool library_open(const char *folder, struct span country, struct date day,
                  struct opened_book *opened, struct error *err)
{
    struct search search = { .country = country, .day = day };
    *opened = (struct opened_book){ 0 };
    if (!library_visit(folder, look, &search, err)) return false;
    if (search.several) {
        error_set(err, ERROR_SYNTAX, "'%s' has books of several countries", folder);
        return error_hint(err, "Say which: --country US.");
    }
    if (search.best[0] != '\0') return library_open_file(search.best, opened, err);
    error_set(err, ERROR_NOT_FOUND, "there is no book" "%s" SPAN_FMT " in '%s'",
              country.len > 0 ? " of " : "", SPAN_ARG(country), folder);
    return error_hint(err, "Import one: tidewaiter books import FILE --as-of DATE --country CC");
}
