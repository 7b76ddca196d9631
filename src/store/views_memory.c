#include "store/views_memory.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

enum { PAGE_SIZE = 4096, WORTH_IT = 16 * PAGE_SIZE };

void memory_ready(void *memory, size_t size)
{
    assert(memory != NULL);
    if (size < WORTH_IT) return;
    size_t ahead = (PAGE_SIZE - (uintptr_t)memory % PAGE_SIZE) % PAGE_SIZE;
    int before = errno;
    madvise((char *)memory + ahead, (size - ahead) / PAGE_SIZE * PAGE_SIZE, MADV_POPULATE_WRITE);
    errno = before;
}
