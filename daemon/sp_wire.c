#include "daemon/sp_wire.h"

void sp_hello_write(uint8_t out[SP_HELLO_BYTES], enum sp_protocol protocol)
{
    const uint8_t hello[SP_HELLO_BYTES] = {
        0, 'S', 'P', 0, (uint8_t)(protocol >> 8), (uint8_t)protocol, 0, 0};

    memcpy(out, hello, sizeof hello);
}

enum sp_seen sp_hello_read(const uint8_t *in, size_t len, enum sp_protocol protocol)
{
    uint8_t expected[SP_HELLO_BYTES];
    size_t compared = len < sizeof expected ? len : sizeof expected;

    sp_hello_write(expected, protocol);
    if (memcmp(in, expected, compared) != 0)
        return SP_MALFORMED;
    return compared == sizeof expected ? SP_WHOLE : SP_PARTIAL;
}
