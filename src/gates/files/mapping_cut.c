#include <assert.h>

#include "gates/files/mapping.h"

// The length of the row at the start of the text; 0: it is not whole yet.
static size_t row_length(struct cutter *cutter, struct span text, bool ended)
{
    struct span near = { text.at, text.len > CSV_ROW_MAX ? CSV_ROW_MAX : text.len };
    size_t len = cutter->long_row ? 0 : csv_row_length(near);
    if (len > 0) return len;
    if (ended && !cutter->long_row) return csv_row_extent(text);
    if (!ended && !cutter->long_row && text.len <= CSV_ROW_MAX) return 0;
    const char *end = memchr(text.at, '\n', text.len);
    cutter->long_row = end == NULL && !ended;
    if (end == NULL) return ended ? text.len : 0;
    return (size_t)(end - text.at) + 1;
}

static bool is_blank_row(struct span row)
{
    return span_equal(row, SPAN("\n")) || span_equal(row, SPAN("\r\n"));
}

// The row's group; false when the row is broken. An empty group is none.
static bool group_of(const struct mapping *mapping, struct arena *scratch, struct span row,
                     struct span *group)
{
    struct csv csv = mapping->header;
    struct csv_row fields;
    struct error err;
    const char *at;
    bool found;
    csv.rest = row;
    return csv_next(&csv, scratch, &fields, &found, &err) && found &&
           mapping_fill(&mapping->group, &fields, scratch, group, &at, &err);
}

enum belongs { BELONGS, BELONGS_NOT, BELONGS_PERHAPS };

// Does the row belong to the declaration that has begun?
static enum belongs row_belongs(const struct mapping *mapping, struct cutter *cutter,
                                struct arena scratch, struct span row)
{
    struct span group;
    if (!group_of(mapping, &scratch, row, &group)) return BELONGS_PERHAPS;
    struct sha256 hash = sha256_of(group);
    bool known = cutter->grouped, same = known && sha256_equal(hash, cutter->group);
    cutter->grouped = true;
    if (!known) cutter->group = hash;
    return !known || (same && group.len > 0) ? BELONGS : BELONGS_NOT;
}

static struct cut cut_rows(struct cutter *cutter, size_t end, size_t next)
{
    cutter->grouped = false;
    cutter->doubt = 0;
    return cut_message(cutter, end, next);
}

// Where the next row begins; the window's length when it is not there.
static size_t behind_blank_rows(struct span window, size_t from)
{
    while (from < window.len && (window.at[from] == '\n' || window.at[from] == '\r')) from++;
    return from;
}

struct cut mapping_cut(const struct mapping *mapping, struct cutter *cutter, struct arena scratch,
                       struct span window, bool ended)
{
    if (!cutter->begun) {
        cutter->seen = behind_blank_rows(window, cutter->seen);
        if (cutter->seen == window.len) return ended ? cut_end() : cut_more();
        cutter->begun = true;
        cutter->begin = cutter->seen;
    }
    while (cutter->seen < window.len) {
        size_t at = cutter->seen;
        struct span rest = { window.at + at, window.len - at };
        bool was_long = cutter->long_row;
        size_t len = row_length(cutter, rest, ended);
        if (len == 0) {
            if (!cutter->long_row) return cut_more();
            if (cutter->grouped && cutter->doubt == 0) cutter->doubt = at;
            cutter->seen = window.len; // its end is all that is looked for
            return cut_more();
        }
        struct span row = { rest.at, len };
        cutter->seen = at + len;
        if (mapping->group.pieces_count == 0) return cut_rows(cutter, at + len, at + len);
        if (is_blank_row(row)) continue;
        enum belongs belongs =
            was_long ? BELONGS_PERHAPS : row_belongs(mapping, cutter, scratch, row);
        size_t doubt = cutter->doubt;
        if (belongs == BELONGS_NOT) return cut_rows(cutter, at, doubt > 0 ? doubt : at);
        if (belongs == BELONGS) cutter->doubt = 0;
        else if (doubt == 0 && cutter->grouped) cutter->doubt = at;
    }
    return ended ? cut_rows(cutter, window.len, window.len) : cut_more();
}
