"""SIGTERM while a handler runs: its `finally` blocks run, and the process is gone."""

from __future__ import annotations

import os
import signal
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from types import FrameType
    from typing import Any

EXIT_CODE = 128 + signal.SIGTERM


class Termination:
    """While entered, SIGTERM raises SystemExit in the handler, or cancels it where it awaits something.

    A second SIGTERM kills, whatever the program does. A program that handles SIGTERM itself keeps its handler.
    """

    def __init__(self) -> None:
        self.requested = False
        self._installed = False
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Termination:
        self._installed = (
            threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        )
        if self._installed:
            signal.signal(signal.SIGTERM, self._unwind)
            os.register_at_fork(after_in_child=self._restore)
        return self

    def __exit__(self, *_: object) -> None:
        if self.requested:
            leave()
        self._restore()

    def _restore(self) -> None:
        if self._installed:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _unwind(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True
        self._restore()
        if self._task is not None:
            import asyncio

            # Raised outside of the handler, SystemExit would tear the loop down under tasks that have yet to clean up
            loop = self._task.get_loop()
            if asyncio.current_task(loop) is not self._task:
                loop.call_soon_threadsafe(self._task.cancel)
                return
        raise SystemExit(EXIT_CODE)

    async def finish(self, handling: Any) -> Any:
        """Awaits a handler; after SIGTERM lets every other task clean up too, and ends the process from here.

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
                leave()


def leave() -> None:
    """Ends the process now: threads that still run and exit hooks could take longer than anybody waits."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # closed, or interrupted in the middle of a write
    os._exit(EXIT_CODE)
