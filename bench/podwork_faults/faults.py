"""The faults. Each is a function that breaks something again and again until told to stop, and leaves it whole."""

import os
import random
import signal
import subprocess
import time

OPERATOR = ("podwork-app.jar",)
RELAY = ("podwork-relay", "relay")
WORKER = ("-m", "podwork")


class Node:
    """The machine that the cluster runs on: this one."""

    def __init__(self, cluster):
        self.command = cluster

    def cluster(self, *arguments):
        subprocess.run([*self.command, *arguments], check=True, stdout=subprocess.DEVNULL)

    def processes(self, *wanted):
        """Those in pods whose command line has the words next to each other."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                in_pod = "kubepods" in read(f"/proc/{pid}/cgroup")
                words = [os.path.basename(word) for word in read(f"/proc/{pid}/cmdline").split("\0")]
            except OSError:
                continue
            if in_pod and any(tuple(words[i : i + len(wanted)]) == wanted for i in range(len(words))):
                found.append(int(pid))
        return found

    def kill(self, *wanted):
        """One of them by chance; how many it killed."""
        found = self.processes(*wanted)
        try:
            if found:
                os.kill(random.choice(found), signal.SIGKILL)
                return 1
        except ProcessLookupError:
            pass  # it was quicker
        return 0


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def nothing(run):
    while not run.over(1):
        pass


def operator(run):
    """SIGKILL some seconds after it was ready; another pod each time, so that no crash back-off keeps it away for minutes."""
    while not run.over(0.5):
        if run.operator_is_ready() and not run.over(random.uniform(1, 6)):
            run.broken += run.node.kill(*OPERATOR)
            run.force_delete(f"/api/v1/namespaces/{run.operator}/pods", "app.kubernetes.io/name=podwork")


def enough(run):
    """About one for every job: the last of them must not be hit again and again until their budgets are gone."""
    return run.broken >= run.settings.jobs


def relay(run):
    while not run.over(0.5) and not enough(run):
        run.broken += run.node.kill(*RELAY)


def worker(run):
    while not run.over(1) and not enough(run):
        run.broken += run.node.kill(*WORKER)


def pod(run):
    while not run.over(1) and not enough(run):
        run.broken += run.force_delete(run.core + "/pods", "podwork.dev/job,podwork.dev/attempt in (1,2,3,4,5)", one=True)


def out_of_memory(run):
    """The workers do it themselves, in their first attempts."""
    run.broken = "every first attempt"
    nothing(run)


def node_lost(run):
    """A second node, which must have the images; its pods run on while nobody can speak to it."""
    if not run.has_node("n2"):
        run.node.cluster("add-node", "n2")
    if not run.over(15):
        run.node.cluster("kill", "kubelet-n2")
        run.node.cluster("kill", "containerd-n2")
        run.broken = 1
    nothing(run)
    run.node.cluster("start", "containerd-n2")
    # A kubelet that does not find its container runtime yet ends at once.
    for _ in range(30):
        run.node.cluster("start", "kubelet-n2")
        time.sleep(2)
        if run.node_is_ready("n2"):
            break


def down(component, seconds):
    def fault(run):
        while not run.over(10):
            run.node.cluster("kill", component)
            run.broken += 1
            run.over(seconds)
            run.node.cluster("start", component)
            if run.over(20):
                break

    return fault


def network(run):
    """Nothing that relays send arrives at the operator, for 20 s."""
    while not run.over(5):
        for pid in run.node.processes(*OPERATOR)[:1]:
            rule = ["nsenter", "-t", str(pid), "-n", "iptables", "{}", "INPUT", "-p", "tcp", "--dport", run.relay_port, "-j", "DROP"]
            subprocess.run([word.format("-I") for word in rule], check=True)
            run.broken += 1
            run.over(20)
            subprocess.run([word.format("-D") for word in rule], check=False)
        if run.over(20):
            break


# name -> (the fault, what of this machine it needs)
FAULTS = {
    "none": (nothing, None),
    "operator": (operator, "root"),
    "relay": (relay, "root"),
    "worker": (worker, "root"),
    "pod": (pod, None),
    "memory": (out_of_memory, None),
    "node": (node_lost, "cluster"),
    "apiserver": (down("apiserver", 5), "cluster"),
    "etcd": (down("etcd", 5), "cluster"),
    "kubelet": (down("kubelet-n1", 5), "cluster"),
    "network": (network, "root"),
}
