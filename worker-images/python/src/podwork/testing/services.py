"""The operator's services in memory, with its checks and its limits."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Mapping

from ..call import RpcError
from ..rpc import INVALID_PARAMS, LIMIT_EXCEEDED, METHOD_NOT_FOUND
from .outcome import Call, Emit, Log, Outcome, Progress

LEVELS = ("debug", "info", "warn", "error")
NAME_LENGTH = 253
VALUE_BYTES = EMITS_BYTES = RESULT_BYTES = 256 * 1024
_ABSENT = object()


class Services:
    """Serves calls, and notes them in an outcome."""

    def __init__(self, outcome: Outcome, state: Mapping[str, Any], refuse: Mapping[str, RpcError]) -> None:
        self._outcome = outcome
        self._refuse = refuse
        # value and the time when it goes
        self._entries: dict[str, tuple[Any, float | None]] = {key: (value, None) for key, value in state.items()}
        self._emitted = 0
        self._methods: dict[str, Callable[[dict[str, Any]], Any]] = {
            "ctx.state.get": self._get,
            "ctx.state.set": self._set,
            "ctx.state.delete": self._delete,
            "ctx.logger.log": self._log,
            "ctx.progress": self._progress,
            "ctx.emit": self._emit,
            "ctx.flow.emit": self._flow_emit,
            "ctx.stream": self._stream,
        }
        self._refresh()

    def serve(self, method: str, params: dict[str, Any]) -> Any:
        self._outcome.calls.append(Call(method, params))
        serve = self._methods.get(method)
        if serve is None:
            raise RpcError(METHOD_NOT_FOUND, f"no such method: {method}")
        if method in self._refuse:
            raise self._refuse[method]
        return serve(params)

    def _get(self, params: dict[str, Any]) -> Any:
        self._refresh()
        return self._outcome.state.get(_name(params, "key"))

    def _set(self, params: dict[str, Any]) -> None:
        key, value = _name(params, "key"), _present(params, "value")
        if size(value) > VALUE_BYTES:
            raise RpcError(LIMIT_EXCEEDED, f"value: {size(value)} bytes of JSON; a value may have {VALUE_BYTES}")
        ttl = _object(params, "opts").get("ttl")
        if ttl is not None and (isinstance(ttl, bool) or not isinstance(ttl, (int, float)) or ttl < 1 or ttl % 1):
            raise _must("opts.ttl", "a whole number from 1")
        self._entries[key] = value, None if ttl is None else time.monotonic() + ttl / 1000
        self._refresh()

    def _delete(self, params: dict[str, Any]) -> None:
        self._entries.pop(_name(params, "key"), None)
        self._refresh()

    def _refresh(self) -> None:
        now = time.monotonic()
        self._entries = {k: (v, end) for k, (v, end) in self._entries.items() if end is None or end > now}
        self._outcome.state.clear()
        self._outcome.state.update((key, value) for key, (value, _) in self._entries.items())

    def _log(self, params: dict[str, Any]) -> None:
        if params.get("level") not in LEVELS:
            raise _must("level", "debug, info, warn or error")
        self._outcome.logs.append(Log(params["level"], _text(params, "message"), _object(params, "metadata")))

    def _progress(self, params: dict[str, Any]) -> None:
        percent = params.get("progress")
        if isinstance(percent, bool) or not isinstance(percent, (int, float)) or not 0 <= percent <= 100:
            raise _must("progress", "a number from 0 to 100")
        message = None if params.get("message") is None else _text(params, "message")
        self._outcome.progress.append(Progress(percent, message))

    def _emit(self, params: dict[str, Any]) -> Any:
        event = params.get("event")
        if not isinstance(event, dict):
            raise _must("event", "an object")
        if event.get("type") != "emit":
            raise _must("event.type", '"emit"')
        if not isinstance(event.get("data"), dict):
            raise _must("event.data", "an object")
        name = _name(event["data"], "name", "event.data.name")
        return self._emitted_once(Emit(name, {k: v for k, v in event["data"].items() if k != "name"}))

    def _flow_emit(self, params: dict[str, Any]) -> Any:
        return self._emitted_once(Emit(_name(params, "trigger"), params.get("payload", {})))

    def _emitted_once(self, emit: Emit) -> Any:
        self._emitted += size(emit.name) + size(emit.payload)
        if self._emitted > EMITS_BYTES:
            raise RpcError(LIMIT_EXCEEDED, f"the emits of an attempt may be {EMITS_BYTES} bytes in all")
        self._outcome.emits.append(emit)
        return []

    def _stream(self, params: dict[str, Any]) -> None:
        self._outcome.parts.append(_present(params, "chunk"))


def size(value: Any) -> int:
    """Bytes of JSON, as the operator writes it."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _must(name: str, be: str) -> RpcError:
    return RpcError(INVALID_PARAMS, f"{name} must be {be}")


def _name(params: dict[str, Any], member: str, called: str | None = None) -> str:
    value = params.get(member)
    if not isinstance(value, str) or not 1 <= len(value) <= NAME_LENGTH:
        raise _must(called or member, f"a string of 1 to {NAME_LENGTH} characters")
    return value


def _text(params: dict[str, Any], member: str) -> str:
    value = params.get(member)
    if not isinstance(value, str):
        raise _must(member, "a string")
    return value


def _object(params: dict[str, Any], member: str) -> dict[str, Any]:
    value = params.get(member)
    if value is not None and not isinstance(value, dict):
        raise _must(member, "an object")
    return value or {}


def _present(params: dict[str, Any], member: str) -> Any:
    value = params.get(member, _ABSENT)
    if value is _ABSENT:
        raise _must(member, "there (null is a value)")
    return value
