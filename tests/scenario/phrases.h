#ifndef ACD_TESTS_PHRASES_H
#define ACD_TESTS_PHRASES_H

#include "tests/scenario/words.h"

/* What a story can ask, as commands. Behind each phrase any other field of the command may be given
 * as name=value.
 *
 *   queue sales                            queue_set
 *   queue sales goes                       queue_remove
 *   number 100 leads to sales              number_set
 *   number 100 ends                        number_remove
 *   calendar office                        calendar_set
 *   calendar office goes                   calendar_remove
 *   calendar office has mon                calendar_time_set
 *   calendar office loses mon              calendar_time_remove
 *   agent ann                              agent_set
 *   agent ann ready                        agent_state, also not_ready, logged_out
 *   agent ann joins sales                  member_set
 *   agent ann leaves sales                 member_remove
 *   agent ann goes                         agent_remove
 *   agent ann answers k1                   accept
 *   agent ann rejects k1                   reject
 *   agent ann holds k1                     hold
 *   agent ann retrieves k1                 retrieve
 *   agent ann passes k1 [to help]          transfer
 *   agent ann asks [bob] about k1          consult
 *   agent ann calls 0049 about k1          consult, of a number
 *   agent ann hears busy about k1          consult_result
 *   agent ann hands over k1                consult_complete
 *   agent ann stops asking about k1        consult_end
 *   agent ann finishes [k1]                wrap_up_finish
 *   agent ann extends [k1]                 wrap_up_extend
 *   call k1 arrives [on sales | for 100]   route
 *   agent ann codes k1 as sale             wrap_up_code
 *   agent ann codes as sale                wrap_up_code
 *   call k1 has {"vip":1}                  call_set
 *   call k1 hangs up                       hangup
 *   agent ann is freed                     agent_free
 *   agent ann device in_use                device_set
 *   agent ann begins o1                    outside_begin
 *   agent ann ends o1                      outside_end
 *   agent ann drains                       agent_drain
 *   queue sales drains                     queue_drain
 *   call k1 wants a callback               call_callback
 *   agent ann dials k1 busy                callback_result
 *   call k1 goes to ann                    call_assign, by id
 *   call k1 moves to sales                 call_move, by id
 *   client gw1 opens                       client_open
 *   client gw1 goes                        client_remove
 *   outbox acked upto 3                    outbox_ack
 *   day 5 begins                           day_turn
 *
 * or the name of the command, and every field as name=value. */

/* Puts a command together from words. Texts stand in the words and in `room`. Fails the test when
 * they are no phrase. */
void phrase_read(const struct cast *cast, char *const *words, size_t count,
                 struct acd_command *command, char *room);

#endif
