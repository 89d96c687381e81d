/* The twin carries out the commands about numbers, clients and the day. */

#include <string.h>

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

/* A span that may be left as it is (0), or be none (-1). */
static acd_span merged(acd_span given, acd_span present)
{
    if (given == 0)
        return present;
    return given == -1 ? 0 : given;
}

/* What a client is set to once its client_open is carried out. */
static struct acd_event_client_opened opened(const struct twin *t, const struct twin_client *old,
                                             const struct acd_command_client_open *c)
{
    struct acd_event_client_opened event = {
        .name = c->name,
        .kind = c->kind == 0 ? ACD_GATEWAY : c->kind,
        .lease = merged(c->lease, old == NULL ? 0 : old->lease),
        .grace = merged(c->grace, old == NULL ? 30 * ACD_SECOND : old->grace),
        .orphans = c->orphans == 0 ? ACD_ORPHANS_END : c->orphans,
        .heir = c->heir,
    };

    if (old != NULL)
        event.kind = old->kind;
    if (old != NULL && c->orphans == 0)
        event.orphans = old->orphans;
    if (old != NULL && c->heir.len == 0)
        event.heir = twin_text_str(&old->heir);
    if (event.heir.len == 1 && event.heir.data[0] == '-')
        event.heir.len = 0;
    if (event.lease > 3600 * ACD_SECOND) /* it will be refused */
        return event;
    if (event.lease > 0)
        event.until = t->now + event.lease + event.lease / 4;
    if (event.lease > 0 && twin_wrong(t, TWIN_FAULT_LEASE_SHORT))
        event.until = t->now + event.lease;
    return event;
}

/* The name of a field whose value is no good, or NULL. */
static const char *lease_fault(const struct acd_command_client_open *c,
                               const struct acd_event_client_opened *event)
{
    if (c->lease != 0 && c->lease != -1 &&
        (c->lease < ACD_SECOND || c->lease > 3600 * ACD_SECOND || event->kind != ACD_GATEWAY))
        return "lease";
    if (c->grace < -1 || c->grace > 24 * 3600 * ACD_SECOND)
        return "grace";
    if (!twin_known(&acd_enum_orphans, c->orphans))
        return "orphans";
    if (event->heir.len == c->name.len && memcmp(event->heir.data, c->name.data, c->name.len) == 0)
        return "heir";
    return NULL;
}

/* A client_set is checked, and merged, as a client_open of the same would be. */
void do_client_set(struct twin *t, const struct acd_command_client_set *c)
{
    struct acd_command_client_open same = {.name = c->name,
                                           .lease = c->lease,
                                           .grace = c->grace,
                                           .orphans = c->orphans,
                                           .heir = c->heir};
    struct twin_client *client = twin_client_named(t, c->name);
    struct acd_event_client_opened event = opened(t, client, &same);

    if (c->name.len == 0)
        twin_refuse(t, ACD_MISSING, "name");
    else if (client == NULL)
        twin_refuse(t, ACD_NOT_FOUND, "name");
    else if (lease_fault(&same, &event) != NULL)
        twin_refuse(t, ACD_INVALID, lease_fault(&same, &event));
    else if (event.orphans == ACD_ORPHANS_HAND_OVER && event.heir.len == 0)
        twin_refuse(t, ACD_MISSING, "heir");
    if (t->outcome.error != ACD_OK)
        return;
    t->outcome.client = client->id;
    if (client->lost && !twin_wrong(t, TWIN_FAULT_SET_REVIVES_LEASE))
        event.until = 0;
    say_client_set(t, client, &event);
}

void do_client_open(struct twin *t, const struct acd_command_client_open *c)
{
    const struct twin_client *old = twin_client_named(t, c->name);
    uint32_t slot = old == NULL ? twin_free_client(t) : old->id.slot;
    struct acd_event_client_opened event = opened(t, old, c);

    if (c->name.len == 0)
        twin_refuse(t, ACD_MISSING, "name");
    else if (!twin_known(&acd_enum_client_kind, c->kind))
        twin_refuse(t, ACD_INVALID, "kind");
    else if (old != NULL && c->kind != 0 && c->kind != old->kind)
        twin_refuse(t, ACD_EXISTS, "kind");
    else if (lease_fault(c, &event) != NULL)
        twin_refuse(t, ACD_INVALID, lease_fault(c, &event));
    else if (event.orphans == ACD_ORPHANS_HAND_OVER && event.heir.len == 0)
        twin_refuse(t, ACD_MISSING, "heir");
    else if (slot == t->limits.clients)
        twin_refuse(t, ACD_FULL, "name");
    if (t->outcome.error != ACD_OK)
        return;
    say_client_opened(t, slot, event);
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
    uint32_t today = (uint32_t)(t->now / (86400 * ACD_SECOND));
    uint32_t most = twin_wrong(t, TWIN_FAULT_DAY_AFTER_TOMORROW)   ? today + 2
                    : twin_wrong(t, TWIN_FAULT_NO_DAY_IN_THE_EAST) ? today
                                                                   : today + 1;

    if (c->day > most)
        twin_refuse(t, ACD_INVALID, "day");
    else if (c->day <= t->day)
        twin_refuse(t, ACD_STATE, "day");
    else
        say_day_turned(t, c->day);
}

void do_config_commit(struct twin *t, const struct acd_command_config_commit *c)
{
    say_config_committed(t, c);
}
