"""What a handler meets when its end comes from outside: it is interrupted, its cleanup runs, and the process is gone."""

import unittest

from peer import Worker
from programs_in_text import InterruptedTest

ENDINGS = {"cancel": (Worker.cancel, 130), "SIGTERM": (Worker.terminate, 143)}
HANDLERS = {
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
    "async, in a thread": "async def handler(job, ctx):\n"
    "  {}await asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)",
}
IMPORTS = "import asyncio, subprocess, threading, time\n"
BEGIN = "try:\n    ctx.logger.info('started')\n    "
CLEANUP = "\n  finally:\n    print('cleaned up')\n    ctx.logger.info('last words')"


class InterruptionTest(InterruptedTest):
    def test_every_kind_of_handler_is_interrupted_and_cleans_up(self):
        for ending, (end, code) in ENDINGS.items():
            for name, handler in HANDLERS.items():
                with self.subTest(ending=ending, handler=name):
                    worker = self.interrupted(IMPORTS + handler.format(BEGIN) + CLEANUP, end)
                    message = worker.receive()
                    if message["method"] == "ctx.state.get":
                        message = worker.receive()
                    self.assertEqual(message["params"]["message"], "last words")
                    self.assertEqual("id" in message, ending == "SIGTERM", "nobody answers after a cancel")
                    self.assert_gone(worker, code)
                    self.assertIn("cleaned up", worker.log)
                    self.assertNotIn("Traceback", worker.log)
                    self.assertNotIn("ctx.logger.log failed", worker.log)

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
        for ending, (end, code) in ENDINGS.items():
            with self.subTest(ending=ending):
                worker = self.interrupted(text, end)
                self.assert_gone(worker, code)
                self.assertIn("other cleaned up", worker.log)


if __name__ == "__main__":
    unittest.main()
