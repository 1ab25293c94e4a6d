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
    """Tells whoever reads the container's log.

    Not through sys.stderr: notes come from the reader's thread too, and the interpreter aborts when it ends while a
    daemon thread holds the lock of that stream.
    """
    try:
        os.write(2, f"podwork: {text}\n".encode("utf-8", "backslashreplace"))
    except OSError:
        pass  # stderr is closed: there is nobody left to tell


class Pipes:
    """Takes stdin and stdout away from everything else in the process.

    Prints of the program, of C extensions and of its child processes go to stderr from here on, so that they never
    stand in the middle of a protocol line; a read of stdin finds its end at once.
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
        self._current: tuple[bytes, list[int]] = (b"", [])
        os.register_at_fork(after_in_child=self._abandon)

    def write(self, line: bytes) -> None:
        with self._writing:
            # What an exception from a signal handler interrupted comes first: no line starts inside another
            self._finish()
            self._current = (line, [])
            self._finish()

    def _finish(self) -> None:
        line, written = self._current
        while sum(written) < len(line):
            # Signal handlers run between any two steps of Python code. The write and the note of how much it wrote
            # are one step, so that nothing is ever written twice.
            written.extend(map(os.write, (self._output,), (memoryview(line)[sum(written) :],)))

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
        self._current = (b"", [])
        self._input = self._output = -1
