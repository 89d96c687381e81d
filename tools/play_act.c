#include <stdio.h>

#include "tools/play_player.h"

/* What callers, agents and operators do when their time has come: one item of the agenda is at most
 * one command. An item that has been overtaken (another offer, a call that is over) does nothing.
 */

static const uint16_t LEAVING_REASON = 90;

/* ---- calls ---------------------------------------------------------------------------------- */

static void ask_about_call(struct player *p, uint32_t call, const struct acd_command *command)
{
    p->callers[call].asking = command->code;
    player_send(p, ABOUT_CALL, call, command);
}

/* The key begins with the call's index, by which notices are told apart, and goes on with what
 * makes it unique in the life of a daemon. */
static struct acd_str key_of(const struct player *p, uint32_t call, char room[DAY_KEY_MAX])
{
    const char *own = p->day->calls[call].key;

    snprintf(room, DAY_KEY_MAX, "%u/%s/%llx%s%s", call, p->day->stamp,
             (unsigned long long)(p->origin / ACD_SECOND), own[0] == '\0' ? "" : "/", own);
    return acd_str(room);
}

static void arrive(struct player *p, uint32_t call)
{
    const struct day_call *script = &p->day->calls[call];
    const struct day_queue *q = &p->day->queues[script->queue];
    struct acd_command command = {.code = ACD_COMMAND_route};
    struct acd_command_route *route = &command.as.route;
    char key[DAY_KEY_MAX];

    p->callers[call].queue = script->queue;
    route->key = key_of(p, call, key);
    if (script->by_number)
        route->called = acd_str(q->number);
    else
        route->queue_name = acd_str(q->name);
    route->head_start = script->head_start;
    route->happened_at = p->origin + script->at;
    ask_about_call(p, call, &command);
}

static void hang_up(struct player *p, uint32_t call, acd_time at, uint8_t side)
{
    struct acd_command command = {.code = ACD_COMMAND_hangup};
    char key[DAY_KEY_MAX];

    p->callers[call].ended = at;
    p->callers[call].wants = side;
    command.as.hangup.key = key_of(p, call, key);
    command.as.hangup.side = side;
    command.as.hangup.happened_at = at;
    ask_about_call(p, call, &command);
}

static void be_impatient(struct player *p, const struct agenda_item *item)
{
    struct caller *c = &p->callers[item->who];

    if ((c->stage != STAGE_QUEUED && c->stage != STAGE_RINGING) || c->leaving != 0)
        return;
    if (c->asking != 0)
        c->wants = item->result;
    else
        hang_up(p, item->who, item->at, item->result);
}

static void react(struct player *p, const struct agenda_item *item)
{
    struct caller *c = &p->callers[item->who];
    struct acd_command command = {.code = ACD_COMMAND_accept};

    if (c->stage != STAGE_RINGING || c->asking != 0 || c->leaving != 0 ||
        c->assignment.slot != item->assignment.slot || c->assignment.gen != item->assignment.gen)
        return;
    if (item->result == ACD_OFFER_ACCEPTED) {
        c->answered = item->at;
        command.as.accept.assignment = item->assignment;
        command.as.accept.happened_at = item->at;
    } else {
        c->result = item->result;
        command.code = ACD_COMMAND_reject;
        command.as.reject.assignment = item->assignment;
        command.as.reject.result = item->result;
    }
    ask_about_call(p, item->who, &command);
}

static void close_day(struct player *p, acd_time at)
{
    for (uint32_t call = 0; call < p->day->call_count; call++)
        agenda_add(&p->agenda,
                   (struct agenda_item){
                       .at = at, .kind = AGENDA_IMPATIENT, .who = call, .result = ACD_SIDE_SYSTEM});
}

/* ---- agents -----------------------------------------------------------------------------------
 */

static void say_state(struct player *p, enum about about, uint32_t agent, uint8_t state,
                      uint16_t reason)
{
    struct acd_command command = {.code = ACD_COMMAND_agent_state};

    command.as.agent_state.agent = p->desks[agent].id;
    command.as.agent_state.state = state;
    command.as.agent_state.reason = reason;
    player_send(p, about, agent, &command);
}

static void finish_wrap_up(struct player *p, const struct agenda_item *item)
{
    struct acd_command command = {.code = ACD_COMMAND_wrap_up_finish};

    command.as.wrap_up_finish.assignment = item->assignment;
    p->tally.wrap_ups_finished++;
    player_send(p, ABOUT_WRAP_UP, item->who, &command);
}

static void extend_wrap_up(struct player *p, const struct agenda_item *item)
{
    struct acd_command command = {.code = ACD_COMMAND_wrap_up_extend};

    command.as.wrap_up_extend.assignment = item->assignment;
    command.as.wrap_up_extend.by = 20 * ACD_SECOND;
    p->tally.wrap_ups_extended++;
    player_send(p, ABOUT_WRAP_UP, item->who, &command);
}

/* Who is still at work when it is to leave takes no more calls, and tries again from time to time.
 */
static void leave(struct player *p, const struct agenda_item *item)
{
    uint32_t agent = item->who;

    p->desks[agent].means_ready = false;
    if (item->result == 1) {
        say_state(p, ABOUT_LEAVE, agent, ACD_LOGGED_OUT, 0);
        return;
    }
    say_state(p, ABOUT_AGENT_STATE, agent, ACD_NOT_READY, LEAVING_REASON);
    agenda_add(&p->agenda, (struct agenda_item){
                               .at = item->at, .kind = AGENDA_LEAVE, .who = agent, .result = 1});
}

/* ---- the script -------------------------------------------------------------------------------
 */

static void set_active(struct player *p, const struct day_act *act)
{
    struct acd_command command = {.code = ACD_COMMAND_agent_set};

    command.as.agent_set.name = acd_str(p->day->agents[act->who].name);
    command.as.agent_set.active = act->state;
    player_send(p, ABOUT_OTHER, act->who, &command);
}

static void set_queue_state(struct player *p, const struct day_act *act)
{
    struct acd_command command = {.code = ACD_COMMAND_queue_set};

    command.as.queue_set.name = acd_str(p->day->queues[act->who].name);
    command.as.queue_set.state = act->state;
    player_send(p, ABOUT_OTHER, act->who, &command);
}

static void remove_queue(struct player *p, const struct day_act *act)
{
    struct acd_command command = {.code = ACD_COMMAND_queue_remove};
    bool moves = act->target != DAY_NONE;

    command.as.queue_remove.queue = p->books[act->who].id;
    command.as.queue_remove.policy = moves ? ACD_REMOVE_MOVE : ACD_REMOVE_WITHDRAW;
    if (moves)
        command.as.queue_remove.target = p->books[act->target].id;
    p->books[act->who].removed = true;
    player_send(p, ABOUT_REMOVAL, act->who, &command);
}

static void act_by_script(struct player *p, const struct agenda_item *item)
{
    const struct day_act *act = &p->day->acts[item->who];

    switch (act->kind) {
    case DAY_READY:
        p->here += !p->desks[act->who].here;
        p->desks[act->who].here = true;
        p->desks[act->who].means_ready = true;
        say_state(p, ABOUT_AGENT_STATE, act->who, ACD_READY, 0);
        break;
    case DAY_PAUSE:
        p->desks[act->who].means_ready = false;
        say_state(p, ABOUT_AGENT_STATE, act->who, ACD_NOT_READY, act->reason);
        break;
    case DAY_LEAVE: leave(p, &(struct agenda_item){.at = item->at, .who = act->who}); break;
    case DAY_ACTIVE: set_active(p, act); break;
    case DAY_QUEUE: set_queue_state(p, act); break;
    case DAY_REMOVE: remove_queue(p, act); break;
    }
}

void act_on(struct player *p, const struct agenda_item *item)
{
    switch (item->kind) {
    case AGENDA_LOOK: look_and_compare(p, item->at - p->origin); break;
    case AGENDA_ACT: act_by_script(p, item); break;
    case AGENDA_ARRIVE: arrive(p, item->who); break;
    case AGENDA_REACT: react(p, item); break;
    case AGENDA_IMPATIENT: be_impatient(p, item); break;
    case AGENDA_HANGUP: hang_up(p, item->who, item->at, p->day->calls[item->who].side); break;
    case AGENDA_FINISH: finish_wrap_up(p, item); break;
    case AGENDA_EXTEND: extend_wrap_up(p, item); break;
    case AGENDA_LEAVE: leave(p, item); break;
    case AGENDA_CLOSE: close_day(p, item->at); break;
    case AGENDA_RETURN:
        if (p->desks[item->who].means_ready)
            say_state(p, ABOUT_AGENT_STATE, item->who, ACD_READY, 0);
        break;
    }
}
