#ifndef TESTS_E2E_DAEMON_CASES_H
#define TESTS_E2E_DAEMON_CASES_H

/* Each starts its own acdd and ends it, and tells by CHECK what broke. They share the working
 * directory. */

#define DAEMON_CASES(XX)                                                                           \
    XX(stock_requesters_over_ipc_and_tcp)                                                          \
    XX(stock_contexts_over_ipc_and_tcp)                                                            \
    XX(stock_subscribers_by_topic_over_ipc_and_tcp)                                                \
    XX(nngcat_over_ipc_and_tcp)                                                                    \
    XX(pain_14_one_queue_of_two_gateways)                                                          \
    XX(same_keys_of_two_gateways)                                                                  \
    XX(one_gateways_trouble_is_its_own)                                                            \
    XX(a_lost_reply_is_asked_for_again)                                                            \
    XX(a_gateway_dies_and_comes_back)                                                              \
    XX(a_full_outbox_is_lost_and_reconciled)                                                       \
    XX(a_waiting_next_hears_that_the_outbox_is_lost)                                               \
    XX(a_call_is_offered_in_the_turn_that_frees_an_agent)                                          \
    XX(an_agent_freed_elsewhere_is_told_at_once)                                                   \
    XX(a_repeated_next_replaces_the_first)                                                         \
    XX(a_next_ends_with_its_wait)                                                                  \
    XX(a_next_from_zero_waits_when_all_is_acknowledged)                                            \
    XX(a_next_hands_out_as_many_as_are_wanted)                                                     \
    XX(a_next_that_cannot_be)                                                                      \
    XX(a_next_ends_with_its_gateway)                                                               \
    XX(a_next_ends_with_its_connection)                                                            \
    XX(a_next_in_a_batch_does_not_wait)                                                            \
    XX(every_order_of_everything)                                                                  \
    XX(everything_before_open_is_refused)                                                          \
    XX(numbers_may_come_in_any_order)                                                              \
    XX(a_batch_in_the_wrong_order)                                                                 \
    XX(everything_is_done_once_over_a_bad_line)                                                    \
    XX(lists_come_in_pages)                                                                        \
    XX(what_agents_have_comes_in_pages)                                                            \
    XX(a_call_is_listed_for_all_who_have_it)                                                       \
    XX(cursors_that_cannot_be_end_the_walk)                                                        \
    XX(a_walk_survives_what_goes_meanwhile)                                                        \
    XX(filters_by_what_is_not_there)                                                               \
    XX(every_number_at_its_ends)                                                                   \
    XX(clients_and_numbers_at_their_ends)                                                          \
    XX(the_past_at_its_ends)                                                                       \
    XX(messages_cut_short_do_nothing)                                                              \
    XX(broken_messages_do_nothing)                                                                 \
    XX(garbage_is_answered)                                                                        \
    XX(unreadable_records_fail_alone)                                                              \
    XX(commands_that_cannot_be_change_nothing)                                                     \
    XX(a_duplicate_agent_is_the_same_one)                                                          \
    XX(oversized_fields_are_refused)                                                               \
    XX(an_impossible_transition_is_refused)                                                        \
    XX(wrong_bytes_are_always_answered)                                                            \
    XX(broken_frames_cost_their_own_connection)                                                    \
    XX(who_sends_and_never_reads_is_not_read_from)                                                 \
    XX(who_reads_late_gets_all)                                                                    \
    XX(who_leaves_is_served_all_the_same)                                                          \
    XX(a_subscriber_who_never_reads_is_dropped)                                                    \
    XX(tenants_see_only_their_own)                                                                 \
    XX(tenants_command_only_their_own)                                                             \
    XX(tenants_code_their_own_work_late)                                                           \
    XX(names_of_tenants_are_theirs_everywhere)                                                     \
    XX(tenants_hear_only_their_own)                                                                \
    XX(tenants_are_told_their_own_totals)                                                          \
    XX(tenants_are_explained_their_own)                                                            \
    XX(tenants_are_told_their_own_figures)                                                         \
    XX(tenants_read_their_own_past)                                                                \
    XX(tenants_configure_their_own)                                                                \
    XX(documents_of_tenants_have_faults)                                                           \
    XX(tenants_hear_of_their_own_documents)                                                        \
    XX(tenants_are_explained_their_own_decisions)                                                  \
    XX(faulty_tenants_are_refused)                                                                 \
    XX(a_document_retires_what_cannot_go)                                                          \
    XX(a_refused_document_changes_nothing)                                                         \
    XX(a_document_makes_queues_of_any_channel)                                                     \
    XX(a_repeated_apply_is_answered_again)                                                         \
    XX(hours_open_and_close_a_queue)                                                               \
    XX(calendars_are_listed)                                                                       \
    XX(calendars_are_asked_when_they_change)                                                       \
    XX(tenants_have_their_own_calendars)                                                           \
    XX(hours_follow_each_command)                                                                  \
    XX(a_refused_document_leaves_the_hours)                                                        \
    XX(hours_pass)                                                                                 \
    XX(a_start_leaves_what_was_set_by_hand)                                                        \
    XX(a_start_says_what_was_missed)                                                               \
    XX(a_retired_queue_is_not_opened_by_the_clock)                                                 \
    XX(a_queue_of_a_document_is_closed_outside_hours)                                              \
    XX(a_strategy_by_the_clock_is_no_documents)                                                    \
    XX(faulty_calendars_are_refused)                                                               \
    XX(sigterm_and_sigint_end_it_cleanly)                                                          \
    XX(ending_does_not_wait_for_ever)                                                              \
    XX(sockets_are_for_their_owner_only)                                                           \
    XX(a_living_socket_is_refused)                                                                 \
    XX(a_dead_socket_is_replaced)                                                                  \
    XX(the_loop_runs_in_realtime)                                                                  \
    XX(there_is_no_tcp_unless_asked_for)                                                           \
    XX(flags_win_over_the_file)                                                                    \
    XX(faulty_flags_and_files_are_refused)                                                         \
    XX(sighup_reloads_or_leaves_all_as_it_was)                                                     \
    XX(today_is_of_the_zone_that_is_said)                                                          \
    XX(the_clock_runs_at_its_rate)

/* Those that take long, run when asked for by --long. */
#define DAEMON_LONG_CASES(XX) XX(a_next_waits_thirty_seconds_at_most)

#define XX(name) void test_##name(void);
DAEMON_CASES(XX)
DAEMON_LONG_CASES(XX)
#undef XX

#endif
