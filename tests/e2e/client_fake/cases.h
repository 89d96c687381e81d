#ifndef ACD_TESTS_CLIENT_FAKE_CASES_H
#define ACD_TESTS_CLIENT_FAKE_CASES_H

/* Every case of test_client_fake.c, in the file that it stands in. */
#define CLIENT_FAKE_CASES(XX)                                                                      \
    /* requests.c */                                                                               \
    XX(a_name_is_opened_first)                                                                     \
    XX(sends_are_packed)                                                                           \
    XX(answers_may_come_in_any_order)                                                              \
    XX(a_thousand_and_no_more_are_unanswered)                                                      \
    XX(callbacks_may_send_but_not_wait)                                                            \
    XX(a_message_the_daemon_cannot_read)                                                           \
    XX(a_timeout_may_be_forever)                                                                   \
    XX(misuse_is_refused)                                                                          \
    XX(closing_ends_what_is_unanswered)                                                            \
    /* reconnect.c */                                                                              \
    XX(a_named_client_sends_again)                                                                 \
    XX(an_anonymous_command_is_sent_once)                                                          \
    XX(another_history_is_told)                                                                    \
    XX(another_user_of_the_name)                                                                   \
    XX(silence_is_a_broken_line)                                                                   \
    XX(a_refused_name_is_tried_again)                                                              \
    XX(nonsense_is_a_broken_line)                                                                  \
    XX(a_slow_reader_gets_it_all_in_order)                                                         \
    XX(over_tcp)                                                                                   \
    XX(a_host_loop_is_woken)                                                                       \
    /* outbox.c */                                                                                 \
    XX(notices_come_once_and_in_order)                                                             \
    XX(a_lost_outbox_is_opened_again)                                                              \
    XX(an_outbox_error_is_no_storm)                                                                \
    /* lease.c */                                                                                  \
    XX(a_gateway_says_that_it_is_there)                                                            \
    XX(a_heartbeat_without_an_answer_is_a_broken_line)                                             \
    XX(what_a_lost_gateway_asked_is_asked_again)                                                   \
    /* observer.c */                                                                               \
    XX(events_are_observed)                                                                        \
    XX(a_gap_is_seen)                                                                              \
    XX(a_heartbeat_shows_what_is_missing)                                                          \
    XX(a_picture_and_what_came_after_it)                                                           \
    XX(another_history_is_a_gap)                                                                   \
    XX(a_silent_publisher_is_left)                                                                 \
    /* waiting.c */                                                                                \
    XX(calls_and_queries_wait)                                                                     \
    XX(a_list_is_walked_to_its_end)                                                                \
    XX(a_list_that_stands_still_is_left)                                                           \
    XX(nobody_there)

#define XX(name) void test_##name(void);
CLIENT_FAKE_CASES(XX)
#undef XX

#endif
