#include "engine/expect.h"

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

/* Remembers the hash of a key that is short enough to be one, and fetches its place. */
APART static void key_expect(struct acd_engine *e, acd_client_id client, struct acd_str key,
                             uint32_t queue)
{
    struct expected *x = &e->expected[e->expected_last ^ 1];

    if (key.len == 0 || key.len > sizeof x->key)
        return;
    e->expected_last ^= 1;
    x->gateway = gateway_of(e, client);
    x->hash = call_key_hash(e, x->gateway, key);
    x->queue = queue;
    x->key_len = text_copy(x->key, sizeof x->key, key);
    index_fetch(&e->call_keys, x->hash);
}

static bool is_expected(const struct expected *x, acd_client_id gateway, struct acd_str key)
{
    return x->gateway.gen == gateway.gen && x->gateway.slot == gateway.slot &&
           str_is(key, (struct acd_str){x->key, x->key_len});
}

APART uint32_t key_hash_soon(const struct acd_engine *e, acd_client_id gateway, struct acd_str key,
                             uint32_t *fetched)
{
    uint32_t hash;

    for (uint32_t i = 0; key.len > 0 && i < 2; i++)
        if (is_expected(&e->expected[i], gateway, key)) {
            *fetched = e->expected[i].queue;
            return e->expected[i].hash;
        }
    hash = call_key_hash(e, gateway, key);
    index_fetch(&e->call_keys, hash);
    *fetched = NONE;
    return hash;
}

APART void acd_expect(struct acd_engine *e, acd_client_id client, const struct acd_command *command)
{
    if (command->code == ACD_COMMAND_route) {
        const struct acd_command_route *route = &command->as.route;
        uint32_t queue = queue_at(e, route->queue);

        route_fetch(e, slots_lowest(&e->call_slots), queue);
        key_expect(e, client, route->key, queue);
    } else {
        if (command->code == ACD_COMMAND_hangup && command->as.hangup.call.gen == 0)
            key_expect(e, client, command->as.hangup.key, NONE);
        command_fetch(e, command);
    }
}
