#ifndef ACD_MODEL_SCRIPT_H
#define ACD_MODEL_SCRIPT_H

#include "tests/model/pair.h"

/* Steps from lines that people can read: a command and its fields as the .def files name them,
 *
 *     route key=k1 queue_name=sales head_start=5s
 *     accept assignment=@k1                          the assignment of the live call of that key
 *     accept assignment=@k1+                         of who is asked about it
 *     hangup call=@k1 side=agent
 *     advance
 *
 * Numbers may end in s for seconds. An id is @ and a name (of a call: its key). */

/* Makes a step of a line, at a time and on behalf of nobody. Aborts when the line makes no sense;
 * an id of what is not there is 0. */
void script_step(struct step *step, const struct twin *t, acd_time now, const char *line);

#endif
