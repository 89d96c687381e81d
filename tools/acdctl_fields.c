/* acdctl: one view, a field a line; and the names behind ids. */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_view.h"

/* ---- names -------------------------------------------------------------------------------- */

static void learn(struct ctl_name **names, size_t *room, uint32_t slot, uint32_t gen,
                  struct acd_str name)
{
    char clean[CTL_TEXT_MAX];
    size_t more = *room;

    while (more <= slot)
        more = more == 0 ? 64 : 2 * more;
    if (more > *room) {
        *names = realloc(*names, more * sizeof **names);
        ACD_ASSERT(*names != NULL);
        memset(*names + *room, 0, (more - *room) * sizeof **names);
        *room = more;
    }
    ctl_clean(name, clean, sizeof clean);
    free((*names)[slot].text);
    (*names)[slot] = (struct ctl_name){gen, strdup(clean)};
    ACD_ASSERT((*names)[slot].text != NULL);
}

void ctl_names_agent(struct ctl_names *names, acd_agent_id id, struct acd_str name)
{
    learn(&names->agents, &names->agents_room, id.slot, id.gen, name);
}

void ctl_names_queue(struct ctl_names *names, acd_queue_id id, struct acd_str name)
{
    learn(&names->queues, &names->queues_room, id.slot, id.gen, name);
}

static void on_named(void *ctx, int error, const struct acd_view *view)
{
    if (error == ACD_OK && view->code == ACD_VIEW_agent)
        ctl_names_agent(ctx, view->as.agent.agent, view->as.agent.name);
    else if (error == ACD_OK && view->code == ACD_VIEW_queue)
        ctl_names_queue(ctx, view->as.queue.queue, view->as.queue.name);
}

/* Without an answer there are ids; that is no reason to show nothing. */
void ctl_names_load(struct ctl_names *names, struct ctl *ctl)
{
    const struct acd_query agents = {.code = ACD_QUERY_list_agents};
    const struct acd_query queues = {.code = ACD_QUERY_list_queues};

    if (acd_client_list(ctl->client, &agents, on_named, names) == ACD_OK)
        (void)acd_client_list(ctl->client, &queues, on_named, names);
}

void ctl_names_fini(struct ctl_names *names)
{
    for (size_t i = 0; i < names->agents_room; i++)
        free(names->agents[i].text);
    for (size_t i = 0; i < names->queues_room; i++)
        free(names->queues[i].text);
    free(names->agents);
    free(names->queues);
    *names = (struct ctl_names){0};
}

const char *ctl_name_of(const struct ctl_names *names, const struct acd_field *field,
                        const void *value)
{
    const bool is_agent = field->type == ACD_FIELD_agent_id;
    const struct ctl_name *list = is_agent ? names->agents : names->queues;
    const size_t room = is_agent ? names->agents_room : names->queues_room;
    acd_agent_id id; /* all ids are alike */

    if (!is_agent && field->type != ACD_FIELD_queue_id)
        return NULL;
    memcpy(&id, (const char *)value + field->offset, sizeof id);
    return id.slot < room && id.gen != 0 && list[id.slot].gen == id.gen ? list[id.slot].text : NULL;
}

/* ---- fields ------------------------------------------------------------------------------- */

/* A time stands with how long ago it was. */
static void add_distance(const struct acd_field *field, const void *view, acd_time now, char *text)
{
    char span[CTL_TEXT_MAX];
    size_t len = strlen(text);
    acd_time at;

    memcpy(&at, (const char *)view + field->offset, sizeof at);
    if (at == 0 || at == ACD_FOREVER || (at - now < ACD_SECOND && now - at < ACD_SECOND))
        return;
    ctl_span_text(at > now ? at - now : now - at, span);
    snprintf(text + len, CTL_TEXT_MAX - len, at > now ? " (in %s)" : " (%s ago)", span);
}

void ctl_print_fields(const struct ctl_scene *scene, const struct acd_record *record,
                      const void *view, FILE *out)
{
    size_t count, widest = 0;
    const struct acd_field *fields = record->fields(&count);
    char text[CTL_TEXT_MAX];

    for (size_t i = 0; i < count; i++)
        widest = strlen(fields[i].name) > widest ? strlen(fields[i].name) : widest;
    for (size_t i = 0; i < count; i++) {
        ctl_field_text(&fields[i], view, scene->now, text);
        if (fields[i].type == ACD_FIELD_time)
            add_distance(&fields[i], view, scene->now, text);
        fprintf(out, "%-*s  %s\n", (int)widest, fields[i].name, text);
    }
}
