#ifndef ACDCTL_VIEW_H
#define ACDCTL_VIEW_H

#include "tools/acdctl.h"
#include "tools/acdctl_text.h"

/* Views as people read them: which columns each has in a list, and one view field by field. */

/* Who has which id, as far as it was asked. Zero it once. */
struct ctl_names {
    struct ctl_name {
        uint32_t gen;
        char *text;
    } * agents, *queues; /* by slot */
    size_t agents_room, queues_room;
};

void ctl_names_load(struct ctl_names *names, struct ctl *ctl);
void ctl_names_fini(struct ctl_names *names);

/* Learns a name, from an agent_set or a queue_set. */
void ctl_names_agent(struct ctl_names *names, acd_agent_id id, struct acd_str name);
void ctl_names_queue(struct ctl_names *names, acd_queue_id id, struct acd_str name);

/* The name of what an id field of a record holds, cleaned, or NULL. */
const char *ctl_name_of(const struct ctl_names *names, const struct acd_field *field,
                        const void *value);

/* What a cell may want to know. */
struct ctl_scene {
    acd_time now;
    struct ctl_names names;
};

struct ctl_column {
    struct ctl_heading heading;
    const char *field; /* shown as it is, or NULL: */
    void (*cell)(const struct ctl_scene *, const void *view, char out[CTL_TEXT_MAX]);
};

/* The columns of a view, NULL when nobody has chosen any. */
const struct ctl_column *ctl_columns(uint16_t code, size_t *count);

/* The text of one cell. */
void ctl_cell(const struct ctl_scene *scene, const struct acd_record *record,
              const struct ctl_column *column, const void *view, char out[CTL_TEXT_MAX]);

/* One view, a field a line. */
void ctl_print_fields(const struct ctl_scene *scene, const struct acd_record *record,
                      const void *view, FILE *out);

#endif
