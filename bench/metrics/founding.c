#include "bench/metrics/founding.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/harness.h"

enum { TEXT = 1024 };

static struct {
    PGconn *connection;
    clockid_t cpu;
    char directory[64], script[640];
} pg;

/* ---- the cluster ---------------------------------------------------------------------------- */

/* By system calls only: it may be in a signal's handler. */
static bool script_run(const char *verb)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        execl(pg.script, pg.script, verb, pg.directory, (char *)NULL);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* The script stands in the source, which is above the build. */
static void script_find(void)
{
    static const char up[] = "/../../../bench/metrics/postgres";
    ssize_t len = readlink("/proc/self/exe", pg.script, sizeof pg.script - sizeof up);

    if (len <= 0)
        bench_give_up("cannot tell where this program stands");
    pg.script[len] = '\0';
    memcpy(strrchr(pg.script, '/'), up, sizeof up);
}

static void clean_up(void)
{
    if (pg.directory[0] != '\0')
        (void)script_run("stop");
}

/* ---- asking --------------------------------------------------------------------------------- */

/* Returns how many rows there were. */
static int ask(const char *text)
{
    PGresult *result = PQexec(pg.connection, text);
    ExecStatusType status = PQresultStatus(result);
    int rows;

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        bench_give_up("%s: %s", text, PQerrorMessage(pg.connection));
    rows = PQntuples(result);
    PQclear(result);
    return rows;
}

/* The founding package's tables, as far as its figures go. */
static void tables_make(uint32_t agents, uint32_t queues)
{
    char text[TEXT];

    ask("CREATE TABLE d_queue(id int PRIMARY KEY, name text, sla int)");
    ask("CREATE TABLE d_agent(id bigint PRIMARY KEY, extension varchar(20), status varchar(20) NOT "
        "NULL, is_active bool NOT NULL, last_status_change timestamptz NOT NULL, "
        "max_concurrent_calls int NOT NULL)");
    ask("CREATE TABLE d_call(id bigint PRIMARY KEY, twilio_sid varchar(64), agent_id bigint, "
        "queue_id int, direction varchar(20), status varchar(20) NOT NULL, from_number "
        "varchar(20), to_number varchar(20), created_at timestamptz NOT NULL, answered_at "
        "timestamptz, ended_at timestamptz, duration int NOT NULL CHECK(duration>=0), queue_time "
        "int NOT NULL CHECK(queue_time>=0))");
    (void)snprintf(text, sizeof text,
                   "INSERT INTO d_queue SELECT g,'q'||g,20 FROM generate_series(0,%u) g",
                   queues - 1);
    ask(text);
    (void)snprintf(text, sizeof text,
                   "INSERT INTO d_agent SELECT g,'x'||g,(ARRAY['available','busy','on_break',"
                   "'offline','after_call'])[1+(random()*4.99)::int%%5],true,now()-random()*"
                   "interval '1 hour',1 FROM generate_series(1,%u) g",
                   agents);
    ask(text);
}

static void calls_send(uint32_t calls, uint32_t agents, uint32_t queues)
{
    char text[2 * TEXT];

    (void)snprintf(
        text, sizeof text,
        "INSERT INTO d_call SELECT g,'CA'||md5(g::text),1+(random()*%u)::int,(random()*%u)::int,"
        "CASE WHEN random()<.8 THEN 'inbound' ELSE 'outbound' END,"
        "CASE WHEN g>%u THEN (ARRAY['queued','ringing','in-progress'])[1+g%%3] WHEN random()<.9 "
        "THEN 'completed' WHEN random()<.5 THEN 'no-answer' ELSE 'failed' END,"
        "'+1555'||(g%%9999999)::text,'+1666'||(g%%9999)::text,t,t+interval '10 s',"
        "t+interval '200 s',(random()*600)::int,(random()*60)::int FROM (SELECT g,now()-interval "
        "'30 days'+g*interval '30 days'/%u AS t FROM generate_series(1,%u) g) s",
        agents - 1, queues - 1, calls - 1000, calls, calls);
    if (PQsendQuery(pg.connection, text) != 1)
        bench_give_up("%s: %s", text, PQerrorMessage(pg.connection));
}

static void indexes_make(void)
{
    ask("CREATE INDEX ON d_agent(is_active,status,last_status_change)");
    ask("CREATE INDEX ON d_agent(status,is_active,max_concurrent_calls)");
    ask("CREATE INDEX d_idx_available_agents ON d_agent(last_status_change) WHERE "
        "status='available' AND is_active=true");
    ask("CREATE INDEX ON d_call(agent_id,status,created_at)");
    ask("CREATE INDEX ON d_call(queue_id,status,created_at)");
    ask("CREATE INDEX ON d_call(created_at,direction,status)");
    ask("CREATE INDEX ON d_call(agent_id,created_at,duration)");
    ask("CREATE INDEX d_idx_active_calls ON d_call(created_at) WHERE status "
        "IN('queued','ringing','in-progress')");
    ask("CREATE INDEX d_call_queue_metrics_idx ON d_call(queue_id,created_at,queue_time)");
    ask("VACUUM ANALYZE d_call");
    ask("VACUUM ANALYZE d_agent");
    ask("CHECKPOINT");
}

const char *founding_place(void)
{
    (void)snprintf(pg.directory, sizeof pg.directory, "/dev/shm/acd-bench-XXXXXX");
    if (mkdtemp(pg.directory) == NULL)
        bench_give_up("%s cannot be made", pg.directory);
    script_find();
    bench_at_end(clean_up);
    return pg.directory;
}

void founding_start(uint32_t calls, uint32_t agents, uint32_t queues)
{
    char where[TEXT];

    if (!script_run("start"))
        bench_give_up("PostgreSQL does not start");
    (void)snprintf(where, sizeof where, "host=%s/pg user=postgres dbname=postgres", pg.directory);
    pg.connection = PQconnectdb(where);
    if (PQstatus(pg.connection) != CONNECTION_OK ||
        clock_getcpuclockid(founding_pid(), &pg.cpu) != 0)
        bench_give_up("PostgreSQL: %s", PQerrorMessage(pg.connection));
    tables_make(agents, queues);
    calls_send(calls, agents, queues);
}

void founding_await(void)
{
    PGresult *result;

    while ((result = PQgetResult(pg.connection)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            bench_give_up("its calls: %s", PQerrorMessage(pg.connection));
        PQclear(result);
    }
    indexes_make();
}

pid_t founding_pid(void)
{
    return PQbackendPID(pg.connection);
}

uint64_t founding_cpu_ns(void)
{
    struct timespec t;

    if (clock_gettime(pg.cpu, &t) != 0)
        bench_give_up("no CPU clock of the backend");
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- the queries ---------------------------------------------------------------------------- */

#define FIGURES                                                                                    \
    "count(*),avg(duration),avg(queue_time),100.0*count(*) FILTER(WHERE queue_time<=20)/count(*) " \
    "FROM d_call GROUP BY 1"

static void report(const char *text, int rows)
{
    if (ask(text) < rows)
        bench_give_up("%s: fewer than %d rows", text, rows);
}

void founding_agents(uint32_t n)
{
    (void)n;
    report("SELECT agent_id," FIGURES, 1000);
}

void founding_queues(uint32_t n)
{
    (void)n;
    report("SELECT queue_id," FIGURES, 50);
}

void founding_agents_daily(uint32_t n)
{
    (void)n;
    report("SELECT agent_id,date_trunc('day',created_at)," FIGURES ",2", 29 * 1000);
}

void founding_queues_daily(uint32_t n)
{
    (void)n;
    report("SELECT queue_id,date_trunc('day',created_at)," FIGURES ",2", 29 * 50);
}

void founding_live(uint32_t n)
{
    (void)n;
    ask("SELECT status,count(*) FROM d_agent WHERE is_active GROUP BY status");
    ask("SELECT status,count(*) FROM d_call WHERE status IN('queued','ringing','in-progress') "
        "GROUP BY status");
    ask("SELECT queue_id,count(*),max(now()-created_at) FROM d_call WHERE status "
        "IN('queued','ringing','in-progress') AND status='queued' GROUP BY queue_id");
}

void founding_newest(uint32_t n)
{
    char text[TEXT];

    (void)snprintf(text, sizeof text,
                   "SELECT * FROM d_call WHERE agent_id=%u ORDER BY created_at DESC LIMIT 50",
                   1 + n % 999);
    report(text, 50);
}

void founding_page(uint32_t n)
{
    char text[TEXT];

    (void)snprintf(text, sizeof text,
                   "SELECT c.*,a.extension,q.name FROM d_call c LEFT JOIN d_agent a ON "
                   "a.id=c.agent_id LEFT JOIN d_queue q ON q.id=c.queue_id WHERE c.queue_id=%u AND "
                   "c.status='completed' ORDER BY c.created_at DESC LIMIT 25",
                   1 + n % 49);
    report(text, 25);
}
