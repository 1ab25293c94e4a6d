"""Many objects that are to get somewhere, as a watch tells."""

import contextlib
import threading
import time

PATIENCE = 300


class Arrivals:
    """Those that have arrived, by name, and when the last one did."""

    def __init__(self, what, names):
        self.what = what
        self.missing = set(names)
        self.objects = {}
        self.last = time.time()
        self.trouble = ""
        self.changed = threading.Condition()

    def add(self, name, when, item=None):
        with self.changed:
            if name in self.missing:
                self.missing.remove(name)
                self.objects[name] = item
                self.last = when
                self.changed.notify_all()

    def fail(self, trouble):
        with self.changed:
            self.trouble = self.trouble or trouble
            self.changed.notify_all()

    def wait(self):
        with self.changed:
            self.changed.wait_for(lambda: self.trouble or not self.missing, PATIENCE)
            if self.missing:
                raise RuntimeError(
                    f"{self.what}: {len(self.missing)} of {len(self.missing) + len(self.objects)} are missing, for example "
                    f"{min(self.missing)}: {self.trouble or f'nothing in {PATIENCE} s'}"
                )


@contextlib.contextmanager
def watching(kube, path, see):
    """Calls see(when, object) for each event of a watch, on a thread of its own, until the block is left."""
    left = threading.Event()

    def listen():
        try:
            for when, event in events:
                see(when, event["object"])
        except Exception:
            # A reader has many ways to notice that its connection was closed.
            if not left.is_set():
                raise

    with kube.watch(path) as events:
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield
        finally:
            left.set()
    thread.join(10)
