// R-3xx: numbers have their shape, and check digits fit.

#include "consignment/container.h"
#include "clearance/check/view.h"

enum { LRN_SIZE_MAX = 22, UCR_SIZE_MAX = 35, TIN_SIZE_MAX = 17, MRN_SIZE = 18, OFFICE_SIZE = 8 };

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_code_char(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); }

static bool all(struct span s, bool (*fits)(char))
{
    for (size_t i = 0; i < s.len; i++)
        if (!fits(s.at[i])) return false;
    return true;
}

static bool starts_with_country(struct span s)
{
    return s.len >= 2 && country_in_customs_use((struct span){ s.at, 2 });
}

static bool container_digits_fit(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->declaration->containers.count; i++) {
        struct span id = view->declaration->containers.at[i].id;
        if (container_shaped(id) && !container_digit_fits(id)) return broken_at(spot, i);
    }
    return true;
}

// Other classifications are additional codes, national codes and the like.
static bool is_commodity_code(const struct classification *classification)
{
    return classification->type_code.len == 0 ||
           is_one_of(classification->type_code, "TSP HS CN ");
}

static bool commodity_code_shaped(struct span id)
{
    return id.len >= 6 && id.len <= 10 && all(id, is_digit);
}

static bool commodity_codes_shaped(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->item->classifications.count; i++) {
        const struct classification *classification = &view->item->classifications.at[i];
        if (classification->id.len > 0 && is_commodity_code(classification) &&
            !commodity_code_shaped(classification->id))
            return broken_at(spot, i);
    }
    return true;
}

static bool chapters_exist(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->item->classifications.count; i++) {
        const struct classification *classification = &view->item->classifications.at[i];
        struct span id = classification->id;
        if (!is_commodity_code(classification) || !commodity_code_shaped(id)) continue;
        int chapter = (id.at[0] - '0') * 10 + (id.at[1] - '0');
        if (chapter == 0 || chapter == 77) return broken_at(spot, i);
    }
    return true;
}

static bool local_reference_shaped(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span id = view->declaration->functional_reference_id;
    return id.len <= LRN_SIZE_MAX && (id.len == 0 || memchr(id.at, ' ', id.len) == NULL);
}

static bool consignment_reference_shaped(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span id = view->declaration->ucr;
    return id.len <= UCR_SIZE_MAX && (id.len == 0 || memchr(id.at, ' ', id.len) == NULL);
}

static const struct named parties[] = {
    { "agent", offsetof(struct declaration, agent.id) },
    { "declarant", offsetof(struct declaration, declarant.id) },
    { "exporter", offsetof(struct declaration, exporter.id) },
    { "importer", offsetof(struct declaration, importer.id) },
};

static bool trader_numbers_shaped(const struct view *view, struct spot *spot)
{
    if (view->type.additional == 0) return true; // national numbers are national
    for (uint32_t i = spot->next; i < COUNT(parties); i++) {
        struct span id = *(const struct span *)named_at(view->declaration, &parties[i]);
        if (id.len == 0) continue;
        if (id.len < 3 || id.len > TIN_SIZE_MAX || !starts_with_country(id) ||
            !all(id, is_code_char))
            return broken_by_name(spot, i, parties);
    }
    return true;
}

// 23 + DE + 13 letters and digits + check digit.
static bool movement_reference_fits(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span id = view->declaration->id;
    if (id.len == 0) return true;
    if (id.len != MRN_SIZE || !is_digit(id.at[0]) || !is_digit(id.at[1])) return false;
    if (!starts_with_country((struct span){ id.at + 2, 2 })) return false;
    return check_digit((struct span){ id.at, MRN_SIZE - 1 }) == id.at[MRN_SIZE - 1] - '0';
}

// 6 + GB123456789012 + - + reference: the year's last digit, the trader, what the trader likes.
static bool ducr_shaped(struct span id)
{
    struct span_pair cut = span_cut(id, '-');
    if (id.len > UCR_SIZE_MAX || !cut.found || cut.tail.len == 0 || cut.head.len < 4) return false;
    struct span trader = { cut.head.at + 1, cut.head.len - 1 };
    return is_digit(id.at[0]) && starts_with_country(trader) && all(trader, is_code_char);
}

static bool declaration_ucrs_shaped(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->declaration->previous_documents.count; i++) {
        const struct previous_document *document = &view->declaration->previous_documents.at[i];
        if (is(document->type_code, "DCR") && !ducr_shaped(document->id)) return broken_at(spot, i);
    }
    return true;
}

static const struct named means[] = {
    { "arrivalMeans", offsetof(struct declaration, arrival_means) },
    { "borderMeans", offsetof(struct declaration, border_means) },
    { "departureMeans", offsetof(struct declaration, departure_means) },
};

// An IMO ship number is seven digits; the first six count 7 to 2, the sum ends in the seventh.
static bool ship_number_fits(struct span id)
{
    if (span_starts_with(id, SPAN("IMO"))) id = (struct span){ id.at + 3, id.len - 3 };
    if (id.len != 7 || !all(id, is_digit)) return true; // some other number
    int sum = 0;
    for (int i = 0; i < 6; i++) sum += (id.at[i] - '0') * (7 - i);
    return sum % 10 == id.at[6] - '0';
}

static bool ship_numbers_fit(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < COUNT(means); i++) {
        const struct transport_means *one = named_at(view->declaration, &means[i]);
        if (is(one->id_type_code, "10") && !ship_number_fits(one->id))
            return broken_by_name(spot, i, means);
    }
    return true;
}

static const struct named offices[] = {
    { "officeId", offsetof(struct declaration, office_id) },
    { "exitOfficeId", offsetof(struct declaration, exit_office_id) },
    { "supervisingOfficeId", offsetof(struct declaration, supervising_office_id) },
};

static bool offices_shaped(const struct view *view, struct spot *spot)
{
    if (view->type.additional == 0) return true; // national numbers are national
    for (uint32_t i = spot->next; i < COUNT(offices); i++) {
        struct span id = *(const struct span *)named_at(view->declaration, &offices[i]);
        if (id.len == 0) continue;
        if (id.len != OFFICE_SIZE || !starts_with_country(id) || !all(id, is_code_char))
            return broken_by_name(spot, i, offices);
    }
    return true;
}

static const struct rule rules[] = {
    { "R-301", "containers[].id", SEVERITY_WARNING,
      "the check digit of a container number fits",
      "Compare the number with the one on the container's door: the last digit is worked out from "
      "the others by ISO 6346.",
      ABOUT_WHOLE, container_digits_fit },
    { "R-302", "functionalReferenceId", SEVERITY_WARNING,
      "the local reference number is at most 22 characters without blanks",
      "Use letters, digits and signs, and each number once only.",
      ABOUT_WHOLE, local_reference_shaped },
    { "R-303", "ucr", SEVERITY_WARNING,
      "a unique consignment reference is at most 35 characters without blanks",
      "Last digit of the year, country, trader's number, and a reference of the trader's own.",
      ABOUT_WHOLE, consignment_reference_shaped },
    { "R-304", "*.id", SEVERITY_NOTE,
      "identification numbers of traders begin with their country",
      "Two letters of the country, then up to 15 letters and digits.",
      ABOUT_WHOLE, trader_numbers_shaped },
    { "R-305", "id", SEVERITY_NOTE,
      "the check digit of the movement reference number fits",
      "Year, country, 13 letters and digits and a check digit: 18 characters, given by customs.",
      ABOUT_WHOLE, movement_reference_fits },
    { "R-306", "previousDocuments[].id", SEVERITY_NOTE,
      "a declaration unique consignment reference has its shape",
      "Last digit of the year, trader's number, a hyphen, and a reference of the trader's own.",
      ABOUT_WHOLE, declaration_ucrs_shaped },
    { "R-307", "*.id", SEVERITY_WARNING,
      "the check digit of a ship number fits",
      "Compare the IMO number with the ship's papers: its last digit follows from the others.",
      ABOUT_WHOLE, ship_numbers_fit },
    { "R-308", "*", SEVERITY_NOTE,
      "reference numbers of customs offices begin with their country",
      "Two letters of the country and six letters or digits.",
      ABOUT_WHOLE, offices_shaped },
    { "R-321", "items[].classifications[].id", SEVERITY_ERROR,
      "a commodity code is six to ten digits",
      "Write the digits without points or blanks; additional codes stand apart, with their type.",
      ABOUT_ITEM, commodity_codes_shaped },
    { "R-322", "items[].classifications[].id", SEVERITY_WARNING,
      "a commodity code begins with a chapter of the harmonized system",
      "Chapters go from 01 to 97, without 77; 98 and 99 are national.",
      ABOUT_ITEM, chapters_exist },
};

const struct rule_group number_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
