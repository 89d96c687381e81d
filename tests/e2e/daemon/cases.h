#ifndef TESTS_E2E_DAEMON_CASES_H
#define TESTS_E2E_DAEMON_CASES_H

/* Each starts its own acdd and ends it, and tells by CHECK what broke. They share the working
 * directory. */

#define DAEMON_CASES(XX)                                                                           \
    XX(same_keys_of_two_gateways)                                                                  \
    XX(one_gateways_trouble_is_its_own)                                                            \
    XX(a_lost_reply_is_asked_for_again)                                                            \
    XX(a_gateway_dies_and_comes_back)                                                              \
    XX(a_full_outbox_is_lost_and_reconciled)                                                       \
    XX(a_waiting_next_hears_that_the_outbox_is_lost)

#define XX(name) void test_##name(void);
DAEMON_CASES(XX)
#undef XX

#endif
