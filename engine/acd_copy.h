#ifndef ACD_COPY_H
#define ACD_COPY_H

#include <stddef.h>
#include <string.h>

/* Copies a text. Those of calls, keys and numbers, have 8 to 48 bytes and are copied some times
 * each: by a first piece and a last one, which may overlap, where they stand, for a call of
 * memcpy() costs more than the copy. */
static inline void acd_copy(void *to, const void *from, size_t len)
{
    char *t = to;
    const char *f = from;

    if (len < 8 || len > 48) {
        if (len > 0)
            memcpy(t, f, len);
    } else if (len <= 16) {
        memcpy(t, f, 8);
        memcpy(t + len - 8, f + len - 8, 8);
    } else {
        memcpy(t, f, 16);
        if (len > 32)
            memcpy(t + 16, f + 16, 16);
        memcpy(t + len - 16, f + len - 16, 16);
    }
}

#endif
