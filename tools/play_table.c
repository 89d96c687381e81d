#include <stdio.h>

#include "tools/play_report.h"

/* The table at the end. Every call that arrives is either refused or offered to a queue; a call
 * that moves on is offered to the next queue too. The service level is the strict one, B: answered
 * in time of all that were answered or abandoned. */

static double ratio(double a, double b)
{
    return b == 0 ? 0 : a / b;
}

enum { SPAN_TEXT_MAX = 32 };

/* h:mm:ss, or m:ss below an hour. */
static const char *span_text(double us, char room[SPAN_TEXT_MAX])
{
    long s = (long)(us / 1e6 + 0.5);

    if (s >= 3600)
        snprintf(room, SPAN_TEXT_MAX, "%ld:%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
    else
        snprintf(room, SPAN_TEXT_MAX, "%d:%02d", (int)(s / 60), (int)(s % 60));
    return room;
}

static void print_row(const char *name, const struct sums *s)
{
    char asa[SPAN_TEXT_MAX], longest[SPAN_TEXT_MAX], talk[SPAN_TEXT_MAX];

    printf("%-14s %7u %8u %9u %9u %9u %10u %7u %7s %8s %6.1f%% %8s\n", name, s->entered,
           s->answered, s->abandoned, s->timed_out, s->withdrawn, s->overflowed, s->refused,
           span_text(ratio((double)s->wait_answered, s->answered), asa),
           span_text((double)s->wait_max, longest),
           100 * ratio(s->in_time, (double)s->answered + s->abandoned),
           span_text(ratio((double)s->talk, s->answered), talk));
}

static void print_queues(const struct report *r)
{
    struct sums sums = {0};

    printf("\n%-14s %7s %8s %9s %9s %9s %10s %7s %7s %8s %7s %8s\n", "queue", "offered", "answered",
           "abandoned", "timed out", "withdrawn", "overflowed", "refused", "ASA", "longest", "SL_B",
           "AHT talk");
    for (size_t i = 0; i < r->queue_count; i++) {
        print_row(r->names[i], &r->books[i].sums);
        sums_add(&sums, &r->books[i].sums);
    }
    print_row("all", &sums);
    printf(
        "SL_B: answered within %d s / (answered + abandoned); longest: of all waits that ended\n",
        (int)(DAY_IN_TIME / ACD_SECOND));
}

static void print_happenings(const struct report *r)
{
    const struct tally *t = &r->tally;
    acd_span recorded_talk = 0;
    uint32_t recorded = 0;
    char talk[SPAN_TEXT_MAX];

    printf("\nrefused       ");
    for (uint8_t i = ACD_REFUSED_FULL; i <= ACD_REFUSED_NO_AGENTS; i++)
        printf("  %u %s", t->refusals[i], acd_enum_text(&acd_enum_refusal, i));
    printf("\noffers        ");
    for (uint8_t i = ACD_OFFER_ACCEPTED; i <= ACD_OFFER_CALLER_GONE; i++)
        printf("  %u %s", t->offer_results[i], acd_enum_text(&acd_enum_offer_result, i));
    printf("\nagents          %llu rings, %llu not answered, %llu rejected, %llu busy; "
           "%u to %u calls each\n",
           (unsigned long long)r->rings, (unsigned long long)r->no_answers,
           (unsigned long long)r->rejections, (unsigned long long)r->busy, r->agent_calls_least,
           r->agent_calls_most);
    printf("wrap-ups        %u ran out, %u finished early, %u extended; %u log-outs put off\n",
           t->wrap_ups_over, t->wrap_ups_finished, t->wrap_ups_extended, t->logouts_put_off);
    for (size_t i = 0; i < r->queue_count; i++) {
        recorded += r->books[i].recorded;
        recorded_talk += r->books[i].recorded_talk;
    }
    if (recorded > 0)
        printf("recorded talk   %u calls, %s\n", recorded, span_text((double)recorded_talk, talk));
}

static void print_speed(const struct report *r, const struct backend *back)
{
    const struct backend_figures *f = &r->figures;
    double commands = (double)f->commands;

    if (back->ops->is_embedded)
        printf("speed           %.0f commands and %llu deadlines in %.3f s of the engine: "
               "%.0f decisions/s; %.2f s in all\n",
               commands, (unsigned long long)f->deadlines, f->engine_s,
               ratio(commands + (double)f->deadlines, f->engine_s), r->real_s);
    else
        printf("speed           %.0f commands and %llu other requests in %.2f s: %.0f decisions/s; "
               "%u races; at most %.1f s of the day behind\n",
               commands, (unsigned long long)f->asked, r->real_s, ratio(commands, r->real_s),
               r->tally.races, (double)r->tally.behind / 1e6);
}

void report_print(const struct report *r, const struct backend *back)
{
    print_queues(r);
    print_happenings(r);
    print_speed(r, back);
}
