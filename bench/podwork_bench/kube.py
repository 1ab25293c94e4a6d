"""A Kubernetes client as small as the benchmark needs: plain HTTP through `kubectl proxy`."""

import contextlib
import http.client
import json
import subprocess
import threading
import time


class ApiError(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:400]}")
        self.status = status


class Kube:
    """Calls the API server; one connection a thread."""

    def __init__(self):
        self.proxy = subprocess.Popen(
            ["kubectl", "proxy", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        # "Starting to serve on 127.0.0.1:40123"
        self.port = int(self.proxy.stdout.readline().rsplit(":", 1)[1])
        self.local = threading.local()

    def close(self):
        self.proxy.terminate()
        self.proxy.wait()

    def forget_connection(self):
        """This thread's is broken; the next call makes another."""
        self.local.connection = None

    def raw(self, method, path, body=None, content_type="application/json"):
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        payload = None if body is None else json.dumps(body)
        connection.request(method, path, payload, {"Content-Type": content_type})
        response = connection.getresponse()
        text = response.read().decode()
        if response.status >= 300:
            raise ApiError(response.status, text)
        return text

    def call(self, method, path, body=None):
        return json.loads(self.raw(method, path, body))

    @contextlib.contextmanager
    def watch(self, path):
        """Yields an iterator of (time received, event)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path + ("&" if "?" in path else "?") + "watch=1")
        response = connection.getresponse()
        if response.status >= 300:
            raise ApiError(response.status, response.read().decode())

        def events():
            for line in iter(response.readline, b""):
                yield time.time(), json.loads(line)

        try:
            yield events()
        finally:
            connection.close()

    def write_counts(self):
        """Successful and refused writes so far, by (verb, group, resource, subresource)."""
        counts = {}
        for line in self.raw("GET", "/metrics").splitlines():
            if not line.startswith("apiserver_request_total{"):
                continue
            labels = dict(part.split("=", 1) for part in line[line.index("{") + 1 : line.rindex("}")].split('",'))
            labels = {key: value.strip('"') for key, value in labels.items()}
            if labels["verb"] in ("POST", "PUT", "PATCH", "APPLY", "DELETE"):
                key = (labels["verb"], labels.get("group", ""), labels["resource"], labels.get("subresource", ""))
                counts[key] = counts.get(key, 0) + float(line.rsplit(" ", 1)[1])
        return counts
