"""How a worker ends by itself, and what it makes of a peer that does not behave."""

import unittest

from programs_in_text import ProgramTest


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


if __name__ == "__main__":
    unittest.main()
