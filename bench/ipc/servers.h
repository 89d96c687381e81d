#ifndef ACD_BENCH_IPC_SERVERS_H
#define ACD_BENCH_IPC_SERVERS_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* The servers of a bench, each a process of its own with a socket in one temporary directory. They
 * end with the bench, however that ends, and their files are removed. */

enum { SERVER_PATH = 96 };

struct server {
    pid_t pid;
    clockid_t cpu; /* of all its threads */
    char path[SERVER_PATH];
};

/* The processors that a process may run on: any, or only the first or the second of those that
 * this one was given. */
enum place { PLACE_ANY, PLACE_FIRST, PLACE_SECOND };

/* Makes the directory; to be called first. */
void servers_open(void);

/* Starts a process that serves at s->path by `serve`, which never returns; it is to write a byte to
 * `ready` when it listens, which is waited for. To be called before this process has threads. */
void server_fork(struct server *s, const char *name, void (*serve)(const char *path, int ready));

/* Starts acdd, serving at s->path and publishing beside it, with these flags before NULL; `flags`
 * NULL: with its defaults. */
void server_acdd(struct server *s, const char *name, const char *const *flags);

/* Waits until it takes connections. */
void server_await(const struct server *s);

/* Ends a server, cleanly or by kill -9; starts acdd once more at the same path. */
void server_stop(struct server *s);
void server_kill(struct server *s);
void server_start(struct server *s, const char *const *flags);

/* Stops all its threads where they are, so that it takes nothing from others; and lets it go on. */
void server_sleep(const struct server *s);
void server_wake(const struct server *s);

/* Places the first thread of a process, and whatever it then starts. */
void place(pid_t pid, enum place where);

/* Places all threads of a process. */
void place_all(pid_t pid, enum place where);

/* Bytes of memory of its own, which neither stand in a file nor are shared. */
double server_memory(const struct server *s);

/* Nanoseconds of CPU time it has used so far. */
uint64_t server_cpu_ns(const struct server *s);

/* Nanoseconds that the first thread of a process could have run, but another had its processor. */
uint64_t waited_ns(pid_t pid);

/* How long the machine's processors, taken together, were not to be had since its hypervisor gave
 * them to others, in ns. */
uint64_t stolen_ns(void);

#endif
