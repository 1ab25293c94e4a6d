"""Everything that the API server showed of the jobs, from a watch that survives the API server."""

import json
import threading
import time

from podwork_bench.kube import ApiError

TERMINAL = ("Succeeded", "Failed", "Cancelled")


class History:
    def __init__(self, kube, path):
        self.kube, self.path = kube, path
        self.latest = {}
        self.ended = {}  # name -> [(time seen, status)], one for each different terminal status
        self.changed = threading.Condition()
        self.closed = False
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        while not self.closed:
            try:
                listed = self.kube.call("GET", self.path)
                for item in listed["items"]:
                    self.see(time.time(), item)
                since = listed["metadata"]["resourceVersion"]
                with self.kube.watch(f"{self.path}?resourceVersion={since}") as events:
                    for seen, event in events:
                        if event["type"] == "ERROR":
                            break
                        self.see(seen, event["object"])
            except (OSError, ApiError, ValueError):
                time.sleep(0.2)  # the API server may be what is broken now

    def see(self, at, job):
        name, status = job["metadata"]["name"], job.get("status", {})
        with self.changed:
            self.latest[name] = job
            if status.get("phase") in TERMINAL:
                told = self.ended.setdefault(name, [])
                if not told or outcome(told[-1][1]) != outcome(status):
                    told.append((at, status))
            self.changed.notify_all()

    def wait(self, done, seconds):
        with self.changed:
            return self.changed.wait_for(done, seconds)

    def close(self):
        self.closed = True


def outcome(status):
    """What may never change once it is recorded."""
    return json.dumps([status.get(key) for key in ("phase", "reason", "result", "error", "completedAt")], sort_keys=True)
