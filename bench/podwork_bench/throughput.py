"""How many jobs a second, on fake nodes: bare pods, one-pod batch/v1 Jobs, and Podwork Jobs whose workers are played."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from . import manifests, processes
from .arrivals import Arrivals, watching
from .measures import batch_done, pod_done
from .player import Player
from .writes import per_job

CONNECTIONS = 8
RUNNING = "?labelSelector=app.kubernetes.io/managed-by%3Dpodwork&fieldSelector=status.phase%3DRunning"
STRATEGIC = "application/strategic-merge-patch+json"


class Throughput:
    def __init__(self, bench, token_key):
        self.bench = bench
        self.kube = bench.kube
        if not self.kube.call("GET", "/api/v1/nodes?labelSelector=type%3Dfake")["items"]:
            raise SystemExit("bench: the row throughput needs nodes of kwok's that are labelled type=fake; see bench/README.md")
        issuer = self.kube.call("GET", "/.well-known/openid-configuration")["issuer"]
        # The namespace is new, and its service account comes a moment later.
        account = bench.until(bench.core + "/serviceaccounts", "default", lambda it: True)[1]["metadata"]
        self.player = Player(token_key, issuer, account, self.session_over)
        self.creators = ThreadPoolExecutor(CONNECTIONS)
        self.kubelets = ThreadPoolExecutor(CONNECTIONS)
        self.processes = self.find_processes()
        self.played = set()
        self.pods = None

    def close(self):
        self.player.close()
        self.creators.shutdown()
        self.kubelets.shutdown()

    def measure(self, count, warm_up):
        """One kind after another: a warm-up that is not counted, then all jobs as fast as they can be created."""
        self.kube.call("POST", self.bench.podwork + "/workerdefinitions", manifests.fake_worker())
        kinds = {"bare pod": self.bare_pods, "batch/v1 Job": self.batch_jobs, "podwork Job": self.podwork_jobs}
        figures = {}
        for kind, run in kinds.items():
            run(self.names(warm_up))
            figures[kind] = self.cost(run, self.names(count))
        return figures

    def names(self, count):
        return [self.bench.name("fake") for _ in range(count)]

    def cost(self, run, names):
        time.sleep(8)  # let what went before settle
        writes, cpu = self.kube.write_counts(), self.cpu()
        seconds = run(names)
        used = {what: (now - cpu[what]) / len(names) for what, now in self.cpu().items()}
        time.sleep(8)  # the last Events
        return {
            "jobs": len(names),
            "seconds": seconds,
            "cpu": used,
            "writes": per_job(writes, self.kube.write_counts(), len(names)),
        }

    def find_processes(self):
        server = subprocess.run(
            ["kubectl", "config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return processes.find(server.rsplit(":", 1)[1], self.bench.operator_pod()["metadata"]["uid"])

    def cpu(self):
        used = {what: processes.seconds(pid) for what, pid in self.processes.items()}
        own = filter(None, (os.getpid(), self.kube.proxy.pid, self.player.pid))
        return {**used, "this benchmark": sum(map(processes.seconds, own)), "all of this machine": processes.machine_seconds()}

    def bare_pods(self, names):
        path = self.bench.core + "/pods"
        return self.run(names, path, manifests.fake_pod, "?fieldSelector=status.phase%3DSucceeded", pod_done)[0]

    def batch_jobs(self, names):
        return self.run(names, self.bench.batch + "/jobs", manifests.fake_batch_job, "", batch_done)[0]

    def podwork_jobs(self, names):
        """Until the result stands in the last Job. Its pod's end, which comes after it, is waited for besides."""
        self.pods = Arrivals("ends of Podwork Jobs' pods", [f"{name}-1" for name in names])
        with watching(self.kube, self.bench.core + "/pods" + RUNNING, self.pod_runs):
            seconds, jobs = self.run(names, self.bench.podwork + "/jobs", manifests.fake_job, "", pod_done)
            self.pods.wait()
        for name, job in jobs.items():
            if job["status"].get("result") != name:
                raise RuntimeError(f"Job {name} ended without its worker's result: {job['status']}")
        return seconds

    def run(self, names, path, manifest, selector, done):
        """Creates all, and watches until all are done: seconds from the first to the last, and the objects by name."""
        ended = Arrivals(f"ends at {path}", names)

        def see(when, item):
            if done(item):
                ended.add(item["metadata"]["name"], when, item)

        with watching(self.kube, path + selector, see):
            begin = time.time()
            for _ in self.creators.map(lambda name: self.kube.raw("POST", path, manifest(name)), names):
                pass
            ended.wait()
        return ended.last - begin, ended.objects

    def pod_runs(self, _when, pod):
        if pod["metadata"]["uid"] not in self.played:
            self.played.add(pod["metadata"]["uid"])
            self.player.play(pod)

    def session_over(self, name, error):
        if error:
            self.pods.fail(f"the session of pod {name}: {error}")
        else:
            self.kubelets.submit(self.end_pod, name)

    def end_pod(self, name):
        """As the fake kubelet would, which knows nothing of sessions."""
        try:
            self.kube.raw("PATCH", f"{self.bench.core}/pods/{name}/status", manifests.fake_end(), STRATEGIC)
            self.pods.add(name, time.time())
        except Exception as e:
            self.pods.fail(f"the end of pod {name}: {e}")
