"""SIGTERM: a worker that does not end by it, one that has nothing to do yet, and one that handles it itself."""

import time
import unittest

from peer import Worker
from programs_in_text import InterruptedTest


class TerminationTest(InterruptedTest):
    def test_a_program_that_will_not_end_ends_with_the_second(self):
        text = "import time\ndef handler(job, ctx):\n  while True:\n    try:\n      ctx.logger.info('started')\n      time.sleep(60)\n    except BaseException: pass"
        worker = self.interrupted(text, Worker.terminate)
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
