package main

import "testing"

// queue serves requests; what a test gives takes the place of the result.
func queue(result string) string {
	return `import json, sys
def say(**message): print(json.dumps(message), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    job = request.get("job_id")
    if request["type"] == "init":
        say(type="ready", loaded_plugins=[])
    elif request["type"] == "execute":
        ` + result + `
    elif request["type"] == "stop":
        break
`
}

func TestMistakesOfLoopsOverMessages(t *testing.T) {
	tellsOf(t, "messages", "python3", "worker.py", []mistake{
		{"never ready", `import sys
for line in sys.stdin:
    if "stop" in line: break`, "says that it is ready", []string{`no message {"type": "ready"} within 6s`, `answer the request {"type": "init"} with {"type": "ready"`}, startsBriefly},
		{"it ends before", `import no_such_module`, "says that it is ready", []string{"it exited with code 1", "worker.py:1: import no_such_module", "ModuleNotFoundError"}, nil},
		{"another job", queue(`say(type="result", job_id="job-1", status="success", data=1)`), "answers execute", []string{`line 2 of its stdout`, `worker.py:9: say(type="result", job_id="job-1"`, `its job_id is "job-1", but the job is "conformance-1"`}, nil},
		{"no job", queue(`say(type="result", status="success", data=1)`), "answers execute", []string{"it has no job_id", "send the job_id of the execute request"}, nil},
		{"no type", queue(`say(job_id=job, status="success", data=1)`), "writes messages that can be read", []string{"it has no type", `add "type": "result"`}, startsBriefly},
		{"an unknown type", queue(`say(type="results", job_id=job, status="success")`), "answers execute", []string{`worker.py:9: say(type="results"`, "its type is not known", "types are ready, result"}, nil},
		{"no status", queue(`say(type="result", job_id=job, data=1)`), "answers execute", []string{`its status must be "success" or "error"`}, nil},
		{"a chunk without its text", queue(`say(type="stream_chunk", job_id=job, text="x")`), "answers execute", []string{"it has no chunk"}, nil},
		{"not JSON", queue(`print("{'type': 'result'}", flush=True)`), "writes messages that can be read", []string{"looks like a message and is not JSON", "double quotes"}, startsBriefly},
		{"no result", queue(`pass`), "answers execute", []string{"no result within 1s"}, startsBriefly},
		{"an exception", queue(`request["text"]`), "answers execute", []string{"no result: it exited with code 1", `worker.py:9: request["text"]`, "KeyError"}, nil},
		{"two results", queue(`say(type="result", job_id=job, status="success"); say(type="result", job_id=job, status="success")`), "says each thing once, and only when asked", []string{"too late", "send one result"}, nil},
		{"an answer that nobody asked for", queue(`say(type="state"); say(type="result", job_id=job, status="success")`), "says each thing once, and only when asked", []string{"nobody asked for"}, nil},
		{"it does not stop", queue(`say(type="result", job_id=job, status="success"); import time; time.sleep(60)`), "ends when it is told to stop", []string{`did not end within 2s of {"type": "stop"}`, "leave the loop"}, endsBriefly},
		{"an exit code that contradicts the result", queue(`say(type="result", job_id=job, status="success"); sys.exit(4)`), "ends when it is told to stop", []string{"code 4 although it answered"}, nil},
	})
}

func TestALoopThatIsReadyTooEarlyToBeHeard(t *testing.T) {
	tellsOf(t, "messages", "perl", "worker.pl", []mistake{{
		"a missing flush", `while (<STDIN>) { print qq({"type":"ready"}\n) if /init/; last if /stop/ }`,
		"says that it is ready", []string{`when its stdin had ended, there came line 1 of its stdout: {"type":"ready"}`, "$| = 1"}, startsBriefly,
	}})
}

func TestLoopsOverMessagesWithoutFault(t *testing.T) {
	findsNoFault(t, "messages", "python3", "worker.py", queue(`
        say(type="stream_chunk", job_id=job, chunk="a", is_final=True)
        say(type="result", job_id=job, status="success", data={})`))
}
