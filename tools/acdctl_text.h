#ifndef ACDCTL_TEXT_H
#define ACDCTL_TEXT_H

#include <stdio.h>

#include "proto/acd_messages.h"

/* Values as people read them, and tables of them. What comes from outside (names, numbers,
 * attributes) is cleaned: nothing in it can steer a terminal. */

enum { CTL_TEXT_MAX = 1024 }; /* bytes of any value's text, its end included */

/* Makes the library know UTF-8, whatever the user's locale: what is printed is always UTF-8. */
void ctl_text_init(void);

/* A text without what is not printable ('?' stands for it); at most len - 1 bytes. */
void ctl_clean(struct acd_str text, char *out, size_t len);

/* Columns that a cleaned text takes; and the same cut down to some columns, with an ellipsis. */
size_t ctl_width(const char *text);
void ctl_clip(char *text, size_t columns);

/* "1m05s": whole seconds, two units. And exactly: "1m30s", "250ms", "2h". */
void ctl_span_text(acd_span span, char out[CTL_TEXT_MAX]);
void ctl_span_exact(acd_span span, char out[CTL_TEXT_MAX]);

/* The local time of day, with the date when that is not today's. "" of 0. */
void ctl_clock_text(acd_time at, acd_time now, char out[CTL_TEXT_MAX]);

/* "92.3%", or "-" when there is nothing to divide by. */
void ctl_percent_text(uint64_t part, uint64_t whole, char out[CTL_TEXT_MAX]);

/* Any field of a record; "-" when it is empty. Times are clock times. Where the description says
 * what a value means ("0: no limit"), that is its text. */
void ctl_field_text(const struct acd_field *field, const void *value, acd_time now,
                    char out[CTL_TEXT_MAX]);

/* Any record as its JSON, a line to stdout. */
void ctl_print_json(const struct acd_record *record, const void *value);

/* ---- tables ------------------------------------------------------------------------------- */

/* How a column looks. */
struct ctl_heading {
    const char *text;
    bool right;   /* numbers stand to the right */
    uint16_t max; /* columns at most, 0: as it comes */
};

/* Rows of cleaned texts, kept until all widths are known. Zero it once. */
struct ctl_table {
    const struct ctl_heading *headings;
    size_t columns, cells, room;
    char **texts;
};

void ctl_table_init(struct ctl_table *t, const struct ctl_heading *headings, size_t columns);
void ctl_table_add(struct ctl_table *t, const char *text);  /* cell after cell, row after row */
void ctl_table_print(const struct ctl_table *t, FILE *out); /* with no rows, its headings */
void ctl_table_fini(struct ctl_table *t);

#endif
