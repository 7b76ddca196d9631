// book_inside: what the reader, the checker and the writer of books share.
#ifndef TW_TARIFF_BOOK_INSIDE_H
#define TW_TARIFF_BOOK_INSIDE_H

#include "tariff/book.h"

#define BOOK_MAGIC "TWBOOK1\n"
enum { BOOK_ORDER = 0x01020304 };

// Digits filled up to BOOK_CODE_DIGITS_MAX.
uint64_t book_key(struct span digits);

// Do these digits begin that code?
bool book_begins(uint64_t key, uint8_t digits, uint64_t whole, uint8_t whole_digits);

// Two capital letters as a number below BOOK_PAIRS.
bool book_pair(struct span country, uint16_t *pair);

// The sum and the check of the file.
struct sha256 book_sum(const struct book_head *head, struct span behind);
uint32_t book_check(const struct book_head *head, struct span behind);

// The heading of a key.
uint32_t book_heading(uint64_t key);

#endif
