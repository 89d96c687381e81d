/* The public headers in C++: they compile there under every warning, their functions are found by
 * their C names, and an engine is opened and routes a call. Prints what broke.
 *
 * A plain executable of C++11; returns 0 when all is well. */

#include <cstdio>
#include <cstring>

#include "engine/acd.h"
#include "engine/acd_schema.h"
#include "persist/acd_persist.h"
#include "persist/acd_store.h"
#include "proto/acd_client.h"
#include "proto/acd_defaults.h"
#include "proto/acd_json.h"
#include "proto/acd_messages.h"
#include "proto/acd_sp.h"
#include "proto/acd_wire.h"

static int failures;

#define CHECK(x) ((x) ? (void)0 : (void)(failures++, std::printf("line %d: %s\n", __LINE__, #x)))

static acd_view_outcome done(acd_engine *e, acd_time now, const acd_command &command)
{
    acd_view_outcome outcome;

    CHECK(acd_execute(e, now, ACD_NOBODY, 0, &command, &outcome) == ACD_OK);
    return outcome;
}

static acd_command command_of(uint16_t code)
{
    acd_command command = acd_command();

    command.code = code;
    return command;
}

/* A queue sales, and ann, who is ready, in it. */
static void furnish(acd_engine *e)
{
    acd_command queue = command_of(ACD_COMMAND_queue_set);
    acd_command agent = command_of(ACD_COMMAND_agent_set);
    acd_command member = command_of(ACD_COMMAND_member_set);
    acd_command ready = command_of(ACD_COMMAND_agent_state);

    queue.as.queue_set.name = acd_str("sales");
    agent.as.agent_set.name = acd_str("ann");
    agent.as.agent_set.contact = acd_str("sip:ann");
    member.as.member_set.agent_name = acd_str("ann");
    member.as.member_set.queue_name = acd_str("sales");
    ready.as.agent_state.name = acd_str("ann");
    ready.as.agent_state.state = ACD_READY;
    done(e, ACD_SECOND, queue);
    done(e, ACD_SECOND, agent);
    done(e, ACD_SECOND, member);
    done(e, ACD_SECOND, ready);
}

static void route_a_call()
{
    acd_config config = acd_config();
    acd_command route = command_of(ACD_COMMAND_route);
    acd_view_outcome outcome;
    acd_engine *e = nullptr;

    config.limits.agents = 8;
    config.epoch = 1;
    CHECK(acd_open(&e, &config) == ACD_OK);
    if (e == nullptr)
        return;
    furnish(e);
    route.as.route.key = acd_str("k1");
    route.as.route.queue_name = acd_str("sales");
    outcome = done(e, 2 * ACD_SECOND, route);
    CHECK(outcome.verdict == ACD_VERDICT_OFFERED);
    CHECK(outcome.contact.len == 7 && std::memcmp(outcome.contact.data, "sip:ann", 7) == 0);
    CHECK(acd_engine_check(e) == nullptr);
    acd_close(e);
}

/* One function of each of the other libraries' headers is linked and called. */
static void call_the_others()
{
    acd_client_options options = acd_client_options();
    acd_client *client = nullptr;
    acd_reader *reader = nullptr;
    acd_persist *persist = nullptr;
    acd_engine *engine = nullptr;
    acd_persist_options wanted = acd_persist_options();
    acd_request_writer writer;
    char url[ACD_URL_MAX], text[ACD_TIME_TEXT_MAX];
    uint8_t bytes[ACD_SP_HELLO], message[64];

    options.url = "nonsense";
    wanted.directory = "/dev/null";
    CHECK(acd_client_open(&client, &options) == ACD_INVALID);
    CHECK(acd_persist_open(&persist, &engine, &wanted) == ACD_SYSTEM);
    CHECK(acd_reader_open_directory(&reader, "/dev/null") == ACD_SYSTEM);
    acd_default_pub_url("tcp://127.0.0.1:5900", url);
    CHECK(std::strcmp(url, "tcp://127.0.0.1:5901") == 0);
    CHECK(acd_time_text(0, text) >= 0);
    CHECK(acd_message_record(ACD_QUERY_get_server) == &acd_record_query_get_server);
    acd_sp_hello(bytes, ACD_SP_REQ);
    CHECK(acd_sp_hello_is(bytes, ACD_SP_REQ));
    acd_request_begin(&writer, message, sizeof message, ACD_NOBODY);
    CHECK(std::memcmp(message, "acdq", 4) == 0);
}

int main()
{
    route_a_call();
    call_the_others();
    return failures == 0 ? 0 : 1;
}
