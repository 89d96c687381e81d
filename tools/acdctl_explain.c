/* acdctl: why a call waits, and why an agent gets none: what is asked about in full, and a table of
 * each kind of thing that there is to say. */

#include <stdlib.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_view.h"

enum { TABLES_MAX = 4, COLUMNS_MAX = 16 };

static const acd_span DECISION_WAIT = 60 * ACD_SECOND; /* hours of journal may have to be folded */

/* The rows of one kind of view. */
struct rows {
    const struct acd_record *record;
    struct ctl_heading headings[COLUMNS_MAX];
    struct ctl_table table;
};

struct explanation {
    struct ctl *ctl;
    struct ctl_scene scene;
    struct rows tables[TABLES_MAX];
    size_t count, views;
    FILE *out; /* into `text`, so that nothing of a broken answer is printed */
    char *text;
    size_t len;
};

static struct rows *rows_of(struct explanation *x, const struct acd_record *record,
                            const struct ctl_column *columns, size_t count)
{
    struct rows *rows = x->tables;

    while (rows < x->tables + x->count && rows->record != record)
        rows++;
    if (rows < x->tables + x->count)
        return rows;
    ACD_ASSERT(x->count < TABLES_MAX && count <= COLUMNS_MAX);
    x->count++;
    rows->record = record;
    for (size_t i = 0; i < count; i++)
        rows->headings[i] = columns[i].heading;
    ctl_table_init(&rows->table, rows->headings, count);
    return rows;
}

static void add_json(struct explanation *x, const struct acd_record *record, const void *view)
{
    char json[ACD_JSON_MAX];

    ACD_ASSERT(acd_json_write(record, view, "view", json, sizeof json) > 0);
    fprintf(x->out, "%s%s", x->views == 0 ? "" : ",\n ", json);
}

/* What has columns is a row, all else stands in full. */
static void on_view(void *ctx, int error, const struct acd_view *view)
{
    struct explanation *x = ctx;
    const struct acd_record *record = acd_message_record(view->code);
    size_t count;
    const struct ctl_column *columns = ctl_columns(view->code, &count);
    char text[CTL_TEXT_MAX];

    ACD_ASSERT(error == ACD_OK && record != NULL);
    if (x->ctl->json) {
        add_json(x, record, &view->as);
    } else if (columns == NULL) {
        ctl_print_fields(&x->scene, record, &view->as, x->out);
    } else {
        struct rows *rows = rows_of(x, record, columns, count);

        for (size_t i = 0; i < count; i++) {
            ctl_cell(&x->scene, record, &columns[i], &view->as, text);
            ctl_table_add(&rows->table, text);
        }
    }
    x->views++;
}

static void explanation_print(struct explanation *x)
{
    for (size_t i = 0; i < x->count; i++) {
        fputc('\n', x->out);
        ctl_table_print(&x->tables[i].table, x->out);
    }
    ACD_ASSERT(fflush(x->out) == 0);
    if (x->ctl->json)
        printf("[%s]\n", x->text);
    else
        fputs(x->text, stdout);
}

int ctl_run_explain(struct ctl *ctl, const struct ctl_verb *verb)
{
    struct acd_query query = {.code = verb->record->code};
    struct explanation x = {.ctl = ctl};
    int status = ctl_fill(ctl, verb->record, verb->preset, &query.as);

    if (query.code == ACD_QUERY_explain_decision)
        ctl->wait = DECISION_WAIT;
    if (status == CTL_OK)
        status = ctl_connect(ctl);
    if (status != CTL_OK)
        return status;
    x.out = open_memstream(&x.text, &x.len);
    ACD_ASSERT(x.out != NULL);
    if (!ctl->json)
        x.scene.now = ctl_now(ctl);
    status = ctl_ask(ctl, &query, on_view, &x);
    if (status == CTL_OK)
        explanation_print(&x);
    for (size_t i = 0; i < x.count; i++)
        ctl_table_fini(&x.tables[i].table);
    ACD_ASSERT(fclose(x.out) == 0);
    free(x.text);
    return status;
}
