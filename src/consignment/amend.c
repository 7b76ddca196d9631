#include "consignment/amend.h"

#include <assert.h>

#include "base/limits.h"

static const struct span item_section = SPAN_INIT("68A"); // GovernmentAgencyGoodsItem

static bool merge(const struct shape *shape, char *into, const char *from, struct arena *arena,
                  struct error *err);

// A list of its own with room for what both hold.
static bool copy_list(const struct field *field, struct list *list, uint32_t more,
                      struct arena *arena, struct error *err)
{
    void *room;
    size_t size = field->shape->size;
    if (!arena_need(arena, list->count + (size_t)more + 1, size, &room, "the amendment", err))
        return false;
    if (list->count > 0) memcpy(room, list->at, list->count * size);
    list->at = room;
    return true;
}

static uint32_t number_of(const struct item *items, uint32_t index)
{
    return items[index].sequence.given ? items[index].sequence.value : index + 1;
}

// Where an element of the amendment belongs: the index of the one that it changes, or the count.
static uint32_t place_of(const struct field *field, const struct list *list,
                         const struct list *changes, uint32_t index)
{
    if (field->shape != &item_shape) return index < list->count ? index : list->count;
    uint32_t wanted = number_of(changes->at, index), i = 0;
    while (i < list->count && number_of(list->at, i) != wanted) i++;
    return i;
}

static bool merge_list(const struct field *field, struct list *list, const struct list *changes,
                       struct arena *arena, struct error *err)
{
    size_t size = field->shape->size;
    if (changes->count == 0) return true;
    if (!copy_list(field, list, changes->count, arena, err)) return false;
    for (uint32_t i = 0; i < changes->count; i++) {
        uint32_t place = place_of(field, list, changes, i);
        if (place == list->count && list->count++ == field->max)
            return error_set(err, ERROR_TOO_LARGE, "more than %u of '" SPAN_FMT "'", field->max,
                             SPAN_ARG(field->name));
        if (!merge(field->shape, (char *)list->at + place * size,
                   (const char *)changes->at + i * size, arena, err))
            return false;
    }
    return true;
}

// A scalar is copied whole when the amendment gives it.
#define TAKE(type, is_given)                                                                      \
    do {                                                                                          \
        const struct type *given = (const void *)from;                                            \
        if (is_given) memcpy(into, from, sizeof(struct type));                                    \
    } while (0)

static bool merge_field(const struct field *field, char *into, const char *from,
                        struct arena *arena, struct error *err)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE: TAKE(span, given->len > 0); break;
    case FIELD_NUMBER: TAKE(number, given->given); break;
    case FIELD_DECIMAL: TAKE(decimal, given->given); break;
    case FIELD_MOMENT: TAKE(moment, given->given); break;
    case FIELD_AMOUNT: TAKE(amount, given->value.given); break;
    case FIELD_QUANTITY: TAKE(quantity, given->value.given); break;
    case FIELD_OBJECT: return merge(field->shape, into, from, arena, err);
    case FIELD_LIST:
        return merge_list(field, (void *)into, (const void *)from, arena, err);
    }
    return true;
}

static bool merge(const struct shape *shape, char *into, const char *from, struct arena *arena,
                  struct error *err)
{
    for (uint32_t i = 0; i < shape->fields_count; i++) {
        const struct field *field = &shape->fields[i];
        if (!merge_field(field, into + field->offset, from + field->offset, arena, err))
            return false;
    }
    return true;
}

// --- What is taken out ---

static bool holds_item(const struct declaration *declaration, uint32_t number)
{
    for (uint32_t i = 0; i < declaration->items.count; i++)
        if (number_of(declaration->items.at, i) == number) return true;
    return false;
}

static void take_out(struct declaration *declaration, uint32_t number)
{
    struct item *items = declaration->items.at;
    for (uint32_t i = 0; i < declaration->items.count; i++) {
        if (number_of(items, i) != number) continue;
        declaration->items.count--;
        memmove(&items[i], &items[i + 1], (declaration->items.count - i) * sizeof(*items));
        return;
    }
}

// The numbers must stay what they are when one in front is taken out.
static void write_numbers(struct declaration *declaration)
{
    struct item *items = declaration->items.at;
    for (uint32_t i = 0; i < declaration->items.count; i++)
        items[i].sequence = (struct number){ number_of(items, i), true };
}

static bool take_items_out(struct declaration *amended, const struct declaration *amendment,
                           struct arena *arena, struct error *err)
{
    void *room;
    if (!arena_need(arena, amended->items.count + (size_t)1, sizeof(struct item), &room,
                    "the amendment", err))
        return false;
    if (amended->items.count > 0)
        memcpy(room, amended->items.at, amended->items.count * sizeof(struct item));
    amended->items.at = room;
    write_numbers(amended);
    for (uint32_t i = 0; i < amendment->amendments.count; i++) {
        const struct amendment *change = &amendment->amendments.at[i];
        if (change->pointers.count == 0) continue;
        const struct pointer *last = &change->pointers.at[change->pointers.count - 1];
        if (span_equal(last->section_code, item_section) && last->tag_id.len == 0 &&
            last->sequence.given && !holds_item(amendment, last->sequence.value))
            take_out(amended, last->sequence.value);
    }
    return true;
}

bool declaration_amend(const struct declaration *declaration, const struct declaration *amendment,
                       struct arena *arena, struct declaration *amended, struct error *err)
{
    struct declaration changes = *amendment;
    changes.function_code = changes.type_code = changes.functional_reference_id = SPAN("");
    changes.id = changes.version_id = SPAN("");
    changes.issued_at = changes.accepted_at = (struct moment){ 0 };
    changes.amendments.count = changes.statements.count = 0;
    *amended = *declaration;
    return merge(&declaration_shape, (char *)amended, (const char *)&changes, arena, err) &&
           take_items_out(amended, amendment, arena, err);
}
