"""What is measured. Each function returns figures; nothing here judges them."""

import json
import subprocess
import time

from . import manifests
from .figures import summary
from .writes import per_job

TERMINAL = ("Succeeded", "Failed")


class Bench:
    def __init__(self, kube, namespace, operator):
        self.kube = kube
        self.operator = operator
        self.core = f"/api/v1/namespaces/{namespace}"
        self.podwork = f"/apis/podwork.dev/v1alpha1/namespaces/{namespace}"
        self.batch = f"/apis/batch/v1/namespaces/{namespace}"
        self.number = 0

    def name(self, kind):
        self.number += 1
        return f"{kind}-{self.number}"

    def until(self, path, name, done):
        """Watches one object until done(object); returns (time seen, object)."""
        with self.kube.watch(f"{path}?fieldSelector=metadata.name={name}") as events:
            for seen, event in events:
                if done(event["object"]):
                    return seen, event["object"]
        raise TimeoutError(f"{path}/{name} did not get there in two minutes")

    def job(self, data=None, worker=manifests.WORKER):
        """Runs one Job: (time created, time its end was seen, result)."""
        name = self.name("job")
        created = time.time()
        self.kube.call("POST", self.podwork + "/jobs", manifests.job(name, data, worker))
        seen, job = self.until(
            self.podwork + "/jobs", name, lambda it: it.get("status", {}).get("phase") in TERMINAL
        )
        if job["status"]["phase"] != "Succeeded":
            raise RuntimeError(f"{name}: {json.dumps(job['status'])}")
        return created, seen, job["status"]["result"]

    def image(self):
        """Image and pull policy that Podwork gives a Python worker."""
        self.job()
        name = f"job-{self.number}-1"
        container = self.kube.call("GET", f"{self.core}/pods/{name}")["spec"]["containers"][0]
        return container["image"], container["imagePullPolicy"]

    def bare_start(self, image, pull_policy, program=manifests.TELLS_TIME):
        name = self.name("bare")
        created = time.time()
        self.kube.call("POST", self.core + "/pods", manifests.bare_pod(name, image, pull_policy, program))
        self.until(self.core + "/pods", name, lambda pod: pod["status"].get("phase") in TERMINAL)
        return float(self.kube.raw("GET", f"{self.core}/pods/{name}/log")) - created

    def start(self, count):
        """Created -> handler entered, beside a bare pod's created -> program runs, in turn."""
        image, pull_policy = self.image()
        bare, podwork = [], []
        for _ in range(count):
            bare.append(self.bare_start(image, pull_policy))
            created, _, result = self.job()
            podwork.append(result["entered"] - created)
        return {"bare pod": summary(bare), "podwork": summary(podwork)}

    def result(self, count):
        """Handler returned -> Succeeded seen by a watch."""
        delays = []
        for _ in range(count):
            _, seen, result = self.job()
            delays.append(seen - result["returned"])
        return {"returned to Succeeded": summary(delays)}

    def hop(self, rounds=5000, warm_up=3):
        # A new operator's compiler has yet to see its server at work; calls take twice as long meanwhile.
        for _ in range(warm_up):
            self.job({"rounds": rounds})
        _, _, result = self.job({"rounds": rounds})
        return {
            "as a child process": summary(result["child"]),
            "in a pod": summary(result["pod"]),
            "an echoed line": summary(result["echo"]),
        }

    def operator_pod(self):
        pods = f"/api/v1/namespaces/{self.operator}/pods?labelSelector=app.kubernetes.io/name=podwork"
        return self.kube.call("GET", pods)["items"][0]

    def operator_stats(self):
        pod = self.operator_pod()
        stats = self.kube.call("GET", f"/api/v1/nodes/{pod['spec']['nodeName']}/proxy/stats/summary")
        container = next(it for it in stats["pods"] if it["podRef"]["uid"] == pod["metadata"]["uid"])["containers"][0]
        return pod, container["cpu"]["usageCoreNanoSeconds"] / 1e9, container["memory"]["rssBytes"]

    def operator_cost(self, count):
        pod, cpu_before, memory = self.operator_stats()
        for _ in range(count):
            self.job()
        time.sleep(15)  # the kubelet samples every 10 s
        _, cpu_after, memory_after = self.operator_stats()
        conditions = {it["type"]: it["lastTransitionTime"] for it in pod["status"]["conditions"]}
        started = pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"]
        return {
            "ready": {"started": started, "ready": conditions["Ready"]},
            "resident": {"before": memory, "after": memory_after},
            "cpu per job": (cpu_after - cpu_before) / count,
        }

    def writes(self, count):
        """API writes per job of each kind, one kind after another."""
        image, pull_policy = self.image()
        kinds = {
            "bare pod": (self.core + "/pods", lambda n: manifests.bare_pod(n, image, pull_policy), pod_done),
            "batch/v1 Job": (self.batch + "/jobs", lambda n: manifests.batch_job(n, image, pull_policy), batch_done),
            "podwork Job": (self.podwork + "/jobs", manifests.job, pod_done),
        }
        return {kind: self.writes_of(count, *of) for kind, of in kinds.items()}

    def writes_of(self, count, path, manifest, done):
        time.sleep(8)  # let what went before settle
        before = self.kube.write_counts()
        for _ in range(count):
            name = self.name("w")
            self.kube.call("POST", path, manifest(name))
            self.until(path, name, done)
        time.sleep(8)  # the kubelet's last status writes
        return per_job(before, self.kube.write_counts(), count)


def pod_done(item):
    return item.get("status", {}).get("phase") in TERMINAL


def batch_done(item):
    return any(c["type"] in ("Complete", "Failed") and c["status"] == "True" for c in item.get("status", {}).get("conditions", []))


def installed_in():
    """Namespace of the operator."""
    found = subprocess.run(
        ["kubectl", "get", "deployments", "-A", "-l", "app.kubernetes.io/name=podwork", "-o", "jsonpath={.items[0].metadata.namespace}"],
        capture_output=True,
        text=True,
    )
    if found.returncode or not found.stdout:
        raise SystemExit("bench: no Podwork in this cluster; helm install it first (README.md)")
    return found.stdout
