#ifndef ACD_PROTO_CLIENT_BUFFER_H
#define ACD_PROTO_CLIENT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that are taken at the front and added at the back. */
struct buffer {
    uint8_t *data;
    size_t begin, end, room;
};

static inline size_t buffer_len(const struct buffer *b)
{
    return b->end - b->begin;
}

/* Makes room for `len` bytes behind the end, moving what is there. False without memory. */
static inline bool buffer_reserve(struct buffer *b, size_t len)
{
    size_t have = buffer_len(b), room = b->room == 0 ? 4096 : b->room;
    uint8_t *data;

    if (b->room - b->end >= len)
        return true;
    if (b->begin > 0)
        memmove(b->data, b->data + b->begin, have);
    b->begin = 0;
    b->end = have;
    while (room - have < len)
        room *= 2;
    if (room == b->room)
        return true;
    data = realloc(b->data, room);
    if (data == NULL)
        return false;
    b->data = data;
    b->room = room;
    return true;
}

static inline void buffer_take(struct buffer *b, size_t len)
{
    b->begin += len;
    if (b->begin == b->end)
        b->begin = b->end = 0;
}

static inline void buffer_clear(struct buffer *b)
{
    b->begin = b->end = 0;
}

static inline void buffer_fini(struct buffer *b)
{
    free(b->data);
    memset(b, 0, sizeof *b);
}

#endif
