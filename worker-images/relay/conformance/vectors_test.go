package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Workers of all kinds that do the same: the length of a text.
func TestTheSameJobsForEveryKindOfWorker(t *testing.T) {
	const function = `
def length(text):
    if not isinstance(text, str):
        raise TypeError("text must be a string")
    return {"length": len(text)}
`
	const entry = function + `
def entry(requests, results, responses):
    while True:
        request = requests.get()
        if request["type"] == "init":
            results.put({"type": "ready", "loaded_plugins": []})
        elif request["type"] == "execute":
            try:
                results.put({"type": "result", "job_id": request["job_id"], "status": "success", "data": length(request.get("text"))})
            except TypeError as e:
                results.put({"type": "result", "job_id": request["job_id"], "status": "error", "error": str(e)})
        elif request["type"] == "stop":
            return
`
	const task = function + `
import json, sys
def main():
    print(json.dumps({"success": True, "result": length(json.load(sys.stdin)["params"].get("text"))}))
`
	const handler = function + `
async def handler(job, ctx):
    return length(job["data"].get("text"))
`
	const node = `export default async (job) => {
  if (typeof job.data.text !== 'string') throw new TypeError('text must be a string')
  return { length: job.data.text.length }
}
`
	const plain = `import { readFileSync } from 'node:fs'
const { params } = JSON.parse(readFileSync(0, 'utf8'))
if (typeof params.text === 'string') console.log(JSON.stringify({ success: true, result: { length: params.text.length } }))
else {
  console.log(JSON.stringify({ success: false, error: { type: 'TypeError', message: 'text must be a string' } }))
  process.exitCode = 1
}
`
	launcher, err := filepath.Abs("../../node/launch.mjs")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, protocol, file, program string
		command                       []string
	}{
		{"Python's SDK", "jsonrpc", "worker.py", handler, []string{"python3", "-m", "podwork", "worker.py"}},
		{"a function in Python", "task", "worker.py", task, []string{"python3", "-m", "podwork.task", "worker", "main"}},
		{"queues in Python", "messages", "worker.py", entry, []string{"python3", "-m", "podwork.messages", "worker:entry"}},
		{"Node's SDK", "jsonrpc", "worker.mjs", node, []string{"node", launcher, "worker.mjs"}},
		{"plain Node", "task", "worker.mjs", plain, []string{"node", "worker.mjs"}},
		{"the example of task", "task", "worker.py", example(t, "task"), []string{"python3", "worker.py"}},
	} {
		c := c
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.program), 0o644); err != nil {
				t.Fatal(err)
			}
			source, _ := filepath.Abs("../../python/src")
			vectors, _ := filepath.Abs("../../conformance/jobs/text.json")
			args := append([]string{"--protocol", c.protocol, "--timeout", "30", "--vectors", vectors, "--"}, c.command...)
			out, code := conformanceIn(t, dir, []string{"PYTHONPATH=" + source, "PYTHONDONTWRITEBYTECODE=1"}, args...)
			if code != conforms || !strings.Contains(out, "\n6 passed, 0 failed\n") {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
}

// example is the program of a page of the documents.
func example(t *testing.T, protocol string) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/workers/" + protocol + ".md")
	if err != nil {
		t.Fatal(err)
	}
	program := regexp.MustCompile("(?s)```python\n(.*?)```").FindSubmatch(text)
	if program == nil {
		t.Fatalf("%s.md has no example in Python", protocol)
	}
	return string(program[1])
}

func TestExamplesOfTheDocumentsAreWithoutFault(t *testing.T) {
	for _, protocol := range []string{"task", "http", "messages"} {
		findsNoFault(t, protocol, "python3", "worker.py", example(t, protocol))
	}
}

func TestVectorsThatAreNotMet(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("worker.sh", `cat >/dev/null; echo '{"success":true,"result":{"length":5},"logs":[{"level":"info","message":"counted"}]}'`)
	write("jobs.json", `{"protocol":"task","jobs":[
{"name":"right","data":{"text":"fives"},"result":{"length":5},"chunks":[],"log":["counted"]},
{"name":"wrong","data":{"text":"four"},"result":{"length":4}},
{"name":"no failure","data":{},"failure":{"type":"E"}},
{"name":"no chunks","data":{},"result":{},"chunks":["a"]},
{"name":"no log","data":{},"result":{},"log":["counting"]}]}`)
	out, code := conformanceIn(t, dir, nil, "--vectors", "jobs.json", "--", "sh", "worker.sh")
	for _, text := range []string{
		"PASS  right\n", "FAIL  wrong\n      length: expected 4, got 5\n", "FAIL  no failure\n      it should have failed, but the result is",
		"FAIL  no chunks\n      expected [\"a\"], got []\n", "FAIL  no log\n      \"counting\" is not in its log\n", "\n1 passed, 4 failed\n",
	} {
		if code != fails || !strings.Contains(out, text) {
			t.Errorf("%q is not in, exit code %d\n%s", text, code, out)
		}
	}
	for text, want := range map[string]string{
		`{"jobs":[]}`:             `"jobs" must be a list that is not empty`,
		`{"jobs":[{"name":"n"}]}`: `each job needs a "name", and either "result" or "failure"`,
		`{"jobs":[{"nmae":"n"}]}`: `unknown field "nmae"`,
		`{"protocol":"smtp","jobs":[{"name":"n","result":1}]}`: `protocol must be jsonrpc, task, http or messages, not "smtp"`,
		`nothing`: "invalid character",
	} {
		write("wrong.json", text)
		if out, code := conformanceIn(t, dir, nil, "--vectors", "wrong.json", "--", "true"); code != misused || !strings.Contains(out, want) {
			t.Errorf("%s: exit code %d, %s", text, code, out)
		}
	}
}
