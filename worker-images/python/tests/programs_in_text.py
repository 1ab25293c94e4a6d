"""Worker programs written down in the test that uses them."""

import tempfile
import textwrap
import time
import unittest
from pathlib import Path

from peer import Worker, launch

PROMPTLY = 3  # with two cores that others use too; it takes milliseconds


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, text, name="worker.py"):
        path = self.folder / name
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    def launch(self, text, name="worker.py", **environment):
        """The program under the launcher."""
        worker = launch(self.write(text, name), **environment)
        self.addCleanup(worker.__exit__)
        return worker

    def start(self, text, name="worker.py", **environment):
        """The program by itself, as `python3 FILE`."""
        worker = Worker(self.write(text, name), **environment)
        self.addCleanup(worker.__exit__)
        return worker

    def error(self, text, name="worker.py", exit_code=0, **environment):
        worker = self.launch(text, name, **environment)
        answer = worker.run()
        self.assertNotIn("result", answer)
        self.assertEqual(worker.exit_code(), exit_code, worker.log)
        return answer["error"]

    def result(self, text, data=None, serve=None, name="worker.py", **environment):
        worker = self.launch(text, name, **environment)
        answer = worker.run(data, serve)
        self.assertEqual(worker.exit_code(), 0, worker.log)
        self.assertIn("result", answer)
        return answer["result"]


class InterruptedTest(ProgramTest):
    """Programs that log that they started, and are ended from outside then."""

    def interrupted(self, text, end, launch=None):
        worker = (launch or self.launch)(text)
        worker.execute()
        self.assertEqual(worker.receive("ctx.logger.log")["params"]["message"], "started")
        self.began = time.monotonic()
        end(worker)
        return worker

    def assert_gone(self, worker, code):
        self.assertEqual(worker.exit_code(), code, worker.log)
        self.assertLess(time.monotonic() - self.began, PROMPTLY)
