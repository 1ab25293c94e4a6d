"""From a file to the handler in it."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any, TypeVar

    Handler = TypeVar("Handler", bound=Callable[..., Any])

# A file of this name beside a worker supplies names that the worker uses without importing them
SUPPLIED = "podwork_globals"

_marked: list[Any] = []


class HandlerNotFound(Exception):
    """The worker's file defines no handler, or more than one."""


def define_worker(handler: Handler) -> Handler:
    """Marks a function as the file's handler: for a name other than `handler`."""
    _marked.append(handler)
    return handler


def load_handler(path: str) -> Callable[[dict[str, Any], Any], Any]:
    """Imports the file under its own name, with its folder first on sys.path, and finds its handler."""
    path = os.path.abspath(path)
    sys.path.insert(0, os.path.dirname(path))
    return find_handler(vars(_import(path)), path)


def _import(path: str) -> ModuleType:
    stem = os.path.splitext(os.path.basename(path))[0]
    # Under its own name, so that pickle and multiprocessing find it again; unless that is somebody else's
    name = stem if stem.isidentifier() and stem not in sys.modules else "podwork_worker"
    loader = SourceFileLoader(name, path)
    spec = ModuleSpec(name, loader, origin=path)
    spec.has_location = True
    module = type(sys)(name)
    module.__spec__, module.__loader__, module.__file__ = spec, loader, path
    sys.modules[name] = module
    supply_globals(vars(module), path)
    loader.exec_module(module)
    return module


def supply_globals(names: dict[str, Any], path: str) -> None:
    """Adds to `names` what `podwork_globals.py` defines, where that lies beside `path`."""
    if os.path.isfile(os.path.join(os.path.dirname(path), f"{SUPPLIED}.py")):
        for name, value in vars(__import__(SUPPLIED)).items():
            if not name.startswith("_"):
                names.setdefault(name, value)


def find_handler(names: dict[str, Any], path: str) -> Callable[[dict[str, Any], Any], Any]:
    marked = [handler for handler in _marked if any(handler is value for value in names.values())]
    handler = marked[0] if len(marked) == 1 else names.get("handler")
    if callable(handler):
        return handler  # type: ignore[no-any-return]
    run = names.get("run")
    if handler is None and not marked and callable(run):
        return lambda job, ctx: run(job.get("data"), ctx)
    if marked:
        several = ", ".join(getattr(one, "__name__", repr(one)) for one in marked)
        raise HandlerNotFound(
            f"{path} marks several functions with @define_worker ({several}): call one of them handler"
        )
    if handler is not None:
        raise HandlerNotFound(f"{path}: handler is a {type(handler).__name__}, not a function")
    raise HandlerNotFound(
        f"{path} defines no handler: it needs a function handler(job, ctx), or one marked with @define_worker"
    )
