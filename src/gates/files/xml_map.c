#include "gates/files/xml_map.h"

#include <assert.h>
#include <libxml/parser.h>
#include <stdlib.h>

enum { XML_NODES_MAX = 2048, XML_SHAPES_MAX = 64 };

// Shapes that have a tree already, while the map is made.
struct making {
    struct xml_map *map;
    const struct shape *shapes[XML_SHAPES_MAX];
    uint32_t roots[XML_SHAPES_MAX];
    uint32_t shapes_count;
};

uint32_t xml_map_child(const struct xml_map *map, uint32_t node, struct span name)
{
    uint32_t child = map->nodes[node].child;
    while (child != 0 && !span_equal(map->nodes[child].name, name)) child = map->nodes[child].sibling;
    return child;
}

static uint32_t new_node(struct xml_map *map, struct span name)
{
    assert(map->nodes_count < XML_NODES_MAX);
    map->nodes[map->nodes_count] = (struct xml_node){ .name = name };
    return map->nodes_count++;
}

// Children stay in the order of the table.
static uint32_t child_of(struct xml_map *map, uint32_t parent, struct span name)
{
    uint32_t found = xml_map_child(map, parent, name);
    if (found != 0) return found;
    found = new_node(map, name);
    uint32_t *last = &map->nodes[parent].child;
    while (*last != 0) last = &map->nodes[*last].sibling;
    *last = found;
    return found;
}

static uint32_t shape_root(struct making *making, const struct shape *shape);

static void add_fields(struct making *making, uint32_t root, const struct shape *shape,
                       uint32_t offset)
{
    struct xml_map *map = making->map;
    for (uint32_t i = 0; i < shape->fields_count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->element == NULL) continue;
        if (field->element[0] == '\0') {
            assert(field->kind == FIELD_OBJECT);
            add_fields(making, root, field->shape, offset + field->offset);
            continue;
        }
        uint32_t node = root;
        for (struct span_pair path = { .tail = span_of(field->element) }; path.tail.len > 0;) {
            path = span_cut(path.tail, '/');
            node = child_of(map, node, path.head);
        }
        assert(map->nodes[node].field == NULL); // two fields in one place
        map->nodes[node].field = field;
        map->nodes[node].offset = offset + field->offset;
        if (field->shape != NULL) map->nodes[node].shape_root = shape_root(making, field->shape);
    }
}

static uint32_t shape_root(struct making *making, const struct shape *shape)
{
    for (uint32_t i = 0; i < making->shapes_count; i++)
        if (making->shapes[i] == shape) return making->roots[i];

    assert(making->shapes_count < XML_SHAPES_MAX);
    uint32_t root = new_node(making->map, span_of(shape->name));
    making->shapes[making->shapes_count] = shape;
    making->roots[making->shapes_count++] = root;
    add_fields(making, root, shape, 0);
    return root;
}

bool xml_map_open(struct xml_map **opened, const char *schemas, struct error *err)
{
    xmlInitParser();
    struct xml_map *map = calloc(1, sizeof(*map));
    if (map == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the XML map");
    void *nodes = NULL;
    bool done = arena_open(&map->arena, 1 * 1024 * 1024, err) &&
                arena_need(&map->arena, XML_NODES_MAX, sizeof(struct xml_node), &nodes,
                           "the XML map", err);
    if (done) {
        map->nodes = nodes;
        map->nodes_count = 1;
        struct making making = { .map = map };
        uint32_t root = shape_root(&making, &declaration_shape);
        assert(root == XML_DECLARATION_ROOT);
        done = schemas == NULL || xml_strict_open(&map->strict, schemas, err);
    }
    if (!done) {
        xml_map_close(map);
        return false;
    }
    *opened = map;
    return true;
}

void xml_map_close(struct xml_map *map)
{
    if (map == NULL) return;
    xml_strict_close(map->strict);
    arena_close(&map->arena);
    free(map);
}
