#ifndef ACD_SP_H
#define ACD_SP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The Scalability Protocols' own bytes, as nng speaks them, so that stock nng sockets connect: a
 * hello of 8 bytes each way, then frames. Pure: no I/O. All numbers big-endian.
 *
 *   hello       00 'S' 'P' 00, u16 protocol, 00 00
 *   ipc frame   01, u64 length, payload
 *   tcp frame   u64 length, payload
 *
 * A request's payload begins with its backtrace: words of 4 bytes up to and with the first whose
 * top bit is set. A reply's payload begins with the very same bytes. */

enum acd_sp_protocol {
    ACD_SP_PUB = 0x20,
    ACD_SP_SUB = 0x21,
    ACD_SP_REQ = 0x30,
    ACD_SP_REP = 0x31,
};

enum {
    ACD_SP_HELLO = 8,
    ACD_SP_FRAME_IPC = 9, /* bytes before a payload */
    ACD_SP_FRAME_TCP = 8,
};

/* Writes the hello of a socket of `protocol`. */
void acd_sp_hello(uint8_t out[ACD_SP_HELLO], enum acd_sp_protocol protocol);

/* True when `in` is the hello of a socket of `protocol`. */
bool acd_sp_hello_is(const uint8_t in[ACD_SP_HELLO], enum acd_sp_protocol protocol);

/* Writes the head of a frame; returns its bytes, 8 or 9. */
size_t acd_sp_frame_put(uint8_t *out, bool tcp, uint64_t payload);

/* Reads the head of a frame: its payload's length to *payload and the head's bytes as the result;
 * 0 when more bytes are needed; ACD_INVALID when it is none; ACD_TOO_LONG when the payload is
 * longer than `max`. */
int acd_sp_frame_get(const uint8_t *in, size_t len, bool tcp, uint64_t max, uint64_t *payload);

#ifdef __cplusplus
}
#endif

#endif
