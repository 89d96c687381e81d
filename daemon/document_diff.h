#ifndef ACD_DOCUMENT_DIFF_H
#define ACD_DOCUMENT_DIFF_H

#include "daemon/document.h"

/* A document_diff() under way, and what its files have of each other. */

enum { WHAT_MAX = 512 };

struct diff {
    const struct acd_engine *live, *wanted;
    const struct tenant *tenant;
    const struct document_defaults *defaults;
    bool back; /* what is asked for takes a change back: what is is what the document wants */
    document_change_cb on_change;
    void *ctx;
    bool stopped;
};

/* Tells a change, unless it was to stop. */
void diff_change(struct diff *d, uint8_t verb, const char *kind, struct acd_str name,
                 struct acd_str of, const struct acd_command *command,
                 const struct acd_command *undo, const char *what);

/* Adds to `what`: "weight 1 -> 2": what is, and what it will be. */
void diff_say(const struct diff *d, char what[WHAT_MAX], const struct acd_record *view,
              const struct acd_field *shown, const void *is, const void *wanted);

/* document_diff_calendar.c. Those that go are removed last: queues that stay have them no more by
 * then. */
void diff_calendars_set(struct diff *d);
void diff_calendars_remove(struct diff *d);

#endif
