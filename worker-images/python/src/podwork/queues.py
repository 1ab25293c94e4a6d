"""A worker's pipes as the queues of `multiprocessing`: for programs that were written for those."""

from __future__ import annotations

import json
import queue
import threading

from .encoding import NotSerializable, encode
from .pipes import note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .pipes import Pipes

STOP = {"type": "stop"}


class RequestQueue:
    """What the worker is asked. Behind the end of stdin there is nothing but requests to stop."""

    def __init__(self, pipes: Pipes) -> None:
        self._requests: queue.Queue[dict[str, Any]] = queue.Queue()
        self._pipes = pipes
        threading.Thread(target=self._read, name="podwork requests", daemon=True).start()

    def _read(self) -> None:
        for line in self._pipes.lines():
            try:
                request = json.loads(line)
            except (ValueError, RecursionError) as e:
                note(f"a line of {len(line)} bytes on stdin is not JSON: {e}")
                continue
            if isinstance(request, dict):
                self._requests.put(request)
            else:
                note(f"a request on stdin is a {type(request).__name__}, not an object")
        self._requests.put(STOP)

    def get(self, block: bool = True, timeout: float | None = None) -> dict[str, Any]:
        request = self._requests.get(block, timeout)
        if request is STOP:
            self._requests.put(STOP)
            return dict(STOP)
        return request

    def get_nowait(self) -> dict[str, Any]:
        return self.get(block=False)

    def empty(self) -> bool:
        return self._requests.empty()

    def qsize(self) -> int:
        return self._requests.qsize()

    def close(self) -> None: ...

    def join_thread(self) -> None: ...

    def cancel_join_thread(self) -> None: ...


class MessageQueue:
    """What the worker says: sent when it is put, however many threads do so."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes

    def put(self, message: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: ARG002
        if hasattr(message, "to_dict"):
            message = message.to_dict()
        if not isinstance(message, dict):
            raise TypeError(f"a message is a dict, not a {type(message).__name__}")
        try:
            line = encode(message, "")
        except NotSerializable as e:
            note(str(e))
            line = encode(_instead(message, str(e)), "")
        self._pipes.write(line.encode() + b"\n")

    def put_nowait(self, message: Any) -> None:
        self.put(message)

    def empty(self) -> bool:
        return True

    def full(self) -> bool:
        return False

    def qsize(self) -> int:
        return 0

    def close(self) -> None: ...

    def join_thread(self) -> None: ...

    def cancel_join_thread(self) -> None: ...


def _instead(message: dict[str, Any], why: str) -> dict[str, Any]:
    """The job fails where its result, or a part of it, cannot be sent: nobody waits for what never comes."""
    told: dict[str, Any] = {"type": "error", "error": why, "error_type": "ResultNotSerializable"}
    if message.get("type") == "result" and isinstance(message.get("job_id"), (str, int)):
        told.update(type="result", job_id=message["job_id"], status="error")
    return told


def failure(error: BaseException) -> dict[str, Any]:
    """What a message says of an exception."""
    import traceback

    told: dict[str, Any] = {
        "error": str(error) or type(error).__name__,
        "error_type": type(error).__name__,
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__)),
    }
    retriable = getattr(error, "retriable", None)
    if isinstance(retriable, bool):
        told["retriable"] = retriable
    return told
