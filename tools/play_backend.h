#ifndef PLAY_BACKEND_H
#define PLAY_BACKEND_H

#include "proto/acd_messages.h"
#include "tools/play_day.h"

/* What the player plays against: an engine in its own process and in virtual time, or a daemon over
 * a socket. Both look the same from here:
 *
 * Happy path: send() commands while there is room(), hear() their outcomes and the notices of the
 * gateway's outbox, wait() for the time of the next thing to do.
 *
 * Failure modes: what makes going on pointless (no daemon, another history) ends the program; what
 * casts doubt on the books (a lost outbox, a command without an answer) is heard as an error. */

struct news {
    uint64_t ticket; /* of the command whose outcome this is; 0: a notice */
    int error;       /* of the outcome */
    union {
        struct acd_view_outcome outcome; /* all zero when there was no answer */
        struct acd_view_notice notice;   /* without its texts */
    } as;
    char key[DAY_KEY_MAX]; /* of a notice, terminated */
};

/* Called with NULL at the beginning, once more should the views have to be taken afresh, and then
 * with each view; its texts are not to be kept. */
typedef void (*look_cb)(void *ctx, const struct acd_view *view);

struct backend_figures {
    uint64_t commands;  /* sent */
    uint64_t asked;     /* other requests: the time, views */
    uint64_t deadlines; /* times that the engine was woken; embedded only */
    double engine_s;    /* seconds spent in the engine; embedded only */
};

struct backend;

struct backend_ops {
    bool is_embedded;  /* nothing happens but in send() and wait(), and at once */
    uint32_t look_max; /* agents, and queues, that a look can have; 0: any number */
    /* The time. Never ahead of the engine's: what is said to have happened by now is believed. */
    acd_time (*now)(const struct backend *b);
    bool (*has_room)(const struct backend *b);
    bool (*is_quiet)(const struct backend *b); /* no command is unanswered */
    void (*send)(struct backend *b, uint64_t ticket, const struct acd_command *command);
    /* Returns at `until` (of now()) or, when something may have happened or room came, before. */
    void (*wait)(struct backend *b, acd_time until);
    /* The gateway's client, totals, all queues and agents, true at one moment: when quiet. */
    bool (*look)(struct backend *b, look_cb on_view, void *ctx);
    /* NULL, or what is broken inside the engine, as far as that can be seen. */
    const char *(*check)(const struct backend *b);
    void (*close)(struct backend *b);
};

struct backend {
    const struct backend_ops *ops;
    struct backend_figures figures;
    struct news *news; /* a ring */
    size_t news_first, news_count, news_room;
};

/* In this process. `start` is the virtual time at first. */
struct backend *backend_embedded(acd_time start);

/* At a daemon; exits when there is none. */
struct backend *backend_socket(const char *url);

/* The next news; false when there is none yet. */
bool backend_hear(struct backend *b, struct news *news);

/* ---- for back ends ------------------------------------------------------------------------ */

void backend_tell_outcome(struct backend *b, uint64_t ticket, int error,
                          const struct acd_view_outcome *outcome);
void backend_tell_notice(struct backend *b, const struct acd_view_notice *notice);
void backend_fini(struct backend *b);

/* Seconds of a monotonic clock. */
double backend_real_time(void);

/* The name of the one gateway. */
#define BACKEND_GATEWAY "play"

#endif
