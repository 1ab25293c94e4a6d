"""Never run: mypy, with the package installed, says whether workers written like these have the types that they should."""

from __future__ import annotations

import asyncio
from typing import AsyncIterator, Iterator

from podwork import Cancelled, Job, RpcError, RunContext, define_worker
from podwork.testing import Outcome, run_worker_test


@define_worker
async def train(job: Job, ctx: RunContext) -> dict[str, float]:
    ctx.logger.info("training", {"samples": len(job["data"]["samples"])})
    best: float = await ctx.state.get("best") or 0.0
    await ctx.state.set("best", best, ttl=60_000)
    await asyncio.gather(ctx.emit("model.trained", {"best": best}), ctx.progress(100, "done"))
    job["size"]  # type: ignore[typeddict-item]
    ctx.logger.info("bad", metadata="text")  # type: ignore[arg-type]
    await ctx.state.set("a", 1, ttl="5s")  # type: ignore[arg-type]
    return {"best": best}


def lines(job: Job, ctx: RunContext) -> Iterator[str]:
    try:
        yield from job["data"]
    except Cancelled as e:
        ctx.logger.warn(e.reason)


async def parts(job: Job, ctx: RunContext) -> AsyncIterator[int]:
    try:
        await ctx.stream({"any": "JSON"})
    except RpcError as e:
        code: int = e.code
        yield code


def test_types() -> None:
    outcome: Outcome = run_worker_test(train, {"samples": []}, cancel_when=lambda so_far: len(so_far.logs) > 1)
    percent: float = outcome.progress[-1].percent
    names: list[str] = [emit.name for emit in outcome.emits]
    assert outcome.error is None and (percent, names) != (0, [])
    run_worker_test(train, cancel_when=True)  # type: ignore[arg-type]
