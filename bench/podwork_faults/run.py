"""One row of the report: jobs, one fault, and what came of it."""

import random
import threading
import time
import urllib.parse

from podwork_bench.kube import ApiError

from . import manifests
from .history import History
from .judge import judge


class Run:
    def __init__(self, kube, node, operator, relay_port, store, fault, settings):
        self.kube, self.node, self.operator, self.relay_port = kube, node, operator, relay_port
        self.store, self.fault, self.settings = store, fault, settings
        self.namespace = f"podwork-faults-{fault[0]}-{int(time.time())}"
        self.core = f"/api/v1/namespaces/{self.namespace}"
        self.jobs = f"/apis/podwork.dev/v1alpha1/namespaces/{self.namespace}/jobs"
        self.names = [f"job-{number}" for number in range(settings.jobs)]
        self.ended = threading.Event()
        self.broken = 0

    def over(self, seconds):
        """Waits, at most until the row is over; whether it is."""
        return self.ended.wait(seconds)

    def persist(self, method, path, body=None):
        """A call that goes on trying: the API server may be what is broken."""
        deadline = time.time() + 120
        while True:
            try:
                return self.kube.call(method, path, body)
            except (OSError, ApiError, ValueError) as e:
                if isinstance(e, ApiError) and e.status == 409:
                    return None  # an earlier try arrived
                if time.time() > deadline:
                    raise
                self.kube.forget_connection()
                time.sleep(0.3)

    def has_node(self, name):
        return any(node["metadata"]["name"] == name for node in self.persist("GET", "/api/v1/nodes")["items"])

    def node_is_ready(self, name):
        conditions = self.persist("GET", f"/api/v1/nodes/{name}")["status"]["conditions"]
        return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)

    def operator_is_ready(self):
        path = f"/apis/apps/v1/namespaces/{self.operator}/deployments?labelSelector=app.kubernetes.io/name=podwork"
        return self.persist("GET", path)["items"][0]["status"].get("readyReplicas", 0) > 0

    def force_delete(self, path, selector, one=False):
        try:
            pods = self.kube.call("GET", f"{path}?labelSelector={urllib.parse.quote(selector)}")["items"]
            pods = [pod for pod in pods if not one or pod["status"].get("phase") == "Running"]
            if one:
                pods = random.sample(pods, min(1, len(pods)))
            for pod in pods:
                self.kube.call("DELETE", f"{path}/{pod['metadata']['name']}", {"gracePeriodSeconds": 0})
            return len(pods)
        except (OSError, ApiError, ValueError):
            self.kube.forget_connection()
            return 0

    def row(self):
        """Counts of this row, and a line for each thing that was wrong."""
        name, (break_things, _) = self.fault
        self.persist("POST", "/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        definitions = self.jobs[: -len("jobs")] + "workerdefinitions"
        self.persist("POST", definitions, manifests.worker())
        history = History(self.kube, self.jobs)
        first_record = len(self.store.records)
        begun = time.time()
        breaking = threading.Thread(target=break_things, args=(self,))
        breaking.start()
        try:
            self.submit(history, name)
            history.wait(lambda: len(history.ended) >= len(self.names), self.settings.patience)
        finally:
            self.ended.set()
            breaking.join()
        time.sleep(self.settings.settle)  # whatever could still be changed or doubled
        counts, wrong = judge(self.names, history.ended, self.store.records[first_record:])
        history.close()
        self.persist("DELETE", f"/api/v1/namespaces/{self.namespace}")
        return {"fault": name, "times": self.broken, "seconds": round(time.time() - begun), **counts}, wrong

    def submit(self, history, fault):
        """Keeps so many jobs in flight, and no more than a node can hold."""
        for number, name in enumerate(self.names):
            history.wait(lambda n=number: n - len(history.ended) < self.settings.in_flight, self.settings.patience)
            seconds = self.settings.seconds * random.uniform(0.5, 1.5)
            outlasts = fault == "node" and number < self.settings.in_flight and number % 4 == 0
            first = manifests.OUTLASTS_ITS_NODE_SECONDS if outlasts else seconds
            self.persist("POST", self.jobs, manifests.job(name, self.store.url, first, seconds, oom=fault == "memory"))
