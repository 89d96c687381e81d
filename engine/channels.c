#include "engine/channels.h"

/* Costs of channels, and what is left of an agent by them. All is counted anew from the agent's
 * assignments, which are few. */

/* ---- reading ------------------------------------------------------------------------------ */

/* Takes what stands before a separator, or all, from the front of a text. */
static struct acd_str cut(struct acd_str *text, char separator)
{
    struct acd_str head = {text->data, 0};

    while (head.len < text->len && text->data[head.len] != separator)
        head.len++;
    text->data += head.len;
    text->len = (uint16_t)(text->len - head.len);
    if (text->len > 0) {
        text->data++;
        text->len--;
    }
    return head;
}

/* A number up to `max`, or -1. */
static int number_read(struct acd_str digits, int max)
{
    int number = 0;

    for (uint16_t i = 0; i < digits.len && number <= max; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return -1;
        number = 10 * number + (digits.data[i] - '0');
    }
    return digits.len == 0 || number > max ? -1 : number;
}

/* Reads "chat:20/4" or "chat:20". */
static bool cost_read(struct acd_str item, struct channel_costs *out)
{
    uint8_t channel = acd_enum_value(&acd_enum_channel, cut(&item, ':'));
    bool limited = item.len > 0 && memchr(item.data, '/', item.len) != NULL;
    int cost = number_read(cut(&item, '/'), CHANNEL_UNITS);
    int max = limited ? number_read(item, ACD_CAPACITY_MAX) : 0;

    if (channel == 0 || cost < 0 || max < 0 || (limited && max == 0))
        return false;
    out->cost[channel] = (uint8_t)cost;
    out->max[channel] = (uint8_t)max;
    return true;
}

bool channels_read(struct acd_str text, struct channel_costs *out)
{
    *out = (struct channel_costs){.cost = {0}};
    if (text.len > 0 && text.data[text.len - 1] == ',')
        return false;
    while (text.len > 0)
        if (!cost_read(cut(&text, ','), out))
            return false;
    return true;
}

/* ---- counting ----------------------------------------------------------------------------- */

uint32_t channels_taken(const struct acd_engine *e, uint32_t agent)
{
    const struct channel_costs *costs = &e->agent_cards[agent].costs;
    uint32_t taken = 0;

    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        taken += costs->cost[e->assignments[s].channel];
    return taken;
}

uint8_t channels_room(const struct acd_engine *e, uint32_t agent)
{
    const struct channel_costs *costs = &e->agent_cards[agent].costs;
    uint32_t taken = channels_taken(e, agent), has[ACD_CHANNELS_MAX] = {0};
    uint8_t room = 0;

    for (uint32_t s = e->agents[agent].assignments; s != LIST_NONE; s = e->assignments[s].next)
        has[e->assignments[s].channel]++;
    for (uint32_t c = 1; c < ACD_CHANNELS_MAX; c++)
        if (taken + costs->cost[c] <= CHANNEL_UNITS &&
            (costs->max[c] == 0 || has[c] < costs->max[c]))
            room |= (uint8_t)(1u << c);
    return room;
}
