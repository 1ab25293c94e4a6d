"""The programs that the protocols are measured with do what their protocol says."""

import json
import os
import socket
import subprocess
import sys
import time
import unittest
import urllib.request

from podwork_bench.protocols import PROGRAMS, show


def start(protocol, **environment):
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", PROGRAMS[protocol]]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment})


def answers(protocol, *lines):
    said, _ = start(protocol).communicate("".join(json.dumps(line) + "\n" for line in lines), timeout=30)
    return [json.loads(line) for line in said.splitlines()]


class ProgramsTest(unittest.TestCase):
    def check(self, times):
        self.assertLessEqual(times["entered"], times["returned"])

    def test_alone_each_says_when_it_would_wait(self):
        for protocol in PROGRAMS:
            said, _ = start(protocol, ALONE="1").communicate(timeout=30)
            self.assertGreater(float(said), 1e9, protocol)

    def test_jsonrpc(self):
        (answer,) = answers("jsonrpc", {"jsonrpc": "2.0", "id": 7, "method": "execute", "params": {}})
        self.assertEqual(answer["id"], 7)
        self.check(answer["result"])

    def test_task(self):
        (answer,) = answers("task", {"id": "a", "type": "b", "params": None})
        self.assertIs(answer["success"], True)
        self.check(answer["result"])

    def test_messages(self):
        ready, result = answers("messages", {"type": "init", "plugin_configs": {}}, {"type": "execute", "job_id": "j"}, {"type": "stop"})
        self.assertEqual((ready["type"], result["job_id"], result["status"]), ("ready", "j", "success"))
        self.check(result["data"])

    def wait_for(self, url, server):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                return urllib.request.urlopen(url).close()
            except OSError:
                self.assertIsNone(server.poll())
                time.sleep(0.02)
        self.fail("it never listened")

    def test_http(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = start("http", PORT=str(port))
        try:
            url = f"http://127.0.0.1:{port}"
            self.wait_for(url + "/health", server)
            with urllib.request.urlopen(url + "/execute", data=b"{}") as answer:
                self.check(json.load(answer))
        finally:
            server.kill()
            server.communicate()


class ShowTest(unittest.TestCase):
    def test_what_a_pod_adds(self):
        figures = {"task": {"bare pod": {"p50": 0.5}, "podwork": {"p50": 0.625}, "end": {"p50": 0.01}}}
        self.assertTrue(show(figures).endswith("| task | 500 ms | 625 ms | 125 ms | 10 ms |"))


if __name__ == "__main__":
    unittest.main()
