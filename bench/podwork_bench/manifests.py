"""The objects that the benchmark makes."""

WORKER = "bench"

HANDLER = '''
import subprocess, sys, time

ECHO = "import sys\\nfor line in sys.stdin:\\n    sys.stdout.write(line); sys.stdout.flush()"

def hop(ctx, rounds):
    ctx.state.set("key", "value")
    calls, pipe = [], []
    child = subprocess.Popen([sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for _ in range(rounds):
        before = time.perf_counter()
        ctx.state.get("key")
        calls.append(time.perf_counter() - before)
        before = time.perf_counter()
        child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ctx.state.get","params":{"key":"key"}}\\n')
        child.stdin.flush()
        child.stdout.readline()
        pipe.append(time.perf_counter() - before)
    child.kill()
    return {"calls": calls, "pipe": pipe}

def handler(job, ctx):
    entered = time.time()
    if job["data"] and job["data"].get("rounds"):
        return hop(ctx, job["data"]["rounds"])
    return {"entered": entered, "returned": time.time()}
'''


def worker():
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "WorkerDefinition",
        "metadata": {"name": WORKER},
        "spec": {"runtime": "python", "source": {"inline": HANDLER}},
    }


def job(name, data=None):
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"worker": WORKER, "data": data},
    }


def bare_pod(name, image, pull_policy):
    """The same image, with the same security settings, and a program that tells when it runs."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": pod_spec(image, pull_policy)}


def batch_job(name, image, pull_policy):
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"backoffLimit": 0, "template": {"spec": pod_spec(image, pull_policy)}},
    }


def pod_spec(image, pull_policy):
    return {
        "restartPolicy": "Never",
        "containers": [
            {
                "name": "worker",
                "image": image,
                "imagePullPolicy": pull_policy,
                "command": ["python3", "-c", "import time; print(time.time())"],
            }
        ],
    }
