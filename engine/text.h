#ifndef ACD_TEXT_H
#define ACD_TEXT_H

#include <string.h>

#include "engine/acd_assert.h"
#include "engine/acd_copy.h"
#include "engine/acd_schema.h"

/* Text of at most `max` bytes, kept in place. */
#define TEXT(max)                                                                                  \
    struct {                                                                                       \
        uint16_t len;                                                                              \
        char data[max];                                                                            \
    }

#define TEXT_STR(text) ((struct acd_str){(text).data, (text).len})
#define TEXT_SET(text, str)                                                                        \
    do {                                                                                           \
        ACD_ASSERT((str).len <= sizeof(text).data);                                                \
        (text).len = (str).len;                                                                    \
        if ((str).len > 0)                                                                         \
            memcpy((text).data, (str).data, (str).len);                                            \
    } while (0)

/* Copies a text to where its length does not stand; returns the length. */
static inline uint8_t text_copy(char *to, size_t room, struct acd_str text)
{
    ACD_ASSERT(text.len <= room);
    ACD_ASSERT(text.len <= UINT8_MAX);
    acd_copy(to, text.data, text.len);
    return (uint8_t)text.len;
}

/* Whether two texts are the same bytes. */
static inline bool str_is(struct acd_str a, struct acd_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

#endif
