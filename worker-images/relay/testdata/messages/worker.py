"""A loop over requests. MODE says what is wrong with it, if anything."""
import json
import os
import signal
import sys
import time

mode = sys.argv[1] if len(sys.argv) > 1 else ""


def say(**message):
    print(json.dumps(message), flush=True)


def log(text):
    print(text, file=sys.stderr, flush=True)


if mode == "fails to load":
    sys.exit("no module named 'torch'")
if mode == "never ready":
    time.sleep(60)
if mode == "result too early":
    say(type="result", job_id="task-123", status="success", data={})
print("a print of the worker's")
print(json.dumps({"print": "of JSON"}), flush=True)
plugins = {}
for line in sys.stdin:
    request = json.loads(line)
    kind = request.pop("type")
    log("%s %s" % (kind, json.dumps(request, sort_keys=True)))
    if kind == "init":
        if mode == "init fails":
            say(type="error", error="Worker initialization failed: no plugins")
            continue
        plugins = request["plugin_configs"]
        say(type="ready", loaded_plugins=sorted(plugins))
        if mode == "ready twice":
            say(type="ready", loaded_plugins=[])
        if mode == "dies when ready":
            os._exit(9)
    elif kind == "reload":
        plugins[request["plugin_name"]] = request["config"]
        say(type="response", request_type="reload", status="success", plugin_name=request["plugin_name"])
    elif kind == "unload":
        say(type="response", request_type="unload", status="error", error="no such plugin")
    elif kind == "get_state":
        say(type="state", current_plugin=None, current_config=plugins, loaded_plugins=sorted(plugins))
    elif kind == "stop":
        if mode == "ignores stop":
            time.sleep(60)
        log("stopped")
        sys.exit(0)
    elif kind == "execute":
        job = request["job_id"]
        ours = dict(type="result", job_id=job, status="success", data={"text": "done", "metadata": {}})
        if request.get("stream"):
            for part in ("Gr\u00fc", "\u00dfe, ", "Welt"):
                say(type="stream_chunk", job_id=job, chunk=part, is_final=False, metadata=None)
            if mode == "wrong job in a chunk":
                say(type="stream_chunk", job_id="other", chunk="x", is_final=False)
            say(type="stream_chunk", job_id=job, chunk="", is_final=True, metadata={"tokens": 3})
            if mode == "chunk after the final one":
                say(type="stream_chunk", job_id=job, chunk="y", is_final=False)
            data = {"": {"streamed": True}, "own text": {"text": "mine"}, "no data": None, "list": [1]}.get(mode, {"streamed": True})
            say(type="result", job_id=job, status="success", data=data)
        elif mode == "plugin fails":
            say(type="result", job_id=job, status="error", error="CUDA out of memory")
        elif mode == "plugin fails in detail":
            say(type="result", job_id=job, status="error", error="x", error_type="KeyError", traceback="T", retriable=False)
        elif mode == "worker fails":
            say(type="error", error="Worker error: queue is broken")
        elif mode == "wrong job":
            say(type="result", job_id="task-122", status="success", data={})
        elif mode == "unknown type":
            say(type="results", job_id=job, status="success", data={})
        elif mode == "unknown status":
            say(type="result", job_id=job, status="ok", data={})
        elif mode == "not JSON":
            print('{"type": "result", "data": NaN}', flush=True)
        elif mode == "too large":
            say(type="result", job_id=job, status="success", data="x" * (17 << 20))
        elif mode == "chunk too large":
            say(type="stream_chunk", job_id=job, chunk="x" * (17 << 20))
        elif mode == "partial":
            sys.stdout.write('{"type": "result", "job_id": "task-1')
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        elif mode == "dies":
            os._exit(7)
        elif mode == "result, then dies":
            say(**ours)
            os._exit(7)
        elif mode == "two results":
            say(**ours)
            say(type="result", job_id=job, status="error", error="second")
        elif mode == "works on":
            time.sleep(60)
        elif mode == "unasked":
            say(type="state", current_plugin="x")
            say(**ours)
        else:
            say(type="result", job_id=job, status="success", data={"request": request, "config": plugins})
