#include <stdlib.h>
#include <string.h>

#include "daemon/document_diff.h"

/* What makes the live engine as the document says.
 *
 * Happy path: in an order in which each can be carried out: calendars and their times; new queues
 * by their names and channels, since settings may name other queues; settings; numbers; agents;
 * memberships; skills; then what is to go: numbers, memberships and skills, and last, since it
 * cannot be taken back, agents, queues and calendars. (A skill is given before another is taken, so
 * that nobody is without both in between, and no call goes on a step for it.) Nothing that runs is
 * touched: an agent with calls is made inactive, a queue with callers, or with callbacks to come,
 * closed, and both are "retired": the same document applied later removes them.
 *
 * Failure modes: the engine refuses a step, which may be said of all but the last ones: what is
 * removed has by then nothing that the engine would refuse it for.
 *
 * A tenant's `wanted` has nothing of others', so that what others have is looked at only where
 * something is to go. */

/* Names of skills are everybody's. */
static struct acd_str called(const struct diff *d, const char *kind, struct acd_str name)
{
    return d->tenant == NULL || strcmp(kind, "skill") == 0 ? name : tenant_calls(d->tenant, name);
}

void diff_change(struct diff *d, uint8_t verb, const char *kind, struct acd_str name,
                 struct acd_str of, const struct acd_command *command,
                 const struct acd_command *undo, const char *what)
{
    const struct document_change c = {verb, kind, called(d, kind, name), called(d, "", of), command,
                                      undo, what};

    if (!d->stopped)
        d->stopped = !d->on_change(d->ctx, &c);
}

/* ---- settings ----------------------------------------------------------------------------- */

/* "weight 1 -> 2": what is, and what it will be. */
void diff_say(const struct diff *d, char what[WHAT_MAX], const struct acd_record *view,
              const struct acd_field *shown, const void *is, const void *wanted)
{
    char old[WHAT_MAX], new[WHAT_MAX];
    size_t used = strlen(what);

    if (document_say(d->tenant, view, shown, is, old, sizeof old) < 0 ||
        document_say(d->tenant, view, shown, wanted, new, sizeof new) < 0)
        old[0] = new[0] = '\0';
    snprintf(what + used, WHAT_MAX - used, "%s%s %s -> %s", used == 0 ? "" : ", ", shown->name,
             old[0] == '\0' ? "\"\"" : old, new[0] == '\0' ? "\"\"" : new);
}

/* Whether a setting is not the document's to tell, and not told by it either. */
static bool is_left(const struct diff *d, const struct document_kind *kind,
                    const struct acd_field *shown, const void *is, const void *wanted)
{
    return !document_is_told(d->tenant, kind->view, shown, is) &&
           ((const struct acd_str *)(const void *)((const char *)wanted + shown->offset))->len == 0;
}

/* Whether a calendar says it of what the document makes, or goes on to: one of another's that the
 * document does not tell of. */
static bool is_kept(const struct diff *d, const struct document_kind *kind,
                    const struct acd_field *field, const void *is, const void *wanted)
{
    const void *then = d->back ? is : wanted, *now = d->back ? wanted : is;

    return document_is_kept(kind, field, then) ||
           (document_is_kept(kind, field, now) &&
            is_left(d, kind, acd_field_named(kind->view, "strategy_hours"), now, then));
}

/* Fills a command with what differs; returns whether anything does. */
static bool settings_differ(const struct diff *d, const struct document_kind *kind, const void *is,
                            const void *wanted, struct acd_command *command, char what[WHAT_MAX])
{
    size_t count;
    const struct acd_field *fields = kind->set->fields(&count);
    bool any = false;

    what[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const struct acd_field *shown = document_shown(kind, &fields[i]);

        if (!document_is_setting(kind, &fields[i]) || is_kept(d, kind, &fields[i], is, wanted) ||
            document_agrees(&fields[i], shown, is, wanted) || is_left(d, kind, shown, is, wanted))
            continue;
        diff_say(d, what, kind->view, shown, is, wanted);
        document_take(&fields[i], &command->as, shown, wanted);
        any = true;
    }
    return any;
}

/* Fills a command with what takes that back. */
static void settings_undo(struct diff *d, const struct document_kind *kind, const void *is,
                          const void *wanted, struct acd_command *undo)
{
    char unused[WHAT_MAX];

    d->back = true;
    (void)settings_differ(d, kind, wanted, is, undo, unused);
    d->back = false;
}

static const struct acd_str NOTHING = {NULL, 0};

/* ---- queues and numbers ------------------------------------------------------------------- */

#define EACH(kind, e, id)                                                                          \
    for (acd_##kind##_id id = acd_##kind##_from((e), 0); id.gen != 0;                              \
         id = acd_##kind##_from((e), id.slot + 1))

static void queues_add(struct diff *d)
{
    EACH(queue, d->wanted, id)
    {
        struct acd_command c = {.code = ACD_COMMAND_queue_set};
        struct acd_command undo = {.code = ACD_COMMAND_queue_remove};
        struct acd_view_queue v;

        (void)acd_queue_view(d->wanted, id, &v);
        c.as.queue_set.name = undo.as.queue_remove.name = v.name;
        c.as.queue_set.channel = v.channel;
        if (acd_queue_named(d->live, v.name).gen == 0)
            diff_change(d, ACD_CONFIG_ADD, "queue", v.name, NOTHING, &c, &undo, "");
    }
}

/* One that was to go, and stands in the document again, takes calls again. */
static bool queue_comes_back(const struct diff *d, const struct acd_view_queue *is,
                             const struct acd_view_queue *wanted, struct acd_command *c,
                             struct acd_command *undo, char what[WHAT_MAX])
{
    const struct acd_record *view = document_queue.view;

    if (is->state != ACD_RETIRED)
        return false;
    c->as.queue_set.state = wanted->state;
    undo->as.queue_set.state = is->state;
    diff_say(d, what, view, acd_field_named(view, "state"), is, wanted);
    return true;
}

static void queues_set(struct diff *d)
{
    EACH(queue, d->wanted, id)
    {
        struct acd_command c = {.code = ACD_COMMAND_queue_set}, undo = c;
        struct acd_view_queue is, v;
        char what[WHAT_MAX];
        bool differs;

        (void)acd_queue_view(d->wanted, id, &v);
        if (acd_queue_view(d->live, acd_queue_named(d->live, v.name), &is) != ACD_OK)
            is = d->defaults->queue; /* it is not carried out, only told */
        c.as.queue_set.name = undo.as.queue_set.name = v.name;
        settings_undo(d, &document_queue, &is, &v, &undo);
        differs = settings_differ(d, &document_queue, &is, &v, &c, what);
        if (queue_comes_back(d, &is, &v, &c, &undo, what) || differs)
            diff_change(d, ACD_CONFIG_CHANGE, "queue", v.name, NOTHING, &c, &undo, what);
    }
}

static struct acd_command number_gone(struct acd_str number)
{
    struct acd_command c = {.code = ACD_COMMAND_number_remove};

    c.as.number_remove.number = number;
    return c;
}

static void numbers_set(struct diff *d)
{
    struct acd_view_number v, is;

    for (uint32_t slot = 0; acd_number_from(d->wanted, &slot, &v); slot++) {
        struct acd_command c = {.code = ACD_COMMAND_number_set}, undo = c;
        bool there = acd_number_view(d->live, v.number, &is) == ACD_OK;

        c.as.number_set.number = v.number;
        c.as.number_set.queue_name = v.queue_name;
        if (there) {
            undo.as.number_set.number = v.number;
            undo.as.number_set.queue = is.queue;
        } else {
            undo = number_gone(v.number);
        }
        if (!there || is.queue_name.len != v.queue_name.len ||
            memcmp(is.queue_name.data, v.queue_name.data, v.queue_name.len) != 0)
            diff_change(d, there ? ACD_CONFIG_CHANGE : ACD_CONFIG_ADD, "number", v.number,
                        v.queue_name, &c, &undo, "");
    }
}

/* ---- agents and members ------------------------------------------------------------------- */

static void agent_add(struct diff *d, const struct acd_view_agent *v)
{
    struct acd_command c = {.code = ACD_COMMAND_agent_set};
    struct acd_command undo = {.code = ACD_COMMAND_agent_remove};
    char what[WHAT_MAX];

    c.as.agent_set.name = undo.as.agent_remove.name = v->name;
    (void)settings_differ(d, &document_agent, &d->defaults->agent, v, &c, what);
    diff_change(d, ACD_CONFIG_ADD, "agent", v->name, NOTHING, &c, &undo, what);
}

static void agents_set(struct diff *d)
{
    EACH(agent, d->wanted, id)
    {
        struct acd_command c = {.code = ACD_COMMAND_agent_set}, undo = c;
        struct acd_view_agent is, v;
        char what[WHAT_MAX];

        (void)acd_agent_view(d->wanted, id, &v);
        if (acd_agent_view(d->live, acd_agent_named(d->live, v.name), &is) != ACD_OK) {
            agent_add(d, &v);
            continue;
        }
        c.as.agent_set.name = undo.as.agent_set.name = v.name;
        settings_undo(d, &document_agent, &is, &v, &undo);
        if (settings_differ(d, &document_agent, &is, &v, &c, what))
            diff_change(d, ACD_CONFIG_CHANGE, "agent", v.name, NOTHING, &c, &undo, what);
    }
}

static struct acd_command member_gone(const struct acd_view_member *v)
{
    struct acd_command c = {.code = ACD_COMMAND_member_remove};

    c.as.member_remove.agent_name = v->agent_name;
    c.as.member_remove.queue_name = v->queue_name;
    return c;
}

/* Its settings mean what they say, 0 too: all are always set. */
static struct acd_command member_like(const struct diff *d, const struct acd_view_member *v)
{
    const struct acd_view_member none = {.level = 0};
    struct acd_command c = {.code = ACD_COMMAND_member_set};
    char what[WHAT_MAX];

    (void)settings_differ(d, &document_member, &none, v, &c, what);
    c.as.member_set.agent_name = v->agent_name;
    c.as.member_set.queue_name = v->queue_name;
    return c;
}

static void member_set(struct diff *d, const struct acd_view_member *v)
{
    struct acd_command c = member_like(d, v), undo = member_gone(v), unused = c;
    struct acd_view_member is = {.level = 0};
    bool there = acd_member_view(d->live, acd_agent_named(d->live, v->agent_name),
                                 acd_queue_named(d->live, v->queue_name), &is) == ACD_OK;
    char what[WHAT_MAX], back[WHAT_MAX];
    bool grows = settings_differ(d, &document_member, &is, v, &unused, what);
    bool shrinks = settings_differ(d, &document_member, v, &is, &unused, back);

    if (there)
        undo = member_like(d, &is);
    if (!there)
        diff_change(d, ACD_CONFIG_ADD, "member", v->queue_name, v->agent_name, &c, &undo, what);
    else if (grows || shrinks)
        diff_change(d, ACD_CONFIG_CHANGE, "member", v->queue_name, v->agent_name, &c, &undo, what);
}

static void members_set(struct diff *d)
{
    EACH(agent, d->wanted, id)
    {
        struct acd_view_member v;
        uint32_t cursor = 0;

        while (acd_agent_members(d->wanted, id, &cursor, &v))
            member_set(d, &v);
    }
}

/* ---- skills ------------------------------------------------------------------------------- */

static struct acd_command skill_gone(const struct acd_view_skill *v)
{
    struct acd_command c = {.code = ACD_COMMAND_skill_remove};

    c.as.skill_remove.agent_name = v->agent_name;
    c.as.skill_remove.skill = v->skill;
    return c;
}

static struct acd_command skill_like(const struct acd_view_skill *v)
{
    struct acd_command c = {.code = ACD_COMMAND_skill_set};

    c.as.skill_set.agent_name = v->agent_name;
    c.as.skill_set.skill = v->skill;
    c.as.skill_set.level = v->level;
    return c;
}

/* An agent's skill of this name; false when it has none such. */
static bool skill_named(const struct acd_engine *e, acd_agent_id agent, struct acd_str name,
                        struct acd_view_skill *out)
{
    uint32_t cursor = 0;

    while (acd_agent_skills(e, agent, &cursor, out))
        if (out->skill.len == name.len && memcmp(out->skill.data, name.data, name.len) == 0)
            return true;
    return false;
}

static void skill_set(struct diff *d, const struct acd_view_skill *v)
{
    struct acd_view_skill is = {.level = 0};
    struct acd_command c = skill_like(v), undo = skill_gone(v);
    bool there = skill_named(d->live, acd_agent_named(d->live, v->agent_name), v->skill, &is);
    char what[WHAT_MAX];

    if (there && is.level == v->level)
        return;
    if (there)
        undo = skill_like(&is);
    what[0] = '\0';
    diff_say(d, what, document_skill.view, acd_field_named(document_skill.view, "level"), &is, v);
    diff_change(d, there ? ACD_CONFIG_CHANGE : ACD_CONFIG_ADD, "skill", v->skill, v->agent_name, &c,
                &undo, what);
}

static void skills_set(struct diff *d)
{
    EACH(agent, d->wanted, id)
    {
        struct acd_view_skill v;
        uint32_t cursor = 0;

        while (acd_agent_skills(d->wanted, id, &cursor, &v))
            skill_set(d, &v);
    }
}

/* From the last to the first: the last takes the place of one that goes. */
static void skills_remove(struct diff *d, acd_agent_id agent, acd_agent_id wanted)
{
    struct acd_view_skill v, kept;
    uint32_t count = 0;

    while (acd_agent_skills(d->live, agent, &count, &v))
        continue;
    while (count-- > 0) {
        uint32_t place = count;
        struct acd_command c, undo;

        (void)acd_agent_skills(d->live, agent, &place, &v);
        c = skill_gone(&v);
        undo = skill_like(&v);
        if (!skill_named(d->wanted, wanted, v.skill, &kept))
            diff_change(d, ACD_CONFIG_REMOVE, "skill", v.skill, v.agent_name, &c, &undo, "");
    }
}

/* ---- what goes ---------------------------------------------------------------------------- */

/* Of agents and queues that stay: a queue's callers that are left are served by its members.
 * Others' queues are none that stay. */
static void members_remove(struct diff *d, acd_agent_id agent, acd_agent_id wanted)
{
    struct acd_view_member v, kept;
    uint32_t cursor = 0;
    bool more = acd_agent_members(d->live, agent, &cursor, &v);

    while (more) {
        struct acd_command c = member_gone(&v), undo = member_like(d, &v);
        acd_queue_id queue = acd_queue_named(d->wanted, v.queue_name);
        struct acd_view_member gone = v;

        more = acd_agent_members(d->live, agent, &cursor, &v); /* before this one is gone */
        if (queue.gen != 0 && acd_member_view(d->wanted, wanted, queue, &kept) != ACD_OK)
            diff_change(d, ACD_CONFIG_REMOVE, "member", gone.queue_name, gone.agent_name, &c, &undo,
                        "");
    }
}

/* What agents have no more who stay. */
static void parts_remove(struct diff *d)
{
    EACH(agent, d->live, id)
    {
        struct acd_view_agent v;
        acd_agent_id wanted;

        (void)acd_agent_view(d->live, id, &v);
        wanted = acd_agent_named(d->wanted, v.name);
        if (wanted.gen == 0)
            continue;
        members_remove(d, id, wanted);
        skills_remove(d, id, wanted);
    }
}

static void numbers_remove(struct diff *d)
{
    struct acd_view_number v, kept;

    for (uint32_t slot = 0; acd_number_from(d->live, &slot, &v); slot++) {
        struct acd_command c = number_gone(v.number), undo = {.code = ACD_COMMAND_number_set};

        undo.as.number_set.number = v.number;
        undo.as.number_set.queue = v.queue;
        if (document_is_own(d->tenant, v.number) && document_is_own(d->tenant, v.queue_name) &&
            acd_number_view(d->wanted, v.number, &kept) != ACD_OK)
            diff_change(d, ACD_CONFIG_REMOVE, "number", v.number, v.queue_name, &c, &undo, "");
    }
}

/* Whether it has anything: a call, one outside the queues or a wrap-up. */
static bool agent_has_work(const struct acd_engine *e, acd_agent_id agent)
{
    struct acd_view_assignment v;
    uint32_t cursor = 0;

    return acd_agent_assignments(e, agent, &cursor, &v);
}

static void agent_remove(struct diff *d, const struct acd_view_agent *v)
{
    struct acd_command remove = {.code = ACD_COMMAND_agent_remove};
    struct acd_command retire = {.code = ACD_COMMAND_agent_set};

    remove.as.agent_remove.agent = v->agent;
    retire.as.agent_set.name = v->name;
    retire.as.agent_set.active = ACD_NO;
    if (!agent_has_work(d->live, v->agent))
        diff_change(d, ACD_CONFIG_REMOVE, "agent", v->name, NOTHING, &remove, NULL, "");
    else if (v->active == ACD_YES)
        diff_change(d, ACD_CONFIG_RETIRE, "agent", v->name, NOTHING, &retire, NULL,
                    "has calls: gets no more");
}

static void agents_remove(struct diff *d)
{
    EACH(agent, d->live, id)
    {
        struct acd_view_agent v;

        (void)acd_agent_view(d->live, id, &v);
        if (document_is_own(d->tenant, v.name) && acd_agent_named(d->wanted, v.name).gen == 0)
            agent_remove(d, &v);
    }
}

static void queue_remove(struct diff *d, const struct acd_view_queue *v)
{
    struct acd_command remove = {.code = ACD_COMMAND_queue_remove};
    struct acd_command retire = {.code = ACD_COMMAND_queue_set};

    remove.as.queue_remove.queue = v->queue;
    retire.as.queue_set.name = v->name;
    retire.as.queue_set.state = ACD_RETIRED;
    if (v->state == ACD_REMOVING)
        return;
    if (v->waiting + v->scheduled == 0)
        diff_change(d, ACD_CONFIG_REMOVE, "queue", v->name, NOTHING, &remove, NULL, "");
    else if (v->state == ACD_OPEN || v->state == ACD_CLOSED)
        diff_change(d, ACD_CONFIG_RETIRE, "queue", v->name, NOTHING, &retire, NULL,
                    v->waiting > 0 ? "has callers: takes no more"
                                   : "has callbacks to come: closed");
}

static void queues_remove(struct diff *d)
{
    EACH(queue, d->live, id)
    {
        struct acd_view_queue v;

        (void)acd_queue_view(d->live, id, &v);
        if (document_is_own(d->tenant, v.name) && acd_queue_named(d->wanted, v.name).gen == 0)
            queue_remove(d, &v);
    }
}

int document_diff(const struct acd_engine *live, const struct acd_engine *wanted,
                  const struct tenant *tenant, document_change_cb on_change, void *ctx)
{
    struct document_defaults defaults;
    struct diff d = {.live = live,
                     .wanted = wanted,
                     .tenant = tenant,
                     .defaults = &defaults,
                     .on_change = on_change,
                     .ctx = ctx};
    int error = document_defaults_open(&defaults);

    if (error != ACD_OK)
        return error;
    diff_calendars_set(&d);
    queues_add(&d);
    queues_set(&d);
    numbers_set(&d);
    agents_set(&d);
    members_set(&d);
    skills_set(&d);
    numbers_remove(&d);
    parts_remove(&d);
    agents_remove(&d);
    queues_remove(&d);
    diff_calendars_remove(&d);
    document_defaults_close(&defaults);
    return ACD_OK;
}
