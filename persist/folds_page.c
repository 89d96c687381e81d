#include <stdlib.h>
#include <string.h>

#include "persist/agent_teams.h"
#include "persist/folder.h"
#include "persist/persist.h"
#include "persist/reader.h"

/* Folds, page by page.
 *
 * Happy path: piece after piece is added up and told, until the page is full or it took long. The
 * reader keeps how far that is, so the next page of the same query goes on there, also in the midst
 * of a piece, and each row is read once. Failure modes: another query or another reader: the page
 * begins anew, with what was before its piece, and leaves out what earlier pages told of that. No
 * memory, a damaged row: told, and nothing is kept. */

static const acd_span PAGE_TAKES = 200 * ACD_MS;

enum { LIMIT_DEFAULT = 1000, PIECES_MAX = 65535, PLACE_TEXTS = 199 };

/* Which page of which query, to be compared as bytes: the same if what was added up for it is. */
struct place {
    acd_time start, end; /* of its piece */
    uint32_t piece, row;
    uint16_t lens[3];
    uint8_t agents, together, by_team;
    char texts[PLACE_TEXTS];
};
_Static_assert(sizeof(struct place) == 33 + PLACE_TEXTS, "no padding");

struct fold_pages {
    struct folder folder;
    struct folding folding, teams;
    struct agent_teams of;
    const struct acd_fold_query *query; /* while a page is read ... */
    struct acd_fold_query each;         /* ... and whom it is added up for: by team all agents */
    struct acd_fold_cursor at;
    bool added;   /* the piece is; it is told from here on: */
    size_t next;  /* of who was added up ... */
    uint32_t row; /* ... which view of the piece that is */
    struct place place;
};

/* A page being written. */
struct page {
    uint8_t *out;
    size_t used, len;
    uint32_t left;
};

/* ---- where it is ---------------------------------------------------------------------------- */

/* False: its texts are too long. */
static bool place_make(struct place *out, const struct acd_fold_query *q,
                       const struct acd_fold_cursor *at)
{
    const struct acd_str texts[3] = {q->name, q->under, q->zone};
    size_t used = 0;

    memset(out, 0, sizeof *out);
    for (int i = 0; i < 3; i++) {
        if (texts[i].len > sizeof out->texts - used)
            return false;
        if (texts[i].len > 0)
            memcpy(out->texts + used, texts[i].data, texts[i].len);
        used += out->lens[i] = texts[i].len;
    }
    out->start = q->bounds[at->piece];
    out->end = q->bounds[at->piece + 1];
    out->piece = at->piece;
    out->row = at->row;
    out->agents = q->agents;
    out->together = q->together;
    out->by_team = q->by_team;
    return true;
}

bool acd_folds_go_on(const struct acd_reader *r, const struct acd_fold_query *query,
                     const struct acd_fold_cursor *cursor)
{
    struct place place;

    return r->pages != NULL && cursor->piece < query->pieces && place_make(&place, query, cursor) &&
           memcmp(&place, &r->pages->place, sizeof place) == 0;
}

void fold_pages_close(struct fold_pages *g)
{
    if (g == NULL)
        return;
    folding_fini(&g->folding);
    folding_fini(&g->teams);
    agent_teams_fini(&g->of);
    free(g);
}

size_t acd_folds_bytes(const struct acd_reader *r)
{
    const struct fold_pages *g = r->pages;

    return g == NULL ? 0
                     : sizeof *g + folding_bytes(&g->folding) + folding_bytes(&g->teams) +
                           g->of.count * sizeof g->of.all[0];
}

/* The query of this page. */
static void pages_ask(struct fold_pages *g, const struct acd_fold_query *query)
{
    g->query = g->teams.query = query;
    g->each = *query;
    if (query->by_team)
        g->each.name.len = 0;
    g->folder.query = g->folding.query = &g->each;
}

static int pages_begin(struct acd_reader *r, const struct acd_fold_query *query,
                       const struct acd_fold_cursor *cursor)
{
    struct fold_pages *g;

    fold_pages_close(r->pages);
    r->pages = g = calloc(1, sizeof *g);
    if (g == NULL)
        return persist_fault(NULL, ACD_NO_MEMORY, "no memory to add up intervals");
    g->folder.r = r;
    g->folder.folding = &g->folding;
    g->at = *cursor;
    pages_ask(g, query);
    if (query->by_team) {
        int error = agent_teams_load(&g->of, r);

        if (error != ACD_OK)
            return error;
    }
    return folder_begin(&g->folder, query->bounds[cursor->piece]);
}

/* ---- pieces --------------------------------------------------------------------------------- */

/* One piece, or what of it is over. */
static int piece_add(struct fold_pages *g, acd_time end)
{
    int error = folder_add(&g->folder, end);

    if (error != ACD_OK)
        return error;
    folding_sort(&g->folding);
    if (g->query->by_team && !folding_by_team(&g->teams, &g->folding, &g->of))
        return persist_fault(NULL, ACD_NO_MEMORY, "no memory to add up teams");
    g->added = true;
    g->next = 0;
    g->row = 0;
    return ACD_OK;
}

/* The views of a piece; false: the page is full. */
static bool piece_tell(struct fold_pages *g, struct page *p, acd_time start, acd_time end)
{
    struct folding *folding = g->query->by_team ? &g->teams : &g->folding;

    for (; end > g->folder.since; g->row++) {
        size_t n = g->next, size;
        uint8_t view[ACD_RECORD_MAX];

        size = folding_tell(folding, &n, start, end, view);
        if (size == 0)
            break;
        if (g->row >= g->at.row && (p->left == 0 || p->len - p->used < size))
            return false;
        g->next = n;
        if (g->row < g->at.row)
            continue;
        memcpy(p->out + p->used, view, size);
        p->used += size;
        p->left--;
        g->at.row++;
    }
    folding_clear(&g->folding);
    folding_clear(&g->teams);
    g->added = false;
    g->at = (struct acd_fold_cursor){g->at.piece + 1, 0};
    return true;
}

static int piece(struct fold_pages *g, struct page *p, bool *full)
{
    acd_time start = g->query->bounds[g->at.piece], end = g->query->bounds[g->at.piece + 1];
    int error = ACD_OK;

    if (end > g->folder.until)
        end = g->folder.until;
    if (!g->added)
        error = piece_add(g, end);
    if (error == ACD_OK)
        *full = !piece_tell(g, p, start, end);
    return error;
}

static int pages(struct fold_pages *g, struct page *p)
{
    acd_time until = persist_clock() + PAGE_TAKES;
    bool full = false;
    int error = ACD_OK;

    while (error == ACD_OK && !full && g->at.piece < g->query->pieces) {
        if (g->query->bounds[g->at.piece] >= g->folder.until) {
            g->at = (struct acd_fold_cursor){g->query->pieces, 0};
            break;
        }
        error = piece(g, p, &full);
        full = full || persist_clock() > until;
    }
    return error;
}

/* ---- a page --------------------------------------------------------------------------------- */

int acd_folds_read(struct acd_reader *r, const struct acd_fold_query *query,
                   struct acd_fold_cursor *cursor, acd_time *until, uint8_t *out, size_t len)
{
    struct page p = {out, 0, len, query->limit == 0 ? LIMIT_DEFAULT : query->limit};
    int error = ACD_OK;

    if (len < ACD_RECORD_MAX || len > INT32_MAX || query->pieces > PIECES_MAX ||
        cursor->piece >= query->pieces)
        return persist_fault(NULL, ACD_INVALID, "a fold has room for a view, and pieces");
    if (acd_folds_go_on(r, query, cursor))
        pages_ask(r->pages, query);
    else
        error = pages_begin(r, query, cursor);
    if (error == ACD_OK)
        error = pages(r->pages, &p);
    if (error == ACD_OK) {
        *cursor = r->pages->at;
        *until = r->pages->folder.until;
    }
    if (error != ACD_OK || cursor->piece == query->pieces ||
        !place_make(&r->pages->place, query, cursor)) {
        fold_pages_close(r->pages);
        r->pages = NULL;
    }
    return error != ACD_OK ? error : (int)p.used;
}
