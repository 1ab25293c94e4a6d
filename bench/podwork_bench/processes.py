"""CPU time of the cluster's processes, where they run on this machine."""

import os

TICKS = os.sysconf("SC_CLK_TCK")
NAMES = {"kube-scheduler": "scheduler", "kube-controller-manager": "controller manager", "kwok": "fake kubelet (kwok)"}


def find(server_port, operator_uid):
    """Processes by what they are, as {what: pid}. Another API server's are told apart by the port, and by its etcd."""
    commands = {pid: command for pid, command in each_command() if command}
    found = {}
    for pid, command in commands.items():
        name = os.path.basename(command[0])
        if name == "kube-apiserver" and option(command, "--secure-port", "6443") == server_port:
            found["API server"] = pid
        elif name in NAMES:
            found[NAMES[name]] = pid
        elif is_of_pod(pid, operator_uid) and name == "java":
            found["operator"] = pid
    if "API server" in found:
        servers = option(commands[found["API server"]], "--etcd-servers", "")
        found.update(
            {
                "etcd": pid
                for pid, command in commands.items()
                if os.path.basename(command[0]) == "etcd" and option(command, "--listen-client-urls", "-") in servers
            }
        )
    return found


def each_command():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                yield int(pid), file.read().decode(errors="replace").split("\0")[:-1]
        except OSError:
            pass  # gone meanwhile


def option(command, name, default):
    """Its value, given as --name=value or as --name value."""
    words = " ".join(command).replace(name + "=", name + " ").split(" ")
    return words[words.index(name) + 1] if name in words[:-1] else default


def is_of_pod(pid, uid):
    try:
        with open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
            return uid in file.read().replace("_", "-")
    except OSError:
        return False


def seconds(pid):
    """CPU time that a process has used, user and system."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def machine_seconds():
    """CPU time that everything on this machine has used."""
    with open("/proc/stat", encoding="utf-8") as file:
        user, nice, system, _idle, _iowait, irq, softirq = map(int, file.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / TICKS
