"""What goes wrong in a program, and what is said about it."""

import os
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


class ResultTest(ProgramTest):
    def test_what_json_cannot_carry_is_named(self):
        cases = {
            "{'items': [0, 1, 2, {'model': {1, 2}}]}": "result.items[3].model is a set",
            "b'x'": "result is a bytes",
            "{'score': float('nan')}": "result.score is nan, which is not a JSON number",
            "[float('-inf')]": "result[0] is -inf",
            "{'a b': object()}": "result['a b'] is a object",
            "{(1, 2): 3}": "result has the key (1, 2), a tuple",
            "__import__('datetime').date(2026, 1, 1)": "result is a datetime.date",
            "handler": "result is a function",
        }
        for value, message in cases.items():
            with self.subTest(value=value):
                error = self.error(f"def handler(job, ctx): return {value}")
                self.assertEqual(error["data"]["type"], "ResultNotSerializable")
                self.assertIn(message, error["message"])

    def test_values_inside_themselves_and_values_too_deep(self):
        error = self.error("def handler(job, ctx):\n  a = {}\n  a['b'] = [a]\n  return a")
        self.assertIn("result.b[0] contains itself", error["message"])
        for depth in (512, 5000, 200_000):
            error = self.error(f"def handler(job, ctx):\n  a = 1\n  for _ in range({depth}): a = [a]\n  return a")
            self.assertEqual(error["data"]["type"], "ResultNotSerializable")
            self.assertIn("nested more than 511 levels deep", error["message"])
        self.assertTrue(self.result("def handler(job, ctx):\n  a = 1\n  for _ in range(511): a = [a]\n  return a"))

    def test_what_json_can_carry(self):
        text = """
            import collections, dataclasses, enum, typing
            @dataclasses.dataclass
            class Score:
                value: float
                parts: list
                kind: typing.ClassVar[str] = "no field"
            Point = collections.namedtuple("Point", "x y")
            class Level(enum.IntEnum): HIGH = 3
            def handler(job, ctx):
                return {
                    "dataclass": Score(0.5, [Score(1.0, [])]), "tuple": (1, 2), "point": Point(1, 2), "enum": Level.HIGH,
                    1: "int", None: "null", True: "true", 1.5: "float", "big": 2 ** 100, "surrogate": "\\ud800",
                    "wide": [[i] for i in range(1000)],
                }
        """
        self.assertEqual(
            self.result(text),
            {
                "dataclass": {"value": 0.5, "parts": [{"value": 1.0, "parts": []}]},
                "tuple": [1, 2],
                "point": [1, 2],
                "enum": 3,
                # True and 1 are one key of a Python dict
                "1": "true",
                "null": "null",
                "1.5": "float",
                "big": 2**100,
                "surrogate": "\ud800",
                "wide": [[i] for i in range(1000)],
            },
        )

    def test_a_result_longer_than_a_line(self):
        error = self.error("def handler(job, ctx): return 'x' * (17 * 1024 * 1024)")
        self.assertEqual(error["data"]["type"], "ResultTooLarge")
        self.assertIn("16777216", error["message"])

    def test_parameters_that_json_cannot_carry_raise_where_they_are_given(self):
        error = self.error("def handler(job, ctx):\n  ctx.state.set('a', {'b': [1, {2}]})")
        self.assertEqual(error["data"]["type"], "NotSerializable")
        self.assertIn("value.b[1] is a set", error["message"])
        self.assertIn('worker.py", line 2, in handler', error["data"]["stack"])

    def test_parameters_longer_than_a_line(self):
        error = self.error("def handler(job, ctx): ctx.state.set('a', 'x' * (17 * 1024 * 1024))")
        self.assertEqual((error["data"]["type"], error["data"]["code"]), ("RpcError", -32001))


class EndTest(ProgramTest):
    def test_exit_codes_pass_through_after_what_was_said(self):
        for exit_call, code in (
            ("sys.exit(7)", 7),
            ("sys.exit()", 0),
            ("sys.exit('why')", 1),
            ("raise SystemExit(3)", 3),
        ):
            for kind in ("async def", "def"):
                with self.subTest(exit_call=exit_call, kind=kind):
                    worker = self.launch(
                        f"import sys\n{kind} handler(job, ctx):\n  ctx.logger.info('bye')\n  {exit_call}"
                    )
                    worker.execute()
                    bye = worker.receive("ctx.logger.log")
                    worker.silent_for(0.05)
                    self.assertIsNone(worker.process.poll(), "it did not wait for its call")
                    worker.answer(bye, result=None)
                    self.assertEqual(worker.exit_code(), code)

    def test_os_exit_loses_nothing_that_was_said(self):
        worker = self.launch(
            "import os\ndef handler(job, ctx):\n  print('printed')\n  ctx.logger.info('bye')\n  os._exit(7)"
        )
        worker.execute()
        worker.receive("ctx.logger.log")
        self.assertEqual(worker.exit_code(), 7)
        self.assertIn("printed", worker.log)

    def test_a_peer_that_is_gone_ends_the_worker(self):
        worker = self.launch("import time\ndef handler(job, ctx):\n  time.sleep(0.2)\n  ctx.state.get('a')")
        worker.execute()
        worker.process.stdin.close()
        error = worker.receive()["error"]
        self.assertEqual((error["data"]["type"], error["data"]["code"]), ("RpcError", -32002))
        self.assertEqual(worker.exit_code(), 0)

    def test_a_line_of_stdin_far_too_long_is_dropped(self):
        worker = self.launch("def handler(job, ctx): return 1")
        worker.write(b"x" * (40 * 1024 * 1024) + b"\n")
        self.assertEqual(worker.run()["result"], 1)
        self.assertEqual(worker.exit_code(), 0)
        self.assertEqual(worker.log.count("a line of stdin over 16777216 bytes was dropped"), 1)

    def test_a_second_execute_gets_no_answer(self):
        worker = self.launch("def handler(job, ctx): return ctx.state.get('a')")
        worker.execute()
        call = worker.receive("ctx.state.get")
        worker.execute()
        worker.answer(call, result=5)
        self.assertEqual(worker.receive()["result"], 5)
        self.assertEqual(worker.exit_code(), 0)


class StreamsTest(ProgramTest):
    def test_nothing_that_writes_to_stdout_reaches_the_protocol(self):
        text = r"""
            import os, subprocess, sys
            def handler(job, ctx):
                forged = '{"jsonrpc":"2.0","id":1,"result":"forged"}'
                print(forged)
                sys.__stdout__.write(forged + "\n")
                sys.stdout.buffer.write(b"\x00\xff bytes\n")
                os.write(1, forged.encode() + b"\n")
                os.system("echo from a shell")
                subprocess.run([sys.executable, "-c", "print('from a child')"])
                return "genuine"
        """
        worker = self.launch(text)
        self.assertEqual(worker.run()["result"], "genuine")
        self.assertEqual((worker.exit_code(), worker.printed), (0, []))
        self.assertEqual(worker.log.count("forged"), 3)
        for said in ("from a shell", "from a child", "bytes"):
            self.assertIn(said, worker.log)

    def test_stdin_is_empty_for_the_program(self):
        text = "import os, sys\ndef handler(job, ctx): return [sys.stdin.read(), os.popen('cat').read(), ctx.state.get('a')]"
        self.assertEqual(self.result(text, serve=lambda m: {"result": 1}), ["", "", 1])

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "needs /proc")
    def test_started_programs_do_not_hold_the_protocols_pipes(self):
        text = """
            import subprocess, sys
            def handler(job, ctx):
                show = "import os; print([os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if int(n) > 2])"
                return subprocess.run([sys.executable, "-c", show], stdout=subprocess.PIPE, close_fds=False).stdout.decode()
        """
        self.assertNotIn("pipe:", self.result(text))

    def test_forked_children_cannot_speak_for_their_parent(self):
        text = """
            import os
            def handler(job, ctx):
                ctx.logger.info("parent")
                child = os.fork()
                if child == 0:
                    try:
                        ctx.state.get("a")
                    except Exception as e:
                        print(type(e).__name__, e)
                    os._exit(3)
                return [os.waitpid(child, 0)[1] >> 8, ctx.state.get("a")]
        """
        worker = self.launch(text)
        self.assertEqual(worker.run(serve=lambda m: {"result": 1})["result"], [3, 1])
        self.assertEqual(worker.exit_code(), 0)
        self.assertIn("RpcError ctx belongs to the process that forked this one", worker.log)


class TerminationTest(ProgramTest):
    """SIGTERM ends the process promptly, with its cleanup, and with 143."""

    def terminated(self, text):
        worker = self.launch(text)
        worker.execute()
        self.assertEqual(worker.receive("ctx.logger.log")["params"]["message"], "started")
        began = time.monotonic()
        worker.terminate()
        return worker, began

    def test_cleanup_of_every_kind_of_handler(self):
        handlers = {
            "sleeping": "def handler(job, ctx):\n  {}time.sleep(60)",
            "busy": "def handler(job, ctx):\n  {}\n    while True: time.time()",
            "waiting for an answer": "def handler(job, ctx):\n  {}ctx.state.get('a')",
            "async": "async def handler(job, ctx):\n  {}await asyncio.sleep(60)",
            "async and busy": "async def handler(job, ctx):\n  {}\n    while True: time.time()",
            "async, in a thread": "async def handler(job, ctx):\n"
            "  {}await asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)",
        }
        begin = "try:\n    ctx.logger.info('started')\n    "
        for name, handler in handlers.items():
            with self.subTest(handler=name):
                cleanup = "\n  finally:\n    print('cleaned up')\n    ctx.logger.info('cleaned up')"
                worker, began = self.terminated("import asyncio, time\n" + handler.format(begin) + cleanup)
                while True:
                    message = worker.receive()
                    if message["method"] == "ctx.logger.log":
                        break
                self.assertEqual(message["params"]["message"], "cleaned up")
                self.assertEqual(worker.exit_code(), 143)
                self.assertLess(time.monotonic() - began, PATIENCE)
                self.assertIn("cleaned up", worker.log)

    def test_other_tasks_clean_up_too(self):
        text = """
            import asyncio
            async def other():
                try:
                    await asyncio.sleep(60)
                finally:
                    await asyncio.sleep(0.05)
                    print("other cleaned up")
            async def handler(job, ctx):
                task = asyncio.create_task(other())
                await asyncio.sleep(0)
                ctx.logger.info("started")
                await asyncio.sleep(60)
        """
        worker, _ = self.terminated(text)
        self.assertEqual(worker.exit_code(), 143)
        self.assertIn("other cleaned up", worker.log)

    def test_a_program_that_will_not_end_ends_with_the_second(self):
        text = "import time\ndef handler(job, ctx):\n  while True:\n    try:\n      ctx.logger.info('started')\n      time.sleep(60)\n    except BaseException: pass"
        worker, _ = self.terminated(text)
        worker.receive("ctx.logger.log")
        worker.terminate()
        self.assertEqual(worker.exit_code(), -15)

    def test_before_the_job_comes(self):
        worker = self.launch("def handler(job, ctx): return 1\nprint('loaded')")
        while "loaded" not in worker.log:
            time.sleep(0.01)
        time.sleep(0.2)
        worker.terminate()
        self.assertEqual(worker.exit_code(), 143)

    def test_a_program_with_a_handler_of_its_own_keeps_it(self):
        text = """
            import signal, time
            signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
            stopped = []
            def handler(job, ctx):
                ctx.logger.info("started")
                while not stopped:
                    time.sleep(0.01)
                return "stopped in order"
        """
        worker = self.launch(text)
        worker.execute()
        worker.answer(worker.receive("ctx.logger.log"), result=None)
        worker.terminate()
        self.assertEqual(worker.receive()["result"], "stopped in order")
        self.assertEqual(worker.exit_code(), 0)


if __name__ == "__main__":
    unittest.main()
