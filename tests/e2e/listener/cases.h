#ifndef TESTS_E2E_LISTENER_CASES_H
#define TESTS_E2E_LISTENER_CASES_H

/* Each leaves nothing behind, and tells by CHECK what broke. They share the working directory. */

#define LISTENER_CASES(XX)                                                                         \
    XX(cooked_requesters_over_every_transport)                                                     \
    XX(sixty_four_contexts)                                                                        \
    XX(raw_requester)                                                                              \
    XX(requests_through_a_device)                                                                  \
    XX(subscribers_with_topics)                                                                    \
    XX(nngcat_asks)                                                                                \
    XX(nngcat_subscribes)                                                                          \
    XX(garbage_is_hung_up_on)                                                                      \
    XX(wrong_protocols_are_hung_up_on)                                                             \
    XX(bad_frames_are_hung_up_on)                                                                  \
    XX(truncated_requests_are_not_handed_up)                                                       \
    XX(silence_is_hung_up_on_in_time)                                                              \
    XX(talking_subscribers_are_hung_up_on)                                                         \
    XX(noise_leaves_the_others_alone)                                                              \
    XX(requests_in_any_slices)                                                                     \
    XX(requests_of_every_size)                                                                     \
    XX(each_gets_one_read_a_turn)                                                                  \
    XX(deferred_replies_in_any_order)                                                              \
    XX(replies_to_the_departed_are_dropped)                                                        \
    XX(lent_replies_of_every_size)                                                                 \
    XX(lent_replies_are_taken_back)                                                                \
    XX(half_of_a_lent_reply_has_its_rest_first)                                                    \
    XX(lent_replies_to_the_departed_are_dropped)                                                   \
    XX(closing_takes_back_what_is_lent)                                                            \
    XX(who_has_stopped_reading_is_hung_up_on_in_time)                                              \
    XX(who_does_not_read_is_not_read_from)                                                         \
    XX(who_does_not_read_deferred_replies_is_hung_up_on)                                           \
    XX(slow_subscribers_are_dropped_others_get_all)                                                \
    XX(two_listeners_at_one_address_are_refused)                                                   \
    XX(dead_sockets_are_replaced)                                                                  \
    XX(sockets_are_their_owners_only)                                                              \
    XX(other_files_are_left_alone)                                                                 \
    XX(addresses_that_cannot_be)                                                                   \
    XX(connections_beyond_the_limit_are_refused)                                                   \
    XX(closing_delivers_what_was_queued)                                                           \
    XX(closing_hears_who_was_paused)                                                               \
    XX(closing_does_not_wait_for_ever)                                                             \
    XX(closing_hangs_up_on_nng)

#define XX(name) void test_##name(void);
LISTENER_CASES(XX)
#undef XX

#endif
