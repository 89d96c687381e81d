#ifndef ACD_TESTS_WORLD_H
#define ACD_TESTS_WORLD_H

#include "tests/scenario/cast.h"
#include "tests/scenario/words.h"

/* A world for stories: an engine in virtual time, and a language for what is asked and what
 * happens.
 *
 *     world_says(w, "0.000 agent ann ready\n"
 *                   "0.000   ann is ready\n"
 *                   "1.000 call k1 arrives on sales\n"
 *                   "1.000   k1 enters sales\n"
 *                   "1.000   offer k1 to ann until 16.000\n"
 *                   "1.000   -> offered ann until 16.000\n");
 *
 * A line begins with a moment, in seconds. With one blank behind it comes what is asked
 * (phrases.h), with three what follows: each event of the frame in order, then the outcome where it
 * says more than success (trace.c). The whole trace must be the script, or both are printed side by
 * side. Before a line, time passes: each deadline is fired at its own moment by acd_advance(), up
 * to but not at that of the line, for a command fires what is due itself.
 *
 * "gw1: call k1 arrives on sales" is asked by the client gw1, "gw1#7: ..." as its request 7.
 *
 * Besides:
 *   time passes            fires what is due up to and at this moment
 *   host sleeps            deadlines are fired no more, until ...
 *   host comes             ... once, or ...
 *   host wakes             ... for good: what is due is fired, at this moment
 *   crew sales ann bob     agents, made members of a queue, with options of the membership
 *   ready ann bob          agent ... ready, each
 *   ? queue sales [fields] figures of a view: also agent, call, client, number, totals, member,
 *                          explained (a call), prospects (an agent)
 *   ? interval sales       what is counted of it in the present interval; ? times ann likewise
 *   ? outcome              all of the last reply
 *   ? outbox gw1 [after]   its notices
 *   ? line sales           the calls queued, in order
 *   ? members sales        its members
 *   ? work ann             its assignments, oldest first
 *   ? why k1 [dan]         why it waits, agent by agent, or one agent only; ? why ann: its own
 *   ? lines ann            where it stands, line by line
 *   ? deadline             when the engine wants to be woken
 *
 * After each frame acd_engine_check() walks the engine, the sums are balanced, and a second engine
 * is fed the events; in the end that one, and a third that is loaded with the rows of the state,
 * must look the same and decide the same. */

struct world {
    struct acd_config config;
    struct acd_engine *engine, *follower;
    struct cast cast;
    acd_time at; /* where the story stands */
    bool asleep; /* the host fires no deadlines */
    bool tally;  /* events are told by the number of each kind in a frame */
    bool strict; /* nothing may fail */

    struct acd_command command; /* the last one, */
    struct acd_view_outcome outcome;
    char *line; /* its words, */
    char *room; /* and its long texts */

    struct world_books *books; /* what the sums began the day with */
    FILE *out;                 /* the trace being written, to: */
    char *trace;
    size_t trace_len;
};

struct world *world_open(void);
struct world *world_open_limited(struct acd_limits limits);
void world_close(struct world *w);

/* Lets something happen before the story: what follows is not told, but must succeed. */
void world_given(struct world *w, const char *script);

/* The same line many times, "%" being from, from + 1, ... to. */
void world_many(struct world *w, uint32_t from, uint32_t to, const char *line);

/* Plays a script; the trace must be the script. */
#define world_says(w, script) world_says_at((w), (script), __FILE__, __LINE__)
void world_says_at(struct world *w, const char *script, const char *file, int line);

/* A whole story: a world opened with the usual limits, what was there before, the script, and the
 * end. */
#define story(given, script) story_at((given), (script), __FILE__, __LINE__)
void story_at(const char *given, const char *script, const char *file, int line);

/* Plays a script and tells whether the trace was the script. */
bool world_agrees(struct world *w, const char *script);

/* ---- the parts ---------------------------------------------------------------------------- */

/* questions.c: answers "? ..." into the trace. */
void world_answer(struct world *w, const char *moment, char *const *words, size_t count);

/* why.c: the same of explanations. */
void world_answer_why(struct world *w, const char *moment, char *const *words, size_t count);
void world_answer_lines(struct world *w, const char *moment, const char *name);

/* books.c: fails the test when an invariant is broken, or the sums do not balance. */
struct world_books *books_open(void);
void books_close(struct world_books *b);
void books_day_turned(struct world_books *b, const struct acd_engine *e);
void books_check(const struct world_books *b, const struct acd_engine *e, const char *line);

/* follower.c: an engine loaded with the rows of another; fails the test unless two engines look the
 * same; lets several go on for a while, and fails it unless all decide the same. */
struct acd_engine *follower_load(const struct acd_engine *e, const struct acd_config *config);
void follower_compare(const struct acd_engine *leader, const struct acd_engine *e, const char *how);
void follower_race(struct acd_engine *const *engines, size_t count);

#endif
