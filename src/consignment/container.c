#include "consignment/container.h"

#include <assert.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

bool container_shaped(struct span id)
{
    if (id.len != CONTAINER_NUMBER_SIZE) return false;
    for (size_t i = 0; i < 3; i++)
        if (!is_letter(id.at[i])) return false;
    if (id.at[3] != 'U' && id.at[3] != 'J' && id.at[3] != 'Z') return false;
    for (size_t i = 4; i < CONTAINER_NUMBER_SIZE; i++)
        if (!is_digit(id.at[i])) return false;
    return true;
}

int check_digit(struct span text)
{
    if (text.len > CHECKED_TEXT_MAX) return -1;
    uint32_t sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint32_t value;
        if (is_digit(text.at[i])) {
            value = (uint32_t)(text.at[i] - '0');
        } else if (is_letter(text.at[i])) {
            uint32_t letter = (uint32_t)(text.at[i] - 'A');
            value = 10 + letter + (letter >= 1) + (letter >= 11) + (letter >= 21); // not 11, 22, 33
        } else {
            return -1;
        }
        sum += value << i; // at most 38 << 19
    }
    assert(sum < 40u << CHECKED_TEXT_MAX);
    return (int)(sum % 11 % 10);
}

bool container_digit_fits(struct span id)
{
    assert(container_shaped(id));
    struct span text = { id.at, CONTAINER_NUMBER_SIZE - 1 };
    return check_digit(text) == id.at[CONTAINER_NUMBER_SIZE - 1] - '0';
}
