#ifndef ACD_MODEL_DUMP_H
#define ACD_MODEL_DUMP_H

#include <stdio.h>

#include "engine/acd.h"
#include "tests/model/twin.h"

/* Everything that can be seen of an engine, or of a twin, as view records one after the other: the
 * totals, agents with their memberships and assignments, queues with their members and their line,
 * calls, clients with their notices, numbers, and every explanation. Two worlds are equal when
 * their dumps are. What has no order of its own (memberships, members, assignments) stands by slot.
 */
struct dump {
    uint8_t *bytes;
    size_t len, room;
};

/* Each fills a dump anew; dump_engine returns NULL, or what its queries contradict each other in.
 */
const char *dump_engine(struct dump *d, const struct acd_engine *e);
void dump_twin(struct dump *d, const struct twin *t);

void dump_free(struct dump *d);

bool dump_equal(const struct dump *a, const struct dump *b);

/* Prints the first few records in which two dumps differ. */
void dump_print_difference(FILE *out, const struct dump *a, const char *a_name,
                           const struct dump *b, const char *b_name);

/* Prints a record as "name field=value ...", fields that are zero left out. */
void print_record(FILE *out, const struct acd_record *record, const void *value);

/* Prints record bytes (events or views), one record a line. */
void print_records(FILE *out, const uint8_t *bytes, size_t len);

#endif
