/* acdctl: what can be said. Verbs are those of the table below, chosen for people, and one for each
 * command and query that the table does not say in a better way: agent_set is "agent set",
 * list_agents is "agent list" and "agent show". So a new record is a new verb by itself. */

#include <string.h>

#include "engine/acd_assert.h"
#include "tools/acdctl.h"

enum { VERBS_MAX = 128 };

#define OWN(words, run, usage, doc)                                                                \
    {                                                                                              \
        words, doc, NULL, NULL, usage, run                                                         \
    }
#define ALIAS(words, command, preset, doc)                                                         \
    {                                                                                              \
        words, doc, &acd_record_command_##command, preset, NULL, ctl_run_command                   \
    }

/* An alias without a preset, or whose preset is only what an operator means, takes the place of the
 * command's own verb; the others stand beside it. */
static const struct ctl_verb chosen[] = {
    OWN("status", ctl_run_status, "", "The whole centre, and each queue"),
    OWN("watch", ctl_run_watch, "[-n SECONDS] [--count N]", "The same, again and again"),
    OWN("alerts", ctl_run_alerts, "", "The alerts of queues that are raised"),
    OWN("events", ctl_run_events, "[TOPIC ...] [--count N]", "What happens, as it happens"),
    {"history", "Queue visits that are over, newest first", &acd_record_query_list_visits,
     "limit=50", NULL, ctl_run_query},
    {"report call-summary", "What became of calls, day by day", &acd_record_query_list_queue_folds,
     "fold=day together=1", NULL, ctl_run_report},
    {"report queue-performance", "Each queue: calls, waits, service level",
     &acd_record_query_list_queue_folds, "fold=whole", NULL, ctl_run_report},
    {"report agent-performance", "Each agent: calls, handle times, occupancy",
     &acd_record_query_list_agent_folds, "fold=whole", NULL, ctl_run_report},
    {"report service-level", "The service level, hour by hour, A to E",
     &acd_record_query_list_queue_folds, "fold=hour together=1", NULL, ctl_run_report},
    {"report hourly-distribution", "Calls by the hour of the day",
     &acd_record_query_list_queue_folds, "fold=hour together=1", NULL, ctl_run_report},
    {"report agent-activity", "How long each agent was what, day by day",
     &acd_record_query_list_agent_folds, "fold=day", NULL, ctl_run_report},
    {"report abandoned-calls", "Callers who left, newest first", &acd_record_query_list_visits,
     "disposition=abandoned", "[QUEUE_NAME] [field=value ...]", ctl_run_report},
    {"report call-detail", "Every queue visit, newest first", &acd_record_query_list_visits, NULL,
     "[QUEUE_NAME] [field=value ...]", ctl_run_report},
    {"report daily", "Each queue, day by day", &acd_record_query_list_queue_folds, "fold=day", NULL,
     ctl_run_report},
    {"report weekly", "Each queue, week by week", &acd_record_query_list_queue_folds, "fold=week",
     NULL, ctl_run_report},
    {"report monthly", "Each queue, month by month", &acd_record_query_list_queue_folds,
     "fold=month", NULL, ctl_run_report},
    {"report agents-daily", "Each agent, day by day", &acd_record_query_list_agent_folds,
     "fold=day", NULL, ctl_run_report},
    {"report agents-weekly", "Each agent, week by week", &acd_record_query_list_agent_folds,
     "fold=week", NULL, ctl_run_report},
    {"report agents-monthly", "Each agent, month by month", &acd_record_query_list_agent_folds,
     "fold=month", NULL, ctl_run_report},
    {"explain call", "Why a call waits, agent by agent, and what comes next",
     &acd_record_query_explain_call, NULL, NULL, ctl_run_explain},
    {"explain agent", "Why an agent gets no calls, or which it is next for",
     &acd_record_query_explain_agent, NULL, NULL, ctl_run_explain},
    {"explain decision", "Why a call was offered to that agent, by the sequence of the offer",
     &acd_record_query_explain_decision, NULL, NULL, ctl_run_explain},
    OWN("replay", ctl_run_replay, "[FROM] [--count N]", "What has happened, from a sequence on"),
    OWN("verify", ctl_run_verify, "DIR", "Whether a daemon's directory is as it should be"),
    OWN("backup", ctl_run_backup, "DIR TO",
        "Copies a directory, acdd running or not, to a new one"),
    OWN("restore", ctl_run_restore, "BACKUP DIR", "Makes a new directory out of a backup"),
    OWN("compact", ctl_run_compact, "DIR", "Makes the files of a directory smaller; acdd stopped"),
    OWN("config diff", ctl_run_config_diff, "FILE", "What a configuration document would change"),
    OWN("config apply", ctl_run_config_apply, "FILE [--label TEXT] [--at-version N]",
        "Makes what is configured as a document says, in one commit"),
    OWN("config get", ctl_run_config_get, "", "What is configured, as a document"),
    OWN("do", ctl_run_do, "RECORD [field=value ...]", "Any command or query by its own name"),
    OWN("help", ctl_run_help, "[VERB]", "What can be said, or all about one verb"),
    OWN("complete", ctl_run_complete, "[WORD ...]", "Words that may come next, for shells"),
    ALIAS("agent ready", agent_state, "state=ready reason=0", "An agent takes calls from now on"),
    ALIAS("agent not-ready", agent_state, "state=not_ready", "An agent takes no calls, and why"),
    ALIAS("agent logout", agent_state, "state=logged_out reason=0", "An agent is not at work"),
    {"queue interval", "What is counted of each queue in the present quarter of an hour",
     &acd_record_query_list_queue_intervals, NULL, NULL, ctl_run_query},
    {"agent interval", "The same of each agent, and how long it is what",
     &acd_record_query_list_agent_intervals, NULL, NULL, ctl_run_query},
    {"calendar times", "The times of calendars, or of one", &acd_record_query_list_calendar_times,
     NULL, NULL, ctl_run_query},
    ALIAS("calendar add-time", calendar_time_set, NULL,
          "Adds a time, as 'mon-fri 09:00-17:00' or '2026-12-25 closed'"),
    ALIAS("calendar remove-time", calendar_time_remove, NULL, "Takes a time from a calendar"),
    ALIAS("call route", route, NULL, "A call arrives: who takes it?"),
    ALIAS("call accept", accept, NULL, "The agent answered an offer"),
    ALIAS("call reject", reject, NULL, "The agent did not take an offer"),
    ALIAS("call hold", hold, NULL, "The agent puts its caller on hold"),
    ALIAS("call retrieve", retrieve, NULL, "The agent talks on with the caller it had on hold"),
    ALIAS("call transfer", transfer, NULL, "The agent passes its caller on and is done with it"),
    ALIAS("call consult", consult, NULL,
          "The agent puts its caller on hold and asks another agent, or a number"),
    ALIAS("call consult-complete", consult_complete, NULL, "Who was consulted takes the caller"),
    ALIAS("call consult-result", consult_result, NULL,
          "What came of dialling the number that the agent asks"),
    ALIAS("call consult-end", consult_end, NULL, "A consultation is over; the caller stays"),
    {"client list", "The clients that the centre knows", &acd_record_query_list_clients, NULL, NULL,
     ctl_run_query},
    {"client show", "One of them in full", &acd_record_query_list_clients, NULL, "NAME|ID",
     ctl_run_show},
    {"gateway list", "Those of them that bring calls", &acd_record_query_list_clients,
     "kind=gateway", NULL, ctl_run_query},
    {"gateway show", "One of them in full", &acd_record_query_list_clients, NULL, "NAME|ID",
     ctl_run_show},
    ALIAS("gateway set", client_set, NULL, "What becomes of a gateway's calls when it is lost"),
    OWN("reconcile", ctl_run_reconcile, "[KEY ...]",
        "As a gateway (--as): these calls it still has, its others end"),
    ALIAS("call hangup", hangup, "side=system", "Ends a call; a waiting one counts as withdrawn"),
};

/* ---- the list ----------------------------------------------------------------------------- */

static struct ctl_verb verbs[VERBS_MAX];
static size_t verbs_count;

static struct ctl_verb *add(const char *words, const char *doc, const struct acd_record *record,
                            int (*run)(struct ctl *, const struct ctl_verb *))
{
    struct ctl_verb *verb = &verbs[verbs_count++];

    ACD_ASSERT(verbs_count < VERBS_MAX && strlen(words) < sizeof verb->words);
    *verb = (struct ctl_verb){.doc = doc, .record = record, .run = run};
    memcpy(verb->words, words, strlen(words));
    return verb;
}

/* Those of documents are steps of "config apply" and the like; "reconcile" takes some, too. */
static bool is_step(const struct acd_record *record)
{
    return strncmp(record->name, "config_", strlen("config_")) == 0 ||
           strncmp(record->name, "reconcile", strlen("reconcile")) == 0;
}

static bool is_replaced(const struct acd_record *record)
{
    for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++)
        if (chosen[i].record == record && (strncmp(chosen[i].words, "call ", 5) == 0 ||
                                           strncmp(chosen[i].words, "calendar ", 9) == 0 ||
                                           strncmp(chosen[i].words, "gateway ", 8) == 0))
            return true;
    return false;
}

/* Whether a query is said in a better way. */
static bool is_own(const struct acd_record *record)
{
    for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++)
        if (chosen[i].record == record || strcmp(chosen[i].words, record->name) == 0)
            return true;
    return false;
}

/* "wrap_up_extend" is "wrap-up extend": the last word is the verb. */
static void add_command(const struct acd_record *record)
{
    char words[64];
    char *last;

    snprintf(words, sizeof words, "%s", record->name);
    last = strrchr(words, '_');
    if (last != NULL)
        *last = ' ';
    for (char *at = words; (at = strchr(at, '_')) != NULL;)
        *at = '-';
    add(words, record->doc, record, ctl_run_command);
}

/* "list_agents" is "agent list", and "agent show" if it finds one by name; "get_totals" is
 * "totals". */
static void add_query(const struct acd_record *record)
{
    char words[64];
    int noun = (int)strlen(record->name) - 6;

    if (strncmp(record->name, "list_", 5) == 0) {
        snprintf(words, sizeof words, "%.*s list", noun, record->name + 5);
        add(words, record->doc, record, ctl_run_query);
        if (ctl_naming_field(record) == NULL)
            return;
        snprintf(words, sizeof words, "%.*s show", noun, record->name + 5);
        add(words, "One of them in full", record, ctl_run_show)->usage = "NAME|ID";
    } else {
        snprintf(words, sizeof words, "%s",
                 record->name + (strncmp(record->name, "get_", 4) == 0 ? 4 : 0));
        add(words, record->doc, record, ctl_run_query);
    }
}

const struct ctl_verb *ctl_verbs(size_t *count)
{
    if (verbs_count == 0) {
        for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++)
            verbs[verbs_count++] = chosen[i];
        for (size_t i = 0; i < acd_records_query_count; i++)
            if (!is_own(acd_records_query[i]) && !is_step(acd_records_query[i]))
                add_query(acd_records_query[i]);
        for (size_t i = 0; i < acd_records_command_count; i++)
            if (!is_replaced(acd_records_command[i]) && !is_step(acd_records_command[i]))
                add_command(acd_records_command[i]);
    }
    *count = verbs_count;
    return verbs;
}

/* ---- finding one -------------------------------------------------------------------------- */

/* Whether a verb's words are the first of the arguments, "wrap_up finish" being "wrap-up finish".
 * Returns how many they are, 0 when they are not. */
static size_t words_of(const struct ctl_verb *verb, const struct ctl_arg *args, size_t count)
{
    const char *at = verb->words;
    size_t words = 0;

    for (; words < count && args[words].key == NULL; words++) {
        const char *word = args[words].value;

        for (; *word != '\0' && (*word == *at || (*word == '_' && *at == '-')); word++)
            at++;
        if (*word != '\0' || (*at != ' ' && *at != '\0'))
            return 0;
        if (*at++ == '\0')
            return words + 1;
    }
    return 0;
}

const struct ctl_verb *ctl_verb_of(const struct ctl_arg *args, size_t count, size_t *words)
{
    size_t all;
    const struct ctl_verb *list = ctl_verbs(&all), *best = NULL;

    *words = 0;
    for (size_t i = 0; i < all; i++) {
        size_t length = words_of(&list[i], args, count);

        if (length > *words) {
            *words = length;
            best = &list[i];
        }
    }
    return best;
}

static bool begins_with(const char *words, const char *noun)
{
    size_t len = strlen(noun);

    return strncmp(words, noun, len) == 0 && words[len] == ' ';
}

bool ctl_is_noun(const char *word)
{
    size_t count;
    const struct ctl_verb *list = ctl_verbs(&count);

    for (size_t i = 0; i < count; i++)
        if (begins_with(list[i].words, word))
            return true;
    return false;
}

static const char *verb_word(const void *ctx, size_t i)
{
    size_t count;
    const struct ctl_verb *list = ctl_verbs(&count);

    (void)ctx;
    return i < count ? list[i].words : NULL;
}

/* The verbs of a noun: "ready, not-ready, list". */
static void verbs_of(const char *noun, char *out, size_t len)
{
    const char *words;
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; (words = verb_word(NULL, i)) != NULL && used < len; i++)
        if (begins_with(words, noun))
            used += (size_t)snprintf(out + used, len - used, "%s%s", used == 0 ? "" : ", ",
                                     words + strlen(noun) + 1);
}

/* A noun is told its verbs; anything else what comes near it. */
int ctl_verb_unknown(struct ctl *ctl, const struct ctl_arg *args, size_t count)
{
    const char *first = args[0].key != NULL ? args[0].key : args[0].value;
    const char *second = count > 1 && args[1].key == NULL ? args[1].value : "";
    char typed[80], all[512];
    const char *near;

    snprintf(typed, sizeof typed, "%.36s%s%.36s", first, second[0] == '\0' ? "" : " ", second);
    near = ctl_nearest(typed, verb_word, NULL);
    verbs_of(first, all, sizeof all);
    if (second[0] == '\0' && all[0] != '\0')
        return ctl_usage(ctl, "", "%s what? There are %s", first, all);
    if (near == NULL && all[0] == '\0')
        near = ctl_nearest(first, verb_word, NULL);
    return ctl_usage(ctl, "", "\"%s\" is no verb%s%s%s%s%s%s%s", all[0] == '\0' ? first : typed,
                     near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
                     near == NULL ? "." : "?", all[0] == '\0' ? "" : " For ",
                     all[0] == '\0' ? " See acdctl help" : first,
                     all[0] == '\0' ? "" : " there are ", all);
}
