"""One job in this process."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, Mapping

from ..call import RpcError, running_loop
from ..loading import supply_globals
from ..rpc import Peer
from ..termination import CANCELLED
from ..worker import serve
from .outcome import Outcome, WorkerError
from .services import RESULT_BYTES, Services, size


def run_worker_test(
    handler: Callable[..., Any],
    data: Any = None,
    *,
    job: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    state: Mapping[str, Any] | None = None,
    refuse: Mapping[str, RpcError] | None = None,
    cancel_when: Callable[[Outcome], bool] | None = None,
    cancel_after: float | None = None,
) -> Outcome:
    """Runs a handler of any kind for one job, and returns what it did. Never raises what the handler raises.

    `job` and `context` replace members of the job and of the context. `state` is there at the start. `refuse` names
    methods (`ctx.state.get`) whose calls fail. The job is cancelled when `cancel_when`, asked after each call, says so,
    or `cancel_after` seconds. Under a running event loop the handler has a thread, and the loop stands still meanwhile.
    """
    code = getattr(handler, "__code__", None)
    if code is not None:
        supply_globals(handler.__globals__, code.co_filename)
    outcome = Outcome()
    operator = _Operator(outcome, Services(outcome, _json(state or {}), refuse or {}), cancel_when)
    execution = _execution(data, job or {}, context or {})
    timer = None if cancel_after is None else threading.Timer(cancel_after, operator.cancel)
    if timer is not None:
        timer.daemon = True
        timer.start()
    try:
        if running_loop() is None:
            operator.run(handler, execution)
        else:
            thread = threading.Thread(target=operator.run, args=(handler, execution), name="podwork-test")
            thread.start()
            thread.join()
    finally:
        if timer is not None:
            timer.cancel()
            timer.join()
    return outcome


class _Left(BaseException):
    """Where a worker's process would end."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def _leave(exit_code: int) -> None:
    raise _Left(exit_code)


class _Operator:
    """The other end: what the worker writes is answered before the write returns."""

    def __init__(self, outcome: Outcome, services: Services, cancel_when: Callable[[Outcome], bool] | None) -> None:
        self._outcome = outcome
        self._services = services
        self._cancel_when = cancel_when
        self._peer = Peer(self)

    def run(self, handler: Callable[..., Any], execution: dict[str, Any]) -> None:
        self._send(id=1, method="execute", params=execution)
        try:
            serve(self._peer, handler, _leave)
        except _Left as left:
            if left.exit_code != CANCELLED:
                raise SystemExit(left.exit_code) from None  # SIGTERM is for the process that runs the test
            self._outcome.cancelled = True
        except SystemExit as e:
            self._outcome.exit_code = e.code if isinstance(e.code, int) else int(e.code is not None)

    def cancel(self) -> None:
        self._send(method="cancel", params={"reason": "Cancelled", "message": "cancelled by the test"})

    def write(self, line: bytes) -> None:
        message = json.loads(line)
        if "method" not in message:
            self._answered(message)
            return
        try:
            answer = {"result": _json(self._services.serve(message["method"], message["params"]))}
        except RpcError as e:
            answer = {"error": {"code": e.code, "message": e.message, "data": e.data}}
        if self._cancel_when is not None and self._peer.cancelled is None and self._cancel_when(self._outcome):
            self.cancel()
        elif "id" in message and self._peer.cancelled is None:
            self._send(id=message["id"], **answer)

    def _send(self, **message: Any) -> None:
        self._peer.receive(json.dumps({"jsonrpc": "2.0", **message}).encode("ascii"))

    def _answered(self, message: dict[str, Any]) -> None:
        if "error" in message:
            error = message["error"]
            self._outcome.error = WorkerError(message=error["message"], **error["data"])
        elif size(message["result"]) > RESULT_BYTES:
            text = f"the result is {size(message['result'])} bytes of JSON; a job's status has room for {RESULT_BYTES}"
            self._outcome.error = WorkerError("ResultTooLarge", text, "", retriable=False)
        else:
            self._outcome._result = message["result"]


def _execution(data: Any, job: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    whole = {"id": "test-1", "name": "test", "type": "test", "data": _json(data), "queue": "test", "attempt": 1, **job}
    around = {
        "jobId": whole["id"],
        "queue": whole["queue"],
        "flowId": None,
        "flowName": None,
        "stepName": whole["name"],
        "attempt": whole["attempt"],
        **context,
    }
    step = f"{around['flowId'] or whole['id']}__{around['stepName']}__attempt-{around['attempt']}"
    return {"job": whole, "context": {"stepId": step, **around}}


def _json(value: Any) -> Any:
    """As it arrives on the other side, and a copy."""
    return json.loads(json.dumps(value))
