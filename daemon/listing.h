#ifndef ACD_LISTING_H
#define ACD_LISTING_H

#include <string.h>

#include "daemon/server.h"

/* A list being answered: a page of views. Whoever makes it looks at LOOKS things at most, which is
 * what a turn of the loop may take. */
enum { LOOKS = 4096 };

struct listing {
    struct server *s;
    struct acd_reply_writer *w;
    uint32_t cursor; /* where this page begins; then where the next one does, 0: nowhere */
    uint32_t limit;  /* views still wanted */
    uint32_t looks;  /* things that may still be looked at */
};

static inline struct listing listing_begin(struct server *s, uint64_t number, uint64_t cursor,
                                           uint32_t limit, struct acd_reply_writer *w)
{
    if (limit == 0)
        limit = ACD_PAGE_DEFAULT;
    acd_reply_open_page(w, number);
    return (struct listing){s, w, cursor < UINT32_MAX ? (uint32_t)cursor : UINT32_MAX,
                            limit < ACD_PAGE_MAX ? limit : ACD_PAGE_MAX, LOOKS};
}

static inline void listing_end(struct listing *l, bool more)
{
    acd_reply_close_page(l->w, more ? l->cursor : 0);
}

/* Whether one more thing may be looked at. */
static inline bool listing_goes_on(struct listing *l)
{
    return l->limit > 0 && l->looks > 0 && l->looks-- > 0;
}

/* Adds a view; false when the message is full. */
static inline bool listing_put(struct listing *l, const struct acd_record *record, const void *view)
{
    if (acd_reply_put(l->w, record, view) != ACD_OK)
        return false;
    l->limit--;
    return true;
}

static inline bool wanted(struct acd_str filter, struct acd_str value)
{
    return filter.len == 0 ||
           (filter.len == value.len && memcmp(filter.data, value.data, value.len) == 0);
}

/* A name that must lead somewhere; says NOT_FOUND at the field when it does not. */
#define NAMED(gen, w, number, field)                                                               \
    if ((gen) == 0) {                                                                              \
        acd_reply_error((w), (number), ACD_NOT_FOUND, (field));                                    \
        return;                                                                                    \
    }

/* ---- query.c ---------------------------------------------------------------------------------
 */

/* Queues from a cursor on, or the one of a name, if any is given. */
typedef bool queue_put(struct listing *l, acd_queue_id id);
void list_each_queue(struct server *s, uint64_t number, struct acd_str name, uint64_t cursor,
                     uint32_t limit, queue_put *put, struct acd_reply_writer *w);

/* ---- query_agent.c ---------------------------------------------------------------------------
 */

/* Agents from a cursor on, or the one of a name, if any is given; `query` is handed on. */
typedef bool agent_put(struct listing *l, const void *query, acd_agent_id id);
void list_each_agent(struct server *s, uint64_t number, struct acd_str name, uint64_t cursor,
                     uint32_t limit, agent_put *put, const void *query, struct acd_reply_writer *w);
void list_agents(struct server *s, uint64_t number, const struct acd_query_list_agents *q,
                 struct acd_reply_writer *w);

/* ---- query_skill.c ---------------------------------------------------------------------------
 */

void list_skills(struct server *s, uint64_t number, const struct acd_query_list_skills *q,
                 struct acd_reply_writer *w);

/* ---- query_calendar.c ------------------------------------------------------------------------
 */

void list_calendars(struct server *s, uint64_t number, const struct acd_query_list_calendars *q,
                    struct acd_reply_writer *w);
void list_calendar_times(struct server *s, uint64_t number,
                         const struct acd_query_list_calendar_times *q, struct acd_reply_writer *w);

/* ---- query_team.c ----------------------------------------------------------------------------
 */

void list_teams(struct server *s, uint64_t number, const struct acd_query_list_teams *q,
                struct acd_reply_writer *w);

/* ---- query_interval.c ------------------------------------------------------------------------
 */

void list_queue_intervals(struct server *s, uint64_t number,
                          const struct acd_query_list_queue_intervals *q,
                          struct acd_reply_writer *w);
void list_agent_intervals(struct server *s, uint64_t number,
                          const struct acd_query_list_agent_intervals *q,
                          struct acd_reply_writer *w);

#endif
