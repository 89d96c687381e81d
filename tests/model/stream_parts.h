#ifndef ACD_MODEL_STREAM_PARTS_H
#define ACD_MODEL_STREAM_PARTS_H

#include "tests/model/stream.h"

/* What the stream*.c files have of each other. */

/* ---- stream_pick.c: chance, and things to speak of ---------------------------------------- */

uint64_t stream_random(struct stream *s);
uint32_t stream_below(struct stream *s, uint32_t limit); /* 0 to limit - 1 */
bool stream_chance(struct stream *s, uint32_t percent);

/* From 1 grain up to `most` grains. */
acd_span stream_span(struct stream *s, uint32_t most);

/* A text like "a3" in the step. */
struct acd_str stream_name(struct step *step, char kind, uint32_t number);

/* Attributes now and then, mostly none. */
struct acd_str stream_attributes(struct stream *s, struct step *step);

/* Now and then the text of a plan, mostly a good one. */
struct acd_str stream_plan(struct stream *s, struct step *step, uint32_t percent);

/* A gateway's clock: mostly not given, else around now, around what is forgotten, or far off. */
acd_time stream_clock(struct stream *s, const struct twin *t);

/* Something by id or by name: mostly one that lives. */
void stream_agent(struct stream *s, const struct twin *t, struct step *step, acd_agent_id *id,
                  struct acd_str *name);
void stream_queue(struct stream *s, const struct twin *t, struct step *step, acd_queue_id *id,
                  struct acd_str *name);
acd_call_id stream_call(struct stream *s, const struct twin *t);

/* An assignment, in this role if there is one; role 0: in any. */
acd_assignment_id stream_assignment(struct stream *s, const struct twin *t, uint8_t role);

/* A client to speak as. */
acd_client_id stream_client(struct stream *s, const struct twin *t);

/* Keeps ids that live now for when they are over. */
void stream_remember_ids(struct stream *s, const struct twin *t);

/* ---- stream_command.c: the commands ------------------------------------------------------- */

struct stream_action {
    uint16_t code; /* of the command; 0: time only */
    unsigned weight;
    uint8_t role; /* it is about an assignment in this role, as a rule only when there is one */
    void (*make)(struct stream *s, const struct twin *t, struct step *step);
};

/* stream_alert.c. */
void stream_make_alerts(struct stream *s, struct acd_command_queue_set *c);

/* stream_calendar.c: turns some steps at which only time passes into commands about calendars, and
 * gives queues some. */
void stream_make_calendars(struct stream *s, const struct twin *t, struct step *step);

/* Those of stream_transfer.c. */
void stream_make_hold(struct stream *s, const struct twin *t, struct step *step);
void stream_make_retrieve(struct stream *s, const struct twin *t, struct step *step);
void stream_make_transfer(struct stream *s, const struct twin *t, struct step *step);
void stream_make_consult(struct stream *s, const struct twin *t, struct step *step);
void stream_make_consult_complete(struct stream *s, const struct twin *t, struct step *step);
void stream_make_consult_result(struct stream *s, const struct twin *t, struct step *step);
void stream_make_consult_end(struct stream *s, const struct twin *t, struct step *step);

/* Those of stream_force.c. */
struct acd_str stream_channels(struct stream *s, struct step *step);
void stream_make_callbacks(struct stream *s, struct acd_command_queue_set *c);
void stream_make_call_callback(struct stream *s, const struct twin *t, struct step *step);
void stream_make_callback_result(struct stream *s, const struct twin *t, struct step *step);
void stream_make_config_commit(struct stream *s, const struct twin *t, struct step *step);
void stream_make_day_turn(struct stream *s, const struct twin *t, struct step *step);
void stream_make_agent_free(struct stream *s, const struct twin *t, struct step *step);
void stream_make_agent_drain(struct stream *s, const struct twin *t, struct step *step);
void stream_make_queue_drain(struct stream *s, const struct twin *t, struct step *step);
void stream_make_device_set(struct stream *s, const struct twin *t, struct step *step);
void stream_make_outside_begin(struct stream *s, const struct twin *t, struct step *step);
void stream_make_outside_end(struct stream *s, const struct twin *t, struct step *step);
void stream_make_call_assign(struct stream *s, const struct twin *t, struct step *step);
void stream_make_call_move(struct stream *s, const struct twin *t, struct step *step);

/* stream_gateway.c */
void stream_make_client_open(struct stream *s, const struct twin *t, struct step *step);
void stream_make_client_set(struct stream *s, const struct twin *t, struct step *step);
void stream_make_heartbeat(struct stream *s, const struct twin *t, struct step *step);
void stream_make_reconcile(struct stream *s, const struct twin *t, struct step *step);
void stream_make_reconcile_call(struct stream *s, const struct twin *t, struct step *step);

/* Turns a step of a gateway that is lost, or has to reconcile, into what it should do next, now and
 * then; false when it is left as it is. */
bool stream_come_back(struct stream *s, const struct twin *t, struct step *step);

extern const struct stream_action stream_actions[];
extern const size_t stream_actions_count;

/* A queue_set, agent_set, member_set, ... for setting the centre up; false when it is done. */
bool stream_set_up(struct stream *s, const struct twin *t, struct step *step);

/* Puts a value that is probably no good into a field of the step's command. */
void stream_spoil(struct stream *s, struct step *step);

#endif
