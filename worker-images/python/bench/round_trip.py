"""What a call and a start cost over plain pipes, beside a child process that does the least there is to do.

python3 bench/round_trip.py [CALLS]      prints microseconds and milliseconds of this run, and their ratios
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
CALLS = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
STARTS = 20

BARE = """
import os, time
took = []
for _ in range({calls}):
    began = time.perf_counter()
    os.write(1, b'{{"jsonrpc":"2.0","id":1,"method":"ctx.state.get","params":{{"key":"k"}}}}\\n')
    os.read(0, 65536)
    took.append(time.perf_counter() - began)
print(took)
"""
HANDLER = """
import time
{kind} handler(job, ctx):
    took = []
    for _ in range({calls}):
        began = time.perf_counter()
        {wait}ctx.state.get("k")
        took.append(time.perf_counter() - began)
    return took
"""
EXECUTE = (
    b'{"jsonrpc":"2.0","id":"e","method":"execute","params":{"job":{"id":"a","data":null},"context":{"jobId":"a"}}}\n'
)


def launch(arguments, stderr=None):
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )


def echo(process):
    """Answers each call with its id and null, reading and writing as little as possible, until something else comes."""
    source, sink = process.stdout.fileno(), process.stdin.fileno()
    while True:
        line = os.read(source, 65536)
        start = line.find(b'"id":') + 5
        if not line or b'"method"' not in line:
            return line
        os.write(sink, b'{"jsonrpc":"2.0","id":' + line[start : line.index(b",", start)] + b',"result":null}\n')


def bare():
    process = launch(["-c", BARE.format(calls=CALLS)])
    return json.loads(echo(process) + process.stdout.read())


def sdk(folder, kind, wait):
    path = Path(folder, "worker.py")
    path.write_text(HANDLER.format(kind=kind, wait=wait, calls=CALLS))
    process = launch(["-m", "podwork", str(path)])
    process.stdin.write(EXECUTE)
    process.stdin.flush()
    line = echo(process)
    return json.loads(line + process.stdout.read())["result"]


def start(folder, text, launcher):
    """Milliseconds from the start of the process to its first line."""
    path = Path(folder, "starter.py")
    path.write_text(text)
    began = time.perf_counter()
    process = launch([*launcher, str(path)], subprocess.DEVNULL)
    process.stdin.write(EXECUTE)
    process.stdin.flush()
    os.read(process.stdout.fileno(), 65536)
    took = time.perf_counter() - began
    process.stdin.close()
    process.wait()
    return took * 1000


def main():
    with tempfile.TemporaryDirectory() as folder:
        rows = {
            "bare pipe": bare(),
            "plain handler": sdk(folder, "def", ""),
            "async handler": sdk(folder, "async def", "await "),
        }
        base = statistics.quantiles(rows["bare pipe"], n=100)
        print(f"ctx.state.get, {CALLS} calls" + " " * 11 + "p50 us    p99 us   ratio of p50")
        for name, took in rows.items():
            q = statistics.quantiles(took, n=100)
            print(f"  {name:30}{q[49] * 1e6:9.0f} {q[98] * 1e6:9.0f} {q[49] / base[49]:9.2f}")
        first = 'ctx.logger.info("first")'
        programs = {
            "bare python": ("import os; os.write(1, b'first\\n')", []),
            "plain handler": (f"def handler(job, ctx): {first}", ["-m", "podwork"]),
            "async handler": (f"async def handler(job, ctx): {first}", ["-m", "podwork"]),
        }
        # Alternating, so that what else the machine does falls on all alike
        started = {name: [] for name in programs}
        for _ in range(STARTS):
            for name, program in programs.items():
                started[name].append(start(folder, *program))
        base = statistics.median(started["bare python"])
        print(f"start to first line, {STARTS} starts" + " " * 9 + "p50 ms    p90 ms   more than bare")
        for name, took in started.items():
            p90 = statistics.quantiles(took, n=10)[8]
            print(f"  {name:30}{statistics.median(took):9.1f} {p90:9.1f} {statistics.median(took) - base:9.1f}")


if __name__ == "__main__":
    main()
