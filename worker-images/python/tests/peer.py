"""The other end of a worker's pipes: a real process, spoken to line by line."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src"
PROGRAMS = HERE / "programs"
sys.path.insert(0, str(SOURCE))
PATIENCE = 10

EXECUTE = {
    "job": {"id": "job-1", "name": "train", "type": "train", "data": {"samples": [1, 2]}, "queue": "q", "attempt": 1},
    "context": {
        "jobId": "job-1",
        "queue": "q",
        "flowId": None,
        "flowName": None,
        "stepName": "train",
        "stepId": "job-1__train__attempt-1",
        "attempt": 1,
    },
}
END = object()


class Worker:
    """A worker process. Its stdout is split into messages and other lines, as the shim does it."""

    def __init__(self, *arguments, **environment):
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        env.update(PYTHONPATH=str(SOURCE), **environment)
        self.process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
        )
        self.printed, self._errors, self._messages = [], [], queue.Queue()
        self._threads = [threading.Thread(target=f, daemon=True) for f in (self._read_stdout, self._read_stderr)]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass

    def _read_stdout(self):
        for line in self.process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                message = None
            if isinstance(message, dict) and message.get("jsonrpc") == "2.0":
                self._messages.put(message)
            else:
                self.printed.append(line.decode("utf-8", "replace"))
        self._messages.put(END)

    def _read_stderr(self):
        for line in self.process.stderr:
            self._errors.append(line.decode("utf-8", "replace"))

    @property
    def log(self):
        """stderr, and what of stdout was no message; complete once the process has ended."""
        return "".join(self._errors + self.printed)

    def write(self, data, chunk=None):
        step = chunk or len(data) or 1
        for start in range(0, len(data), step):
            self.process.stdin.write(data[start : start + step])
            self.process.stdin.flush()

    def send(self, message, chunk=None):
        self.write(json.dumps(message).encode() + b"\n", chunk)

    def execute(self, data=None, number=1):
        params = EXECUTE if data is None else {**EXECUTE, "job": {**EXECUTE["job"], "data": data}}
        self.send({"jsonrpc": "2.0", "id": number, "method": "execute", "params": params})

    def answer(self, message, **outcome):
        self.send({"jsonrpc": "2.0", "id": message["id"], **outcome})

    def receive(self, method=None):
        """The next message; it must be a call of `method` where that is given."""
        try:
            message = self._messages.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"no message within {PATIENCE} s; log: {self.log}") from None
        if message is END:
            raise AssertionError(f"the worker ended with {self.process.wait()}; log: {self.log}")
        if method is not None:
            assert message.get("method") == method, f"expected {method}, got {message}"
        return message

    def silent_for(self, seconds):
        try:
            message = self._messages.get(timeout=seconds)
        except queue.Empty:
            return
        assert message is END, f"unexpected message {message}"
        self._messages.put(END)

    def run(self, data=None, serve=None):
        """Executes and serves every call with `serve(message)` (None where not given) until the answer, which it returns."""
        self.execute(data)
        while True:
            message = self.receive()
            if "method" not in message:
                return message
            self.answer(message, **(serve(message) if serve else {"result": None}))

    def cancel(self, reason="AttemptTimeout", message="Worker timeout after 1000ms"):
        """As the operator does it: its stdin ends too."""
        self.send({"jsonrpc": "2.0", "method": "cancel", "params": {"reason": reason, "message": message}})
        self.process.stdin.close()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self, patience=PATIENCE):
        """Waits for the end, and that nothing more was said."""
        code = self.process.wait(patience)
        for thread in self._threads:
            thread.join(patience)
        rest = self._messages.get(timeout=patience)
        assert rest is END, f"unexpected message {rest}"
        return code


def launch(program, **environment):
    return Worker("-m", "podwork", program, **environment)
