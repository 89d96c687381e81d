#ifndef TESTS_E2E_ACDCTL_STEPS_H
#define TESTS_E2E_ACDCTL_STEPS_H

/* What is run against one daemon, in this order: each goes on where the one before has ended. */
void steps_without_daemon(void);
void steps_usage(void);
void steps_configure(void);
void steps_clients(void);
void steps_targets(void);
void steps_calls(void);
void steps_status(void);
void steps_as_gateway(void);
void steps_others(void);
void steps_consult(void);
void steps_consult_number(void);
void steps_callback(void);
void steps_config(void);
void steps_tenant(void);
void steps_remove(void);

#endif
