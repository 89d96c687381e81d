#ifndef PLAY_PLAYER_H
#define PLAY_PLAYER_H

#include "tools/play_agenda.h"
#include "tools/play_backend.h"
#include "tools/play_day.h"
#include "tools/play_random.h"

/* The player: callers, agents and the gateway between them, and the books of all that happens. It
 * knows of the engine only what a gateway is told, and keeps its own sums from that. From time to
 * time it looks at the engine's views, and both must agree to the last call and microsecond.
 *
 * What is heard of a call while a command about it is unanswered waits for the answer, since a
 * notice and a reply may overtake each other. Hanging up on a waiting caller is not over with the
 * answer: notices from before may be under way, so the call is `leaving` until all are heard. */

/* The engine's sums by our own account, fields as in ACD_SUMS_FIELDS of views.def. */
struct sums {
#define F(type, name, doc) ACD_CTYPE_##type name;
    ACD_SUMS_FIELDS
#undef F
};

void sums_add(struct sums *to, const struct sums *from);
void sums_take(struct sums *to, const struct acd_view_totals *from);

enum stage {
    STAGE_COMING,
    STAGE_QUEUED,
    STAGE_RINGING,
    STAGE_TALKING,
    STAGE_OVER,
};

struct caller {
    enum stage stage;
    uint16_t asking; /* code of the command about it that is unanswered, or 0 */
    uint8_t result;  /* of a reject that is unanswered */
    uint8_t wants;   /* to hang up as soon as nothing is unanswered: a side, or 0 */
    uint8_t leaving; /* has hung up while waiting: the disposition */
    bool was_answered;
    uint16_t offers; /* heard of so far */
    uint32_t queue;  /* where it stands: it may have moved */
    uint32_t agent;  /* whom it rings at or talks with */
    acd_assignment_id assignment;
    acd_time arrived; /* in this queue */
    acd_time answered, ended;
};

struct desk {
    acd_agent_id id;
    bool here;        /* is at work */
    bool means_ready; /* what the agent means to be */
    uint32_t ringing, talking;
    uint32_t rings, calls, no_answers, rejections, busy;
    acd_span talk;
};

struct book {
    acd_queue_id id;
    bool removed;                       /* was told to go: it may be gone */
    uint32_t ringing, talking, waiting; /* waiting: ringing ones included */
    uint32_t moved_in;                  /* of those that entered */
    uint32_t arrived;                   /* our calls so far, refused ones included */
    uint32_t recorded;                  /* answered calls whose talk is a record, */
    acd_span recorded_talk;             /* and that talk */
    struct sums sums;
};

/* What the engine's views said at one moment. */
struct sight {
    bool has_totals;
    uint64_t told, acked; /* number of the last notice written, and acknowledged */
    struct acd_view_totals totals;
    struct acd_view_queue *queues; /* as in the day; gen 0: not there */
    struct acd_view_agent *agents;
};

enum player_phase { PHASE_SETUP, PHASE_DAY, PHASE_TEARDOWN };

/* What happened that is no sum of a queue. */
struct tally {
    uint32_t refusals[4];      /* by enum acd_refusal */
    uint32_t offer_results[7]; /* by enum acd_offer_result */
    uint32_t wrap_ups_finished, wrap_ups_extended, wrap_ups_over;
    uint32_t logouts_put_off;
    uint32_t races; /* commands that came too late, as the outcome said */
    uint32_t notices, looks, violations;
    acd_span behind; /* the most that something was done too late */
};

struct player {
    const struct day *day;
    struct backend *back;
    void (*on_progress)(struct player *p); /* called every now and then; may be NULL */
    enum player_phase phase;
    acd_time origin; /* the day's midnight, by the engine's clock */
    struct agenda agenda;

    struct caller *callers;
    struct desk *desks;
    struct book *books;
    struct sums before;                      /* of all queues: today's of an earlier play */
    uint32_t *queue_of_slot, *agent_of_slot; /* by slot of the engine's ids */
    size_t queue_slots, agent_slots;
    struct sight sight;

    struct news *kept; /* notices that wait for an answer about their call */
    size_t kept_count, kept_room;
    uint32_t *leaving; /* callers that are */
    size_t leaving_count, leaving_room;

    uint64_t heard; /* number of the last notice */
    uint32_t over;  /* callers that are */
    uint32_t here;  /* agents at work */
    uint32_t out;   /* agents that have gone home */
    struct tally tally;
    double real_start, real_end;
};

/* Plays a day from setting up to taking down. Whatever was wrong is printed and counted. */
void player_play(struct player *p, const struct day *day, struct backend *back);
void player_fini(struct player *p);

/* ---- shared by the player's files ----------------------------------------------------------- */

/* Prints what is wrong, with the time of the day, and counts it. */
void player_violation(struct player *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Lets time pass until no command is unanswered, and hears what came. */
void player_settle(struct player *p);

/* A ticket says what a command was about. */
enum about {
    ABOUT_CALL = 1,
    ABOUT_AGENT_STATE,
    ABOUT_LEAVE,
    ABOUT_WRAP_UP,
    ABOUT_QUEUE_SET,
    ABOUT_AGENT_SET,
    ABOUT_REMOVAL,
    ABOUT_DAY,
    ABOUT_OTHER,
};
void player_send(struct player *p, enum about about, uint32_t who,
                 const struct acd_command *command);

/* play_setup.c: the centre is made before the day and taken down behind it. */
void setup_centre(struct player *p);
void take_down_centre(struct player *p);

/* play_act.c: does one item of the agenda. */
void act_on(struct player *p, const struct agenda_item *item);

/* play_hear.c: takes in one piece of news. */
void hear_news(struct player *p, const struct news *news);
/* All notices of callers who hang up have been heard: their visits are over. */
void hear_no_more(struct player *p);

/* play_books.c: one function a fact. */
void book_entered(struct player *p, uint32_t call);
void book_refused(struct player *p, uint32_t call, uint8_t refusal);
void book_offered(struct player *p, uint32_t call, acd_assignment_id assignment, uint32_t agent);
void book_offer_ended(struct player *p, uint32_t call, uint8_t result);
void book_connected(struct player *p, uint32_t call, acd_time at);
void book_ended(struct player *p, uint32_t call, uint8_t disposition, acd_time at);
void book_moved(struct player *p, uint32_t call, uint32_t queue, acd_time at);

/* play_look.c: looks at the engine's views when nothing is unanswered, and compares. With `upto`, a
 * time of the day, also walks the engine, and wants exactly the calls before it to be offered. */
#define LOOK_ONLY (-1)
void look_and_compare(struct player *p, acd_span upto);
/* Whether nothing of ours is there, and the day's sums are zero. */
void look_for_emptiness(struct player *p);

/* What was counted today before the play. */
void look_at_sums(struct player *p);

/* play_check.c: what must hold. */
void check_sight(struct player *p, acd_span upto);
void check_day(struct player *p);

#endif
