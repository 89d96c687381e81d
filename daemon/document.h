#ifndef ACD_DOCUMENT_H
#define ACD_DOCUMENT_H

#include <stdio.h>

#include "daemon/tenant.h"

/* What is configured - calendars, queues, called numbers, agents, memberships, skills - as one YAML
 * document:
 *
 *     calendars:
 *       office:
 *         zone: Europe/Berlin        # any setting of calendar_set
 *         times: ["mon-fri 08:00-18:00", "2026-12-25 closed"]
 *     queues:
 *       sales:
 *         ring_timeout: 20s          # any setting of queue_set but its state
 *         numbers: ["+4930123456"]
 *         hours: office
 *     agents:
 *       ann:
 *         contact: sip:ann@example.org   # any setting of agent_set
 *         queues:
 *           sales: {level: 1}            # any setting of member_set
 *         skills: {spanish: 3}           # each with its level
 *
 * What is not said has its default, and what is not in the document is not there. A document is
 * read by making an engine of its own out of it, so what the engine would refuse is found, with its
 * line, before anything is touched; then that engine is compared with the live one.
 *
 * States are not configuration: a queue that is closed, an agent that is logged out stay so; nor is
 * the strategy of a queue with strategy_hours, which changes by the clock.
 *
 * A tenant's document is about its own calendars, queues, numbers, agents, and memberships of both,
 * by the names that it calls them; the engine made out of it has the whole names. What others have
 * is not told and stays; and so does a setting that leads to another's, which only the house can
 * have made, until the document says something else there. */

/* ---- document_read.c --------------------------------------------------------------------------
 */

typedef void (*document_fault_cb)(void *ctx, unsigned line, const char *text);

/* Makes an engine of a tenant's document, or the house's (NULL), the caller's to close. Every fault
 * is told; with any *out is NULL. Returns how many, or a negative error: NO_MEMORY. Any thread. */
int document_read(struct acd_engine **out, const struct tenant *tenant, const char *text,
                  size_t len, const struct acd_limits *limits, document_fault_cb on_fault,
                  void *ctx);

/* ---- document_write.c -------------------------------------------------------------------------
 */

/* Writes the document that an engine is, of it what is the tenant's. Returns 0 or an error:
 * NO_MEMORY, SYSTEM. */
int document_write(const struct acd_engine *e, const struct tenant *tenant, FILE *out);

/* ---- document_diff.c --------------------------------------------------------------------------
 */

/* One thing to do so that the live engine is as the document says. `command` carries it out;
 * removals come last, by id. Names are those that the tenant says, but in the commands. */
struct document_change {
    uint8_t verb;            /* enum acd_config_verb */
    const char *kind;        /* "calendar", "time", "queue", "agent", "member", "number", "skill" */
    struct acd_str name, of; /* of: the agent of a member or a skill, the queue of a number; a time
                                has the name of its calendar */
    const struct acd_command *command;
    const struct acd_command *undo; /* takes it back; NULL for removals of agents, queues and
                                       calendars, behind which nothing can fail */
    const char *what;               /* "weight 1 -> 2, max_wait 0 -> 30"; the time */
};

/* False: stop. */
typedef bool (*document_change_cb)(void *ctx, const struct document_change *change);

/* Tells the changes of what is the tenant's in the order in which they can be carried out, each as
 * soon as the one before has been: the callback may carry it out on `live`. Texts are valid until
 * then. Errors: NO_MEMORY. */
int document_diff(const struct acd_engine *live, const struct acd_engine *wanted,
                  const struct tenant *tenant, document_change_cb on_change, void *ctx);

/* ---- document_fixed.c -------------------------------------------------------------------------
 */

/* Tells as faults, of no line, what the document says otherwise and nothing can change. Returns how
 * many. */
int document_fixed(const struct acd_engine *live, const struct acd_engine *wanted,
                   const struct tenant *tenant, document_fault_cb on_fault, void *ctx);

/* ---- document_settings.c ----------------------------------------------------------------------
 */

/* A kind of thing that has settings: what sets them, and what shows them. */
struct document_kind {
    const char *name;
    const struct acd_record *set, *view;
};

extern const struct document_kind document_queue, document_agent, document_member, document_skill,
    document_calendar;

/* What each is when nothing is said; texts stand in `bare`. */
struct document_defaults {
    struct acd_engine *bare;
    struct acd_view_queue queue;
    struct acd_view_agent agent;
    struct acd_view_member member;
    struct acd_view_calendar_settings calendar;
};

/* Errors: NO_MEMORY. */
int document_defaults_open(struct document_defaults *d);
void document_defaults_close(struct document_defaults *d);

/* Whether a field of a kind's command is a setting, and not a name or a state. */
bool document_is_setting(const struct document_kind *kind, const struct acd_field *field);

/* Whether it is one that a calendar says, of what a document makes. */
bool document_is_kept(const struct document_kind *kind, const struct acd_field *field,
                      const void *view);

/* The setting's field in the view, NULL when it is none that is shown. */
const struct acd_field *document_shown(const struct document_kind *kind,
                                       const struct acd_field *field);

/* Whether two views agree in a setting, or their difference cannot be said: a number that is to be
 * 0, which in a command means "as it is". (Those of a membership mean 0 by 0, and are always set.)
 */
bool document_agrees(const struct acd_field *field, const struct acd_field *shown, const void *is,
                     const void *wanted);

/* Puts what a view shows into a command: 0 and "" as what sets them, -1 and "-". */
void document_take(const struct acd_field *field, void *command, const struct acd_field *shown,
                   const void *view);

/* ---- whose it is; without a tenant all is the house's ---------------------------------------- */

static inline bool document_is_own(const struct tenant *tenant, struct acd_str name)
{
    return tenant == NULL || tenant_has_name(tenant, name);
}

/* Whether a setting leads to nothing of another's. */
bool document_is_told(const struct tenant *tenant, const struct acd_record *record,
                      const struct acd_field *field, const void *value);

/* A setting in the tenant's words, nothing when it is not told. Returns the length, or TOO_LONG. */
int document_say(const struct tenant *tenant, const struct acd_record *record,
                 const struct acd_field *field, const void *value, char *out, size_t len);

#endif
