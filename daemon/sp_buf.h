#ifndef ACD_SP_BUF_H
#define ACD_SP_BUF_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* A growing run of bytes. Zeroed memory is an empty one. */
struct sp_buf {
    uint8_t *data; /* malloc'ed; NULL as long as cap is 0 */
    size_t len, cap;
};

/* Makes cap at least `cap`; the bytes stay. Errors: -ENOMEM, nothing changed. */
static inline int sp_buf_grow(struct sp_buf *b, size_t cap)
{
    uint8_t *data;

    if (cap <= b->cap)
        return 0;
    data = realloc(b->data, cap);
    if (data == NULL)
        return -ENOMEM;
    b->data = data;
    b->cap = cap;
    return 0;
}

static inline void sp_buf_free(struct sp_buf *b)
{
    free(b->data);
    *b = (struct sp_buf){0};
}

#endif
