package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/wire"
)

const video = `{"video_id":"dQw4w9WgXcQ"}`

func TestTasksInAnyLanguage(t *testing.T) {
	t.Parallel()
	commands := map[string][]string{
		"perl": {"perl", "testdata/task/scrape.pl"},
		"awk":  {"awk", "-f", "testdata/task/scrape.awk"},
		"sh":   {"sh", "testdata/task/scrape.sh"},
		"node": {"node", "testdata/task/scrape.js"},
	}
	for name, command := range commands {
		t.Run(name, func(t *testing.T) {
			o := speaking(t, "task").job(video, command...)
			if string(o.result) != video || o.exit.Code != 0 || o.answers != 1 {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestTasksInPython(t *testing.T) {
	t.Parallel()
	for _, interpreter := range pythons() {
		t.Run(interpreter, func(t *testing.T) {
			p := speaking(t, "task")
			o := p.job(video, interpreter, "testdata/task/scrape.py")
			if !strings.Contains(string(o.result), `"id":"task-123"`) || !strings.Contains(string(o.result), `"type":"PrismQ.YouTube.VideoScrape"`) {
				t.Errorf("%+v", o)
			}
			if log := o.calls["ctx.logger.log"]; len(log) != 2 || string(log[0]) != `{"level":"info","message":"scraped","metadata":{"attempts":1}}` ||
				string(log[1]) != `{"level":"info","message":"plain"}` {
				t.Errorf("log %s", log)
			}
			if p.stderr.String() != "scraping dQw4w9WgXcQ\nINFO scraped {\"attempts\":1}\nINFO plain\n" || p.stdout.String() != "" {
				t.Errorf("stderr %q, stdout %q", p.stderr.String(), p.stdout.String())
			}
			if measured := o.measured; len(measured) != 1 || !strings.Contains(string(measured[0]), `"peakMemoryBytes":`) {
				t.Errorf("telemetry %s", measured)
			}
		})
	}
}

func TestTheSeedsTasksAsTheyAre(t *testing.T) {
	t.Parallel()
	for i, program := range programs(t, "002", "process_task") {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := speaking(t, "task")
			p.write("worker.py", program)
			p.write("sitecustomize.py", "import builtins\nbuiltins.process_task = lambda task: {'idea_inspiration_id': 'u', 'video_id': task['params']['video_id']}\n")
			p.env = append(p.env, "PYTHONPATH="+p.dir)
			o := p.job(video, python(), p.file("worker.py"))
			if string(o.result) != `{"idea_inspiration_id":"u","video_id":"dQw4w9WgXcQ"}` {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestFailuresOfTasks(t *testing.T) {
	t.Parallel()
	py := func(program string) []string { return []string{python(), "-c", "import os, sys, json\n" + program} }
	cases := []struct {
		name      string
		command   []string
		code      int
		kind      string // empty where the exit is to speak for itself
		message   string
		retriable string
		log       string
	}{
		{"error and retry_possible", []string{python(), "testdata/task/scrape.py"}, 1, "KeyError", "no video_id", "no", "ERROR gave up"},
		{"code 2", py(`print('{"success": false, "error": {"message": "never"}}'); sys.exit(2)`), 2, "PermanentFailure", "never", "no", ""},
		{"code 2, nothing said", py(`sys.exit(2)`), 2, "PermanentFailure", "not retried", "no", ""},
		{"code 3", py(`sys.exit(3)`), 3, "Timeout", "timeout", "no", ""},
		{"code 130", py(`sys.exit(130)`), 130, "Interrupted", "interrupted", "", ""},
		{"an exception", py(`sys.stdin.read(); raise KeyError("x")`), 1, "", "", "", "KeyError: 'x'"},
		{"segmentation fault", py(`os.kill(os.getpid(), 11)`), 139, "", "", "", ""},
		{"text, code 1", py(`print("working"); sys.exit("no luck")`), 1, "", "", "", `podwork: stdout must be one JSON document, but begins with "working"`},
	}
	for _, c := range cases {
		c := c
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := speaking(t, "task")
			o := p.job(`{}`, c.command...)
			if o.exit.Code != c.code || o.result != nil || o.failure.Data.Type != c.kind || o.retriable() != c.retriable ||
				!strings.Contains(o.failure.Message, c.message) {
				t.Errorf("%+v", o)
			}
			if (c.kind == "") != (o.answers == 0) {
				t.Errorf("%d answers", o.answers)
			}
			if !strings.Contains(p.stderr.String(), c.log) {
				t.Errorf("stderr %q", p.stderr.String())
			}
			if strings.HasPrefix(c.log, "podwork") && !strings.Contains(strings.Join(o.exit.StderrTail, "\n"), c.log) {
				t.Errorf("last lines %q", o.exit.StderrTail)
			}
		})
	}
}

func TestATaskIsNotTakenApart(t *testing.T) {
	t.Parallel()
	data := `{"n":1.0,"big":12345678901234567890,"text":"\u00e4 ä \ud83d\ude00","deep":[[[{}]]],"type":"mine","id":7}`
	p := speaking(t, "task")
	p.job(data, "sh", "-c", `cat >&2; echo '{"success":true}'`)
	want := `{"id":"task-123","type":"PrismQ.YouTube.VideoScrape","params":` + data + "}\n"
	if p.stderr.String() != want {
		t.Errorf("stdin was %q", p.stderr.String())
	}
}

func TestResultsOfAnyKindAreSuccesses(t *testing.T) {
	t.Parallel()
	for _, result := range []string{`null`, `false`, `0`, `""`, `[]`, `{}`, `1.50`, `12345678901234567890`} {
		o := speaking(t, "task").job(`{}`, "echo", `{"result":`+result+`,"success":true}`)
		if string(o.result) != result || o.answers != 1 {
			t.Errorf("%s: %+v", result, o)
		}
	}
	if o := speaking(t, "task").job(`{}`, "echo", `{"success":true}`); string(o.result) != "null" {
		t.Errorf("%+v", o)
	}
}

func TestATaskOverTheLimit(t *testing.T) {
	t.Parallel()
	p := speaking(t, "task")
	o := p.job(`{}`, python(), "-c", fmt.Sprintf(`print('{"success": true, "result": "' + "x" * %d + '"}')`, wire.MaxMessage))
	if o.oversize < wire.MaxMessage || o.answers != 0 || o.exit.Code != 0 {
		t.Errorf("%d bytes told, %+v", o.oversize, o)
	}
	if len(p.stdout.String()) > 64<<10 {
		t.Errorf("%d bytes in the log", len(p.stdout.String()))
	}
}

func TestATaskWithinTheLimit(t *testing.T) {
	t.Parallel()
	o := speaking(t, "task").job(`{"text":"`+strings.Repeat("x", 8<<20)+`"}`, python(), "-c",
		`import sys, json; task = json.load(sys.stdin); print(json.dumps({"success": True, "result": task["params"]}))`)
	if len(o.result) != 8<<20+len(`{"text":""}`) {
		t.Errorf("a result of %d bytes", len(o.result))
	}
}

func TestTextCanBeFollowedWhileATaskRuns(t *testing.T) {
	t.Parallel()
	p := speaking(t, "task")
	p.server.Send(wire.Msg, executeWith(`{}`))
	p.startRelay()
	p.startShim(python(), "-uc", `print("step 1"); import time; time.sleep(60)`)
	p.eventually("the text is in the log", func() bool { return p.stdout.String() == "step 1\n" })
	p.signal(syscall.SIGTERM)
	if o := p.outcome(); o.exit.Signal != "SIGTERM" || o.answers != 0 {
		t.Errorf("%+v", o)
	}
}

func TestATaskMayEndBeforeItIsSent(t *testing.T) {
	t.Parallel()
	p := speaking(t, "task")
	p.startRelay()
	p.startShim("sh", "-c", `echo '{"success":true,"result":"early"}'; echo bye >&2`)
	p.eventually("the worker has ended", func() bool { return strings.Contains(p.stderr.String(), "bye") })
	time.Sleep(300 * time.Millisecond)
	p.server.Send(wire.Msg, executeWith(`{}`))
	if o := p.outcome(); string(o.result) != `"early"` {
		t.Errorf("%+v", o)
	}
}

func TestATaskWhoseAttemptIsOverBeforeItIsSent(t *testing.T) {
	t.Parallel()
	p := speaking(t, "task")
	p.server.Send(wire.End, `{"graceMs":60000}`)
	p.startRelay()
	p.startShim("sh", "-c", `cat >&2; echo '{"success":true}'`)
	if o := p.outcome(); o.answers != 0 || o.exit.Code != 0 {
		t.Errorf("%+v", o)
	}
}

func TestATaskIsCancelled(t *testing.T) {
	t.Parallel()
	p := speaking(t, "task")
	p.server.Send(wire.Msg, executeWith(`{}`))
	p.startRelay()
	p.startShim(python(), "-c", `
import json, signal, sys, time
def stopped(*_):
    print(json.dumps({"success": False, "error": {"type": "Interrupted", "message": "by SIGTERM"}}))
    sys.exit(130)
signal.signal(signal.SIGTERM, stopped)
sys.stdin.read()
sys.stderr.write("working\n")
time.sleep(60)`)
	p.eventually("the worker works", func() bool { return strings.Contains(p.stderr.String(), "working") })
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"cancel","params":{"reason":"Cancelled","message":"no longer needed"}}`)
	if o := p.outcome(); o.exit.Code != 130 || o.failure.Message != "by SIGTERM" {
		t.Errorf("%+v", o)
	}
}

func TestATasksGrandchildHoldsStdout(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	o := speaking(t, "task").job(`{}`, "sh", "-c", `sleep 60 & echo '{"success":true,"result":1}'`)
	if string(o.result) != "1" || time.Since(begin) > 40*time.Second {
		t.Errorf("%+v after %v", o, time.Since(begin))
	}
}

func TestATaskThatClosesItsStdin(t *testing.T) {
	t.Parallel()
	o := speaking(t, "task").job(`"`+strings.Repeat("x", 1<<20)+`"`, "sh", "-c", `exec <&-; sleep 0.2; echo '{"success":true}'`)
	if string(o.result) != "null" {
		t.Errorf("%+v", o)
	}
}

func TestTelemetryThatNobodyWants(t *testing.T) {
	t.Parallel()
	p := speaking(t, "task")
	p.env = append(p.env, "PODWORK_TELEMETRY_SECONDS=0")
	if o := p.job(`{}`, "echo", `{"success": true}`); len(o.measured) != 0 {
		t.Errorf("measured: %s", o.measured)
	}
}

func TestTelemetryAtIntervals(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"jsonrpc", "task"} {
		p := speaking(t, protocol)
		p.env = append(p.env, "PODWORK_TELEMETRY_SECONDS=0.1")
		o := p.job(`{}`, python(), "-c", `
import subprocess, time
held = bytearray(50 << 20)
child = subprocess.Popen(["sleep", "60"])
time.sleep(0.7)
child.kill()
print('{"success": true}')`)
		measured := o.measured
		if len(measured) < 2 {
			t.Fatalf("%s: %d measurements", protocol, len(measured))
		}
		most := string(measured[len(measured)-1])
		var processes, memory int64
		for _, m := range measured {
			var n struct{ MemoryBytes, Processes int64 }
			unmarshal(t, m, &n)
			if n.Processes > processes {
				processes = n.Processes
			}
			if n.MemoryBytes > memory {
				memory = n.MemoryBytes
			}
		}
		if processes < 2 || processes > 9 || memory < 50<<20 || memory > 500<<20 {
			t.Errorf("%s: %d processes, %d bytes; the last %s", protocol, processes, memory, most)
		}
	}
}
