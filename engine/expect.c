#include "engine/expect.h"

#include "engine/plans.h"

/* Looking ahead of the host, who knows what comes: a message, or what was read of a socket, holds
 * many requests.
 *
 * Nearly every key of a route is new, and where it belongs in the index is anywhere in some
 * megabytes: that is the longest wait of all. So the key of an expected command is hashed at once,
 * its place fetched, and the hash remembered with the key. The command itself asks by its key, as
 * ever, and is told the remembered hash if it is the same key of the same gateway: what was
 * expected wrongly is of no use, and does no harm.
 *
 * Two keys are remembered, for the next command is expected before the one at hand is carried out.
 */

static acd_client_id gateway_of(const struct acd_engine *e, acd_client_id client)
{
    uint32_t slot = client_at(e, client);

    return slot == NONE || e->clients[slot].kind != ACD_GATEWAY ? (acd_client_id){0, 0} : client;
}

/* Remembers the hash of a key that is short enough to be one, and fetches its place. NULL: it is
 * none. */
APART static struct expected *key_expect(struct acd_engine *e, acd_client_id client,
                                         struct acd_str key, uint32_t queue)
{
    struct expected *x = &e->expected[e->expected_last ^ 1];

    if (key.len == 0 || key.len > sizeof x->key)
        return NULL;
    e->expected_last ^= 1;
    x->gateway = gateway_of(e, client);
    x->hash = call_key_hash(e, x->gateway, key);
    x->queue = queue;
    x->plan = x->next = NONE;
    x->key_len = text_copy(x->key, sizeof x->key, key);
    index_fetch(&e->call_keys, x->hash);
    return x;
}

/* Where requirements count, a route leads to its plan, that to a line, and that to whom it is
 * offered: so that one is looked for already, and fetched. */
APART static void next_expect(struct acd_engine *e, struct expected *x, uint32_t queue,
                              struct acd_str plan)
{
    uint32_t line = queue, first = MARKS_NONE;

    x->plan = plan.len > 0 ? plan_find(e, queue, plan) : e->queues[queue].usual;
    if (x->plan != NONE)
        line = e->plans[x->plan].lines[0];
    if (e->lines[line].ready.in_bank && e->lines[line].ready.strategy == ACD_LONGEST_IDLE_AGENT)
        first = bank_first(e, line);
    if (first == MARKS_NONE)
        return;
    x->next = stand_member(e, first);
    next_fetch(e, x->next);
}

static bool is_expected(const struct expected *x, acd_client_id gateway, struct acd_str key)
{
    return x->gateway.gen == gateway.gen && x->gateway.slot == gateway.slot &&
           str_is(key, (struct acd_str){x->key, x->key_len});
}

APART uint32_t key_hash_soon(const struct acd_engine *e, acd_client_id gateway, struct acd_str key,
                             const struct expected **expected)
{
    uint32_t hash;

    for (uint32_t i = 0; key.len > 0 && i < 2; i++)
        if (is_expected(&e->expected[i], gateway, key)) {
            *expected = &e->expected[i];
            return e->expected[i].hash;
        }
    hash = call_key_hash(e, gateway, key);
    index_fetch(&e->call_keys, hash);
    *expected = NULL;
    return hash;
}

APART void acd_expect(struct acd_engine *e, acd_client_id client, const struct acd_command *command)
{
    if (command->code == ACD_COMMAND_route) {
        const struct acd_command_route *route = &command->as.route;
        uint32_t queue = queue_at(e, route->queue);
        struct expected *x;

        route_fetch(e, slots_lowest(&e->call_slots), queue);
        x = key_expect(e, client, route->key, queue);
        if (x != NULL && queue != NONE && e->queues[queue].lines.count > 0)
            next_expect(e, x, queue, route->plan);
    } else {
        if (command->code == ACD_COMMAND_hangup && command->as.hangup.call.gen == 0)
            key_expect(e, client, command->as.hangup.key, NONE);
        command_fetch(e, command);
    }
}
