#ifndef ACD_TESTS_SITE_H
#define ACD_TESTS_SITE_H

#include <stdio.h>
#include <stdlib.h>

#include "persist/acd_store.h"

/* A directory of its own, a centre that lives in it, and random traffic, the same for the same
 * seed. What goes wrong in here aborts. */

#define CHECK(x)                                                                                   \
    ((x) ? (void)0                                                                                 \
         : (fprintf(stderr, "%s:%d: %s (%s)\n%s", __FILE__, __LINE__, #x, acd_persist_error(NULL), \
                    site_doing),                                                                   \
            abort()))

/* A line that a failed CHECK tells too, or nothing. */
extern char site_doing[128];

struct site {
    char directory[64], ring[64];
    struct acd_persist_options options; /* changed between two starts at will */
    struct acd_persist *p;
    struct acd_engine *e;
    uint64_t seed;
    unsigned calls; /* routed so far; their keys are k0, k1, ... */
    bool strides;   /* now and then minutes pass, so that intervals turn */
    int step_every; /* commands between two rounds of the worker; 0: none */
    bool callbacks; /* some of its callers are called back */
    void (*on_frame)(void *ctx, const struct acd_frame *frame); /* before it is appended, or NULL */
    void *ctx;
};

struct site site_make(uint64_t seed);
void site_remove(const struct site *s);

int site_try(struct site *s);
void site_open(struct site *s);
void site_close(struct site *s);

/* Opens in a child that runs `n` commands and is killed; rounds as s->step_every says. */
void site_die(struct site *s, int n);

/* Runs a command and appends its frame. Returns its outcome's error. */
int site_do(struct site *s, acd_span later, struct acd_command c);

/* The last day that may be turned to then. */
uint32_t site_tomorrow(const struct site *s, acd_span later);

#define DO(s, later, name, ...)                                                                    \
    site_do((s), (later),                                                                          \
            (struct acd_command){.code = ACD_COMMAND_##name, .as.name = {__VA_ARGS__}})

/* Queues, agents and numbers; then commands at random: calls come, ring, talk, move and end, agents
 * come and go, and are removed and made again under the same name. */
void site_set_up(struct site *s);
void site_run(struct site *s, int n);

/* The worker's rounds until all is durable. */
void site_settle(struct site *s);

/* Runs a shell command in which %s is the directory. */
void site_shell(const struct site *s, const char *format);

/* Whether two engines are in the same state. */
bool same_state(const struct acd_engine *a, const struct acd_engine *b);

/* Faults that verify finds in a directory; it says which. */
uint64_t site_faults(const struct site *s);

#endif
