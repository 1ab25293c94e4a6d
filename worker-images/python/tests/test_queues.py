"""Workers that were written for queues: `python3 -m podwork.messages`."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from peer import PATIENCE, SOURCE

INIT = {"type": "init", "plugin_configs": {"echo": {"prefix": "> "}}}
STOP = {"type": "stop"}
PLUGINS = """
    import types

    class Manager:
        def __init__(self):
            self.configs = {}
        def discover_plugins(self):
            return [types.SimpleNamespace(name=n) for n in ("echo", "broken", "unused")]
        def load_plugin(self, plugin, config):
            if plugin.name == "broken":
                raise OSError("no weights")
            self.configs[plugin.name] = config
        def execute_plugin(self, name, **params):
            print("a print of the plugin's")
            if params.get("fail"):
                raise KeyError(params["fail"])
            if params.get("set"):
                return {"a": {1, 2}}
            if params.get("thing"):
                return types.SimpleNamespace(text="t", metadata={"m": 1})
            return {"text": self.configs[name]["prefix"] + params["text"], "params": sorted(params)}
        def execute_plugin_stream(self, name, **params):
            for word in params["text"].split():
                yield word
            if params.get("fail"):
                raise RuntimeError("in the middle")
        def reload_plugin(self, name, config=None):
            if name not in self.configs:
                raise LookupError("no such plugin")
            self.configs[name] = config
        def unload_plugin(self, name):
            del self.configs[name]
            print("unloaded", name)
        def check_streaming_support(self, name):
            return name == "echo"

    def shout(result):
        return {"text": str(result).upper()}
"""


def execute(job="job-1", plugin="echo", **params):
    return {"type": "execute", "job_id": job, "plugin_name": plugin, **params}


class MessagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def converse(self, program, arguments, *requests, exit_code=0):
        """What the worker says to requests that are all there at once, and its log."""
        (self.folder / "worker.py").write_text(textwrap.dedent(program), "utf-8")
        text = b"".join(
            request if isinstance(request, bytes) else json.dumps(request).encode() + b"\n" for request in requests
        )
        done = subprocess.run(
            [sys.executable, "-m", "podwork.messages", *arguments],
            input=text,
            capture_output=True,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            timeout=PATIENCE,
        )
        self.assertEqual(done.returncode, exit_code, done.stderr.decode())
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()

    def plugins(self, *requests, options=("--stream",), **more):
        return self.converse(PLUGINS, ["--plugins", "worker:Manager", *options], INIT, *requests, STOP, **more)

    def test_an_entry_point_gets_its_three_queues(self):
        program = """
            import queue
            def entry(request_queue, result_queue, response_queue):
                seen = []
                while True:
                    try:
                        request = request_queue.get(timeout=0.05)
                    except queue.Empty:
                        continue
                    if request["type"] == "stop":
                        break
                    seen.append(request["type"])
                    if request["type"] == "get_state":
                        response_queue.put({"type": "state", "loaded_plugins": seen})
                    else:
                        result_queue.put({"type": "result", "job_id": "j", "status": "success", "data": {"seen": seen}})
                print("a print that is no message")
                result_queue.close(); result_queue.join_thread()
        """
        said, log = self.converse(program, ["worker:entry"], {"type": "execute"}, {"type": "get_state"}, STOP)
        self.assertEqual([message["type"] for message in said], ["result", "state"])
        self.assertEqual(said[1]["loaded_plugins"], ["execute", "get_state"])
        self.assertIn("a print that is no message", log)

    def test_the_end_of_stdin_is_a_request_to_stop_and_stays_one(self):
        program = """
            def entry(requests, results, responses):
                assert [requests.get()["type"] for _ in range(3)] == ["stop"] * 3
                results.put({"type": "ready"})
        """
        said, _ = self.converse(program, ["worker:entry"])
        self.assertEqual(said, [{"type": "ready"}])

    def test_requests_that_are_none_are_told_of(self):
        program = """
            def entry(requests, results, responses):
                results.put(requests.get())
        """
        said, log = self.converse(program, ["worker:entry"], b"nonsense\n", b"[1]\n", {"type": "init"})
        self.assertEqual(said, [{"type": "init"}])
        self.assertIn("podwork: a line of 8 bytes on stdin is not JSON", log)
        self.assertIn("podwork: a request on stdin is a list, not an object", log)

    def test_messages_may_be_objects_and_come_from_any_thread(self):
        program = """
            import threading
            class Result:
                def __init__(self, n): self.n = n
                def to_dict(self): return {"type": "stream_chunk", "chunk": "x" * 5000, "n": self.n}
            def entry(requests, results, responses):
                threads = [threading.Thread(target=lambda n=n: [results.put_nowait(Result(n)) for _ in range(50)]) for n in range(4)]
                [t.start() for t in threads]; [t.join() for t in threads]
        """
        said, _ = self.converse(program, ["worker:entry"])
        self.assertEqual(len(said), 200)

    def test_what_json_cannot_carry_fails_the_job_and_says_where(self):
        program = """
            def entry(requests, results, responses):
                results.put({"type": "result", "job_id": "j", "status": "success", "data": {"items": [{1, 2}]}})
                results.put({"type": "stream_chunk", "job_id": "j", "chunk": float("nan")})
        """
        said, log = self.converse(program, ["worker:entry"])
        self.assertEqual([m["type"] for m in said], ["result", "error"])
        self.assertEqual(
            (said[0]["status"], said[0]["job_id"], said[0]["error_type"]), ("error", "j", "ResultNotSerializable")
        )
        self.assertIn("data.items[0] is a set", said[0]["error"])
        self.assertIn("chunk is nan", said[1]["error"])
        self.assertIn("data.items[0] is a set", log)

    def test_a_worker_that_cannot_start_says_why(self):
        for name, program, entry, kind in [
            ("no module", "", "no_such_module:entry", "ModuleNotFoundError"),
            ("no function", "", "worker:entry", "AttributeError"),
            ("no function either", "entry = 5", "worker:entry", "TypeError"),
            ("syntax error", "def (", "worker:entry", "SyntaxError"),
            ("exception", "def entry(*queues): raise ValueError('x')", "worker:entry", "ValueError"),
            ("no message", "def entry(a, results, b): results.put('text')", "worker:entry", "TypeError"),
        ]:
            with self.subTest(name):
                said, log = self.converse(program, [entry], exit_code=1)
                self.assertEqual([(m["type"], m["error_type"]) for m in said], [("error", kind)])
                self.assertIn(said[0]["traceback"], log)

    def test_plugins_are_served(self):
        said, log = self.plugins(execute(text="hi", beam=5))
        self.assertEqual(said[0], {"type": "ready", "loaded_plugins": ["echo"]})
        self.assertEqual(said[1]["data"], {"text": "> hi", "params": ["beam", "text"]})
        self.assertEqual((said[1]["status"], said[1]["job_id"]), ("success", "job-1"))
        self.assertEqual(len(said), 2)
        self.assertIn("unloaded echo", log)
        self.assertIn("a print of the plugin's", log)

    def test_a_stream_is_asked_for_and_supported_or_none(self):
        said, _ = self.plugins(execute(text="a b", stream=True))
        self.assertEqual([m.get("chunk") for m in said[1:]], ["a", "b", "", None])
        self.assertEqual([m.get("is_final") for m in said[1:]], [False, False, True, None])
        self.assertEqual(said[-1]["data"], {"streamed": True})
        for options, params in [((), {"stream": True}), (("--stream",), {}), (("--stream",), {"stream": False})]:
            said, _ = self.plugins(execute(text="a", **params), options=options)
            self.assertEqual([m["type"] for m in said], ["ready", "result"])

    def test_failures_of_plugins_have_type_and_traceback(self):
        for request, kind in [
            (execute(fail="reason"), "KeyError"),
            (execute(text="a", stream=True, fail=True), "RuntimeError"),
            (execute(plugin="unused", text="a"), "KeyError"),
        ]:
            said, log = self.plugins(request)
            self.assertEqual((said[-1]["status"], said[-1]["error_type"]), ("error", kind))
            self.assertIn("Traceback", said[-1]["traceback"])
            self.assertIn(said[-1]["traceback"], log)

    def test_a_plugin_that_cannot_be_loaded_fails_its_own_jobs_only(self):
        init = {"type": "init", "plugin_configs": {"broken": {}, "echo": {"prefix": ""}}}
        said, log = self.converse(
            PLUGINS, ["--plugins", "worker:Manager"], init, execute(plugin="broken"), execute(text="x"), STOP
        )
        self.assertEqual(said[0]["loaded_plugins"], ["echo"])
        self.assertEqual(
            (said[1]["status"], said[1]["error_type"], said[1]["error"]), ("error", "OSError", "no weights")
        )
        self.assertEqual(said[2]["status"], "success")
        self.assertIn("podwork: the plugin broken cannot be loaded: OSError: no weights", log)

    def test_results_are_made_dicts(self):
        self.assertEqual(self.plugins(execute(thing=True))[0][1]["data"], {"text": "t", "metadata": {"m": 1}})
        said, _ = self.plugins(execute(text="x"), options=("--adapter", "worker:shout"))
        self.assertEqual(said[1]["data"], {"text": "{'TEXT': '> X', 'PARAMS': ['TEXT']}"})
        self.assertEqual(self.plugins(execute(set=True))[0][1]["error_type"], "ResultNotSerializable")

    def test_commands_are_answered(self):
        said, _ = self.plugins(
            {"type": "reload", "plugin_name": "echo", "config": {"prefix": "# "}},
            execute(text="x"),
            {"type": "get_state"},
            {"type": "reload", "plugin_name": "other", "config": {}},
            {"type": "unload", "plugin_name": "echo"},
            {"type": "unload", "plugin_name": "echo"},
            {"type": "get_state"},
            {"type": "dance"},
        )
        self.assertEqual(
            [m.get("status") for m in said[1:]], ["success", "success", None, "error", "success", "error", None]
        )
        self.assertEqual(said[2]["data"]["text"], "# x")
        self.assertEqual(
            (said[3]["current_plugin"], said[3]["current_config"], said[3]["loaded_plugins"]),
            ("echo", {"prefix": "# "}, ["echo"]),
        )
        self.assertEqual((said[4]["request_type"], said[4]["error"]), ("reload", "no such plugin"))
        self.assertEqual((said[7]["current_plugin"], said[7]["loaded_plugins"]), (None, []))

    def test_a_job_before_init_and_an_init_that_fails(self):
        said, _ = self.converse(PLUGINS, ["--plugins", "worker:Manager"], execute(text="x"), STOP)
        self.assertEqual(said[0]["error"], "Plugin manager not initialized. Send init message first.")
        said, _ = self.converse("def factory(): raise OSError('no disk')", ["--plugins", "worker:factory"], INIT, STOP)
        self.assertEqual((said[0]["type"], said[0]["error"]), ("error", "Worker initialization failed: no disk"))

    def test_usage(self):
        for arguments in [
            [],
            ["-h"],
            ["entry"],
            ["worker:"],
            ["a:b", "c:d"],
            ["a:b", "--stream"],
            ["--plugins"],
            ["--adapter", "a:b"],
        ]:
            with self.subTest(arguments):
                _, log = self.converse("", arguments, exit_code=2)
                self.assertIn("usage:", log)


if __name__ == "__main__":
    unittest.main()
