#include "daemon/folds.h"

#include <string.h>

#include "daemon/pieces.h"
#include "daemon/reader.h"
#include "daemon/server.h"
#include "daemon/zone.h"
#include "engine/acd_assert.h"

/* The fields that both queries have. */
struct asked {
    acd_time from, to;
    uint8_t fold;
    struct acd_str zone;
};

/* What is wanted of a query; its pieces come after. */
#define TAKE(q)                                                                                    \
    do {                                                                                           \
        asked = (struct asked){(q)->from, (q)->to, (q)->fold, (q)->zone};                          \
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
        return asked;
    }
    TAKE(q);
    f->wanted.threshold = q->threshold == 0 ? 20 * ACD_SECOND : q->threshold;
    f->wanted.short_after = q->short_after == 0 ? 5 * ACD_SECOND : q->short_after;
    return asked;
}

int folds_prepare(struct server *s, const struct acd_query *query, struct folds *f)
{
    struct asked asked;
    char zone[ZONE_MAX + 1] = "UTC";

    *f = (struct folds){.bounds = NULL};
    asked = folds_take(query, f);
    if (asked.zone.len >= ZONE_MAX)
        return ACD_NOT_FOUND;
    if (asked.zone.len > 0) {
        memcpy(zone, asked.zone.data, asked.zone.len);
        zone[asked.zone.len] = '\0';
    }
    f->wanted.now = server_now(s);
    f->wanted.last_turned = s->durable.turned;
    if (f->wanted.limit > ACD_PAGE_MAX)
        f->wanted.limit = ACD_PAGE_MAX;
    f->wanted.zone = asked.zone.len > 0 ? asked.zone : acd_str("UTC");
    return pieces_make(asked.fold, zone, asked.from, asked.to == 0 ? f->wanted.now : asked.to,
                       &f->bounds, &f->wanted.pieces);
}

int folds_read(struct folds *f, uint64_t cursor, struct acd_reader *reader, uint64_t number,
               struct acd_reply_writer *w)
{
    struct acd_fold_cursor at = {(uint32_t)(cursor >> 32), (uint32_t)cursor};
    struct acd_view_folded head = {.pieces = f->wanted.pieces, .piece = f->wanted.pieces};
    uint8_t *head_at, *place;
    size_t room;
    int bytes = 0;

    f->wanted.bounds = f->bounds;
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
    if (at.piece < f->wanted.pieces)
        head.piece = at.piece;
    acd_record_view_folded.encode(&head, head_at);
    acd_reply_close_page(w, at.piece < f->wanted.pieces ? (uint64_t)at.piece << 32 | at.row : 0);
    return ACD_OK;
}
