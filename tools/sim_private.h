#ifndef SIM_PRIVATE_H
#define SIM_PRIVATE_H

#include "tools/play_agenda.h"
#include "tools/sim.h"

/* One run under way. */

/* Who calls a queue, one after the other. Each kind of draw has a stream of its own, so that the
 * others are the same whatever becomes of one. */
struct sim_callers {
    double at;                   /* of the last one, in microseconds */
    size_t next;                 /* of the recorded day's calls */
    const struct day_call *last; /* the last of those */
    struct random arrivals, handling, patience, early, asking;
};

struct sim_caller {
    uint32_t gen; /* of its call's id: tells what is on the agenda for an earlier one */
    uint32_t queue;
    bool answered;
    acd_span handling;
    uint32_t agent; /* who answered */
};

struct sim_agent {
    uint32_t group;
    acd_agent_id id;
    bool here;
    uint32_t busy; /* calls and wrap-ups */
};

struct sim {
    const struct scenario *scenario;
    const struct sim_watch *watch;
    struct sim_result *result;
    struct day day; /* recorded, of this run */
    struct acd_engine *engine;
    struct agenda agenda;
    acd_time now; /* of the run, which begins at 0 and an engine's clock at ORIGIN */
    uint64_t keys;
    struct acd_event_call_offered offers[ACD_FRAME_EVENTS_MAX]; /* heard, to be answered */

    struct sim_callers *callers; /* a queue each */
    struct sim_caller *calls;    /* by slot */
    struct sim_agent *agents;    /* by slot, as they are made in that order */
    uint32_t agent_count;
    acd_queue_id *queues;

    size_t window;                 /* the next to end */
    struct acd_view_queue *before; /* each queue's sums at the beginning of the window */
    struct sim_calls *seen;        /* what the engine does not count */
    struct sim_work *work;         /* a group each, since the beginning of the window */
    uint32_t *busy, *staffed;      /* a group each, now */
    acd_time *work_at;             /* a group each: `work` counts up to then */
};

/* When the queue's next caller comes, or ACD_FOREVER. */
acd_span sim_callers_next(struct sim *m, uint32_t queue);

/* What that caller is like: all are to be asked once. */
acd_span sim_callers_head_start(struct sim *m, uint32_t queue);
acd_span sim_callers_handling(struct sim *m, uint32_t queue);
acd_span sim_callers_patience(struct sim *m, uint32_t queue);
struct acd_str sim_callers_plan(struct sim *m, uint32_t queue);

/* Makes the centre; sim_centre_end() takes the run's memory back. */
void sim_centre_begin(struct sim *m, uint64_t run);
void sim_centre_end(struct sim *m);

/* Carries out a command that cannot fail but for want of room. */
void sim_do(struct sim *m, const struct acd_command *command, struct acd_view_outcome *outcome);

/* Counting. */
void sim_agent_set(struct sim *m, uint32_t agent, bool here, uint32_t busy);
void sim_window_begin(struct sim *m);
void sim_window_end(struct sim *m);

#define SIM_ORIGIN ((acd_time)1704700800 * ACD_SECOND)

#endif
