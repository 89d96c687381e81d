#include "tests/e2e/client/acdd.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t acdd_start(const char *path)
{
    pid_t pid = fork();

    if (pid < 0) {
        perror("fork");
        exit(2);
    }
    if (pid == 0) {
        execl(path, path, "--listen", ACDD_URL, "--publish", ACDD_PUB_URL, "--log-level", "warn",
              (char *)NULL);
        perror(path);
        _exit(127);
    }
    return pid;
}

void acdd_kill(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

int acdd_stop(pid_t pid)
{
    int status;

    kill(pid, SIGTERM);
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}
