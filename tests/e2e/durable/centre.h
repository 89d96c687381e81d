#ifndef TESTS_E2E_DURABLE_CENTRE_H
#define TESTS_E2E_DURABLE_CENTRE_H

#include <sys/types.h>

#include "proto/acd_client.h"

/* A real acdd upon the directory "data", and a gateway that asks it. */

#define CENTRE_URL     "ipc://acd.sock"
#define CENTRE_PUB_URL "ipc://acd.pub"

struct centre {
    pid_t pid;
    const char *durability; /* "async" or "sync"; NULL: in memory */
    char flags[4][64];      /* more of them, or empty */
    void (*before)(void);   /* called in its process before it is acdd; or NULL */
    struct acd_client *client;
    int notices;
    struct acd_view_notice last;
    uint8_t kinds[8]; /* of the first notices */
};

/* The program; once. */
void centre_init(const char *acdd);

/* Starts acdd, its stderr in the file "log", and connects the gateway "sip-1" to it if that is not
 * open yet. */
void centre_start(struct centre *c);

/* Runs acdd for as long as it lives, which is to be short: its exit status. */
int centre_fails(struct centre *c);

void centre_kill(struct centre *c);
void centre_stop(struct centre *c);
int centre_end(struct centre *c);    /* the same, whatever its exit status is */
void centre_close(struct centre *c); /* the gateway */
void centre_wipe(void);              /* the directory */

/* The disk fails, or is well again: acdd's files may not grow any more. Its ring is made already.
 */
void centre_disk(const struct centre *c, bool well);

/* Sends a command that must succeed. */
struct acd_view_outcome centre_ask(struct centre *c, struct acd_command command);

#define ASK(c, verb, ...)                                                                          \
    centre_ask((c), (struct acd_command){.code = ACD_COMMAND_##verb, .as.verb = {__VA_ARGS__}})

/* Queue sales with a lease of 2 s, agent ada in it, ready; call a rings at her, b, c and d wait. */
void centre_make(struct centre *c);

/* What get_server tells, but for its texts. */
struct acd_view_server centre_server(struct centre *c);

/* The state as text: what queries tell of agents, calls in their order, members and sums. */
void centre_picture(struct centre *c, char *out, size_t len);

void centre_write(const char *file, const char *text);

/* Runs acdctl, whose words are told from each other by spaces; its exit status. */
int centre_acdctl(const char *words);

/* The same by another way to acdd, its errors to stderr. */
int centre_acdctl_by(const char *url, const char *words);

/* Whether that said a text; and whether the log holds one. */
bool centre_said(const char *text);
bool centre_logged(const char *text);

#endif
