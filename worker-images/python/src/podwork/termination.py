"""The end of a job from outside, while its handler runs: its `finally` blocks run, and the process is gone."""

from __future__ import annotations

import os
import signal
import sys
import threading

from .call import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from .rpc import Peer

TERMINATED = 128 + signal.SIGTERM
CANCELLED = 128 + signal.SIGINT
# Interrupts what the main thread waits for. Where nobody handles it, nothing happens
WAKE = signal.SIGURG


class Termination:
    """While entered, SIGTERM raises SystemExit in the handler, and the operator's cancel `Cancelled`; where the handler
    awaits something, both cancel its task.

    A second SIGTERM kills, whatever the program does. A program that handles SIGTERM itself keeps its handler. Once the
    handler has cleaned up, `leave` ends the process with an exit code, and does not return.
    """

    def __init__(self, peer: Peer, leave: Callable[[int], None]) -> None:
        self.requested = False
        self._peer = peer
        self._leave = leave
        self._exit_code = TERMINATED
        self._thread = threading.get_ident()
        self._worker_thread: int | None = None
        self._handled: list[int] = []
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Termination:
        if threading.current_thread() is threading.main_thread():
            for number, action in ((signal.SIGTERM, self._terminated), (WAKE, self._woken)):
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, action)
                    self._handled.append(number)
            os.register_at_fork(after_in_child=self._restore)
        if self._peer.when_cancelled(self._cancel):
            self._leave(CANCELLED)
        return self

    def __exit__(self, *_: object) -> None:
        self._peer.when_cancelled(None)
        self._restore()
        self.leave_if_requested()

    def leave_if_requested(self) -> None:
        """What a handler returns or raises after its end was asked for is nobody's business any more."""
        if self.requested:
            self._leave(self._exit_code)

    def in_worker_thread(self, handler: Callable[..., Any], *arguments: Any) -> Any:
        """Runs a plain handler beside an event loop, so that it is this thread that is interrupted."""
        self._worker_thread = threading.get_ident()
        try:
            return handler(*arguments)
        finally:
            self._worker_thread = None

    async def finish(self, handling: Any) -> Any:
        """Awaits a handler; when its end was asked for lets every other task clean up, and ends the process from here.

        A loop that is closed in the usual way would wait for blocking calls in worker threads.
        """
        import asyncio

        self._task = asyncio.current_task()
        try:
            return await handling
        finally:
            if self.requested:
                others = asyncio.all_tasks() - {self._task}
                for task in others:
                    task.cancel()
                await asyncio.gather(*others, return_exceptions=True)
                self.leave_if_requested()

    def _cancel(self) -> None:
        """In the thread that reads, which can wake the main thread but not raise in it."""
        if self._worker_thread is None and WAKE in self._handled:
            signal.pthread_kill(self._thread, WAKE)
            return
        self._request(CANCELLED)
        if self._worker_thread is None and self._task is not None:
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        else:
            raise_in(self._worker_thread or self._thread)

    def _woken(self, _number: int, _frame: FrameType | None) -> None:
        if self._peer.cancelled is not None:
            self._unwind(CANCELLED, self._peer.cancelled)

    def _terminated(self, _number: int, _frame: FrameType | None) -> None:
        self._restore()
        self._unwind(TERMINATED, SystemExit(TERMINATED))

    def _unwind(self, exit_code: int, error: BaseException) -> None:
        self._request(exit_code)
        if self._task is not None:
            import asyncio

            # Raised outside of the handler, it would tear the loop down under tasks that have yet to clean up
            loop = self._task.get_loop()
            if asyncio.current_task(loop) is not self._task:
                loop.call_soon_threadsafe(self._task.cancel)
                return
        raise error

    def _request(self, exit_code: int) -> None:
        self.requested, self._exit_code = True, exit_code

    def _restore(self) -> None:
        for number in self._handled:
            signal.signal(number, signal.SIG_DFL)
        self._handled.clear()


def raise_in(thread: int) -> None:
    """Where no signal can: only once the thread does something in Python again."""
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Cancelled))


def leave(exit_code: int) -> None:
    """Ends the process now: threads that still run and exit hooks could take longer than anybody waits."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # closed, or interrupted in the middle of a write
    os._exit(exit_code)
