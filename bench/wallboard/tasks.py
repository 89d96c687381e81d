"""What the tasks of a page are made of, by Chromium's own trace of its main thread.

The trace goes to a ring, so it costs little while nobody looks. Wall times are what a page's tasks are
judged by; the processor's time beside them tells what of it was the machine's, which ran others."""

import json

RING_KIB = 32 << 10
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
PARTS = {  # by the name of an event; one within another counts as the outer one, but for collections
    "EventDispatch": "script", "FunctionCall": "script", "FireAnimationFrame": "script",
    "EvaluateScript": "script", "UpdateLayoutTree": "style", "Layout": "layout",
    "PrePaint": "paint", "Paint": "paint", "Layerize": "paint", "Commit": "paint",
}


class Trace:
    def __init__(self, browser):
        self.browser = browser

    def send(self, method, **params):
        """Tracing is the browser's, not the page's."""
        session, self.browser.session = self.browser.session, None
        try:
            return self.browser.send(method, **params)
        finally:
            self.browser.session = session

    def begin(self):
        self.send("Tracing.start", transferMode="ReturnAsStream",
                  traceConfig={"recordMode": "recordContinuously", "traceBufferSizeInKb": RING_KIB,
                               "includedCategories": CATEGORIES, "excludedCategories": ["*"]})

    def end(self):
        """Events of the thread that the page is on."""
        self.send("Tracing.end")
        while not (done := [e for e in self.browser.events
                            if e.get("method") == "Tracing.tracingComplete"]):
            self.browser.events.append(self.browser.read())
        self.browser.events.remove(done[0])
        stream, text, over = done[0]["params"]["stream"], [], False
        while not over:
            piece = self.send("IO.read", handle=stream, size=1 << 20)
            text.append(piece["data"])
            over = piece["eof"]
        self.send("IO.close", handle=stream)
        return main_thread(json.loads("".join(text))["traceEvents"])


def main_thread(events):
    """Of all threads that are a page's main one, the busiest: Chromium keeps a spare."""
    threads = {(e["pid"], e["tid"]): [] for e in events
               if e.get("name") == "thread_name" and e["args"]["name"] == "CrRendererMain"}
    for e in events:
        if (e.get("ph") == "X" or e.get("name") == "TimeStamp") and (e["pid"], e["tid"]) in threads:
            threads[e["pid"], e["tid"]].append({"dur": 0, **e})
    return sorted(max(threads.values(), key=len, default=[]), key=lambda e: (e["ts"], -e["dur"]))


def tasks_of(events):
    """Each task with what it has in it, both in the order of their beginnings."""
    tasks = []
    for e in events:
        if e["name"] == "RunTask":
            tasks.append((e, []))
        elif tasks and e["ts"] < tasks[-1][0]["ts"] + tasks[-1][0]["dur"]:
            tasks[-1][1].append(e)
    return tasks


def describe(task, inner):
    """In words: how long, of what, and what the page named in it. A collection is in what it interrupted,
    too."""
    parts, until = dict.fromkeys(["script", "style", "layout", "paint", "collection"], 0), {}
    for e in inner:
        is_collection = e["name"].startswith(("MajorGC", "MinorGC", "V8.GC"))
        part, depth = ("collection" if is_collection else PARTS.get(e["name"])), is_collection
        if part is not None and e["ts"] >= until.get(depth, 0):
            parts[part] += e["dur"] / 1000
            until[depth] = e["ts"] + e["dur"]
    named = {e["args"]["data"]["message"]: None for e in inner if e["name"] == "TimeStamp"}
    return (f"{task['dur'] / 1000:.1f} ms, on a processor for {task.get('tdur', 0) / 1000:.1f}: " +
            ", ".join([*named, *(f"{part} {ms:.1f}" for part, ms in parts.items())]))


def longest(events, settle_s):
    """The longest task in ms, and in lines what it was made of, and the one that took the processor
    for longest; but for those in the first seconds of the trace."""
    measured = events[0]["ts"] + settle_s * 1e6
    tasks = [t for t in tasks_of(events) if t[0]["ts"] >= measured]
    seconds = (events[-1]["ts"] - tasks[0][0]["ts"]) / 1e6
    said = [f"{what} of the last {seconds:.0f} s: " +
            describe(*max(tasks, key=lambda t: t[0].get(key, 0)))
            for what, key in (("longest", "dur"), ("busiest", "tdur"))]
    return max(task["dur"] for task, _ in tasks) / 1000, said
