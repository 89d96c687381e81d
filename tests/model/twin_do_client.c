/* The twin carries out the commands about numbers, clients and the day. */

#include "tests/model/twin_parts.h"

void do_number_set(struct twin *t, const struct acd_command_number_set *c)
{
    const struct twin_number *old = twin_number(t, c->number);
    uint32_t place = old == NULL ? twin_free_number(t) : (uint32_t)(old - t->numbers);
    struct twin_queue *q;

    if (c->number.len == 0) {
        twin_refuse(t, ACD_MISSING, "number");
        return;
    }
    q = twin_asked_queue(t, c->queue, c->queue_name, "queue_name");
    if (q == NULL)
        return;
    if (q->set.state == ACD_REMOVING) {
        twin_refuse(t, ACD_STATE, "queue_name");
        return;
    }
    if (place == t->limits.numbers) {
        twin_refuse(t, ACD_FULL, "number");
        return;
    }
    t->outcome.queue = q->id;
    say_number_set(t, place, (struct acd_event_number_set){.number = c->number, .queue = q->id});
}

void do_number_remove(struct twin *t, const struct acd_command_number_remove *c)
{
    struct twin_number *n = twin_number(t, c->number);

    if (c->number.len == 0)
        twin_refuse(t, ACD_MISSING, "number");
    else if (n == NULL)
        twin_refuse(t, ACD_NOT_FOUND, "number");
    else
        say_number_removed(t, n);
}

void do_client_open(struct twin *t, const struct acd_command_client_open *c)
{
    const struct twin_client *old = twin_client_named(t, c->name);
    uint32_t slot = old == NULL ? twin_free_client(t) : old->id.slot;
    uint8_t kind = c->kind == 0 ? ACD_GATEWAY : c->kind;

    if (c->name.len == 0) {
        twin_refuse(t, ACD_MISSING, "name");
        return;
    }
    if (!twin_known(&acd_enum_client_kind, c->kind)) {
        twin_refuse(t, ACD_INVALID, "kind");
        return;
    }
    if (old != NULL && c->kind != 0 && c->kind != old->kind) {
        twin_refuse(t, ACD_EXISTS, "kind");
        return;
    }
    if (slot == t->limits.clients) {
        twin_refuse(t, ACD_FULL, "name");
        return;
    }
    say_client_opened(t, slot, c->name, old == NULL ? kind : old->kind);
    t->outcome.client = t->clients[slot].id;
    t->outcome.last_request = t->clients[slot].last_request;
}

static bool owns_live_call(const struct twin *t, const struct twin_client *c)
{
    for (uint32_t i = 0; i < t->limits.calls; i++)
        if (t->calls[i].id.gen != 0 && twin_same_client(t->calls[i].gateway, c->id))
            return true;
    return false;
}

void do_client_remove(struct twin *t, const struct acd_command_client_remove *c)
{
    struct twin_client *client = twin_client_named(t, c->name);

    if (c->name.len == 0)
        twin_refuse(t, ACD_MISSING, "name");
    else if (client == NULL)
        twin_refuse(t, ACD_NOT_FOUND, "name");
    else if (owns_live_call(t, client))
        twin_refuse(t, ACD_STATE, "name");
    else
        say_client_removed(t, client);
}

void do_outbox_ack(struct twin *t, const struct acd_command_outbox_ack *c)
{
    struct twin_client *gateway = twin_client(t, twin_gateway(t));

    if (gateway == NULL)
        twin_refuse(t, ACD_STATE, "upto");
    else if (c->upto > gateway->told)
        twin_refuse(t, ACD_INVALID, "upto");
    else if (c->upto > gateway->acked)
        say_outbox_acked(t, gateway, c->upto);
}

void do_day_turn(struct twin *t, const struct acd_command_day_turn *c)
{
    if (c->day <= t->day)
        twin_refuse(t, ACD_STATE, "day");
    else
        say_day_turned(t, c->day);
}

void do_config_commit(struct twin *t, const struct acd_command_config_commit *c)
{
    say_config_committed(t, c);
}
