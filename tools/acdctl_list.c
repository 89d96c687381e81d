/* acdctl: queries, and one thing in full. */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "proto/acd_wire.h"
#include "tools/acdctl_view.h"

enum { COLUMNS_MAX = 16 };

/* ---- an answer, as it comes --------------------------------------------------------------- */

struct answer {
    struct ctl *ctl;
    struct ctl_scene scene;
    bool in_full;   /* fields, not columns */
    const char *id; /* wanted is what has this id or this name; or NULL: all */
    size_t count;   /* views wanted that came */
    struct ctl_table table;
    struct ctl_heading headings[COLUMNS_MAX];
    FILE *out; /* into `text`, so that nothing of a broken answer is printed */
    char *text;
    size_t len;
};

static void begin_table(struct answer *a, const struct ctl_column *columns, size_t count)
{
    ACD_ASSERT(count <= COLUMNS_MAX);
    for (size_t i = 0; i < count; i++)
        a->headings[i] = columns[i].heading;
    ctl_table_init(&a->table, a->headings, count);
}

/* The view that a list is made of, list_agents of agent, next of notice, or NULL. */
static const struct acd_record *listed(const struct acd_record *query)
{
    const size_t len = strlen(query->name);

    if (query->code == ACD_QUERY_next)
        return &acd_record_view_notice;
    if (strncmp(query->name, "list_", 5) != 0)
        return NULL;
    return acd_message_named(ACD_KIND_VIEW, (struct acd_str){query->name + 5, (uint16_t)(len - 6)});
}

/* An empty list still has its headings. Assignments name agents and queues by id only. */
static void answer_init(struct answer *a, struct ctl *ctl, const struct acd_record *query,
                        bool in_full)
{
    const struct acd_record *view = listed(query);
    const struct ctl_column *columns;
    size_t count;

    *a = (struct answer){.ctl = ctl, .in_full = in_full};
    a->out = open_memstream(&a->text, &a->len);
    ACD_ASSERT(a->out != NULL);
    if (ctl->json)
        return;
    a->scene.now = ctl_now(ctl);
    if (query->code == ACD_QUERY_list_assignments)
        ctl_names_load(&a->scene.names, ctl);
    columns = in_full || view == NULL ? NULL : ctl_columns(view->code, &count);
    if (columns != NULL)
        begin_table(a, columns, count);
}

static void answer_fini(struct answer *a)
{
    if (a->out != NULL)
        ACD_ASSERT(fclose(a->out) == 0);
    ctl_table_fini(&a->table);
    ctl_names_fini(&a->scene.names);
    free(a->text);
}

static void add_json(struct answer *a, const struct acd_record *record, const void *view)
{
    char json[ACD_JSON_MAX];

    ACD_ASSERT(acd_json_write(record, view, NULL, json, sizeof json) > 0);
    if (a->count > 0)
        fputs(a->in_full ? "\n" : ",\n ", a->out);
    fputs(json, a->out);
}

static void add_row(struct answer *a, const struct acd_record *record, const void *view)
{
    size_t count;
    const struct ctl_column *columns = ctl_columns(record->code, &count);
    char text[CTL_TEXT_MAX];

    if (a->table.columns == 0) {
        if (a->count > 0)
            fputc('\n', a->out);
        ctl_print_fields(&a->scene, record, view, a->out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        ctl_cell(&a->scene, record, &columns[i], view, text);
        ctl_table_add(&a->table, text);
    }
}

/* Whether a view's own id, its first field, or what names it is the one looked for. */
static bool is_wanted(const struct answer *a, const struct acd_record *record, const void *view)
{
    static const char *const names[] = {"name", "key", "number"};
    size_t count;
    const struct acd_field *fields = record->fields(&count), *field;
    char text[CTL_TEXT_MAX];

    if (a->id == NULL)
        return true;
    if (acd_json_field(&fields[0], view, text, sizeof text) > 0 && strcmp(text, a->id) == 0)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        field = acd_field_named(record, names[i]);
        if (field != NULL && acd_json_field(field, view, text, sizeof text) > 0 &&
            strcmp(text, a->id) == 0)
            return true;
    }
    return false;
}

static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct answer *a = ctx;
    const struct acd_record *record = acd_message_record(view->code);

    ACD_ASSERT(error == ACD_OK && record != NULL);
    if (!is_wanted(a, record, &view->as))
        return;
    if (a->ctl->json)
        add_json(a, record, &view->as);
    else
        add_row(a, record, &view->as);
    a->count++;
}

static void answer_print(struct answer *a, bool is_list)
{
    ctl_table_print(&a->table, a->out);
    ACD_ASSERT(fclose(a->out) == 0);
    a->out = NULL;
    if (a->ctl->json && is_list)
        printf("[%s]\n", a->text);
    else
        printf("%s%s", a->text, a->ctl->json ? "\n" : "");
}

/* ---- verbs -------------------------------------------------------------------------------- */

int ctl_run_query(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct acd_query query = {.code = verb->record->code};
    struct answer a;
    int status = ctl_fill(ctl, verb->record, verb->preset, &query.as);

    if (query.code == ACD_QUERY_next)
        ctl->wait = query.as.next.wait < ACD_NEXT_WAIT_MAX ? query.as.next.wait : ACD_NEXT_WAIT_MAX;
    if (status == CTL_OK)
        status = ctl_connect(ctl);
    if (status != CTL_OK)
        return status;
    answer_init(&a, ctl, verb->record, false);
    status = ctl_ask(ctl, &query, on_view, &a);
    if (status == CTL_OK)
        answer_print(&a, strncmp(verb->record->name, "get_", 4) != 0);
    answer_fini(&a);
    return status;
}

/* What belongs to an agent or a queue, below it. */
static void show_below(struct ctl *ctl, const struct acd_query *query)
{
    struct answer a;

    answer_init(&a, ctl, acd_message_record(query->code), false);
    if (ctl_ask(ctl, query, on_view, &a) == CTL_OK && a.count > 0) {
        putchar('\n');
        answer_print(&a, true);
    }
    answer_fini(&a);
}

static void show_more(struct ctl *ctl, uint16_t code, struct acd_str name)
{
    struct acd_query members = {.code = ACD_QUERY_list_members};
    struct acd_query skills = {.code = ACD_QUERY_list_skills};
    struct acd_query assignments = {.code = ACD_QUERY_list_assignments};

    if (code == ACD_QUERY_list_agents) {
        members.as.list_members.agent_name = name;
        skills.as.list_skills.agent_name = name;
        assignments.as.list_assignments.agent_name = name;
        show_below(ctl, &members);
        show_below(ctl, &skills);
        show_below(ctl, &assignments);
    } else if (code == ACD_QUERY_list_queues) {
        members.as.list_members.queue_name = name;
        show_below(ctl, &members);
    }
}

/* The daemon filters by name; by id it is done here. */
int ctl_run_show(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct acd_query query = {.code = verb->record->code};
    const struct acd_field *naming = ctl_naming_field(verb->record);
    const char *word = ctl->count == 1 ? ctl->args[0].value : "";
    const bool by_id = ctl_looks_like_id(word);
    struct acd_json j = {0};
    struct answer a;
    int status;

    if (ctl->count != 1 || word[0] == '\0' || strlen(word) > naming->max)
        return ctl_usage(ctl, "", "wants one %s or id", naming->name);
    if (!by_id)
        ACD_ASSERT(acd_json_parse_field(&j, naming, acd_str(word), &query.as) == ACD_OK);
    status = ctl_connect(ctl);
    if (status != CTL_OK)
        return status;
    answer_init(&a, ctl, verb->record, true);
    a.id = by_id ? word : NULL;
    status = ctl_ask(ctl, &query, on_view, &a);
    if (status == CTL_OK && a.count == 0)
        status = ctl_refused(ctl, naming->name, ACD_NOT_FOUND);
    else if (status == CTL_OK)
        answer_print(&a, false);
    answer_fini(&a);
    if (status == CTL_OK && !ctl->json && !by_id)
        show_more(ctl, query.code, acd_str(word));
    return status;
}
