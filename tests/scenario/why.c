#include <criterion/criterion.h>
#include <inttypes.h>

#include "tests/scenario/world.h"

/* Explanations in a story: a line for each thing that is told. */

static void print_str(FILE *out, const char *before, struct acd_str text)
{
    if (text.len > 0)
        fprintf(out, "%s%.*s", before, (int)text.len, text.data);
}

static void tell_fit(struct world *w, const char *moment, const struct acd_view_fit *v)
{
    fprintf(w->out, "%s  ", moment);
    print_str(w->out, " ", v->agent_name);
    fprintf(w->out, ": %s", acd_enum_text(&acd_enum_fit, v->fit));
    if (v->role != 0)
        fprintf(w->out, " (%s)", acd_enum_text(&acd_enum_role, v->role));
    print_str(w->out, " ", v->what);
    if (v->reason > 0)
        fprintf(w->out, " reason %u", v->reason);
    if (v->rank > 0)
        fprintf(w->out, " at %" PRIu32, v->rank);
    if (v->until != 0) {
        fprintf(w->out, " until ");
        words_print_time(w->out, v->until);
    }
    fputc('\n', w->out);
}

/* "? why k1", "? why k1 dan", "? why ann". */
void world_answer_why(struct world *w, const char *moment, char *const *words, size_t count)
{
    acd_agent_id agent = acd_agent_named(w->engine, acd_str(words[count - 1]));
    acd_call_id call = {0, 0};
    char room[ACD_EXPLAIN_TEXT];
    struct acd_view_fit v;
    uint64_t cursor = 0;
    bool is_call = cast_find(&w->cast, ACD_FIELD_call_id, words[1], &call.slot, &call.gen);

    cr_assert(is_call || agent.gen != 0, "who is %s?", words[1]);
    while (!is_call    ? acd_agent_fits(w->engine, agent, &cursor, &v)
           : count > 2 ? acd_call_agent_fits(w->engine, call, agent, &cursor, &v, room)
                       : acd_call_fits(w->engine, call, &cursor, &v, room))
        tell_fit(w, moment, &v);
    if (cursor == 0)
        fprintf(w->out, "%s   nothing\n", moment);
}

/* "? lines ann" */
void world_answer_lines(struct world *w, const char *moment, const char *name)
{
    acd_agent_id agent = acd_agent_named(w->engine, acd_str(name));
    char room[2 * ACD_EXPLAIN_TEXT];
    struct acd_view_agent_line v;

    for (uint64_t cursor = 0; acd_agent_lines(w->engine, agent, &cursor, &v, room);) {
        fprintf(w->out, "%s  ", moment);
        print_str(w->out, " ", v.queue_name);
        print_str(w->out, " ", v.asks);
        fprintf(w->out, ": %s", acd_enum_text(&acd_enum_fit, v.fit));
        print_str(w->out, " ", v.what);
        fprintf(w->out, ", %" PRIu32 " of %" PRIu32 ", %" PRIu32 " waiting", v.rank, v.available,
                v.waiting);
        print_str(w->out, ", first ", v.first_key);
        fputc('\n', w->out);
    }
}
