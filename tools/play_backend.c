#include "tools/play_backend.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/play_room.h"

/* News wait in a ring that grows. */

static struct news *news_add(struct backend *b)
{
    if (b->news_count == b->news_room) {
        size_t room = b->news_room == 0 ? 256 : 2 * b->news_room;
        struct news *ring = room_for(room, sizeof *ring);

        for (size_t i = 0; i < b->news_count; i++)
            ring[i] = b->news[(b->news_first + i) % b->news_room];
        free(b->news);
        b->news = ring;
        b->news_first = 0;
        b->news_room = room;
    }
    return &b->news[(b->news_first + b->news_count++) % b->news_room];
}

bool backend_hear(struct backend *b, struct news *news)
{
    if (b->news_count == 0)
        return false;
    *news = b->news[b->news_first];
    b->news_first = (b->news_first + 1) % b->news_room;
    b->news_count--;
    return true;
}

void backend_tell_outcome(struct backend *b, uint64_t ticket, int error,
                          const struct acd_view_outcome *outcome)
{
    const struct acd_str none = {"", 0};
    struct news *news = news_add(b);

    memset(news, 0, sizeof *news);
    news->ticket = ticket;
    news->error = error;
    if (outcome == NULL)
        return;
    news->as.outcome = *outcome;
    news->as.outcome.agent_name = none;
    news->as.outcome.contact = none;
}

void backend_tell_notice(struct backend *b, const struct acd_view_notice *notice)
{
    const struct acd_str none = {"", 0};
    struct news *news = news_add(b);
    size_t len = notice->key.len < sizeof news->key ? notice->key.len : 0;

    memset(news, 0, sizeof *news);
    memcpy(news->key, notice->key.data, len);
    news->as.notice = *notice;
    news->as.notice.key = none;
    news->as.notice.agent_name = none;
    news->as.notice.contact = none;
}

void backend_fini(struct backend *b)
{
    free(b->news);
}

double backend_real_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
