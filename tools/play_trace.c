#include "tools/play_trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/play_room.h"

/* Reading a trace. */

enum { COLUMNS_MAX = 64, HOUR = 3600 };

enum column {
    LINE,
    CALL_ID,
    PRIORITY,
    TYPE,
    DATE,
    VRU_ENTRY,
    VRU_EXIT,
    Q_START,
    Q_TIME,
    OUTCOME,
    SER_START,
    SER_EXIT,
    SER_TIME,
    SERVER,
    COLUMNS,
};

static const char *const COLUMN_NAMES[COLUMNS] = {
    "vru+line", "call_id", "priority", "type",      "date",     "vru_entry", "vru_exit",
    "q_start",  "q_time",  "outcome",  "ser_start", "ser_exit", "ser_time",  "server",
};

struct reader {
    const char *path;
    FILE *file;
    size_t line;
    char *text; /* of the line */
    size_t room;
    int place[COLUMNS];              /* of each column among the fields */
    const char *fields[COLUMNS_MAX]; /* of the line */
    int count;
};

/* Cuts the next line into its fields; false at the end. */
static bool read_line(struct reader *r)
{
    ssize_t len = getline(&r->text, &r->room, r->file);
    char *at = r->text;

    if (len < 0)
        return false;
    r->line++;
    r->text[strcspn(r->text, "\r\n")] = '\0';
    for (r->count = 0; at != NULL && r->count < COLUMNS_MAX;)
        r->fields[r->count++] = strsep(&at, "\t");
    return true;
}

static const char *field(const struct reader *r, enum column column)
{
    if (r->place[column] >= r->count)
        play_die("%s:%zu: no field %s", r->path, r->line, COLUMN_NAMES[column]);
    return r->fields[r->place[column]];
}

_Noreturn static void not_a(const struct reader *r, enum column column, const char *what)
{
    play_die("%s:%zu: %s: \"%s\" is not %s", r->path, r->line, COLUMN_NAMES[column],
             field(r, column), what);
}

static uint32_t number(const struct reader *r, enum column column)
{
    const char *text = field(r, column);
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || value > UINT32_MAX)
        not_a(r, column, "a number");
    return (uint32_t)value;
}

/* h:mm:ss as seconds. */
static uint32_t time_of_day(const struct reader *r, enum column column)
{
    unsigned long h, m = 60, s = 60;
    char *end;

    h = strtoul(field(r, column), &end, 10);
    if (*end == ':')
        m = strtoul(end + 1, &end, 10);
    if (*end == ':')
        s = strtoul(end + 1, &end, 10);
    if (*end != '\0' || h > 23 || m > 59 || s > 59)
        not_a(r, column, "a time h:mm:ss");
    return (uint32_t)(h * 3600 + m * 60 + s);
}

/* The same of a call that began at `entry`: much less than that is behind midnight, until 6:00. */
static uint32_t time_after(const struct reader *r, enum column column, uint32_t entry)
{
    uint32_t at = time_of_day(r, column);

    return at + 18 * HOUR < entry ? at + 24 * HOUR : at;
}

static void copy_text(const struct reader *r, enum column column, char *to, size_t room)
{
    const char *text = field(r, column);

    if (strlen(text) >= room || *text == '\0')
        not_a(r, column, "a short text");
    memcpy(to, text, strlen(text) + 1);
}

static void read_header(struct reader *r)
{
    if (!read_line(r))
        play_die("%s: no header line", r->path);
    for (int column = 0; column < COLUMNS; column++) {
        r->place[column] = COLUMNS_MAX;
        for (int i = 0; i < r->count; i++)
            if (strcmp(r->fields[i], COLUMN_NAMES[column]) == 0)
                r->place[column] = i;
        if (r->place[column] == COLUMNS_MAX)
            play_die("%s: the header has no %s", r->path, COLUMN_NAMES[column]);
    }
}

/* False when the row is one of those left out. */
static bool read_row(const struct reader *r, struct trace_row *row)
{
    const char *outcome = field(r, OUTCOME);
    uint32_t entry = time_of_day(r, VRU_ENTRY), q_start = time_after(r, Q_START, entry);
    bool straight = time_of_day(r, Q_START) == 0;

    if (strcmp(outcome, "PHANTOM") == 0)
        return false;
    if (strcmp(outcome, "HANG") == 0)
        row->outcome = TRACE_HANG;
    else if (strcmp(outcome, "AGENT") == 0)
        row->outcome = TRACE_AGENT;
    else
        not_a(r, OUTCOME, "AGENT, HANG or PHANTOM");
    if (row->outcome == TRACE_HANG && straight)
        return false;
    copy_text(r, TYPE, row->type, sizeof row->type);
    copy_text(r, DATE, row->date, sizeof row->date);
    copy_text(r, SERVER, row->server, sizeof row->server);
    snprintf(row->key, sizeof row->key, "%.15s/%.15s", field(r, LINE), field(r, CALL_ID));
    row->priority = number(r, PRIORITY);
    row->arrives = straight ? time_after(r, VRU_EXIT, entry) : q_start;
    row->q_time = number(r, Q_TIME);
    row->ser_start = time_after(r, SER_START, entry);
    row->ser_exit = time_after(r, SER_EXIT, entry);
    row->ser_time = number(r, SER_TIME);
    return true;
}

void trace_read(struct trace *t, const char *path)
{
    struct reader r = {.path = path, .file = fopen(path, "r")};

    if (r.file == NULL)
        play_die("%s: %s", path, strerror(errno));
    read_header(&r);
    while (read_line(&r)) {
        t->rows = room_for_more(t->rows, t->count, &t->room, sizeof *t->rows);
        t->rows[t->count] = (struct trace_row){.priority = 0};
        if (read_row(&r, &t->rows[t->count]))
            t->count++;
        else
            t->left_out++;
    }
    if (ferror(r.file))
        play_die("%s: %s", path, strerror(errno));
    (void)fclose(r.file);
    free(r.text);
    if (t->count == 0)
        play_die("%s: no call to play", path);
}

void trace_fini(struct trace *t)
{
    free(t->rows);
    *t = (struct trace){0};
}

const char *trace_date_after(const struct trace *t, const char *date)
{
    const char *next = NULL;

    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->rows[i].date, date) > 0 &&
            (next == NULL || strcmp(t->rows[i].date, next) < 0))
            next = t->rows[i].date;
    return next;
}
