// utf8: is a text well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF)?
//
// A NUL byte and the noncharacters are well-formed here; who forbids them looks for them.
#ifndef TW_BASE_UTF8_H
#define TW_BASE_UTF8_H

#include "base/span.h"

// False at the first character that is broken or cut off; *bad_at is then the offset of the byte
// that begins it. *bad_at is untouched on true; `bad_at` may be NULL.
MUST_CHECK bool utf8_check(struct span s, size_t *bad_at);

#endif
