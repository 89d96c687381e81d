#include "daemon/memory.h"

#include <stdint.h>
#include <sys/mman.h>

static const size_t PAGE = 2U << 20;

static size_t whole_pages(size_t bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* A page more is mapped, so that what begins at a page's boundary is long enough; the rest goes
 * back. */
void *memory_take(size_t bytes, void *ctx)
{
    size_t size = whole_pages(bytes), before;
    uint8_t *mapped =
        mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)ctx;
    if (mapped == MAP_FAILED)
        return NULL;
    before = (size_t)(-(uintptr_t)mapped % PAGE);
    if (before > 0)
        (void)munmap(mapped, before);
    (void)munmap(mapped + before + size, PAGE - before);
    (void)madvise(mapped + before, size, MADV_HUGEPAGE); /* a wish: without it all works, slower */
    return mapped + before;
}

void memory_give(void *memory, size_t bytes, void *ctx)
{
    (void)ctx;
    (void)munmap(memory, whole_pages(bytes));
}
