"""stdin and stdout are the protocol's, whatever the program and its children do with them."""

import os
import unittest

from programs_in_text import ProgramTest


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


if __name__ == "__main__":
    unittest.main()
