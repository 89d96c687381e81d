#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/queuelog/queuelog.h"

/* FILE.state: position, length of the log, and the picture, a line each thing, its fields separated
 * by tabs, which no name has here. It is written beside itself and renamed, so it is whole or the
 * one before, and only when the log is safe up to the length that it tells. */

#define VERSION "acd-queuelog 2"

/* Did not say of a call whether it is a callback that is not due: it is taken for one that waits.
 */
#define VERSION_1 "acd-queuelog 1"

enum { FIELDS_MAX = 18, LINE_BYTES = 1024 };

/* ---- writing ------------------------------------------------------------------------------- */

static void write_queues(FILE *f, const struct centre *c)
{
    for (uint32_t i = 0; i < c->queues.size; i++) {
        const struct centre_queue *q = c->queues.items[i];

        if (q != NULL)
            fprintf(f, "queue\t%u\t%u\t%d\t%s\n", i, q->gen, q->lifo, q->name);
    }
}

static void write_agents(FILE *f, const struct centre *c)
{
    for (uint32_t i = 0; i < c->agents.size; i++) {
        const struct centre_agent *a = c->agents.items[i];

        if (a == NULL)
            continue;
        fprintf(f, "agent\t%u\t%u\t%u\t%u\t%s\n", i, a->gen, a->state, a->reason, a->name);
        for (uint32_t k = 0; k < a->count; k++)
            fprintf(f, "seat\t%u\t%u\t%u\t%u\t%u\n", i, a->gen, a->seats[k].queue.slot,
                    a->seats[k].queue.gen, a->seats[k].level);
    }
}

static void write_calls(FILE *f, const struct centre *c)
{
    for (uint32_t i = 0; i < c->calls.size; i++) {
        const struct centre_call *k = c->calls.items[i];

        if (k != NULL)
            fprintf(f,
                    "call\t%u\t%u\t%u\t%u\t%d\t%d\t%" PRId64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRId64
                    "\t%u\t%" PRId64 "\t%u\t%u\t%s\t%s\t%d\n",
                    i, k->gen, k->queue.slot, k->queue.gen, k->digit, k->lifo, k->enqueued_at,
                    k->head_start, k->sequence, k->entered_at, k->entered_position, k->answered_at,
                    k->agent.slot, k->agent.gen, k->key, k->caller, k->scheduled);
    }
    for (uint32_t i = 0; i < c->offers.size; i++) {
        const struct centre_offer *o = c->offers.items[i];

        if (o != NULL)
            fprintf(f, "offer\t%u\t%u\t%" PRId64 "\n", i, o->gen, o->since);
    }
}

static void write_all(FILE *f, const struct queuelog *q, bool last)
{
    fprintf(f, VERSION "\n");
    fprintf(f, "log\t%" PRIu64 "\t%" PRIu64 "\t%d\n", q->sink.inode, q->sink.length, last);
    fprintf(f, "at\t%u\t%" PRIu64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRId64 "\n", q->position.epoch,
            q->position.sequence, q->position_at, q->next, q->opening);
    write_queues(f, &q->centre);
    write_agents(f, &q->centre);
    write_calls(f, &q->centre);
    fprintf(f, "end\n");
}

/* Makes the renaming itself safe. */
static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int fd;

    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path + 1),
             slash == NULL ? "." : path);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        queuelog_die("%s: %s", folder, strerror(errno));
    close(fd);
}

void keep_save(struct queuelog *q, bool last)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    FILE *f;
    bool failed;

    sink_sync(&q->sink);
    snprintf(path, sizeof path, "%s.state", q->sink.path);
    snprintf(fresh, sizeof fresh, "%s.state.new", q->sink.path);
    f = fopen(fresh, "we");
    if (f == NULL)
        queuelog_die("%s: %s", fresh, strerror(errno));
    write_all(f, q, last && q->sink.tail_at == q->sink.tail_len);
    failed = fflush(f) != 0 || fsync(fileno(f)) != 0;
    if (fclose(f) != 0 || failed || rename(fresh, path) != 0)
        queuelog_die("%s: %s", fresh, strerror(errno));
    sync_folder(path);
    q->kept_next = q->next;
    q->kept_length = q->sink.length;
    q->kept_at = queuelog_clock();
}

/* ---- reading ------------------------------------------------------------------------------- */

struct fields {
    const char *path;
    unsigned line;
    char *at[FIELDS_MAX];
    int count;
};

static _Noreturn void spoiled(const struct fields *f)
{
    queuelog_die("%s: line %u is not as it was written", f->path, f->line);
}

/* Field `i` as a whole number within bounds. */
static int64_t number(const struct fields *f, int i, int64_t least, int64_t most)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(f->at[i], &end, 10);
    if (end == f->at[i] || *end != '\0' || errno != 0 || value < least || value > most)
        spoiled(f);
    return value;
}

static uint32_t small(const struct fields *f, int i)
{
    return (uint32_t)number(f, i, 0, UINT32_MAX);
}

/* No table is so large that a slot is beyond this. */
static uint32_t slot(const struct fields *f, int i)
{
    return (uint32_t)number(f, i, 0, (int64_t)1 << 27);
}

static void text(const struct fields *f, int i, char *out, size_t size)
{
    if (strlen(f->at[i]) >= size)
        spoiled(f);
    snprintf(out, size, "%s", f->at[i]);
}

static void read_queue(struct queuelog *q, const struct fields *f)
{
    const acd_queue_id id = {slot(f, 1), small(f, 2)};
    struct centre_queue *queue = centre_queue_put(&q->centre, id);

    queue->lifo = number(f, 3, 0, 1) == 1;
    text(f, 4, queue->name, sizeof queue->name);
}

static void read_agent(struct queuelog *q, const struct fields *f)
{
    const acd_agent_id id = {slot(f, 1), small(f, 2)};
    struct centre_agent *a = centre_agent_put(&q->centre, id);

    a->state = (uint8_t)number(f, 3, ACD_LOGGED_OUT, ACD_READY);
    a->reason = (uint16_t)number(f, 4, 0, UINT16_MAX);
    text(f, 5, a->name, sizeof a->name);
}

static void read_seat(struct queuelog *q, const struct fields *f)
{
    struct centre_agent *a = centre_agent(&q->centre, (acd_agent_id){small(f, 1), small(f, 2)});

    if (a == NULL)
        spoiled(f);
    centre_seat_put(a, (acd_queue_id){small(f, 3), small(f, 4)})->level =
        (uint8_t)number(f, 5, 0, UINT8_MAX);
}

static void read_call(struct queuelog *q, const struct fields *f)
{
    const acd_call_id id = {slot(f, 1), small(f, 2)};
    struct centre_call *call = centre_call_put(&q->centre, id);

    call->queue = (acd_queue_id){small(f, 3), small(f, 4)};
    call->digit = (char)number(f, 5, 0, INT8_MAX);
    call->lifo = number(f, 6, 0, 1) == 1;
    call->enqueued_at = number(f, 7, 0, INT64_MAX);
    call->head_start = number(f, 8, 0, INT64_MAX);
    call->sequence = (uint64_t)number(f, 9, 0, INT64_MAX);
    call->entered_at = number(f, 10, 0, INT64_MAX);
    call->entered_position = small(f, 11);
    call->answered_at = number(f, 12, 0, INT64_MAX);
    call->agent = (acd_agent_id){small(f, 13), small(f, 14)};
    text(f, 15, call->key, sizeof call->key);
    text(f, 16, call->caller, sizeof call->caller);
    call->scheduled = f->count > 17 && number(f, 17, 0, 1) == 1;
    if (centre_call_is_waiting(call))
        centre_call_wait(&q->centre, call);
}

static void read_offer(struct queuelog *q, const struct fields *f)
{
    const acd_assignment_id id = {slot(f, 1), small(f, 2)};

    centre_offer_put(&q->centre, id)->since = number(f, 3, 0, INT64_MAX);
}

static void read_at(struct queuelog *q, const struct fields *f)
{
    q->position.epoch = small(f, 1);
    q->position.sequence = (uint64_t)number(f, 2, 0, INT64_MAX);
    q->position_at = number(f, 3, 0, INT64_MAX);
    q->next = (uint64_t)number(f, 4, 1, INT64_MAX);
    q->opening = number(f, 5, 0, INT64_MAX);
}

struct kept_log {
    uint64_t inode, length;
    bool whole, seen;
};

static void read_log(struct kept_log *log, const struct fields *f)
{
    log->inode = (uint64_t)number(f, 1, 0, INT64_MAX);
    log->length = (uint64_t)number(f, 2, 0, INT64_MAX);
    log->whole = number(f, 3, 0, 1) == 1;
    log->seen = true;
}

/* Takes a line; false: it was the last one. */
static bool read_line(struct queuelog *q, struct kept_log *log, const struct fields *f)
{
    static const struct {
        const char *word;
        int fields;
        void (*read)(struct queuelog *q, const struct fields *f);
    } lines[] = {{"at", 6, read_at},      {"queue", 5, read_queue}, {"agent", 6, read_agent},
                 {"seat", 6, read_seat},  {"call", 18, read_call},  {"call", 17, read_call},
                 {"offer", 4, read_offer}};

    if (strcmp(f->at[0], "end") == 0)
        return false;
    if (f->line == 1 && (strcmp(f->at[0], VERSION) == 0 || strcmp(f->at[0], VERSION_1) == 0))
        return true;
    if (strcmp(f->at[0], "log") == 0 && f->count == 4) {
        read_log(log, f);
        return true;
    }
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (f->line > 1 && strcmp(f->at[0], lines[i].word) == 0 && f->count == lines[i].fields) {
            lines[i].read(q, f);
            return true;
        }
    }
    spoiled(f);
}

static void split(struct fields *f, char *line)
{
    char *rest = line;

    line[strcspn(line, "\n")] = '\0';
    f->line++;
    f->count = 0;
    while (rest != NULL && f->count < FIELDS_MAX)
        f->at[f->count++] = strsep(&rest, "\t");
}

bool keep_load(struct queuelog *q)
{
    char path[PATH_MAX], line[LINE_BYTES];
    struct fields fields = {.path = path};
    struct kept_log log = {0};
    bool more = true;
    FILE *f;

    snprintf(path, sizeof path, "%s.state", q->sink.path);
    f = fopen(path, "re");
    if (f == NULL && errno == ENOENT)
        return false;
    if (f == NULL)
        queuelog_die("%s: %s", path, strerror(errno));
    while (more && fgets(line, sizeof line, f) != NULL) {
        split(&fields, line);
        more = read_line(q, &log, &fields);
    }
    (void)fclose(f);
    if (more || !log.seen || q->next == 0)
        spoiled(&fields);
    sink_reopen(&q->sink, q->sink.path, log.inode, log.length, log.whole);
    q->kept_next = q->next;
    q->kept_length = log.length;
    q->kept_at = queuelog_clock();
    return true;
}
