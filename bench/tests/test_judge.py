"""The judge must see each thing that the report says did not happen."""

import unittest

from podwork_faults.judge import judge


def said(job="a", attempt=1, event="end", at=1.0):
    return {"job": job, "attempt": attempt, "event": event, "at": at}


def ended(attempt=1, phase="Succeeded", emits=("began", "finished"), of=None):
    emitted = [{"name": name, "payload": {"attempt": of or attempt}} for name in emits]
    return {"phase": phase, "result": {"attempt": attempt}, "message": "why", "attempts": [{"emits": emitted}]}


def verdict(ends, records):
    counts, wrong = judge(["a"], {"a": ends} if ends else {}, records)
    return {key for key, n in counts.items() if n and key != "jobs"}, wrong


class JudgeTest(unittest.TestCase):
    def test_all_well(self):
        counts, wrong = judge(["a"], {"a": [(3.0, ended())]}, [said(event="begin", at=0.0), said(at=1.0)])
        self.assertEqual((wrong, counts["longest delay"], counts["retried"]), ([], 2.0, 0))

    def test_a_retried_job_is_no_fault(self):
        found, wrong = verdict([(3.0, ended(2))], [said(attempt=1, event="begin"), said(attempt=2, at=3.0)])
        self.assertEqual((found, wrong), ({"retried"}, []))

    def test_a_job_that_never_ends_is_stuck(self):
        self.assertEqual(verdict([], [said()])[0], {"stuck"})

    def test_a_second_end_is_a_doubled_result(self):
        self.assertIn("doubled results", verdict([(1.0, ended(1)), (2.0, ended(2))], [said(), said(attempt=2)])[0])

    def test_a_failed_job_is_lost(self):
        found, wrong = verdict([(1.0, ended(phase="Failed"))], [said()])
        self.assertEqual((found, wrong), ({"lost"}, ["a: lost: Failed: why"]))

    def test_a_result_of_an_attempt_that_did_not_finish_is_lost(self):
        self.assertEqual(verdict([(1.0, ended(2))], [said(attempt=1)])[0], {"lost"})

    def test_a_missing_emit_is_lost(self):
        self.assertEqual(verdict([(1.0, ended(emits=["began"]))], [said()])[0], {"lost"})

    def test_an_emit_twice_is_doubled(self):
        self.assertEqual(verdict([(1.0, ended(emits=["began", "began", "finished"]))], [said()])[0], {"doubled emits"})

    def test_an_emit_of_a_superseded_attempt_is_lost_or_doubled(self):
        self.assertTrue(verdict([(2.0, ended(2, of=1))], [said(attempt=2, at=2.0)])[1])

    def test_that_both_attempts_ran_to_their_end_is_told(self):
        self.assertIn("ran twice", verdict([(3.0, ended(2))], [said(attempt=1), said(attempt=2)])[0])


if __name__ == "__main__":
    unittest.main()
