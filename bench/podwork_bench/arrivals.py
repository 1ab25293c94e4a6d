"""Many objects that are to get somewhere, as a watch tells."""

import contextlib
import threading
import time

PATIENCE = 60


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
            while self.missing and not self.trouble and self.changed.wait(PATIENCE):
                pass
            if self.missing:
                raise RuntimeError(
                    f"{self.what}: {len(self.missing)} of {len(self.missing) + len(self.objects)} are missing, for example "
                    f"{min(self.missing)}: {self.trouble or f'nothing new in {PATIENCE} s'}"
                )


@contextlib.contextmanager
def watching(kube, path, see):
    """Calls see(when, object) for each event, on a thread of its own, until the block is left.

    The API server ends a watch whose reader is slow; the next one begins with what is there, so that objects are seen again.
    """
    left, begun = threading.Event(), threading.Event()

    def listen():
        while not left.is_set():
            with kube.watch(path) as events:
                begun.set()
                for when, event in events:
                    if left.is_set():
                        return
                    see(when, event["object"])

    threading.Thread(target=listen, daemon=True).start()
    if not begun.wait(PATIENCE):
        raise RuntimeError(f"{path} cannot be watched; the reason stands above")
    try:
        yield
    finally:
        left.set()
