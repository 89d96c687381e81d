/* Gateways that are lost: the commands about it, and what becomes of their calls. */

#include "tests/model/twin_parts.h"

enum { SWEEP_LOOKS_MAX = 256, SWEEP_ACTS_MAX = 32 };

/* ---- being there -------------------------------------------------------------------------- */

bool twin_hear(struct twin *t, struct twin_client *c, uint16_t command)
{
    if (c == NULL || (c->lost && command == ACD_COMMAND_client_open))
        return true;
    if (c->lost && !twin_wrong(t, TWIN_FAULT_LOST_IS_HEARD)) {
        t->outcome.error = ACD_LOST;
        return false;
    }
    if (c->lease_until == 0)
        return true;
    if (t->now >= c->lease_until - c->lease || twin_wrong(t, TWIN_FAULT_RENEWED_ALWAYS))
        say_client_renewed(t, c);
    return true;
}

void do_heartbeat(struct twin *t, const struct acd_command_heartbeat *c)
{
    bool by_nobody = twin_client(t, t->client) == NULL;

    if (c->away < 0 || c->away > (acd_span)36600 * 24 * 3600 * ACD_SECOND ||
        (!by_nobody && c->away != 0))
        twin_refuse(t, ACD_INVALID, "away");
    else if (by_nobody && c->away == 0)
        twin_refuse(t, ACD_MISSING, "away");
    else if (by_nobody)
        say_all_renewed(t, t->now + c->away);
}

/* ---- being lost --------------------------------------------------------------------------- */

static bool can_inherit(const struct twin_client *heir)
{
    return heir != NULL && heir->kind == ACD_GATEWAY && !heir->lost && heir->grace_until == 0 &&
           heir->sweep == 0;
}

void twin_fire_lease(struct twin *t, struct twin_client *c)
{
    say_gateway_lost(t, c);
}

void twin_fire_grace(struct twin *t, struct twin_client *c)
{
    const struct twin_client *heir = twin_client_named(t, twin_text_str(&c->heir));
    uint8_t rule = c->orphans;

    if (twin_wrong(t, TWIN_FAULT_ORPHANS_ALWAYS_END))
        rule = ACD_ORPHANS_END;
    if (rule == ACD_ORPHANS_KEEP)
        say_gateway_swept(t, c, ACD_SWEEP_KEEP, ACD_NOBODY, 0);
    else if (rule == ACD_ORPHANS_HAND_OVER && can_inherit(heir))
        say_gateway_swept(t, c, ACD_SWEEP_HAND_OVER, heir->id, 0);
    else
        say_gateway_swept(t, c, ACD_SWEEP_END, ACD_NOBODY, 0);
}

/* ---- reconciling -------------------------------------------------------------------------- */

void do_reconcile(struct twin *t, const struct acd_command_reconcile *c)
{
    struct twin_client *gateway = twin_client(t, twin_gateway(t));

    if (c->step == 0)
        twin_refuse(t, ACD_MISSING, "step");
    else if (!twin_known(&acd_enum_reconcile_step, c->step))
        twin_refuse(t, ACD_INVALID, "step");
    else if (gateway != NULL && c->step == ACD_RECONCILE_BEGIN)
        say_reconcile_begun(t, gateway);
    else if (gateway == NULL || !gateway->reconciling)
        twin_refuse(t, ACD_STATE, "step");
    else
        say_gateway_swept(t, gateway, ACD_SWEEP_END, ACD_NOBODY, 0);
}

void do_reconcile_call(struct twin *t, const struct acd_command_reconcile_call *c)
{
    const struct twin_client *gateway = twin_client(t, twin_gateway(t));
    struct twin_call *call = twin_call_keyed(t, twin_gateway(t), c->key);

    if (c->key.len == 0)
        twin_refuse(t, ACD_MISSING, "key");
    else if (gateway == NULL || !gateway->reconciling)
        twin_refuse(t, ACD_STATE, "key");
    else if (call == NULL && twin_ended(t, gateway->id, c->key) != NULL)
        twin_refuse(t, ACD_GONE, "key");
    else if (call == NULL)
        twin_refuse(t, ACD_NOT_FOUND, "key");
    if (gateway == NULL || call == NULL || t->outcome.error != ACD_OK)
        return;
    if (call->listed != gateway->since && call->sequence < gateway->since)
        say_call_listed(t, call);
    t->outcome.call = call->id;
}

/* ---- sweeps ------------------------------------------------------------------------------- */

/* Whether an heir takes a call; its outbox may fill by that, and then it does not. */
static bool takes(struct twin *t, struct twin_client *heir, const struct twin_call *c)
{
    struct acd_str key = twin_text_str(&c->key);

    if (!can_inherit(heir))
        return false;
    if ((twin_call_keyed(t, heir->id, key) != NULL || twin_ended(t, heir->id, key) != NULL) &&
        !twin_wrong(t, TWIN_FAULT_ADOPTED_TWICE))
        return false;
    twin_make_room_at(t, heir);
    return can_inherit(heir);
}

/* Returns whether anything rang. */
static bool take_back(struct twin *t, struct twin_call *c)
{
    struct twin_assignment *asked = twin_consultation(t, c), *number = twin_asks_number(t, c);
    bool rang = c->state == ACD_OFFERED;

    if (number != NULL && number->until != 0 && !twin_wrong(t, TWIN_FAULT_LOST_KEEPS_DIALLING)) {
        say_consult_dial_ended(t, number, 0, false);
        return true;
    }

    while (c->state == ACD_OFFERED)
        say_offer_ended(t, twin_of_call(t, c, 0), ACD_OFFER_RESCINDED, 0, false);
    if (asked == NULL || asked->role != ACD_ROLE_OFFERED ||
        twin_wrong(t, TWIN_FAULT_LOST_KEEPS_ASKING))
        return rang;
    say_offer_ended(t, asked, ACD_OFFER_RESCINDED, 0, false);
    return true;
}

/* An old call goes to the heir, or ends. */
static void resolve(struct twin *t, struct twin_call *c, struct twin_client *heir)
{
    const struct twin_queue *q = twin_queue(t, c->queue);
    struct acd_event_call_ended event = {
        .disposition = ACD_CALL_LOST, .side = ACD_SIDE_SYSTEM, .ended_at = t->now};

    take_back(t, c);
    if (takes(t, heir, c)) {
        say_call_adopted(t, c, heir);
        return;
    }
    twin_end_consultation(t, c, ACD_OFFER_RESCINDED, false);
    if (c->state == ACD_CONNECTED && q->set.wrap_up_time != 0)
        event.wrap_up_until =
            q->set.wrap_up_time == ACD_FOREVER ? ACD_FOREVER : t->now + q->set.wrap_up_time;
    say_call_ended(t, c, &event);
}

static bool strand(struct twin *t, struct twin_call *c)
{
    bool rang;

    if (c->state == ACD_OFFERED && twin_wrong(t, TWIN_FAULT_LOST_KEEPS_RINGING))
        return false;
    rang = take_back(t, c);
    if (c->state != ACD_QUEUED)
        return rang;
    say_call_stranded(t, c);
    return true;
}

/* Does to a call of a gateway what the sweep asks for; returns whether that was anything. */
static bool sweep_call(struct twin *t, const struct twin_client *gateway, struct twin_call *c)
{
    bool listed = c->listed == gateway->since && !twin_wrong(t, TWIN_FAULT_LISTED_FOR_NOTHING);

    if (c->sequence > gateway->since && !twin_wrong(t, TWIN_FAULT_NEW_CALLS_SWEPT))
        return false;
    if (twin_called_back(c) && !twin_wrong(t, TWIN_FAULT_SWEPT_CALLBACKS))
        return false;
    if (gateway->sweep == ACD_SWEEP_STRAND)
        return !listed && strand(t, c);
    if (!listed)
        resolve(t, c, twin_client(t, gateway->sweep_heir));
    else if (c->state == ACD_STRANDED)
        say_call_resumed(t, c);
    else
        return false;
    return true;
}

/* The first client that has a sweep under way, or NULL. */
static struct twin_client *swept(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.clients; i++)
        if (t->clients[i].id.gen != 0 && t->clients[i].sweep != 0)
            return &t->clients[i];
    return NULL;
}

bool twin_is_sweeping(const struct twin *t)
{
    return swept(t) != NULL;
}

static bool has_calls(const struct twin *t, const struct twin_client *gateway)
{
    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0 && twin_same_client(t->calls[i].gateway, gateway->id))
            return true;
    return false;
}

/* The first live call at or behind a slot, or the table's limit. */
static uint32_t live_call(const struct twin *t, uint32_t slot)
{
    while (slot < t->limits.calls && t->calls[slot].id.gen == 0)
        slot++;
    return slot;
}

/* Does one slice; false when the gateway was lost anew amid it. */
static bool slice(struct twin *t, struct twin_client *gateway, uint32_t *slot)
{
    uint32_t looks = 0, acts = 0, most = SWEEP_ACTS_MAX;
    uint64_t since = gateway->since;

    if (twin_wrong(t, TWIN_FAULT_SWEEP_TOO_LONG))
        most++;
    for (*slot = live_call(t, gateway->sweep_slot); *slot < t->limits.calls;
         *slot = live_call(t, *slot + 1)) {
        if (looks == SWEEP_LOOKS_MAX || acts == most || !has_calls(t, gateway))
            return true;
        looks++;
        if (twin_same_client(t->calls[*slot].gateway, gateway->id))
            acts += sweep_call(t, gateway, &t->calls[*slot]);
        if (gateway->since != since)
            return false;
    }
    return true;
}

void twin_sweep(struct twin *t)
{
    struct twin_client *gateway = swept(t);
    uint32_t slot;

    if (gateway == NULL)
        return;
    if (slice(t, gateway, &slot)) {
        bool over = slot == t->limits.calls || !has_calls(t, gateway);

        say_gateway_swept(t, gateway, over ? 0 : gateway->sweep,
                          over ? ACD_NOBODY : gateway->sweep_heir, over ? 0 : slot);
    }
    twin_settle(t);
}
