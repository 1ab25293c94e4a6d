"""One request to the peer, from its sending to its answer."""

from __future__ import annotations

import sys
import threading

from .pipes import note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any


class RpcError(Exception):
    """A service refused a call, or could not be reached."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(code, message, data)
        self.code, self.message, self.data = code, message, data

    def __str__(self) -> str:
        return self.message

    @property
    def retriable(self) -> bool | None:
        return self.data.get("retriable") if isinstance(self.data, dict) else None


class Cancelled(BaseException):
    """The attempt is over before its handler: a limit passed, or somebody ended the job.

    `reason` is one word, such as `AttemptTimeout` or `Cancelled`; the text is for people.
    """

    def __init__(self, reason: str = "Cancelled", message: str = "The job was cancelled") -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


def running_loop() -> Any:
    """The event loop that runs in this thread, or None; asyncio is only looked at when the program has loaded it."""
    current = getattr(sys.modules.get("asyncio.events"), "_get_running_loop", None)
    return None if current is None else current()


class Call:
    """A request that is on its way already. `await` it or take its `result()`; or neither, and it is made all the same.

    It passes for a coroutine, so that `asyncio.create_task` and `asyncio.run` take it too.
    """

    def __init__(self, method: str) -> None:
        self._method = method
        self._lock = threading.Lock()
        self._settled = False
        self._value: Any = None
        self._error: RpcError | None = None
        self._observed = False
        self._waiting: list[Callable[[], None]] = []
        self._steps: Generator[Any, None, Any] | None = None

    def settle(self, value: Any, error: RpcError | None = None) -> bool:
        with self._lock:
            if self._settled:
                return False
            self._settled, self._value, self._error = True, value, error
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()
        return True

    def excuse(self) -> None:
        """Nobody need be told if it fails from here on."""
        self._observed = True

    def wait(self) -> None:
        if not self._settled:
            settled = threading.Lock()
            settled.acquire()
            self._when_settled(settled.release)
            settled.acquire()

    def result(self) -> Any:
        """The answer; waits for it. In a thread that runs an event loop, use `await`."""
        self._observed = True
        self.wait()
        if self._error is not None:
            raise self._error
        return self._value

    def __await__(self) -> Generator[Any, None, Any]:
        self._observed = True
        if not self._settled:
            loop = running_loop()
            future = loop.create_future()

            def wake() -> None:
                try:
                    loop.call_soon_threadsafe(lambda: future.done() or future.set_result(None))
                except RuntimeError:
                    pass  # the loop was closed: nobody waits there any more

            self._when_settled(wake)
            yield from future
        return self.result()

    def send(self, value: Any) -> Any:
        return self._stepping().send(value)

    def throw(self, *error: Any) -> Any:
        return self._stepping().throw(*error)

    def close(self) -> None:
        self._stepping().close()

    def _stepping(self) -> Generator[Any, None, Any]:
        if self._steps is None:
            self._steps = self.__await__()
        return self._steps

    def _when_settled(self, wake: Callable[[], None]) -> None:
        with self._lock:
            if not self._settled:
                self._waiting.append(wake)
                return
        wake()

    def __del__(self) -> None:
        if self._error is not None and not self._observed:
            note(f"{self._method} failed: {self._error} ({self._error.code})")
