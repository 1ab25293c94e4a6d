"""python3 -m podwork FILE: runs the job of this process with the handler that FILE defines."""

from __future__ import annotations

import os
import sys

from .failure import describe
from .loading import load_handler
from .pipes import note
from .rpc import connect
from .worker import serve

USAGE = """usage: python3 -m podwork FILE [ARG...]

Runs the handler in FILE for one job. The job comes on stdin as JSON-RPC, one message a line."""


def main() -> int:
    if len(sys.argv) < 2:
        print(USAGE, file=sys.stderr)
        return 2
    del sys.argv[0]
    if os.isatty(0):
        note("waiting for an execute message on stdin; `podwork run` gives a worker a job from a manifest")
    peer = connect()
    try:
        handler = load_handler(sys.argv[0])
    except Exception as e:
        error = describe(e)
        execution = peer.execution.result()
        if execution is not None:
            peer.drain()
            peer.answer(execution[0], "error", error)
        return 1
    serve(peer, handler)
    return 0


if __name__ == "__main__":
    sys.exit(main())
