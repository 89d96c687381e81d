#include "proto/acd_defaults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void acd_default_url(char out[ACD_URL_MAX])
{
    const char *url = getenv("ACD_URL"), *runtime = getenv("XDG_RUNTIME_DIR");

    if (url != NULL && url[0] != '\0')
        snprintf(out, ACD_URL_MAX, "%s", url);
    else if (geteuid() != 0 && runtime != NULL && runtime[0] != '\0')
        snprintf(out, ACD_URL_MAX, "ipc://%s/acd/acd.sock", runtime);
    else
        snprintf(out, ACD_URL_MAX, "ipc:///run/acd/acd.sock");
}

static void pub_of_ipc(const char *url, char out[ACD_URL_MAX])
{
    size_t len = strlen(url), cut = len;

    if (len > 5 && strcmp(url + len - 5, ".sock") == 0)
        cut = len - 5;
    if (cut + sizeof ".pub" <= ACD_URL_MAX)
        snprintf(out, ACD_URL_MAX, "%.*s.pub", (int)cut, url);
}

void acd_default_pub_url(const char *url, char out[ACD_URL_MAX])
{
    const char *colon = strrchr(url, ':');
    unsigned long port;
    char *end;

    out[0] = '\0';
    if (strncmp(url, "ipc://", 6) == 0) {
        pub_of_ipc(url, out);
        return;
    }
    if (strncmp(url, "tcp://", 6) != 0 || colon == NULL)
        return;
    port = strtoul(colon + 1, &end, 10);
    if (*end == '\0' && port > 0 && port < 65535)
        snprintf(out, ACD_URL_MAX, "%.*s:%lu", (int)(colon - url), url, port + 1);
}
