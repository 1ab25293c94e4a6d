"""What a handler can do besides returning: state, log, events, progress and parts of its result.

In a thread that runs an event loop (an `async` handler) calls return at once with something to `await`; elsewhere (a
plain handler, a worker thread) they wait and return their answer. In both, a call is on its way when the method
returns: it is made whether or not anybody awaits it. The logger and `progress` never wait.
"""

from __future__ import annotations

import threading

from .call import running_loop
from .encoding import NotSerializable, encode
from .pipes import note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from typing import Any

    from .call import Call, Cancelled
    from .rpc import Peer


class State:
    """Values that belong to the flow, or to the job outside a flow."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def get(self, key: str) -> Any:
        """The value, None when there is none."""
        return _answer(self._peer, "ctx.state.get", {"key": key})

    def set(
        self, key: str, value: Any, opts: Mapping[str, Any] | None = None, *, ttl: int | None = None
    ) -> Awaitable[None]:
        """Keeps a JSON value; for `ttl` milliseconds where that is given, here or as `opts["ttl"]`."""
        params: dict[str, Any] = {"key": key, "value": value}
        options = dict(opts or {}) if ttl is None else {**(opts or {}), "ttl": ttl}
        if options:
            params["opts"] = options
        return _answer(self._peer, "ctx.state.set", params)

    def delete(self, key: str) -> Awaitable[None]:
        return _answer(self._peer, "ctx.state.delete", {"key": key})


class Logger:
    """Fire and forget, in order, and never the reason that a job fails."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def log(self, level: str, message: object, metadata: Mapping[str, Any] | None = None) -> None:
        params = {"level": level, "message": str(message), "metadata": metadata or {}}
        # Nobody answers after a cancel, and the last words are worth keeping
        send = self._peer.tell if self._peer.cancelled else self._peer.call
        try:
            send("ctx.logger.log", params)
        except NotSerializable as e:
            note(f"ctx.logger.log: {e}; logged as text instead")
            send("ctx.logger.log", {**params, "metadata": {"text": repr(metadata)}})

    def debug(self, message: object, metadata: Mapping[str, Any] | None = None) -> None:
        self.log("debug", message, metadata)

    def info(self, message: object, metadata: Mapping[str, Any] | None = None) -> None:
        self.log("info", message, metadata)

    def warn(self, message: object, metadata: Mapping[str, Any] | None = None) -> None:
        self.log("warn", message, metadata)

    def error(self, message: object, metadata: Mapping[str, Any] | None = None) -> None:
        self.log("error", message, metadata)

    warning = warn


class Flow:
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def emit(self, trigger: str, payload: Any = None) -> Awaitable[list[Any]]:
        """Emits the event `trigger`; steps that subscribe to it get the payload."""
        return _answer(self._peer, "ctx.flow.emit", {"trigger": trigger, "payload": {} if payload is None else payload})


class Stream:
    """Passes parts of the result on, any JSON, as they come; a handler that yields does so with every value."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._lock = threading.Lock()
        self._count = 0

    def __call__(self, chunk: Any) -> Awaitable[None]:
        return _settled(self.send(chunk)[0])

    def send(self, chunk: Any) -> tuple[Call, str]:
        """The call that is on its way, and the part's JSON."""
        text = encode({"chunk": chunk}, "")[len('{"chunk":') : -1]
        with self._lock:
            call = self._peer.send("ctx.stream", f'{{"index":{self._count},"chunk":{text}}}')
            self._count += 1
        return call, text


class RunContext:
    """The run that the handler is in, and its services."""

    def __init__(self, peer: Peer, context: Mapping[str, Any]) -> None:
        self._peer = peer
        self.jobId: str = context.get("jobId")  # type: ignore[assignment]
        self.queue: str = context.get("queue")  # type: ignore[assignment]
        self.flowId: str | None = context.get("flowId")
        self.flowName: str | None = context.get("flowName")
        self.stepName: str = context.get("stepName")  # type: ignore[assignment]
        self.stepId: str = context.get("stepId")  # type: ignore[assignment]
        self.attempt: int = context.get("attempt")  # type: ignore[assignment]
        self.state = State(peer)
        self.logger = Logger(peer)
        self.flow = Flow(peer)
        self.stream = Stream(peer)

    @property
    def job_id(self) -> str:
        return self.jobId

    @property
    def flow_id(self) -> str | None:
        return self.flowId

    @property
    def flow_name(self) -> str | None:
        return self.flowName

    @property
    def step_name(self) -> str:
        return self.stepName

    @property
    def step_id(self) -> str:
        return self.stepId

    @property
    def cancelled(self) -> Cancelled | None:
        """None until the attempt is over before the handler; then why. For loops that no exception reaches."""
        return self._peer.cancelled

    def emit(self, event: Mapping[str, Any] | str, payload: Any = None) -> Awaitable[list[Any]]:
        """Emits `{"type": "emit", "data": {"name": ..., ...}}`; with a name and a payload it is `flow.emit`."""
        if isinstance(event, str):
            return self.flow.emit(event, payload)
        return _answer(self._peer, "ctx.emit", {"event": event})

    def progress(self, progress: float, message: str | None = None) -> Awaitable[None]:
        """How far the job is, from 0 to 100. Does not wait; `await` it to know that it arrived."""
        params: dict[str, Any] = {"progress": progress}
        if message is not None:
            params["message"] = message
        return self._peer.call("ctx.progress", params)


def _answer(peer: Peer, method: str, params: dict[str, Any]) -> Awaitable[Any]:
    return _settled(peer.call(method, params))


def _settled(call: Call) -> Awaitable[Any]:
    if running_loop() is not None:
        return call
    answer: Awaitable[Any] = call.result()  # what a plain handler gets is the value that another one awaits
    return answer
