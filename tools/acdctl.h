#ifndef ACDCTL_H
#define ACDCTL_H

#include <stdio.h>

#include "proto/acd_client.h"
#include "proto/acd_defaults.h"
#include "proto/acd_json.h"

/* What the files of acdctl share. acdctl.c reads the command line, acdctl_verbs.c knows what can be
 * said, acdctl_args.c turns the rest of the line into a record; acdctl_do.c and acdctl_list.c ask
 * the daemon, acdctl_store.c works on its directory; the others are output and the verbs that are
 * more than one request. */

enum ctl_exit {
    CTL_OK = 0,
    CTL_REFUSED = 1,   /* the daemon said no */
    CTL_USAGE = 2,     /* the command line makes no sense */
    CTL_NO_ANSWER = 3, /* no connection, or no answer in time */
};

/* One thing said behind the verb: "sales" (a word, key NULL), "level=1" or "--level 1". */
struct ctl_arg {
    char *key;
    const char *value;
};

struct ctl {
    char url[ACD_URL_MAX], pub_url[ACD_URL_MAX];
    const char *as; /* the gateway it speaks for, or NULL */
    bool json;
    acd_span timeout, wait; /* wait: that the daemon is asked to take, besides */
    const char *verb;       /* as the user knows it: "agent set" */
    const struct ctl_arg *args;
    size_t count;
    struct acd_client *client; /* NULL until ctl_connect */
};

/* ---- verbs -------------------------------------------------------------------------------- */

struct ctl_verb {
    char words[64];                  /* "agent ready" */
    const char *doc;                 /* a line */
    const struct acd_record *record; /* the command or query that it asks, or NULL */
    const char *preset; /* "state=ready", or NULL: what it gives unless the user does */
    const char *usage;  /* behind the words, when the record does not tell */
    int (*run)(struct ctl *, const struct ctl_verb *); /* an exit status */
};

/* All verbs, in the order in which help lists them. */
const struct ctl_verb *ctl_verbs(size_t *count);

/* The verb that the first words name, and how many they are: the longest that fits. NULL: none. */
const struct ctl_verb *ctl_verb_of(const struct ctl_arg *args, size_t count, size_t *words);

/* Says that there is no such verb, and which ones come near. */
int ctl_verb_unknown(struct ctl *ctl, const struct ctl_arg *args, size_t count);

/* Whether any verb begins with this word. */
bool ctl_is_noun(const char *word);

int ctl_run_help(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_complete(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_do(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_command(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_query(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_show(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_status(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_alerts(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_watch(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_verify(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_backup(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_restore(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_compact(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_replay(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_config_diff(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_config_apply(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_config_get(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_explain(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_report(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_reconcile(struct ctl *ctl, const struct ctl_verb *verb);
int ctl_run_events(struct ctl *ctl, const struct ctl_verb *verb);

/* ---- arguments ---------------------------------------------------------------------------- */

/* A place that a word without "=" can fill: a value, or a thing that is told by id or by name. */
struct ctl_slot {
    const struct acd_field *id, *field; /* one of them may be NULL */
    bool either;                        /* it takes an id only, and instead of the next place */
};

enum { CTL_SLOTS_MAX = 4 };

/* The places of a record, those of the preset left out. A record of at most four takes words for
 * all of them, in the order of its fields; a larger one only for what names things at its head. */
size_t ctl_slots(const struct acd_record *record, const char *preset,
                 struct ctl_slot slots[CTL_SLOTS_MAX]);

/* Fills a record's struct, which is zeroed first, from preset and arguments; its texts stand in the
 * arguments. Returns CTL_OK, or CTL_USAGE having said why. */
int ctl_fill(struct ctl *ctl, const struct acd_record *record, const char *preset, void *value);

/* The text field that names the same thing as an id: the one right behind it, or NULL. */
const struct acd_field *ctl_partner(const struct acd_record *record, const struct acd_field *id);

/* The field by which a list finds one thing: name, key or number; NULL when it does not. */
const struct acd_field *ctl_naming_field(const struct acd_record *query);

/* "12.345": an id as it is written. */
bool ctl_looks_like_id(const char *text);

/* Reads a whole number of a verb's own option: --count 3. False when it is none from 1 to max. */
bool ctl_whole(const char *text, unsigned long max, unsigned long *out);

/* A time in seconds, or with a unit: "5", "0.5", "500ms". False when it is none or not positive. */
bool ctl_seconds(const char *text, acd_span *out);

/* The word of a list that is nearest to a mistyped one, or NULL when none is near: `word(ctx, i)`
 * gives the list, NULL at its end. */
const char *ctl_nearest(const char *typed, const char *(*word)(const void *ctx, size_t i),
                        const void *ctx);

/* ---- asking ------------------------------------------------------------------------------- */

/* Opens the client and connects: CTL_OK, or CTL_NO_ANSWER having said why. */
int ctl_connect(struct ctl *ctl);

/* The same without a word: an error of acd_client_open or acd_client_connect. */
int ctl_try_connect(struct ctl *ctl);

/* Asks a query, the whole list if it is one; the exit status, having said what went wrong. */
int ctl_ask(struct ctl *ctl, const struct acd_query *query, acd_client_view_cb on_view, void *ctx);

/* The daemon's time, asked once and then reckoned on; the machine's when the daemon won't tell. */
acd_time ctl_now(struct ctl *ctl);

/* Writes the status, as text or JSON, to `out`: ACD_OK, or an error of acd_client_query. */
int ctl_status(struct ctl *ctl, FILE *out);

/* ---- errors: each says it (to stderr; as JSON to stdout) and returns the exit status --------- */

__attribute__((format(printf, 3, 4))) int ctl_usage(struct ctl *ctl, const char *field,
                                                    const char *format, ...);
int ctl_refused(struct ctl *ctl, const char *field, int error);

/* In a sentence of its own: what could not be done, and what got no answer. */
int ctl_failed(struct ctl *ctl, int error, const char *text);
int ctl_no_answer(struct ctl *ctl, int error, const char *text);

/* Of a query: which of the two it is. */
int ctl_ask_failed(struct ctl *ctl, const struct acd_record *record, int error);

#endif
