#ifndef ACD_WEB_STREAM_H
#define ACD_WEB_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a browser is still to be sent: messages that all browsers share, in order.
 *
 * Happy path: a message is put, and read piece by piece as the browser takes it.
 *
 * Failure modes: a browser that does not read: at STREAM_MESSAGES_MAX messages or STREAM_BYTES_MAX
 * bytes all is dropped but the message it is in the midst of; it is `behind`, takes no more, and is
 * put everything anew when it has read on. */

enum { STREAM_MESSAGES_MAX = 64, STREAM_BYTES_MAX = 256 * 1024 };

struct stream_message {
    uint32_t refs;
    size_t len;
    char *text;
};

struct stream {
    struct stream *next; /* of all there are */
    struct stream_message *queue[STREAM_MESSAGES_MAX];
    uint32_t first, count;
    size_t read;  /* of the first one */
    size_t bytes; /* of all, what is read included */
    bool behind;
};

/* A message with a text of malloc's, which it takes; held once, by the caller. */
struct stream_message *stream_message_open(char *text, size_t len);
void stream_message_release(struct stream_message *m);

/* Puts a message; one may always be put on an empty stream. Returns false when it has become, or
 * is, behind. */
bool stream_put(struct stream *s, struct stream_message *m);

/* Reads the next piece, at most `max` bytes; 0: there is nothing. */
size_t stream_read(struct stream *s, char *out, size_t max);

void stream_close(struct stream *s);

#endif
