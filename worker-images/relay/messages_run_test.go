package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/wire"
)

func loop(mode string) []string { return []string{python(), "testdata/messages/worker.py", mode} }

func TestALoopIsTakenThroughItsJob(t *testing.T) {
	t.Parallel()
	p := speaking(t, "messages")
	p.env = append(p.env, `PODWORK_CONFIG={"whisper":{"model":"tiny"}}`)
	o := p.job(`{"audio":"a.wav","beam":5}`, loop("")...)
	if string(o.result) != `{"request":{"job_id":"task-123","plugin_name":"whisper","audio":"a.wav","beam":5},"config":{"whisper":{"model":"tiny"}}}` || o.answers != 1 {
		t.Errorf("%+v", o)
	}
	if log := p.stderr.String(); !strings.HasPrefix(log, `init {"plugin_configs": {"whisper": {"model": "tiny"}}}`) || !strings.HasSuffix(log, "stop {}\nstopped\n") {
		t.Errorf("log %q", log)
	}
	if p.stdout.String() != "a print of the worker's\n{\"print\": \"of JSON\"}\n" {
		t.Errorf("stdout %q", p.stdout.String())
	}
	if o.exit.Code != 0 || len(o.measured) != 1 {
		t.Errorf("%+v", o)
	}
}

func TestThePluginOfAJob(t *testing.T) {
	t.Parallel()
	cases := []struct{ env, data, want string }{
		{"", `{"plugin_name":"b"}`, `"plugin_name":"b"`},
		{"", `null`, `"plugin_name":"PrismQ.YouTube.VideoScrape"`},
		{`PODWORK_CONFIG={"a":{},"b":{}}`, `{}`, `"plugin_name":"PrismQ.YouTube.VideoScrape"`},
		{"PODWORK_PLUGIN=a", `{}`, `"plugin_name":"a"`},
		{"PODWORK_PLUGIN=a", `{"plugin_name":"a"}`, `"plugin_name":"a"`},
	}
	for _, c := range cases {
		p := speaking(t, "messages")
		p.env = append(p.env, c.env)
		if o := p.job(c.data, loop("")...); !strings.Contains(string(o.result), c.want) {
			t.Errorf("%s %s: %+v", c.env, c.data, o)
		}
	}
}

func TestDataThatIsNotForALoop(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"type":"stop"}`:     `"type" in the job's data is a member of the protocol's own messages: call it something else`,
		`{"job_id":"other"}`:  `"job_id" in the job's data`,
		`{"plugin_name":"b"}`: `plugin_name in the job's data is "b", but this worker's plugin is "a": leave plugin_name out`,
		`{"plugin_name":7}`:   `must be a string`,
		`[1,2]`:               "must be an object, whose members are the plugin's parameters, not [1,2]",
		`"text"`:              "must be an object",
	} {
		p := speaking(t, "messages")
		p.env = append(p.env, "PODWORK_PLUGIN=a")
		o := p.job(data, loop("")...)
		if o.failure.Data.Type != "InvalidData" || o.retriable() != "no" || !strings.Contains(o.failure.Message, want) || o.exit.Code != 0 {
			t.Errorf("%s: %+v", data, o)
		}
		if strings.Contains(p.stderr.String(), "execute") {
			t.Errorf("%s was executed", data)
		}
	}
}

func TestStreamsOfLoops(t *testing.T) {
	t.Parallel()
	for mode, result := range map[string]string{
		"":         `{"streamed":true,"text":"Grüße, Welt"}`,
		"own text": `{"text":"mine"}`,
		"no data":  `{"streamed":true,"text":"Grüße, Welt"}`,
		"list":     `{"data":[1],"text":"Grüße, Welt"}`,
	} {
		mode, result := mode, result
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			o := speaking(t, "messages").job(`{"stream":true}`, loop(mode)...)
			if string(o.result) != result || o.failure.Message != "" {
				t.Errorf("%+v", o)
			}
			parts := o.calls["ctx.stream"]
			if len(parts) != 4 || string(parts[0]) != `{"index":0,"chunk":"Gr\u00fc"}` || string(parts[3]) != `{"index":3,"chunk":"","final":true,"metadata":{"tokens":3}}` {
				t.Errorf("parts %s", parts)
			}
		})
	}
}

func TestFailuresOfLoops(t *testing.T) {
	t.Parallel()
	cases := []struct {
		mode      string
		kind      string // empty where the exit is to speak for itself
		message   string
		retriable string
		code      int
		log       string
	}{
		{"plugin fails", "PluginError", "CUDA out of memory", "", 0, ""},
		{"plugin fails in detail", "KeyError", "x", "no", 0, ""},
		{"dies", "", "", "", 7, "podwork: the worker exited with code 7 before it sent a result"},
		{"dies when ready", "", "", "", 9, "podwork: the worker exited with code 9 before it"},
		{"fails to load", "WorkerNotStarted", `exited with code 1 before it sent {"type":"ready"}`, "no", 1, "no module named 'torch'"},
	}
	for _, c := range cases {
		c := c
		t.Run(c.mode, func(t *testing.T) {
			t.Parallel()
			p := speaking(t, "messages")
			o := p.job(`{}`, loop(c.mode)...)
			if o.result != nil || o.failure.Data.Type != c.kind || o.retriable() != c.retriable || !strings.Contains(o.failure.Message, c.message) || o.exit.Code != c.code {
				t.Errorf("%+v", o)
			}
			if (c.kind == "") != (o.answers == 0) {
				t.Errorf("%d answers", o.answers)
			}
			if !strings.Contains(p.stderr.String(), c.log) || c.kind == "" && !strings.Contains(strings.Join(o.exit.StderrTail, "\n"), c.log) {
				t.Errorf("stderr %q", p.stderr.String())
			}
		})
	}
}

func TestWhatALoopSaysTooLateOrUnasked(t *testing.T) {
	t.Parallel()
	for mode, note := range map[string]string{
		"two results": "podwork: too late, since the job has its result", "unasked": "podwork: nobody asked for", "ready twice": `podwork: "ready" came when`,
		"result, then dies": "",
	} {
		p := speaking(t, "messages")
		o := p.job(`{}`, loop(mode)...)
		if o.result == nil || o.answers != 1 || !strings.Contains(p.stderr.String(), note) {
			t.Errorf("%s: %+v, log %q", mode, o, p.stderr.String())
		}
	}
}

func TestALoopThatIsNotReadyInTime(t *testing.T) {
	t.Parallel()
	p := speaking(t, "messages")
	p.env = append(p.env, "PODWORK_START_SECONDS=0.5")
	if o := p.job(`{}`, loop("never ready")...); o.failure.Data.Type != "WorkerNotReady" || !strings.Contains(o.failure.Message, `{"type":"ready"} within 500ms`) {
		t.Errorf("%+v", o)
	}
}

func TestTheEndOfALoop(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	o := speaking(t, "messages").job(`{}`, loop("ignores stop")...)
	if took := time.Since(begin); o.exit.Code != 0 || o.result == nil || took < 5*time.Second || took > 40*time.Second {
		t.Errorf("%+v after %v", o, took)
	}
}

func TestALoopIsCancelled(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"cancel", "end", "SIGTERM"} {
		how := how
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			p := speaking(t, "messages")
			p.server.Send(wire.Msg, executeWith(`{}`))
			p.startRelay()
			p.startShim(loop("works on")...)
			p.eventually("it works", func() bool { return strings.Contains(p.stderr.String(), "execute") })
			begin := time.Now()
			switch how {
			case "cancel":
				p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"cancel","params":{"reason":"Cancelled","message":""}}`)
			case "end":
				p.server.Send(wire.End, `{"graceMs":2000}`)
			default:
				p.signal(syscall.SIGTERM)
			}
			// It is busy, so it does not hear that it is to stop.
			if o := p.outcome(); o.answers != 0 || o.exit.Signal != "SIGTERM" || time.Since(begin) > 40*time.Second {
				t.Errorf("%+v after %v", o, time.Since(begin))
			}
		})
	}
}

func TestALoopIsAskedByTheServer(t *testing.T) {
	t.Parallel()
	p := speaking(t, "messages")
	p.startRelay()
	p.startShim(loop("")...)
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","id":7,"method":"reload","params":{"plugin_name":"a","config":{"n":1},"type":"stop"}}`)
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","id":"u","method":"unload","params":{"plugin_name":"b"}}`)
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","id":8,"method":"get_state"}`)
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","id":9,"method":"dance"}`)
	p.heard(4)
	p.server.Send(wire.Msg, executeWith(`{}`))
	got := strings.Join(p.messages(), "\n")
	for _, want := range []string{
		`{"jsonrpc":"2.0","id":7,"result":{"type":"response","request_type":"reload","status":"success","plugin_name":"a"}}`,
		`{"jsonrpc":"2.0","id":"u","error":{"code":-32000,"message":"no such plugin"}}`,
		`{"jsonrpc":"2.0","id":8,"result":{"type":"state","current_plugin":null,"current_config":{"a":{"n":1}},"loaded_plugins":["a"]}}`,
		`{"jsonrpc":"2.0","id":9,"error":{"code":-32601,"message":"this worker's protocol has no dance"}}`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
}

func TestALoopInShell(t *testing.T) {
	t.Parallel()
	o := speaking(t, "messages").job(`{"stream":true}`, "sh", "-c", `
while read -r line; do
  case $line in
    *'"type":"init"'*) echo '{"type":"ready","loaded_plugins":[]}' ;;
    *'"type":"execute"'*) echo '{"type":"result","job_id":"task-123","status":"success","data":{"shell":true}}' ;;
    *'"type":"stop"'*) exit 0 ;;
  esac
done`)
	if string(o.result) != `{"shell":true}` || o.exit.Code != 0 {
		t.Errorf("%+v", o)
	}
}

func TestAFloodOfParts(t *testing.T) {
	t.Parallel()
	p := speaking(t, "messages")
	o := p.job(`{}`, python(), "-c", fmt.Sprintf(`
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "init":
        print('{"type":"ready"}', flush=True)
    elif request["type"] == "execute":
        for i in range(%d):
            print(json.dumps({"type": "stream_chunk", "job_id": "task-123", "chunk": "x" * 100}))
        print(json.dumps({"type": "result", "job_id": "task-123", "status": "success", "data": {}}), flush=True)
    else:
        break`, 50000))
	if len(o.calls["ctx.stream"]) != 50000 || len(o.result) != 50000*100+len(`{"text":""}`) {
		t.Errorf("%d parts, a result of %d bytes", len(o.calls["ctx.stream"]), len(o.result))
	}
}
