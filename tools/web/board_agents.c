/* The agents of the board: the first so many who are logged in. What one does is asked of the
 * daemon when an event names the agent, or a call of its. */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "tools/web/board.h"

enum { ASKED_A_ROUND = 400 }; /* two queries each, of the client's 1,024 */

#define WALK_PAUSE (250 * ACD_MS)

/* ---- places -------------------------------------------------------------------------------- */

static struct board_agent *shown(const struct board *b, acd_agent_id id)
{
    struct board_agent *a;

    if (id.gen == 0 || id.slot >= b->places || b->place[id.slot] == 0)
        return NULL;
    a = &b->agents[b->place[id.slot] - 1];
    return a->id.gen == id.gen ? a : NULL;
}

static void set_place(struct board *b, uint32_t slot, uint16_t place)
{
    if (slot >= b->places) {
        const uint32_t places = slot + slot / 2 + 64;

        b->place = realloc(b->place, places * sizeof *b->place);
        ACD_ASSERT(b->place != NULL);
        memset(b->place + b->places, 0, (places - b->places) * sizeof *b->place);
        b->places = places;
    }
    b->place[slot] = place;
}

static bool is_full(const struct board *b)
{
    return b->agent_count == b->web->options.agents_max;
}

static void add(struct board *b, const struct acd_view_agent *v)
{
    uint32_t i = 0;

    while (b->agents[i].id.gen != 0)
        i++;
    if (v->agent.slot < b->places && b->place[v->agent.slot] != 0)
        return; /* it has another's place, who is gone when that is found out */
    b->agents[i] = (struct board_agent){.board = b, .id = v->agent, .dirty = true, .found = true};
    b->agents[i].name_len = v->name.len;
    memcpy(b->agents[i].name, v->name.data, v->name.len);
    b->agents[i].now = (struct board_doing){v->last_status_change, v->activity, v->reason};
    b->agent_count++;
    set_place(b, v->agent.slot, (uint16_t)(i + 1));
    b->dirty = true;
}

/* ---- events -------------------------------------------------------------------------------- */

static bool has_call(const struct board_agent *a, acd_call_id call)
{
    for (uint32_t i = 0; i < a->call_count; i++)
        if (a->calls[i].slot == call.slot && a->calls[i].gen == call.gen)
            return true;
    return false;
}

/* With more calls than are remembered the oldest is forgotten. */
static void add_call(struct board_agent *a, acd_call_id call)
{
    if (call.gen == 0 || has_call(a, call))
        return;
    if (a->call_count == BOARD_CALLS)
        memmove(a->calls, a->calls + 1, --a->call_count * sizeof *a->calls);
    a->calls[a->call_count++] = call;
}

/* Whose call it is, when the event does not say. */
static void mark_by_call(struct board *b, acd_call_id call)
{
    for (uint32_t i = 0; i < b->web->options.agents_max; i++)
        if (b->agents[i].id.gen != 0 && has_call(&b->agents[i], call))
            b->agents[i].dirty = true;
}

/* Whom an event is about stands in its fields of these types. */
void board_agents_heard(struct board *b, const struct acd_event *event)
{
    const struct acd_record *record = acd_record_of(event->code);
    size_t count;
    const struct acd_field *fields = record->fields(&count);
    acd_call_id call = {0, 0};

    for (size_t i = 0; i < count; i++)
        if (fields[i].type == ACD_FIELD_call_id)
            memcpy(&call, (const char *)&event->as + fields[i].offset, sizeof call);
    for (size_t i = 0; i < count; i++) {
        struct board_agent *a;
        acd_agent_id id;

        if (fields[i].type != ACD_FIELD_agent_id)
            continue;
        memcpy(&id, (const char *)&event->as + fields[i].offset, sizeof id);
        a = shown(b, id);
        if (a == NULL)
            continue;
        a->dirty = true;
        add_call(a, call);
    }
    if (call.gen != 0)
        mark_by_call(b, call);
    if (event->code == ACD_EVENT_agent_state && event->as.agent_state.state != ACD_LOGGED_OUT &&
        !is_full(b) && shown(b, event->as.agent_state.agent) == NULL)
        b->wants_agents = true;
}

/* ---- asking -------------------------------------------------------------------------------- */

static bool is_since_assigned(uint32_t activity)
{
    return activity == ACD_ACTIVITY_RESERVED || activity == ACD_ACTIVITY_BUSY ||
           activity == ACD_ACTIVITY_WRAP_UP || activity == ACD_ACTIVITY_OUTSIDE;
}

static void on_agent(void *ctx, int error, const struct acd_view *view)
{
    struct board_agent *a = ctx;
    const struct acd_view_agent *v = view == NULL ? NULL : &view->as.agent;

    if (view == NULL) { /* one who is not there has no page either */
        board_answered(a->board, error == ACD_NOT_FOUND ? ACD_OK : error);
        return;
    }
    if (view->code != ACD_VIEW_agent || v->agent.slot != a->id.slot || v->agent.gen != a->id.gen)
        return;
    a->found = v->activity != ACD_ACTIVITY_LOGGED_OUT;
    a->now = (struct board_doing){v->last_status_change, v->activity, v->reason};
    if (is_since_assigned(v->activity))
        a->now.since = ACD_FOREVER; /* its assignments tell */
}

static bool is_of_activity(uint8_t role, uint32_t activity)
{
    switch (activity) {
    case ACD_ACTIVITY_RESERVED: return role == ACD_ROLE_OFFERED;
    case ACD_ACTIVITY_BUSY:
        return role == ACD_ROLE_CONNECTED || role == ACD_ROLE_HELD || role == ACD_ROLE_CONSULTED ||
               role == ACD_ROLE_DIALING;
    case ACD_ACTIVITY_WRAP_UP: return role == ACD_ROLE_WRAP_UP;
    case ACD_ACTIVITY_OUTSIDE: return role == ACD_ROLE_OUTSIDE;
    default: return false;
    }
}

static void on_assignment(void *ctx, int error, const struct acd_view *view)
{
    struct board_agent *a = ctx;
    const struct acd_view_assignment *v = view == NULL ? NULL : &view->as.assignment;

    if (view == NULL) {
        if (a->now.since == ACD_FOREVER)
            a->now.since = a->board->now;
        board_answered(a->board, error == ACD_NOT_FOUND ? ACD_OK : error);
        return;
    }
    if (view->code != ACD_VIEW_assignment)
        return;
    add_call(a, v->call);
    if (is_of_activity(v->role, a->now.activity) && v->since < a->now.since)
        a->now.since = v->since;
}

static void ask(struct board *b, struct board_agent *a)
{
    struct acd_query agent = {.code = ACD_QUERY_list_agents};
    struct acd_query assignments = {.code = ACD_QUERY_list_assignments};
    const struct acd_str name = {a->name, a->name_len};

    a->dirty = a->found = false;
    a->call_count = 0;
    agent.as.list_agents.name = name;
    assignments.as.list_assignments.agent_name = name;
    board_ask(b, &agent, on_agent, a);
    board_ask(b, &assignments, on_assignment, a);
}

void board_agents_ask(struct board *b)
{
    uint32_t asked = 0;

    for (uint32_t i = 0; i < b->web->options.agents_max; i++) {
        if (b->agents[i].id.gen == 0 || !b->agents[i].dirty)
            continue;
        if (asked++ == ASKED_A_ROUND) {
            b->dirty = true; /* the others in the next one */
            return;
        }
        ask(b, &b->agents[i]);
    }
}

/* ---- walking ------------------------------------------------------------------------------- */

static void on_walked(void *ctx, int error, const struct acd_view *view)
{
    struct board *b = ctx;
    const acd_time now = web_clock();
    const acd_span took = now - b->round.walk_began;

    if (view != NULL && view->code == ACD_VIEW_page)
        b->round.agents.as.list_agents.cursor = view->as.page.cursor;
    else if (view != NULL && view->as.agent.activity != ACD_ACTIVITY_LOGGED_OUT && !is_full(b))
        add(b, &view->as.agent);
    if (view != NULL)
        return;
    if (error == ACD_OK && b->round.agents.as.list_agents.cursor != 0 && !is_full(b))
        board_ask(b, &b->round.agents, on_walked, b);
    else
        b->walk_due = now + (20 * took > WALK_PAUSE ? 20 * took : WALK_PAUSE);
    board_answered(b, error);
}

void board_agents_walk(struct board *b)
{
    b->wants_agents = false;
    b->round.walk_began = web_clock();
    b->round.agents = (struct acd_query){.code = ACD_QUERY_list_agents};
    b->round.agents.as.list_agents.limit = ACD_PAGE_MAX;
    board_ask(b, &b->round.agents, on_walked, b);
}

/* ---- the end of a round -------------------------------------------------------------------- */

/* Who is gone and was told leaves its place when that is told: board_delta. */
void board_agents_settle(struct board *b)
{
    for (uint32_t i = 0; i < b->web->options.agents_max; i++) {
        struct board_agent *a = &b->agents[i];

        if (a->id.gen == 0 || a->found)
            continue;
        b->place[a->id.slot] = 0;
        b->agent_count--;
        b->wants_agents = true;
    }
}
