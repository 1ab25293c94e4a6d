import argparse
import json
import sys
import time

from . import manifests
from .figures import table
from .kube import Kube
from .measures import Bench, installed_in

ROWS = ("start", "hop", "result", "operator", "writes")


def milliseconds(figures):
    return [f"{figures[p] * 1000:.3g} ms" for p in ("p50", "p90", "p99")]


def times(figures):
    """A table of named summaries; the last column compares each with the first at p50."""
    first = next(iter(figures.values()))["p50"]
    rows = [["", "p50", "p90", "p99", "times the first, at p50"]]
    rows += [[name, *milliseconds(it), f"{it['p50'] / first:.2f}"] for name, it in figures.items()]
    return table(rows)


def writes(figures):
    kinds = list(figures)
    calls = sorted({call for kind in kinds for call in figures[kind]})
    rows = [["per job", *kinds]] + [[c, *(str(figures[k].get(c, 0)) for k in kinds)] for c in calls]
    for title, wanted in (("all but Events", False), ("Events", True)):
        rows.append([title, *(f"{sum(n for c, n in figures[k].items() if (' events' in c) == wanted):.2f}" for k in kinds)])
    return table(rows)


def main():
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures Podwork on the cluster that kubectl talks to.")
    parser.add_argument("--only", default=",".join(ROWS), help="rows to measure, comma separated: %(default)s")
    parser.add_argument("--jobs", type=int, default=30, help="jobs per figure (default %(default)s)")
    parser.add_argument("--json", help="also write the raw figures to this file")
    args = parser.parse_args()
    wanted = args.only.split(",")
    unknown = set(wanted) - set(ROWS)
    if unknown:
        parser.error(f"--only: no row named {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")

    operator = installed_in()
    kube = Kube()
    namespace = f"podwork-bench-{int(time.time())}"
    kube.call("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
    try:
        bench = Bench(kube, namespace, operator)
        kube.call("POST", bench.podwork + "/workerdefinitions", manifests.worker())
        measure = {
            "start": (lambda: bench.start(args.jobs), times),
            "hop": (bench.hop, times),
            "result": (lambda: bench.result(args.jobs), times),
            "operator": (lambda: bench.operator_cost(args.jobs), lambda it: json.dumps(it, indent=2)),
            "writes": (lambda: bench.writes(args.jobs), writes),
        }
        figures = {}
        for row in wanted:
            print(f"measuring {row} ...", file=sys.stderr, flush=True)
            take, show = measure[row]
            figures[row] = take()
            print(f"\n## {row}\n\n{show(figures[row])}", flush=True)
        if args.json:
            with open(args.json, "w", encoding="utf-8") as file:
                json.dump(figures, file, indent=2)
    finally:
        kube.call("DELETE", f"/api/v1/namespaces/{namespace}")
        kube.close()


main()
