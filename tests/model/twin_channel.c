/* The twin counts what calls of each channel take of an agent, from its text each time anew. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/twin_parts.h"

/* One word of a list like "voice:100,chat:20/4". */
struct price {
    uint8_t channel;
    long cost, max; /* max 0: none was given */
};

/* A number of digits only, or -1. */
static long digits(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!isdigit((unsigned char)*at))
            return -1;
    return *text == '\0' ? -1 : strtol(text, NULL, 10);
}

/* Reads one word, which is cut up; false when it is none. */
static bool read_price(char *word, struct price *out)
{
    char *cost = strchr(word, ':'), *max = strchr(word, '/');

    if (cost == NULL)
        return false;
    *cost++ = '\0';
    if (max != NULL && max < cost)
        return false;
    if (max != NULL)
        *max++ = '\0';
    *out = (struct price){.channel = acd_enum_value(&acd_enum_channel, acd_str(word)),
                          .cost = digits(cost),
                          .max = max == NULL ? 0 : digits(max)};
    return out->channel != 0 && out->cost >= 0 && out->cost <= 100 &&
           (max == NULL || (out->max >= 1 && out->max <= ACD_CAPACITY_MAX));
}

/* The last word about a channel (0: about any); false when the list is no good. */
static bool read_prices(struct acd_str text, uint8_t channel, struct price *found)
{
    char room[600];
    char *word = room, *next;

    *found = (struct price){.channel = channel};
    snprintf(room, sizeof room, "%.*s", (int)text.len, text.len == 0 ? "" : text.data);
    if (text.len == 0)
        return true;
    if (strlen(room) != text.len)
        return false;
    for (; word != NULL; word = next) {
        struct price price;

        next = strchr(word, ',');
        if (next != NULL)
            *next++ = '\0';
        if (!read_price(word, &price))
            return false;
        if (price.channel == channel)
            *found = price;
    }
    return true;
}

bool twin_channels_are_good(struct acd_str text)
{
    struct price unused;

    return read_prices(text, 0, &unused);
}

uint32_t twin_units(const struct twin *t, const struct twin_agent *a)
{
    uint32_t taken = 0;

    if (a->channels.len == 0)
        return 0;
    for (uint32_t i = 0; i < t->limits.assignments; i++) {
        const struct twin_assignment *s = &t->assignments[i];
        struct price price;

        if (s->id.gen == 0 || !twin_same_agent(s->agent, a->id))
            continue;
        read_prices(twin_text_str(&a->channels), s->channel, &price);
        if (s->role != ACD_ROLE_WRAP_UP || !twin_wrong(t, TWIN_FAULT_CHANNEL_WRAP_UP_FREE))
            taken += (uint32_t)price.cost;
    }
    return taken;
}

bool twin_has_max(const struct twin *t, const struct twin_agent *a, uint8_t channel)
{
    struct price price;
    long has = 0;

    read_prices(twin_text_str(&a->channels), channel, &price);
    for (uint32_t i = 0; i < t->limits.assignments; i++)
        has += t->assignments[i].id.gen != 0 && t->assignments[i].channel == channel &&
               twin_same_agent(t->assignments[i].agent, a->id);
    return price.max > 0 && has >= price.max && !twin_wrong(t, TWIN_FAULT_CHANNEL_MAX_IGNORED);
}

bool twin_has_units(const struct twin *t, const struct twin_agent *a, uint8_t channel)
{
    struct price price;

    read_prices(twin_text_str(&a->channels), channel, &price);
    return twin_units(t, a) + (uint32_t)price.cost <= 100 ||
           twin_wrong(t, TWIN_FAULT_CHANNEL_COST_IGNORED);
}

bool twin_has_room(const struct twin *t, const struct twin_agent *a, uint8_t channel)
{
    return a->channels.len == 0 || (!twin_has_max(t, a, channel) && twin_has_units(t, a, channel));
}

/* The channels of which an agent takes one more call: a bit each. */
uint32_t twin_takes(const struct twin *t, const struct twin_agent *a)
{
    uint32_t open = 0;

    for (uint8_t c = 1; c < ACD_CHANNELS_MAX && twin_available(t, a); c++)
        if (twin_has_room(t, a, c))
            open |= 1u << c;
    return open;
}
