"""A loop over requests. MODE says what is wrong with it, if anything."""
import json
import os
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
print("a print of the worker's")
print(json.dumps({"print": "of JSON"}), flush=True)
plugins = {}
for line in sys.stdin:
    request = json.loads(line)
    kind = request.pop("type")
    log("%s %s" % (kind, json.dumps(request, sort_keys=True)))
    if kind == "init":
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
            say(type="stream_chunk", job_id=job, chunk="", is_final=True, metadata={"tokens": 3})
            data = {"": {"streamed": True}, "own text": {"text": "mine"}, "no data": None, "list": [1]}.get(mode, {"streamed": True})
            say(type="result", job_id=job, status="success", data=data)
        elif mode == "plugin fails":
            say(type="result", job_id=job, status="error", error="CUDA out of memory")
        elif mode == "plugin fails in detail":
            say(type="result", job_id=job, status="error", error="x", error_type="KeyError", traceback="T", retriable=False)
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
