#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/web/web.h"

/* What all files share. */

acd_time web_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (acd_time)t.tv_sec * ACD_SECOND + t.tv_nsec / 1000;
}

void web_die(const char *format, ...)
{
    va_list arguments;

    fputs("acd-web: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/* ---- texts ---------------------------------------------------------------------------------- */

/* Names as others can read them: Prometheus takes nothing that is not UTF-8. */

/* Bytes of the character at `s`; 0: it is none. What a decoder must refuse is refused: forms that
 * are longer than need be, surrogates, what is beyond Unicode. */
static size_t character(const unsigned char *s, size_t left)
{
    const size_t len = s[0] < 0x80   ? 1
                       : s[0] < 0xc2 ? 0
                       : s[0] < 0xe0 ? 2
                       : s[0] < 0xf0 ? 3
                       : s[0] < 0xf5 ? 4
                                     : 0;

    if (len == 0 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return len;
}

void web_text(char *out, size_t size, struct acd_str text)
{
    const unsigned char *in = (const unsigned char *)text.data;
    size_t used = 0;

    for (size_t at = 0; at < text.len;) {
        const size_t len = character(in + at, text.len - at);

        if (used + (len == 0 ? 1 : len) >= size)
            break;
        if (len == 0)
            out[used++] = '?';
        memcpy(out + used, in + at, len);
        used += len;
        at += len == 0 ? 1 : len;
    }
    out[used] = '\0';
}
