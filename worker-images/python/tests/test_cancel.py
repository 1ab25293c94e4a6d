"""The operator's cancel: the handler is interrupted, its cleanup runs, and the process is gone at once."""

import time
import unittest

from programs_in_text import ProgramTest

PROMPTLY = 3  # with two cores that others use too; it takes milliseconds


class CancelTest(ProgramTest):
    def cancelled(self, text, launch=None):
        """Runs a program until it logs, and cancels it."""
        worker = (launch or self.launch)(text)
        worker.execute()
        self.assertEqual(worker.receive("ctx.logger.log")["params"]["message"], "started")
        self.began = time.monotonic()
        worker.cancel()
        return worker

    def assert_gone(self, worker, code=130):
        self.assertEqual(worker.exit_code(), code, worker.log)
        self.assertLess(time.monotonic() - self.began, PROMPTLY)

    def test_every_kind_of_handler_is_interrupted_and_cleans_up(self):
        handlers = {
            "sleeping": "def handler(job, ctx):\n  {}time.sleep(60)",
            "busy": "def handler(job, ctx):\n  {}\n    while True: time.time()",
            "waiting for an answer": "def handler(job, ctx):\n  {}ctx.state.get('a')",
            "waiting for a child": "def handler(job, ctx):\n"
            "  child = subprocess.Popen(['sleep', '60'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
            "  {}child.wait()",
            "waiting for a thread": "def handler(job, ctx):\n  {}threading.Event().wait()",
            "async": "async def handler(job, ctx):\n  {}await asyncio.sleep(60)",
            "async, waiting for an answer": "async def handler(job, ctx):\n  {}await ctx.state.get('a')",
            "async and busy": "async def handler(job, ctx):\n  {}\n    while True: time.time()",
        }
        begin = "try:\n    ctx.logger.info('started')\n    "
        for name, handler in handlers.items():
            with self.subTest(handler=name):
                cleanup = "\n  finally:\n    print('cleaned up')\n    ctx.logger.info('last words')"
                worker = self.cancelled(
                    "import asyncio, subprocess, threading, time\n" + handler.format(begin) + cleanup
                )
                message = worker.receive()
                if message["method"] == "ctx.state.get":
                    message = worker.receive()
                self.assertEqual(message["params"]["message"], "last words")
                self.assertNotIn("id", message, "nobody would answer")
                self.assert_gone(worker)
                self.assertIn("cleaned up", worker.log)
                self.assertNotIn("Traceback", worker.log)
                self.assertNotIn("ctx.logger.log failed", worker.log)

    def test_the_exception_says_why(self):
        text = """
            import time
            from podwork import Cancelled
            def handler(job, ctx):
                try:
                    assert ctx.cancelled is None
                    ctx.logger.info("started")
                    time.sleep(60)
                except Exception:
                    print("that is for errors")
                except Cancelled as e:
                    print(e.reason, "|", e, "|", ctx.cancelled is e)
        """
        worker = self.cancelled(text)
        self.assert_gone(worker)
        self.assertIn("AttemptTimeout | Worker timeout after 1000ms | True", worker.log)
        self.assertNotIn("that is for errors", worker.log)

    def test_what_a_handler_returns_or_raises_afterwards_is_not_told(self):
        for then in ("return 1", "raise ValueError('while cleaning up')"):
            with self.subTest(then=then):
                text = "import time\ndef handler(job, ctx):\n  try:\n    ctx.logger.info('started')\n    time.sleep(60)\n  finally:\n    "
                worker = self.cancelled(text + then)
                self.assert_gone(worker)
                self.assertEqual("while cleaning up" in worker.log, "raise" in then)

    def test_calls_fail_afterwards(self):
        text = """
            import time
            from podwork import Cancelled, RpcError
            def handler(job, ctx):
                try:
                    ctx.logger.info("started")
                    time.sleep(60)
                except Cancelled:
                    try:
                        ctx.state.set("a", 1)
                    except RpcError as e:
                        print(e.code, e)
        """
        worker = self.cancelled(text)
        self.assert_gone(worker)
        self.assertIn("-32002 this attempt is over: Worker timeout after 1000ms", worker.log)

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
        worker = self.cancelled(text)
        self.assert_gone(worker)
        self.assertIn("other cleaned up", worker.log)

    def test_a_loop_in_a_thread_sees_it(self):
        text = """
            import threading, time
            def work(ctx):
                while not ctx.cancelled:
                    time.sleep(0.01)
                print("thread saw", ctx.cancelled.reason)
                done.set()
            def handler(job, ctx):
                threading.Thread(target=work, args=(ctx,)).start()
                ctx.logger.info("started")
                try:
                    done.wait()
                finally:
                    done.wait()
            done = threading.Event()
        """
        worker = self.cancelled(text)
        self.assert_gone(worker)
        self.assertIn("thread saw AttemptTimeout", worker.log)

    def test_beside_an_event_loop_of_the_program(self):
        handlers = {
            "async": "async def handler(job, ctx):\n  try:\n    ctx.logger.info('started')\n    await asyncio.sleep(60)",
            "plain": "def handler(job, ctx):\n  try:\n    ctx.logger.info('started')\n    while True: time.sleep(0.01)",
        }
        for name, handler in handlers.items():
            with self.subTest(handler=name):
                text = "import asyncio, time\nfrom podwork import run_worker\n" + handler
                text += (
                    "\n  finally: print('cleaned up')\nasync def main(): await run_worker(handler)\nasyncio.run(main())"
                )
                worker = self.cancelled(text, self.start)
                self.assert_gone(worker)
                self.assertIn("cleaned up", worker.log)

    def test_outside_of_the_main_thread(self):
        text = """
            import threading, time
            from podwork import run_worker
            def handler(job, ctx):
                try:
                    ctx.logger.info("started")
                    while True:
                        time.sleep(0.01)
                finally:
                    print("cleaned up")
            thread = threading.Thread(target=run_worker, args=(handler,))
            thread.start()
            thread.join()
        """
        worker = self.cancelled(text, self.start)
        self.assert_gone(worker)
        self.assertIn("cleaned up", worker.log)

    def test_before_the_handler_runs(self):
        worker = self.launch("import time\nprint('loading')\ntime.sleep(0.5)\ndef handler(job, ctx): print('ran')")
        worker.execute()
        worker.cancel()
        self.began = time.monotonic()
        self.assert_gone(worker)
        self.assertNotIn("ran", worker.log)

    def test_one_that_will_not_end_is_left_to_sigterm(self):
        text = "import time\ndef handler(job, ctx):\n  while True:\n    try:\n      ctx.logger.info('started')\n      time.sleep(60)\n    except BaseException as e: print(type(e).__name__)"
        worker = self.cancelled(text)
        worker.receive("ctx.logger.log")
        worker.terminate()
        worker.receive("ctx.logger.log")
        worker.terminate()
        self.assert_gone(worker, -15)
        self.assertIn("Cancelled\nSystemExit\n", worker.log)

    def test_sigterm_during_the_cleanup(self):
        text = """
            import time
            def handler(job, ctx):
                try:
                    ctx.logger.info("started")
                    time.sleep(60)
                finally:
                    ctx.logger.info("cleaning up")
                    time.sleep(60)
        """
        worker = self.cancelled(text)
        worker.receive("ctx.logger.log")
        worker.terminate()
        self.assert_gone(worker, 143)

    def test_odd_cancels(self):
        for params in ({}, [], None, {"reason": 7, "message": ["x"]}):
            with self.subTest(params=params):
                worker = self.launch(
                    "import time\ndef handler(job, ctx):\n  ctx.logger.info('started')\n  time.sleep(60)"
                )
                worker.execute()
                worker.receive("ctx.logger.log")
                worker.send({"jsonrpc": "2.0", "method": "cancel", "params": params})
                worker.send({"jsonrpc": "2.0", "method": "cancel"})
                self.assertEqual(worker.exit_code(), 130)


if __name__ == "__main__":
    unittest.main()
