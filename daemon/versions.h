#ifndef ACD_VERSIONS_H
#define ACD_VERSIONS_H

#include "engine/acd.h"

/* Which version of the configuration held behind an event of the past.
 *
 * Happy path: the last commits since the start are kept. What was before is found in the journal,
 * by the next commit behind the event, which has the version after; or it is later than the commit
 * that the start found to be the last. A stretch that was found is kept, since who asks for a page
 * asks for the next one.
 *
 * Failure modes: right after a start that followed a kill what was recovered may not be in the
 * journal yet, a commit too: it is taken for one. */

enum { VERSIONS_MAX = 64 };

struct version {
    uint64_t sequence; /* of the first event that it held behind */
    uint64_t version;
    acd_time at; /* when it was committed */
};

struct versions {
    struct version first;              /* all commits behind this one are listed, ... */
    struct version list[VERSIONS_MAX]; /* ... the oldest first */
    uint32_t count;
    uint64_t found_from, found_to, found; /* from an event on, before another: the version */
};

/* At a start, of what was recovered. */
void versions_begin(struct versions *v, const struct acd_engine *e);

/* A document may have been committed by the last frame. */
void versions_note(struct versions *v, const struct acd_engine *e);

/* The version that a frame commits; 0: it commits none. */
uint64_t versions_of_frame(const struct acd_frame *frame);

/* The version that held behind an event, of which `v` keeps note. Any thread, of its own copy of
 * `v`. Errors: those of acd_journal_read. */
struct acd_reader;
int versions_find(struct versions *v, struct acd_reader *reader, uint64_t sequence, uint64_t *out);

/* Takes over what a copy has found. */
void versions_learn(struct versions *v, const struct versions *copy);

#endif
