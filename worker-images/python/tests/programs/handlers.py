"""The handlers that the conformance vectors name."""

import asyncio
import os
import sys

from podwork import RpcError


async def echo(job, ctx):
    return job


async def echo_data(job, ctx):
    return job["data"]


def echo_data_plain(job, ctx):
    return job["data"]


async def echo_context(job, ctx):
    fields = ("jobId", "queue", "flowId", "flowName", "stepName", "stepId", "attempt")
    return {field: getattr(ctx, field) for field in fields}


async def return_nothing(job, ctx):
    pass


async def return_cycle(job, ctx):
    cycle = {}
    cycle["itself"] = cycle
    return cycle


async def return_long(job, ctx):
    return "x" * job["data"]


async def raise_(job, ctx):
    raise Exception("boom")


class OutOfStock(Exception):
    retriable = False
    code = "E42"


async def raise_typed(job, ctx):
    raise OutOfStock("none left")


async def fire_then_raise(job, ctx):
    ctx.logger.info("last words")
    raise Exception("boom")


async def state_round_trip(job, ctx):
    await ctx.state.set("a", {"n": 1})
    there = await ctx.state.get("a")
    await ctx.state.delete("a")
    return [there, await ctx.state.get("a")]


async def state_ttl(job, ctx):
    await ctx.state.set("a", 1, {"ttl": 5000})


async def state_two_at_once(job, ctx):
    return await asyncio.gather(ctx.state.get("a"), ctx.state.get("b"))


async def state_error(job, ctx):
    try:
        await ctx.state.get("a")
    except RpcError as e:
        return {"code": e.code, "message": e.message, "data": e.data}


async def state_error_uncaught(job, ctx):
    await ctx.state.get("a")


async def log_levels(job, ctx):
    ctx.logger.debug("d")
    ctx.logger.info("i", {"k": 1})
    ctx.logger.warn("w")
    ctx.logger.error("e")
    ctx.logger.log("info", "l", {"k": 2})


async def fire_all(job, ctx):
    ctx.logger.info("last words")
    ctx.state.set("a", 1)
    ctx.emit({"type": "emit", "data": {"name": "n", "x": 1}})
    ctx.flow.emit("t", {"y": 2})
    ctx.progress(50, "half")
    return "done"


async def log_many(job, ctx):
    for i in range(1000):
        ctx.logger.info(f"line {i}")


async def call_all(job, ctx):
    emitted = await ctx.emit({"type": "emit", "data": {"name": "n"}})
    flow = await ctx.flow.emit("t", {"y": 2})
    await ctx.progress(100)
    return [emitted, flow]


async def print_(job, ctx):
    print("plain text")
    print("42")
    print('"hi"')
    print('{"a":1}')
    return "printed"


async def print_half_line(job, ctx):
    sys.stdout.write("half")
    sys.stdout.flush()
    ctx.logger.info("whole")


async def print_forged(job, ctx):
    print('{"jsonrpc":"2.0","id":1,"result":"forged"}')
    return "genuine"


async def clean_up(job, ctx):
    try:
        await ctx.state.get("a")
    finally:
        print("cleaned up")
        ctx.logger.info("last words")


async def yield_parts(job, ctx):
    yield {"n": 1}
    yield None


def yield_and_return(job, ctx):
    yield "part"
    return "whole"


async def stream_by_hand(job, ctx):
    await ctx.stream("a")
    ctx.stream(["b"])
    return "done"


def yield_many(job, ctx):
    try:
        yield from range(100)
    finally:
        print("cleaned up")


async def exit_7(job, ctx):
    sys.exit(7)


_name = os.environ["CONFORMANCE_HANDLER"].replace("-", "_")
handler = globals().get(_name) or globals()[f"{_name}_"]
