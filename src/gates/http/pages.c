#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/http/gate.h"
#include "gates/http/routes.h"

// The web desk's built pages, from one folder. What is asked for is compared with the names of
// files: letters, digits, '-', '_', and points that do not begin a name. There are no other folders
// than assets/, whose names carry a hash of what is in them: those are cached for good.

static void show_page(struct request *request);
static void show_asset(struct request *request);

#define ANSWERS(type, sentence)                                                                 \
    { { 200, type, NULL, sentence },                                                            \
      { 404, "application/problem+json", "Problem", "There is no such page." } }
#define PAGE_ANSWERS ANSWERS("text/html", "The page.")
#define FILE_ANSWERS ANSWERS("*/*", "The file, of the type that its name ends in.")

static const struct route rows[] = {
    { "GET", "/", ROLES_ANYBODY, 0, "showDesk", "the web desk", NULL, { 0 }, { { 0 } },
      PAGE_ANSWERS, show_page, .ways = ROUTE_WAITS },
    { "GET", "/desk/{path...}", ROLES_ANYBODY, 0, "showDeskPage",
      "a page of the web desk: the same page, which reads its path", NULL, { 0 }, { { 0 } },
      PAGE_ANSWERS, show_page, .ways = ROUTE_WAITS },
    { "GET", "/assets/{name}", ROLES_ANYBODY, 0, "showAsset", "a script, style or picture of it",
      NULL, { 0 }, { { 0 } }, FILE_ANSWERS, show_asset, .ways = ROUTE_WAITS },
    { "GET", "/{name}", ROLES_ANYBODY, 0, "showPage",
      "a file beside the page, like its icon",
      NULL, { 0 }, { { 0 } }, FILE_ANSWERS, show_asset, .ways = ROUTE_WAITS },
};

const struct route_area pages_area = ROUTE_AREA("pages", "The web desk", rows);

static const char no_pages[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Tidewaiter</title>\n"
    "<h1>Tidewaiter</h1>\n<p>The server runs. The pages of the web desk are not built.</p>\n"
    "<p>What programs can ask, says <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>."
    "</p>\n</html>\n";

static const struct { const char *ending, *type; } types[] = {
    { ".html", "text/html; charset=utf-8" },       { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },         { ".json", "application/json" },
    { ".svg", "image/svg+xml" },                   { ".png", "image/png" },
    { ".ico", "image/x-icon" },                    { ".woff2", "font/woff2" },
    { ".txt", "text/plain; charset=utf-8" },       { ".webmanifest", "application/manifest+json" },
};

static const char *type_of(struct span name)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (span_ends_with(name, span_of(types[i].ending))) return types[i].type;
    return NULL;
}

static bool is_plain(struct span name)
{
    if (name.len == 0 || name.len > 120 || name.at[0] == '.') return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.';
        if (!plain) return false;
    }
    return true;
}

static void protect(struct request *request, const char *cache)
{
    reply_header(request, "Content-Security-Policy", "default-src 'self'");
    reply_header(request, "Referrer-Policy", "no-referrer");
    reply_header(request, "X-Frame-Options", "DENY");
    reply_header(request, "Cache-Control", cache);
}

static bool send_file(struct request *request, const char *folder, struct span name,
                      const char *cache)
{
    char path[4096];
    struct stat found;
    const char *pages = request->gate->pages, *type = type_of(name);
    if (pages == NULL || type == NULL || !is_plain(name)) return false;
    snprintf(path, sizeof(path), "%s/%s" SPAN_FMT, pages, folder, SPAN_ARG(name));
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return false;
    if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) {
        close(file);
        return false;
    }
    protect(request, cache);
    reply_text(request, 200, type, SPAN(""));
    request->reply.file = file;
    request->reply.file_size = (uint64_t)found.st_size;
    request->reply.has_file = true;
    return true;
}

static void show_page(struct request *request)
{
    if (send_file(request, "", SPAN("index.html"), "no-cache")) return;
    protect(request, "no-cache");
    reply_text(request, 200, "text/html; charset=utf-8", span_of(no_pages));
}

static void show_asset(struct request *request)
{
    struct error err;
    struct span name = request->parameters[0];
    bool hashed = span_starts_with(request->target.path, SPAN("/assets/"));
    if (hashed ? send_file(request, "assets/", name, "public, max-age=31536000, immutable")
               : send_file(request, "", name, "no-cache"))
        return;
    error_set(&err, ERROR_NOT_FOUND, "there is no such page");
    reply_error(request, &err);
}
