#include "gates/command/scenario.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "consignment/amend.h"
#include "gates/command/desk.h"
#include "gates/files/xml_read.h"

struct gathered {
    const char *path;
    uint32_t root;                     // bytes of the path that was asked for
    struct declaration *declaration;   // one of both
    struct notification *notification;
};

struct gathering {
    struct arena *arena;
    struct xml_map *declarations, *notifications;
    struct gathered *messages;
    struct scenario_trouble *troubles;
    uint32_t messages_count;
    uint32_t root;
    struct scenarios *scenarios;
};

static bool too_many(struct error *err)
{
    error_set(err, ERROR_TOO_LARGE, "more than %d messages", SCENARIO_FILES_MAX);
    return error_hint(err, "Name fewer folders at once.");
}

// --- Reading ---

static bool add_trouble(struct gathering *g, const char *path, const struct error *why,
                        struct error *err)
{
    struct scenarios *s = g->scenarios;
    if (s->troubles_count == SCENARIO_FILES_MAX) return too_many(err);
    g->troubles[s->troubles_count++] = (struct scenario_trouble){ path, *why };
    return true;
}

static bool add_message(struct gathering *g, struct gathered message, struct error *err)
{
    if (g->messages_count == SCENARIO_FILES_MAX) return too_many(err);
    message.root = g->root;
    g->messages[g->messages_count++] = message;
    return true;
}

// `why` is set when the message was read as none.
static bool read_message(struct gathering *g, struct span text, struct gathered *message,
                         struct error *why)
{
    struct dropped dropped;
    message->notification = arena_take(g->arena, 1, sizeof(*message->notification));
    message->declaration = arena_take(g->arena, 1, sizeof(*message->declaration));
    if (message->notification == NULL || message->declaration == NULL)
        return error_set(why, ERROR_TOO_LARGE, "the messages do not fit into memory");
    if (xml_read_notification(g->notifications, text, g->arena, message->notification, &dropped,
                              why)) {
        message->declaration = NULL;
        return true;
    }
    message->notification = NULL;
    return why->kind == ERROR_CONFLICT &&
           xml_read_message(g->declarations, text, g->arena, message->declaration, &dropped, why);
}

static bool read_file(struct gathering *g, const char *path, struct error *err)
{
    struct gathered message = { .path = path };
    struct span text;
    struct error why;
    g->scenarios->files++;
    if (desk_read_text(path, DECLARATION_TEXT_MAX, g->arena, &text, &why) &&
        read_message(g, text, &message, &why)) {
        g->scenarios->declarations += message.declaration != NULL;
        return add_message(g, message, err);
    }
    if (why.kind != ERROR_NOT_FOUND) return add_trouble(g, path, &why, err);
    g->scenarios->others++;
    return true;
}

// --- Folders ---

static bool is_message(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strcasecmp(name + len - 4, ".xml") == 0;
}

static bool could_not(const char *path, struct error *err)
{
    error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
              "could not open '%s': %s", path, strerror(errno));
    return error_hint(err, "Look at the path and at who may read it.");
}

static bool walk(struct gathering *g, const char *path, unsigned depth, struct error *err);

static bool walk_entry(struct gathering *g, const char *folder, const char *name, unsigned depth,
                       struct error *err)
{
    struct stat about;
    struct text text = text_in(g->arena, 256);
    text_add(&text, span_of(folder));
    if (!span_ends_with(text_span(&text), SPAN("/"))) text_add_char(&text, '/');
    text_add(&text, span_of(name));
    if (text.full)
        return error_set(err, ERROR_TOO_LARGE, "the messages do not fit into memory");
    const char *path = text_span(&text).at; // texts end in a NUL
    if (lstat(path, &about) != 0) return true; // it is gone again
    if (S_ISDIR(about.st_mode)) return walk(g, path, depth + 1, err);
    return !S_ISREG(about.st_mode) || !is_message(name) || read_file(g, path, err);
}

static bool walk(struct gathering *g, const char *path, unsigned depth, struct error *err)
{
    if (depth > SCENARIO_DEPTH_MAX)
        return error_set(err, ERROR_TOO_LARGE, "'%s': folders more than %d deep", path,
                         SCENARIO_DEPTH_MAX);
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) return could_not(path, err);
    bool good = true;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (good && name[0] != '.') good = walk_entry(g, path, name, depth, err);
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool gather(struct gathering *g, const char *path, struct error *err)
{
    struct stat about;
    if (stat(path, &about) != 0) return could_not(path, err);
    struct span folder = span_of(path);
    while (folder.len > 1 && folder.at[folder.len - 1] == '/') folder.len--;
    g->root = (uint32_t)folder.len;
    if (S_ISDIR(about.st_mode)) return walk(g, path, 0, err);
    const char *slash = strrchr(path, '/');
    g->root = slash == NULL ? 0 : (uint32_t)(slash - path);
    return read_file(g, path, err);
}

// --- Pairs ---

static struct span folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return (struct span){ path, slash == NULL ? 0 : (size_t)(slash - path) };
}

static bool lies_below(const char *path, struct span folder)
{
    struct span whole = span_of(path);
    if (folder.len == 0) return true;
    return whole.len > folder.len && memcmp(whole.at, folder.at, folder.len) == 0 &&
           whole.at[folder.len] == '/';
}

static bool is_same(struct span a, struct span b)
{
    return a.len > 0 && span_equal(a, b);
}

static bool has_references(const struct declaration *declaration, const struct notification *n)
{
    return is_same(declaration->functional_reference_id, n->functional_reference_id) ||
           is_same(declaration->id, n->id);
}

static bool has_function(const struct gathered *message, const char *code)
{
    return message->declaration != NULL &&
           span_equal(message->declaration->function_code, span_of(code));
}

// In one folder: the one with the references, or the only one that lies in it.
static const struct gathered *find_in(const struct gathering *g, struct span folder,
                                     const struct notification *n)
{
    const struct gathered *only = NULL;
    bool several = false;
    for (uint32_t i = 0; i < g->messages_count; i++) {
        const struct gathered *message = &g->messages[i];
        if (!has_function(message, "9") || !lies_below(message->path, folder)) continue;
        if (has_references(message->declaration, n)) return message;
        if (!span_equal(folder_of(message->path), folder)) continue;
        several = several || only != NULL;
        only = message;
    }
    return several ? NULL : only;
}

static const struct gathered *find_declaration(const struct gathering *g,
                                              const struct gathered *message)
{
    struct span folder = folder_of(message->path);
    for (;;) {
        const struct gathered *found = find_in(g, folder, message->notification);
        if (found != NULL || folder.len <= message->root) return found;
        while (folder.len > 0 && folder.at[folder.len - 1] != '/') folder.len--;
        if (folder.len > 0) folder.len--;
    }
}

// The declaration as its first amendments leave it.
static bool amend(const struct gathering *g, const struct gathered *original,
                  struct scenario *scenario, struct error *err)
{
    uint32_t wanted = scenario->notification->version.given ? scenario->notification->version.value
                                                             : 1;
    struct span folder = folder_of(original->path);
    scenario->declaration = original->declaration;
    for (uint32_t i = 0; i < g->messages_count && scenario->amendments + 1 < wanted; i++) {
        const struct gathered *message = &g->messages[i];
        if (!has_function(message, "13") || !lies_below(message->path, folder)) continue;
        struct declaration *amended = arena_take(g->arena, 1, sizeof(*amended));
        if (amended == NULL)
            return error_set(err, ERROR_TOO_LARGE, "the amendments do not fit into memory");
        if (!declaration_amend(scenario->declaration, message->declaration, g->arena, amended, err))
            return false;
        scenario->declaration = amended;
        scenario->amendments++;
    }
    scenario->changed = scenario->amendments + 1 < wanted;
    return true;
}

static bool pair(struct gathering *g, struct error *err)
{
    void *room;
    if (!arena_need(g->arena, g->messages_count + (size_t)1, sizeof(struct scenario), &room,
                    "the messages", err))
        return false;
    struct scenario *scenarios = room;
    g->scenarios->at = scenarios;
    for (uint32_t i = 0; i < g->messages_count; i++) {
        const struct gathered *message = &g->messages[i];
        if (message->notification == NULL ||
            !span_equal(message->notification->function_code, SPAN("13")))
            continue;
        struct scenario *scenario = &scenarios[g->scenarios->count++];
        const struct gathered *original = find_declaration(g, message);
        *scenario = (struct scenario){ .path = message->path,
                                       .notification = message->notification };
        if (original == NULL) continue;
        scenario->declaration_path = original->path;
        scenario->other_references = !has_references(original->declaration, message->notification);
        if (!amend(g, original, scenario, err)) return false;
    }
    return true;
}

static bool take_room(struct gathering *g, struct error *err)
{
    void *messages, *troubles;
    if (!arena_need(g->arena, SCENARIO_FILES_MAX, sizeof(struct gathered), &messages,
                    "the messages", err) ||
        !arena_need(g->arena, SCENARIO_FILES_MAX, sizeof(struct scenario_trouble), &troubles,
                    "the messages", err))
        return false;
    g->messages = messages;
    g->troubles = troubles;
    g->scenarios->troubles = troubles;
    return true;
}

bool scenarios_read(const char *const *paths, uint32_t paths_count, struct arena *arena,
                    struct scenarios *scenarios, struct error *err)
{
    struct gathering g = { .arena = arena, .scenarios = scenarios };
    *scenarios = (struct scenarios){ 0 };
    bool good = take_room(&g, err) && xml_map_open(&g.declarations, NULL, err) &&
                xml_map_open_notifications(&g.notifications, err);
    for (uint32_t i = 0; good && i < paths_count; i++) good = gather(&g, paths[i], err);
    good = good && pair(&g, err);
    xml_map_close(g.declarations);
    xml_map_close(g.notifications);
    return good;
}
