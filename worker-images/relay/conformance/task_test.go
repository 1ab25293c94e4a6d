package main

import "testing"

func TestMistakesOfTasks(t *testing.T) {
	tellsOf(t, "task", "python3", "worker.py", []mistake{
		{
			"a print before the document", `import json, sys
print("loading model")
task = json.load(sys.stdin)
print(json.dumps({"success": True, "result": 1}))`,
			"writes one JSON document to stdout",
			[]string{"line 1 of its stdout: loading model", `worker.py:2: print("loading model")`, "before the document", "print(…, file=sys.stderr)"}, nil,
		},
		{
			"a print behind it", `import json
print(json.dumps({"success": True}))
print("bye, bye")`,
			"writes one JSON document to stdout", []string{"line 2 of its stdout: bye, bye", `worker.py:3: print("bye, bye")`, "behind the document"}, nil,
		},
		{
			"two documents", `import json
for i in range(2): print(json.dumps({"success": True}))`,
			"writes one JSON document to stdout", []string{"line 2 of its stdout", "a second document", "when all is done"}, nil,
		},
		{
			"a Python dict", `print({"success": True})`,
			"writes one JSON document to stdout", []string{"line 1 of its stdout: {'success': True}", "invalid character '\\''", "json.dumps"}, nil,
		},
		{
			"NaN", `import json
print(json.dumps({"success": True,
 "result": float("nan")}))`,
			"writes one JSON document to stdout", []string{"invalid character 'N'", "neither NaN nor Infinity"}, nil,
		},
		{
			"nothing at all", `import sys
sys.stdin.read()`,
			"writes one JSON document to stdout", []string{"nothing was written to stdout: it exited with code 0", `write {"success": true`}, nil,
		},
		{
			"an exception", `import json, sys
task = json.load(sys.stdin)
print(json.dumps({"success": True, "result": task["params"]["text"]}))`,
			"writes one JSON document to stdout", []string{"it exited with code 1", `worker.py:3: print(json.dumps({"success": True`, "its last line: KeyError: 'text'"}, nil,
		},
		{
			"half a document", `import os, sys
sys.stdout.write('{"success": true, "res'); sys.stdout.flush()
os.kill(os.getpid(), 9)`,
			"writes one JSON document to stdout", []string{"cut off after 22 bytes: it was ended by SIGKILL", "flush"}, nil,
		},
		{"no success", `print('{"result": 1}')`, `says "success"`, []string{"line 1 of its stdout", `has no member "success"`}, nil},
		{"success is a text", `print('{"success": "yes"}')`, `says "success"`, []string{`its "success" is "yes": it must be true or false`}, nil},
		{
			"success and exit code 1", `import sys
print('{"success": true}')
sys.exit(1)`,
			"its exit code agrees", []string{`it wrote "success": true, but exited with code 1`, "exit with code 0"}, nil,
		},
		{
			"failure and exit code 0", `print('{"success": false, "error": {"message": "no"}}')`,
			"its exit code agrees", []string{`"success": false, but exited with code 0`, "exit with code 1, or 2"}, nil,
		},
		{
			"no reason", `import sys
print('{"success": false}')
sys.exit(1)`,
			"says why a job failed", []string{`has no "error"`, `"retry_possible"`}, nil,
		},
		{
			"it does not end", `import time
print('{"success": true}')
time.sleep(60)`,
			"ends by itself", []string{"did not exit within 5s, although its document was complete", "--timeout SECONDS"}, briefly,
		},
		{
			"it ignores SIGTERM", `import json, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(6)
print('{"success": true}')
sys.stdout.flush()
if json.load(sys.stdin)["id"] == "conformance-2": time.sleep(60)`,
			"ends when it is cancelled", []string{"within 2s of SIGTERM, and was killed", "do not ignore SIGTERM"}, endsBriefly,
		},
		{"a result over the limit", `print('{"success": true, "result": "%s"}' % ("x" * 300000))`, "writes one JSON document to stdout", []string{"a result of 300002 bytes", "at most 262144"}, nil},
	})
}

func TestTasksWithoutFault(t *testing.T) {
	findsNoFault(t, "task", "sh", "worker.sh", `cat >/dev/null; echo "at work" >&2; echo '{"success": true, "result": {"length": 4}}'`)
	findsNoFault(t, "task", "python3", "worker.py", `import sys
print('{"success": false, "error": {"type": "E", "message": "never"}}')
sys.exit(2)`)
}
