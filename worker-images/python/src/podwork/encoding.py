"""Python values as JSON text, and where exactly a value is that JSON cannot carry."""

from __future__ import annotations

import json
import math
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# How deep a message may be nested is 512 levels, and one is the message itself
NESTING_LIMIT = 511


class NotSerializable(TypeError):
    """A value given to `ctx` cannot be written as JSON."""


class ResultNotSerializable(NotSerializable):
    """What the handler returned cannot be written as JSON."""


class ResultTooLarge(ValueError):
    """What the handler returned is longer than a line may be."""


def encode(value: Any, name: str, error: type[NotSerializable] = NotSerializable) -> str:
    """JSON text of `value`, on one line and in ASCII; `name` is what messages call it."""
    try:
        text = json.dumps(value, allow_nan=False, separators=(",", ":"), default=_fields)
        # Every level has a bracket, so that few brackets need no closer look
        if text.count("[") + text.count("{") <= NESTING_LIMIT or not _deeper(value):
            return text
        problem = None
    except (TypeError, ValueError, RecursionError) as e:
        problem = e
    raise error(_culprit(value, name) or f"{name} cannot be written as JSON: {problem}") from None


def _fields(value: Any) -> dict[str, Any]:
    dataclasses = sys.modules.get("dataclasses")
    if dataclasses is None or not dataclasses.is_dataclass(value) or isinstance(value, type):
        raise TypeError(type(value).__name__)
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _members(value: Any) -> list[tuple[Any, Any]]:
    """Keys or positions, and values, of what JSON writes as an object or array."""
    if value is None or isinstance(value, (str, int, float)):
        return []
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, (list, tuple)):
        return list(enumerate(value))
    try:
        return list(_fields(value).items())
    except TypeError:
        return []


def _deeper(value: Any) -> bool:
    level = [value]
    for _ in range(NESTING_LIMIT):
        level = [member for container in level for _, member in _members(container)]
        if not level:
            return False
    return any(isinstance(v, (dict, list, tuple)) or _members(v) for v in level)


def _culprit(value: Any, name: str) -> str | None:
    """The first part of `value`, in the order of writing, that JSON cannot carry: what it is called and why."""
    todo: list[tuple[Any, str, tuple[int, ...]]] = [(value, name, ())]
    while todo:
        value, path, above = todo.pop()
        if value is None or isinstance(value, (str, int)):
            continue
        if isinstance(value, float):
            if not math.isfinite(value):
                return f"{path} is {value}, which is not a JSON number: use None or a string"
            continue
        if id(value) in above:
            return f"{path} contains itself"
        if len(above) >= NESTING_LIMIT:
            return f"{name} is nested more than {NESTING_LIMIT} levels deep"
        members = _members(value)
        if not members and not isinstance(value, (dict, list, tuple)):
            try:
                _fields(value)
            except TypeError:
                kind = type(value)
                full = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
                return f"{path} is a {full}, which JSON cannot carry: convert it to a str, number, list or dict"
        inside = (*above, id(value))
        parts = []
        for key, member in members:
            if not isinstance(value, (list, tuple)) and not isinstance(key, (str, int, float, type(None))):
                return f"{path} has the key {key!r}, a {type(key).__name__}: keys of a JSON object are strings"
            step = f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{key!r}]"
            parts.append((member, f"{path}{step}" if path else str(key), inside))
        todo.extend(reversed(parts))
    return None
