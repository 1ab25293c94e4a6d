"""The objects that the benchmark makes."""

WORKER = "bench"

HANDLER = '''
import json, subprocess, sys, time

ECHO = "import sys\\nfor line in sys.stdin:\\n    sys.stdout.write(line); sys.stdout.flush()"

def child(*arguments):
    return subprocess.Popen([sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

def calls(ctx, rounds):
    ctx.state.set("key", "value")
    took = []
    for _ in range(rounds):
        before = time.perf_counter()
        ctx.state.get("key")
        took.append(round(time.perf_counter() - before, 7))
    return took

def as_child(rounds):
    """The same calls by this file as a child process, which the handler answers from memory over its pipes."""
    worker, state = child("-m", "podwork", __file__), {}
    execute = {"job": {"id": "1", "data": {"calls": rounds}}, "context": {"jobId": "1"}}
    worker.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "execute", "params": execute}).encode() + b"\\n")
    worker.stdin.flush()
    for line in worker.stdout:
        message = json.loads(line)
        if "method" not in message:
            worker.stdin.close()
            return message["result"]
        params, result = message["params"], None
        if message["method"] == "ctx.state.set":
            state[params["key"]] = params["value"]
        else:
            result = state.get(params["key"])
        worker.stdin.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode() + b"\\n")
        worker.stdin.flush()

def echo(rounds):
    """One line to a child process and back; nobody reads what it says."""
    other, took = child("-c", ECHO), []
    for _ in range(rounds):
        before = time.perf_counter()
        other.stdin.write(b\'{"jsonrpc":"2.0","id":1,"method":"ctx.state.get","params":{"key":"key"}}\\n\')
        other.stdin.flush()
        other.stdout.readline()
        took.append(round(time.perf_counter() - before, 7))
    other.kill()
    return took

def handler(job, ctx):
    entered = time.time()
    data = job["data"] or {}
    if "calls" in data:
        return calls(ctx, data["calls"])
    if "rounds" in data:
        # In turn, with new child processes: where the kernel places one decides what a pipe of its costs
        took = {"echo": [], "child": [], "pod": []}
        for _ in range(10):
            took["echo"] += echo(data["rounds"] // 10)
            took["child"] += as_child(data["rounds"] // 10)
            took["pod"] += calls(ctx, data["rounds"] // 10)
        return took
    return {"entered": entered, "returned": time.time()}
'''


def worker():
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "WorkerDefinition",
        "metadata": {"name": WORKER},
        "spec": {"runtime": "python", "source": {"inline": HANDLER}},
    }


def job(name, data=None, worker=WORKER):
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"worker": worker, "data": data},
    }


TELLS_TIME = "import time; print(time.time())"


def bare_pod(name, image, pull_policy, program=TELLS_TIME):
    """The same image, with the same security settings, and a program that tells when it runs."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": pod_spec(image, pull_policy, program)}


def batch_job(name, image, pull_policy):
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"backoffLimit": 0, "template": {"spec": pod_spec(image, pull_policy)}},
    }


def pod_spec(image, pull_policy, program=TELLS_TIME):
    return {
        "restartPolicy": "Never",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "worker",
                "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                "image": image,
                "imagePullPolicy": pull_policy,
                "command": ["python3", "-c", program],
                "env": [{"name": "ALONE", "value": "1"}],
            }
        ],
    }


FAKE_WORKER = "fake"
# Nodes of kwok's: nothing runs there, and a pod ends when this annotation says so.
FAKE_PLACE = {
    "nodeSelector": {"type": "fake"},
    "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}],
}
ENDS_AT_ONCE = {"annotations": {"fake/duration": "0s"}}


def fake_pod_spec():
    return {**pod_spec("fake", "Never"), **FAKE_PLACE}


def fake_pod(name):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **ENDS_AT_ONCE}, "spec": fake_pod_spec()}


def fake_batch_job(name):
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"backoffLimit": 0, "template": {"metadata": ENDS_AT_ONCE, "spec": fake_pod_spec()}},
    }


def fake_worker():
    """Without the annotation: its pods run until they are told to end."""
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "WorkerDefinition",
        "metadata": {"name": FAKE_WORKER},
        "spec": {"runtime": "image", "image": "fake", "command": ["fake"], "template": {"spec": FAKE_PLACE}},
    }


def fake_job(name):
    """Its worker returns what it is given."""
    return job(name, name, FAKE_WORKER)


def fake_end():
    """What the fake kubelet writes of a pod whose worker has left."""
    worker = {"name": "worker", "image": "fake", "imageID": "", "ready": False, "started": False, "restartCount": 0}
    worker["state"] = {"terminated": {"exitCode": 0, "reason": "Completed"}}
    conditions = [{"type": it, "status": "False", "reason": "PodCompleted"} for it in ("ContainersReady", "Ready")]
    return {"status": {"phase": "Succeeded", "conditions": conditions, "containerStatuses": [worker]}}
