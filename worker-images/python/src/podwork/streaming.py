"""Handlers that yield: each value is a part of the result, and leaves as it comes."""

from __future__ import annotations

from .encoding import ResultTooLarge
from .pipes import LINE_LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Generator
    from typing import Any

    from .call import Call
    from .context import Stream

# Parts on their way at once: an operator that does not keep up holds the handler up
WINDOW = 32

GENERATOR = type((lambda: (yield))())


def is_plain(value: object) -> bool:
    return isinstance(value, GENERATOR)


def is_async(value: object) -> bool:
    return hasattr(value, "__aiter__")


class Parts:
    """What a handler has yielded: sent, and kept as the result of one that returns nothing else."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._on_their_way: list[Call] = []
        self._kept: list[str] = []
        self._bytes = 0

    def send(self, part: Any) -> Call | None:
        """Returns the call to wait for before the next part, where too many are on their way."""
        call, text = self._stream.send(part)
        self._on_their_way.append(call)
        self._bytes += len(text) + 1
        if self._bytes <= LINE_LIMIT:
            self._kept.append(text)
        else:
            self._kept.clear()
        return self._on_their_way.pop(0) if len(self._on_their_way) >= WINDOW else None

    def rest(self) -> list[Call]:
        return self._on_their_way

    def json(self) -> str:
        if self._bytes > LINE_LIMIT:
            raise ResultTooLarge(
                f"all parts are {self._bytes} bytes of JSON, and a result may have {LINE_LIMIT}: "
                "return a value, and it is the result in their stead"
            )
        return f"[{','.join(self._kept)}]"


def drive(stream: Stream, generator: Generator[Any, None, Any]) -> Any:
    """Runs a generator to its end: what it returns, or its parts where that is nothing."""
    parts = Parts(stream)
    step: Callable[[], Any] = generator.__next__
    while True:
        try:
            part = step()
        except StopIteration as end:
            for call in parts.rest():
                call.result()
            return parts if end.value is None else end.value
        try:
            ahead = parts.send(part)
            if ahead is not None:
                ahead.result()
            step = generator.__next__
        except BaseException as e:
            # Raised where it yields: so its cleanup runs, and the stack names the line
            step = _throwing(generator.throw, e)


async def drive_async(stream: Stream, iterable: AsyncIterable[Any]) -> Any:
    """The same for what is iterated with `async for`, which returns nothing."""
    generator, parts = iterable.__aiter__(), Parts(stream)
    step: Callable[[], Any] = generator.__anext__
    while True:
        try:
            part = await step()
        except StopAsyncIteration:
            for call in parts.rest():
                await call
            return parts
        try:
            ahead = parts.send(part)
            if ahead is not None:
                await ahead
            step = generator.__anext__
        except BaseException as e:
            throw = getattr(generator, "athrow", None)
            if throw is None:
                raise
            step = _throwing(throw, e)


def _throwing(throw: Callable[[BaseException], Any], error: BaseException) -> Callable[[], Any]:
    return lambda: throw(error.with_traceback(None))
