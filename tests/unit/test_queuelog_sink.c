/* The log as a file: what is told twice stands there once, whatever befell it in between. */

#include "tools/queuelog/sink.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], path[80], other[80];
static struct sink sink;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/acd-sink-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/log", folder);
    snprintf(other, sizeof other, "%s/log.1", folder);
}

static void teardown(void)
{
    unlink(path);
    unlink(other);
    rmdir(folder);
}

TestSuite(queuelog_sink, .init = setup, .fini = teardown);

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "a");

    cr_assert(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static const char *read_file(const char *name)
{
    static char text[256];
    FILE *f = fopen(name, "r");

    cr_assert(f != NULL);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    return text;
}

static void put(const char *line)
{
    sink_put(&sink, line, strlen(line));
    sink_flush(&sink);
}

/* Whether this ends the program, with something to say. */
static bool dies(void (*what)(void))
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(3);
        what();
        _exit(0);
    }
    cr_assert(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

Test(queuelog_sink, a_log_that_is_there_is_gone_on_with)
{
    write_file(path, "old\nhalf");
    sink_open(&sink, path);
    put("one\n");
    cr_expect_str_eq(read_file(path), "old\nhalf\none\n");
    cr_expect(sink.length == 13);
    sink_close(&sink);
}

static uint64_t inode_of(const char *name)
{
    struct stat found;

    cr_assert(stat(name, &found) == 0);
    return (uint64_t)found.st_ino;
}

/* Killed at each byte of two lines, which are then told again. */
Test(queuelog_sink, what_stands_there_is_not_written_again)
{
    static const char all[] = "old\none\ntwo\n";

    for (size_t at = 4; at < sizeof all; at++) {
        char text[sizeof all];

        unlink(path);
        snprintf(text, at + 1, "%s", all);
        write_file(path, text);
        sink_reopen(&sink, path, inode_of(path), 4, false);
        put("one\n");
        put("two\n");
        put("three\n");
        cr_expect_str_eq(read_file(path), "old\none\ntwo\nthree\n");
        cr_expect(sink.length == 18);
        sink_close(&sink);
    }
}

Test(queuelog_sink, a_log_that_is_renamed_is_left)
{
    sink_open(&sink, path);
    put("one\n");
    cr_expect(!sink_turn(&sink));
    cr_assert(rename(path, other) == 0);
    put("two\n");
    cr_expect(sink_turn(&sink));
    put("three\n");
    cr_expect_str_eq(read_file(other), "one\ntwo\n");
    cr_expect_str_eq(read_file(path), "three\n");
    cr_expect(sink.length == 6);
    cr_expect(!sink_turn(&sink));
    sink_close(&sink);
}

Test(queuelog_sink, one_renamed_while_nobody_was_there_is_finished_first)
{
    uint64_t inode;

    write_file(path, "old\none\ntw");
    inode = inode_of(path);
    cr_assert(rename(path, other) == 0);
    write_file(path, ""); /* as logrotate makes it */
    sink_reopen(&sink, path, inode, 4, false);
    cr_expect(!sink_turn(&sink), "not before all of it was told");
    put("one\n");
    put("two\n");
    cr_expect(sink_turn(&sink));
    put("three\n");
    cr_expect_str_eq(read_file(other), "old\none\ntwo\n");
    cr_expect_str_eq(read_file(path), "three\n");
    sink_close(&sink);
}

Test(queuelog_sink, one_that_is_gone_is_missed_unless_it_was_whole)
{
    sink_reopen(&sink, path, 1, 4, true);
    put("one\n");
    cr_expect_str_eq(read_file(path), "one\n");
    sink_close(&sink);
}

Test(queuelog_sink, what_is_no_more_to_be_told_stays)
{
    write_file(path, "old\none\ntw");
    sink_reopen(&sink, path, inode_of(path), 4, false);
    sink_skip(&sink);
    put("new\n");
    cr_expect_str_eq(read_file(path), "old\none\ntw\nnew\n");
    sink_close(&sink);
}

/* ---- what ends the program ----------------------------------------------------------------- */

static void tell_another(void)
{
    sink_reopen(&sink, path, inode_of(path), 4, false);
    put("ona\n");
}

static void reopen_shorter(void)
{
    sink_reopen(&sink, path, inode_of(path), 40, false);
}

static void reopen_gone(void)
{
    sink_reopen(&sink, path, 1, 4, false);
}

static void sync_after_another(void)
{
    sink_open(&sink, path);
    write_file(path, "somebody else\n");
    sink_sync(&sink);
}

static void fill_the_disk(void)
{
    sink_open(&sink, path);
    close(sink.fd);
    put("one\n");
}

static void open_a_folder(void)
{
    sink_open(&sink, folder);
}

Test(queuelog_sink, what_cannot_be_promised_is_not_done)
{
    write_file(path, "old\none\n");
    cr_expect(dies(tell_another));
    cr_expect(dies(reopen_shorter));
    cr_expect(dies(reopen_gone));
    cr_expect(dies(sync_after_another));
    cr_expect(dies(fill_the_disk));
    cr_expect(dies(open_a_folder));
}
