import argparse
import contextlib
import json
import os
import signal
import sys
import time

from . import manifests, protocols
from .figures import table, throughput, times, writes
from .kube import Kube
from .measures import Bench, installed_in
from .throughput import Throughput

ROWS = ("start", "hop", "result", "protocols", "operator", "writes")


# Not measured unless asked for: it needs what few clusters have.
SPECIAL = ("throughput",)


def throughput_of(bench, args):
    with contextlib.closing(Throughput(bench, args.token_key)) as measure:
        return measure.measure(args.jobs, args.warm_up)


def main():
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures Podwork on the cluster that kubectl talks to.")
    rows = ROWS + SPECIAL
    parser.add_argument("--only", default=",".join(ROWS), help=f"rows to measure of {', '.join(rows)} (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=30, help="jobs per figure (default %(default)s)")
    parser.add_argument(
        "--token-key",
        metavar="FILE",
        help="for throughput: the private key with which the cluster signs service-account tokens, such as /etc/kubernetes/pki/sa.key",
    )
    parser.add_argument(
        "--warm-up", type=int, default=500, help="for throughput: jobs of each kind before those that count (default %(default)s)"
    )
    parser.add_argument("--json", help="also write the raw figures to this file")
    args = parser.parse_args()
    wanted = args.only.split(",")
    unknown = set(wanted) - set(rows)
    if unknown:
        parser.error(f"--only: no row named {', '.join(sorted(unknown))}; there are {', '.join(rows)}")
    if "throughput" in wanted and not (args.token_key and os.access(args.token_key, os.R_OK)):
        parser.error(
            "--token-key: the row throughput needs a file that can be read, with the private key of the cluster's"
            f" service-account tokens (kubeadm: /etc/kubernetes/pki/sa.key), not {args.token_key}"
        )

    operator = installed_in()
    # What it made goes also when it is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))
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
            "protocols": (lambda: protocols.measure(bench, args.jobs), protocols.show),
            "operator": (lambda: bench.operator_cost(args.jobs), lambda it: json.dumps(it, indent=2)),
            "writes": (lambda: bench.writes(args.jobs), writes),
            "throughput": (lambda: throughput_of(bench, args), throughput),
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
