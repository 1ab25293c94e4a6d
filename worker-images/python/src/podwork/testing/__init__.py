"""Handlers under test: the whole SDK, with services in memory. No operator, no other process.

outcome = run_worker_test(handler, {"samples": [1, 2]}, state={"best": 3})
assert outcome.result == {"accuracy": 0.95}
assert outcome.progress[-1].percent == 100
"""

from .outcome import Call, Emit, Log, Outcome, Progress, WorkerError
from .run import run_worker_test

__all__ = ["Call", "Emit", "Log", "Outcome", "Progress", "WorkerError", "run_worker_test"]
