"""The sessions of pods that nobody runs, played by worker-images/relay/internal/bench/player."""

import json
import os
import subprocess
import tempfile
import threading

RELAY = os.path.join(os.path.dirname(__file__), "..", "..", "worker-images", "relay")


class Player:
    """Starts with the first pod, which says where its relay would connect to."""

    def __init__(self, token_key, issuer, account, over):
        """`over(pod, error)` is called from another thread for each session that is over; the error is empty if all went well."""
        self.folder = tempfile.TemporaryDirectory(prefix="podwork-player-")
        self.command = [os.path.join(self.folder.name, "player"), "-token-key", os.path.abspath(token_key), "-issuer", issuer]
        self.account = {"name": account["name"], "uid": account["uid"]}
        self.over = over
        self.process = None
        try:
            subprocess.run(["go", "build", "-o", self.command[0], "./internal/bench/player"], cwd=RELAY, check=True)
        except FileNotFoundError:
            raise SystemExit("bench: the row throughput needs Go, to build its player: apt-get install golang-go") from None

    @property
    def pid(self):
        return self.process and self.process.pid

    def play(self, pod):
        if self.process is None:
            self.start(pod)
        of = {key: pod["metadata"][key] for key in ("namespace", "name", "uid")}
        self.process.stdin.write(json.dumps({**of, "serviceAccount": self.account}) + "\n")
        self.process.stdin.flush()

    def start(self, pod):
        relay = next(it for it in pod["spec"]["initContainers"] if it["name"] == "relay")
        server = {it["name"]: it["value"] for it in relay["env"] if it["name"].startswith("PODWORK_SERVER")}
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **server}
        )
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            outcome = json.loads(line)
            self.over(outcome["name"], outcome.get("error", ""))
        if self.process.wait() > 0:
            self.over("", "the player gave up; its reason stands above")

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()
