"""What goes wrong while a program is loaded or a handler runs, and what is said about it."""

import time
import unittest

from peer import PATIENCE, launch
from programs_in_text import ProgramTest


class RaiseTest(ProgramTest):
    def test_type_message_and_a_stack_of_the_programs_own_frames(self):
        for kind in ("async def", "def"):
            with self.subTest(kind=kind):
                error = self.error(f"def train(x):\n    return 1 / x\n\n{kind} handler(job, ctx):\n    train(0)\n")
                self.assertEqual((error["code"], error["message"]), (-32000, "division by zero"))
                stack = error["data"]["stack"]
                self.assertEqual(error["data"]["type"], "ZeroDivisionError")
                self.assertTrue(stack.startswith("Traceback"), stack)
                self.assertIn('worker.py", line 5, in handler', stack.splitlines()[1])
                self.assertIn('worker.py", line 2, in train', stack)
                self.assertNotIn("asyncio", stack)
                self.assertNotIn("podwork/", stack)
                self.assertNotIn("retriable", error["data"])

    def test_the_stack_is_in_the_log_too(self):
        worker = self.launch("def handler(job, ctx): raise ValueError('why')")
        worker.run()
        worker.exit_code()
        self.assertIn('worker.py", line 1, in handler', worker.log)

    def test_causes_are_told(self):
        error = self.error(
            "def handler(job, ctx):\n  try: {}['a']\n  except KeyError as e: raise ValueError('b') from e"
        )
        self.assertIn("KeyError: 'a'", error["data"]["stack"])

    def test_retriable_and_code_are_told_when_they_are_such(self):
        text = "class E(Exception): retriable, code = {}\ndef handler(job, ctx): raise E('x')"
        data = self.error(text.format("True, 7"))["data"]
        self.assertEqual((data["retriable"], data["code"]), (True, 7))
        data = self.error(text.format("'maybe', object()"))["data"]
        self.assertEqual(set(data), {"type", "stack"})

    def test_errors_with_no_message_or_an_unreadable_one(self):
        self.assertEqual(self.error("def handler(job, ctx): assert False")["message"], "AssertionError")
        text = "class E(Exception):\n  def __str__(self): raise OSError\ndef handler(job, ctx): raise E"
        self.assertIn("E (its message cannot be read: OSError)", self.error(text)["message"])

    def test_a_message_of_ten_megabytes_is_cut(self):
        error = self.error("def handler(job, ctx): raise ValueError('a' + 'x' * 10_000_000 + 'z')")
        self.assertLess(len(error["message"]), 70_000)
        self.assertTrue(error["message"].startswith("ax") and error["message"].endswith("xz"))

    def test_endless_recursion(self):
        error = self.error("def deeper(n): return deeper(n + 1)\ndef handler(job, ctx): return deeper(0)")
        self.assertEqual(error["data"]["type"], "RecursionError")

    def test_a_handler_with_too_few_parameters_is_named_with_file_and_line(self):
        error = self.error("\n\ndef handler(job): return 1")
        self.assertEqual(error["data"]["type"], "TypeError")
        self.assertIn('worker.py", line 3, in handler', error["data"]["stack"])

    def test_a_cancelled_task_of_the_programs_own(self):
        text = """
            import asyncio
            async def handler(job, ctx):
                task = asyncio.create_task(asyncio.sleep(9))
                task.cancel()
                await task
        """
        self.assertEqual(self.error(text)["data"]["type"], "CancelledError")


class LoadTest(ProgramTest):
    def test_each_failure_is_told_at_once(self):
        cases = [
            ("def handler(job, ctx):\n    return (", "SyntaxError", 'worker.py", line 2'),
            ("x = 1\nimport no_such_module\ndef handler(job, ctx): pass", "ModuleNotFoundError", 'worker.py", line 2'),
            ("def helper(job, ctx): pass", "HandlerNotFound", "worker.py defines no handler"),
            ("x = undefined_name\ndef handler(job, ctx): pass", "NameError", 'worker.py", line 1'),
        ]
        for text, kind, where in cases:
            with self.subTest(kind=kind):
                began = time.monotonic()
                error = self.error(text, exit_code=1)
                self.assertEqual(error["data"]["type"], kind)
                self.assertIn(where, error["data"]["stack"])
                self.assertNotIn("podwork/", error["data"]["stack"])
                self.assertLess(time.monotonic() - began, PATIENCE)

    def test_a_file_that_is_not_there_or_is_a_folder(self):
        for path, kind in ((self.folder / "none.py", "FileNotFoundError"), (self.folder, "IsADirectoryError")):
            worker = launch(path)
            self.addCleanup(worker.__exit__)
            error = worker.run()["error"]
            self.assertEqual((error["data"]["type"], worker.exit_code()), (kind, 1))
            self.assertIn(str(path), error["message"])

    def test_a_failure_is_in_the_log_before_the_job_comes(self):
        worker = self.launch("import no_such_module")
        worker.process.stdin.close()
        self.assertEqual(worker.exit_code(), 1)
        self.assertIn("No module named 'no_such_module'", worker.log)


if __name__ == "__main__":
    unittest.main()
