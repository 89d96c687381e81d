#include "daemon/folds.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/pieces.h"
#include "daemon/reader.h"
#include "daemon/server.h"
#include "daemon/zone.h"
#include "engine/acd_assert.h"

/* The fields that both queries have. */
struct asked {
    acd_time from, to;
    uint8_t fold, by;
    struct acd_str zone;
};

/* What is wanted of a query; its pieces come after. */
#define TAKE(q)                                                                                    \
    do {                                                                                           \
        f->cursor = (q)->cursor;                                                                   \
        asked = (struct asked){(q)->from, (q)->to, (q)->fold, 0, (q)->zone};                       \
        f->wanted.name = (q)->name;                                                                \
        f->wanted.together = (q)->together != 0;                                                   \
        f->wanted.limit = (q)->limit == 0 ? ACD_PAGE_DEFAULT : (q)->limit;                         \
    } while (0)

static struct asked folds_take(const struct acd_query *query, struct folds *f)
{
    const struct acd_query_list_queue_folds *q = &query->as.list_queue_folds;
    struct asked asked;

    if (query->code == ACD_QUERY_list_agent_folds) {
        f->wanted.agents = true;
        TAKE(&query->as.list_agent_folds);
        asked.by = query->as.list_agent_folds.by;
        f->wanted.by_team = asked.by == ACD_FOLD_BY_TEAM;
        return asked;
    }
    TAKE(q);
    f->wanted.threshold = q->threshold == 0 ? 20 * ACD_SECOND : q->threshold;
    f->wanted.short_after = q->short_after == 0 ? 5 * ACD_SECOND : q->short_after;
    return asked;
}

/* ---- readers that are kept ------------------------------------------------------------------ */

static struct acd_fold_cursor page_of(const struct folds *f)
{
    return (struct acd_fold_cursor){(uint32_t)(f->cursor >> 32), (uint32_t)f->cursor};
}

/* To free what was added up may take long: a million names. */
struct closing {
    struct work work;
    struct acd_reader *reader;
};

static void closing_run(struct work *work)
{
    acd_reader_close(((struct closing *)work)->reader);
    work->can_wait = true;
}

static void closing_done(struct work *work)
{
    free(work);
}

static void close_aside(struct server *s, struct acd_reader *reader)
{
    struct closing *c = malloc(sizeof *c);

    if (c == NULL) {
        acd_reader_close(reader);
        return;
    }
    *c = (struct closing){.work = {.run = closing_run, .done = closing_done}, .reader = reader};
    work_put(&s->workers, &c->work);
}

/* What has been kept longest makes room for it, unless it would not fit by itself. */
static void kept_put(struct server *s, struct acd_reader *reader)
{
    size_t bytes = acd_folds_bytes(reader), most = folds_kept_most(acd_limits_of(s->engine));

    while (bytes <= most && !folds_kept_has_room(&s->folds_kept, bytes, most))
        close_aside(s, folds_kept_oldest(&s->folds_kept, UINT64_MAX));
    if (bytes <= most)
        folds_kept_put(&s->folds_kept, reader, bytes, uv_now(&s->loop));
    else
        close_aside(s, reader);
}

void folds_done(struct server *s, struct folds *f)
{
    free(f->bounds);
    if (f->reader != NULL)
        kept_put(s, f->reader);
    *f = (struct folds){.bounds = NULL};
}

void folds_forget(struct server *s)
{
    uint64_t now = uv_now(&s->loop);
    struct acd_reader *reader;

    if (now < FOLDS_KEPT_MS)
        return;
    while ((reader = folds_kept_oldest(&s->folds_kept, now - FOLDS_KEPT_MS)) != NULL)
        close_aside(s, reader);
}

void folds_close(struct server *s)
{
    struct acd_reader *reader;

    while ((reader = folds_kept_oldest(&s->folds_kept, UINT64_MAX)) != NULL)
        acd_reader_close(reader);
}

/* ---- a page --------------------------------------------------------------------------------- */

/* Up to when nothing will be counted any more: what has fallen due, like the end of an interval,
 * may be done only after this query. */
static acd_time settled(struct server *s)
{
    acd_time due = acd_next_deadline(s->engine);

    return due <= server_now(s) ? due - 1 : server_now(s);
}

int folds_prepare(struct server *s, const struct acd_query *query, struct acd_str under,
                  struct folds *f)
{
    struct acd_fold_cursor at;
    struct asked asked;
    char zone[ZONE_MAX + 1] = "UTC";
    int error;

    *f = (struct folds){.bounds = NULL};
    asked = folds_take(query, f);
    if (asked.fold > ACD_FOLD_WHOLE || asked.by > ACD_FOLD_BY_TEAM)
        return ACD_INVALID;
    if (asked.zone.len >= ZONE_MAX)
        return ACD_NOT_FOUND;
    if (asked.zone.len > 0) {
        memcpy(zone, asked.zone.data, asked.zone.len);
        zone[asked.zone.len] = '\0';
    }
    f->wanted.now = settled(s);
    f->wanted.last_turned = s->durable.turned;
    if (f->wanted.limit > ACD_PAGE_MAX)
        f->wanted.limit = ACD_PAGE_MAX;
    f->wanted.zone = asked.zone.len > 0 ? asked.zone : acd_str("UTC");
    f->wanted.under = under;
    error = pieces_make(asked.fold, zone, asked.from, asked.to == 0 ? server_now(s) : asked.to,
                        &f->bounds, &f->wanted.pieces);
    f->wanted.bounds = f->bounds;
    at = page_of(f);
    if (error == ACD_OK && f->cursor != 0)
        f->reader = folds_kept_take(&s->folds_kept, &f->wanted, &at);
    return error;
}

int folds_read(struct folds *f, struct acd_reader *reader, uint64_t number,
               struct acd_reply_writer *w)
{
    struct acd_fold_cursor at = page_of(f);
    struct acd_view_folded head = {.pieces = f->wanted.pieces, .piece = f->wanted.pieces};
    uint8_t *head_at, *place;
    size_t room;
    int bytes = 0;

    acd_reply_open_page(w, number);
    head_at = w->at;
    ACD_ASSERT(acd_reply_put(w, &acd_record_view_folded, &head) == ACD_OK);
    place = reader_place(w, &room);
    if (at.piece < f->wanted.pieces)
        bytes = acd_folds_read(reader, &f->wanted, &at, &head.until, place, room);
    if (bytes < 0) {
        acd_reply_drop(w);
        return bytes;
    }
    acd_reply_placed(w, (size_t)bytes);
    f->reader = at.piece < f->wanted.pieces ? reader : NULL;
    if (at.piece < f->wanted.pieces)
        head.piece = at.piece;
    acd_record_view_folded.encode(&head, head_at);
    acd_reply_close_page(w, at.piece < f->wanted.pieces ? (uint64_t)at.piece << 32 | at.row : 0);
    return ACD_OK;
}
