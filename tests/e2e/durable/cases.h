#ifndef TESTS_E2E_DURABLE_CASES_H
#define TESTS_E2E_DURABLE_CASES_H

/* survive.c: what a stop and a kill leave, in either mode. */
void test_survives_stop(void);
void test_survives_kill(void);
void test_pain_10_all_is_there_after_a_kill(void);
void test_due_while_down(void);
void test_slow_start(void);
void test_outbox_survives(void);
void test_numbers_survive(void);

/* refuse.c: directories that cannot be opened. */
void test_second_daemon(void);
void test_settings(void);
void test_wiped(void);
void test_ring_on_disk(void);
void test_lost_ring(void);

/* disk.c: a disk that fails, and is well again. */
void test_sync_holds(void);
void test_stop_on_full_disk(void);
void test_stop_while_held(void);
void test_config_is_held(void);
void test_alert_is_held(void);
void test_deadlines_wait(void);
void test_pressure(void);
void test_pain_04_no_disk_in_the_way_of_a_call(void);

/* documents.c: of configuration. */
void test_document_is_refused(void);
void test_document_needs_room(void);

/* log.c: a log that nobody reads. */
void test_log_is_full(void);

/* mount.c: a file system that is full, or that nobody may write. */
void test_full_file_system(void);
void test_read_only_file_system(void);

/* past.c: what the journal and the history tell, and copies of them. */
void test_replay(void);
void test_replay_versions(void);
void test_decision(void);
void test_pain_11_who_was_away_misses_nothing(void);
void test_no_past(void);
void test_history(void);
void test_history_amid_others(void);
void test_backup(void);
void test_tools(void);

/* figures.c: intervals over the wire. */
void test_figures(void);

/* reports.c: of acdctl. */
void test_reports(void);
void test_reports_of_the_daemons_zone(void);
void test_reports_of_calls_are_of_today(void);

/* reports_slow.c: one that takes long. */
void test_slow_report(void);

#define DURABLE_CASES(XX)                                                                          \
    XX(survives_stop)                                                                              \
    XX(survives_kill)                                                                              \
    XX(pain_10_all_is_there_after_a_kill)                                                          \
    XX(slow_start)                                                                                 \
    XX(due_while_down)                                                                             \
    XX(outbox_survives)                                                                            \
    XX(numbers_survive)                                                                            \
    XX(settings)                                                                                   \
    XX(second_daemon)                                                                              \
    XX(ring_on_disk)                                                                               \
    XX(wiped)                                                                                      \
    XX(lost_ring)                                                                                  \
    XX(sync_holds)                                                                                 \
    XX(stop_on_full_disk)                                                                          \
    XX(stop_while_held)                                                                            \
    XX(config_is_held)                                                                             \
    XX(alert_is_held)                                                                              \
    XX(deadlines_wait)                                                                             \
    XX(pressure)                                                                                   \
    XX(pain_04_no_disk_in_the_way_of_a_call)                                                       \
    XX(document_needs_room)                                                                        \
    XX(document_is_refused)                                                                        \
    XX(log_is_full)                                                                                \
    XX(full_file_system)                                                                           \
    XX(read_only_file_system)                                                                      \
    XX(replay)                                                                                     \
    XX(replay_versions)                                                                            \
    XX(decision)                                                                                   \
    XX(pain_11_who_was_away_misses_nothing)                                                        \
    XX(no_past)                                                                                    \
    XX(history)                                                                                    \
    XX(history_amid_others)                                                                        \
    XX(backup)                                                                                     \
    XX(tools)                                                                                      \
    XX(figures)                                                                                    \
    XX(reports)                                                                                    \
    XX(reports_of_the_daemons_zone)                                                                \
    XX(reports_of_calls_are_of_today)                                                              \
    XX(slow_report)

#endif
