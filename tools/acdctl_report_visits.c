/* acdctl: reports whose rows are visits: as the table of acdctl history, or with all their fields.
 */

#include <stdlib.h>
#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl_report.h"
#include "tools/acdctl_view.h"

struct visits {
    enum report_format format;
    struct report_progress progress;
    struct ctl_scene scene;
    struct ctl_table table;
    struct ctl_heading headings[16];
    FILE *out; /* into `text`, so that nothing of a broken answer is printed */
    char *text;
    size_t len, count;
};

static void put_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

/* "2026-11-26T10:00:00.250000+01:00"; what is no moment as everywhere else. */
static void time_text(const struct acd_field *field, const struct acd_view_visit *visit, char *out,
                      size_t len)
{
    char whole[CTL_TEXT_MAX];
    const char *offset;
    acd_time at;

    memcpy(&at, (const char *)visit + field->offset, sizeof at);
    if (at == 0 || at == ACD_FOREVER) {
        ACD_ASSERT(acd_json_field(field, visit, out, len) >= 0);
        return;
    }
    report_exact(at, whole);
    offset = whole + strlen(whole) - strlen("+01:00");
    snprintf(out, len, "%.*s.%06d%s", (int)(offset - whole), whole, (int)(at % ACD_SECOND), offset);
}

static void add_csv(struct visits *v, const struct acd_view_visit *visit)
{
    size_t count;
    const struct acd_field *fields = acd_record_view_visit.fields(&count);
    char text[ACD_JSON_MAX];

    for (size_t i = 0; i < count; i++) {
        if (fields[i].type == ACD_FIELD_time)
            time_text(&fields[i], visit, text, sizeof text);
        else
            ACD_ASSERT(acd_json_field(&fields[i], visit, text, sizeof text) >= 0);
        fputs(i == 0 ? "" : ",", v->out);
        if (fields[i].type == ACD_FIELD_str)
            put_quoted(text, v->out);
        else
            fputs(text, v->out);
    }
    fputs("\r\n", v->out);
}

static void add_json(struct visits *v, const struct acd_view_visit *visit)
{
    char json[ACD_JSON_MAX];

    ACD_ASSERT(acd_json_write(&acd_record_view_visit, visit, NULL, json, sizeof json) > 0);
    fprintf(v->out, "%s%s", v->count == 0 ? "" : ",\n ", json);
}

static void add_cells(struct visits *v, const struct acd_view_visit *visit)
{
    size_t count;
    const struct ctl_column *columns = ctl_columns(ACD_VIEW_visit, &count);
    char text[CTL_TEXT_MAX];

    for (size_t i = 0; i < count; i++) {
        ctl_cell(&v->scene, &acd_record_view_visit, &columns[i], visit, text);
        ctl_table_add(&v->table, text);
    }
}

static void on_visit(void *ctx, int error, const struct acd_view *view)
{
    struct visits *v = ctx;
    const struct acd_view_visit *visit = &view->as.visit;

    ACD_ASSERT(error == ACD_OK);
    report_progress(&v->progress, v->count, "calls");
    if (view->code != ACD_VIEW_visit)
        return;
    switch (v->format) {
    case REPORT_TABLE: add_cells(v, visit); break;
    case REPORT_CSV: add_csv(v, visit); break;
    case REPORT_JSON: add_json(v, visit); break;
    }
    v->count++;
}

static void begin(struct visits *v, struct ctl *ctl)
{
    size_t count;
    const struct ctl_column *columns = ctl_columns(ACD_VIEW_visit, &count);
    const struct acd_field *fields;

    v->out = open_memstream(&v->text, &v->len);
    ACD_ASSERT(v->out != NULL && count <= sizeof v->headings / sizeof v->headings[0]);
    v->scene.now = ctl_now(ctl);
    for (size_t i = 0; i < count; i++)
        v->headings[i] = columns[i].heading;
    ctl_table_init(&v->table, v->headings, count);
    fields = acd_record_view_visit.fields(&count);
    for (size_t i = 0; v->format == REPORT_CSV && i < count; i++)
        fprintf(v->out, "%s%s", i == 0 ? "" : ",", fields[i].name);
    if (v->format == REPORT_CSV)
        fputs("\r\n", v->out);
}

static void print(struct visits *v)
{
    ACD_ASSERT(fflush(v->out) == 0);
    if (v->format == REPORT_TABLE)
        ctl_table_print(&v->table, stdout);
    else if (v->format == REPORT_JSON)
        printf("[%s]\n", v->text);
    else
        fputs(v->text, stdout);
}

int report_visits(struct ctl *ctl, const struct acd_query *query, enum report_format format,
                  size_t *count)
{
    struct visits v = {.format = format};
    int status;

    begin(&v, ctl);
    report_progress_begin(&v.progress);
    status = report_ask(ctl, query, on_visit, &v);
    report_progress_end(&v.progress);
    if (status == CTL_OK)
        print(&v);
    ACD_ASSERT(fclose(v.out) == 0);
    ctl_table_fini(&v.table);
    free(v.text);
    *count = v.count;
    return status;
}
