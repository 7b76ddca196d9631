#include "base/money.h"

#include <assert.h>

// The codes of Debian's iso-codes 4.15 with the exponents of ISO 4217's own list, and XCG (2025)
// and ZWG (2024), which are younger. Codes that were replaced since (ANG, BGN, ZWL) stay, because
// declarations of earlier years name them. Metals, bond units and the codes for testing and for
// "none" have no minor unit and nothing is owed in them: they are not here.
#define AT(a, b, c) ((((a) - 'A') * 26 + ((b) - 'A')) * 26 + ((c) - 'A'))

// One more than the exponent; zero where there is no currency.
static const uint8_t exponents[26 * 26 * 26] = {
    [AT('A', 'E', 'D')] = 1 + 2, [AT('A', 'F', 'N')] = 1 + 2, [AT('A', 'L', 'L')] = 1 + 2,
    [AT('A', 'M', 'D')] = 1 + 2, [AT('A', 'N', 'G')] = 1 + 2, [AT('A', 'O', 'A')] = 1 + 2,
    [AT('A', 'R', 'S')] = 1 + 2, [AT('A', 'U', 'D')] = 1 + 2, [AT('A', 'W', 'G')] = 1 + 2,
    [AT('A', 'Z', 'N')] = 1 + 2, [AT('B', 'A', 'M')] = 1 + 2, [AT('B', 'B', 'D')] = 1 + 2,
    [AT('B', 'D', 'T')] = 1 + 2, [AT('B', 'G', 'N')] = 1 + 2, [AT('B', 'H', 'D')] = 1 + 3,
    [AT('B', 'I', 'F')] = 1 + 0, [AT('B', 'M', 'D')] = 1 + 2, [AT('B', 'N', 'D')] = 1 + 2,
    [AT('B', 'O', 'B')] = 1 + 2, [AT('B', 'O', 'V')] = 1 + 2, [AT('B', 'R', 'L')] = 1 + 2,
    [AT('B', 'S', 'D')] = 1 + 2, [AT('B', 'T', 'N')] = 1 + 2, [AT('B', 'W', 'P')] = 1 + 2,
    [AT('B', 'Y', 'N')] = 1 + 2, [AT('B', 'Z', 'D')] = 1 + 2, [AT('C', 'A', 'D')] = 1 + 2,
    [AT('C', 'D', 'F')] = 1 + 2, [AT('C', 'H', 'E')] = 1 + 2, [AT('C', 'H', 'F')] = 1 + 2,
    [AT('C', 'H', 'W')] = 1 + 2, [AT('C', 'L', 'F')] = 1 + 4, [AT('C', 'L', 'P')] = 1 + 0,
    [AT('C', 'N', 'Y')] = 1 + 2, [AT('C', 'O', 'P')] = 1 + 2, [AT('C', 'O', 'U')] = 1 + 2,
    [AT('C', 'R', 'C')] = 1 + 2, [AT('C', 'U', 'C')] = 1 + 2, [AT('C', 'U', 'P')] = 1 + 2,
    [AT('C', 'V', 'E')] = 1 + 2, [AT('C', 'Z', 'K')] = 1 + 2, [AT('D', 'J', 'F')] = 1 + 0,
    [AT('D', 'K', 'K')] = 1 + 2, [AT('D', 'O', 'P')] = 1 + 2, [AT('D', 'Z', 'D')] = 1 + 2,
    [AT('E', 'G', 'P')] = 1 + 2, [AT('E', 'R', 'N')] = 1 + 2, [AT('E', 'T', 'B')] = 1 + 2,
    [AT('E', 'U', 'R')] = 1 + 2, [AT('F', 'J', 'D')] = 1 + 2, [AT('F', 'K', 'P')] = 1 + 2,
    [AT('G', 'B', 'P')] = 1 + 2, [AT('G', 'E', 'L')] = 1 + 2, [AT('G', 'H', 'S')] = 1 + 2,
    [AT('G', 'I', 'P')] = 1 + 2, [AT('G', 'M', 'D')] = 1 + 2, [AT('G', 'N', 'F')] = 1 + 0,
    [AT('G', 'T', 'Q')] = 1 + 2, [AT('G', 'Y', 'D')] = 1 + 2, [AT('H', 'K', 'D')] = 1 + 2,
    [AT('H', 'N', 'L')] = 1 + 2, [AT('H', 'R', 'K')] = 1 + 2, [AT('H', 'T', 'G')] = 1 + 2,
    [AT('H', 'U', 'F')] = 1 + 2, [AT('I', 'D', 'R')] = 1 + 2, [AT('I', 'L', 'S')] = 1 + 2,
    [AT('I', 'N', 'R')] = 1 + 2, [AT('I', 'Q', 'D')] = 1 + 3, [AT('I', 'R', 'R')] = 1 + 2,
    [AT('I', 'S', 'K')] = 1 + 0, [AT('J', 'M', 'D')] = 1 + 2, [AT('J', 'O', 'D')] = 1 + 3,
    [AT('J', 'P', 'Y')] = 1 + 0, [AT('K', 'E', 'S')] = 1 + 2, [AT('K', 'G', 'S')] = 1 + 2,
    [AT('K', 'H', 'R')] = 1 + 2, [AT('K', 'M', 'F')] = 1 + 0, [AT('K', 'P', 'W')] = 1 + 2,
    [AT('K', 'R', 'W')] = 1 + 0, [AT('K', 'W', 'D')] = 1 + 3, [AT('K', 'Y', 'D')] = 1 + 2,
    [AT('K', 'Z', 'T')] = 1 + 2, [AT('L', 'A', 'K')] = 1 + 2, [AT('L', 'B', 'P')] = 1 + 2,
    [AT('L', 'K', 'R')] = 1 + 2, [AT('L', 'R', 'D')] = 1 + 2, [AT('L', 'S', 'L')] = 1 + 2,
    [AT('L', 'Y', 'D')] = 1 + 3, [AT('M', 'A', 'D')] = 1 + 2, [AT('M', 'D', 'L')] = 1 + 2,
    [AT('M', 'G', 'A')] = 1 + 2, [AT('M', 'K', 'D')] = 1 + 2, [AT('M', 'M', 'K')] = 1 + 2,
    [AT('M', 'N', 'T')] = 1 + 2, [AT('M', 'O', 'P')] = 1 + 2, [AT('M', 'R', 'U')] = 1 + 2,
    [AT('M', 'U', 'R')] = 1 + 2, [AT('M', 'V', 'R')] = 1 + 2, [AT('M', 'W', 'K')] = 1 + 2,
    [AT('M', 'X', 'N')] = 1 + 2, [AT('M', 'X', 'V')] = 1 + 2, [AT('M', 'Y', 'R')] = 1 + 2,
    [AT('M', 'Z', 'N')] = 1 + 2, [AT('N', 'A', 'D')] = 1 + 2, [AT('N', 'G', 'N')] = 1 + 2,
    [AT('N', 'I', 'O')] = 1 + 2, [AT('N', 'O', 'K')] = 1 + 2, [AT('N', 'P', 'R')] = 1 + 2,
    [AT('N', 'Z', 'D')] = 1 + 2, [AT('O', 'M', 'R')] = 1 + 3, [AT('P', 'A', 'B')] = 1 + 2,
    [AT('P', 'E', 'N')] = 1 + 2, [AT('P', 'G', 'K')] = 1 + 2, [AT('P', 'H', 'P')] = 1 + 2,
    [AT('P', 'K', 'R')] = 1 + 2, [AT('P', 'L', 'N')] = 1 + 2, [AT('P', 'Y', 'G')] = 1 + 0,
    [AT('Q', 'A', 'R')] = 1 + 2, [AT('R', 'O', 'N')] = 1 + 2, [AT('R', 'S', 'D')] = 1 + 2,
    [AT('R', 'U', 'B')] = 1 + 2, [AT('R', 'W', 'F')] = 1 + 0, [AT('S', 'A', 'R')] = 1 + 2,
    [AT('S', 'B', 'D')] = 1 + 2, [AT('S', 'C', 'R')] = 1 + 2, [AT('S', 'D', 'G')] = 1 + 2,
    [AT('S', 'E', 'K')] = 1 + 2, [AT('S', 'G', 'D')] = 1 + 2, [AT('S', 'H', 'P')] = 1 + 2,
    [AT('S', 'L', 'E')] = 1 + 2, [AT('S', 'L', 'L')] = 1 + 2, [AT('S', 'O', 'S')] = 1 + 2,
    [AT('S', 'R', 'D')] = 1 + 2, [AT('S', 'S', 'P')] = 1 + 2, [AT('S', 'T', 'N')] = 1 + 2,
    [AT('S', 'V', 'C')] = 1 + 2, [AT('S', 'Y', 'P')] = 1 + 2, [AT('S', 'Z', 'L')] = 1 + 2,
    [AT('T', 'H', 'B')] = 1 + 2, [AT('T', 'J', 'S')] = 1 + 2, [AT('T', 'M', 'T')] = 1 + 2,
    [AT('T', 'N', 'D')] = 1 + 3, [AT('T', 'O', 'P')] = 1 + 2, [AT('T', 'R', 'Y')] = 1 + 2,
    [AT('T', 'T', 'D')] = 1 + 2, [AT('T', 'W', 'D')] = 1 + 2, [AT('T', 'Z', 'S')] = 1 + 2,
    [AT('U', 'A', 'H')] = 1 + 2, [AT('U', 'G', 'X')] = 1 + 0, [AT('U', 'S', 'D')] = 1 + 2,
    [AT('U', 'S', 'N')] = 1 + 2, [AT('U', 'Y', 'I')] = 1 + 0, [AT('U', 'Y', 'U')] = 1 + 2,
    [AT('U', 'Y', 'W')] = 1 + 4, [AT('U', 'Z', 'S')] = 1 + 2, [AT('V', 'E', 'D')] = 1 + 2,
    [AT('V', 'E', 'S')] = 1 + 2, [AT('V', 'N', 'D')] = 1 + 0, [AT('V', 'U', 'V')] = 1 + 0,
    [AT('W', 'S', 'T')] = 1 + 2, [AT('X', 'A', 'F')] = 1 + 0, [AT('X', 'C', 'D')] = 1 + 2,
    [AT('X', 'C', 'G')] = 1 + 2, [AT('X', 'O', 'F')] = 1 + 0, [AT('X', 'P', 'F')] = 1 + 0,
    [AT('Y', 'E', 'R')] = 1 + 2, [AT('Z', 'A', 'R')] = 1 + 2, [AT('Z', 'M', 'W')] = 1 + 2,
    [AT('Z', 'W', 'G')] = 1 + 2, [AT('Z', 'W', 'L')] = 1 + 2,
};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool currency_exponent(struct span currency, unsigned *exponent)
{
    if (currency.len != 3) return false;
    const char *at = currency.at;
    if (!is_capital(at[0]) || !is_capital(at[1]) || !is_capital(at[2])) return false;

    unsigned found = exponents[AT(at[0], at[1], at[2])];
    if (found == 0) return false;
    assert(found <= 5);
    *exponent = found - 1;
    return true;
}
