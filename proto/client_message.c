/* Requests into messages, and replies to those they are for. */

#include "engine/acd_assert.h"
#include "proto/client_private.h"

enum { ID_SIZE = 4 };

/* The id that an SP request begins with: big-endian, its top bit set. */
static void id_put(uint8_t *at, uint32_t id)
{
    for (int i = 0; i < ID_SIZE; i++)
        at[i] = (uint8_t)(id >> (24 - 8 * i));
}

static uint32_t id_get(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool message_begin(struct acd_client *c, acd_client_id from)
{
    uint8_t *at = link_frame(&c->link, ID_SIZE + MESSAGE_ROOM);

    if (at == NULL) {
        link_fail(&c->link, "out of memory");
        return false;
    }
    c->message = (c->message + 1) | UINT32_C(0x80000000);
    id_put(at, c->message);
    acd_request_begin(&c->writer, at + ID_SIZE, MESSAGE_ROOM, from);
    c->writing = true;
    return true;
}

void message_end(struct acd_client *c)
{
    if (!c->writing)
        return;
    link_commit(&c->link, ID_SIZE + acd_request_end(&c->writer));
    c->writing = false;
    lease_spoke(c);
}

void message_put(struct acd_client *c, acd_client_id from, uint64_t number, const uint8_t *bytes,
                 size_t size)
{
    ACD_ASSERT(c->link.state == LINK_UP);
    if (!c->writing || acd_request_put_bytes(&c->writer, number, bytes, size) != ACD_OK) {
        message_end(c);
        if (!message_begin(c, from))
            return;
        (void)acd_request_put_bytes(&c->writer, number, bytes, size); /* an empty one has room */
    }
    if (c->writer.count < c->batch_max)
        return;
    message_end(c);
    link_flush(&c->link); /* the daemon works on it while the next is written */
}

/* ---- replies ------------------------------------------------------------------------------ */

/* The daemon could not read a message of ours. */
static void refused(struct acd_client *c, uint32_t message, const struct acd_reply *reply)
{
    struct acd_view_outcome outcome;

    if (acd_record_view_outcome.decode(reply->records, reply->size, &outcome) < 0 ||
        outcome.error == ACD_OK)
        outcome.error = ACD_INVALID;
    if (c->session == SESSION_OPENING)
        link_fail(&c->link, "the daemon could not read us: %s", acd_error_text(outcome.error));
    requests_refused(c, message, outcome.error);
    outbox_refused(c, message);
}

static void dispatch(struct acd_client *c, uint32_t message, const struct acd_reply *reply)
{
    if (reply->number == 0)
        refused(c, message, reply);
    else if (reply->number == NUMBER_OPEN)
        session_answer(c, reply);
    else if (reply->number == NUMBER_BEAT)
        lease_answer(c, reply);
    else if (reply->number > NUMBER_NEXT)
        outbox_answer(c, reply);
    else
        requests_answer(c, reply);
}

/* A named client learns of another epoch as its session begins; an anonymous one has none. */
static void note_position(struct acd_client *c, const struct acd_wire_position *position)
{
    c->position = *position;
    if (c->name_len > 0 || c->epoch == position->epoch)
        return;
    if (c->epoch != 0)
        session_tell(c, ACD_CLIENT_NEW_EPOCH);
    c->epoch = position->epoch;
}

void message_received(struct acd_client *c, const uint8_t *payload, size_t len)
{
    struct acd_reply_reader reader;
    struct acd_reply reply;
    int error =
        len < ID_SIZE ? ACD_TRUNCATED : acd_reply_read(&reader, payload + ID_SIZE, len - ID_SIZE);

    if (error == ACD_OK) {
        note_position(c, &reader.position);
        while ((error = acd_reply_next(&reader, &reply)) == 1)
            dispatch(c, id_get(payload), &reply);
    }
    if (error < 0)
        link_fail(&c->link, "not a reply: %s", acd_error_text(error));
    else if (c->session == SESSION_READY)
        link_settle(&c->link);
}
