package main

import "testing"

// server answers; what a test gives takes the place of the answer to /execute.
func server(execute string) string {
	return `import json, os, signal, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Worker(BaseHTTPRequestHandler):
    def do_GET(self): self.answer({})
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "null")
        if self.path != "/execute": return self.answer({})
        ` + execute + `
    def answer(self, value, status=200, kind="application/json"):
        self.send_response(status); self.send_header("Content-Type", kind); self.end_headers()
        self.wfile.write(json.dumps(value).encode())

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Worker).serve_forever()
`
}

func TestMistakesOfServers(t *testing.T) {
	tellsOf(t, "http", "python3", "worker.py", []mistake{
		{"a port of its own", `from http.server import BaseHTTPRequestHandler, HTTPServer
HTTPServer(("127.0.0.1", 18931), BaseHTTPRequestHandler).serve_forever()`, "listens, and is healthy",
			[]string{"it listens on 127.0.0.1:18931", `worker.py:2: HTTPServer(("127.0.0.1", 18931)`, "the variable PORT"}, startsBriefly},
		{"it does not listen", `import time
time.sleep(60)`, "listens, and is healthy", []string{"connection refused", "it listens nowhere"}, startsBriefly},
		{"no health", `import os
from http.server import BaseHTTPRequestHandler, HTTPServer
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()`, "listens, and is healthy", []string{"it answers 501", "answer GET /health with status 200"}, startsBriefly},
		{"it ends before", `import no_such_module`, "listens, and is healthy", []string{"it ended before it answered GET /health: it exited with code 1", "worker.py:1: import no_such_module"}, nil},
		{"no such path", server(`self.answer({}, 404)`), "answers POST /execute", []string{"404", "serve POST /execute: its body has args"}, nil},
		{"HTML", server(`self.answer({}, kind="text/html")`), "answers POST /execute", []string{`content type "text/html"`, "Content-Type: application/json"}, nil},
		{"not JSON", server(`self.answer(float("nan"))`), "answers POST /execute", []string{"is not JSON", "neither NaN nor Infinity"}, nil},
		{"an exception", server(`self.answer(body["kwargs"]["text"])`), "answers POST /execute", []string{"broke off the connection", `worker.py:9: self.answer(body["kwargs"]["text"])`, "status 500"}, nil},
		{"it exits instead", server(`os._exit(3)`), "answers POST /execute", []string{"it exited with code 3"}, nil},
		{"it never answers", server(`time.sleep(60)`), "answers POST /execute", []string{"POST /execute was not answered within 1s"}, startsBriefly},
		{"a configuration that is refused", `import os, json
from http.server import BaseHTTPRequestHandler, HTTPServer
class Worker(BaseHTTPRequestHandler):
    def do_GET(self): self.answer(200)
    def do_POST(self): self.answer(400)
    def answer(self, status):
        self.send_response(status); self.end_headers(); self.wfile.write(b'{"detail": "no such model"}')
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Worker).serve_forever()`, "answers POST /execute", []string{"POST /initialize: no such model", "--config"}, []string{"--config", `{"model": "x"}`}},
		{"it ignores SIGTERM", "import signal\nsignal.signal(signal.SIGTERM, lambda *_: None)\n" + server(`self.answer(1)`), "ends at SIGTERM", []string{"did not end within", "do not ignore SIGTERM"}, endsBriefly},
	})
}

func TestServersWithoutFault(t *testing.T) {
	findsNoFault(t, "http", "python3", "worker.py", server(`self.answer({"length": 4})`))
}

func TestAStreamThatIsNoStream(t *testing.T) {
	stream := `import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Worker(BaseHTTPRequestHandler):
    def do_GET(self): self.answer(b"{}")
    def do_POST(self): self.answer(b'{\n "a": 1\n}\n')
    def answer(self, body):
        self.send_response(200); self.end_headers(); self.wfile.write(body)
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Worker).serve_forever()`
	tellsOf(t, "http", "python3", "worker.py", []mistake{{
		"one document", stream, "answers POST /execute_stream", []string{"line 1 of the answer to POST /execute_stream is not JSON", "one JSON value on each line"}, []string{"--stream"},
	}})
}
