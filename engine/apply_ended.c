#include "engine/apply.h"

#include "engine/names.h"

/* Keys of ended calls, remembered in a ring, so that no message revives what is over. */

/* Who will be forgotten next is known beforehand, and who after that. */
static void ended_foresee(const struct acd_engine *e)
{
    uint32_t limit = e->config.limits.ended_calls, next = e->ended_next;

    fetch(&e->ended[next + 1 < limit ? next + 1 : 0]);
    if (e->ended_count >= limit)
        index_fetch(&e->call_keys, e->ended[next].name_key.hash);
}

void ended_remember(struct acd_engine *e, acd_client_id gateway, struct acd_str key,
                    struct index_key name_key, uint32_t call, acd_time ended_at)
{
    uint32_t place = e->ended_next;
    uint32_t value = e->config.limits.calls + place;
    struct ended *ended = &e->ended[place];

    if (e->ended_count >= e->config.limits.ended_calls) {
        index_remove(&e->call_keys, ended->name_key);
        if (ended->ended_at > e->forgotten_at)
            e->forgotten_at = ended->ended_at;
    }
    mark(e, ACD_TABLE_ENDED, place);
    e->ended_count++;
    e->ended_next = place + 1 < e->config.limits.ended_calls ? place + 1 : 0;
    ended->gateway = gateway;
    ended->ended_at = ended_at;
    ended->key_len = text_copy(ended->key, sizeof ended->key, key);
    ended->name_key = name_key;
    if (call == NONE)
        index_add(&e->call_keys, &ended->name_key, value);
    else
        index_retarget(&e->call_keys, name_key, value);
    ended_foresee(e);
}

void apply_call_forestalled(struct acd_engine *e, const struct acd_event_call_forestalled *v)
{
    struct index_key name_key = {call_key_hash(e, v->gateway, v->key), 0};

    ended_remember(e, v->gateway, v->key, name_key, NONE, e->now);
}
