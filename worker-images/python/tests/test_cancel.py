"""The operator's cancel: what the handler is told, and where it reaches one."""

import json
import time
import unittest

from peer import Worker
from programs_in_text import InterruptedTest


class CancelTest(InterruptedTest):
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
        worker = self.interrupted(text, Worker.cancel)
        self.assert_gone(worker, 130)
        self.assertIn("AttemptTimeout | Worker timeout after 1000ms | True", worker.log)
        self.assertNotIn("that is for errors", worker.log)

    def test_what_a_handler_returns_or_raises_afterwards_is_not_told(self):
        for then in ("return 1", "raise ValueError('while cleaning up')"):
            with self.subTest(then=then):
                text = "import time\ndef handler(job, ctx):\n  try:\n    ctx.logger.info('started')\n    time.sleep(60)\n  finally:\n    "
                worker = self.interrupted(text + then, Worker.cancel)
                self.assert_gone(worker, 130)
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
        worker = self.interrupted(text, Worker.cancel)
        self.assert_gone(worker, 130)
        self.assertIn("-32002 this attempt is over: Worker timeout after 1000ms", worker.log)

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
                try:
                    ctx.logger.info("started")
                    done.wait()
                finally:
                    done.wait()
            done = threading.Event()
        """
        worker = self.interrupted(text, Worker.cancel)
        self.assert_gone(worker, 130)
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
                worker = self.interrupted(text, Worker.cancel, self.start)
                self.assert_gone(worker, 130)
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
        worker = self.interrupted(text, Worker.cancel, self.start)
        self.assert_gone(worker, 130)
        self.assertIn("cleaned up", worker.log)

    def test_before_the_handler_runs(self):
        worker = self.launch("import time\nprint('loading')\ntime.sleep(0.5)\ndef handler(job, ctx): print('ran')")
        worker.execute()
        worker.cancel()
        self.began = time.monotonic()
        self.assert_gone(worker, 130)
        self.assertNotIn("ran", worker.log)

    def test_one_that_will_not_end_is_left_to_sigterm(self):
        text = "import time\ndef handler(job, ctx):\n  while True:\n    try:\n      ctx.logger.info('started')\n      time.sleep(60)\n    except BaseException as e: print(type(e).__name__)"
        worker = self.interrupted(text, Worker.cancel)
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
        worker = self.interrupted(text, Worker.cancel)
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
                # In one write: it may be gone after the first
                twice = (
                    {"jsonrpc": "2.0", "method": "cancel", "params": params},
                    {"jsonrpc": "2.0", "method": "cancel"},
                )
                worker.write("".join(f"{json.dumps(cancel)}\n" for cancel in twice).encode())
                self.assertEqual(worker.exit_code(), 130)


if __name__ == "__main__":
    unittest.main()
