"""One job: wait for it, run its handler, wait until what the handler said has arrived, answer."""

from __future__ import annotations

from .call import Cancelled, running_loop
from .context import RunContext
from .encoding import ResultNotSerializable, ResultTooLarge, encode
from .failure import describe
from .loading import supply_globals
from .pipes import LINE_LIMIT, note
from .rpc import connect
from .streaming import Parts, drive, drive_async, is_async, is_plain
from .termination import Termination, leave

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, TypeVar

    from .rpc import Peer

    Config = TypeVar("Config", bound="dict[str, Any]")

# As in inspect, which takes longer to import than all of this package
CO_COROUTINE, CO_ASYNC_GENERATOR = 0x80, 0x200


def define_config(config: Config) -> Config:
    """Names a dict as the worker's configuration; the operator reads the WorkerDefinition instead."""
    return config


def run_worker(handler: Callable[..., Any]) -> Coroutine[Any, Any, None]:
    """Runs the job of this process with `handler`: as a statement, under `asyncio.run(...)`, or awaited.

    Where no event loop runs, the job is over when this returns, and what it returns is a coroutine with nothing left to
    do: so `run_worker(handler)` and `asyncio.run(run_worker(handler))` are the same. Where one runs, await it.
    """
    peer = connect()
    code = getattr(handler, "__code__", None)
    if code is not None:
        supply_globals(handler.__globals__, code.co_filename)
    if running_loop() is not None:
        return _serve_in_loop(peer, handler)
    serve(peer, handler)
    return _Done()


def serve(peer: Peer, handler: Callable[..., Any], leave: Callable[[int], None] = leave) -> None:
    if getattr(getattr(handler, "__code__", None), "co_flags", 0) & (CO_COROUTINE | CO_ASYNC_GENERATOR):
        import asyncio  # the slowest import of all: while the job is still on its way
    with Termination(peer, leave) as termination:
        execution = peer.execution.result()
        if execution is None:
            note("stdin ended before a job came")
            return
        number, job, context = execution
        try:
            ctx = RunContext(peer, context)
            value = _whole(ctx, handler(job, ctx))
            if hasattr(value, "__await__"):
                import asyncio

                value = asyncio.run(termination.finish(_finish(ctx, value)))
            answer = _success(value)
        except (SystemExit, KeyboardInterrupt):
            if not termination.requested:
                peer.drain()
            raise
        except BaseException as e:
            if isinstance(e, Cancelled) and termination.requested:
                raise
            answer = "error", describe(e, handler)
        termination.leave_if_requested()
        peer.drain()
        peer.answer(number, *answer)


async def _serve_in_loop(peer: Peer, handler: Callable[..., Any]) -> None:
    import asyncio
    import inspect

    with Termination(peer, leave) as termination:
        execution = await termination.finish(peer.execution)
        if execution is None:
            note("stdin ended before a job came")
            return
        number, job, context = execution
        loop, ctx = asyncio.get_running_loop(), RunContext(peer, context)
        try:
            if inspect.iscoroutinefunction(handler):
                value = handler(job, ctx)
            else:
                # In a thread of its own, so that it may block and the program's other tasks go on
                run = termination.in_worker_thread
                whole = loop.run_in_executor(None, run, lambda: _whole(ctx, handler(job, ctx)))
                value = await termination.finish(whole)
            if hasattr(value, "__await__"):
                value = await termination.finish(_finish(ctx, value))
            answer = _success(value)
        except (SystemExit, KeyboardInterrupt, asyncio.CancelledError):
            raise
        except BaseException as e:
            answer = "error", describe(e, handler)
        await loop.run_in_executor(None, peer.drain)
        peer.answer(number, *answer)


def _whole(ctx: RunContext, value: Any) -> Any:
    """What a handler gave, or something to await for it; the values that it yields leave as they come."""
    if is_plain(value):
        return drive(ctx.stream, value)
    return drive_async(ctx.stream, value) if is_async(value) else value


async def _finish(ctx: RunContext, value: Any) -> Any:
    value = _whole(ctx, await value)
    return await value if hasattr(value, "__await__") else value


def _success(value: Any) -> tuple[str, str]:
    text = value.json() if isinstance(value, Parts) else encode(value, "result", error=ResultNotSerializable)
    if len(text) > LINE_LIMIT - 1024:
        raise ResultTooLarge(f"the result is {len(text)} bytes of JSON; a line may have {LINE_LIMIT}")
    return "result", text


class _Done:
    """A coroutine that has nothing left to do, and does not mind if nobody awaits it."""

    def __await__(self) -> Any:
        return iter(())

    def send(self, _value: Any) -> Any:
        raise StopIteration

    def throw(self, error: Any, *_: Any) -> Any:
        raise error

    def close(self) -> None:
        pass
