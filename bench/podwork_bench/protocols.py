"""What a worker of each protocol costs in a pod, beside the same program alone in a bare pod."""

from . import manifests
from .figures import summary, table

# Each says when it has its job and when it answers; alone, when it would wait for one.
BEGIN = """
import json, os, sys, time
def waits():
    if os.environ.get("ALONE"):
        print(time.time(), flush=True)
        sys.exit()
def times():
    return {"entered": entered, "returned": time.time()}
def say(**message):
    print(json.dumps(message), flush=True)
"""

JSONRPC = """
waits()
execute = json.loads(sys.stdin.readline())
entered = time.time()
say(jsonrpc="2.0", id=execute["id"], result=times())
"""

TASK = """
waits()
task = json.load(sys.stdin)
entered = time.time()
say(success=True, result=times())
"""

MESSAGES = """
waits()
for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "init":
        say(type="ready", loaded_plugins=[])
    elif request["type"] == "execute":
        entered = time.time()
        say(type="result", job_id=request["job_id"], status="success", data=times())
    elif request["type"] == "stop":
        break
"""

HTTP = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Worker(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"status": "running"})
    def do_POST(self):
        global entered
        entered = time.time()
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.answer(times())
    def answer(self, value):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())
server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Worker)
waits()
server.serve_forever()
"""

PROGRAMS = {name: BEGIN + program for name, program in (("jsonrpc", JSONRPC), ("task", TASK), ("messages", MESSAGES), ("http", HTTP))}


def worker(protocol):
    return {
        "apiVersion": "podwork.dev/v1alpha1",
        "kind": "WorkerDefinition",
        "metadata": {"name": f"bench-{protocol}"},
        "spec": {"runtime": "python", "protocol": protocol, "command": ["python3", "-c", PROGRAMS[protocol]]},
    }


def measure(bench, count):
    """Created -> the program has its job, in turn with a bare pod's created -> the program would wait for one."""
    image, pull_policy = bench.image()
    figures = {}
    for protocol, program in PROGRAMS.items():
        bench.kube.call("POST", bench.podwork + "/workerdefinitions", worker(protocol))
        bench.job(worker=f"bench-{protocol}")  # the definition has been checked by then
        bare, podwork, ends = [], [], []
        for _ in range(count):
            bare.append(bench.bare_start(image, pull_policy, program))
            created, seen, result = bench.job(worker=f"bench-{protocol}")
            podwork.append(result["entered"] - created)
            ends.append(seen - result["returned"])
        figures[protocol] = {"bare pod": summary(bare), "podwork": summary(podwork), "end": summary(ends)}
    return figures


def show(figures):
    heading = ["protocol", "bare pod created -> program would wait", "Job created -> program has its job", "added", "answered -> Succeeded"]
    rows = [heading]
    for protocol, figure in figures.items():
        bare, podwork, end = (figure[it]["p50"] * 1000 for it in ("bare pod", "podwork", "end"))
        rows.append([protocol, f"{bare:.0f} ms", f"{podwork:.0f} ms", f"{podwork - bare:.0f} ms", f"{end:.0f} ms"])
    return table(rows)
