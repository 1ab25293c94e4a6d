"""The worker that tells a store outside what it does, and its jobs."""

WORKER = "faults"

HANDLER = '''
import json, os, time, urllib.request

def handler(job, ctx):
    data = job["data"]

    def say(event):
        record = json.dumps({"job": ctx.jobId, "attempt": ctx.attempt, "event": event}).encode()
        for wait in (0.1, 0.5, 1, 2, 0):
            try:
                return urllib.request.urlopen(data["store"], record, timeout=5).close()
            except OSError:
                if not wait:
                    raise
                time.sleep(wait)

    say("begin")
    ctx.flow.emit("began", {"attempt": ctx.attempt})
    if data["oom"] and ctx.attempt == 1:
        filled = [bytearray(b"x" * 1048576) for _ in range(1024)]
    for step in range(10):
        ctx.state.set("step", step)
        ctx.progress(step * 10)
        time.sleep((data["first"] if ctx.attempt == 1 else data["seconds"]) / 10)
    ctx.flow.emit("finished", {"attempt": ctx.attempt})
    say("end")
    return {"attempt": ctx.attempt}
'''

# A pod on a node that is out of reach is given up after this long; Kubernetes' own default is 300 s.
UNREACHABLE_SECONDS = 15
# Kubernetes takes up to 50 s to notice, and Podwork waits 35 s more for the deleted pod's worker: who works longer
# than that is at work when the attempt is given up.
OUTLASTS_ITS_NODE_SECONDS = 150


def worker():
    gone = [
        {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": UNREACHABLE_SECONDS}
        for key in ("not-ready", "unreachable")
    ]
    container = {"name": "worker", "resources": {"limits": {"memory": "128Mi"}}}
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "WorkerDefinition",
        "metadata": {"name": WORKER},
        "spec": {
            "runtime": "python",
            "source": {"inline": HANDLER},
            "retry": {
                "attempts": 20,
                "infrastructureRetries": 20,
                "backoff": {"base": "200ms", "max": "2s"},
            },
            "template": {"spec": {"tolerations": gone, "terminationGracePeriodSeconds": 5, "containers": [container]}},
        },
    }


def job(name, store, first, seconds, oom=False):
    """first, seconds: how long its first attempt works, and any other."""
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"worker": WORKER, "data": {"store": store, "first": first, "seconds": seconds, "oom": oom}},
    }
