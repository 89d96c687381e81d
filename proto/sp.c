/* The Scalability Protocols' hello and frames. */

#include "proto/acd_sp.h"

#include <string.h>

#include "engine/acd.h"

void acd_sp_hello(uint8_t out[ACD_SP_HELLO], enum acd_sp_protocol protocol)
{
    const uint8_t hello[ACD_SP_HELLO] = {0, 'S', 'P', 0, 0, (uint8_t)protocol, 0, 0};

    memcpy(out, hello, sizeof hello);
}

bool acd_sp_hello_is(const uint8_t in[ACD_SP_HELLO], enum acd_sp_protocol protocol)
{
    uint8_t hello[ACD_SP_HELLO];

    acd_sp_hello(hello, protocol);
    return memcmp(in, hello, sizeof hello) == 0;
}

size_t acd_sp_frame_put(uint8_t *out, bool tcp, uint64_t payload)
{
    size_t at = 0;

    if (!tcp)
        out[at++] = 1;
    for (int shift = 56; shift >= 0; shift -= 8)
        out[at++] = (uint8_t)(payload >> shift);
    return at;
}

int acd_sp_frame_get(const uint8_t *in, size_t len, bool tcp, uint64_t max, uint64_t *payload)
{
    size_t at = tcp ? 0 : 1;
    uint64_t length = 0;

    if (len > 0 && !tcp && in[0] != 1)
        return ACD_INVALID;
    if (len < at + 8)
        return 0;
    for (int i = 0; i < 8; i++)
        length = length << 8 | in[at++];
    if (length > max)
        return ACD_TOO_LONG;
    *payload = length;
    return (int)at;
}
