"""The launcher for a function in a module: `python3 -m podwork.task MODULE FUNCTION`."""

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from peer import HERE, PATIENCE, SOURCE

TASK = {"id": "task-123", "type": "Scrape", "params": {"video_id": "v"}}
_given = Path(os.environ.get("PODWORK_SEEDS") or HERE.parents[3] / "shared" / "seeds")
SEED = next(iter(sorted(_given.glob("002_*.txt"))), HERE / "seeds" / "002_form.txt")


class TaskTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_task(self, program, *arguments, module="worker"):
        path = self.folder / (module.replace(".", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(program), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "podwork.task", module, *arguments],
            input=json.dumps(TASK).encode(),
            capture_output=True,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": f"{SOURCE}:{self.folder}"},
            timeout=PATIENCE,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def success(self, program, *arguments, **module):
        code, out, err = self.run_task(program, *arguments, **module)
        self.assertEqual(code, 0, err)
        answer = json.loads(out)
        self.assertIs(answer["success"], True)
        return answer["result"]

    def test_programs_of_the_quick_reference_as_they_are(self):
        blocks = [
            block
            for block in re.findall(r"```python\n(.*?)```", SEED.read_text("utf-8"), re.S)
            if "def main" in block and "sys.stdin" in block
        ]
        self.assertEqual(len(blocks), 2, SEED)
        for block in blocks:
            with self.subTest(guarded="__main__" in block):
                # What the program calls without defining it
                (self.folder / "sitecustomize.py").write_text(
                    "import builtins\nbuiltins.process_task = lambda task: {'processed': task['id']}\n"
                )
                self.assertEqual(self.success(block, "main"), {"processed": "task-123"})

    def test_a_module_that_runs_itself_runs_once(self):
        body = """
            import json, sys
            def main():
                task = json.loads(sys.stdin.read())
                print(json.dumps({"success": True, "result": {"once": task["id"]}}))
        """
        for name, ending in {
            "under the guard": "if __name__ == '__main__': main()",
            "on import": "main()",
            "on import, and exits": "main(); sys.exit(0)",
        }.items():
            for arguments in [["main"], []]:
                if ending.startswith("if") or arguments:
                    with self.subTest(name, arguments=arguments):
                        program = textwrap.dedent(body) + ending
                        self.assertEqual(self.success(program, *arguments), {"once": "task-123"})

    def test_a_module_in_a_package(self):
        program = """
            import json, sys
            from . import helper
            def main():
                sys.exit(print(json.dumps({"success": True, "result": [helper.NAME, sys.argv[1:]]})))
        """
        (self.folder / "src" / "workers").mkdir(parents=True)
        (self.folder / "src" / "workers" / "helper.py").write_text("NAME = 'helper'\n")
        self.assertEqual(self.success(program, "main", module="src.workers.scraper"), ["helper", ["main"]])

    def test_stdin_is_read_in_every_way(self):
        for way in [
            "sys.stdin.read()",
            "sys.stdin.buffer.read()",
            "input()",
            "next(iter(sys.stdin))",
            "sys.stdin.readline()",
            "open(0).read()",
        ]:
            with self.subTest(way):
                program = f"""
                    import json, sys
                    def main():
                        print(json.dumps({{"success": True, "result": json.loads({way})}}))
                """
                self.assertEqual(self.success(program, "main"), TASK)

    def test_exit_codes(self):
        for body, code in {
            "return 2": 2,
            "import sys; sys.exit(3)": 3,
            "return True": 0,
            "return 'text'": 0,
            "import os; print('{}'); os._exit(4)": 4,
        }.items():
            with self.subTest(body):
                self.assertEqual(self.run_task(f"def main(): {body}\n", "main")[0], code)

    def test_output_is_not_lost_when_the_process_exits_at_once(self):
        code, out, _ = self.run_task("import os\ndef main():\n    print('{}')\n    os._exit(0)\n", "main")
        self.assertEqual((code, out), (0, "{}\n"))

    def test_a_coroutine(self):
        program = """
            import asyncio, json
            async def main():
                await asyncio.sleep(0)
                print(json.dumps({"success": True, "result": "async"}))
        """
        self.assertEqual(self.success(program, "main"), "async")

    def test_failures_are_told_with_type_and_traceback(self):
        for name, program, kind, message, exit_code in [
            ("exception", "def main():\n    raise KeyError('x')\n", "KeyError", "'x'", 1),
            ("syntax error", "def main(:\n", "SyntaxError", "invalid syntax", 1),
            ("missing module", "import no_such_module\n", "ModuleNotFoundError", "no_such_module", 1),
            ("no function", "x = 1\n", "FunctionNotFound", "defines no function main", 2),
            ("no function either", "main = 1\n", "FunctionNotFound", "has a int, not a function, called main", 2),
        ]:
            with self.subTest(name):
                code, out, err = self.run_task(program, "main")
                answer = json.loads(out)
                self.assertEqual((code, answer["success"], answer["error"]["type"]), (exit_code, False, kind), err)
                self.assertIn(message, answer["error"]["message"])
                if exit_code == 1:
                    self.assertIn("worker.py", answer["error"]["traceback"])
                    self.assertNotIn("podwork", answer["error"]["traceback"])
                    self.assertIn(answer["error"]["traceback"], err)

    def test_an_exception_behind_the_answer_adds_no_second_one(self):
        code, out, err = self.run_task("def main():\n    print('{}')\n    raise ValueError('late')\n", "main")
        self.assertEqual((code, out), (1, "{}\n"))
        self.assertIn("ValueError: late", err)

    def test_usage(self):
        for arguments in [[], ["-h"], ["a", "b", "c"]]:
            done = subprocess.run(
                [sys.executable, "-m", "podwork.task", *arguments],
                capture_output=True,
                env={**os.environ, "PYTHONPATH": str(SOURCE)},
                timeout=PATIENCE,
            )
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"usage:", done.stderr)


if __name__ == "__main__":
    unittest.main()
