"""python3 -m unittest: the handler in this process, with services in memory."""

import unittest

from worker import handler

from podwork.testing import run_worker_test


class PriceListTest(unittest.TestCase):
    def test_lines_are_streamed_and_bad_ones_rejected(self):
        outcome = run_worker_test(handler, {"csv": "article,price\nnut,0.10\nbolt,cheap\n"})
        self.assertEqual(outcome.parts, [{"article": "nut", "price": "0.10"}])
        self.assertEqual(outcome.result, {"imported": 1, "rejected": [3]})
        self.assertEqual([(log.level, log.message) for log in outcome.logs], [("warn", "no price")])
        self.assertEqual((outcome.state, outcome.progress[-1].percent), ({"imported": 1}, 100))

    def test_another_header_fails_for_good(self):
        error = run_worker_test(handler, {"csv": "a;b"}).error
        self.assertEqual((error.type, error.retriable), ("BadHeader", False))

    def test_it_stops_when_it_is_cancelled(self):
        prices = "article,price\n" + "nut,0.10\n" * 100
        outcome = run_worker_test(handler, {"csv": prices}, cancel_when=lambda so_far: len(so_far.parts) == 3)
        self.assertTrue(outcome.cancelled)
        self.assertEqual(len(outcome.parts), 3)


if __name__ == "__main__":
    unittest.main()
