/* What the twin states about clients that are there and gateways that are lost. */

#include <string.h>

#include "tests/model/twin_parts.h"

void say_client_renewed(struct twin *t, struct twin_client *c)
{
    struct acd_event_client_renewed event = {.client = c->id,
                                             .until = t->now + c->lease + c->lease / 4};

    c->lease_sequence = twin_append(t, ACD_EVENT_client_renewed, &event);
    c->lease_until = event.until;
}

void say_all_renewed(struct twin *t, acd_time from)
{
    struct acd_event_client_renewed event = {.until = from};

    twin_append(t, ACD_EVENT_client_renewed, &event);
    for (uint32_t i = 0; i < t->limits.clients; i++) {
        struct twin_client *c = &t->clients[i];

        if (c->lease_until != 0)
            c->lease_until = from + c->lease + c->lease / 4;
        if (c->grace_until != 0 && !twin_wrong(t, TWIN_FAULT_AWAY_COUNTS_AS_GRACE))
            c->grace_until = from + c->grace;
    }
}

void say_client_set(struct twin *t, struct twin_client *c, const struct acd_event_client_opened *to)
{
    struct acd_event_client_set event = {.client = c->id,
                                         .lease = to->lease,
                                         .grace = to->grace,
                                         .orphans = to->orphans,
                                         .heir = to->heir,
                                         .until = to->until};
    struct twin_text heir = {0};

    twin_text_copy(&heir, to->heir);
    c->lease_sequence = twin_append(t, ACD_EVENT_client_set, &event);
    c->lease = to->lease;
    c->grace = to->grace;
    c->orphans = to->orphans;
    c->heir = heir;
    c->lease_until = to->until;
}

void twin_lose(struct twin *t, struct twin_client *c, uint64_t sequence, acd_time until)
{
    (void)t;
    c->lost = true;
    c->outbox_len = 0;
    c->acked = c->told;
    c->lease_until = 0;
    c->grace_until = until;
    c->since = sequence;
    c->reconciling = false;
    c->sweep = ACD_SWEEP_STRAND;
    c->sweep_slot = 0;
    c->sweep_heir = ACD_NOBODY;
}

void say_gateway_lost(struct twin *t, struct twin_client *c)
{
    struct acd_event_gateway_lost event = {.client = c->id, .until = t->now + c->grace};
    uint64_t sequence = twin_append(t, ACD_EVENT_gateway_lost, &event);

    twin_lose(t, c, sequence, event.until);
}

void say_gateway_swept(struct twin *t, struct twin_client *c, uint8_t sweep, acd_client_id heir,
                       uint32_t slot)
{
    struct acd_event_gateway_swept event = {
        .client = c->id, .sweep = sweep, .heir = heir, .slot = slot};

    twin_append(t, ACD_EVENT_gateway_swept, &event);
    if (sweep != 0 && sweep != ACD_SWEEP_STRAND && slot == 0)
        c->grace_until = 0;
    if (sweep == ACD_SWEEP_KEEP)
        return;
    if ((sweep == ACD_SWEEP_END || sweep == ACD_SWEEP_HAND_OVER) && slot == 0)
        c->reconciling = false;
    c->sweep = sweep;
    c->sweep_heir = heir;
    c->sweep_slot = slot;
}

void say_reconcile_begun(struct twin *t, struct twin_client *c)
{
    struct acd_event_reconcile_begun event = {.client = c->id};

    if (c->grace_until != 0)
        event.until = t->now + c->grace;
    if (twin_wrong(t, TWIN_FAULT_GRACE_NOT_RESTARTED))
        event.until = c->grace_until;
    c->since = twin_append(t, ACD_EVENT_reconcile_begun, &event);
    c->grace_until = event.until;
    c->reconciling = true;
    c->sweep = 0;
    c->sweep_slot = 0;
    c->sweep_heir = ACD_NOBODY;
}

void say_call_listed(struct twin *t, struct twin_call *c)
{
    struct acd_event_call_listed event = {.call = c->id};

    twin_append(t, ACD_EVENT_call_listed, &event);
    c->listed = twin_client(t, c->gateway)->since;
}

void say_call_stranded(struct twin *t, struct twin_call *c)
{
    struct acd_event_call_stranded event = {.call = c->id};

    twin_append(t, ACD_EVENT_call_stranded, &event);
    c->state = ACD_STRANDED;
}

/* A stranded call is queued again. */
static void resume(struct twin *t, struct twin_call *c, uint64_t sequence)
{
    c->state = ACD_QUEUED;
    c->until_sequence = sequence;
    if (twin_wrong(t, TWIN_FAULT_STRANDED_LOSES_PLACE))
        c->line_time = t->now;
    twin_note_call(t, c);
}

void say_call_resumed(struct twin *t, struct twin_call *c)
{
    struct acd_event_call_resumed event = {.call = c->id};

    resume(t, c, twin_append(t, ACD_EVENT_call_resumed, &event));
}

void say_call_adopted(struct twin *t, struct twin_call *c, struct twin_client *heir)
{
    struct acd_event_call_adopted event = {.call = c->id, .gateway = heir->id};
    const struct twin_assignment *s = twin_of_call(t, c, 0);
    const struct twin_agent *a = s == NULL ? NULL : twin_agent(t, s->agent);
    struct acd_view_notice notice = {.kind = ACD_NOTICE_CALL_ADOPTED};
    uint64_t sequence = twin_append(t, ACD_EVENT_call_adopted, &event);

    twin_remember(t, c->gateway, twin_text_str(&c->key), t->now);
    c->gateway = heir->id;
    c->listed = heir->since;
    if (c->state == ACD_STRANDED)
        resume(t, c, sequence);
    if (a != NULL) {
        notice.assignment = s->id;
        notice.agent = a->id;
        notice.agent_name = twin_text_str(&a->name);
        notice.contact = twin_text_str(&a->contact);
    }
    twin_notify(t, c, &notice);
}
