"""What a handler did in a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One call as it was sent, such as `ctx.state.set` with `{"key": ..., "value": ..., "opts": {"ttl": ...}}`."""

    method: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Log:
    level: str
    message: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Progress:
    percent: float
    message: str | None = None


@dataclass(frozen=True)
class Emit:
    name: str
    payload: Any


@dataclass(frozen=True)
class WorkerError:
    """The job's error, as it would stand in its status."""

    type: str
    message: str
    stack: str
    code: Any = None
    retriable: bool | None = None


@dataclass
class Outcome:
    """What the handler said, in order, and how it ended: with a result, an error, a cancel or an exit code."""

    state: dict[str, Any] = field(default_factory=dict)
    logs: list[Log] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    emits: list[Emit] = field(default_factory=list)
    # What was yielded, or given to ctx.stream
    parts: list[Any] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    error: WorkerError | None = None
    # The attempt was over before the handler: what it returned or raised then is not told
    cancelled: bool = False
    # Of a handler that ended the process by itself
    exit_code: int | None = None
    _result: Any = None

    @property
    def result(self) -> Any:
        """What the handler returned, as JSON has it; where there is none, an AssertionError that says why."""
        if self.error is not None:
            raise AssertionError(f"the handler has no result, but failed:\n{self.error.stack or self.error.message}")
        if self.cancelled:
            raise AssertionError("the handler has no result: it was cancelled")
        if self.exit_code is not None:
            raise AssertionError(f"the handler has no result: it exited with code {self.exit_code}")
        return self._result
