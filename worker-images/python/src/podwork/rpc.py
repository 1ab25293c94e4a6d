"""JSON-RPC 2.0 with the peer at the other end of stdin and stdout."""

from __future__ import annotations

import itertools
import json
import os
import sys
import threading

from .encoding import NESTING_LIMIT, encode
from .pipes import LINE_LIMIT, Pipes, note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

METHOD_NOT_FOUND, INVALID_PARAMS, SERVICE_ERROR, ATTEMPT_OVER = -32601, -32602, -32000, -32002


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


def running_loop() -> Any:
    """The event loop that runs in this thread, or None; asyncio is only looked at when the program has loaded it."""
    events = sys.modules.get("asyncio.events")
    return events._get_running_loop() if hasattr(events, "_get_running_loop") else None


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


class Peer:
    """Sends calls, and settles them from a thread that does nothing but read.

    There must always be a reader: a worker that only writes would end up waiting for a peer that waits for it.
    """

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes
        self._ids = itertools.count(1)
        self._changed = threading.Condition()
        self._pending: dict[int, Call] = {}
        self._gone: str | None = None
        # The one `execute` of this process: settled with (id, job, context), or None when stdin ended without one
        self.execution = Call("execute")
        os.register_at_fork(after_in_child=self._abandon)
        threading.Thread(target=self._read, name="podwork-reader", daemon=True).start()

    def call(self, method: str, params: dict[str, Any]) -> Call:
        """Sends a request. Raises NotSerializable for parameters that JSON cannot carry, and nothing else."""
        text = encode(params, "", NESTING_LIMIT - 1)
        call = Call(method)
        number = next(self._ids)
        line = f'{{"jsonrpc":"2.0","id":{number},"method":"{method}","params":{text}}}\n'.encode("ascii")
        if len(line) > LINE_LIMIT:
            call.settle(None, RpcError(INVALID_PARAMS, f"{method}: {len(line)} bytes of JSON; a message may have {LINE_LIMIT}"))
            return call
        with self._changed:
            if self._gone is not None:
                call.settle(None, RpcError(ATTEMPT_OVER, self._gone))
                return call
            self._pending[number] = call
        try:
            self._pipes.write(line)
        except OSError as e:
            self._end(f"the operator cannot be reached: {e}")
        return call

    def answer(self, number: Any, member: str, text: str) -> None:
        """Answers a request of the peer; `member` is `result` or `error`, `text` its JSON."""
        self._pipes.write(f'{{"jsonrpc":"2.0","id":{json.dumps(number)},"{member}":{text}}}\n'.encode("ascii"))

    def drain(self) -> None:
        """Waits until no call is open any more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._pending)

    def _read(self) -> None:
        try:
            for line in self._pipes.lines():
                if line.strip():
                    self._receive(line)
        except OSError as e:
            note(f"stdin cannot be read: {e}")
        self._end("the operator closed the connection")

    def _receive(self, line: bytes) -> None:
        try:
            message = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            note(f"a line of stdin that is no JSON-RPC message was skipped: {line[:100]!r}")
        elif "method" in message:
            self._serve(message)
        else:
            self._settle(message)

    def _settle(self, message: dict[str, Any]) -> None:
        number, error = message.get("id"), message.get("error")
        call = self._pending.get(number) if isinstance(number, int) else None
        if call is None:
            note(f"a response to no open call was skipped (id {number!r})")
            return
        if error is None:
            call.settle(message.get("result"))
        elif isinstance(error, dict):
            code, text = error.get("code"), error.get("message")
            call.settle(None, RpcError(code if isinstance(code, int) else SERVICE_ERROR, str(text), error.get("data")))
        else:
            call.settle(None, RpcError(SERVICE_ERROR, str(error)))
        # The last reference to a call that nobody looks at goes here, so that it is reported before the drain is over
        del call
        with self._changed:
            self._pending.pop(number, None)
            self._changed.notify_all()

    def _serve(self, message: dict[str, Any]) -> None:
        method, params = message["method"], message.get("params")
        if method == "execute" and "id" in message:
            if not isinstance(params, dict) or not isinstance(params.get("job"), dict):
                self._refuse(message, INVALID_PARAMS, "execute: job must be an object")
            elif not isinstance(params.get("context", {}), dict):
                self._refuse(message, INVALID_PARAMS, "execute: context must be an object")
            elif not self.execution.settle((message["id"], params["job"], params.get("context", {}))):
                # An answer would have the id of the first one and could be taken for its result
                note("a second execute was skipped: a worker process runs one job")
        elif "id" in message:
            self._refuse(message, METHOD_NOT_FOUND, f"no such method: {method}")
        else:
            note(f"an unknown notification was skipped: {method!r}")

    def _refuse(self, message: dict[str, Any], code: int, text: str) -> None:
        self.answer(message["id"], "error", json.dumps({"code": code, "message": text}))

    def _end(self, why: str) -> None:
        with self._changed:
            self._gone = why
            for call in self._pending.values():
                call.settle(None, RpcError(ATTEMPT_OVER, why))
            self._pending.clear()
            self._changed.notify_all()
        self.execution.settle(None)

    def _abandon(self) -> None:
        self._changed = threading.Condition()
        self._pending = {}
        self._gone = "ctx belongs to the process that forked this one: call it there"


_peer: Peer | None = None


def connect() -> Peer:
    """The process's one peer; the first call takes stdin and stdout."""
    global _peer
    if _peer is None:
        _peer = Peer(Pipes())
    return _peer
