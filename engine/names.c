#include "engine/names.h"

#include "engine/plans.h"
#include "engine/skills.h"

struct sought {
    const struct acd_engine *e;
    struct acd_str name;
    acd_client_id gateway;
    uint32_t queue; /* of a plan */
};

uint32_t name_hash(const struct acd_engine *e, struct acd_str name)
{
    struct index_secret secret = {e->config.secret[0], e->config.secret[1]};

    return index_hash(&secret, 0, name.data, name.len);
}

static bool agent_same(const void *ctx, uint32_t slot)
{
    const struct sought *s = ctx;

    return str_is(s->name, agent_name(s->e, slot));
}

static bool queue_same(const void *ctx, uint32_t slot)
{
    const struct sought *s = ctx;

    return str_is(s->name, TEXT_STR(s->e->queues[slot].name));
}

static bool number_same(const void *ctx, uint32_t slot)
{
    const struct sought *s = ctx;

    return str_is(s->name, TEXT_STR(s->e->numbers[slot].number));
}

static bool client_same(const void *ctx, uint32_t slot)
{
    const struct sought *s = ctx;

    return str_is(s->name, TEXT_STR(s->e->clients[slot].name));
}

static uint32_t find(const struct acd_engine *e, const struct index *x, struct acd_str name,
                     index_same same)
{
    struct sought sought = {e, name, {0, 0}, NONE};

    return name.len == 0 ? NONE : index_find(x, name_hash(e, name), same, &sought);
}

uint32_t agent_find(const struct acd_engine *e, struct acd_str name)
{
    return find(e, &e->agent_names, name, agent_same);
}

uint32_t queue_find(const struct acd_engine *e, struct acd_str name)
{
    return find(e, &e->queue_names, name, queue_same);
}

uint32_t number_find(const struct acd_engine *e, struct acd_str number)
{
    return find(e, &e->number_names, number, number_same);
}

uint32_t client_find(const struct acd_engine *e, struct acd_str name)
{
    return find(e, &e->client_names, name, client_same);
}

static bool skill_same(const void *ctx, uint32_t slot)
{
    const struct sought *s = ctx;

    return str_is(s->name, TEXT_STR(s->e->skills[slot].name));
}

uint32_t skill_find(const struct acd_engine *e, struct acd_str name)
{
    return find(e, &e->skill_names, name, skill_same);
}

static bool team_same(const void *ctx, uint32_t slot)
{
    const struct sought *s = ctx;

    return str_is(s->name, TEXT_STR(s->e->teams[slot].name));
}

uint32_t team_find(const struct acd_engine *e, struct acd_str name)
{
    return find(e, &e->team_names, name, team_same);
}

static bool plan_same(const void *ctx, uint32_t slot)
{
    const struct sought *s = ctx;

    return plan_is(s->e, slot, s->queue, s->name);
}

uint32_t membership_find(const struct acd_engine *e, uint32_t agent, uint32_t queue)
{
    uint32_t seat = e->agents[agent].seats;

    while (seat != LIST_NONE && e->seats[seat].line != queue)
        seat = e->seats[seat].next;
    return seat == LIST_NONE ? NONE : seat;
}

uint32_t plan_hash(const struct acd_engine *e, uint32_t queue, struct acd_str text)
{
    struct index_secret secret = {e->config.secret[0], e->config.secret[1]};

    return index_hash_text(&secret, queue, text.data, text.len);
}

APART uint32_t plan_find(const struct acd_engine *e, uint32_t queue, struct acd_str text)
{
    struct sought sought = {e, text, {0, 0}, queue};

    return index_find(&e->plan_texts, plan_hash(e, queue, text), plan_same, &sought);
}

uint32_t call_key_hash(const struct acd_engine *e, acd_client_id gateway, struct acd_str key)
{
    struct index_secret secret = {e->config.secret[0], e->config.secret[1]};

    return index_hash(&secret, (uint64_t)gateway.gen << 32 | gateway.slot, key.data, key.len);
}

APART static bool key_same(const void *ctx, uint32_t value)
{
    const struct sought *s = ctx;
    const struct acd_engine *e = s->e;
    uint32_t calls = e->config.limits.calls;

    if (value >= calls) {
        const struct ended *ended = &e->ended[value - calls];

        return ended->gateway.gen == s->gateway.gen && ended->gateway.slot == s->gateway.slot &&
               str_is(s->name, ended_key(ended));
    }
    acd_client_id owner = client_id(e, e->calls[value].gateway);
    return owner.gen == s->gateway.gen && owner.slot == s->gateway.slot &&
           str_is(s->name, call_key(&e->call_cards[value]));
}

APART struct key_found call_key_find(const struct acd_engine *e, acd_client_id gateway,
                                     struct acd_str key, uint32_t hash)
{
    struct sought sought = {e, key, gateway, NONE};
    uint32_t value = index_find(&e->call_keys, hash, key_same, &sought);
    uint32_t calls = e->config.limits.calls;

    if (value == INDEX_NONE)
        return (struct key_found){NONE, NONE};
    return value < calls ? (struct key_found){value, NONE}
                         : (struct key_found){NONE, value - calls};
}
