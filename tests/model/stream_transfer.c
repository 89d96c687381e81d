/* The commands of a random stream by which agents keep callers waiting, pass them on and ask each
 * other. */

#include "tests/model/stream_parts.h"

#include "tests/model/twin_parts.h"

void stream_make_hold(struct stream *s, const struct twin *t, struct step *step)
{
    step->command.as.hold.assignment = stream_assignment(s, t, ACD_ROLE_CONNECTED);
}

void stream_make_retrieve(struct stream *s, const struct twin *t, struct step *step)
{
    step->command.as.retrieve.assignment = stream_assignment(s, t, ACD_ROLE_HELD);
}

void stream_make_transfer(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_transfer *c = &step->command.as.transfer;

    c->assignment =
        stream_assignment(s, t, stream_chance(s, 70) ? ACD_ROLE_CONNECTED : ACD_ROLE_HELD);
    switch (stream_below(s, 8)) {
    case 0: c->number = stream_name(step, '+', stream_below(s, 100)); break;
    case 1:
    case 2:
    case 3: stream_queue(s, t, step, &c->queue, &c->queue_name); break;
    default: stream_agent(s, t, step, &c->agent, &c->agent_name); break;
    }
}

void stream_make_consult(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_consult *c = &step->command.as.consult;

    c->assignment =
        stream_assignment(s, t, stream_chance(s, 70) ? ACD_ROLE_CONNECTED : ACD_ROLE_HELD);
    switch (stream_below(s, 8)) {
    case 0:
    case 1: c->number = stream_name(step, '+', stream_below(s, 100)); break;
    case 2:
    case 3:
    case 4: stream_queue(s, t, step, &c->queue, &c->queue_name); break;
    default: stream_agent(s, t, step, &c->agent, &c->agent_name); break;
    }
}

/* Who asks a number, if there is one; else any who has a caller on hold. */
static acd_assignment_id number_asker(struct stream *s, const struct twin *t)
{
    uint32_t n = s->limits.assignments, from = stream_below(s, n);

    for (uint32_t i = 0; i < n; i++) {
        const struct twin_assignment *a = &t->assignments[(from + i) % n];

        if (a->id.gen != 0 && a->role == ACD_ROLE_HELD && a->key.len > 0)
            return a->id;
    }
    return stream_assignment(s, t, ACD_ROLE_HELD);
}

void stream_make_consult_result(struct stream *s, const struct twin *t, struct step *step)
{
    struct acd_command_consult_result *c = &step->command.as.consult_result;

    c->assignment = number_asker(s, t);
    c->result = stream_chance(s, 60) ? ACD_DIAL_ANSWERED : (uint8_t)(1 + stream_below(s, 4));
}

/* Who asks, of a call about which somebody is asked, if there is one. */
static acd_assignment_id some_asker(struct stream *s, const struct twin *t)
{
    const struct twin_assignment *a =
        twin_assignment(t, stream_assignment(s, t, ACD_ROLE_CONSULTED));
    const struct twin_call *c = a == NULL ? NULL : twin_call(t, a->call);

    if (stream_chance(s, 30))
        return number_asker(s, t);
    return c == NULL || stream_chance(s, 20) ? stream_assignment(s, t, ACD_ROLE_HELD)
                                             : twin_of_call(t, c, 0)->id;
}

void stream_make_consult_complete(struct stream *s, const struct twin *t, struct step *step)
{
    step->command.as.consult_complete.assignment = some_asker(s, t);
}

void stream_make_consult_end(struct stream *s, const struct twin *t, struct step *step)
{
    step->command.as.consult_end.assignment =
        stream_chance(s, 40) ? stream_assignment(s, t, ACD_ROLE_CONSULTED) : some_asker(s, t);
}
