#ifndef ACD_PROTO_WIRE_BYTES_H
#define ACD_PROTO_WIRE_BYTES_H

/* Little-endian numbers at any address. (engine/acd_codec.h refuses to compile on a machine of the
 * other kind.) */

#include <stdint.h>
#include <string.h>

static inline void put_u16(uint8_t *at, uint16_t v)
{
    memcpy(at, &v, sizeof v);
}

static inline void put_u32(uint8_t *at, uint32_t v)
{
    memcpy(at, &v, sizeof v);
}

static inline void put_u64(uint8_t *at, uint64_t v)
{
    memcpy(at, &v, sizeof v);
}

static inline uint16_t get_u16(const uint8_t *at)
{
    uint16_t v;

    memcpy(&v, at, sizeof v);
    return v;
}

static inline uint32_t get_u32(const uint8_t *at)
{
    uint32_t v;

    memcpy(&v, at, sizeof v);
    return v;
}

static inline uint64_t get_u64(const uint8_t *at)
{
    uint64_t v;

    memcpy(&v, at, sizeof v);
    return v;
}

#endif
