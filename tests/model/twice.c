/* Messages come twice and in the wrong order. A story in which every kind of command has its place
 * is told over and over: as it is; with one message sent twice under its number, which must change
 * nothing; with one sent again under a new number; and with two neighbours swapped. */

#include <inttypes.h>

#include "tests/model/script.h"
#include "tests/model/suites.h"

static const char *const story[] = {
    "client_open name=g1 kind=gateway",
    "client_open name=console kind=operator",
    "client_set name=g1 grace=20s orphans=keep",
    "queue_set name=sales ring_timeout=5s wrap_up_time=10s reject_delay=2s max_wait=60s",
    "queue_set name=sales exit_keys=1",
    "queue_set name=help weight=2 ring_timeout=5s max_no_answer=1",
    "number_set number=100 queue_name=sales",
    "calendar_set name=office zone=z1",
    "calendar_time_set calendar=office time=t1",
    "queue_set name=help hours=office strategy_hours=office",
    "calendar_time_remove calendar=office time=t1",
    "calendar_remove name=office",
    "agent_set name=ann contact=sip:ann max_concurrent_calls=2",
    "agent_set name=bob contact=sip:bob",
    "member_set agent_name=ann queue_name=sales level=1",
    "member_set agent_name=bob queue_name=sales",
    "member_set agent_name=bob queue_name=help",
    "skill_set agent_name=bob skill=spanish level=3",
    "route key=k7 queue_name=sales plan=[0-0]spanish;@5s",
    "call_priority key=k7 head_start=9s",
    "hangup key=k7",
    "skill_remove agent_name=bob skill=spanish",
    "agent_state name=ann state=ready",
    "agent_state name=bob state=ready",
    "route key=k1 called=100",
    "accept assignment=@k1",
    "reconcile step=begin",
    "reconcile_call key=k1",
    "reconcile step=end",
    "heartbeat",
    "route key=k2 queue_name=sales attributes={}",
    "reject assignment=@k2 result=busy",
    "route key=k3 queue_name=help",
    "accept assignment=@k2",
    "route key=k4 queue_name=sales head_start=9s",
    "route key=k5 queue_name=sales",
    "outbox_ack upto=1",
    "call_set call=@k1 attributes={vip}",
    "wrap_up_code assignment=@k1 code=sale",
    "hold assignment=@k1",
    "retrieve assignment=@k1",
    "hold assignment=@k2",
    "transfer assignment=@k2 queue_name=sales",
    "accept assignment=@k2",
    "hangup call=@k1 side=agent",
    "wrap_up_extend name=ann by=5s",
    "wrap_up_extend name=bob by=5s",
    "wrap_up_code name=ann code=- attributes={told}",
    "wrap_up_finish name=bob",
    "agent_state name=bob state=not_ready reason=3",
    "hangup key=k9",
    "route key=k9 queue_name=sales",
    "hangup key=k2",
    "wrap_up_finish name=ann",
    "agent_state name=bob state=ready",
    "accept assignment=@k4",
    "route key=k6 queue_name=help",
    "call_move key=k6 queue_name=sales",
    "agent_drain name=bob state=not_ready",
    "device_set name=bob device=in_use",
    "outside_begin name=bob key=o1",
    "outside_end name=bob key=o1",
    "outside_begin name=bob key=o2",
    "agent_free name=bob state=not_ready",
    "call_assign key=k6 name=bob",
    "queue_drain name=help policy=move target_name=sales",
    "queue_set name=help state=open",
    "hangup key=k6",
    "agent_state name=bob state=ready",
    "queue_remove name=help policy=move target_name=sales",
    "member_remove agent_name=ann queue_name=sales",
    "number_remove number=100",
    "call_exit key=k5 digit=1",
    "hangup key=k4",
    "hangup key=k5",
    "hangup key=k3",
    "wrap_up_finish name=bob",
    "wrap_up_finish name=ann",
    "agent_state name=ann state=ready",
    "agent_state name=bob state=ready",
    "route key=k10 queue_name=sales",
    "accept assignment=@k10",
    "consult assignment=@k10 agent_name=ann",
    "accept assignment=@k10+",
    "consult_end assignment=@k10",
    "consult assignment=@k10 agent_name=ann",
    "accept assignment=@k10+",
    "consult_complete assignment=@k10",
    "hangup key=k10",
    "wrap_up_finish name=bob",
    "wrap_up_finish name=ann",
    "route key=k12 queue_name=sales",
    "accept assignment=@k12",
    "consult assignment=@k12 number=555",
    "consult_result assignment=@k12 result=answered",
    "consult_complete assignment=@k12",
    "wrap_up_finish name=bob",
    "wrap_up_finish name=ann",
    "call_callback key=k11 queue_name=sales number=555",
    "accept assignment=@k11",
    "callback_result assignment=@k11 result=busy",
    "hangup key=k11 side=system",
    "agent_state name=ann state=logged_out",
    "agent_remove name=ann",
    "day_turn day=1",
    "config_commit label=v1 changes=3",
    "queue_remove name=sales",
    "client_remove name=console",
};
enum { STORY = sizeof story / sizeof story[0] };

enum variant { AS_IT_IS, SAME_NUMBER, NEW_NUMBER, SWAPPED };

static const struct acd_limits limits = {.agents = 3,
                                         .queues = 2,
                                         .memberships = 6,
                                         .queues_per_agent = 2,
                                         .calls = 6,
                                         .assignments = 6,
                                         .ended_calls = 8,
                                         .numbers = 2,
                                         .clients = 3,
                                         .outbox_bytes = 4096,
                                         .skills = 4,
                                         .plans = 4,
                                         .lines = 8,
                                         .seats = 16,
                                         .lines_per_agent = 8,
                                         .call_texts = 4};

/* What is told of a telling. */
struct telling {
    struct pair pair;
    struct step step;
    struct cover *cover;
    acd_time now;
    uint64_t request;
};

/* The client that tells the story, once it is there: requests before that have no number. */
static acd_client_id teller(const struct twin *t)
{
    for (uint32_t i = 0; i < t->limits.clients; i++)
        if (t->clients[i].id.gen != 0)
            return t->clients[i].id;
    return ACD_NOBODY;
}

static bool send(struct telling *told, unsigned line, uint64_t request)
{
    script_step(&told->step, told->pair.twin, told->now, story[line]);
    told->step.client = teller(told->pair.twin);
    told->step.request = request;
    if (!pair_step(&told->pair, &told->step))
        return false;
    cover_step(told->cover, &told->pair, &told->step);
    return true;
}

/* The message just sent comes again. Under its number it must change nothing. A heartbeat does not
 * anyhow, and its number is not kept. */
static bool send_again(struct telling *told, bool same_number)
{
    if (!same_number)
        told->step.request = ++told->request;
    if (!pair_step(&told->pair, &told->step))
        return false;
    if (!same_number || told->step.client.gen == 0)
        return true;
    if (told->step.command.code == ACD_COMMAND_heartbeat)
        return true;
    if (!told->pair.twin_outcome.repeated || told->pair.twin->frame_count > 0)
        told->pair.broken = "a repeated request was carried out again";
    return told->pair.broken == NULL;
}

/* Tells the story with `line` told in another way. */
static bool tell(struct telling *told, enum variant variant, unsigned line)
{
    for (unsigned i = 0; i < STORY; i++) {
        unsigned place = i;

        if (variant == SWAPPED && (i == line || i == line + 1))
            place = i == line ? line + 1 : line;
        told->now += ACD_SECOND;
        if (!send(told, place % STORY, ++told->request))
            return false;
        if (i == line && (variant == SAME_NUMBER || variant == NEW_NUMBER) &&
            !send_again(told, variant == SAME_NUMBER))
            return false;
    }
    return true;
}

static bool tell_variant(struct cover *cover, enum variant variant, unsigned line)
{
    static struct telling told;
    bool well;

    pair_open(&told.pair, &limits, TWIN_SOUND);
    cover_watch(cover, told.pair.twin);
    told.cover = cover;
    told.now = 1700000000 * ACD_SECOND;
    told.request = 0;
    well = tell(&told, variant, line);
    if (!well) {
        fprintf(stderr, "\ntelling %u of line %u (%s): ", (unsigned)variant, line, story[line]);
        pair_report(&told.pair, stderr, &told.step);
    }
    pair_close(&told.pair);
    return well;
}

bool suite_twice(const struct suite_options *options)
{
    static struct cover cover;
    bool well = true;

    (void)options;
    for (unsigned variant = AS_IT_IS; variant <= SWAPPED; variant++)
        for (unsigned line = 0; line + (variant == SWAPPED) < STORY; line++)
            well = well && tell_variant(&cover, (enum variant)variant, line);
    for (size_t i = 0; i < acd_records_command_count; i++)
        if (cover.errors[i][0] == 0) {
            fprintf(stderr, "the story has no %s that is carried out\n",
                    acd_records_command[i]->name);
            well = false;
        }
    printf("twice: %" PRIu64 " messages, each of %u once doubled, once repeated, once swapped%s\n",
           cover.steps, (unsigned)STORY, well ? "" : ": NOT WELL");
    return well;
}
