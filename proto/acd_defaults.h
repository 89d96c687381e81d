#ifndef ACD_DEFAULTS_H
#define ACD_DEFAULTS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where daemon and tools meet when nobody says otherwise. */

enum { ACD_URL_MAX = 128 };

/* The request socket: $ACD_URL if it is set, else ipc:///run/acd/acd.sock for root and
 * ipc://$XDG_RUNTIME_DIR/acd/acd.sock for others. Writes at most ACD_URL_MAX bytes, terminated. */
void acd_default_url(char out[ACD_URL_MAX]);

/* The publishing socket that belongs to a request socket of ipc: "x.sock" becomes "x.pub", any
 * other path has ".pub" added. Of a tcp address: the next port. Empty when that cannot be told. */
void acd_default_pub_url(const char *url, char out[ACD_URL_MAX]);

#ifdef __cplusplus
}
#endif

#endif
