#ifndef ACD_CRC32C_H
#define ACD_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32C (Castagnoli), as of RFC 3720, with the processor's instruction where it has one.
 * Continues from `crc`, 0 at first. */
uint32_t crc32c(uint32_t crc, const void *data, size_t len);

#endif
