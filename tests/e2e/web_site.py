"""A real acdd and an acd-web beside it, in a directory of their own; for tests and benches."""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

failures = 0


def check(ok, what):
    """Says what broke and goes on; finish() ends with it."""
    global failures
    if not ok:
        failures += 1
        print(f"not so: {what}", file=sys.stderr)
    return bool(ok)


def finish():
    sys.exit(1 if failures else 0)


class Site:
    def __init__(self, acdd, acdctl, web, acdd_options=(), web_options=(), conf=""):
        self.programs = [os.path.abspath(path) for path in (acdd, acdctl, web)]
        self.acdd_options, self.web_options = list(acdd_options), list(web_options)
        self.directory = tempfile.TemporaryDirectory(prefix="acd-web-")
        self.folder = Path(self.directory.name)
        self.url = f"ipc://{self.folder}/acd.sock"
        self.configure(conf)
        self.acdd = self.web = None

    def __enter__(self):
        self.start_acdd()
        self.start_web()
        return self

    def __exit__(self, *_):
        web_status = self.stop(self.web)
        check(web_status == 0, f"acd-web ends well, not with {web_status}")
        self.stop(self.acdd)
        self.directory.cleanup()

    # ---- processes

    def configure(self, conf):
        """What is in acdd's file."""
        (self.folder / "acd.conf").write_text(conf)

    @staticmethod
    def stop(process):
        if process is None:
            return None
        process.terminate()
        try:
            return process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def start_acdd(self):
        self.acdd = subprocess.Popen(
            [self.programs[0], "--directory", self.folder / "data", "--listen", self.url,
             "--publish", f"ipc://{self.folder}/acd.pub", "--log-level", "error", "--config",
             self.folder / "acd.conf", *self.acdd_options])
        check(self.soon((self.folder / "acd.sock").exists), "acdd listens")

    def stop_acdd(self):
        self.stop(self.acdd)
        self.acdd = None

    def start_web(self):
        log = self.folder / "web.log"
        with open(log, "w") as out:
            self.web = subprocess.Popen([self.programs[2], "--socket", self.url, "--listen",
                                         "127.0.0.1:0", "--timeout", "1", *self.web_options],
                                        stderr=out)
        check(self.soon(lambda: "http://" in log.read_text()), "acd-web listens")
        self.address = re.search(r"http://([^/]+)/", log.read_text())[1]
        check(self.soon(lambda: self.get("/readyz")[0] == 200), "acd-web has found acdd")

    def run_web(self, words):
        """What an acd-web of these options says, and its exit status."""
        done = subprocess.run([self.programs[2], "--socket", self.url, "--listen", "127.0.0.1:0",
                               *words], stderr=subprocess.PIPE, text=True, timeout=20)
        return done.returncode, done.stderr

    def ctl(self, *words, ok=True):
        done = subprocess.run([self.programs[1], "--socket", self.url, *words], errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        check((done.returncode == 0) == ok, f"acdctl {' '.join(words)}: {done.stdout}")
        return done.stdout

    # ---- HTTP

    def get(self, path, method="GET", body=None):
        """Status, headers in small letters, text."""
        connection = http.client.HTTPConnection(self.address, timeout=20)
        try:
            connection.request(method, path, body=body)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, headers, answer.read().decode()
        finally:
            connection.close()

    @staticmethod
    def soon(condition, seconds=10):
        """Asks until it is true, for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return True
            time.sleep(0.01)
        return False
