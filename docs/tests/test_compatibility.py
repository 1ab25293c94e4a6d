"""docs/compatibility.md names tests that there are."""

import unittest

from named_tests import ROOT, Tests, missing, named


class CompatibilityTest(unittest.TestCase):
    tests = Tests()

    def test_every_test_that_is_named_is_there(self):
        page = (ROOT / "docs/compatibility.md").read_text("utf-8")
        self.assertGreater(len(list(named(page))), 100)
        self.assertEqual(missing(page, self.tests), [])

    def test_every_row_shows_something_or_says_why_not(self):
        page = (ROOT / "docs/compatibility.md").read_text("utf-8")
        bare = [
            line
            for line in page.splitlines()
            if line.startswith("| ") and line.rstrip("| ").count("|") < 3 and not line.startswith(("| ---", "| behaviour"))
        ]
        self.assertEqual([line for line in bare if not line.split("|")[2].strip().startswith(("not ", "no "))], [])

    def test_each_form_of_name(self):
        there = ("TestVerdicts", "FuzzStream", "CallTest", "CallTest.stateIsKept", "test_task.py", "calls.test.mjs", "state.json")
        for name in (*there, "test_task.py:test_usage", "noise.json: ids are per direction"):
            self.assertTrue(self.tests.has(name), name)

    def test_what_is_not_there_is_noticed(self):
        page = "| a | b |\n| --- | --- |\n| `NoTest` | `TestVerdict`, `CallTest.stateIs`, `test_task.py:test_use`, `x.test.mjs`, `CallTest` |"
        said = missing(page, self.tests)
        self.assertEqual([line.rsplit(" ", 1)[1] for line in said], ["TestVerdict", "CallTest.stateIs", "test_task.py:test_use", "x.test.mjs"])
        self.assertTrue(all(line.startswith("line 3: ") for line in said))

    def test_a_vector_must_be_in_its_file(self):
        self.assertFalse(self.tests.has("noise.json: ids are made up"))
        self.assertFalse(self.tests.has("anything else"))


if __name__ == "__main__":
    unittest.main()
