#include <argp.h>
#include <stdlib.h>

#include "daemon/server.h"

const char *argp_program_version = "acdd " ACD_RELEASE;

int main(int argc, char **argv)
{
    static struct server server;
    static struct config config;

    config_read(&config, argc, argv);
    log_level_set(config.log_level);
    if (config.check_only) {
        log_line(LOG_INFO, "config_ok", "file=\"%s\"", config.file == NULL ? "" : config.file);
        return 0;
    }
    if (server_open(&server, &config) < 0)
        return 1;
    return server_run(&server) == 0 ? 0 : 1;
}
