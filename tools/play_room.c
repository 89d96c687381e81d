#include "tools/play_room.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void play_die(const char *format, ...)
{
    va_list args;

    (void)fflush(stdout);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

void *room_for(size_t count, size_t size)
{
    void *room = calloc(count == 0 ? 1 : count, size);

    if (room == NULL)
        play_die("out of memory");
    return room;
}

void *room_for_more(void *things, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return things;
    *room = *room == 0 ? 64 : *room * 2;
    things = realloc(things, *room * size);
    if (things == NULL)
        play_die("out of memory");
    return things;
}
