#include "daemon/configure.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/document.h"
#include "daemon/server.h"
#include "engine/acd_assert.h"

enum { UPLOADS_MAX = 4, DOCUMENT_MAX = 64 << 20, CONFIG_TEXT = 1024 };

enum { BESIDE_EVENT = 128 }; /* heads of a frame and of what is held; ids: as much as an offer */

/* Records one behind the other, and where each begins. */
struct records {
    uint8_t *bytes;
    size_t used, room;
    size_t *starts;
    size_t count, starts_room;
    bool failed; /* out of memory */
};

struct upload {
    struct work work;            /* first: the document is read */
    struct server *server;       /* NULL: free */
    const struct tenant *tenant; /* whose; NULL: the house's */
    uint64_t id, used_at;
    char *text; /* the document; of a get, what was written */
    size_t len, room;
    bool reading, read;
    int faults;                /* or an error */
    int fixed;                 /* faults of what is there by now: it cannot be changed so */
    struct acd_engine *wanted; /* what the document makes */
    struct records told;       /* faults or changes, as views */
    size_t bytes;              /* of the changes' frames, about */
    bool applied;              /* it was committed, upon version `upon`; what was answered */
    uint64_t upon;
    struct acd_view_config_applied answer;
};

struct configure {
    struct upload uploads[UPLOADS_MAX];
    uint64_t uses;
};

/* ---- records ------------------------------------------------------------------------------ */

static bool grow(void **memory, size_t *room, size_t need, size_t unit)
{
    size_t wanted = *room == 0 ? 1024 : 2 * *room;
    void *bigger;

    if (need <= *room)
        return true;
    wanted = wanted < need ? need : wanted;
    bigger = realloc(*memory, wanted * unit);
    if (bigger == NULL)
        return false;
    *memory = bigger;
    *room = wanted;
    return true;
}

static void records_add(struct records *r, const struct acd_record *record, const void *value)
{
    void *bytes = r->bytes, *starts = r->starts;

    if (!grow(&bytes, &r->room, r->used + ACD_RECORD_MAX, 1) ||
        !grow(&starts, &r->starts_room, r->count + 1, sizeof *r->starts))
        r->failed = true;
    r->bytes = bytes;
    r->starts = starts;
    if (r->failed)
        return;
    r->starts[r->count++] = r->used;
    r->used += record->encode(value, r->bytes + r->used);
}

static void records_clear(struct records *r)
{
    r->used = r->count = 0;
    r->failed = false;
}

static void records_free(struct records *r)
{
    free(r->bytes);
    free(r->starts);
    *r = (struct records){.bytes = NULL};
}

static size_t records_size(const struct records *r, size_t i)
{
    return (i + 1 < r->count ? r->starts[i + 1] : r->used) - r->starts[i];
}

/* ---- uploads ------------------------------------------------------------------------------ */

bool configure_open(struct server *s)
{
    s->configure = calloc(1, sizeof *s->configure);
    return s->configure != NULL;
}

static void upload_forget(struct upload *u)
{
    acd_close(u->wanted);
    u->wanted = NULL;
    u->read = u->applied = false;
    records_clear(&u->told);
}

void configure_close(struct server *s)
{
    for (size_t i = 0; s->configure != NULL && i < UPLOADS_MAX; i++) {
        upload_forget(&s->configure->uploads[i]);
        records_free(&s->configure->uploads[i].told);
        free(s->configure->uploads[i].text);
    }
    free(s->configure);
    s->configure = NULL;
}

/* What an answer is about. */
struct asking {
    struct server *s;
    const struct tenant *tenant;
    uint64_t number;
    struct acd_reply_writer *w;
};

static struct upload *upload_named(const struct asking *a, uint64_t id)
{
    for (size_t i = 0; i < UPLOADS_MAX; i++) {
        struct upload *u = &a->s->configure->uploads[i];

        if (u->server != NULL && u->tenant == a->tenant && u->id == id) {
            u->used_at = ++a->s->configure->uses;
            return u;
        }
    }
    return NULL;
}

/* In place of the one not used for longest; NULL when all are being read. */
static struct upload *upload_new(const struct asking *a, uint64_t id)
{
    struct upload *oldest = NULL;

    for (size_t i = 0; i < UPLOADS_MAX; i++) {
        struct upload *u = &a->s->configure->uploads[i];

        if (!u->reading && (oldest == NULL || u->used_at < oldest->used_at))
            oldest = u;
    }
    if (oldest == NULL)
        return NULL;
    upload_forget(oldest);
    oldest->server = a->s;
    oldest->tenant = a->tenant;
    oldest->id = id;
    oldest->len = 0;
    oldest->used_at = ++a->s->configure->uses;
    return oldest;
}

static void answer_error(const struct asking *a, int error, uint16_t field)
{
    acd_reply_error(a->w, a->number, error, field);
}

static void put_answer(const struct asking *a, const struct acd_query_config_put *q)
{
    struct upload *u = upload_named(a, q->upload);
    void *text;

    if (u == NULL && q->offset == 0)
        u = upload_new(a, q->upload);
    if (u == NULL || u->reading) {
        answer_error(a, u == NULL && q->offset > 0 ? ACD_NOT_FOUND : ACD_BUSY, 1);
        return;
    }
    if (q->offset > u->len || q->offset + q->text.len > DOCUMENT_MAX) {
        answer_error(a, q->offset > u->len ? ACD_INVALID : ACD_TOO_LONG, 2);
        return;
    }
    text = u->text;
    if (!grow(&text, &u->room, (size_t)q->offset + q->text.len, 1)) {
        answer_error(a, ACD_NO_MEMORY, 0);
        return;
    }
    u->text = text;
    upload_forget(u);
    if (q->text.len > 0)
        memcpy(u->text + q->offset, q->text.data, q->text.len);
    u->len = (size_t)q->offset + q->text.len;
    acd_reply_open(a->w, a->number);
    acd_reply_close(a->w);
}

/* ---- reading, by another thread ----------------------------------------------------------- */

static void on_fault(void *ctx, unsigned line, const char *text)
{
    struct upload *u = ctx;
    const struct acd_view_config_fault v = {.line = line, .text = acd_str(text)};

    records_add(&u->told, &acd_record_view_config_fault, &v);
}

static void read_work(struct work *work)
{
    struct upload *u = (struct upload *)work;

    u->faults = document_read(&u->wanted, u->tenant, u->text, u->len, &u->server->config->limits,
                              on_fault, u);
}

static void read_done(struct work *work)
{
    struct upload *u = (struct upload *)work;

    u->reading = false;
    u->read = true;
    u->server->readers--;
}

/* Whether the document is read; else it soon will be, and the answer is BUSY. */
static bool is_read(struct upload *u)
{
    if (u->read || u->reading)
        return u->read;
    records_clear(&u->told);
    u->reading = true;
    u->work = (struct work){.run = read_work, .done = read_done};
    u->server->readers++;
    work_put(&u->server->workers, &u->work);
    return false;
}

/* ---- planning ----------------------------------------------------------------------------- */

static size_t command_bytes(const struct acd_command *c)
{
    uint8_t record[ACD_RECORD_MAX];

    return c == NULL ? 0 : acd_record_of(c->code)->encode(&c->as, record);
}

/* The settings of a queue or an agent as they are: the event that states a change has all of them.
 */
static size_t settings_bytes(const struct acd_engine *e, const struct document_change *c)
{
    uint8_t record[ACD_RECORD_MAX];
    struct acd_view_queue queue;
    struct acd_view_agent agent;

    if (c->command->code == ACD_COMMAND_queue_set &&
        acd_queue_view(e, acd_queue_named(e, c->name), &queue) == ACD_OK)
        return acd_record_view_queue.encode(&queue, record);
    if (c->command->code == ACD_COMMAND_agent_set &&
        acd_agent_view(e, acd_agent_named(e, c->name), &agent) == ACD_OK)
        return acd_record_view_agent.encode(&agent, record);
    return 0;
}

/* About what the frames of a step and of its taking back have, and what is held of them. */
static size_t step_bytes(const struct acd_engine *e, const struct document_change *c)
{
    return 2 * (command_bytes(c->command) + command_bytes(c->undo) + settings_bytes(e, c) +
                BESIDE_EVENT);
}

/* The places that an agent of the document has, if it is ready and in any queue. */
static size_t places_of(const struct acd_engine *wanted, const struct acd_view_agent *is)
{
    acd_agent_id id = acd_agent_named(wanted, is->name);
    struct acd_view_member member;
    struct acd_view_agent v;
    uint32_t cursor = 0;

    return is->state == ACD_READY && acd_agent_view(wanted, id, &v) == ACD_OK &&
                   acd_agent_members(wanted, id, &cursor, &member)
               ? v.max_concurrent_calls
               : 0;
}

/* Where anybody waits, steps may lead to offers: as many as there are places. */
static size_t offers_bytes(const struct acd_engine *e, const struct acd_engine *wanted)
{
    struct acd_view_totals totals;
    struct acd_view_agent is;
    size_t places = 0;

    acd_totals_view(e, &totals);
    for (acd_agent_id id = acd_agent_from(e, 0); totals.queued > 0 && id.gen != 0;
         id = acd_agent_from(e, id.slot + 1))
        if (acd_agent_view(e, id, &is) == ACD_OK)
            places += places_of(wanted, &is);
    return places * 2 * BESIDE_EVENT;
}

static bool on_planned(void *ctx, const struct document_change *c)
{
    struct upload *u = ctx;
    const struct acd_view_config_change v = {.verb = c->verb,
                                             .kind = acd_str(c->kind),
                                             .name = c->name,
                                             .of = c->of,
                                             .what = acd_str(c->what)};

    records_add(&u->told, &acd_record_view_config_change, &v);
    u->bytes += step_bytes(u->server->engine, c);
    return !u->told.failed;
}

static int plan(struct upload *u)
{
    int error;

    if (u->faults > 0)
        return u->told.failed ? ACD_NO_MEMORY : ACD_OK;
    if (u->faults < 0)
        return u->faults;
    records_clear(&u->told);
    u->fixed = document_fixed(u->server->engine, u->wanted, u->tenant, on_fault, u);
    if (u->fixed > 0)
        return u->told.failed ? ACD_NO_MEMORY : ACD_OK;
    u->bytes = offers_bytes(u->server->engine, u->wanted);
    error = document_diff(u->server->engine, u->wanted, u->tenant, on_planned, u);
    return u->told.failed ? ACD_NO_MEMORY : error;
}

static void plan_answer(const struct asking *a, const struct acd_query_config_plan *q)
{
    struct upload *u = upload_named(a, q->upload);
    uint32_t limit = q->limit == 0 ? ACD_PAGE_DEFAULT : q->limit;
    uint64_t at = q->cursor;
    int error = u == NULL ? ACD_NOT_FOUND : is_read(u) ? ACD_OK : ACD_BUSY;

    if (error == ACD_OK && at == 0)
        error = plan(u);
    if (error != ACD_OK) {
        answer_error(a, error, error == ACD_NOT_FOUND ? 1 : 0);
        return;
    }
    acd_reply_open_page(a->w, a->number);
    for (; at < u->told.count && limit > 0; at++, limit--)
        if (acd_reply_put_bytes(a->w, u->told.bytes + u->told.starts[at],
                                records_size(&u->told, at)) != ACD_OK)
            break;
    acd_reply_close_page(a->w, at < u->told.count ? at : 0);
}

/* ---- applying ----------------------------------------------------------------------------- */

struct application {
    struct server *s;
    struct records undo;
    int error;
    uint32_t changes, retired;
    size_t spent; /* bytes that wait for the disk by now */
};

/* What a step leads to may be more than was thought: none that may be taken back is taken without
 * room for the taking back of all. */
static int step(struct application *a, const struct document_change *c)
{
    struct acd_frame frame;
    int error;

    if (a->undo.failed)
        return ACD_NO_MEMORY;
    if (c->undo != NULL && !(durable_has_room(a->s) && durable_has_room_for(a->s, a->spent)))
        return ACD_FULL;
    error = server_execute_joined(a->s, c->command, true);
    frame = acd_last_frame(a->s->engine);
    a->spent += frame.len + frame.count * (size_t)BESIDE_EVENT;
    return error;
}

static bool on_change(void *ctx, const struct document_change *c)
{
    struct application *a = ctx;

    if (c->undo != NULL)
        records_add(&a->undo, acd_record_of(c->undo->code), &c->undo->as);
    a->error = step(a, c);
    ACD_ASSERT(a->error == ACD_OK || c->undo != NULL); /* else it would be half done */
    if (a->error != ACD_OK && !a->undo.failed && c->undo != NULL)
        a->undo.count--; /* it was not done */
    a->changes++;
    a->retired += c->verb == ACD_CONFIG_RETIRE;
    return a->error == ACD_OK;
}

static void take_back(struct application *a)
{
    while (a->undo.count > 0) {
        struct acd_command c;
        size_t at = a->undo.starts[--a->undo.count];
        int size = acd_command_decode(a->undo.bytes + at, a->undo.used - at, &c);

        ACD_ASSERT(size > 0);
        (void)server_execute_joined(a->s, &c, a->undo.count > 0);
    }
}

/* The end of the joined frames. */
static void commit(struct application *a, struct acd_str label)
{
    struct acd_command c = {.code = ACD_COMMAND_config_commit};

    c.as.config_commit.label = label;
    c.as.config_commit.changes = a->changes;
    (void)server_execute_joined(a->s, &c, false);
}

static void apply(struct upload *u, struct application *a, struct acd_str label)
{

    if (document_diff(u->server->engine, u->wanted, u->tenant, on_change, a) != ACD_OK)
        a->error = ACD_NO_MEMORY;
    if (a->error == ACD_OK)
        commit(a, label);
    else
        take_back(a);
    records_free(&a->undo);
    u->server->holds |= u->server->durable.persist != NULL;
}

static int may_apply(struct upload *u, const struct acd_query_config_apply *q)
{
    int error;

    if (!is_read(u))
        return ACD_BUSY;
    if (u->faults != 0)
        return u->faults > 0 ? ACD_INVALID : u->faults;
    if (server_refuses(u->server))
        return ACD_BUSY; /* as any command */
    if (q->at_version && q->version != acd_config_version(u->server->engine))
        return ACD_STATE;
    error = plan(u);
    if (error == ACD_OK && u->fixed > 0)
        return ACD_INVALID;
    return error == ACD_OK && !durable_has_room_for(u->server, u->bytes) ? ACD_FULL : error;
}

/* Whether it asks once more for what was done, since the answer was lost. */
static bool is_repeated(const struct upload *u, const struct acd_query_config_apply *q)
{
    return u->applied && q->at_version && q->version == u->upon;
}

/* Fills in the upload's answer. */
static int apply_once(struct upload *u, const struct acd_query_config_apply *q)
{
    struct application a = {.s = u->server, .error = may_apply(u, q)};
    uint64_t upon = acd_config_version(u->server->engine);

    if (a.error == ACD_OK && u->told.count > 0)
        apply(u, &a, q->label);
    if (a.error != ACD_OK)
        return a.error;
    u->answer = (struct acd_view_config_applied){acd_config_version(u->server->engine), a.changes,
                                                 a.retired};
    u->applied = u->answer.version != upon;
    u->upon = upon;
    return ACD_OK;
}

static void apply_answer(const struct asking *a, const struct acd_query_config_apply *q)
{
    struct upload *u = upload_named(a, q->upload);
    int error = u == NULL ? ACD_NOT_FOUND : is_repeated(u, q) ? ACD_OK : apply_once(u, q);

    if (error != ACD_OK) {
        answer_error(a, error, error == ACD_STATE ? 3 : 1);
        return;
    }
    a->s->holds |= a->s->durable.persist != NULL;
    acd_reply_open(a->w, a->number);
    acd_reply_put(a->w, &acd_record_view_config_applied, &u->answer);
    acd_reply_close(a->w);
}

/* ---- getting ------------------------------------------------------------------------------ */

static int write_out(struct upload *u)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    int error = out == NULL ? ACD_NO_MEMORY : document_write(u->server->engine, u->tenant, out);

    if (out != NULL && fclose(out) != 0)
        error = ACD_NO_MEMORY;
    if (error != ACD_OK) {
        free(text);
        return error;
    }
    free(u->text);
    u->text = text;
    u->len = u->room = len;
    return ACD_OK;
}

static void get_answer(const struct asking *a, const struct acd_query_config_get *q)
{
    struct upload *u = q->cursor == 0 ? upload_new(a, q->upload) : upload_named(a, q->upload);
    uint64_t at = q->cursor;
    int error = u == NULL ? ACD_NOT_FOUND : u->reading ? ACD_BUSY : ACD_OK;

    if (error == ACD_OK && at == 0)
        error = write_out(u);
    if (error != ACD_OK) {
        answer_error(a, error, 1);
        return;
    }
    acd_reply_open_page(a->w, a->number);
    while (at < u->len) {
        size_t rest = u->len - (size_t)at;
        const struct acd_view_config_text v = {
            .text = {u->text + at, (uint16_t)(rest < CONFIG_TEXT ? rest : CONFIG_TEXT)}};

        if (acd_reply_put(a->w, &acd_record_view_config_text, &v) != ACD_OK)
            break;
        at += v.text.len;
    }
    acd_reply_close_page(a->w, at < u->len ? at : 0);
}

/* ---- all of them -------------------------------------------------------------------------- */

bool configure_answers(uint16_t code)
{
    return code == ACD_QUERY_config_put || code == ACD_QUERY_config_plan ||
           code == ACD_QUERY_config_apply || code == ACD_QUERY_config_get;
}

void configure_answer(struct server *s, const struct tenant *tenant, uint64_t number,
                      const struct acd_query *query, struct acd_reply_writer *w)
{
    const struct asking a = {s, tenant, number, w};

    switch (query->code) {
    case ACD_QUERY_config_put: put_answer(&a, &query->as.config_put); break;
    case ACD_QUERY_config_plan: plan_answer(&a, &query->as.config_plan); break;
    case ACD_QUERY_config_apply: apply_answer(&a, &query->as.config_apply); break;
    default: get_answer(&a, &query->as.config_get); break;
    }
}
