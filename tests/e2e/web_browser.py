"""A headless Chromium with one page, driven by its DevTools protocol over a pipe."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find():
    """The path of a Chromium, or None."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


class Browser:
    """One page; `size` is width and height, `scheme` light or dark, `flags` further ones of Chromium's."""

    def __init__(self, size=(1920, 1080), scheme="light", flags=()):
        self.profile = tempfile.TemporaryDirectory(prefix="acd-chromium-", ignore_cleanup_errors=True)
        self.number, self.buffer, self.events = 0, b"", []
        self.process = self.start(flags)
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")
        self.send("Runtime.enable")
        self.resize(size)
        self.send("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def start(self, flags):
        command_in, self.commands = os.pipe()
        self.answers, answer_out = os.pipe()
        words = [find(), "--headless=new", "--remote-debugging-pipe", "--no-first-run",
                 "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
                 "--disable-component-update", "--hide-scrollbars", "--no-default-browser-check",
                 f"--user-data-dir={self.profile.name}", *flags]
        if os.geteuid() == 0:
            words.append("--no-sandbox")  # it refuses to run as root with one

        def place():  # Chromium reads 3 and writes 4
            first, second = os.dup(command_in), os.dup(answer_out)
            first, second = (os.dup(fd) if fd < 5 else fd for fd in (first, second))
            os.dup2(first, 3)
            os.dup2(second, 4)

        process = subprocess.Popen(words, preexec_fn=place, close_fds=False, pass_fds=(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(command_in)
        os.close(answer_out)
        return process

    def read(self):
        while b"\0" not in self.buffer:
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise RuntimeError("Chromium has ended")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, **params):
        """A command and its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def errors(self):
        """Exceptions and errors on the console of the page so far."""
        self.value("0")
        return [event["params"] for event in self.events
                if event.get("method") == "Runtime.exceptionThrown" or
                (event.get("method") == "Runtime.consoleAPICalled" and event["params"]["type"] == "error")]

    def resize(self, size, is_phone=False):
        self.send("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1],
                  deviceScaleFactor=2 if is_phone else 1, mobile=is_phone)

    def before_pages(self, script):
        self.send("Page.addScriptToEvaluateOnNewDocument", source=script)

    def go(self, url):
        self.send("Page.navigate", url=url)

    def value(self, expression):
        """What an expression of the page, or its promise, comes to."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def soon(self, expression, seconds=10):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.value(expression):
                return True
            time.sleep(0.02)
        return False

    def heap_bytes(self):
        """What is in use after a collection."""
        self.send("HeapProfiler.collectGarbage")
        return self.send("Runtime.getHeapUsage")["usedSize"]

    def tree(self):
        """The accessibility tree: what a screen reader has."""
        return self.send("Accessibility.getFullAXTree")["nodes"]

    def screenshot(self, path):
        data = self.send("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))

    def close(self):
        self.session = None
        try:
            self.send("Browser.close")
        except (RuntimeError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        self.profile.cleanup()
