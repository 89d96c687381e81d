/* What random streams meet too seldom to be relied on is told: a story for each few of the rare
 * states of legal.def, in lines of script.h with when and by whom in front,
 *
 *     +5s g1: route key=k1 queue_name=sales      5 s later, by the client g1
 *     hangup call=@k1                            at the same time, by nobody
 *
 * Engine and twin are compared after each line, and every rare state must have been reached. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/script.h"
#include "tests/model/suites.h"
#include "tests/model/twin_parts.h"

enum { LINES_MAX = 40 };

/* Bob of tech is asked about k1, while k2 waits there. */
#define ASKED_IN_TECH                                                                              \
    "queue_set name=sales", "queue_set name=tech", "agent_set name=ann", "agent_set name=bob",     \
        "member_set agent_name=ann queue_name=sales", "member_set agent_name=bob queue_name=tech", \
        "agent_state name=ann state=ready", "agent_state name=bob state=ready",                    \
        "route key=k1 queue_name=sales plan=[0-9];@5s", "accept assignment=@k1",                   \
        "consult assignment=@k1 queue_name=tech", "accept assignment=@k1+",                        \
        "route key=k2 queue_name=tech", "route key=k3 queue_name=sales plan=[0-1];@5s",            \
        "hangup call=@k3"

static const char *const stories[][LINES_MAX] = {
    /* Who is asked has a call already, in each way there is. */
    {
        "queue_set name=sales wrap_up_time=60s",
        "agent_set name=ann",
        "agent_set name=bob max_concurrent_calls=3",
        "member_set agent_name=ann queue_name=sales",
        "agent_state name=ann state=ready",
        "agent_state name=bob state=ready",
        "route key=k1 queue_name=sales",
        "accept assignment=@k1",
        "outside_begin name=bob key=o1",
        "consult assignment=@k1 agent_name=bob",
        "consult_end assignment=@k1",
        "outside_end name=bob key=o1",
        "member_set agent_name=bob queue_name=sales",
        "route key=k2 queue_name=sales",
        "consult assignment=@k1 agent_name=bob",
        "accept assignment=@k1+",
        "wrap_up_code assignment=@k1+ code=asked",
        "consult_end assignment=@k1+",
        "accept assignment=@k2",
        "hangup call=@k2",
        "consult assignment=@k1 agent_name=bob",
        "wrap_up_extend name=bob by=5s",
        "wrap_up_code name=bob code=late",
        "consult_end assignment=@k1",
    },
    /* A code is given late, whatever its agent does by then. */
    {
        "queue_set name=sales reject_delay=30s wrap_up_code_late=300s",
        "agent_set name=ann",
        "member_set agent_name=ann queue_name=sales",
        "agent_state name=ann state=ready",
        "route key=k1 queue_name=sales",
        "accept assignment=@k1",
        "hangup call=@k1",
        "route key=k2 queue_name=sales",
        "wrap_up_code name=ann code=reserved",
        "reject assignment=@k2",
        "wrap_up_code name=ann code=delayed",
        "device_set name=ann device=in_use",
        "+31s wrap_up_code name=ann code=no_device",
        "outside_begin name=ann key=o1",
        "wrap_up_code name=ann code=outside",
    },
    /* A queue that goes, and one that is drained, whose calls are talked about. */
    {
        "queue_set name=sales",
        "queue_set name=help",
        "agent_set name=ann",
        "agent_set name=bob",
        "member_set agent_name=ann queue_name=sales",
        "agent_state name=ann state=ready",
        "agent_state name=bob state=ready",
        "route key=k1 queue_name=sales",
        "accept assignment=@k1",
        "route key=k2 queue_name=sales",
        "queue_drain name=sales policy=withdraw",
        "consult assignment=@k1 agent_name=bob",
        "consult_end assignment=@k1",
        "queue_remove name=sales policy=withdraw",
        "consult assignment=@k1 agent_name=bob",
        "consult_end assignment=@k1",
        "queue_set name=tech",
        "member_set agent_name=bob queue_name=tech",
        "route key=k3 queue_name=tech",
        "accept assignment=@k3",
        "route key=k4 queue_name=tech",
        "queue_drain name=tech policy=withdraw",
        "transfer assignment=@k3 queue_name=help",
    },
    /* A plan is opened anew in a queue that takes no calls: for who was asked there before. */
    {
        ASKED_IN_TECH,
        "queue_drain name=tech policy=withdraw",
        "consult_complete assignment=@k1",
    },
    {
        ASKED_IN_TECH,
        "queue_remove name=tech policy=withdraw",
        "consult_complete assignment=@k1",
    },
    {
        ASKED_IN_TECH,
        "queue_set name=tech state=retired",
        "consult_complete assignment=@k1",
    },
    /* A retired queue, whose calls are talked about and go elsewhere. */
    {
        "queue_set name=sales exit_keys=1",
        "queue_set name=help",
        "agent_set name=ann",
        "agent_set name=bob",
        "member_set agent_name=ann queue_name=sales",
        "agent_state name=ann state=ready",
        "agent_state name=bob state=ready",
        "route key=k1 queue_name=sales",
        "accept assignment=@k1",
        "route key=k2 queue_name=sales",
        "route key=k3 queue_name=sales",
        "queue_set name=sales state=retired",
        "consult assignment=@k1 agent_name=bob",
        "consult_end assignment=@k1",
        "call_exit call=@k2 digit=1",
        "call_move call=@k3 queue_name=help",
        "transfer assignment=@k1 queue_name=help",
    },
    /* Alerts of a queue that goes, which an answered call keeps. */
    {
        "queue_set name=sales alert_wait=10s alert_hold=5s",
        "agent_set name=ann",
        "member_set agent_name=ann queue_name=sales",
        "agent_state name=ann state=ready",
        "route key=k1 queue_name=sales",
        "accept assignment=@k1",
        "route key=k2 queue_name=sales",
        "+5s queue_remove name=sales policy=withdraw",
        "+7s call_set call=@k1 attributes=x",
        "hangup call=@k2",
        "+7s call_set call=@k1 attributes=y",
    },
    /* Who leaves by a key, or is to be called back, while the queue takes nobody. */
    {
        "queue_set name=sales exit_keys=1",
        "route key=k1 queue_name=sales caller=1",
        "route key=k2 queue_name=sales caller=2",
        "route key=k3 queue_name=sales caller=3",
        "route key=k4 queue_name=sales caller=4",
        "route key=k5 queue_name=sales caller=5",
        "queue_set name=sales state=closed",
        "call_exit call=@k1 digit=1",
        "queue_drain name=sales policy=withdraw",
        "call_exit call=@k5 digit=1",
        "call_callback call=@k2",
        "queue_remove name=sales policy=withdraw",
        "call_exit call=@k3 digit=1",
        "call_callback call=@k4",
    },
    /* Callbacks, scheduled and dialled: what may be done with them besides. */
    {
        "client_open name=g1 kind=gateway",
        "queue_set name=sales",
        "agent_set name=ann",
        "member_set agent_name=ann queue_name=sales",
        "g1: call_callback key=k1 queue_name=sales number=1 due=1700000060s",
        "call_set call=@k1 attributes=x",
        "call_priority call=@k1 head_start=9s",
        "g1: reconcile step=begin",
        "g1: reconcile_call key=k1",
        "g1: reconcile step=end",
        "agent_state name=ann state=ready",
        "+60s g1: heartbeat",
        "g1: accept assignment=@k1",
        "call_set call=@k1 attributes=y",
        "call_priority call=@k1 head_start=5s",
        "wrap_up_code assignment=@k1 code=dialled",
        "g1: reconcile step=begin",
        "g1: reconcile_call key=k1",
    },
    /* A lost gateway's calls: stranded, and handed over before they are. */
    {
        "client_open name=g1 kind=gateway lease=4s grace=60s",
        "queue_set name=sales exit_keys=1",
        "g1: route key=k1 queue_name=sales",
        "+6s advance",
        "call_set call=@k1 attributes=x",
        "call_exit call=@k1 digit=1",
    },
    {
        "client_open name=g2 kind=gateway",
        "client_open name=g1 kind=gateway lease=4s grace=-1 orphans=hand_over heir=g2",
        "queue_set name=sales",
        "g1: route key=k1 queue_name=sales",
        "+6s advance",
    },
    {
        "client_open name=g2 kind=gateway",
        "client_open name=g1 kind=gateway lease=4s grace=10s orphans=hand_over heir=g2",
        "queue_set name=sales",
        "g1: route key=k1 queue_name=sales",
        "+6s advance",
        "+12s advance",
    },
    {
        "client_open name=g2 kind=gateway",
        "client_open name=g1 kind=gateway lease=4s grace=10s orphans=hand_over heir=g2",
        "queue_set name=sales",
        "agent_set name=ann",
        "member_set agent_name=ann queue_name=sales",
        "agent_state name=ann state=ready",
        "g1: route key=k1 queue_name=sales",
        "g1: accept assignment=@k1",
        "+6s advance",
        "+12s advance",
    },
    /* A callback falls due in a retired queue that nobody is there for. */
    {
        "client_open name=g1 kind=gateway",
        "queue_set name=sales leave_when_empty=logged_in",
        "g1: call_callback key=k1 queue_name=sales number=1 due=1700000060s",
        "queue_set name=sales state=retired",
        "+60s g1: heartbeat",
    },
};
enum { STORIES = sizeof stories / sizeof stories[0] };

/* Plans have little room, so that one can be crowded out. */
static const struct acd_limits limits = {.agents = 3,
                                         .queues = 3,
                                         .memberships = 6,
                                         .queues_per_agent = 2,
                                         .calls = 6,
                                         .assignments = 12,
                                         .ended_calls = 8,
                                         .numbers = 2,
                                         .clients = 3,
                                         .outbox_bytes = 4096,
                                         .skills = 4,
                                         .plans = 2,
                                         .lines = 4,
                                         .seats = 16,
                                         .lines_per_agent = 8,
                                         .call_texts = 4};

/* Takes the time, and whose it is, off a line. */
static const char *read_front(struct step *step, const struct twin *t, acd_time *now,
                              acd_client_id *by, const char *line)
{
    const char *colon = strstr(line, ": ");

    if (*line == '+') {
        *now += strtoll(line + 1, NULL, 10) * ACD_SECOND;
        line = strchr(line, ' ') + 1;
    }
    *by = ACD_NOBODY;
    step->text_len = 0;
    if (colon == NULL)
        return line;
    *by = twin_client_named(t, (struct acd_str){line, (uint16_t)(colon - line)})->id;
    return colon + 2;
}

static bool tell(const char *const *lines, struct cover *cover)
{
    static struct step step;
    struct pair p;
    acd_time now = 1700000000 * ACD_SECOND;
    uint64_t request = 0;
    bool well = true;

    pair_open(&p, &limits, TWIN_SOUND);
    cover_watch(cover, p.twin);
    for (; well && *lines != NULL; lines++) {
        acd_client_id by;
        const char *line = read_front(&step, p.twin, &now, &by, *lines);

        script_step(&step, p.twin, now, line);
        step.client = by;
        step.request = by.gen == 0 ? 0 : ++request;
        well = pair_step(&p, &step);
        cover_step(cover, &p, &step);
        if (well && p.twin_outcome.error != ACD_OK)
            p.broken = "the story has a line that is refused";
        well = well && p.broken == NULL;
        if (!well)
            pair_report(&p, stderr, &step);
    }
    pair_close(&p);
    return well;
}

bool suite_rare(const struct suite_options *options)
{
    static struct cover cover;
    bool well = true;

    (void)options;
    for (size_t i = 0; i < STORIES; i++)
        well = tell(stories[i], &cover) && well;
    well = cover_has_rare(&cover, stderr) && well;
    printf("rare: %u stories, %" PRIu64 " steps%s\n", (unsigned)STORIES, cover.steps,
           well ? "" : ": NOT WELL");
    return well;
}
