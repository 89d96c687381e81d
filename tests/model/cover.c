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

/* What the thing of that kind was which an event names; -1 when it names none, 0: not there. */
static int state_of(const struct twin *t, enum cover_of kind, uint16_t code, const void *event)
{
    static const enum acd_field_type types[COVER_KINDS] = {[COVER_activity] = ACD_FIELD_agent_id,
                                                           [COVER_call_state] = ACD_FIELD_call_id,
                                                           [COVER_queue_state] = ACD_FIELD_queue_id,
                                                           [COVER_role] = ACD_FIELD_assignment_id};
    uint32_t id[2];

    if (!first_id(code, event, types[kind], id))
        return -1;
    switch (kind) {
    case COVER_activity: {
        const struct twin_agent *a = twin_agent(t, (acd_agent_id){id[0], id[1]});

        return a == NULL ? 0 : twin_activity(t, a);
    }
    case COVER_call_state: {
        const struct twin_call *c = twin_call(t, (acd_call_id){id[0], id[1]});

        return c == NULL ? 0 : c->state;
    }
    case COVER_queue_state: {
        const struct twin_queue *q = twin_queue(t, (acd_queue_id){id[0], id[1]});

        return q == NULL ? 0 : q->set.state;
    }
    default: {
        const struct twin_assignment *s = twin_assignment(t, (acd_assignment_id){id[0], id[1]});

        return s == NULL ? 0 : s->role;
    }
    }
}

static void watch(void *ctx, const struct twin *t, uint16_t code, const void *event)
{
    struct cover *c = ctx;
    size_t i = event_index(code);

    c->events[i]++;
    if (code == ACD_EVENT_request_done || code == ACD_EVENT_request_overflow)
        return; /* what it is about has been counted */
    for (enum cover_of kind = 0; kind < COVER_KINDS; kind++) {
        int state = state_of(t, kind, code, event);

        if (state >= 0)
            c->states[kind][i][state]++;
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

static const struct acd_enum *const enums[COVER_KINDS] = {
    [COVER_activity] = &acd_enum_agent_activity,
    [COVER_call_state] = &acd_enum_call_state,
    [COVER_queue_state] = &acd_enum_queue_state,
    [COVER_role] = &acd_enum_role};

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

/* Whether legal.def says where each event that came about a thing is legal; says of which it does
 * not. */
static bool all_said(const struct cover *c, FILE *out)
{
    bool complete = true;
    bool said[COVER_KINDS][COVER_EVENTS] = {{false}};

#define LEGAL(event, of, reached, rare) said[COVER_##of][event_index(ACD_EVENT_##event)] = true;
#include "tests/model/legal.def"
#undef LEGAL
    for (enum cover_of kind = 0; kind < COVER_KINDS; kind++)
        for (size_t i = 0; i < acd_records_event_count; i++)
            for (uint8_t state = 0; state < COVER_STATES && !said[kind][i]; state++)
                if (c->states[kind][i][state] > 0) {
                    said[kind][i] = true;
                    complete = false;
                    fprintf(out, "legal.def does not say where %s is legal by %s\n",
                            acd_records_event[i]->name, enums[kind]->name);
                }
    return complete;
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
    for (enum cover_of kind = 0; kind < COVER_KINDS; kind++)
        print_states(out, c->states[kind], enums[kind]);
    print_fits(c, out);
}

/* Whether a list of states, parted by blanks, has one; 0 is "none". */
static bool list_has(const char *list, const struct acd_enum *e, uint8_t state)
{
    const char *text = state == 0 ? "none" : acd_enum_text(e, state);
    size_t len = strlen(text);

    for (const char *at = list; (at = strstr(at, text)) != NULL; at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

/* What a cover has of an event against what is legal; says what differs. */
static bool is_legal(const struct cover *c, FILE *out, uint16_t code, enum cover_of kind,
                     const char *reached, const char *rare)
{
    const struct acd_enum *e = enums[kind];
    bool legal = true;

    for (uint8_t state = 0; state < COVER_STATES; state++) {
        bool came = c->states[kind][event_index(code)][state] > 0;
        bool must = list_has(reached, e, state), may = list_has(rare, e, state);

        if (acd_enum_text(e, state)[0] == '?' || (came ? must || may : !must))
            continue;
        fprintf(out, "event %s %s with %s %s\n", acd_record_of(code)->name,
                came ? "is not legal, and came," : "never came", e->name,
                state == 0 ? "none" : acd_enum_text(e, state));
        legal = false;
    }
    return legal;
}

static bool all_legal(const struct cover *c, FILE *out)
{
    bool legal = true;

#define LEGAL(event, of, reached, rare)                                                            \
    legal = is_legal(c, out, ACD_EVENT_##event, COVER_##of, reached, rare) && legal;
#include "tests/model/legal.def"
#undef LEGAL
    return legal;
}

static bool has_all(const struct cover *c, FILE *out, uint16_t code, enum cover_of kind,
                    const char *rare)
{
    bool all = true;

    for (uint8_t state = 1; state < COVER_STATES; state++)
        if (list_has(rare, enums[kind], state) && c->states[kind][event_index(code)][state] == 0) {
            fprintf(out, "event %s never came with %s %s\n", acd_record_of(code)->name,
                    enums[kind]->name, acd_enum_text(enums[kind], state));
            all = false;
        }
    return all;
}

bool cover_has_rare(const struct cover *c, FILE *out)
{
    bool all = true;

#define LEGAL(event, of, reached, rare)                                                            \
    all = has_all(c, out, ACD_EVENT_##event, COVER_##of, rare) && all;
#include "tests/model/legal.def"
#undef LEGAL
    return all;
}

bool cover_is_complete(const struct cover *c, FILE *out)
{
    bool complete = all_said(c, out);

    complete = all_legal(c, out) && complete;
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
