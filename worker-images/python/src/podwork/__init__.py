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

__all__ = [
    "Cancelled",
    "HandlerNotFound",
    "NotSerializable",
    "ResultNotSerializable",
    "RpcError",
    "RunContext",
    "define_config",
    "define_worker",
    "run_worker",
]
