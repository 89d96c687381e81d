#include "tools/play_player.h"

/* The centre is made before the day and taken down behind it, so that days can follow each other on
 * one engine and a daemon is left as it was found. */

static void make_queue(struct player *p, uint32_t queue)
{
    const struct day_queue *q = &p->day->queues[queue];
    struct acd_command command = {.code = ACD_COMMAND_queue_set};

    command.as.queue_set = q->set;
    command.as.queue_set.name = acd_str(q->name);
    player_send(p, ABOUT_QUEUE_SET, queue, &command);
    if (q->number[0] == '\0')
        return;
    command = (struct acd_command){.code = ACD_COMMAND_number_set};
    command.as.number_set.number = acd_str(q->number);
    command.as.number_set.queue_name = acd_str(q->name);
    player_send(p, ABOUT_OTHER, queue, &command);
}

static void make_agent(struct player *p, uint32_t agent)
{
    const struct day_agent *a = &p->day->agents[agent];
    struct acd_command command = {.code = ACD_COMMAND_agent_set};

    command.as.agent_set.name = acd_str(a->name);
    command.as.agent_set.contact = acd_str(a->name);
    command.as.agent_set.max_concurrent_calls = a->capacity;
    player_send(p, ABOUT_AGENT_SET, agent, &command);
}

static void make_seat(struct player *p, const struct day_seat *seat)
{
    struct acd_command command = {.code = ACD_COMMAND_member_set};

    command.as.member_set.agent_name = acd_str(p->day->agents[seat->agent].name);
    command.as.member_set.queue_name = acd_str(p->day->queues[seat->queue].name);
    command.as.member_set.level = seat->level;
    player_send(p, ABOUT_OTHER, seat->agent, &command);
}

/* So that no midnight comes into the play. An earlier one may have done so already. */
static void turn_day(struct player *p)
{
    struct acd_command command = {.code = ACD_COMMAND_day_turn};

    command.as.day_turn.day = p->sight.totals.day + 1;
    player_send(p, ABOUT_DAY, 0, &command);
}

void setup_centre(struct player *p)
{
    p->phase = PHASE_SETUP;
    look_for_emptiness(p);
    turn_day(p);
    for (uint32_t i = 0; i < p->day->queue_count; i++)
        make_queue(p, i);
    for (uint32_t i = 0; i < p->day->agent_count; i++)
        make_agent(p, i);
    for (size_t i = 0; i < p->day->seat_count; i++)
        make_seat(p, &p->day->seats[i]);
    player_settle(p);
    look_at_sums(p);
}

void take_down_centre(struct player *p)
{
    struct acd_command command = {.code = ACD_COMMAND_agent_remove};

    p->phase = PHASE_TEARDOWN;
    for (uint32_t i = 0; i < p->day->agent_count; i++) {
        command.as.agent_remove.agent = p->desks[i].id;
        player_send(p, ABOUT_OTHER, i, &command);
    }
    command = (struct acd_command){.code = ACD_COMMAND_queue_remove};
    for (uint32_t i = 0; i < p->day->queue_count; i++) {
        if (p->books[i].removed)
            continue;
        command.as.queue_remove.queue = p->books[i].id;
        player_send(p, ABOUT_OTHER, i, &command);
    }
    player_settle(p);
    look_for_emptiness(p);
}
