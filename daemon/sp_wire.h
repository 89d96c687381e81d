#ifndef ACD_SP_WIRE_H
#define ACD_SP_WIRE_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The bytes of nng's Scalability Protocols over streams: pure functions, no I/O.
 *
 *     hello     00 'S' 'P' 00, protocol (16 bits), 00 00: once each way, before all else
 *     frame     over ipc 01, over tcp nothing; length of the payload (64 bits); payload
 *     payload   of a request: tag, body; of its reply: the same tag, body; of a publication: body
 *     tag       32-bit words, the last one with its top bit set: one for each hop of the way back
 *
 * Numbers are big-endian. Sources: nanomsg's rfc/sp-tcp-mapping-01.txt, nng 1.5.2. */

enum sp_transport { SP_IPC, SP_TCP };

/* What an end of a connection says it is. */
enum sp_protocol { SP_PUB = 0x20, SP_SUB = 0x21, SP_REQ = 0x30, SP_REP = 0x31 };

enum {
    SP_HELLO_BYTES = 8,
    SP_HEADER_BYTES_MAX = 9,
    SP_TAG_BYTES_MAX = 32, /* 8 hops, as nng's default for NNG_OPT_MAXTTL */
};

/* One look at the bytes received so far. */
enum sp_seen {
    SP_PARTIAL,   /* so far it could be one; more is needed */
    SP_WHOLE,     /* one stands there */
    SP_MALFORMED, /* it never will be one */
};

struct sp_frame {
    const uint8_t *payload;
    size_t payload_len;
    size_t frame_len; /* with the header; 0 as long as the header is not whole */
};

void sp_hello_write(uint8_t out[SP_HELLO_BYTES], enum sp_protocol protocol);

/* Whether a peer's hello stands at `in`, and says that it is a `protocol`. */
enum sp_seen sp_hello_read(const uint8_t *in, size_t len, enum sp_protocol protocol);

static inline size_t sp_header_bytes(enum sp_transport transport)
{
    return transport == SP_IPC ? 9 : 8;
}

/* Writes sp_header_bytes(transport) bytes. */
static inline void sp_header_write(uint8_t *out, enum sp_transport transport, size_t payload_len)
{
    uint64_t be = htobe64(payload_len);

    if (transport == SP_IPC)
        *out++ = 1;
    memcpy(out, &be, sizeof be);
}

/* The frame at `in`. Malformed: no frame, or a payload of more than payload_max bytes. */
static inline enum sp_seen sp_frame_read(const uint8_t *in, size_t len, enum sp_transport transport,
                                         size_t payload_max, struct sp_frame *frame)
{
    size_t header = sp_header_bytes(transport);
    uint64_t be;

    *frame = (struct sp_frame){0};
    if (len > 0 && transport == SP_IPC && in[0] != 1)
        return SP_MALFORMED;
    if (len < header)
        return SP_PARTIAL;
    memcpy(&be, in + header - sizeof be, sizeof be);
    if (be64toh(be) > payload_max)
        return SP_MALFORMED;
    frame->payload = in + header;
    frame->payload_len = (size_t)be64toh(be);
    frame->frame_len = header + frame->payload_len;
    return frame->frame_len <= len ? SP_WHOLE : SP_PARTIAL;
}

/* Bytes of the tag that a request begins with, 4 to SP_TAG_BYTES_MAX; 0: it has none. */
static inline size_t sp_tag_bytes(const uint8_t *payload, size_t payload_len)
{
    for (size_t at = 0; at + 4 <= payload_len && at < SP_TAG_BYTES_MAX; at += 4)
        if (payload[at] & 0x80)
            return at + 4;
    return 0;
}

#endif
