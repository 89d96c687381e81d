#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/e2e/check.h"
#include "tests/e2e/listener/cases.h"
#include "tests/e2e/listener/echo.h"
#include "tests/e2e/peer.h"

/* Opening, who may connect, and closing. */

static const char url[] = "ipc://life.sock";
static const char path[] = "life.sock";

static bool exists(void)
{
    struct stat found;

    return lstat(path, &found) == 0;
}

static int try_at(const char *where)
{
    struct echo *s;
    int error = echo_try(&s, &(struct listener_config){.url = where});

    if (error == 0)
        echo_stop(s, 0);
    return error;
}

void test_two_listeners_at_one_address_are_refused(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer p = peer_open(url);
    char tcp[64];

    CHECK(try_at(url) == -EADDRINUSE);
    CHECK(try_at("ipc://../life.sock") != -EADDRINUSE); /* elsewhere */
    CHECK(echo_serves(&p));
    peer_close(&p);
    echo_stop(s, 0);
    CHECK(try_at(url) == 0);

    s = echo_start(&(struct listener_config){.url = "tcp://127.0.0.1:0"});
    snprintf(tcp, sizeof tcp, "tcp://127.0.0.1:%u", echo_port(s));
    CHECK(try_at(tcp) == -EADDRINUSE);
    p = peer_open(tcp);
    CHECK(echo_serves(&p));
    echo_stop(s, 0);
    CHECK(try_at(tcp) == 0); /* although the one just closed still lingers in the system */
    peer_close(&p);
}

/* What a process leaves that was killed. */
static void leave_dead_socket(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(a.sun_path, path, sizeof path);
    CHECK(bind(fd, (const struct sockaddr *)&a, sizeof a) == 0);
    CHECK(listen(fd, 1) == 0);
    close(fd);
    CHECK(exists());
}

void test_dead_sockets_are_replaced(void)
{
    struct echo *s;
    struct peer p;

    leave_dead_socket();
    s = echo_start(&(struct listener_config){.url = url});
    p = peer_open(url);
    CHECK(echo_serves(&p));
    peer_close(&p);
    echo_stop(s, 0);
    CHECK(!exists());
}

void test_sockets_are_their_owners_only(void)
{
    mode_t before = umask(0);
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct stat found;

    CHECK(lstat(path, &found) == 0);
    CHECK((found.st_mode & 07777) == 0600);
    CHECK(umask(before) == 0); /* which was not touched */
    echo_stop(s, 0);
    CHECK(!exists());
}

void test_other_files_are_left_alone(void)
{
    int fd = open(path, O_CREAT | O_RDWR, 0600);
    struct echo *s;

    CHECK(write(fd, "mine", 4) == 4);
    close(fd);
    CHECK(try_at(url) == -ENOTSOCK);
    CHECK(exists());
    CHECK(unlink(path) == 0);
    CHECK(symlink("/nowhere", path) == 0);
    CHECK(try_at(url) == -ENOTSOCK);
    CHECK(unlink(path) == 0);

    s = echo_start(&(struct listener_config){.url = url}); /* somebody else's in its place */
    CHECK(unlink(path) == 0);
    leave_dead_socket();
    echo_stop(s, 0);
    CHECK(exists());
    CHECK(unlink(path) == 0);
}

void test_addresses_that_cannot_be(void)
{
    char longest[128] = "ipc://";

    memset(longest + 6, 'a', 108);
    CHECK(try_at(longest) == -ENAMETOOLONG);
    longest[6 + 107] = '\0';
    CHECK(try_at(longest) == 0);
    CHECK(try_at("ipc://no/such/directory") == -ENOENT);
    CHECK(try_at("ipc://") == -EINVAL);
    CHECK(try_at("tcp://127.0.0.1") == -EINVAL);
    CHECK(try_at("tcp://192.0.2.1:0") == -EADDRNOTAVAIL); /* not this machine's */
    CHECK(try_at("tcp://[127.0.0.1]:x") == -EINVAL);
    CHECK(try_at("inproc://a") == -EINVAL);
}

void test_connections_beyond_the_limit_are_refused(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url, .connections_max = 2});
    struct peer in[2] = {peer_open(url), peer_open(url)}, out[5];

    for (size_t i = 0; i < 5; i++)
        out[i] = peer_connect(url);
    for (size_t i = 0; i < 5; i++)
        CHECK(peer_is_hung_up(&out[i]));
    CHECK(echo_counters(s).refused == 5);
    CHECK(echo_counters(s).accepted == 2);
    CHECK(echo_serves(&in[0]) && echo_serves(&in[1]));
    peer_close(&in[0]);
    CHECK_SOON(echo_counters(s).active == 1);
    in[0] = peer_open(url);
    CHECK(echo_serves(&in[0]) && echo_serves(&in[1]));
    for (size_t i = 0; i < 5; i++)
        peer_close(&out[i]);
    peer_close(&in[0]);
    peer_close(&in[1]);
    echo_stop(s, 0);
}

/* ---- closing ------------------------------------------------------------------------------ */

enum { LATE = 600 }; /* replies of 1,024 bytes: more than the system takes at once */

static void ask_late(struct echo *s, struct peer *p)
{
    uint8_t body[1024] = "k";

    for (uint32_t i = 0; i < LATE; i++)
        CHECK(peer_ask(p, PEER_TAG(i), body, sizeof body));
    CHECK_SOON(echo_kept(s) == LATE);
    echo_release(s, 1);
}

/* Over tcp, where a close with something unread would take back what was sent. */
static void close_with_queued(const char *bound)
{
    struct echo *s = echo_start(&(struct listener_config){.url = bound});
    char to[64];
    struct peer p;
    uint8_t body[1024];
    uint32_t tag = 0;
    size_t len = 0;

    snprintf(to, sizeof to, "tcp://127.0.0.1:%u", echo_port(s));
    p = peer_open(echo_port(s) != 0 ? to : bound);
    ask_late(s, &p);
    echo_close_begin(s, 9000);
    CHECK(peer_ask(&p, PEER_TAG(1), "e", 1)); /* too late */
    for (uint32_t i = LATE; i-- > 0;) {
        if (!CHECK(peer_reply(&p, &tag, body, sizeof body, &len)))
            break;
        CHECK(tag == PEER_TAG(i) && len == sizeof body);
    }
    CHECK(peer_is_hung_up(&p));
    peer_close(&p);
    CHECK(echo_stop(s, 0).ended[LISTENER_END_LOCAL] == 1);
}

void test_closing_delivers_what_was_queued(void)
{
    close_with_queued(url);
    close_with_queued("tcp://127.0.0.1:0");
}

/* Who was not read from, for not reading, is heard hanging up. */
void test_closing_hears_who_was_paused(void)
{
    enum { REQUEST = SP_HEADER_BYTES_MAX + 4 + 100, REQUESTS = 6000 };
    struct echo *s = echo_start(&(struct listener_config){.url = url, .out_bytes_max = 65536});
    struct peer deaf = peer_open(url);
    uint8_t body[100] = {0}, *out = malloc((size_t)REQUEST * REQUESTS);
    uint64_t began = check_now_ms();

    if (out == NULL)
        check_give_up("paused", "no memory");
    for (size_t i = 0; i < REQUESTS; i++)
        peer_request(&deaf, out + i * REQUEST, PEER_TAG(1), body, sizeof body);
    for (size_t at = 0; echo_counters(s).pauses == 0; at += 1000) /* so many, and no more */
        CHECK(at + 1000 <= (size_t)REQUEST * REQUESTS && peer_send(&deaf, out + at, 1000));
    echo_close_begin(s, 9000);
    CHECK(shutdown(deaf.fd, SHUT_WR) == 0);
    CHECK(echo_stop(s, 0).ended[LISTENER_END_LOCAL] == 1);
    CHECK(check_now_ms() < began + 8000);
    peer_close(&deaf);
    free(out);
}

void test_closing_does_not_wait_for_ever(void)
{
    struct echo *s = echo_start(&(struct listener_config){.url = url});
    struct peer deaf = peer_open(url), silent = peer_connect(url), idle = peer_open(url);
    uint64_t began;

    ask_late(s, &deaf);
    began = check_now_ms();
    CHECK(echo_stop(s, 200).ended[LISTENER_END_LOCAL] >= 2);
    CHECK(check_now_ms() >= began + 190);
    CHECK(check_now_ms() < began + 5000);
    CHECK(!exists());
    peer_close(&deaf);
    peer_close(&silent);
    peer_close(&idle);
}
