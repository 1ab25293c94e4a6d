"""Programs written for nuxt-queue run as they are; `train_model`, which they do not define, comes from a file beside them."""

import os
import re
import tempfile
import unittest
from pathlib import Path

from peer import HERE, Worker, launch

_given = Path(os.environ.get("PODWORK_SEEDS") or HERE.parents[3] / "shared" / "seeds")
DOCUMENTS = sorted(_given.glob("00[01]_*.txt")) or [HERE / "seeds" / "000_form.txt"]
HELPER = """
class Model(dict):
    accuracy = 0.95


def train_model(samples):
    return Model(model="of " + str(samples))
"""


def programs():
    for document in DOCUMENTS:
        blocks = re.findall(
            r"```python\n(# server/queues/ml-flow/train_model\.py\n.*?)```", document.read_text("utf-8"), re.S
        )
        assert len(blocks) == 2, f"{document} has {len(blocks)} programs"
        yield from ((document.name, block) for block in blocks)


class SeedsTest(unittest.TestCase):
    def test_both_forms_under_the_launcher(self):
        for name, program in programs():
            with self.subTest(document=name, directly_runnable="__main__" in program):
                self.check(program, lambda path: launch(path))

    def test_the_form_with_a_main_guard_directly(self):
        guarded = [(name, program) for name, program in programs() if "__main__" in program]
        self.assertTrue(guarded)
        for name, program in guarded:
            with self.subTest(document=name):
                self.check(program, lambda path: Worker(path))

    def check(self, program, start):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "train_model.py")
            path.write_text(program, "utf-8")
            Path(folder, "podwork_globals.py").write_text(HELPER)
            calls = []
            with start(path) as worker:
                answer = worker.run(serve=lambda message: calls.append(message) or {"result": None})
                self.assertEqual(worker.exit_code(), 0, worker.log)
            methods = [call["method"] for call in calls]
            params = [call["params"] for call in calls]
            self.assertEqual(methods, ["ctx.logger.log", "ctx.state.set", "ctx.emit"])
            if "run_worker" in program:
                model = {"model": "of {'samples': [1, 2]}"}
                self.assertEqual(params[0]["message"], "Starting training")
                self.assertEqual(params[1], {"key": "model", "value": model})
                self.assertEqual(params[2], {"event": {"type": "emit", "data": {"name": "model.trained"}}})
                self.assertEqual(answer["result"], model)
            else:
                self.assertEqual((params[0]["message"], params[0]["metadata"]), ("Training model", {"samples": 2}))
                self.assertEqual(params[1], {"key": "model_version", "value": "1.0"})
                self.assertEqual(params[2]["event"]["data"], {"name": "model.trained", "accuracy": 0.95})
                self.assertEqual(answer["result"], {"accuracy": 0.95, "version": "1.0"})


if __name__ == "__main__":
    unittest.main()
