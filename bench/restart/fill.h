#ifndef ACD_BENCH_RESTART_FILL_H
#define ACD_BENCH_RESTART_FILL_H

#include <stdint.h>

#include "proto/acd_client.h"

/* A centre made over the socket, as fast as it takes it:
 *
 *     queues    whose offers ring for an hour
 *     agents    with a contact, each in three queues, every other one ready
 *     calls     with a key of 36 bytes, caller and called number, to queues in turn; those that are
 *               offered are answered, as one in two can be; the others wait
 *
 * Gives up if anything fails. */
void fill_agents(struct acd_client *c, uint32_t agents, uint32_t queues);

/* Returns how many talk. */
uint32_t fill_calls(struct acd_client *c, uint32_t calls, uint32_t queues);

#endif
