/* A lease: the daemon takes a gateway for lost that is silent for so long.
 *
 * Happy path: whatever leaves shows that the gateway is there; when nothing has left for a quarter
 * of the lease, a heartbeat does. It stands alone: nobody waits for what comes of it.
 *
 * Failure modes: a heartbeat is not answered in time: the line is dead, and another is tried. The
 * daemon says that the gateway is lost: it opens its name again, and what was refused for that is
 * sent again. */

#include "proto/client_private.h"

int lease_options(struct acd_client *c, const struct acd_client_options *options)
{
    const size_t heir_len = options->heir == NULL ? 0 : strlen(options->heir);

    if (heir_len > sizeof c->heir)
        return ACD_TOO_LONG;
    if (options->lease < -1 || options->grace < -1)
        return ACD_INVALID;
    if (c->name_len == 0 &&
        (options->lease != 0 || options->grace != 0 || options->orphans != 0 || heir_len > 0))
        return ACD_INVALID;
    c->lease = options->lease;
    c->grace = options->grace;
    c->orphans = options->orphans;
    c->heir_len = (uint16_t)heir_len;
    if (heir_len > 0)
        memcpy(c->heir, options->heir, heir_len);
    return ACD_OK;
}

void lease_spoke(struct acd_client *c)
{
    if (c->lease > 0)
        c->spoke_at = link_now_coarse();
}

acd_time lease_deadline(const struct acd_client *c)
{
    if (c->lease <= 0 || c->session != SESSION_READY)
        return ACD_FOREVER;
    return c->beating ? c->beat_deadline : c->spoke_at + c->lease / 4;
}

static void beat(struct acd_client *c)
{
    const struct acd_command_heartbeat heartbeat = {.away = 0};
    uint8_t bytes[ACD_RECORD_MAX];
    size_t size = acd_record_command_heartbeat.encode(&heartbeat, bytes);

    c->beating = true;
    c->beat_deadline = link_now_coarse() + c->timeout;
    message_end(c);
    message_put(c, c->id, NUMBER_BEAT, bytes, size);
    message_end(c);
}

void lease_expire(struct acd_client *c, acd_time now)
{
    if (c->link.failed || lease_deadline(c) > now)
        return;
    if (c->beating)
        link_fail(&c->link, "heartbeat: no answer in time");
    else
        beat(c);
}

void lease_answer(struct acd_client *c, const struct acd_reply *reply)
{
    c->beating = false;
    (void)lease_is_lost(c, reply);
}

void lease_disconnected(struct acd_client *c)
{
    c->beating = false;
}

void lease_lost(struct acd_client *c)
{
    if (c->session != SESSION_READY)
        return; /* it is opening its name already */
    session_tell(c, ACD_CLIENT_LOST);
    session_open(c);
}

bool lease_is_lost(struct acd_client *c, const struct acd_reply *reply)
{
    struct acd_view_outcome outcome;

    if (c->name_len == 0 ||
        acd_record_view_outcome.decode(reply->records, reply->size, &outcome) < 0 ||
        outcome.error != ACD_LOST || outcome.field != 0)
        return false;
    lease_lost(c);
    return true;
}
