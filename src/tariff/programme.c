// A cell is cut where a rate's owners or its first day stand; each piece is read as an expression.
#include "tariff/programme.h"

#include <assert.h>
#include <stdio.h>

#include "base/utf8.h"
#include "tariff/expression_reading.h"

enum { SYMBOL_SIZE_MAX = 4 }; // "LDC", "S+"

struct cell {
    struct span words;
    struct plain plain, small; // as written, and in small letters
    size_t at, start;          // where we are, and where the rate in hand began
    struct span symbols[PROGRAMME_SYMBOLS_MAX];
    uint32_t symbols_count; // of the rate in hand, when they stand in front
    struct date from;
    bool bracketed; // some symbols stand in brackets
    bool cut;       // there is more than one rate, or a day
    const struct expression_dialect *dialect;
    struct arena *arena;
    struct programme_rates *rates;
};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char char_at(const struct cell *cell, size_t at)
{
    return at < cell->plain.len ? cell->plain.at[at] : '\0';
}

static size_t skip_blanks(const struct cell *cell, size_t at)
{
    while (char_at(cell, at) == ' ') at++;
    return at;
}

// A piece of the plain text, as it was written.
static struct span written(const struct cell *cell, size_t start, size_t end)
{
    size_t first = cell->plain.from[start], last = cell->plain.from[end];
    return span_trim((struct span){ cell->words.at + first, last - first });
}

// The length of a symbol at a place, or 0.
static size_t symbol_length(const struct cell *cell, size_t at)
{
    size_t end = at;
    while (is_capital(char_at(cell, end))) end++;
    if (end == at) return 0;
    while (char_at(cell, end) == '+' || char_at(cell, end) == '*') end++;
    return end - at <= SYMBOL_SIZE_MAX ? end - at : 0;
}

struct symbols {
    struct span at[PROGRAMME_SYMBOLS_MAX];
    uint32_t count;
};

static bool add_symbol(const struct cell *cell, size_t at, size_t length, struct symbols *symbols)
{
    if (symbols->count == PROGRAMME_SYMBOLS_MAX) return false;
    symbols->at[symbols->count++] = (struct span){ cell->plain.at + at, length };
    return true;
}

// "(A+, AU,BH,)" at a place. Returns where it ends, or 0.
static size_t bracket_end(const struct cell *cell, size_t at, struct symbols *symbols)
{
    symbols->count = 0;
    if (char_at(cell, at) != '(') return 0;
    at = skip_blanks(cell, at + 1);
    for (size_t length; (length = symbol_length(cell, at)) > 0;) {
        if (!add_symbol(cell, at, length, symbols)) return 0;
        at = skip_blanks(cell, at + length);
        if (char_at(cell, at) == ',') at = skip_blanks(cell, at + 1);
    }
    return char_at(cell, at) == ')' && symbols->count > 0 ? at + 1 : 0;
}

// Does a rate begin here?
static bool rate_begins(const struct cell *cell, size_t at)
{
    static const char free[] = "free";
    if (is_digit(char_at(cell, at)) || char_at(cell, at) == '$') return true;
    return at < cell->small.len && cell->small.len - at >= 4 &&
           memcmp(cell->small.at + at, free, 4) == 0;
}

// Words in capitals that are no programme's.
static bool is_own_word(struct span symbol)
{
    static const char *const words[] = { "MIN", "MAX", "EA", "L", "TSS" };
    unsigned exponent;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (span_equal(symbol, span_of(words[i]))) return true;
    return currency_exponent(symbol, &exponent);
}

// "NZ/PG/DCS" at a place, and a rate behind it. Returns where the rate begins, or 0.
static size_t codes_end(const struct cell *cell, size_t at, struct symbols *symbols)
{
    symbols->count = 0;
    if (at > 0 && is_capital(char_at(cell, at - 1))) return 0;
    for (size_t length; (length = symbol_length(cell, at)) > 0;) {
        // DCSFree: the last capital is of the next word
        struct span symbol = { cell->plain.at + at, length };
        if (length > 1 && char_at(cell, at + length) == 'r') symbol.len = --length;
        if (length < 2 || is_own_word(symbol) || !add_symbol(cell, at, length, symbols)) return 0;
        at = skip_blanks(cell, at + length);
        if (char_at(cell, at) != '/') break;
        at = skip_blanks(cell, at + 1);
    }
    if (char_at(cell, at) == ';') at = skip_blanks(cell, at + 1);
    return symbols->count > 0 && rate_begins(cell, at) ? at : 0;
}

static unsigned digits_at(const struct cell *cell, size_t *at, unsigned max)
{
    unsigned value = 0;
    for (unsigned i = 0; i < max && is_digit(char_at(cell, *at)); i++)
        value = 10 * value + (unsigned)(cell->plain.at[(*at)++] - '0');
    return value;
}

// "From 1 July 2018:" at a place; the year has four digits, whatever follows. Returns where it
// ends, or 0.
static size_t from_end(const struct cell *cell, size_t at, struct date *from)
{
    if (at + 4 > cell->small.len || memcmp(cell->small.at + at, "from", 4) != 0) return 0;
    at = skip_blanks(cell, at + 4);
    unsigned day = digits_at(cell, &at, 2);
    at = skip_blanks(cell, at);

    // A month may stand close to its year, but the phrases end at letters only.
    size_t length;
    struct span rest = { cell->small.at + at, cell->small.len - at };
    const struct phrase *month = phrase_find(rest, PHRASE_MONTH, &length);
    if (month == NULL) return 0;
    at = skip_blanks(cell, at + length);
    size_t year_at = at;
    unsigned year = digits_at(cell, &at, 4);
    if (at != year_at + 4) return 0;

    char text[16];
    snprintf(text, sizeof(text), "%04u-%02u-%02u", year, month->id, day);
    if (!date_read(span_of(text), from, NULL)) return 0;
    at = skip_blanks(cell, at);
    return char_at(cell, at) == ':' ? at + 1 : at;
}

// --- Rates ---

static bool keep_symbols(struct cell *cell, const struct span *symbols, uint32_t count,
                         struct programme_rate *rate, struct error *err)
{
    void *memory;
    if (!arena_need(cell->arena, count, sizeof(struct span), &memory, "the rates", err))
        return false;
    rate->symbols = memory;
    rate->symbols_count = count;
    if (count > 0) memcpy(rate->symbols, symbols, count * sizeof(struct span));
    return true;
}

// Closes the rate in hand at a place; a blank one is none.
static bool close_rate(struct cell *cell, size_t end, const struct span *symbols, uint32_t count,
                       struct error *err)
{
    struct span words = written(cell, cell->start, end);
    if (words.len == 0) return true;
    if (cell->rates->count == PROGRAMME_RATES_MAX) {
        error_set(err, ERROR_TOO_LARGE, "more than %d rates in one cell", PROGRAMME_RATES_MAX);
        return error_hint(err, "Look whether a quote was left open in the schedule.");
    }
    struct programme_rate *rate = &cell->rates->at[cell->rates->count++];
    *rate = (struct programme_rate){ .from = cell->from };
    return keep_symbols(cell, symbols, count, rate, err) &&
           expression_read(words, cell->dialect, cell->arena, &rate->expression, err);
}

static bool close_in_hand(struct cell *cell, size_t end, struct error *err)
{
    return close_rate(cell, end, cell->symbols, cell->symbols_count, err);
}

static void begin_rate(struct cell *cell, size_t start, const struct symbols *symbols)
{
    cell->at = cell->start = start;
    cell->symbols_count = symbols->count;
    memcpy(cell->symbols, symbols->at, symbols->count * sizeof(struct span));
    cell->cut = true;
}

// One step: a mark that cuts, or one byte on.
static bool step(struct cell *cell, struct error *err)
{
    struct symbols symbols;
    struct date from;
    size_t end = bracket_end(cell, cell->at, &symbols);
    if (end > 0) {
        if (!close_rate(cell, cell->at, symbols.at, symbols.count, err)) return false;
        cell->bracketed = true;
        symbols.count = 0;
        begin_rate(cell, end, &symbols);
        return true;
    }
    end = from_end(cell, cell->at, &from);
    if (end > 0) {
        if (!close_in_hand(cell, cell->at, err)) return false;
        cell->from = from;
        symbols.count = 0;
        begin_rate(cell, end, &symbols);
        return true;
    }
    end = cell->bracketed ? 0 : codes_end(cell, cell->at, &symbols);
    if (end > 0) {
        if (!close_in_hand(cell, cell->at, err)) return false;
        begin_rate(cell, end, &symbols);
        return true;
    }
    cell->at++;
    return true;
}

static bool cut_cell(struct cell *cell, struct error *err)
{
    while (cell->at < cell->plain.len)
        if (!step(cell, err)) return false;
    return close_in_hand(cell, cell->plain.len, err);
}

// Codes in front and days are told by their looks only, so every rate must be understood.
static bool is_understood(const struct cell *cell)
{
    for (uint32_t i = 0; i < cell->rates->count; i++)
        if (cell->rates->at[i].expression.kind != EXPRESSION_FORMULA) return cell->bracketed;
    return cell->rates->count > 0;
}

static bool one_rate(struct cell *cell, const struct expression *whole)
{
    cell->rates->count = 1;
    cell->rates->at[0] = (struct programme_rate){ .expression = *whole };
    return true;
}

bool programme_read(struct span text, const struct expression_dialect *dialect, struct arena *arena,
                    struct programme_rates *rates, struct error *err)
{
    void *memory;
    struct expression whole;
    struct cell cell = {
        .words = span_trim(text), .dialect = dialect, .arena = arena, .rates = rates
    };
    if (!arena_need(arena, PROGRAMME_RATES_MAX, sizeof(struct programme_rate), &memory, "the rates",
                    err))
        return false;
    *rates = (struct programme_rates){ .at = memory };
    if (!expression_read(cell.words, dialect, arena, &whole, err)) return false;
    if (whole.kind == EXPRESSION_FORMULA) return one_rate(&cell, &whole);

    if (!plain_make(cell.words, true, arena, &cell.plain) ||
        !plain_make(cell.words, false, arena, &cell.small))
        return error_set(err, ERROR_TOO_LARGE, "the rates do not fit their memory");
    assert(cell.plain.len == cell.small.len);
    if (!cut_cell(&cell, err)) return false;
    return (cell.cut && is_understood(&cell)) || one_rate(&cell, &whole);
}
