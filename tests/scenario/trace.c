#include "tests/scenario/trace.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

/* "<field>" in a sentence is that field. `usual` lists the fields left out: "name" always,
 * "name=value" when it has that value; "now" is the time of the event. */
static const struct sentence {
    uint16_t code;
    const char *text, *usual;
} sentences[] = {
    {ACD_EVENT_queue_set, "queue <queue> is set",
     "name strategy=longest-idle-agent call_order=fifo state=open weight=1 "
     "ring_timeout=15.000 join_empty=always service_level_threshold=20.000 "
     "ring_progressively_delay=10.000 leave_when_empty=never channel=voice pass_over=logged_in "
     "tier_multiply=no callback_attempts=3 callback_retry=900.000 callback_expire=86400.000 "
     "dial_timeout=60.000 callback_resume=no alert_nobody=no alert_calls=10 alert_hold=60.000"},
    {ACD_EVENT_queue_removing, "queue <queue> is going, <policy>", ""},
    {ACD_EVENT_queue_removed, "queue <queue> is gone", ""},
    {ACD_EVENT_agent_set, "agent <agent> is set", "name max_concurrent_calls=1 active=yes"},
    {ACD_EVENT_agent_removed, "agent <agent> is gone", ""},
    {ACD_EVENT_member_set, "<agent> is member of <queue>", ""},
    {ACD_EVENT_skill_set, "<agent> has <skill> at <level>", ""},
    {ACD_EVENT_skill_removed, "<agent> has <skill> no more", ""},
    {ACD_EVENT_plan_opened, "plan <plan> of <queue> opens: <text>", ""},
    {ACD_EVENT_plan_closed, "plan <plan> closes", ""},
    {ACD_EVENT_call_stepped, "<call> is at step <step>", ""},
    {ACD_EVENT_call_priority, "<call> has a head start of <head_start>", ""},
    {ACD_EVENT_member_removed, "<agent> is no member of <queue>", ""},
    {ACD_EVENT_number_set, "number <number> leads to <queue>", ""},
    {ACD_EVENT_number_removed, "number <number> leads nowhere", ""},
    {ACD_EVENT_calendar_set, "calendar <name> is set", "zone=UTC"},
    {ACD_EVENT_calendar_removed, "calendar <name> is gone", ""},
    {ACD_EVENT_calendar_time_set, "calendar <calendar> has <time>", ""},
    {ACD_EVENT_calendar_time_removed, "calendar <calendar> has <time> no more", ""},
    {ACD_EVENT_agent_state, "<agent> is <state>", ""},
    {ACD_EVENT_delay_ended, "<agent> is delayed no more", ""},
    {ACD_EVENT_wrap_up_ended, "<agent> is done with <assignment>", ""},
    {ACD_EVENT_wrap_up_extended, "<agent> works on <assignment> until <until>", ""},
    {ACD_EVENT_wrap_up_coded, "<agent> codes <assignment> as <code>", "visit"},
    {ACD_EVENT_call_held, "<agent> has <call> on hold: <held>", "assignment"},
    {ACD_EVENT_call_transferred, "<agent> passes <call> on from <from> to <to>", "assignment"},
    {ACD_EVENT_consult_begun, "<agent> asks about <call>", "assignment"},
    {ACD_EVENT_consult_offered, "<agent> is asked about <call> until <until>", "assignment"},
    {ACD_EVENT_consult_answered, "<agent> talks about <call>", "assignment"},
    {ACD_EVENT_consult_ended, "<agent> is asked about <call> no more", "assignment"},
    {ACD_EVENT_consult_dialing, "<agent> calls <number> about <call> until <until>", "assignment"},
    {ACD_EVENT_consult_reached, "<agent> has reached whom it calls about <call>", "assignment"},
    {ACD_EVENT_consult_dial_ended, "<agent> calls nobody about <call> any more", "assignment"},
    {ACD_EVENT_call_set, "<call> is set", ""},
    {ACD_EVENT_call_queued, "<call> enters <queue>",
     "gateway key direction=inbound arrived_at=now paced counted own_plan"},
    {ACD_EVENT_call_refused, "<queue> refuses <key>: <refusal>", ""},
    {ACD_EVENT_call_offered, "offer <call> to <agent> until <until>", "assignment"},
    {ACD_EVENT_offer_ended, "offer of <call> to <agent> ends: <result>", "assignment"},
    {ACD_EVENT_call_connected, "<agent> talks with <call>", "assignment answered_at=now"},
    {ACD_EVENT_call_ended, "<call> ends: <disposition> by <side>",
     "queue ended_at=now cause=max_wait"},
    {ACD_EVENT_call_moved, "<call> moves from <from> to <to>", ""},
    {ACD_EVENT_agent_freed, "<agent> is freed", ""},
    {ACD_EVENT_agent_draining, "<agent> drains to <state>", ""},
    {ACD_EVENT_agent_device, "device of <agent> is <device>", ""},
    {ACD_EVENT_outside_began, "<agent> has <key> outside until <until>",
     "assignment channel=voice"},
    {ACD_EVENT_outside_ended, "<agent> is done with <assignment>", ""},
    {ACD_EVENT_call_assigned, "<call> is given to <agent>", ""},
    {ACD_EVENT_queue_draining, "queue <queue> drains, <policy>", ""},
    {ACD_EVENT_alert_raised, "alert of <queue>: <alert> <value> until <until>", ""},
    {ACD_EVENT_alert_cleared, "alert of <queue> is over: <alert> <value> until <until>", ""},
    {ACD_EVENT_queue_drained, "queue <queue> is drained", ""},
    {ACD_EVENT_callback_set, "<call> is to be called back under <number>",
     "queue due=now attempts=3 retry=900.000 expires"},
    {ACD_EVENT_callback_due, "<call> is due in <queue>", "until"},
    {ACD_EVENT_callback_put_off, "<call> is put off until <due>", "queue"},
    {ACD_EVENT_callback_dialing, "<call> is dialled for <agent> until <until>", "assignment"},
    {ACD_EVENT_callback_reached, "<agent> reaches <call>", "assignment"},
    {ACD_EVENT_callback_failed, "<agent> does not reach <call>: <result>", "assignment"},
    {ACD_EVENT_call_forestalled, "<key> of <gateway> is forestalled", ""},
    {ACD_EVENT_client_opened, "client <client> opens",
     "name kind=gateway grace=30.000 orphans=end"},
    {ACD_EVENT_client_set, "client <client> is set", "grace=30.000 orphans=end"},
    {ACD_EVENT_client_removed, "client <client> is gone", ""},
    {ACD_EVENT_outbox_acked, "<client> has its notices up to <upto>", ""},
    {ACD_EVENT_outbox_lost, "<client> loses its outbox", ""},
    {ACD_EVENT_call_announced, "<call> is due to be told its position", ""},
    {ACD_EVENT_call_exited, "<call> leaves <queue> by key <digit>", ""},
    {ACD_EVENT_request_overflow,
     "request <request> of <client> sends its caller to <overflow> <overflow_to>", ""},
    {ACD_EVENT_request_done, "request <request> of <client> is done",
     "error field verdict refusal position call assignment agent queue"},
    {ACD_EVENT_ring_asks, "<call> asks for more", ""},
    {ACD_EVENT_ring_pauses, "<call> asks for one more at <until>", ""},
    {ACD_EVENT_random_drawn, "chance goes on to <state>", ""},
    {ACD_EVENT_interval_turned, "the interval from <start> is over", ""},
    {ACD_EVENT_client_renewed, "<client> is there", ""},
    {ACD_EVENT_gateway_lost, "<client> is lost", ""},
    {ACD_EVENT_gateway_swept, "<client> is swept", ""},
    {ACD_EVENT_reconcile_begun, "<client> reconciles", ""},
    {ACD_EVENT_call_listed, "<call> is listed", ""},
    {ACD_EVENT_call_stranded, "<call> is stranded", ""},
    {ACD_EVENT_call_resumed, "<call> is resumed", ""},
    {ACD_EVENT_call_adopted, "<gateway> adopts <call>", ""},
    {ACD_EVENT_day_turned, "day <day> begins", ""},
    {ACD_VIEW_notice, "<number> at <at>: <kind> <call>",
     "key assignment agent_name cause=max_wait estimated_wait=forever"},
};

/* Telling one record. */
struct telling {
    FILE *out;
    const struct cast *cast;
    const struct acd_record *record;
    const void *value;
    acd_time now;
};

static void tell_field(const struct telling *t, const struct acd_field *f)
{
    words_print_field(t->out, t->cast, f, t->value);
}

/* A field in words; `word` has 1,024 bytes. */
static void field_word(const struct telling *t, const struct acd_field *f, char *word)
{
    FILE *out = fmemopen(word, 1024, "w");
    int64_t at = 0;

    cr_assert(out != NULL);
    words_print_field(out, t->cast, f, t->value);
    (void)fclose(out);
    if (f->type == ACD_FIELD_time)
        memcpy(&at, (const char *)t->value + f->offset, sizeof at);
    if (at != 0 && at == t->now)
        snprintf(word, 1024, "now");
}

/* Whether a blank-separated list has a word. */
static bool list_has(const char *list, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

static bool is_usual(const struct telling *t, const struct sentence *s, const struct acd_field *f)
{
    char named[64], valued[1200], word[1024] = "";

    snprintf(named, sizeof named, "<%s>", f->name);
    if (words_field_is_zero(f, t->value) || strstr(s->text, named) != NULL)
        return true;
    field_word(t, f, word);
    snprintf(valued, sizeof valued, "%s=%s", f->name, word);
    return list_has(s->usual, f->name) || list_has(s->usual, valued);
}

static void tell_text(const struct telling *t, const char *text)
{
    while (*text != '\0') {
        char name[64];

        if (*text != '<') {
            fputc(*text++, t->out);
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)strcspn(text + 1, ">"), text + 1);
        cr_assert(words_field(t->record, name) != NULL, "%s: '%s'", t->record->name, name);
        tell_field(t, words_field(t->record, name));
        text += strlen(name) + 2;
    }
}

static void tell_options(const struct telling *t, const struct sentence *s)
{
    size_t count;
    const struct acd_field *fields = t->record->fields(&count);

    for (size_t i = 0; i < count; i++) {
        if (s != NULL ? is_usual(t, s, &fields[i]) : words_field_is_zero(&fields[i], t->value))
            continue;
        fprintf(t->out, " %s", fields[i].name);
        if (fields[i].type == ACD_FIELD_flag)
            continue;
        fputc('=', t->out);
        tell_field(t, &fields[i]);
    }
}

static void tell(const struct telling *t)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (sentences[i].code != t->record->code)
            continue;
        tell_text(t, sentences[i].text);
        tell_options(t, &sentences[i]);
        return;
    }
    cr_assert_fail("no sentence for %s", t->record->name);
}

/* ---- from outside ------------------------------------------------------------------------- */

void trace_event(FILE *out, const struct cast *cast, acd_time at, const struct acd_event *event)
{
    struct telling t = {out, cast, acd_record_of(event->code), &event->as, at};

    tell(&t);
}

void trace_notice(FILE *out, const struct cast *cast, const struct acd_view_notice *notice)
{
    struct telling t = {out, cast, &acd_record_view_notice, notice, 0};

    tell(&t);
}

static void outcome_error(FILE *out, const struct acd_command *command,
                          const struct acd_view_outcome *o)
{
    size_t count;
    const struct acd_field *fields = acd_record_of(command->code)->fields(&count);

    fprintf(out, "%s", acd_error_name(o->error));
    if (o->field != 0) {
        cr_assert(o->field <= count);
        fprintf(out, " at %s", fields[o->field - 1].name);
    }
}

bool trace_outcome_matters(const struct acd_view_outcome *o)
{
    return o->error != 0 || o->verdict != 0 || o->repeated;
}

void trace_outcome(FILE *out, const struct cast *cast, const struct acd_command *command,
                   const struct acd_view_outcome *o)
{
    fprintf(out, "->");
    if (o->repeated)
        fprintf(out, " repeated");
    if (o->verdict != 0)
        fprintf(out, " %s", acd_enum_text(&acd_enum_verdict, o->verdict));
    if (o->verdict == ACD_VERDICT_OFFERED || o->verdict == ACD_VERDICT_CONNECTED)
        fprintf(out, " %s", cast_name(cast, ACD_FIELD_agent_id, o->agent.slot, o->agent.gen));
    if (o->until != 0) {
        fprintf(out, " until ");
        words_print_time(out, o->until);
    }
    if (o->verdict == ACD_VERDICT_QUEUED)
        fprintf(out, " at %" PRIu32, o->position);
    if (o->refusal != 0)
        fprintf(out, " %s", acd_enum_text(&acd_enum_refusal, o->refusal));
    if (o->overflow != 0)
        fprintf(out, " to %s", acd_enum_text(&acd_enum_overflow, o->overflow));
    if (o->overflow_to.len > 0)
        fprintf(out, " %.*s", (int)o->overflow_to.len, o->overflow_to.data);
    if (o->error != 0) {
        fputc(' ', out);
        outcome_error(out, command, o);
    }
}

void trace_whole(FILE *out, const struct cast *cast, const struct acd_record *record,
                 const void *value)
{
    struct telling t = {out, cast, record, value, 0};

    tell_options(&t, NULL);
}
