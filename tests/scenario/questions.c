#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/trace.h"
#include "tests/scenario/world.h"

/* Figures of the state, asked for in the middle of a story. */

union any_view {
#define ACD_VIEW(name, code, doc, fields) struct acd_view_##name name;
#include "engine/views.def"
#undef ACD_VIEW
};

/* A view that was found: its record, and how many words named it. */
struct seen {
    const struct acd_record *record;
    int error;
    size_t words;
};

static struct seen see_call(const struct world *w, const char *name, union any_view *v)
{
    acd_call_id id = {0, 0};

    cr_assert(cast_find(&w->cast, ACD_FIELD_call_id, name, &id.slot, &id.gen), "no call %s", name);
    return (struct seen){&acd_record_view_call, acd_call_view(w->engine, id, &v->call), 2};
}

static struct seen see_explained(const struct world *w, const char *name, union any_view *v)
{
    acd_call_id id = {0, 0};

    cr_assert(cast_find(&w->cast, ACD_FIELD_call_id, name, &id.slot, &id.gen), "no call %s", name);
    return (struct seen){&acd_record_view_call_explained,
                         acd_explain_call(w->engine, id, &v->call_explained), 2};
}

static struct seen see_member(const struct acd_engine *e, char *const *words, union any_view *v)
{
    int error = acd_member_view(e, acd_agent_named(e, acd_str(words[1])),
                                acd_queue_named(e, acd_str(words[2])), &v->member);

    return (struct seen){&acd_record_view_member, error, 3};
}

static struct seen see(const struct world *w, char *const *words, size_t count, union any_view *v)
{
    const struct acd_engine *e = w->engine;
    const char *kind = words[0];
    struct acd_str name = acd_str(count > 1 ? words[1] : "");

    if (strcmp(kind, "agent") == 0)
        return (struct seen){&acd_record_view_agent,
                             acd_agent_view(e, acd_agent_named(e, name), &v->agent), 2};
    if (strcmp(kind, "queue") == 0)
        return (struct seen){&acd_record_view_queue,
                             acd_queue_view(e, acd_queue_named(e, name), &v->queue), 2};
    if (strcmp(kind, "interval") == 0)
        return (struct seen){
            &acd_record_view_queue_interval,
            acd_queue_interval_view(e, acd_queue_named(e, name), w->at, &v->queue_interval), 2};
    if (strcmp(kind, "times") == 0)
        return (struct seen){
            &acd_record_view_agent_interval,
            acd_agent_interval_view(e, acd_agent_named(e, name), w->at, &v->agent_interval), 2};
    if (strcmp(kind, "client") == 0)
        return (struct seen){&acd_record_view_client,
                             acd_client_view(e, acd_client_named(e, name), &v->client), 2};
    if (strcmp(kind, "number") == 0)
        return (struct seen){&acd_record_view_number, acd_number_view(e, name, &v->number), 2};
    if (strcmp(kind, "team") == 0)
        return (struct seen){&acd_record_view_team, acd_team_view(e, name, &v->team), 2};
    if (strcmp(kind, "call") == 0)
        return see_call(w, words[1], v);
    if (strcmp(kind, "explained") == 0)
        return see_explained(w, words[1], v);
    if (strcmp(kind, "prospects") == 0)
        return (struct seen){&acd_record_view_agent_explained,
                             acd_explain_agent(e, acd_agent_named(e, name), &v->agent_explained),
                             2};
    if (strcmp(kind, "member") == 0)
        return see_member(e, words, v);
    if (strcmp(kind, "outcome") == 0) {
        v->outcome = w->outcome;
        return (struct seen){&acd_record_view_outcome, ACD_OK, 1};
    }
    cr_assert(strcmp(kind, "totals") == 0, "what is '? %s'?", kind);
    acd_totals_view(e, &v->totals);
    return (struct seen){&acd_record_view_totals, ACD_OK, 1};
}

static void answer_view(struct world *w, const char *moment, char *const *words, size_t count)
{
    union any_view v;
    struct seen seen = see(w, words, count, &v);

    fprintf(w->out, "%s  ", moment);
    if (seen.error != ACD_OK) {
        fprintf(w->out, " %s\n", acd_error_name(seen.error));
        return;
    }
    if (seen.words == count)
        trace_whole(w->out, &w->cast, seen.record, &v);
    for (size_t i = seen.words; i < count; i++) {
        const struct acd_field *f = words_field(seen.record, words[i]);

        cr_assert(f != NULL, "%s has no field '%s'", seen.record->name, words[i]);
        fprintf(w->out, " %s=", words[i]);
        words_print_field(w->out, &w->cast, f, &v);
    }
    fputc('\n', w->out);
}

static void answer_outbox(struct world *w, const char *moment, char *const *words, size_t count)
{
    enum { ROOM = 1 << 20 };
    uint8_t *bytes = malloc(ROOM);
    acd_client_id client = acd_client_named(w->engine, acd_str(words[1]));
    uint64_t after = count > 2 ? strtoull(words[2], NULL, 10) : 0;
    int len;

    cr_assert(bytes != NULL);
    len = acd_outbox_read(w->engine, client, after, bytes, ROOM);
    if (len <= 0)
        fprintf(w->out, "%s   %s\n", moment, len == 0 ? "empty" : acd_error_name(len));
    for (int at = 0; at < len;) {
        struct acd_view_notice notice;
        int size = acd_record_view_notice.decode(bytes + at, (size_t)(len - at), &notice);

        cr_assert(size > 0);
        at += size;
        fprintf(w->out, "%s   ", moment);
        trace_notice(w->out, &w->cast, &notice);
        fputc('\n', w->out);
    }
    free(bytes);
}

static void answer_line(struct world *w, const char *moment, const char *name)
{
    acd_queue_id queue = acd_queue_named(w->engine, acd_str(name));
    acd_call_id call = acd_waiting_at(w->engine, queue, 0);

    fprintf(w->out, "%s  ", moment);
    if (call.gen == 0)
        fprintf(w->out, " nobody");
    for (uint32_t place = 0; call.gen != 0; call = acd_waiting_at(w->engine, queue, ++place)) {
        struct acd_view_call view;

        cr_assert(acd_call_view(w->engine, call, &view) == ACD_OK);
        cr_assert(view.position == place + 1);
        fprintf(w->out, " %s", cast_name(&w->cast, ACD_FIELD_call_id, call.slot, call.gen));
    }
    fputc('\n', w->out);
}

static void answer_members(struct world *w, const char *moment, const char *name)
{
    acd_queue_id queue = acd_queue_named(w->engine, acd_str(name));
    struct acd_view_member member;
    uint32_t cursor = 0, count = 0;

    fprintf(w->out, "%s  ", moment);
    for (; acd_queue_members(w->engine, queue, &cursor, &member); count++)
        fprintf(w->out, " %.*s", (int)member.agent_name.len, member.agent_name.data);
    fprintf(w->out, count == 0 ? " nobody\n" : "\n");
}

static void answer_work(struct world *w, const char *moment, const char *name)
{
    acd_agent_id agent = acd_agent_named(w->engine, acd_str(name));
    struct acd_view_assignment work;
    uint32_t cursor = 0;

    while (acd_agent_assignments(w->engine, agent, &cursor, &work)) {
        fprintf(w->out, "%s  ", moment);
        trace_whole(w->out, &w->cast, &acd_record_view_assignment, &work);
        fputc('\n', w->out);
    }
    if (cursor == 0)
        fprintf(w->out, "%s   nothing\n", moment);
}

void world_answer(struct world *w, const char *moment, char *const *words, size_t count)
{
    const char *what = words[0];

    cr_assert(count > 0);
    if (strcmp(what, "outbox") == 0) {
        answer_outbox(w, moment, words, count);
    } else if (strcmp(what, "line") == 0) {
        answer_line(w, moment, words[1]);
    } else if (strcmp(what, "members") == 0) {
        answer_members(w, moment, words[1]);
    } else if (strcmp(what, "work") == 0) {
        answer_work(w, moment, words[1]);
    } else if (strcmp(what, "why") == 0) {
        world_answer_why(w, moment, words, count);
    } else if (strcmp(what, "lines") == 0) {
        world_answer_lines(w, moment, words[1]);
    } else if (strcmp(what, "deadline") == 0) {
        fprintf(w->out, "%s   ", moment);
        words_print_time(w->out, acd_next_deadline(w->engine));
        fputc('\n', w->out);
    } else {
        answer_view(w, moment, words, count);
    }
}
