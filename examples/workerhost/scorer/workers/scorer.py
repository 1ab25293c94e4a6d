"""A worker of WorkerHost's: nothing in it knows of Podwork."""

import json
import re
import sys


def main():
    task = json.loads(sys.stdin.read())
    sentences = [it for it in re.split(r"[.!?]\s*", task["params"]["text"]) if it]
    words = [len(it.split()) for it in sentences]
    print(f"{task['id']}: {len(words)} sentences", file=sys.stderr)
    print(json.dumps({"success": True, "result": {"sentences": len(words), "longest": max(words, default=0)}}))
    sys.exit(0)
