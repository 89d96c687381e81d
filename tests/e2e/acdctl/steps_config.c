#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/acdctl/run.h"
#include "tests/e2e/acdctl/steps.h"
#include "tests/e2e/check.h"

/* Configuration as one document. */

#define RUN(steps) run_steps(steps, sizeof(steps) / sizeof((steps)[0]))

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");

    if (f == NULL)
        check_give_up(name, "cannot be made");
    (void)fputs(text, f);
    (void)fclose(f);
}

static void faults(void)
{
    static const struct step steps[] = {
        {"config diff", 2, "acdctl: config diff: wants a file, *\n"},
        {"config diff none.yaml", 2, "acdctl: config diff: none.yaml: No such file or directory\n"},
        {"config diff bad.yaml", 1, "bad.yaml:2: weight: \"heavy\" is not *\n"},
        {"config apply bad.yaml", 1, "bad.yaml:2: weight: \"heavy\" is not *\n"},
        {"config diff video.yaml", 1, "video.yaml: queue \"sales\": its channel is voice, *\n"},
        {"config apply video.yaml", 1, "video.yaml: queue \"sales\": its channel is voice, *\n"},
        {"config apply bad.yaml --colour 2", 2, "acdctl: config apply: wants a file, and *\n"},
        {"config get more", 2, "acdctl: config get: wants nothing more\n"},
    };

    write_file("bad.yaml", "queues:\n  night: {weight: heavy}\n");
    write_file("video.yaml", "queues:\n  sales: {channel: video}\n");
    RUN(steps);
}

/* What is there, as it says itself, to before.yaml; and with more in it to more.yaml. */
static void write_documents(void)
{
    static const char queues[] = "queues:\n", agents[] = "agents:\n";
    static struct run r;
    static char more[sizeof r.out + 256];
    const char *at;

    run_acdctl(&r, "config get");
    at = strstr(r.out, agents);
    if (r.status != 0 || strncmp(r.out, queues, strlen(queues)) != 0 || at == NULL)
        check_give_up("config get", r.out);
    write_file("before.yaml", r.out);
    snprintf(more, sizeof more,
             "%s  night: {weight: 7, numbers: [4711], plan: spanish>=2}\n%.*s%s  zoe: {queues: "
             "{night: {level: 3}}, skills: {spanish: 4, tech: 0}}\n%s",
             queues, (int)(at - r.out - (int)strlen(queues)), r.out + strlen(queues), agents,
             at + strlen(agents));
    write_file("more.yaml", more);
}

#define MORE                                                                                       \
    "add queue night\nchange queue night: weight 1 -> 7, plan \"\" -> spanish>=2\nadd number "     \
    "night 4711\nadd agent zoe\n"                                                                  \
    "add member zoe night: level 0 -> 3\nadd skill zoe spanish: level 0 -> 4\nadd skill zoe "      \
    "tech: level 0 -> 0\n"
#define LESS "remove number night 4711\nremove agent zoe\nremove queue night\n"

/* Calendars by single commands, and as a document has them. */
static void calendars(void)
{
    static const struct step steps[] = {
        {"queue set night hours=office", 1,
         "acdctl: queue set: hours: no such thing (NOT_FOUND)\n"},
        {"queue set night", 0, "ok: queue *\n"},
        {"calendar set office Europe", 1,
         "acdctl: calendar set: zone: not a valid value (INVALID)\nacdctl: it is *\n"},
        {"calendar set office Europe/Berlin", 0, "ok\n"},
        {"calendar add-time office mon:8-9", 1,
         "acdctl: calendar add-time: time: not a valid value (INVALID)\n"
         "acdctl: it is days or a date, and from when to when, *\n"},
        {"calendar add-time office '2026-12-25 closed'", 0, "ok\n"},
        {"calendar add-time office 'daily 00:00-24:00'", 0, "ok\n"},
        {"calendar list", 0,
         "CALENDAR QUEUE ZONE NOW FOR SAYS IT_IS\noffice - Europe/Berlin * * - -\n"},
        {"queue set night hours=office", 0, "ok: queue *\n"},
        {"calendar list office", 0,
         "CALENDAR QUEUE ZONE NOW FOR SAYS IT_IS\noffice night Europe/Berlin * * * so\n"},
        {"calendar list office queue_name=sales --json", 0, "[]\n"},
        {"calendar times", 0,
         "CALENDAR TIME\noffice 2026-12-25 closed\noffice daily 00:00-24:00\n"},
        {"config get", 0,
         "calendars:\n office:\n zone: Europe/Berlin\n times:\n - 2026-12-25 closed\n"
         " - daily 00:00-24:00\nqueues:\n**"},
        {"config diff before.yaml", 0, "remove queue night\nremove calendar office\n"},
        {"calendar remove-time office '2026-12-25 closed'", 0, "ok\n"},
        {"calendar remove-time office '2026-12-25 closed'", 1,
         "acdctl: calendar remove-time: time: no such thing (NOT_FOUND)\n"},
        {"config apply before.yaml", 0,
         "remove queue night\nremove calendar office\n2 changes applied, version 3\n"},
        {"calendar remove office", 1, "acdctl: calendar remove: name: no such thing (NOT_FOUND)\n"},
    };

    RUN(steps);
}

/* Adds to what is there, takes it away again, and leaves all as it was. */
static void changes(void)
{
    static const struct step steps[] = {
        {"config diff before.yaml", 0, "nothing to change\n"},
        {"config diff more.yaml", 0, MORE},
        {"config apply more.yaml --label more --at-version 9", 1,
         "acdctl: config apply: version: not allowed in the present state (STATE)\n"},
        {"config apply more.yaml --label more --at-version 0", 0,
         MORE "7 changes applied, version 1\n"},
        {"config apply more.yaml", 0, "nothing to change; version 1\n"},
        {"config diff more.yaml", 0, "nothing to change\n"},
        {"--json config apply more.yaml", 0, "{\"version\":1,\"changes\":0,\"retired\":0}\n"},
        {"member list agent=zoe", 0,
         "AGENT QUEUE LEVEL POSITION DOING\nzoe night 3 0 logged_out\n"},
        {"skill list", 0, "AGENT SKILL LEVEL\nzoe spanish 4\nzoe tech 0\n"},
        {"skill list skill=tech", 0, "AGENT SKILL LEVEL\nzoe tech 0\n"},
        {"skill list ann", 0, "AGENT SKILL LEVEL\n"},
        {"skill list nobody", 1, "acdctl: skill list: agent_name: no such thing (NOT_FOUND)\n"},
        {"skill list zoe --json limit=1", 0,
         "[{\"agent\":\"*\",\"agent_name\":\"zoe\",\"skill\":\"spanish\","
         "\"level\":4}"
         "]\n"},
        {"agent set zoe team=night-shift", 0, "ok: agent *\n"},
        {"team list", 0,
         "TEAM AGENTS IDLE RING BUSY WRAP OTHER BREAK OUT FREE CALLS TODAY TALKED\n"
         "night-shift 1 0 0 0 0 0 0 1 0 0 0 0s\n"},
        {"agent list team=night-shift", 0, "AGENT *\nzoe *\n"},
        {"team show day-shift", 1, "acdctl: team show: name: no such thing (NOT_FOUND)\n"},
        {"config diff more.yaml", 0, "change agent zoe: team night-shift -> \"\"\n"},
        {"agent show zoe", 0, "**\nAGENT SKILL LEVEL\nzoe spanish 4\nzoe tech 0\n"},
        {"config diff before.yaml", 0, LESS},
        {"config apply before.yaml", 0, LESS "3 changes applied, version 2\n"},
        {"queue show night", 1, "acdctl: queue show: name: no such thing (NOT_FOUND)\n"},
    };

    RUN(steps);
}

void steps_config(void)
{
    write_documents();
    faults();
    changes();
    calendars();
    CHECK(unlink("bad.yaml") == 0 && unlink("video.yaml") == 0);
    CHECK(unlink("before.yaml") == 0 && unlink("more.yaml") == 0);
}
