/* What a test reached. */

#include "tests/model/cover.h"

#include <inttypes.h>
#include <string.h>

#include "tests/model/twin_parts.h"

static size_t event_index(uint16_t code)
{
    size_t i = 0;

    while (acd_records_event[i]->code != code)
        i++;
    return i;
}

/* ---- watching ----------------------------------------------------------------------------- */

/* Reads the first field of a type out of an event; false when it has none. */
static bool first_id(uint16_t code, const void *event, enum acd_field_type type, uint32_t id[2])
{
    size_t count;
    const struct acd_field *fields = acd_record_of(code)->fields(&count);

    for (size_t i = 0; i < count; i++)
        if (fields[i].type == type) {
            memcpy(id, (const char *)event + fields[i].offset, 2 * sizeof *id);
            return true;
        }
    return false;
}

static void watch(void *ctx, const struct twin *t, uint16_t code, const void *event)
{
    struct cover *c = ctx;
    size_t i = event_index(code);
    uint32_t id[2];

    c->events[i]++;
    if (code == ACD_EVENT_request_done || code == ACD_EVENT_request_overflow)
        return; /* what it is about has been counted */
    if (first_id(code, event, ACD_FIELD_agent_id, id)) {
        const struct twin_agent *a = twin_agent(t, (acd_agent_id){id[0], id[1]});

        c->activities[i][a == NULL ? 0 : twin_activity(t, a)]++;
    }
    if (first_id(code, event, ACD_FIELD_call_id, id)) {
        const struct twin_call *call = twin_call(t, (acd_call_id){id[0], id[1]});

        c->call_states[i][call == NULL ? 0 : call->state]++;
    }
    if (first_id(code, event, ACD_FIELD_queue_id, id)) {
        const struct twin_queue *q = twin_queue(t, (acd_queue_id){id[0], id[1]});

        c->queue_states[i][q == NULL ? 0 : q->set.state]++;
    }
}

void cover_watch(struct cover *c, struct twin *t)
{
    t->watch = watch;
    t->watch_ctx = c;
}

/* What the explanations of the last dump told. */
static void cover_fits(struct cover *c, const struct dump *d)
{
    struct acd_view_fit v;
    uint16_t code = 0;
    int size;

    for (size_t at = 0; at < d->len; at += (size_t)size) {
        size = acd_record_peek(d->bytes + at, d->len - at, &code);
        if (code == ACD_VIEW_fit && acd_record_view_fit.decode(d->bytes + at, d->len - at, &v) > 0)
            c->fits[v.fit]++;
    }
}

void cover_step(struct cover *c, const struct pair *p, const struct step *step)
{
    c->steps++;
    if (p->twin->frame_count > c->longest_frame)
        c->longest_frame = p->twin->frame_count;
    if (p->steps % p->views_every == 0)
        cover_fits(c, &p->engine_dump);
    for (size_t i = 0; i < acd_records_command_count; i++)
        if (acd_records_command[i]->code == step->command.code)
            c->errors[i][-p->twin_outcome.error]++;
}

/* ---- printing ----------------------------------------------------------------------------- */

static void print_errors(const struct cover *c, FILE *out)
{
    fprintf(out, "\noutcomes of each command:\n");
    for (size_t i = 0; i < acd_records_command_count; i++) {
        fprintf(out, "  %-16s", acd_records_command[i]->name);
        for (int error = 0; error < COVER_ERRORS; error++)
            if (c->errors[i][error] > 0)
                fprintf(out, " %s %" PRIu64, acd_error_name(-error), c->errors[i][error]);
        fprintf(out, "\n");
    }
}

/* One table of events by a state; its first column is of what is made by the event or is not there.
 */
static void print_states(FILE *out, const uint64_t counts[][COVER_STATES], const struct acd_enum *e)
{
    fprintf(out, "\nevents by %s:\n  %-16s %9s", e->name, "", "(none)");
    for (size_t v = 0; v < e->count; v++)
        fprintf(out, " %10s", e->values[v].text);
    fprintf(out, "\n");
    for (size_t i = 0; i < acd_records_event_count; i++) {
        uint64_t sum = 0;

        for (size_t v = 0; v < COVER_STATES; v++)
            sum += counts[i][v];
        if (sum == 0)
            continue;
        fprintf(out, "  %-16s %9" PRIu64, acd_records_event[i]->name, counts[i][0]);
        for (size_t v = 0; v < e->count; v++)
            fprintf(out, " %10" PRIu64, counts[i][e->values[v].value]);
        fprintf(out, "\n");
    }
}

static void print_fits(const struct cover *c, FILE *out)
{
    fprintf(out, "\ntold of agents in explanations:\n");
    for (size_t i = 0; i < acd_enum_fit.count; i++)
        fprintf(out, "  %-16s %9" PRIu64 "\n", acd_enum_fit.values[i].text,
                c->fits[acd_enum_fit.values[i].value]);
}

void cover_print(const struct cover *c, FILE *out)
{
    fprintf(out, "\nevents (the longest frame had %" PRIu64 "):\n", c->longest_frame);
    for (size_t i = 0; i < acd_records_event_count; i++)
        fprintf(out, "  %-16s %9" PRIu64 "\n", acd_records_event[i]->name, c->events[i]);
    print_errors(c, out);
    print_states(out, c->activities, &acd_enum_agent_activity);
    print_states(out, c->call_states, &acd_enum_call_state);
    print_states(out, c->queue_states, &acd_enum_queue_state);
    print_fits(c, out);
}

bool cover_is_complete(const struct cover *c, FILE *out)
{
    bool complete = true;

    for (size_t i = 0; i < acd_records_event_count; i++)
        if (c->events[i] == 0) {
            fprintf(out, "event %s never came\n", acd_records_event[i]->name);
            complete = false;
        }
    for (size_t i = 0; i < acd_enum_fit.count; i++)
        if (c->fits[acd_enum_fit.values[i].value] == 0) {
            fprintf(out, "no explanation ever told %s\n", acd_enum_fit.values[i].text);
            complete = false;
        }
    return complete;
}
