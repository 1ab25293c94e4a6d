"""The programs in the README, and those of the protocol's page, are what they are said to be."""

import importlib
import os
import re
import subprocess
import sys
import unittest

from peer import HERE, SOURCE
from programs_in_text import ProgramTest


class ReadmeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        blocks = re.findall(r"```python\n(# (\S+\.py)\n.*?)```", (HERE.parent / "README.md").read_text("utf-8"), re.S)
        self.programs = {name: text for text, name in blocks}
        for name, text in self.programs.items():
            self.write(text, name)

    def test_the_handler_runs_under_the_launcher(self):
        calls = []
        served = lambda message: calls.append(message["method"]) or {"result": None}  # noqa: E731
        result = self.result(self.programs["train.py"], data={"samples": [1, 2]}, serve=served, name="train.py")
        self.assertEqual(result, {"accuracy": 0.95})
        self.assertEqual(
            {"ctx.logger.log", "ctx.state.get", "ctx.state.set", "ctx.progress", "ctx.flow.emit"}, set(calls)
        )

    def test_its_tests_pass(self):
        sys.path.insert(0, str(self.folder))
        self.addCleanup(sys.path.remove, str(self.folder))
        tests = vars(importlib.import_module("test_train"))
        names = [name for name in tests if name.startswith("test_")]
        self.assertEqual(len(names), 2)
        for name in names:
            tests[name]()

    def test_the_protocols_page(self):
        page = (HERE.parents[2] / "docs" / "workers" / "jsonrpc.md").read_text("utf-8")
        worker, test = re.findall(r"```python\n(.*?)```", page, re.S)
        self.write(worker)
        self.write(test, "test_worker.py")
        done = subprocess.run(
            [sys.executable, "test_worker.py"],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            stderr=subprocess.PIPE,
        )
        self.assertEqual(done.returncode, 0, done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
