"""The names that workers written for nuxt-queue import. They are Podwork's own."""

from podwork import RpcError, RunContext, define_config, define_worker, run_worker

__all__ = ["RpcError", "RunContext", "define_config", "define_worker", "run_worker"]
