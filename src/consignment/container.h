// container: the check digit of freight containers (ISO 6346), and of what borrowed it.
//
// A container's number is three letters of its owner, U, J or Z, six digits and the check digit:
// CSQU3054383. Letters count 10 to 38 without the multiples of 11, the n-th place counts 2^n, the
// sum modulo 11 (10 is written 0) is the last digit. Movement reference numbers of EU customs end
// in a check digit of the same making.
#ifndef TW_CONSIGNMENT_CONTAINER_H
#define TW_CONSIGNMENT_CONTAINER_H

#include "base/span.h"

enum { CONTAINER_NUMBER_SIZE = 11, CHECKED_TEXT_MAX = 20 };

// Does it look like a container's number? (Others are free text and are not looked at.)
bool container_shaped(struct span id);

// Does the check digit fit? Only of what is shaped so.
bool container_digit_fits(struct span id);

// The digit, 0 to 9, that belongs behind `text`; -1 when that is longer than CHECKED_TEXT_MAX or
// has other characters than capital letters and digits.
int check_digit(struct span text);

#endif
