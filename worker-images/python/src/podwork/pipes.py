"""The process's stdin and stdout, kept for protocol lines alone."""

from __future__ import annotations

import os
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_LIMIT = 16 * 1024 * 1024


def note(text: str) -> None:
    """Tells whoever reads the container's log."""
    try:
        print(f"podwork: {text}", file=sys.stderr, flush=True)
    except Exception:
        pass  # stderr is closed, or in the middle of a write: a note is never worth a failure


class Pipes:
    """Takes stdin and stdout away from everything else in the process.

    Prints of the program, of C extensions and of its child processes go to stderr from here on, so that they never stand
    in the middle of a protocol line; a read of stdin finds its end at once.
    """

    def __init__(self) -> None:
        if sys.stdout is not None:
            sys.stdout.flush()
        # os.dup makes descriptors that a started program does not inherit
        self._input, self._output = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        if hasattr(sys.stdout, "reconfigure"):
            # stdout to a pipe is block-buffered, and what is in the buffer dies with os._exit
            sys.stdout.reconfigure(line_buffering=True)
        self._writing = threading.Lock()
        self._unwritten = bytearray()
        os.register_at_fork(after_in_child=self._abandon)

    def write(self, line: bytes) -> None:
        with self._writing:
            # What a signal interrupted is finished first: no line ever starts inside another
            self._unwritten += line
            while self._unwritten:
                del self._unwritten[: os.write(self._output, self._unwritten)]

    def lines(self) -> Iterator[bytes]:
        buffer, skipping = bytearray(), False
        while True:
            chunk = os.read(self._input, 65536)
            if not chunk:
                return
            searched = len(buffer)
            buffer += chunk
            while True:
                end = buffer.find(b"\n", searched)
                if end < 0:
                    break
                if not skipping:
                    yield bytes(buffer[:end])
                del buffer[: end + 1]
                searched, skipping = 0, False
            if len(buffer) > LINE_LIMIT:
                if not skipping:
                    note(f"a line of stdin over {LINE_LIMIT} bytes was dropped")
                buffer.clear()
                skipping = True

    def _abandon(self) -> None:
        # A forked child has the descriptors but no reader, and its lines would mix with its parent's
        for descriptor in (self._input, self._output):
            os.close(descriptor)
        self._writing = threading.Lock()
        self._unwritten.clear()
        self._input = self._output = -1
