/* acdctl: agents' rows added up by the team that they are of now; whoever is of none, or is there
 * no more, is "(none)". */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_report.h"

struct member {
    char agent[65], team[65];
};

struct report_teams {
    struct member *all;
    size_t count, room;
};

static void on_agent(void *ctx, int error, const struct acd_view *view)
{
    struct report_teams *t = ctx;
    const struct acd_view_agent *v = &view->as.agent;
    struct member *m;

    ACD_ASSERT(error == ACD_OK);
    if (view->code != ACD_VIEW_agent)
        return;
    if (t->count == t->room) {
        t->room = t->room == 0 ? 256 : 2 * t->room;
        t->all = realloc(t->all, t->room * sizeof *t->all);
        ACD_ASSERT(t->all != NULL);
    }
    m = &t->all[t->count++];
    snprintf(m->agent, sizeof m->agent, "%.*s", (int)v->name.len, v->name.data);
    snprintf(m->team, sizeof m->team, "%.*s", (int)v->team.len, v->team.data);
}

static int by_agent(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    return strcmp(x->agent, y->agent);
}

static int teams_load(struct ctl *ctl, struct report_teams *t)
{
    int status = report_ask(ctl, &(struct acd_query){.code = ACD_QUERY_list_agents}, on_agent, t);

    if (t->count > 0)
        qsort(t->all, t->count, sizeof *t->all, by_agent);
    return status;
}

static const char *team_of(const struct report_teams *t, const char *agent)
{
    struct member key = {.team = ""};
    const struct member *found;

    snprintf(key.agent, sizeof key.agent, "%s", agent);
    found = t->count == 0 ? NULL : bsearch(&key, t->all, t->count, sizeof key, by_agent);
    return found == NULL || found->team[0] == '\0' ? "(none)" : found->team;
}

static int by_start_and_name(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return strcmp(x->name, y->name);
}

int report_by_team(struct ctl *ctl, struct report_row *rows, size_t *count)
{
    struct report_teams t = {.all = NULL};
    int status = teams_load(ctl, &t);
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++)
        snprintf(rows[i].name, sizeof rows[i].name, "%s", team_of(&t, rows[i].name));
    if (*count > 0)
        qsort(rows, *count, sizeof *rows, by_start_and_name);
    for (size_t i = 0; i < *count; i++)
        if (kept > 0 && by_start_and_name(&rows[kept - 1], &rows[i]) == 0)
            report_agent_add(&rows[kept - 1], &rows[i]);
        else
            rows[kept++] = rows[i];
    *count = kept;
    free(t.all);
    return status;
}
