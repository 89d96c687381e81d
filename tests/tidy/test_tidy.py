#!/usr/bin/env python3
"""Each rule of tools/tidy catches what is planted against it, and lets pass what is right."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TIDY = Path(__file__).resolve().parents[2] / "tools" / "tidy"


def tidy(files):
    """The complaints about a tree of these files, {path: text}."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            file = Path(root, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        run = subprocess.run([sys.executable, TIDY, "--root", root], check=False,
                             capture_output=True, text=True)
    complaints = run.stdout.splitlines()
    assert run.returncode == (1 if complaints else 0), run.stderr
    return complaints


def function_of(lines):
    return "int f(void)\n{\n" + "    g();\n" * (lines - 2) + "}\n"


class Tidy(unittest.TestCase):
    def caught(self, path, text, *parts):
        """One complaint, at the path, that says the parts."""
        complaints = tidy({path: text})
        self.assertEqual(len(complaints), 1, complaints)
        for part in (path, *parts):
            self.assertIn(part, complaints[0])

    def passes(self, path, text):
        self.assertEqual(tidy({path: text}), [])

    def test_includes_point_down_only(self):
        for path, header in (
                ("engine/match.c", "<stdio.h>"), ("engine/match.c", "<unistd.h>"),
                ("engine/match.c", '"proto/acd_client.h"'), ("engine/engine.c", "<stdio.h>"),
                ("proto/codec.c", '"engine/engine.h"'), ("proto/codec.c", '"daemon/loop.h"'),
                ("proto/codec.c", "<jansson.h>"), ("proto/codec.c", "<unistd.h>"),
                ("persist/journal.c", "<lmdb.h>"), ("persist/journal.c", '"proto/codec.h"'),
                ("persist/journal.c", "<uv.h>"), ("daemon/loop.c", '"engine/call.h"'),
                ("daemon/loop.c", "<lmdb.h>"), ("tools/acdctl.c", '"proto/codec.h"'),
                ("tools/acdctl.c", '"engine/engine.h"'), ("tools/acdctl.c", "<uv.h>"),
                ("bench/bench_route.c", '"engine/call.h"'), ("engine/events.def", "<errno.h>"),
                ("daemon/loop.c", "<curl/curl.h>"), ("attic/old.c", "<stdio.h>")):
            with self.subTest(path=path, header=header):
                self.caught(path, f"#include {header}\n", ":1:")

    def test_includes_that_are_right(self):
        for path, header in (
                ("engine/match.c", '"engine/call.h"'), ("engine/match.c", "<string.h>"),
                ("engine/assert.c", "<stdio.h>"), ("proto/codec.c", '"engine/acd_schema.h"'),
                ("proto/codec.c", '"engine/events.def"'), ("proto/json.c", "<jansson.h>"),
                ("proto/client.c", "<sys/socket.h>"), ("persist/store.c", "<lmdb.h>"),
                ("daemon/loop.c", "<uv.h>"), ("daemon/loop.c", '"proto/codec.h"'),
                ("tools/acdctl.c", '"proto/acd_client.h"'), ("tools/sim.c", '"engine/acd.h"'),
                ("bench/baseline_map.c", "<lmdb.h>"), ("bench/bench_route.c", "<nng/nng.h>"),
                ("tests/unit/test_call.c", '"engine/call.h"')):
            with self.subTest(path=path, header=header):
                self.passes(path, f"#include {header}\n")

    def test_an_include_in_a_comment_is_none(self):
        self.passes("engine/match.c", "/*\n#include <stdio.h>\n*/\n")

    def test_banned_calls(self):
        for path, call in (
                ("engine/match.c", "malloc(9)"), ("engine/match.c", "time(NULL)"),
                ("engine/match.c", "rand()"), ("engine/match.c", "snprintf(s, 9, t)"),
                ("engine/match.c", "read(0, s, 9)"), ("engine/match.c", "write (1, s, 9)"),
                ("engine/match.c", "pthread_mutex_lock(m)"), ("engine/engine.c", "malloc(9)"),
                ("tools/acdctl.c", "strcpy(s, t)"), ("daemon/loop.c", "atoi(s)"),
                ("tests/unit/test_call.c", "strtok(s, t)"), ("proto/codec.c", "alloca(9)")):
            with self.subTest(path=path, call=call):
                self.caught(path, f"int f(void)\n{{\n    {call};\n}}\n", ":3:", call[:4])

    def test_floats_are_banned_in_the_engine(self):
        self.caught("engine/match.h", "double f(void);\n", "integers")
        self.passes("bench/harness.h", "double f(void);\n")

    def test_calls_that_are_right(self):
        for path, code in (
                ("engine/engine.c", "calloc(1, 9)"), ("engine/assert.c", 'fprintf(stderr, "x")'),
                ("engine/match.c", "slots_free(s)"), ("engine/match.c", "acd_read(s)"),
                ("engine/match.c", "ops->read(s)"), ("engine/match.c", "ops.time(s)"),
                ("engine/match.c", 'f("malloc(9) rand() double")'), ("engine/match.c", "f('\"')"),
                ("engine/match.c", "f(time)"), ("daemon/loop.c", "malloc(9)")):
            with self.subTest(path=path, code=code):
                self.passes(path, f"/* no malloc() here */ // nor rand()\nint x = {code};\n")

    def test_a_function_has_at_most_70_lines(self):
        self.passes("engine/match.c", function_of(70))
        self.caught("engine/match.c", function_of(71), ":2:", "71 lines")
        self.caught("tests/unit/test_call.c", "\n" + function_of(71), ":3:", "71 lines")

    def test_a_file_has_at_most_600_lines(self):
        self.passes("engine/match.h", "\n" * 600)
        self.caught("engine/match.h", "\n" * 601, ":1:", "601 lines")

    def test_a_line_has_at_most_100_columns(self):
        self.passes("proto/codec.h", "/* " + "é" * 94 + " */\n")
        self.caught("proto/codec.h", "\n/* " + "x" * 95 + " */\n", ":2:", "101 columns")

    def test_words_with_no_place_in_the_product(self):
        for word in ("TO" + "DO", "FIX" + "ME", "/wo" + "rk/acd", '"/ro' + 'ot"', "/ho" + "me/x"):
            with self.subTest(word=word):
                self.caught("README.md", f"\n see {word}.\n", ":2:")
        self.passes("README.md", "TODOS, a/work/b, https://acd.example/root, /workers\n")

    def test_build_directories_are_left_alone(self):
        self.passes("build/release/x.c", "#include <nowhere.h>\n")


class Archive(unittest.TestCase):
    def complaints(self, name, code):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, name)
            source.write_text(code)
            for command in (["cc", "-c", source, "-o", f"{source}.o"],
                            ["ar", "rc", f"{folder}/lib.a", f"{source}.o"]):
                subprocess.run(command, check=True)
            run = subprocess.run([sys.executable, TIDY, "--archive", f"{folder}/lib.a"],
                                 check=False, capture_output=True, text=True)
        return run.stdout

    def test_what_the_engine_may_call(self):
        self.assertEqual(self.complaints("match.c", "int g(void) { return 1; }"
                                                    "int f(void) { return g(); }"), "")
        self.assertEqual(self.complaints("engine.c", "void free(void *); void f(void *p)"
                                                     "{ free(p); }"), "")

    def test_what_the_engine_must_not_call(self):
        self.assertIn("match.c.o calls free", self.complaints(
            "match.c", "void free(void *); void f(void *p) { free(p); }"))


if __name__ == "__main__":
    unittest.main()
