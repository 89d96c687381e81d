#include <string.h>

#include "daemon/calendar.h"
#include "proto/acd_json.h"

/* The engine takes the text of a zone and of a time as it is; what it means is known here. */

/* Copies a text as a string; false when it is none. */
static bool to_string(struct acd_str text, char out[128 + 1])
{
    if (text.len > 128 || (text.len > 0 && memchr(text.data, '\0', text.len) != NULL))
        return false;
    if (text.len > 0)
        memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return true;
}

static uint16_t field_number(const struct acd_record *record, const char *name)
{
    size_t count;
    const struct acd_field *fields = record->fields(&count);

    return (uint16_t)(acd_field_named(record, name) - fields + 1);
}

static const char *time_fault(struct acd_str time)
{
    struct hours scratch = {.count = 0};
    char line[128 + 1];

    return to_string(time, line) ? hours_add(&scratch, line) : "is no line of text";
}

static const char *zone_fault(struct acd_str zone)
{
    char name[128 + 1];

    return to_string(zone, name) && zone_is_known(name) ? NULL : "is no time zone of this system";
}

const char *calendar_fault(const struct acd_command *c, uint16_t *field)
{
    if (c->code == ACD_COMMAND_calendar_set && c->as.calendar_set.zone.len > 0) {
        *field = field_number(&acd_record_command_calendar_set, "zone");
        return zone_fault(c->as.calendar_set.zone);
    }
    if (c->code == ACD_COMMAND_calendar_time_set && c->as.calendar_time_set.time.len > 0) {
        *field = field_number(&acd_record_command_calendar_time_set, "time");
        return time_fault(c->as.calendar_time_set.time);
    }
    return NULL;
}
