// verdict: what can be said of something that claims to be sealed. Never a yes or a no alone.
#ifndef TW_LEDGER_VERDICT_H
#define TW_LEDGER_VERDICT_H

enum verdict {
    VERDICT_CANNOT_TELL = 0,   // nobody said whose key to trust, or the log did not sign with it
    VERDICT_TRUE,              // sealed, and the checkpoint is signed by the key
    VERDICT_NOT_SEALED,        // well formed, but it does not lead to the checkpoint's root
    VERDICT_FORGED,            // a signature that says it is by the key, and is not
    VERDICT_MALFORMED,         // not what it says it is at all
    VERDICT_COUNT,
};

const char *verdict_name(enum verdict verdict); // "cannot-tell", "true", "not-sealed", ...

#endif
