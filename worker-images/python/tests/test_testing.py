"""The test harness: what it tells of a handler is what the operator would."""

import asyncio
import json
import os
import signal
import threading
import time
import unittest

import peer  # noqa: F401  the package is found by it

from podwork import Cancelled, RpcError, define_worker
from podwork.testing import Call, Emit, Log, Progress, run_worker_test


def plain(job, ctx):
    ctx.logger.info("adding", {"n": len(job["data"])})
    total = sum(job["data"]) + (ctx.state.get("total") or 0)
    ctx.state.set("total", total, ttl=60_000)
    ctx.progress(100, "added")
    ctx.emit("sum.known", {"total": total})
    ctx.flow.emit("done")
    ctx.stream({"total": total})
    return {"total": total, "at": ctx.step_id}


async def asynchronous(job, ctx):
    ctx.logger.info("adding", {"n": len(job["data"])})
    total = sum(job["data"]) + (await ctx.state.get("total") or 0)
    await ctx.state.set("total", total, ttl=60_000)
    await ctx.progress(100, "added")
    await ctx.emit({"type": "emit", "data": {"name": "sum.known", "total": total}})
    await ctx.flow.emit("done")
    await ctx.stream({"total": total})
    return {"total": total, "at": ctx.step_id}


class EveryHandler:
    """A test for each way in which handlers are written, with and without an event loop around it."""

    def run_each(self, handlers, *arguments, **options):
        for handler in handlers:
            with self.subTest(handler=handler.__name__):
                yield run_worker_test(handler, *arguments, **options)
            with self.subTest(handler=handler.__name__, inside="an event loop"):

                async def inside(handler=handler):
                    return run_worker_test(handler, *arguments, **options)

                yield asyncio.run(inside())


class OutcomeTest(EveryHandler, unittest.TestCase):
    def test_everything_that_a_handler_did(self):
        for outcome in self.run_each([plain, asynchronous], [1, 2], state={"total": 4}, context={"flowId": "f"}):
            self.assertEqual(outcome.result, {"total": 7, "at": "f__test__attempt-1"})
            self.assertEqual(outcome.logs, [Log("info", "adding", {"n": 2})])
            self.assertEqual(outcome.progress, [Progress(100, "added")])
            self.assertEqual(outcome.emits, [Emit("sum.known", {"total": 7}), Emit("done", {})])
            self.assertEqual((outcome.parts, outcome.state), ([{"total": 7}], {"total": 7}))
            self.assertIn(Call("ctx.state.set", {"key": "total", "value": 7, "opts": {"ttl": 60_000}}), outcome.calls)
            self.assertEqual((outcome.error, outcome.cancelled, outcome.exit_code), (None, False, None))

    def test_generators(self):
        def generator(job, ctx):
            yield from job["data"]
            return len(job["data"])

        async def async_generator(job, ctx):
            for item in job["data"]:
                yield item

        for outcome in self.run_each([generator], ["a", "b"]):
            self.assertEqual((outcome.parts, outcome.result), (["a", "b"], 2))
        for outcome in self.run_each([async_generator], ["a", "b"]):
            self.assertEqual((outcome.parts, outcome.result), (["a", "b"], ["a", "b"]))

    def test_job_and_context(self):
        outcome = run_worker_test(lambda job, ctx: [job, ctx.attempt, ctx.step_id], 5, job={"id": "j", "attempt": 2})
        job, attempt, step_id = outcome.result
        self.assertEqual((job["id"], job["data"], attempt, step_id), ("j", 5, 2, "j__test__attempt-2"))

    def test_a_marked_handler_is_the_function_itself(self):
        self.assertEqual(run_worker_test(define_worker(lambda job, ctx: 1)).result, 1)

    def test_what_is_given_and_what_comes_back_are_copies(self):
        data, state = {"list": []}, {"kept": []}

        def handler(job, ctx):
            job["data"]["list"].append(1)
            ctx.state.get("kept").append(1)
            value = [1]
            ctx.state.set("new", value)
            value.append(2)
            return value

        outcome = run_worker_test(handler, data, state=state)
        self.assertEqual((data, state), ({"list": []}, {"kept": []}))
        self.assertEqual((outcome.state, outcome.result), ({"kept": [], "new": [1]}, [1, 2]))


class FailureTest(EveryHandler, unittest.TestCase):
    def test_errors(self):
        class OutOfStock(Exception):
            retriable, code = False, "E42"

        def raises(job, ctx):
            ctx.logger.info("last words")
            raise OutOfStock("none left")

        async def raises_later(job, ctx):
            ctx.logger.info("last words")
            raise OutOfStock("none left")

        for outcome in self.run_each([raises, raises_later]):
            error = outcome.error
            self.assertEqual((error.type, error.message, error.code), ("OutOfStock", "none left", "E42"))
            self.assertIs(error.retriable, False)
            self.assertIn("test_testing.py", error.stack)
            self.assertEqual(len(outcome.logs), 1)
            with self.assertRaisesRegex(AssertionError, "(?s)the handler has no result.*none left"):
                outcome.result  # noqa: B018

    def test_results_that_the_operator_would_not_take(self):
        self.assertEqual(run_worker_test(lambda job, ctx: {1}).error.type, "ResultNotSerializable")
        self.assertEqual(run_worker_test(lambda job, ctx: "x" * 300_000).error.type, "ResultTooLarge")

    def test_calls_that_the_operator_would_refuse(self):
        cases = {
            "progress must be a number from 0 to 100": lambda job, ctx: ctx.progress(101).result(),
            "key must be a string of 1 to 253 characters": lambda job, ctx: ctx.state.get(""),
            "opts.ttl must be a whole number from 1": lambda job, ctx: ctx.state.set("a", 1, ttl=0),
            "event.type must be": lambda job, ctx: ctx.emit({"type": "other", "data": {"name": "n"}}),
            "event.data must be an object": lambda job, ctx: ctx.emit({"type": "emit"}),
            "event.data.name must be": lambda job, ctx: ctx.emit({"type": "emit", "data": {}}),
            "trigger must be": lambda job, ctx: ctx.flow.emit(""),
            "value: 262145 bytes": lambda job, ctx: ctx.state.set("a", "x" * (256 * 1024 - 1)),
            "emits of an attempt": lambda job, ctx: ctx.emit("n", "x" * 256 * 1024),
        }
        for message, handler in cases.items():
            with self.subTest(message=message):
                error = run_worker_test(handler).error
                self.assertEqual(error.type, "RpcError")
                self.assertIn(message, error.message)

    def test_services_that_fail(self):
        def handler(job, ctx):
            try:
                return ctx.state.get("a")
            except RpcError as e:
                return [e.code, e.message, e.retriable]

        away = RpcError(-32000, "away", {"retriable": True})
        self.assertEqual(run_worker_test(handler, refuse={"ctx.state.get": away}).result, [-32000, "away", True])

    def test_state_goes_after_its_time(self):
        def handler(job, ctx):
            ctx.state.set("short", 1, ttl=20)
            there = ctx.state.get("short")
            time.sleep(0.05)
            return [there, ctx.state.get("short")]

        outcome = run_worker_test(handler)
        self.assertEqual((outcome.result, outcome.state), ([1, None], {}))

    def test_a_handler_that_exits(self):
        def exits(job, ctx):
            ctx.logger.info("bye")
            raise SystemExit(7)

        async def exits_later(job, ctx):
            ctx.logger.info("bye")
            raise SystemExit(7)

        for outcome in self.run_each([exits, exits_later]):
            self.assertEqual((outcome.exit_code, len(outcome.logs)), (7, 1))


class CancelTest(EveryHandler, unittest.TestCase):
    def test_when_it_has_come_so_far(self):
        def handler(job, ctx):
            try:
                for percent in range(100):
                    ctx.progress(percent)
            except Cancelled as e:
                ctx.logger.info("cleaned up", {"reason": e.reason, "known": ctx.cancelled is not None})

        async def async_handler(job, ctx):
            try:
                for percent in range(100):
                    await ctx.progress(percent)
                    await asyncio.sleep(0)
            finally:
                ctx.logger.info("cleaned up", {"reason": ctx.cancelled.reason, "known": True})

        def generator(job, ctx):
            try:
                for percent in range(100):
                    ctx.progress(percent)
                    yield percent
            finally:
                ctx.logger.info("cleaned up", {"reason": ctx.cancelled.reason, "known": True})

        handlers = [handler, async_handler, generator]
        for outcome in self.run_each(handlers, cancel_when=lambda so_far: len(so_far.progress) == 5):
            self.assertTrue(outcome.cancelled)
            self.assertEqual([progress.percent for progress in outcome.progress], [0, 1, 2, 3, 4])
            self.assertEqual(outcome.logs, [Log("info", "cleaned up", {"reason": "Cancelled", "known": True})])
            with self.assertRaisesRegex(AssertionError, "cancelled"):
                outcome.result  # noqa: B018

    def test_after_a_time(self):
        def handler(job, ctx):
            time.sleep(60)

        async def async_handler(job, ctx):
            await asyncio.sleep(60)

        for one in (handler, async_handler):
            with self.subTest(handler=one.__name__):
                began = time.monotonic()
                self.assertTrue(run_worker_test(one, cancel_after=0.05).cancelled)
                self.assertLess(time.monotonic() - began, 10)

    def test_a_handler_that_ends_first_is_not_cancelled(self):
        before = threading.active_count()
        outcome = run_worker_test(lambda job, ctx: 1, cancel_after=60)
        self.assertEqual((outcome.result, outcome.cancelled), (1, False))
        self.assertEqual(threading.active_count(), before)


class ProcessTest(unittest.TestCase):
    def test_nothing_of_the_tests_process_is_taken(self):
        before = (os.fstat(0).st_ino, os.fstat(1).st_ino, signal.getsignal(signal.SIGTERM), threading.active_count())
        run_worker_test(plain, [1])
        after = (os.fstat(0).st_ino, os.fstat(1).st_ino, signal.getsignal(signal.SIGTERM), threading.active_count())
        self.assertEqual(before, after)

    def test_one_test_after_the_other(self):
        for n in range(50):
            self.assertEqual(run_worker_test(lambda job, ctx: ctx.state.get("a"), state={"a": n}).result, n)

    def test_outcomes_are_json(self):
        json.dumps([call.params for call in run_worker_test(plain, [1]).calls])


if __name__ == "__main__":
    unittest.main()
