#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "daemon/calendar.h"
#include "daemon/document.h"
#include "proto/acd_json.h"

/* A document becomes an engine.
 *
 * Happy path: libyaml makes nodes of the text; calendars come first; each queue is made by its name
 * and channel alone, since settings may name other queues, then set; then agents, their memberships
 * and skills. Failure modes: each is told with its line and passed over, so that one reading finds
 * them all; only text that is no YAML ends the reading at once. */

enum { FIELDS_MAX = 64 };

struct reader {
    yaml_document_t *yaml;
    struct acd_engine *engine;
    const struct tenant *tenant; /* whose names they are; NULL: the house's */
    struct tenant_texts whole;   /* of the names at hand */
    document_fault_cb on_fault;
    void *ctx;
    int faults;
};

/* ---- faults ------------------------------------------------------------------------------- */

static unsigned line_of(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

__attribute__((format(printf, 3, 4))) static void fault(struct reader *r, unsigned line,
                                                        const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->faults++;
    r->on_fault(r->ctx, line, text);
}

/* ---- nodes -------------------------------------------------------------------------------- */

static yaml_node_t *node_of(struct reader *r, int index)
{
    return yaml_document_get_node(r->yaml, index);
}

static const char *text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* "~", "null" and nothing at all. */
static bool is_null(const yaml_node_t *node)
{
    const char *text = text_of(node);

    return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static bool scalar(struct reader *r, const yaml_node_t *node, const char *what, struct acd_str *out)
{
    if (node->type != YAML_SCALAR_NODE) {
        fault(r, line_of(node), "%s: one value is wanted here", what);
        return false;
    }
    if (node->data.scalar.length > UINT16_MAX) {
        fault(r, line_of(node), "%s: too long", what);
        return false;
    }
    *out = (struct acd_str){text_of(node), (uint16_t)node->data.scalar.length};
    return true;
}

/* Whether it is a mapping; an empty one may be written as nothing. */
static bool mapping(struct reader *r, const yaml_node_t *node, const char *what)
{
    if (node->type == YAML_MAPPING_NODE || is_null(node))
        return node->type == YAML_MAPPING_NODE;
    fault(r, line_of(node), "%s: lines \"name: value\" are wanted here", what);
    return false;
}

/* The key of a pair, or NULL: it is no text. */
static const yaml_node_t *key_of(struct reader *r, const yaml_node_pair_t *pair)
{
    const yaml_node_t *key = node_of(r, pair->key);

    if (key->type == YAML_SCALAR_NODE)
        return key;
    fault(r, line_of(key), "a name is wanted here");
    return NULL;
}

/* For each pair of a mapping. */
#define EACH_PAIR(r, node, what, key, value)                                                       \
    for (yaml_node_pair_t *pair = mapping((r), (node), (what)) ? (node)->data.mapping.pairs.start  \
                                                               : NULL;                             \
         pair != NULL && pair < (node)->data.mapping.pairs.top; pair++)                            \
        for (const yaml_node_t *key = key_of((r), pair), *value = node_of((r), pair->value);       \
             key != NULL; key = NULL)

/* ---- the engine, by the names that are said ----------------------------------------------- */

/* One that is too long for any name leads nowhere as it is. */
static struct acd_str whole(struct reader *r, struct acd_str name)
{
    r->whole.used = 0;
    return r->tenant == NULL || name.len > ACD_RECORD_MAX
               ? name
               : tenant_put_under(r->tenant, TENANT_NAME, name, &r->whole);
}

static acd_queue_id queue_named(struct reader *r, struct acd_str name)
{
    return acd_queue_named(r->engine, whole(r, name));
}

static acd_agent_id agent_named(struct reader *r, struct acd_str name)
{
    return acd_agent_named(r->engine, whole(r, name));
}

static int execute(struct reader *r, const struct acd_record *record, struct acd_command command,
                   struct acd_view_outcome *o)
{
    r->whole.used = 0;
    if (r->tenant != NULL)
        tenant_record_under(r->tenant, record, &command.as, &r->whole);
    return acd_execute(r->engine, 0, ACD_NOBODY, 0, &command, o);
}

/* ---- settings ----------------------------------------------------------------------------- */

/* A command being filled, and where each of its fields was said. */
struct filling {
    const struct document_kind *kind;
    struct acd_command command;
    unsigned line; /* of its name */
    unsigned lines[FIELDS_MAX];
};

static struct filling filling_of(const struct document_kind *kind, unsigned line)
{
    return (struct filling){
        .kind = kind, .command = {.code = kind->set->code}, .line = line, .lines = {0}};
}

static void take_setting(struct reader *r, struct filling *f, const yaml_node_t *key,
                         const yaml_node_t *value)
{
    const struct acd_field *field = acd_field_named(f->kind->set, text_of(key));
    struct acd_json j = {0};
    struct acd_str text;
    size_t count, place;

    if (field == NULL || !document_is_setting(f->kind, field)) {
        fault(r, line_of(key), "\"%.64s\" is no setting of a%s %s", text_of(key),
              strchr("aeiou", f->kind->name[0]) != NULL ? "n" : "", f->kind->name);
        return;
    }
    place = (size_t)(field - f->kind->set->fields(&count));
    if (f->lines[place] != 0)
        fault(r, line_of(key), "%s is said twice, first in line %u", field->name, f->lines[place]);
    f->lines[place] = line_of(key);
    if (!is_null(value) && scalar(r, value, field->name, &text) &&
        acd_json_parse_field(&j, field, text, &f->command.as) != ACD_OK)
        fault(r, line_of(value), "%s", j.error);
}

/* The line of a field by its number. */
static unsigned line_of_field(const struct filling *f, uint16_t field)
{
    return field == 0 || f->lines[field - 1] == 0 ? f->line : f->lines[field - 1];
}

/* Carries it out; the engine's own complaint, or that about a calendar, is told at the line of the
 * field. */
static bool run(struct reader *r, const struct filling *f)
{
    struct acd_view_outcome o = {.field = 0};
    const char *wrong = calendar_fault(&f->command, &o.field);

    if (wrong != NULL) {
        fault(r, line_of_field(f, o.field), "%s: %s", acd_field_name(f->kind->set, o.field), wrong);
        return false;
    }
    if (execute(r, f->kind->set, f->command, &o) == ACD_OK)
        return true;
    fault(r, line_of_field(f, o.field), "%s%s%s", acd_field_name(f->kind->set, o.field),
          o.field == 0 ? "" : ": ", acd_error_text(o.error));
    return false;
}

/* ---- calendars ---------------------------------------------------------------------------- */

/* How many times a calendar has. */
static uint32_t times_of(struct reader *r, struct acd_str calendar)
{
    struct acd_view_calendar_time v;
    uint32_t count = 0;

    while (acd_calendar_times(r->engine, whole(r, calendar), &count, &v))
        continue;
    return count;
}

static void read_time(struct reader *r, struct acd_str calendar, const yaml_node_t *node)
{
    static const struct document_kind time = {"time", &acd_record_command_calendar_time_set,
                                              &acd_record_view_calendar_time};
    struct filling f = filling_of(&time, line_of(node));
    uint32_t before = times_of(r, calendar);

    f.command.as.calendar_time_set.calendar = calendar;
    if (!scalar(r, node, "a time", &f.command.as.calendar_time_set.time))
        return;
    if (run(r, &f) && times_of(r, calendar) == before)
        fault(r, f.line, "time \"%.64s\" stands twice here", text_of(node));
}

static void read_times(struct reader *r, struct acd_str calendar, const yaml_node_t *node)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        fault(r, line_of(node), "times: a list is wanted here, [\"mon-fri 08:00-18:00\", ...]");
        return;
    }
    for (int *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
        read_time(r, calendar, node_of(r, *item));
}

static void read_calendar(struct reader *r, const yaml_node_t *name, const yaml_node_t *node)
{
    struct filling f = filling_of(&document_calendar, line_of(name));
    struct acd_view_calendar_settings there;
    const yaml_node_t *times = NULL;

    if (!scalar(r, name, "a calendar's name", &f.command.as.calendar_set.name))
        return;
    if (acd_calendar_view(r->engine, whole(r, f.command.as.calendar_set.name), &there) == ACD_OK) {
        fault(r, f.line, "there is a calendar \"%.64s\" already", text_of(name));
        return;
    }
    EACH_PAIR(r, node, text_of(name), key, value)
    if (strcmp(text_of(key), "times") == 0)
        times = value;
    else
        take_setting(r, &f, key, value);
    if (run(r, &f) && times != NULL)
        read_times(r, f.command.as.calendar_set.name, times);
}

/* ---- queues ------------------------------------------------------------------------------- */

/* It is fixed when a queue is made; what is no channel is told with the settings. */
static void take_channel(struct reader *r, struct filling *f, const yaml_node_t *node)
{
    const struct acd_field *field = acd_field_named(f->kind->set, "channel");
    bool any = node->type == YAML_MAPPING_NODE;

    for (yaml_node_pair_t *pair = any ? node->data.mapping.pairs.start : NULL;
         any && pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = node_of(r, pair->key), *value = node_of(r, pair->value);
        struct acd_json j = {0};

        if (key->type == YAML_SCALAR_NODE && strcmp(text_of(key), field->name) == 0 &&
            value->type == YAML_SCALAR_NODE && !is_null(value))
            (void)acd_json_parse_field(&j, field, acd_str(text_of(value)), &f->command.as);
    }
}

static void read_queue_name(struct reader *r, const yaml_node_t *key, const yaml_node_t *value)
{
    struct filling f = filling_of(&document_queue, line_of(key));

    take_channel(r, &f, value);
    if (!scalar(r, key, "a queue's name", &f.command.as.queue_set.name))
        return;
    if (queue_named(r, f.command.as.queue_set.name).gen != 0)
        fault(r, f.line, "there is a queue \"%.64s\" already", text_of(key));
    else
        run(r, &f);
}

/* Whether a number leads to a queue already, and to which. */
static bool number_leads(struct reader *r, struct acd_str number, struct acd_str *to)
{
    struct acd_view_number there;

    if (acd_number_view(r->engine, whole(r, number), &there) != ACD_OK)
        return false;
    *to = r->tenant == NULL ? there.queue_name : tenant_calls(r->tenant, there.queue_name);
    return true;
}

static void read_numbers(struct reader *r, const yaml_node_t *node, struct acd_str queue)
{
    static const struct document_kind number = {"number", &acd_record_command_number_set,
                                                &acd_record_view_number};

    if (node->type != YAML_SEQUENCE_NODE) {
        fault(r, line_of(node), "numbers: a list is wanted here, [\"+4930...\", ...]");
        return;
    }
    for (int *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
         item++) {
        const yaml_node_t *one = node_of(r, *item);
        struct filling f = filling_of(&number, line_of(one));
        struct acd_str to;

        f.command.as.number_set.queue_name = queue;
        if (!scalar(r, one, "a number", &f.command.as.number_set.number))
            continue;
        if (number_leads(r, f.command.as.number_set.number, &to))
            fault(r, f.line, "number %.32s leads to queue \"%.*s\" already", text_of(one), to.len,
                  to.data);
        else
            run(r, &f);
    }
}

static void read_queue(struct reader *r, const yaml_node_t *name, const yaml_node_t *node)
{
    struct filling f = filling_of(&document_queue, line_of(name));

    if (!scalar(r, name, "a queue's name", &f.command.as.queue_set.name))
        return;
    EACH_PAIR(r, node, text_of(name), key, value)
    if (strcmp(text_of(key), "numbers") == 0)
        read_numbers(r, value, f.command.as.queue_set.name);
    else
        take_setting(r, &f, key, value);
    run(r, &f);
}

/* ---- agents ------------------------------------------------------------------------------- */

static void read_member(struct reader *r, struct acd_str agent, const yaml_node_t *name,
                        const yaml_node_t *node)
{
    struct filling f = filling_of(&document_member, line_of(name));
    struct acd_view_member there;

    f.command.as.member_set.agent_name = agent;
    if (!scalar(r, name, "a queue's name", &f.command.as.member_set.queue_name))
        return;
    if (acd_member_view(r->engine, agent_named(r, agent),
                        queue_named(r, f.command.as.member_set.queue_name), &there) == ACD_OK)
        fault(r, f.line, "queue \"%.64s\" stands twice here", text_of(name));
    EACH_PAIR(r, node, text_of(name), key, value)
    take_setting(r, &f, key, value);
    run(r, &f);
}

static void read_members(struct reader *r, struct acd_str agent, const yaml_node_t *node)
{
    EACH_PAIR(r, node, "queues", key, value)
    read_member(r, agent, key, value);
}

/* Whether the agent has a skill already. */
static bool has_skill(struct reader *r, struct acd_str agent, struct acd_str skill)
{
    acd_agent_id id = agent_named(r, agent);
    struct acd_view_skill v;
    uint32_t cursor = 0;

    while (acd_agent_skills(r->engine, id, &cursor, &v))
        if (v.skill.len == skill.len && memcmp(v.skill.data, skill.data, skill.len) == 0)
            return true;
    return false;
}

static void read_skill(struct reader *r, struct acd_str agent, const yaml_node_t *name,
                       const yaml_node_t *level)
{
    const struct acd_field *field = acd_field_named(document_skill.set, "level");
    struct filling f = filling_of(&document_skill, line_of(name));
    struct acd_json j = {0};
    struct acd_str text;

    f.command.as.skill_set.agent_name = agent;
    if (!scalar(r, name, "a skill", &f.command.as.skill_set.skill) ||
        !scalar(r, level, text_of(name), &text))
        return;
    if (has_skill(r, agent, f.command.as.skill_set.skill))
        fault(r, f.line, "skill \"%.32s\" stands twice here", text_of(name));
    if (acd_json_parse_field(&j, field, text, &f.command.as) != ACD_OK)
        fault(r, line_of(level), "%s", j.error);
    else
        run(r, &f);
}

static void read_skills(struct reader *r, struct acd_str agent, const yaml_node_t *node)
{
    EACH_PAIR(r, node, "skills", key, value)
    read_skill(r, agent, key, value);
}

static void read_agent(struct reader *r, const yaml_node_t *name, const yaml_node_t *node)
{
    struct filling f = filling_of(&document_agent, line_of(name));
    const yaml_node_t *queues = NULL, *skills = NULL;

    if (!scalar(r, name, "an agent's name", &f.command.as.agent_set.name))
        return;
    if (agent_named(r, f.command.as.agent_set.name).gen != 0) {
        fault(r, f.line, "there is an agent \"%.64s\" already", text_of(name));
        return;
    }
    EACH_PAIR(r, node, text_of(name), key, value)
    if (strcmp(text_of(key), "queues") == 0)
        queues = value;
    else if (strcmp(text_of(key), "skills") == 0)
        skills = value;
    else
        take_setting(r, &f, key, value);
    if (!run(r, &f))
        return;
    if (queues != NULL)
        read_members(r, f.command.as.agent_set.name, queues);
    if (skills != NULL)
        read_skills(r, f.command.as.agent_set.name, skills);
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void read_queues(struct reader *r, const yaml_node_t *node)
{
    int before = r->faults;

    EACH_PAIR(r, node, "queues", key, value)
    read_queue_name(r, key, value);
    if (r->faults == before) /* else the same would be told again */
        EACH_PAIR(r, node, "queues", key, value)
    read_queue(r, key, value);
}

static void read_root(struct reader *r, const yaml_node_t *root)
{
    const yaml_node_t *calendars = NULL, *queues = NULL, *agents = NULL;

    EACH_PAIR(r, root, "the document", key, value)
    if (strcmp(text_of(key), "calendars") == 0)
        calendars = value;
    else if (strcmp(text_of(key), "queues") == 0)
        queues = value;
    else if (strcmp(text_of(key), "agents") == 0)
        agents = value;
    else
        fault(r, line_of(key), "\"calendars\", \"queues\" or \"agents\" is wanted here");
    if (calendars != NULL)
        EACH_PAIR(r, calendars, "calendars", key, value)
    read_calendar(r, key, value);
    if (queues != NULL)
        read_queues(r, queues);
    if (agents != NULL)
        EACH_PAIR(r, agents, "agents", key, value)
    read_agent(r, key, value);
}

static void read_text(struct reader *r, const char *text, size_t len)
{
    yaml_parser_t parser;
    yaml_document_t document;
    const yaml_node_t *root;

    if (!yaml_parser_initialize(&parser)) {
        fault(r, 0, "out of memory");
        return;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)(len == 0 ? "" : text), len);
    if (yaml_parser_load(&parser, &document)) {
        r->yaml = &document;
        root = yaml_document_get_root_node(&document);
        if (root != NULL)
            read_root(r, root);
        r->yaml = NULL;
        yaml_document_delete(&document);
    } else {
        fault(r, (unsigned)parser.problem_mark.line + 1, "no YAML: %s",
              parser.problem == NULL ? "out of memory" : parser.problem);
    }
    yaml_parser_delete(&parser);
}

int document_read(struct acd_engine **out, const struct tenant *tenant, const char *text,
                  size_t len, const struct acd_limits *limits, document_fault_cb on_fault,
                  void *ctx)
{
    struct reader r = {.tenant = tenant, .on_fault = on_fault, .ctx = ctx};
    int error = acd_open(&r.engine, &(struct acd_config){.limits = *limits});

    *out = NULL;
    if (error != ACD_OK)
        return error;
    read_text(&r, text, len);
    if (r.faults > 0)
        acd_close(r.engine);
    else
        *out = r.engine;
    return r.faults;
}
