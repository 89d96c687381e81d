#ifndef ACD_MEMORY_H
#define ACD_MEMORY_H

#include <stddef.h>

/* The engine's memory, in pages of 2 MiB where the system has them to give. An engine at work
 * touches few bytes at many places; in pages of 4 KiB much of its time goes by finding those, the
 * more so under a hypervisor. What is never touched costs nothing as before, but 2 MiB at a time.
 */

/* Zeroed memory, or NULL: acd_config's take. */
void *memory_take(size_t bytes, void *ctx);

/* acd_config's give. */
void memory_give(void *memory, size_t bytes, void *ctx);

#endif
