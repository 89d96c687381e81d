#include <stdio.h>

#include "tools/play_report.h"

static struct {
    enum progress_kind kind;
    double next;    /* real time of the next line in place */
    acd_span hour;  /* of the day, of the next plain line */
    bool on_a_line; /* that is not ended */
} progress;

static const double PLACE_SECONDS = 0.1;

void progress_begin(enum progress_kind kind)
{
    progress.kind = kind;
    progress.next = 0;
    progress.hour = 0;
    progress.on_a_line = false;
}

static void show(struct player *p, acd_span at)
{
    struct sums sums = {0};
    uint32_t waiting = 0, ringing = 0, talking = 0;

    for (size_t i = 0; i < p->day->queue_count; i++) {
        sums_add(&sums, &p->books[i].sums);
        waiting += p->books[i].waiting;
        ringing += p->books[i].ringing;
        talking += p->books[i].talking;
    }
    printf("%02d:%02d  %6u calls  %4u waiting  %3u ringing  %4u talking  %6u answered  "
           "%5u abandoned  %4u timed out  %4u refused  %4u agents",
           (int)(at / DAY_HOUR), (int)(at / DAY_MINUTE % 60), sums.entered + sums.refused,
           waiting - ringing, ringing, talking, sums.answered, sums.abandoned, sums.timed_out,
           sums.refused, p->here);
}

void progress_show(struct player *p)
{
    acd_span at = p->back->ops->now(p->back) - p->origin;

    if (progress.kind == PROGRESS_LINES && at >= progress.hour) {
        progress.hour = (at / DAY_HOUR + 1) * DAY_HOUR;
        show(p, at);
        putchar('\n');
    } else if (progress.kind == PROGRESS_LINE && backend_real_time() >= progress.next) {
        progress.next = backend_real_time() + PLACE_SECONDS;
        putchar('\r');
        show(p, at);
        fputs("\033[K", stdout);
        progress.on_a_line = true;
    } else {
        return;
    }
    (void)fflush(stdout);
}

void progress_end(void)
{
    if (progress.on_a_line)
        fputs("\r\033[K", stdout);
    progress.on_a_line = false;
    (void)fflush(stdout);
}
