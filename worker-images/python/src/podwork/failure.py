"""Exceptions as the error of an answer: type, message, and a stack that begins in the program's own code."""

from __future__ import annotations

import json
import os
import sys

from .encoding import ResultNotSerializable
from .rpc import SERVICE_ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

TEXT_LIMIT = 64 * 1024


def describe(error: BaseException, handler: Any = None) -> str:
    """JSON text of the error, for the answer; its stack goes to the log too.

    `handler` is named where no frame of the program is on the stack.
    """
    stack = _clip(_stack(error, handler))
    print(stack, end="", file=sys.stderr, flush=True)
    data: dict[str, Any] = {"type": type(error).__name__, "stack": stack}
    code, retriable = getattr(error, "code", None), getattr(error, "retriable", None)
    if isinstance(code, (str, int)):
        data["code"] = code
    if isinstance(retriable, bool):
        data["retriable"] = retriable
    return json.dumps({"code": SERVICE_ERROR, "message": _clip(_message(error)), "data": data})


def _message(error: BaseException) -> str:
    try:
        return str(error) or type(error).__name__
    except Exception as e:
        return f"{type(error).__name__} (its message cannot be read: {type(e).__name__})"


def _stack(error: BaseException, handler: Any) -> str:
    import traceback

    frames = _program_frames(error.__traceback__)
    lines = traceback.format_exception(type(error), error, frames)
    code = getattr(handler, "__code__", None)
    if frames is None and code is not None and not isinstance(error, ResultNotSerializable):
        lines.insert(0, f'  File "{code.co_filename}", line {code.co_firstlineno}, in {handler.__name__}\n')
    return "".join(lines)


def _program_frames(frames: TracebackType | None) -> TracebackType | None:
    while frames is not None and _is_launcher(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return frames


def _is_launcher(filename: str) -> bool:
    own = [os.path.dirname(__file__)]
    for name in ("asyncio", "concurrent.futures"):
        module = sys.modules.get(name)
        if module is not None and module.__file__:
            own.append(os.path.dirname(module.__file__))
    return filename.startswith("<frozen ") or os.path.dirname(filename) in own


def _clip(text: str) -> str:
    """The beginning and the end of a long text."""
    if len(text) <= TEXT_LIMIT:
        return text
    half = TEXT_LIMIT // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters ...\n{text[-half:]}"
