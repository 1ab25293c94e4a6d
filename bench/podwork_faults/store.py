"""What the workers themselves say, kept where no fault of the cluster's reaches it."""

import http.server
import json
import threading
import time


class Store:
    """An HTTP server in this process: each POST is one record."""

    def __init__(self, address):
        self.records = []
        store = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                record = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                record["at"] = time.time()
                store.records.append(record)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.url = f"http://{address}:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
