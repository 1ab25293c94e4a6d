"""python3 -m podwork.task MODULE [FUNCTION]: runs a worker of the `task` protocol that is a function in a module.

The function reads the task on stdin, writes its answer to stdout and exits, as docs/workers/task.md says. A module that
runs itself, when it is imported or (without FUNCTION) as `__main__`, runs once.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import runpy
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

USAGE = "usage: python3 -m podwork.task MODULE [FUNCTION]"
FAILURE, PERMANENT_FAILURE = 1, 2


class _Noticed(io.FileIO):
    """stdin or stdout, that knows whether it was used."""

    used = False

    def readinto(self, buffer: Any) -> int | None:
        self.used = True
        return super().readinto(buffer)

    def readall(self) -> bytes:
        self.used = True
        return super().readall() or b""

    def write(self, data: Any) -> int:
        self.used = True
        return super().write(data)


class _Streams:
    """Takes the place of sys.stdin and sys.stdout, to see whether the module does its work by itself."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._input, self._output = _Noticed(0, "rb", closefd=False), _Noticed(1, "wb", closefd=False)
        sys.stdin = io.TextIOWrapper(io.BufferedReader(self._input), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(self._output), encoding="utf-8", errors="backslashreplace", line_buffering=True
        )

    def written(self) -> bool:
        sys.stdout.flush()
        return self._output.used

    def used(self) -> bool:
        return self.written() or self._input.used


def main() -> int:
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(USAGE, file=sys.stderr)
        return PERMANENT_FAILURE
    name, function = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    streams = _Streams()
    try:
        code = _run(streams, name, function)
    except Exception as error:
        code = _fail(streams, error)
    sys.stdout.flush()
    return code


def _run(streams: _Streams, name: str, function: str | None) -> int:
    if function is None:
        del sys.argv[0]
        runpy.run_module(name, run_name="__main__", alter_sys=True)
        return 0
    # What a program finds there that was started as `python3 -m MODULE FUNCTION`
    sys.argv[:] = [name, function]
    module = importlib.import_module(name)
    sys.argv[0] = getattr(module, "__file__", None) or name
    if streams.used():
        return 0
    work = getattr(module, function, None)
    if not callable(work):
        told = "defines no function" if work is None else f"has a {type(work).__name__}, not a function, called"
        return _say(streams, PERMANENT_FAILURE, "FunctionNotFound", f"the module {name} {told} {function}", None)
    value = work()
    if hasattr(value, "__await__"):
        import asyncio

        value = asyncio.run(_finish(value))
    # As in sys.exit(main())
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


async def _finish(value: Any) -> Any:
    return await value


def _fail(streams: _Streams, error: Exception) -> int:
    import traceback

    stack = "".join(traceback.format_exception(type(error), error, _program_frames(error.__traceback__)))
    print(stack, end="", file=sys.stderr, flush=True)
    return _say(streams, FAILURE, type(error).__name__, str(error) or type(error).__name__, stack)


def _program_frames(frames: Any) -> Any:
    """Without what lies between this file and the program's."""
    own = (os.path.abspath(__file__), os.path.abspath(importlib.__file__), os.path.abspath(runpy.__file__))
    while frames is not None:
        file = frames.tb_frame.f_code.co_filename
        if not file.startswith("<frozen ") and os.path.abspath(file) not in own:
            return frames
        frames = frames.tb_next
    return None


def _say(streams: _Streams, code: int, kind: str, message: str, stack: str | None) -> int:
    """The answer, unless the program has begun one: two are none."""
    if not streams.written():
        error = {"type": kind, "message": message, "traceback": stack}
        print(json.dumps({"success": False, "error": error}), flush=True)
    else:
        print(f"podwork: {kind}: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
