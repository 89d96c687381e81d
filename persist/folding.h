#ifndef ACD_FOLDING_H
#define ACD_FOLDING_H

#include "persist/acd_folds.h"
#include "persist/agent_teams.h"
#include "persist/intervals.h"

/* Who is in a fold, and what was counted of each since the piece began. */

struct folded {
    char name[64];
    uint16_t name_len;
    uint32_t hash;
    bool counted;   /* anything in this piece */
    bool on_hold;   /* while it is busy, its time is hold */
    acd_time until; /* all before is counted; since then an agent is what it was */
    union {
        struct acd_view_queue_fold queue;
        struct acd_view_agent_fold agent;
    } as;
    struct acd_waits *waits; /* of a queue in a piece; NULL: none ended */
};

struct folding {
    const struct acd_fold_query *query;
    struct folded **all;       /* in the order they came, until they are sorted */
    size_t count, room, waits; /* waits: of how many there are any */
    uint32_t *places;          /* by hash: 1 + index into `all`; room * 2 of them */
    struct acd_view_queue_fold queue_sum;
    struct acd_view_agent_fold agent_sum;
    struct acd_waits sum_waits;
    bool no_memory;
};

void folding_fini(struct folding *f);

/* Bytes that it takes. */
size_t folding_bytes(const struct folding *f);

/* Whether a row is of the one who is asked for. */
bool folding_wants(const struct folding *f, const struct interval_row *row);

/* Adds a row to what is counted. With `prime` only what it ends with is taken note of.
 * false: the row is damaged, or there is no_memory. */
bool folding_add(struct folding *f, const struct interval_row *row, bool prime);

/* Up to that time each agent was what it was. */
void folding_fill(struct folding *f, acd_time until);

/* In the order of names, so that pages of a piece fit together. */
void folding_sort(struct folding *f);

/* Adds what was counted of each agent to its team's, whose query is the same; in the order of
 * names. false: no_memory. */
bool folding_by_team(struct folding *to, const struct folding *agents,
                     const struct agent_teams *of);

/* Writes the view of the n-th who has anything to tell in a piece, from *n on, which is moved
 * behind it. Returns its bytes; 0: there is none left. */
size_t folding_tell(struct folding *f, size_t *n, acd_time start, acd_time end, uint8_t *out);

/* The same as a row, of a view and its histograms; and of whom nothing was counted, but who is not
 * logged out. At most INTERVAL_VALUE_MAX bytes. */
size_t folding_keep(const struct folding *f, size_t *n, acd_time start, acd_time end, uint8_t *out);

/* Nothing is counted any more: a piece begins. */
void folding_clear(struct folding *f);

#endif
