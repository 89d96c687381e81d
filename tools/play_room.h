#ifndef PLAY_ROOM_H
#define PLAY_ROOM_H

#include <stddef.h>

/* Memory for the tools of the play. Without memory there is no play: these say so and exit. */

/* Zeroed room for `count` things. */
void *room_for(size_t count, size_t size);

/* `things` moved to where one more than `count` fit; *room says how many do. */
void *room_for_more(void *things, size_t count, size_t *room, size_t size);

/* Prints what is wrong and exits with 2: the play could not be held. */
_Noreturn void play_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
