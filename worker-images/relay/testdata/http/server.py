"""A worker in the form of a server on loopback. MODE says what is wrong with it, if anything."""
import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port, mode = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
config = {}
stopped = threading.Event()


def say(text):
    print(text, file=sys.stderr, flush=True)


class Worker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, body, status=200, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def do_GET(self):
        if self.path == "/health":
            if mode == "unhealthy":
                return self.send({"detail": "no GPU"}, 503)
            if mode == "odd health":
                return self.send(b"<html>fine</html>", kind="text/html")
            self.send({"status": "running", "pid": os.getpid()})
            if mode == "exits after health":
                os._exit(9)
        elif self.path == "/config_schema" and mode == "schema":
            self.send({"type": "object", "required": ["model"], "properties": {"model": {"enum": ["tiny", "base"]}}})
        elif self.path == "/config_schema" and mode == "odd schema":
            self.send(b"<html>", kind="text/html")
        elif self.path == "/stats" and mode != "no stats":
            self.send({"pid": os.getpid(), "cpu_percent": 0.5, "memory_rss_mb": 12.5})
        else:
            self.send({"detail": "Not Found"}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if mode == "exits after health":  # which another thread is about to do
            time.sleep(60)
        path = self.path
        if path == "/initialize":
            if mode == "bad config":
                return self.send({"detail": "no such model: " + json.loads(body)["model"]}, 400)
            config.update(json.loads(body))
            self.send({"status": "ok"})
        elif path == "/cleanup":
            say("cleaned up")
            if mode == "cleanup hangs":
                time.sleep(60)
            self.send({"status": "cleaned"})
        elif path == "/execute":
            self.execute(body)
        elif path == "/execute_stream":
            self.stream()

    def execute(self, body):
        say("executing " + body.decode())
        if mode == "400":
            self.send({"detail": "samples must be a list"}, 400)
        elif mode == "500":
            self.send({"detail": "CUDA error"}, 500)
        elif mode == "exits":
            os._exit(7)
        elif mode == "exits with 0":
            os._exit(0)
        elif mode == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        elif mode == "hangs up":
            self.connection.close()
        elif mode == "aborts":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b'{"a":')
            self.close_connection = True
        elif mode == "slow":
            data = json.dumps({"slow": True}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.05)
        elif mode == "works on":
            for _ in range(600):
                time.sleep(0.1)
        elif mode == "finishes when told":
            stopped.wait(60)
            self.send("finished")
        elif mode == "no content":
            self.send_response(204)
            self.end_headers()
        elif mode == "no type":
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"42")
        elif mode.startswith("result "):
            self.send(mode[len("result "):].encode())
        else:
            self.send({"request": json.loads(body), "config": config})

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        lines = {
            "error": [b'"a"\n', b'{"error": "CUDA error"}\n'],
            "error first": [b'{"error": "not the last"}\n', b'"b"\n'],
            "cut": [b'"a"\n', b'"b'],
            "empty": [],
            "blank": [b"\n", b'1\n\n{"a":\t2}\r\n', b"3"],
            "split": [b'{"te', b'xt":"a"}', b'\n"b"\n'],
        }.get(mode, [b'{"text":"a"}\n', b'"b"\n', b"null\n"])
        for line in lines:
            self.chunk(line)
        if mode == "many":
            for number in range(3000):
                self.chunk(b"%d\n" % number)
        if mode == "exits":
            os._exit(7)
        if mode == "aborts":
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")


def stop(*_):
    say("SIGTERM")
    if mode == "stubborn":
        return
    if mode == "finishes when told":
        stopped.set()
        time.sleep(0.5)
    os._exit(0 if mode != "by signal" else 143)


if mode == "fails to load":
    print("FATAL: Failed to load no.such:Module - No module named 'no'", flush=True)
    sys.exit(1)
if mode == "never listens":
    time.sleep(60)
if mode == "dies of a signal":
    os.kill(os.getpid(), signal.SIGSEGV)
if mode == "late":
    time.sleep(0.7)
if mode != "default signal":
    signal.signal(signal.SIGTERM, stop)
say("port %d, PORT %s" % (port, os.environ["PORT"]))
ThreadingHTTPServer.request_queue_size = 64
threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", port), Worker).serve_forever, daemon=True).start()
while True:
    time.sleep(60)
