#include <string.h>
#include <yaml.h>

#include "daemon/document.h"

/* An engine's configuration as a document: what differs from the defaults, which are those of a
 * queue and an agent of a bare engine. libyaml writes it, and quotes what needs to be. */

struct writer {
    yaml_emitter_t yaml;
    const struct acd_engine *engine;
    const struct tenant *tenant;
    struct document_defaults defaults;
    bool failed;
};

/* ---- pieces of YAML ----------------------------------------------------------------------- */

static void emit(struct writer *w, yaml_event_t *event, int made)
{
    if (made == 0 || w->failed || yaml_emitter_emit(&w->yaml, event) == 0)
        w->failed = true;
}

/* Texts that mean nothing at all unless they are quoted. */
static bool reads_as_null(const char *text, size_t len)
{
    return len == 0 || (len == 1 && text[0] == '~') || (len == 4 && memcmp(text, "null", 4) == 0);
}

static void scalar(struct writer *w, const char *text, size_t len)
{
    yaml_scalar_style_t style =
        reads_as_null(text, len) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE;
    yaml_event_t event;

    emit(w, &event,
         yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)len, 1, 1,
                                      style));
}

static void text(struct writer *w, struct acd_str t)
{
    scalar(w, t.data == NULL ? "" : t.data, t.len);
}

/* As the tenant calls it. */
static void name(struct writer *w, struct acd_str whole)
{
    text(w, w->tenant == NULL ? whole : tenant_calls(w->tenant, whole));
}

static void mapping_begin(struct writer *w, yaml_mapping_style_t style)
{
    yaml_event_t event;

    emit(w, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style));
}

static void mapping_end(struct writer *w)
{
    yaml_event_t event;

    emit(w, &event, yaml_mapping_end_event_initialize(&event));
}

/* ---- settings ----------------------------------------------------------------------------- */

/* Those that differ from the defaults, and are told. */
static void settings(struct writer *w, const struct document_kind *kind, const void *view,
                     const void *defaults)
{
    size_t count;
    const struct acd_field *fields = kind->set->fields(&count);

    for (size_t i = 0; i < count; i++) {
        const struct acd_field *shown = document_shown(kind, &fields[i]);
        struct acd_command command = {.code = kind->set->code};
        char value[ACD_RECORD_MAX];
        int len;

        if (!document_is_setting(kind, &fields[i]) || document_is_kept(kind, &fields[i], view) ||
            document_agrees(&fields[i], shown, defaults, view) ||
            !document_is_told(w->tenant, kind->view, shown, view))
            continue;
        document_take(&fields[i], &command.as, shown, view);
        len = document_say(w->tenant, kind->set, &fields[i], &command.as, value, sizeof value);
        scalar(w, fields[i].name, strlen(fields[i].name));
        scalar(w, value, len > 0 ? (size_t)len : 0);
    }
}

/* ---- calendars ---------------------------------------------------------------------------- */

static void times(struct writer *w, struct acd_str calendar)
{
    struct acd_view_calendar_time v;
    yaml_event_t event;
    uint32_t cursor = 0;

    if (!acd_calendar_times(w->engine, calendar, &cursor, &v))
        return;
    scalar(w, "times", strlen("times"));
    emit(w, &event,
         yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE));
    do {
        text(w, v.time);
    } while (acd_calendar_times(w->engine, calendar, &cursor, &v));
    emit(w, &event, yaml_sequence_end_event_initialize(&event));
}

/* Most centres have none, and their documents say nothing of them. */
static void calendars(struct writer *w)
{
    struct acd_view_calendar_settings v;
    bool any = false;

    for (uint32_t slot = 0; acd_calendar_from(w->engine, &slot, &v); slot++) {
        if (!document_is_own(w->tenant, v.name))
            continue;
        if (!any) {
            scalar(w, "calendars", strlen("calendars"));
            mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
        }
        any = true;
        name(w, v.name);
        mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
        settings(w, &document_calendar, &v, &w->defaults.calendar);
        times(w, v.name);
        mapping_end(w);
    }
    if (any)
        mapping_end(w);
}

/* ---- queues and agents -------------------------------------------------------------------- */

static void numbers(struct writer *w, acd_queue_id queue)
{
    struct acd_view_number v;
    yaml_event_t event;
    bool any = false;

    for (uint32_t slot = 0; acd_number_from(w->engine, &slot, &v); slot++) {
        if (v.queue.slot != queue.slot || !document_is_own(w->tenant, v.number))
            continue;
        if (!any) {
            scalar(w, "numbers", strlen("numbers"));
            emit(w, &event,
                 yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
                                                      YAML_FLOW_SEQUENCE_STYLE));
        }
        any = true;
        name(w, v.number);
    }
    if (any)
        emit(w, &event, yaml_sequence_end_event_initialize(&event));
}

static void queues(struct writer *w)
{
    struct acd_view_queue v;

    scalar(w, "queues", strlen("queues"));
    mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
    for (acd_queue_id id = acd_queue_from(w->engine, 0); id.gen != 0;
         id = acd_queue_from(w->engine, id.slot + 1)) {
        (void)acd_queue_view(w->engine, id, &v);
        if (!document_is_own(w->tenant, v.name))
            continue;
        name(w, v.name);
        mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
        settings(w, &document_queue, &v, &w->defaults.queue);
        numbers(w, id);
        mapping_end(w);
    }
    mapping_end(w);
}

static void members(struct writer *w, acd_agent_id agent)
{
    struct acd_view_member v;
    uint32_t cursor = 0;
    bool any = false;

    while (acd_agent_members(w->engine, agent, &cursor, &v)) {
        if (!document_is_own(w->tenant, v.queue_name))
            continue;
        if (!any) {
            scalar(w, "queues", strlen("queues"));
            mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
        }
        any = true;
        name(w, v.queue_name);
        mapping_begin(w, YAML_FLOW_MAPPING_STYLE);
        settings(w, &document_member, &v, &w->defaults.member);
        mapping_end(w);
    }
    if (any)
        mapping_end(w);
}

static void skills(struct writer *w, acd_agent_id agent)
{
    struct acd_view_skill v;
    uint32_t cursor = 0;
    char level[4];

    if (!acd_agent_skills(w->engine, agent, &cursor, &v))
        return;
    scalar(w, "skills", strlen("skills"));
    mapping_begin(w, YAML_FLOW_MAPPING_STYLE);
    do {
        text(w, v.skill);
        scalar(w, level, (size_t)snprintf(level, sizeof level, "%u", v.level));
    } while (acd_agent_skills(w->engine, agent, &cursor, &v));
    mapping_end(w);
}

static void agents(struct writer *w)
{
    struct acd_view_agent v;

    scalar(w, "agents", strlen("agents"));
    mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
    for (acd_agent_id id = acd_agent_from(w->engine, 0); id.gen != 0;
         id = acd_agent_from(w->engine, id.slot + 1)) {
        (void)acd_agent_view(w->engine, id, &v);
        if (!document_is_own(w->tenant, v.name))
            continue;
        name(w, v.name);
        mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
        settings(w, &document_agent, &v, &w->defaults.agent);
        members(w, id);
        skills(w, id);
        mapping_end(w);
    }
    mapping_end(w);
}

static void document(struct writer *w)
{
    yaml_event_t event;

    emit(w, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(w, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    mapping_begin(w, YAML_BLOCK_MAPPING_STYLE);
    calendars(w);
    queues(w);
    agents(w);
    mapping_end(w);
    emit(w, &event, yaml_document_end_event_initialize(&event, 1));
    emit(w, &event, yaml_stream_end_event_initialize(&event));
}

int document_write(const struct acd_engine *e, const struct tenant *tenant, FILE *out)
{
    struct writer w = {.engine = e, .tenant = tenant};
    int error = document_defaults_open(&w.defaults);

    if (error != ACD_OK)
        return error;
    w.failed = yaml_emitter_initialize(&w.yaml) == 0;
    if (!w.failed) {
        yaml_emitter_set_output_file(&w.yaml, out);
        yaml_emitter_set_unicode(&w.yaml, 1);
        document(&w);
        yaml_emitter_delete(&w.yaml);
    }
    document_defaults_close(&w.defaults);
    return w.failed ? ACD_SYSTEM : ACD_OK;
}
