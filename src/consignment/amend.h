// amend: a declaration as an amendment leaves it that says only what changes.
//
// Such a message (function 13, WCO Data Model: Amendment with Pointers) repeats the structure down
// to what is changed and leaves out the rest:
//   - a field that it gives takes the place of the field that was there;
//   - the n-th element of a list changes the n-th one there, or comes to it; items go by their
//     sequence numbers, and a new number is a new item;
//   - an item that a pointer ends at (section 68A) and that the message itself does not hold, is
//     taken out.
// What the message says of itself (function, type, references, reasons, pointers) is not the
// declaration's and changes nothing. A field cannot be emptied this way.
#ifndef TW_CONSIGNMENT_AMEND_H
#define TW_CONSIGNMENT_AMEND_H

#include "consignment/model.h"

// `amended` shares texts and lists with both. ERROR_TOO_LARGE when the arena or a list is full.
MUST_CHECK bool declaration_amend(const struct declaration *declaration,
                                  const struct declaration *amendment, struct arena *arena,
                                  struct declaration *amended, struct error *err);

#endif
