#include "tools/play_report.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/play_room.h"

static void add_books(struct report *r, const struct player *p)
{
    if (r->books == NULL) {
        r->queue_count = p->day->queue_count;
        r->books = room_for(r->queue_count, sizeof *r->books);
        r->names = room_for(r->queue_count, sizeof *r->names);
    }
    for (size_t i = 0; i < r->queue_count && i < p->day->queue_count; i++) {
        snprintf(r->names[i], sizeof r->names[i], "%s", p->day->queues[i].name);
        sums_add(&r->books[i].sums, &p->books[i].sums);
        r->books[i].arrived += p->books[i].arrived;
        r->books[i].recorded += p->books[i].recorded;
        r->books[i].recorded_talk += p->books[i].recorded_talk;
    }
}

static void add_desks(struct report *r, const struct player *p)
{
    for (size_t i = 0; i < p->day->agent_count; i++) {
        const struct desk *d = &p->desks[i];

        r->rings += d->rings;
        r->no_answers += d->no_answers;
        r->rejections += d->rejections;
        r->busy += d->busy;
        if (r->agents == 0 || d->calls < r->agent_calls_least)
            r->agent_calls_least = d->calls;
        if (d->calls > r->agent_calls_most)
            r->agent_calls_most = d->calls;
        r->agents++;
    }
}

static void add_tally(struct tally *to, const struct tally *from)
{
    for (size_t i = 0; i < sizeof to->refusals / sizeof to->refusals[0]; i++)
        to->refusals[i] += from->refusals[i];
    for (size_t i = 0; i < sizeof to->offer_results / sizeof to->offer_results[0]; i++)
        to->offer_results[i] += from->offer_results[i];
    to->wrap_ups_finished += from->wrap_ups_finished;
    to->wrap_ups_extended += from->wrap_ups_extended;
    to->wrap_ups_over += from->wrap_ups_over;
    to->logouts_put_off += from->logouts_put_off;
    to->races += from->races;
    to->notices += from->notices;
    to->looks += from->looks;
    to->violations += from->violations;
    if (from->behind > to->behind)
        to->behind = from->behind;
}

void report_add(struct report *r, const struct player *p)
{
    add_books(r, p);
    add_desks(r, p);
    add_tally(&r->tally, &p->tally);
    r->calls += p->day->call_count;
    r->real_s += p->real_end - p->real_start;
}

void report_day(const struct player *p)
{
    struct sums s = {0};

    for (size_t i = 0; i < p->day->queue_count; i++)
        sums_add(&s, &p->books[i].sums);
    printf("%s: %u answered, %u abandoned, %u timed out, %u withdrawn, %u refused; %u violations\n",
           p->day->title, s.answered, s.abandoned, s.timed_out, s.withdrawn, s.refused,
           p->tally.violations);
}

void report_verdict(const struct report *r)
{
    const struct tally *t = &r->tally;

    if (t->violations == 0)
        printf("the books agree: %llu calls, %u notices, %u looks at all views, no violation\n",
               (unsigned long long)r->calls, t->notices, t->looks);
    else
        printf("THE BOOKS DO NOT AGREE: %u violations in %u looks\n", t->violations, t->looks);
}

void report_fini(struct report *r)
{
    free(r->books);
    free(r->names);
}
