#include "daemon/reader.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/explain.h"
#include "daemon/folds.h"
#include "daemon/server.h"
#include "daemon/tenant_past.h"
#include "engine/acd_assert.h"
#include "persist/acd_store.h"

enum { READERS_MAX = 32, TENANT_EVENTS = 50000 };

struct reader_job {
    struct work work; /* first */
    struct endpoint *endpoint;
    struct listener_origin origin;
    uint64_t number;
    struct acd_query query; /* its texts stand in `record` */
    struct folds folds;
    struct tenant_past past;  /* of a tenant's replay */
    struct versions versions; /* a replay's own copy */
    struct acd_wire_position asked_at;
    bool lent; /* the reply need not go by the loop */
    struct listener_loan loan;
    uint8_t record[ACD_RECORD_MAX];
    int error; /* of the read, for the log */
    char error_text[256];
    struct acd_reply_writer writer;
    size_t len;
    uint8_t room[LISTENER_HEAD_BYTES_MAX + ACD_WIRE_MESSAGE_MAX];
};

/* One job is kept, for it is large, and mostly there is but one at a time. */
static struct reader_job *job_take(struct server *s)
{
    struct reader_job *j = s->spare_job;

    s->spare_job = NULL;
    return j != NULL ? j : malloc(sizeof *j);
}

static void job_give(struct server *s, struct reader_job *j)
{
    folds_done(s, &j->folds);
    if (s->spare_job == NULL)
        s->spare_job = j;
    else
        free(j);
}

void reader_close(struct server *s)
{
    free(s->spare_job);
    folds_close(s);
}

bool reader_answers(uint16_t code)
{
    return code == ACD_QUERY_replay || code == ACD_QUERY_list_visits ||
           code == ACD_QUERY_explain_decision || folds_answer(code);
}

static uint32_t limit_of(uint32_t asked)
{
    uint32_t limit = asked == 0 ? ACD_PAGE_DEFAULT : asked;

    return limit < ACD_PAGE_MAX ? limit : ACD_PAGE_MAX;
}

static uint8_t *message_of(struct reader_job *j)
{
    return j->room + LISTENER_HEAD_BYTES_MAX;
}

/* ---- replay -------------------------------------------------------------------------------- */

struct replay {
    struct acd_reply_writer *w;
    struct tenant_past *past; /* whose events are wanted; NULL: all */
    uint64_t from;            /* the next event wanted */
    uint64_t config;          /* the version that held behind the last one */
    uint32_t left;            /* events wanted */
    uint32_t count;
    uint32_t others; /* passed over */
    bool full;
    int error;
};

/* Whether an event is perhaps the tenant's who asks; one that is only perhaps so is marked by a
 * `durable` of 0, for the loop to see. */
static bool is_perhaps_own(struct replay *r, struct acd_view_published *head, const uint8_t *event,
                           size_t size)
{
    int owner = tenant_past_event(r->past, head->sequence, event, size);

    if (owner < 0)
        r->error = owner;
    if (owner == PAST_UNKNOWN)
        head->durable = 0;
    return owner == PAST_OWN || owner == PAST_UNKNOWN;
}

/* One that is another's is passed over; false when enough of them were for one query. */
static bool pass_over(struct replay *r, uint64_t sequence)
{
    r->from = sequence + 1;
    return ++r->others < TENANT_EVENTS && !tenant_past_is_tired(r->past) && r->error == ACD_OK;
}

/* Adds an event of a frame, if it is wanted; false when there is no room. */
static bool put_event(struct replay *r, uint32_t epoch, const struct acd_frame *frame,
                      uint64_t sequence, const uint8_t *event, size_t size)
{
    struct acd_view_published head = {.epoch = epoch,
                                      .sequence = sequence,
                                      .durable = sequence,
                                      .at = frame->at,
                                      .config = r->config};

    if (sequence < r->from)
        return true;
    if (r->past != NULL && !is_perhaps_own(r, &head, event, size))
        return pass_over(r, sequence);
    if (r->left == 0 || acd_reply_room(r->w) < 2 * (size_t)ACD_RECORD_MAX)
        return false;
    acd_reply_put(r->w, &acd_record_view_published, &head);
    acd_reply_put_bytes(r->w, event, size);
    r->from = sequence + 1;
    r->left--;
    r->count++;
    return true;
}

static bool on_frame(void *ctx, uint32_t epoch, const struct acd_frame *frame)
{
    struct replay *r = ctx;
    uint64_t committed = versions_of_frame(frame);
    size_t at = 0;

    if (committed != 0)
        r->config = committed;
    for (uint32_t i = 0; i < frame->count && !r->full; i++) {
        uint16_t code;
        int size = acd_record_peek(frame->bytes + at, frame->len - at, &code);

        if (size < 0)
            break;
        r->full =
            !put_event(r, epoch, frame, frame->first_sequence + i, frame->bytes + at, (size_t)size);
        at += (size_t)size;
    }
    return !r->full;
}

static int replay_events(struct acd_reader *reader, struct replay *r)
{
    uint64_t after = r->from - 1;
    int frames;

    do
        frames = acd_journal_read(reader, &after, READER_PAGE_BYTES, on_frame, r);
    while (frames > 0 && !r->full && r->left > 0);
    if (r->error != ACD_OK)
        return r->error;
    return frames == ACD_STALE ? ACD_OK : frames < 0 ? frames : ACD_OK;
}

/* The head stands before the events and is known behind them. */
static int answer_replay(struct reader_job *j, struct acd_reader *reader)
{
    const struct acd_query_replay *q = &j->query.as.replay;
    struct replay r = {.w = &j->writer, .from = q->from, .left = limit_of(q->limit)};
    struct acd_view_replayed head = {0};
    uint64_t last;
    uint8_t *at;
    int error = acd_journal_range(reader, &head.oldest, &last);

    if (error != ACD_OK)
        return error;
    if (j->endpoint->tenant != 0) {
        tenant_past_init(&j->past, endpoint_tenant(j->endpoint), reader, head.oldest);
        r.past = &j->past;
    }
    if (r.from < head.oldest)
        r.full = r.from > 0;
    if (r.from < head.oldest)
        r.from = head.oldest;
    if (!r.full && last >= head.oldest)
        error = versions_find(&j->versions, reader, r.from, &r.config);
    if (error != ACD_OK)
        return error;
    acd_reply_open(&j->writer, j->number);
    at = j->writer.at;
    acd_reply_put(&j->writer, &acd_record_view_replayed, &head);
    if (!r.full && last >= head.oldest)
        error = replay_events(reader, &r);
    head.next = r.from;
    head.count = r.count;
    acd_record_view_replayed.encode(&head, at);
    if (error == ACD_OK)
        acd_reply_close(&j->writer);
    else
        acd_reply_drop(&j->writer);
    return error;
}

/* ---- history ------------------------------------------------------------------------------- */

uint8_t *reader_place(struct acd_reply_writer *w, size_t *room)
{
    uint8_t *place = acd_reply_place(w, room);

    if (*room > READER_PAGE_BYTES)
        *room = READER_PAGE_BYTES;
    return place;
}

static int answer_visits(struct reader_job *j, struct acd_reader *reader)
{
    const struct acd_query_list_visits *q = &j->query.as.list_visits;
    const struct acd_history_query wanted = {.key = q->key,
                                             .caller = q->caller,
                                             .agent = q->agent_name,
                                             .queue = q->queue_name,
                                             .gateway = q->gateway_name,
                                             .from = q->from,
                                             .to = q->to,
                                             .disposition = q->disposition,
                                             .direction = q->direction,
                                             .min_wait = q->min_wait,
                                             .limit = limit_of(q->limit)};
    uint64_t cursor = q->cursor;
    uint8_t *place;
    size_t room;
    int len;

    acd_reply_open_page(&j->writer, j->number);
    place = reader_place(&j->writer, &room);
    len = acd_history_read(reader, &wanted, &cursor, place, room);
    if (len < 0) {
        acd_reply_drop(&j->writer);
        return len;
    }
    acd_reply_placed(&j->writer, (size_t)len);
    acd_reply_close_page(&j->writer, cursor);
    return ACD_OK;
}

static int answer_from(struct reader_job *j, struct acd_reader *reader)
{
    switch (j->query.code) {
    case ACD_QUERY_list_queue_folds:
    case ACD_QUERY_list_agent_folds: return folds_read(&j->folds, reader, j->number, &j->writer);
    case ACD_QUERY_replay: return answer_replay(j, reader);
    case ACD_QUERY_list_visits: return answer_visits(j, reader);
    default:
        return explain_decision(reader, endpoint_tenant(j->endpoint), j->number,
                                &j->query.as.explain_decision, &j->writer);
    }
}

/* ---- the other thread ---------------------------------------------------------------------- */

/* History tells of what is durable, and replies before this one of what was when it was asked. */
static struct acd_wire_position position_now(const struct reader_job *j)
{
    struct acd_wire_position position = j->asked_at;

    position.durable = durable_sequence(j->endpoint->server);
    if (position.sequence < position.durable)
        position.sequence = position.durable;
    return position;
}

static void on_work(struct work *work)
{
    struct reader_job *j = (struct reader_job *)work;
    struct acd_wire_position position;
    struct acd_reader *reader = j->folds.reader;

    acd_reply_begin(&j->writer, message_of(j), ACD_WIRE_MESSAGE_MAX, 1);
    j->folds.reader = NULL;
    j->error =
        reader != NULL ? ACD_OK : acd_reader_open(&reader, j->endpoint->server->durable.persist);
    if (j->error == ACD_OK) {
        j->error = answer_from(j, reader);
        if (j->error != ACD_OK)
            snprintf(j->error_text, sizeof j->error_text, "%s", acd_persist_error(NULL));
        if (j->folds.reader == NULL)
            acd_reader_close(reader);
    }
    if (j->error != ACD_OK)
        acd_reply_error(&j->writer, j->number, j->error,
                        j->query.code == ACD_QUERY_explain_decision ? 1 : 0);
    position = position_now(j);
    j->len = acd_reply_end(&j->writer, &position);
    work->can_wait =
        j->lent && j->error == ACD_OK && listener_loan_send(&j->loan, message_of(j), j->len);
}

static void send_by_loop(struct reader_job *j)
{
    struct server *s = j->endpoint->server;
    struct acd_wire_position position = server_position(s);

    if (durable_is_sync(s))
        position.sequence = position.durable;
    acd_reply_stamp(message_of(j), &position);
    if (j->endpoint->tenant != 0)
        j->len = tenant_reply(endpoint_tenant(j->endpoint), s->engine, message_of(j), j->len);
    listener_reply(j->endpoint->listener, &j->origin, message_of(j), j->len);
}

/* Only what is durable was read, so nothing is held. */
static void on_done(struct work *work)
{
    struct reader_job *j = (struct reader_job *)work;
    struct server *s = j->endpoint->server;
    struct listener *l = j->endpoint->listener;

    s->readers--;
    if (j->query.code == ACD_QUERY_explain_decision)
        s->rewinding = false;
    if (j->query.code == ACD_QUERY_replay)
        versions_learn(&s->versions, &j->versions);
    if (j->error != ACD_OK) {
        s->counters.failed++;
        log_line(LOG_WARN, "read_failed", "reason=\"%s\"", j->error_text);
    }
    if (l != NULL && !(j->lent && listener_loan_end(l, &j->loan)))
        send_by_loop(j);
    job_give(s, j);
}

/* Whether it may be asked now. */
static int may_ask(const struct server *s, uint16_t code)
{
    if (s->durable.persist == NULL)
        return ACD_STATE;
    if (s->readers == READERS_MAX || s->closing ||
        (code == ACD_QUERY_explain_decision && s->rewinding))
        return ACD_BUSY;
    return ACD_OK;
}

/* A job with a query of its own. */
static void job_fill(struct reader_job *j, struct endpoint *endpoint,
                     const struct listener_origin *origin, uint64_t number, const uint8_t *record,
                     size_t size)
{
    j->work = (struct work){.run = on_work, .done = on_done};
    j->endpoint = endpoint;
    j->origin = *origin;
    j->number = number;
    j->error_text[0] = '\0';
    j->folds = (struct folds){.bounds = NULL};
    j->versions = endpoint->server->versions;
    memcpy(j->record, record, size);
    j->query.code = 0;
    ACD_ASSERT(acd_query_decode(j->record, size, &j->query) >= 0);
}

/* The connection is lent to who reads history, so that it sends its reply by itself; but not a
 * tenant's, which the loop has to cut. */
static void job_lend(struct reader_job *j, uint16_t code)
{
    struct server *s = j->endpoint->server;

    j->asked_at = server_position(s);
    if (durable_is_sync(s))
        j->asked_at.sequence = j->asked_at.durable;
    j->lent = (code == ACD_QUERY_list_visits || folds_answer(code)) && j->endpoint->tenant == 0 &&
              listener_lend(j->endpoint->listener, &j->loan, &j->origin);
}

int reader_ask(struct endpoint *endpoint, const struct listener_origin *origin, uint64_t number,
               const uint8_t *record, size_t size)
{
    struct server *s = endpoint->server;
    uint16_t code = 0;
    struct acd_str under = {NULL, 0};
    struct reader_job *j;
    int error;

    ACD_ASSERT(acd_record_peek(record, size, &code) > 0);
    work_collect(&s->workers); /* who has sent its reply itself waits for that */
    error = may_ask(s, code);
    if (error != ACD_OK)
        return error;
    j = job_take(s);
    if (j == NULL)
        return ACD_BUSY;
    job_fill(j, endpoint, origin, number, record, size);
    if (endpoint->tenant != 0)
        under = tenant_prefix(endpoint_tenant(endpoint));
    if (folds_answer(code)) /* what only the loop's thread can do of it */
        error = folds_prepare(s, &j->query, under, &j->folds);
    if (error != ACD_OK) {
        job_give(s, j);
        return error;
    }
    job_lend(j, code);
    s->readers++;
    s->rewinding |= code == ACD_QUERY_explain_decision;
    work_put(&s->workers, &j->work);
    return ACD_OK;
}
