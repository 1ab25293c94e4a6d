"""What JSON can carry, and what is said where it cannot."""

import unittest

from programs_in_text import ProgramTest


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


if __name__ == "__main__":
    unittest.main()
