/* The outbox: one `next` at a time is unanswered; each acknowledges what came before it.
 *
 * Happy path: ask behind the last notice delivered; the daemon answers when there is something, or
 * with nothing when the wait is over; deliver, ask again.
 *
 * Failure modes: the line breaks: the same is asked again over the next one, and since `after` has
 * not moved, nothing is lost; what is delivered already is passed over by its number. The outbox
 * overflowed: the daemon says LOST; opening the name again mends it. Any other error: asked again
 * a second later. */

#include "proto/client_private.h"

#define WAIT (20 * ACD_SECOND) /* of each next; below ACD_NEXT_WAIT_MAX */

int acd_client_outbox(struct acd_client *c, acd_client_notice_cb on_notice, void *ctx)
{
    if (c->name_len == 0 || c->kind != ACD_GATEWAY || c->outbox.on_notice != NULL)
        return client_fail(c, ACD_STATE, "outbox: only a gateway's, and once");
    if (on_notice == NULL)
        return client_fail(c, ACD_INVALID, "outbox: no callback");
    c->outbox.on_notice = on_notice;
    c->outbox.ctx = ctx;
    if (c->session == SESSION_READY)
        outbox_ask(c);
    return ACD_OK;
}

/* A `next` that waits holds up its whole message, so it stands alone in it. */
void outbox_ask(struct acd_client *c)
{
    struct outbox *o = &c->outbox;
    const struct acd_query_next next = {.after = o->after, .wait = WAIT, .limit = ACD_PAGE_MAX};
    uint8_t bytes[ACD_RECORD_MAX];
    size_t size = acd_record_query_next.encode(&next, bytes);

    if (o->on_notice == NULL || o->number != 0 || c->link.failed || o->ask_at > link_now_coarse())
        return;
    o->number = NUMBER_NEXT + 1 + o->asked++ % (NUMBER_NEXT - 2);
    o->deadline = link_now_coarse() + WAIT + c->timeout;
    message_end(c);
    message_put(c, c->id, o->number, bytes, size);
    message_end(c);
    o->message = c->message;
}

static void deliver(struct acd_client *c, const struct acd_view_notice *notice)
{
    if (notice->number <= c->outbox.after)
        return;
    c->outbox.after = notice->number;
    c->delivered++;
    c->outbox.on_notice(c->outbox.ctx, notice);
}

/* Returns 0, the error that the reply says, or what is wrong with it. */
static int walk_notices(struct acd_client *c, const struct acd_reply *reply)
{
    const uint8_t *at = reply->records, *record;
    size_t left = reply->size;
    struct acd_view view;
    uint16_t code;
    int error;

    while ((error = acd_records_next(&at, &left, &code, &record)) == 1) {
        error = acd_view_decode(record, (size_t)(at - record), &view);
        if (error < 0 && error != ACD_UNKNOWN)
            return error;
        if (error > 0 && code == ACD_VIEW_outcome && view.as.outcome.error != ACD_OK)
            return view.as.outcome.error;
        if (error > 0 && code == ACD_VIEW_notice)
            deliver(c, &view.as.notice);
    }
    return error;
}

void outbox_answer(struct acd_client *c, const struct acd_reply *reply)
{
    struct outbox *o = &c->outbox;
    int error;

    if (reply->number != o->number)
        return; /* of a next that was given up */
    error = walk_notices(c, reply);
    o->number = 0;
    if (error == ACD_OK) {
        outbox_ask(c);
        return;
    }
    o->ask_at = link_now() + ACD_SECOND;
    if (error == ACD_LOST || error == ACD_NOT_FOUND)
        lease_lost(c);
}

void outbox_refused(struct acd_client *c, uint32_t message)
{
    if (c->outbox.number == 0 || c->outbox.message != message)
        return;
    c->outbox.number = 0;
    c->outbox.ask_at = link_now() + ACD_SECOND;
}

void outbox_disconnected(struct acd_client *c)
{
    c->outbox.number = 0;
}

acd_time outbox_deadline(const struct acd_client *c)
{
    if (c->outbox.on_notice == NULL || c->session != SESSION_READY)
        return ACD_FOREVER;
    return c->outbox.number != 0 ? c->outbox.deadline : c->outbox.ask_at;
}

void outbox_expire(struct acd_client *c, acd_time now)
{
    if (c->link.failed || outbox_deadline(c) > now)
        return;
    if (c->outbox.number != 0)
        link_fail(&c->link, "next: no answer in time");
    else
        outbox_ask(c);
}
