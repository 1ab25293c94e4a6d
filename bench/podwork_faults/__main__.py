"""Runs jobs while things break, and says what was lost or doubled."""

import argparse
import os
import shlex
import subprocess
import sys

from podwork_bench.kube import Kube
from podwork_bench.measures import installed_in

from .faults import FAULTS, Node
from .run import Run
from .store import Store

COLUMNS = ("fault", "times", "jobs", "lost", "doubled results", "doubled emits", "stuck", "retried", "ran twice", "longest delay")
ZERO = ("lost", "doubled results", "doubled emits", "stuck")


def parse():
    parser = argparse.ArgumentParser(prog="bench/faults", description=__doc__)
    parser.add_argument("--only", default=",".join(FAULTS), help="rows, comma separated: %(default)s")
    parser.add_argument("--jobs", type=int, default=50, help="jobs per row (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=3, help="how long a job works, about (default %(default)s)")
    parser.add_argument("--in-flight", type=int, default=40, help="jobs at once (default %(default)s)")
    parser.add_argument("--patience", type=float, default=600, help="seconds after which a job is stuck (default %(default)s)")
    parser.add_argument("--settle", type=float, default=3, help="seconds to wait for late doubles (default %(default)s)")
    parser.add_argument("--cluster", help="command that takes kill|start NAME and add-node NAME; rows that need it are left out without")
    parser.add_argument("--address", help="address of this machine that pods reach (default: the API server's)")
    args = parser.parse_args()
    args.only = args.only.split(",")
    unknown = set(args.only) - set(FAULTS)
    if unknown:
        parser.error(f"--only: no row named {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
    return args


def kubectl(*arguments):
    return subprocess.run(["kubectl", *arguments], check=True, capture_output=True, text=True).stdout


def lacks(need, args):
    if need == "cluster" and not args.cluster:
        return "--cluster"
    if need == "root" and os.geteuid() != 0:
        return "root on the node"
    return None


def table(rows):
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "| " + " | ".join("---" for _ in COLUMNS) + " |"
    for row in rows:
        yield "| " + " | ".join(f"{row[c]:.1f} s" if c == "longest delay" else str(row[c]) for c in COLUMNS) + " |"


def main():
    args = parse()
    operator = installed_in()
    address = args.address or kubectl(
        "get", "endpointslices", "-l", "kubernetes.io/service-name=kubernetes", "-o", "jsonpath={.items[0].endpoints[0].addresses[0]}"
    )
    relay_port = kubectl(
        *("-n", operator, "get", "deployments", "-l", "app.kubernetes.io/name=podwork"),
        *("-o", "jsonpath={.items[0].spec.template.spec.containers[0].ports[?(@.name=='context')].containerPort}"),
    )
    kube, store, rows, failed = Kube(), Store(address), [], False
    node = Node(shlex.split(args.cluster or ""))
    try:
        for name in args.only:
            missing = lacks(FAULTS[name][1], args)
            if missing:
                print(f"{name}: left out, needs {missing}", file=sys.stderr, flush=True)
                continue
            print(f"{name} ...", file=sys.stderr, flush=True)
            counts, wrong = Run(kube, node, operator, relay_port, store, (name, FAULTS[name]), args).row()
            rows.append(counts)
            failed = failed or any(counts[column] for column in ZERO)
            print("\n".join([*wrong, str(counts)]), file=sys.stderr, flush=True)
    finally:
        store.close()
        kube.close()
    print("\n".join(table(rows)))
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
