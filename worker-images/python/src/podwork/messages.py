"""python3 -m podwork.messages: runs a worker that was written for queues, with the `messages` protocol on its pipes."""

from __future__ import annotations

import importlib
import sys

from .pipes import Pipes
from .queues import MessageQueue, RequestQueue, failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

USAGE = """usage: python3 -m podwork.messages MODULE:FUNCTION
       python3 -m podwork.messages --plugins MODULE:FACTORY [--stream] [--adapter MODULE:FUNCTION]

Calls FUNCTION(request_queue, result_queue, response_queue), the entry point of a worker process; or serves requests
with the plugin manager that FACTORY() makes: --stream where its plugins can stream, --adapter to make dicts of
results."""


class _Arguments:
    def __init__(self, arguments: list[str]) -> None:
        self.entry = self.plugins = self.adapter = ""
        self.stream = False
        rest = list(arguments)
        while rest:
            argument = rest.pop(0)
            if argument == "--stream":
                self.stream = True
            elif argument in ("--plugins", "--adapter") and rest:
                setattr(self, argument[2:], rest.pop(0))
            elif not argument.startswith("-") and not self.entry:
                self.entry = argument
            else:
                raise ValueError(argument)
        if bool(self.entry) == bool(self.plugins) or (self.entry and (self.stream or self.adapter)):
            raise ValueError("either an entry point or --plugins")
        for name in filter(None, (self.entry, self.plugins, self.adapter)):
            if not all(name.partition(":")):
                raise ValueError(name)


def main() -> int:
    try:
        arguments = _Arguments(sys.argv[1:])
    except ValueError:
        print(USAGE, file=sys.stderr)
        return 2
    pipes = Pipes()
    requests, messages = RequestQueue(pipes), MessageQueue(pipes)
    try:
        _worker(arguments)(requests, messages, messages)
    except (Exception, SystemExit) as e:
        if isinstance(e, SystemExit) and not e.code:
            return 0
        told = failure(e)
        print(told["traceback"], end="", file=sys.stderr, flush=True)
        messages.put({"type": "error", **told})
        return 1
    return 0


def _worker(arguments: _Arguments) -> Callable[[Any, Any, Any], Any]:
    if arguments.entry:
        return _load(arguments.entry)
    from .plugins import plugin_worker

    factory = _load(arguments.plugins)
    adapter = _load(arguments.adapter) if arguments.adapter else None

    def worker(requests: Any, results: Any, responses: Any) -> None:
        plugin_worker(requests, results, responses, factory, adapter, arguments.stream)

    return worker


def _load(name: str) -> Callable[..., Any]:
    module, _, path = name.partition(":")
    value: Any = importlib.import_module(module)
    for part in path.split("."):
        value = getattr(value, part)
    if not callable(value):
        raise TypeError(f"{name} is a {type(value).__name__}, not a function")
    return value  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())
