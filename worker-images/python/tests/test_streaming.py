"""Handlers whose result comes in parts: by `yield`, and by `ctx.stream`."""

import unittest

from peer import Worker
from programs_in_text import InterruptedTest, ProgramTest

FORMS = {
    "a generator": "def handler(job, ctx):\n  for n in range(job['data']): yield {'n': n}",
    "an async generator": "async def handler(job, ctx):\n  for n in range(job['data']): yield {'n': n}",
    "a generator that a handler returns": "def handler(job, ctx): return ({'n': n} for n in range(job['data']))",
    "one that an async handler returns": "async def handler(job, ctx): return ({'n': n} for n in range(job['data']))",
    "an asynchronous iterator": "class Numbers:\n"
    "  def __init__(self, end): self.n, self.end = -1, end\n"
    "  def __aiter__(self): return self\n"
    "  async def __anext__(self):\n"
    "    self.n += 1\n"
    "    if self.n == self.end: raise StopAsyncIteration\n"
    "    return {'n': self.n}\n"
    "def handler(job, ctx): return Numbers(job['data'])",
}
RUN_WORKER = (
    "\nimport asyncio\nfrom podwork import run_worker\nasync def main(): await run_worker(handler)\nasyncio.run(main())"
)


class StreamTest(ProgramTest):
    def parts_and_answer(self, text, data=3, launch=None):
        parts = []

        def serve(message):
            self.assertEqual(message["method"], "ctx.stream")
            parts.append(message["params"])
            return {"result": None}

        worker = (launch or self.launch)(text)
        answer = worker.run(data, serve)
        self.assertEqual(worker.exit_code(), 0, worker.log)
        return parts, answer

    def test_every_form_of_a_handler_that_yields(self):
        for form, text in FORMS.items():
            for launch, end in ((self.launch, ""), (self.start, RUN_WORKER)):
                with self.subTest(form=form, launch=launch.__name__):
                    parts, answer = self.parts_and_answer(text + end, launch=launch)
                    self.assertEqual(parts, [{"index": n, "chunk": {"n": n}} for n in range(3)])
                    self.assertEqual(answer["result"], [{"n": 0}, {"n": 1}, {"n": 2}])

    def test_what_a_generator_returns_is_the_result(self):
        parts, answer = self.parts_and_answer("def handler(job, ctx):\n  yield 'a'\n  return {'count': 1}")
        self.assertEqual(([part["chunk"] for part in parts], answer["result"]), (["a"], {"count": 1}))

    def test_none_at_all(self):
        self.assertEqual(
            self.parts_and_answer("def handler(job, ctx):\n  return\n  yield"), ([], {**ANSWER, "result": []})
        )

    def test_parts_by_hand(self):
        for text in (
            "def handler(job, ctx):\n  ctx.stream('a')\n  ctx.stream(None)\n  return 'b'",
            "async def handler(job, ctx):\n  ctx.stream('a')\n  await ctx.stream(None)\n  return 'b'",
        ):
            parts, answer = self.parts_and_answer(text)
            self.assertEqual(parts, [{"index": 0, "chunk": "a"}, {"index": 1, "chunk": None}])
            self.assertEqual(answer["result"], "b")

    def test_a_part_is_what_it_was_when_it_was_yielded(self):
        _, answer = self.parts_and_answer(
            "def handler(job, ctx):\n  a = []\n  for n in (1, 2):\n    a.append(n)\n    yield a"
        )
        self.assertEqual(answer["result"], [[1], [1, 2]])

    def test_a_part_that_json_cannot_carry_is_refused_where_it_is_yielded(self):
        for kind in ("def", "async def"):
            with self.subTest(kind=kind):
                _, answer = self.parts_and_answer(f"{kind} handler(job, ctx):\n  yield 1\n  yield {{'a': {{1}}}}")
                error = answer["error"]
                self.assertEqual(error["data"]["type"], "NotSerializable")
                self.assertIn("chunk.a is a set", error["message"])
                self.assertIn('worker.py", line 3, in handler', error["data"]["stack"])

    def test_a_part_that_is_refused_fails_the_job(self):
        refusal = {"error": {"code": -32001, "message": "chunk: too large"}}
        for kind in ("def", "async def"):
            with self.subTest(kind=kind):
                worker = self.launch(f"{kind} handler(job, ctx):\n  yield 1\n  ctx.logger.info('went on')")
                answer = worker.run(serve=lambda m: refusal if m["method"] == "ctx.stream" else {"result": None})
                self.assertEqual(answer["error"]["message"], "chunk: too large")
                self.assertEqual(worker.exit_code(), 0)

    def test_an_operator_that_does_not_keep_up_holds_the_handler_up(self):
        for kind in ("def", "async def"):
            with self.subTest(kind=kind):
                worker = self.launch(f"{kind} handler(job, ctx):\n  for n in range(100): yield n")
                worker.execute()
                waiting = [worker.receive("ctx.stream") for _ in range(32)]
                worker.silent_for(0.2)
                worker.answer(waiting.pop(0), result=None)
                waiting.append(worker.receive("ctx.stream"))
                worker.silent_for(0.1)
                while len(waiting) > 0:
                    worker.answer(waiting.pop(0), result=None)
                    message = worker.receive()
                    if "method" not in message:
                        break
                    waiting.append(message)
                    if message["params"]["chunk"] == 99:
                        for part in waiting:
                            worker.answer(part, result=None)
                        message = worker.receive()
                        break
                self.assertEqual(message["result"], list(range(100)))
                self.assertEqual(worker.exit_code(), 0)

    def test_parts_of_more_than_a_result_may_have(self):
        text = "def handler(job, ctx):\n  for n in range(20): yield 'x' * 1024 * 1024\n"
        _, answer = self.parts_and_answer(text)
        self.assertEqual(answer["error"]["data"]["type"], "ResultTooLarge")
        self.assertIn("return a value", answer["error"]["message"])
        parts, answer = self.parts_and_answer(text + "  return 'done'")
        self.assertEqual((len(parts), answer["result"]), (20, "done"))

    def test_a_generator_that_raises(self):
        _, answer = self.parts_and_answer("def handler(job, ctx):\n  yield 1\n  raise KeyError('why')")
        self.assertEqual(answer["error"]["data"]["type"], "KeyError")
        self.assertIn('worker.py", line 3, in handler', answer["error"]["data"]["stack"].splitlines()[1])


ANSWER = {"jsonrpc": "2.0", "id": 1}


class CancelledStreamTest(InterruptedTest):
    """The operator does not answer the parts, so that the handler waits at its yield."""

    def test_the_generator_cleans_up_where_it_yields(self):
        handlers = {
            "a generator": "def handler(job, ctx):\n  try:\n    ctx.logger.info('started')\n    while True: yield 1\n",
            "an async generator": "async def handler(job, ctx):\n"
            "  try:\n    ctx.logger.info('started')\n    while True: yield 1\n",
        }
        for name, text in handlers.items():
            for launch, end in ((self.launch, ""), (self.start, RUN_WORKER)):
                with self.subTest(handler=name, launch=launch.__name__):
                    text_with_cleanup = (
                        text + "  except BaseException as e: print(type(e).__name__, 'cleaned up')" + end
                    )
                    worker = self.interrupted(text_with_cleanup, self.cancel_at_the_last_part, launch)
                    self.assert_gone(worker, 130)
                    self.assertRegex(worker.log, "(Cancelled|CancelledError) cleaned up")

    @staticmethod
    def cancel_at_the_last_part(worker):
        for _ in range(32):
            worker.receive("ctx.stream")
        Worker.cancel(worker)


if __name__ == "__main__":
    unittest.main()
