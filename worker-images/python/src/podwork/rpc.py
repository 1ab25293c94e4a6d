"""JSON-RPC 2.0 with the peer at the other end of stdin and stdout."""

from __future__ import annotations

import itertools
import json
import os
import threading

from .call import Call, Cancelled, RpcError
from .encoding import encode
from .pipes import LINE_LIMIT, Pipes, note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Output(Protocol):
        def write(self, line: bytes) -> None: ...


METHOD_NOT_FOUND, INVALID_PARAMS = -32601, -32602
SERVICE_ERROR, LIMIT_EXCEEDED, ATTEMPT_OVER = -32000, -32001, -32002


class Peer:
    """Sends calls, and settles them as their answers are received."""

    def __init__(self, pipes: Output) -> None:
        self._pipes = pipes
        self._ids = itertools.count(1)
        self._changed = threading.Condition()
        self._pending: dict[int, Call] = {}
        self._gone: str | None = None
        # Why this process's attempt is over, once the operator has said so
        self.cancelled: Cancelled | None = None
        self._on_cancel: Callable[[], None] | None = None
        # The one `execute` of this process: settled with (id, job, context), or None when stdin ended without one
        self.execution = Call("execute")

    def call(self, method: str, params: dict[str, Any]) -> Call:
        """Sends a request. Raises NotSerializable for parameters that JSON cannot carry, and nothing else."""
        return self.send(method, encode(params, ""))

    def send(self, method: str, text: str) -> Call:
        """The same with the parameters' JSON."""
        call = Call(method)
        number = next(self._ids)
        line = f'{{"jsonrpc":"2.0","id":{number},"method":"{method}","params":{text}}}\n'.encode("ascii")
        if len(line) > LINE_LIMIT:
            text = f"{method}: {len(line)} bytes of JSON; a message may have {LINE_LIMIT}"
            call.settle(None, RpcError(LIMIT_EXCEEDED, text))
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

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Sends a notification, whether or not the operator still listens: the shim does."""
        self._pipes.write(f'{{"jsonrpc":"2.0","method":"{method}","params":{encode(params, "")}}}\n'.encode("ascii"))

    def when_cancelled(self, act: Callable[[], None] | None) -> bool:
        """What the reading thread calls then, instead of what it was before. Returns whether that is past already."""
        with self._changed:
            self._on_cancel = act
            return self.cancelled is not None

    def answer(self, number: Any, member: str, text: str) -> None:
        """Answers a request of the peer; `member` is `result` or `error`, `text` its JSON."""
        self._pipes.write(f'{{"jsonrpc":"2.0","id":{json.dumps(number)},"{member}":{text}}}\n'.encode("ascii"))

    def drain(self) -> None:
        """Waits until no call is open any more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._pending)

    def read(self, pipes: Pipes) -> None:
        """Receives all that comes, in a thread that does nothing else.

        There must always be a reader: a worker that only writes would end up waiting for a peer that waits for it.
        """
        os.register_at_fork(after_in_child=self._abandon)
        threading.Thread(target=self._read, args=(pipes,), name="podwork-reader", daemon=True).start()

    def _read(self, pipes: Pipes) -> None:
        try:
            for line in pipes.lines():
                if line.strip():
                    self.receive(line)
        except OSError as e:
            note(f"stdin cannot be read: {e}")
        self._end("the operator closed the connection")

    def receive(self, line: bytes) -> None:
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
        if call is None or not isinstance(number, int):
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
        elif method == "cancel":
            self._cancel(params if isinstance(params, dict) else {})
        else:
            note(f"an unknown notification was skipped: {method!r}")

    def _cancel(self, params: dict[str, Any]) -> None:
        texts = (str(params[name]) for name in ("reason", "message") if name in params)
        with self._changed:
            if self.cancelled is not None:
                return
            self.cancelled, act = Cancelled(*texts), self._on_cancel
        # Before the open calls fail: what interrupts the handler is the cancel, and not what follows from it
        if act is not None:
            act()
        for call in list(self._pending.values()):
            call.excuse()
        self._end(f"this attempt is over: {self.cancelled}")

    def _refuse(self, message: dict[str, Any], code: int, text: str) -> None:
        self.answer(message["id"], "error", json.dumps({"code": code, "message": text}))

    def _end(self, why: str) -> None:
        with self._changed:
            self._gone = self._gone or why
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
        pipes = Pipes()
        _peer = Peer(pipes)
        _peer.read(pipes)
    return _peer
