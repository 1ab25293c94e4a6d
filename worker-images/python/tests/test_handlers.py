"""How handlers are found and called, and what `ctx` gives them."""

import threading
import unittest

from peer import Worker
from programs_in_text import ProgramTest


class FindingTest(ProgramTest):
    def test_run_of_payload_and_ctx(self):
        self.assertEqual(self.result("def run(payload, ctx): return [payload, ctx.jobId]", data=5), [5, "job-1"])

    def test_one_function_marked_under_another_name(self):
        text = "from podwork import define_worker\n@define_worker\nasync def train(job, ctx): return 'marked'"
        self.assertEqual(self.result(text), "marked")

    def test_several_marked_functions_are_refused_by_name(self):
        text = """
            from podwork import define_worker
            @define_worker
            def one(job, ctx): return 1
            @define_worker
            def two(job, ctx): return 2
        """
        error = self.error(text, exit_code=1)
        self.assertEqual(error["data"]["type"], "HandlerNotFound")
        self.assertIn("one, two", error["message"])

    def test_a_handler_that_is_no_function(self):
        error = self.error("handler = {'a': 1}", exit_code=1)
        self.assertEqual(error["data"]["type"], "HandlerNotFound")
        self.assertIn("handler is a dict", error["message"])

    def test_callable_objects_partials_and_lambdas(self):
        self.assertEqual(self.result("class H:\n  async def __call__(self, job, ctx): return 1\nhandler = H()"), 1)
        self.assertEqual(self.result("import functools\nhandler = functools.partial(lambda a, job, ctx: a, 2)"), 2)

    def test_the_main_guard_does_not_run_and_modules_beside_the_file_are_found(self):
        self.write("value = 7", "beside.py")
        text = "import beside\ndef handler(job, ctx): return [beside.value, __name__]\nif __name__ == '__main__': raise SystemExit(9)"
        self.assertEqual(self.result(text, name="my_worker.py"), [7, "my_worker"])

    def test_file_names_that_are_no_module_names_or_taken(self):
        for name in ("my-worker.py", "json.py", "worker"):
            with self.subTest(name=name):
                self.assertEqual(self.result("def handler(job, ctx): return 1", name=name), 1)

    def test_multiprocessing_finds_the_functions_of_the_file(self):
        text = """
            import multiprocessing
            def square(n): return n * n
            def handler(job, ctx):
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    return pool.map(square, job["data"])
        """
        self.assertEqual(self.result(text, data=[1, 2, 3]), [1, 4, 9])

    def test_arguments_after_the_file_are_the_programs(self):
        worker = Worker("-m", "podwork", self.write("import sys\ndef handler(job, ctx): return sys.argv[1:]"), "a", "b")
        self.addCleanup(worker.__exit__)
        self.assertEqual(worker.run()["result"], ["a", "b"])

    def test_without_a_file_it_says_how_to_call_it(self):
        worker = Worker("-m", "podwork")
        self.addCleanup(worker.__exit__)
        self.assertEqual(worker.exit_code(), 2)
        self.assertIn("usage: python3 -m podwork FILE", worker.log)

    def test_a_module_that_exits_ends_the_process_with_its_code(self):
        worker = self.launch("raise SystemExit(4)")
        self.assertEqual(worker.exit_code(), 4)


class DirectTest(ProgramTest):
    """`python3 FILE`, where the file calls run_worker itself."""

    FORMS = {
        "statement": "run_worker(handler)",
        "asyncio.run": "import asyncio\nasyncio.run(run_worker(handler))",
        "run_until_complete": "import asyncio\nasyncio.new_event_loop().run_until_complete(run_worker(handler))",
        "awaited": "import asyncio\nasync def main(): await run_worker(handler)\nasyncio.run(main())",
    }
    HANDLERS = {
        "async": "async def handler(job, ctx):\n  ctx.logger.info('x')\n  return await ctx.state.get('a')\n",
        "plain": "def handler(job, ctx):\n  ctx.logger.info('x')\n  return ctx.state.get('a')\n",
    }

    def test_every_form_with_every_kind_of_handler(self):
        for handler in self.HANDLERS:
            for form in self.FORMS:
                with self.subTest(handler=handler, form=form):
                    text = "from podwork import run_worker\n" + self.HANDLERS[handler] + self.FORMS[form]
                    worker = self.start(text + "\nprint('went on')")
                    calls = []
                    answer = worker.run(serve=lambda m, calls=calls: calls.append(m["method"]) or {"result": 5})
                    self.assertEqual((answer.get("result"), worker.exit_code()), (5, 0), worker.log)
                    self.assertEqual(calls, ["ctx.logger.log", "ctx.state.get"])
                    self.assertIn("went on", worker.log)

    def test_a_handler_that_raises_under_every_form(self):
        for form in self.FORMS:
            with self.subTest(form=form):
                worker = self.start(
                    "from podwork import run_worker\ndef handler(job, ctx): raise KeyError('no')\n" + self.FORMS[form]
                )
                error = worker.run()["error"]
                self.assertEqual(error["data"]["type"], "KeyError")
                self.assertIn('worker.py", line 2, in handler', error["data"]["stack"])
                self.assertEqual(worker.exit_code(), 0)

    def test_stdin_that_ends_first(self):
        for form in self.FORMS:
            with self.subTest(form=form):
                worker = self.start(
                    "from podwork import run_worker\ndef handler(job, ctx): return 1\n" + self.FORMS[form]
                )
                worker.process.stdin.close()
                self.assertEqual(worker.exit_code(), 0)
                self.assertIn("stdin ended before a job came", worker.log)


class ContextTest(ProgramTest):
    def test_plain_handlers_get_values_without_await(self):
        text = """
            def handler(job, ctx):
                ctx.state.set("a", 1, ttl=500)
                ctx.state.delete("b")
                ctx.progress(10)
                return [ctx.state.get("a") + 1, ctx.emit("n", {"x": 1}), ctx.flow.emit("t")]
        """
        calls = []

        def serve(message):
            calls.append((message["method"], message["params"]))
            return {"result": 41 if message["method"] == "ctx.state.get" else []}

        self.assertEqual(self.result(text, serve=serve), [42, [], []])
        self.assertEqual(
            calls,
            [
                ("ctx.state.set", {"key": "a", "value": 1, "opts": {"ttl": 500}}),
                ("ctx.state.delete", {"key": "b"}),
                ("ctx.progress", {"progress": 10}),
                ("ctx.state.get", {"key": "a"}),
                ("ctx.flow.emit", {"trigger": "n", "payload": {"x": 1}}),
                ("ctx.flow.emit", {"trigger": "t", "payload": {}}),
            ],
        )

    def test_errors_of_services_reach_plain_handlers(self):
        text = """
            from podwork import RpcError
            def handler(job, ctx):
                try:
                    ctx.state.set("", 1)
                except RpcError as e:
                    return [e.code, e.message, str(e), e.data, e.retriable]
        """
        answer = {"error": {"code": -32602, "message": "key: 1 to 253 characters", "data": {"retriable": False}}}
        message = "key: 1 to 253 characters"
        self.assertEqual(
            self.result(text, serve=lambda m: answer), [-32602, message, message, {"retriable": False}, False]
        )

    def test_threads_of_async_handlers_and_helpers_of_asyncio(self):
        text = """
            import asyncio
            async def handler(job, ctx):
                loop = asyncio.get_running_loop()
                in_thread = await loop.run_in_executor(None, ctx.state.get, "a")
                task = asyncio.create_task(ctx.state.get("b"))
                waited = await asyncio.wait_for(ctx.state.get("c"), 5)
                later = ctx.state.get("d")
                await asyncio.sleep(0.05)
                return [in_thread, await task, waited, await later, await later]
        """
        served = self.result(text, serve=lambda m: {"result": m["params"]["key"]})
        self.assertEqual(served, ["a", "b", "c", "d", "d"])

    def test_a_call_given_up_does_not_spoil_the_others(self):
        text = """
            import asyncio
            async def handler(job, ctx):
                try:
                    await asyncio.wait_for(ctx.state.get("slow"), 0.05)
                except asyncio.TimeoutError:
                    return await ctx.state.get("quick")
        """
        worker = self.launch(text)
        worker.execute()
        slow, quick = worker.receive("ctx.state.get"), worker.receive("ctx.state.get")
        worker.answer(quick, result="quick")
        worker.silent_for(0.1)
        worker.answer(slow, result="slow")
        self.assertEqual(worker.receive()["result"], "quick")
        self.assertEqual(worker.exit_code(), 0)

    def test_snake_case_names(self):
        text = "def handler(job, ctx): return [ctx.job_id, ctx.queue, ctx.flow_id, ctx.flow_name, ctx.step_name, ctx.step_id, ctx.attempt]"
        self.assertEqual(self.result(text), ["job-1", "q", None, None, "train", "job-1__train__attempt-1", 1])

    def test_many_threads_at_once(self):
        text = """
            from concurrent.futures import ThreadPoolExecutor
            def handler(job, ctx):
                def count(n):
                    ctx.logger.info("n" * 5000)
                    return ctx.state.get(str(n))
                with ThreadPoolExecutor(16) as pool:
                    return list(pool.map(count, range(300)))
        """
        served = self.result(text, serve=lambda m: {"result": m["params"].get("key")})
        self.assertEqual(served, [str(n) for n in range(300)])

    def test_a_log_that_json_cannot_carry_is_logged_as_text(self):
        logs = []
        text = "def handler(job, ctx): ctx.logger.info(ValueError('why'), {'when': {1, 2}})"
        self.assertIsNone(self.result(text, serve=lambda m: logs.append(m["params"]) or {"result": None}))
        self.assertEqual(logs, [{"level": "info", "message": "why", "metadata": {"text": "{'when': {1, 2}}"}}])

    def test_calls_while_the_peer_does_not_answer_and_does_not_stop_writing(self):
        """Both pipes are full at once, far beyond what a pipe holds: only a worker that always reads gets through."""
        text = "async def handler(job, ctx):\n  for i in range(3000): ctx.logger.info('x' * 1000)\n  return 'through'"
        worker = self.launch(text)
        worker.execute()
        noise = threading.Thread(
            target=lambda: [worker.send({"jsonrpc": "2.0", "id": f"n{i}", "result": "y" * 1000}) for i in range(3000)]
        )
        noise.start()
        for _ in range(2999):
            worker.answer(worker.receive("ctx.logger.log"), result=None)
        noise.join()
        worker.answer(worker.receive("ctx.logger.log"), result=None)
        self.assertEqual(worker.receive()["result"], "through")
        self.assertEqual(worker.exit_code(), 0)


if __name__ == "__main__":
    unittest.main()
