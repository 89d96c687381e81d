#include <argp.h>
#include <stdlib.h>

#include "daemon/memory.h"
#include "daemon/server.h"

const char *argp_program_version = "acdd " ACD_RELEASE;

/* --check: flags and file are read already; what is left is what the engine makes of the limits. */
static int check(const struct config *config)
{
    const struct acd_config wanted = {
        .limits = config->limits, .take = memory_take, .give = memory_give};
    struct acd_engine *engine;
    int error = acd_open(&engine, &wanted);

    if (error != ACD_OK) {
        server_log_limits(&config->limits, error);
        return 1;
    }
    acd_close(engine);
    log_line(LOG_INFO, "config_ok", "file=\"%s\"", config->file == NULL ? "" : config->file);
    return 0;
}

int main(int argc, char **argv)
{
    static struct server server;
    static struct config config;

    config_read(&config, argc, argv);
    log_level_set(config.log_level);
    if (config.check_only)
        return check(&config);
    if (server_open(&server, &config) < 0)
        return 1;
    return server_run(&server) == 0 ? 0 : 1;
}
