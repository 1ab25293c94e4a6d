"""Write a handler, and Podwork runs it as a job in a pod of its own.

    async def handler(job, ctx):
        ctx.logger.info("training", {"samples": len(job["data"]["samples"])})
        return {"accuracy": 0.95}

`python3 -m podwork FILE` runs it.
"""

from .call import Cancelled, RpcError
from .context import RunContext
from .encoding import NotSerializable, ResultNotSerializable
from .loading import HandlerNotFound, define_worker
from .worker import define_config, run_worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .job import Job

__all__ = [
    "Cancelled",
    "HandlerNotFound",
    "Job",
    "NotSerializable",
    "ResultNotSerializable",
    "RpcError",
    "RunContext",
    "define_config",
    "define_worker",
    "run_worker",
]


def __getattr__(name: str) -> object:
    if name == "Job":
        from .job import Job

        return Job
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
