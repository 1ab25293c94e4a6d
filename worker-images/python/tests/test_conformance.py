"""Every conversation of the shared conformance vectors, with the launcher and the handlers of programs/."""

import json
import os
import unittest
from pathlib import Path

from peer import HERE, PROGRAMS, launch

VECTORS = Path(os.environ.get("PODWORK_CONFORMANCE", HERE.parent.parent / "conformance")) / "conversations"
ABSENT = object()


def expand(value):
    """A message to send, with its {"$repeat": [...]} written out."""
    if isinstance(value, dict):
        if list(value) == ["$repeat"]:
            text, times = value["$repeat"]
            return text * times
        return {k: expand(v) for k, v in value.items()}
    return [expand(v) for v in value] if isinstance(value, list) else value


def mismatch(pattern, value, program, count, path="message"):
    """Where `value` does not match, or None."""
    if isinstance(pattern, dict) and len(pattern) == 1 and next(iter(pattern)).startswith("$"):
        ((name, argument),) = pattern.items()
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        matches = {
            "$any": lambda: value is not ABSENT,
            "$absent": lambda: value is ABSENT,
            "$nothing": lambda: value is ABSENT or value is None,
            "$empty": lambda: value is ABSENT or value is None or value == {},
            "$string": lambda: isinstance(value, str) and value != "",
            "$id": lambda: isinstance(value, str) or number,
            "$contains": lambda: isinstance(value, str) and all(text in value for text in argument),
            "$program": lambda: isinstance(value, str) and program in value,
            "$repeat": lambda: value == argument[0] * argument[1],
        }[name]()
        return None if matches else f"{path}: {str(value)[:300]!r} does not match {pattern}"
    if isinstance(pattern, dict):
        if not isinstance(value, dict):
            return f"{path}: {str(value)[:300]!r} is no object"
        found = (mismatch(p, value.get(k, ABSENT), program, count, f"{path}.{k}") for k, p in pattern.items())
        return next((m for m in found if m), None)
    if isinstance(pattern, list):
        if not isinstance(value, list) or len(value) != len(pattern):
            return f"{path}: {str(value)[:300]!r} is no array of {len(pattern)}"
        found = (mismatch(p, v, program, count, f"{path}[{i}]") for i, (p, v) in enumerate(zip(pattern, value)))
        return next((m for m in found if m), None)
    if isinstance(pattern, str):
        pattern = pattern.replace("{n}", str(count))
    if value is ABSENT or pattern != value or isinstance(pattern, bool) != isinstance(value, bool):
        return f"{path}: {str(value)[:300]!r} is not {pattern!r}"
    return None


class ConformanceTest(unittest.TestCase):
    def converse(self, conversation):
        program = conversation.get("program", "handlers")
        file = f"{program}.py"
        with launch(PROGRAMS / file, CONFORMANCE_HANDLER=conversation.get("handler", "")) as worker:
            ids, remembered = set(), {}
            for step in conversation["steps"]:
                if "send" in step:
                    worker.send(expand(step["send"]), step.get("chunk"))
                elif "sendText" in step:
                    worker.write(step["sendText"].encode() + b"\n")
                elif "close" in step:
                    worker.process.stdin.close()
                elif "quiet" in step:
                    worker.silent_for(step["quiet"] / 1000)
                elif "expect" in step:
                    for count in range(step.get("times", 1)):
                        message = worker.receive()
                        self.assertIsNone(mismatch(step["expect"], message, file, count))
                        if "method" in message and "id" in message:
                            self.assertNotIn(message["id"], ids, "an id was used twice")
                            ids.add(message["id"])
                        if "as" in step:
                            remembered[step["as"]] = message
                        if "answer" in step:
                            worker.answer(message, **step["answer"])
                elif "answer" in step:
                    outcome = {k: v for k, v in step.items() if k != "answer"}
                    worker.answer(remembered[step["answer"]], **outcome)
                else:
                    self.fail(f"unknown step {step}")
            self.assertEqual(worker.exit_code(), conversation["exit"], worker.log)
            for text in conversation.get("logs", []):
                self.assertIn(text, worker.log)


def _add(topic, conversation):
    def test(self):
        self.converse(conversation)

    test.__doc__ = f"{topic}: {conversation['name']}"
    setattr(ConformanceTest, f"test {topic}: {conversation['name']}", test)


for _file in sorted(VECTORS.glob("*.json")):
    _document = json.loads(_file.read_text("utf-8"))
    for _conversation in _document["conversations"]:
        _add(_file.stem, _conversation)


class VectorsTest(unittest.TestCase):
    def test_the_vectors_are_there(self):
        self.assertGreater(len([name for name in dir(ConformanceTest) if name.startswith("test ")]), 40)


class MatcherTest(unittest.TestCase):
    """A runner that accepts anything would prove nothing."""

    def test_tells_matches_from_mismatches(self):
        for pattern, value, matches in [
            ({"a": 1}, {"a": 1, "b": 2}, True),
            ({"a": 1}, {"b": 1}, False),
            ({"a": 0}, {"a": False}, False),
            ({"a": None}, {}, False),
            ({"a": {"$absent": True}}, {"a": None}, False),
            ({"a": {"$nothing": True}}, {"a": None}, True),
            ({"a": {"$nothing": True}}, {"a": 0}, False),
            ({"a": {"$empty": True}}, {"a": {"b": 1}}, False),
            ({"a": {"$any": True}}, {}, False),
            ({"$id": True}, None, False),
            ({"$contains": ["a", "b"]}, "ba", True),
            ({"$contains": ["a", "c"]}, "ba", False),
            ({"$program": True}, 'File "x/handlers.py"', True),
            ({"$repeat": ["x", 3]}, "xx", False),
            ([1, 2], [1], False),
            ("line {n}", "line 7", True),
            ("line {n}", "line 8", False),
        ]:
            with self.subTest(pattern=pattern, value=value):
                self.assertEqual(mismatch(pattern, value, "handlers.py", 7) is None, matches)


if __name__ == "__main__":
    unittest.main()
