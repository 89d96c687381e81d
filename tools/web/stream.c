#include "tools/web/stream.h"

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"

struct stream_message *stream_message_open(char *text, size_t len)
{
    struct stream_message *m = malloc(sizeof *m);

    ACD_ASSERT(m != NULL && len > 0);
    *m = (struct stream_message){1, len, text};
    return m;
}

void stream_message_release(struct stream_message *m)
{
    if (--m->refs > 0)
        return;
    free(m->text);
    free(m);
}

static struct stream_message *at(const struct stream *s, uint32_t i)
{
    return s->queue[(s->first + i) % STREAM_MESSAGES_MAX];
}

static void drop_last(struct stream *s)
{
    struct stream_message *m = at(s, --s->count);

    s->bytes -= m->len;
    stream_message_release(m);
}

bool stream_put(struct stream *s, struct stream_message *m)
{
    if (s->behind)
        return false;
    if (s->count == STREAM_MESSAGES_MAX || (s->count > 0 && s->bytes + m->len > STREAM_BYTES_MAX)) {
        s->behind = true;
        while (s->count > (s->read > 0 ? 1U : 0U))
            drop_last(s);
        return false;
    }
    m->refs++;
    s->queue[(s->first + s->count++) % STREAM_MESSAGES_MAX] = m;
    s->bytes += m->len;
    return true;
}

size_t stream_read(struct stream *s, char *out, size_t max)
{
    struct stream_message *m = s->count > 0 ? at(s, 0) : NULL;
    size_t len;

    if (m == NULL)
        return 0;
    len = m->len - s->read < max ? m->len - s->read : max;
    memcpy(out, m->text + s->read, len);
    s->read += len;
    if (s->read < m->len)
        return len;
    s->read = 0;
    s->first = (s->first + 1) % STREAM_MESSAGES_MAX;
    s->count--;
    s->bytes -= m->len;
    stream_message_release(m);
    return len;
}

void stream_close(struct stream *s)
{
    while (s->count > 0)
        drop_last(s);
}
