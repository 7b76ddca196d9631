// views_memory: asks the system at once for memory that will soon be written from end to end.
//
// Fresh memory comes page by page as it is touched, each time with a trap: that was half of the
// time of opening large views. Nothing depends on it: where the system does not know how, pages
// come one by one.
#ifndef TW_STORE_VIEWS_MEMORY_H
#define TW_STORE_VIEWS_MEMORY_H

#include <stddef.h>

void memory_ready(void *memory, size_t size);

#endif
