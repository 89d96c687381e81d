#ifndef ACD_TESTS_WORDS_H
#define ACD_TESTS_WORDS_H

#include <stdio.h>

#include "tests/scenario/cast.h"

/* The words of a story: how a moment, a span or any field of a record is written, and read back.
 *
 *   a moment    seconds from the beginning of the story, "16.000", or "forever", or "never" (0)
 *   a span      seconds, "0.500", or "forever", or "none" (-1 us)
 *   an enum     its text, or a number
 *   an id       a name of the cast, "0" for none, or "stranger" for one that never was
 *   a text      itself; "x*97" stands for 97 times x */

/* Stories begin at a time of their own, so that no moment of theirs is 0. */
#define STORY_BEGINS ((acd_time)1000000000 * ACD_SECOND)

/* Fails the test when a word makes no sense. */
acd_span words_span(const char *word);
acd_time words_time(const char *word);

void words_print_span(FILE *out, acd_span span);
void words_print_time(FILE *out, acd_time time);

/* The field of this name, or NULL. */
const struct acd_field *words_field(const struct acd_record *record, const char *name);

bool words_field_is_zero(const struct acd_field *f, const void *record);
void words_print_field(FILE *out, const struct cast *cast, const struct acd_field *f,
                       const void *record);

/* Sets a field of a record. Texts stand in `word`, or, those written "x*97", in `room`, which has
 * WORDS_ROOM bytes and so serves one of them. */
enum { WORDS_ROOM = 8192 };
void words_read_field(const struct cast *cast, const struct acd_field *f, const char *word,
                      void *record, char *room);

#endif
