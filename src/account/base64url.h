// base64url: bytes in letters that need no escapes in a browser (RFC 4648 section 5, no padding).
//
// WebAuthn names its challenges and credentials so. Reading is strict: false for anything that
// writing would not have produced.
#ifndef TW_ACCOUNT_BASE64URL_H
#define TW_ACCOUNT_BASE64URL_H

#include "base/text.h"

void base64url_write(struct text *text, const void *bytes, size_t size);

// At most `size_max` bytes. The scratch arena holds 4/3 of them.
MUST_CHECK bool base64url_read(struct span s, struct arena scratch, void *into, size_t size_max,
                               size_t *size);

#endif
