package main

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/wire"
)

func httpServer(mode string) []string {
	return []string{python(), "testdata/http/server.py", "$(PORT)", mode}
}

func TestAServerIsTakenThroughItsJob(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.env = append(p.env, `PODWORK_CONFIG={"model":"tiny"}`)
	o := p.job(`{"samples":[1,2.50]}`, httpServer("")...)
	if string(o.result) != `{"request":{"args":[],"kwargs":{"samples":[1,2.5]}},"config":{"model":"tiny"}}` || o.answers != 1 {
		t.Errorf("%+v", o)
	}
	if o.exit.Code != 0 || o.exit.Signal != "" {
		t.Errorf("exit %+v", o.exit)
	}
	log := p.stderr.String()
	if !strings.Contains(log, `executing {"args":[],"kwargs":{"samples":[1,2.50]}}`) || !strings.HasSuffix(log, "cleaned up\nSIGTERM\n") {
		t.Errorf("log %q", log)
	}
	var port, named int
	if _, err := fmt.Sscanf(log[strings.Index(log, "port "):], "port %d, PORT %d", &port, &named); err != nil || port != named || port == 0 {
		t.Errorf("port %d, PORT %d", port, named)
	}
	if len(o.measured) != 1 || !strings.Contains(string(o.measured[0]), `"stats":{"pid":`) {
		t.Errorf("telemetry %s", o.measured)
	}
}

func TestArgumentsForAServer(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`null`:                            `{"args":[],"kwargs":{}}`,
		`[1,"a"]`:                         `{"args":[1,"a"],"kwargs":{}}`,
		`"text"`:                          `{"args":["text"],"kwargs":{}}`,
		`{"args":[1],"kwargs":{"b":1.0}}`: `{"args":[1],"kwargs":{"b":1.0}}`,
		`{"kwargs":{}}`:                   `{"kwargs":{}}`,
		`{"args":1}`:                      `{"args":[],"kwargs":{"args":1}}`,
		`{"args":[],"more":1}`:            `{"args":[],"kwargs":{"args":[],"more":1}}`,
		`{}`:                              `{"args":[],"kwargs":{}}`,
	} {
		p := speaking(t, "http")
		p.job(data, httpServer("")...)
		if !strings.Contains(p.stderr.String(), "executing "+want+"\n") {
			t.Errorf("%s: %q", data, p.stderr.String())
		}
	}
}

func TestResultsOfServers(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"result null": "null", "result false": "false", "result \"\"": `""`, "result [1,\n2]": "[1,2]", "result  1.50 ": "1.50",
		"no content": "null", "no type": "42", "slow": `{"slow":true}`, "odd health": `{"request":{"args":[],"kwargs":{}},"config":{}}`,
		"late": `{"request":{"args":[],"kwargs":{}},"config":{}}`, "no stats": `{"request":{"args":[],"kwargs":{}},"config":{}}`,
	} {
		o := speaking(t, "http").job(`{}`, httpServer(mode)...)
		if string(o.result) != want || o.answers != 1 || o.exit.Code != 0 {
			t.Errorf("%s: %+v", mode, o)
		}
	}
}

func TestFailuresOfServers(t *testing.T) {
	t.Parallel()
	cases := []struct {
		mode      string
		kind      string // empty where the exit is to speak for itself
		message   string
		retriable string
		code      int
		log       string
	}{
		{"400", "HTTP400", "samples must be a list", "no", 0, ""},
		{"422", "HTTP422", `[{"loc":["body"],"msg":"field required"}]`, "no", 0, ""},
		{"500", "HTTP500", "CUDA error", "", 0, ""},
		{"500 text", "HTTP500", "the server answered 500 Internal Server Error: Internal Server Error", "", 0, ""},
		{"typed", "OutOfTokens", "quota", "no", 0, ""},
		{"html", "InvalidResponse", `content type "text/html" ("<html>hello</html>"): it must be JSON`, "", 0, ""},
		{"not JSON", "InvalidResponse", `is not JSON: invalid character '\''`, "", 0, ""},
		{"redirect", "HTTP302", "302 Found", "no", 0, ""},
		{"hangs up", "ConnectionLost", "broke off the connection before it had answered POST /execute", "", 0, ""},
		{"aborts", "ConnectionLost", "unexpected EOF", "", 0, ""},
		{"no HTTP", "InvalidResponse", "malformed HTTP", "", 0, ""},
		{"large head", "InvalidResponse", "headers exceeded 65536 bytes", "", 0, ""},
		{"exits", "", "", "", 7, "podwork: the server exited with code 7 before it answered POST /execute"},
		{"exits with 0", "", "", "", 0, "podwork: the server exited with code 0 before it answered POST /execute"},
		{"killed", "", "", "", 137, "podwork: the server was ended by SIGKILL before it answered POST /execute"},
		{"exits after health", "", "", "", 9, "podwork: the server exited with code 9 before it"},
		{"fails to load", "WorkerNotStarted", "exited with code 1 before it answered GET /health", "no", 1, ""},
		{"dies of a signal", "", "", "", 139, "podwork: the server was ended by SIGSEGV before it answered GET /health"},
	}
	for _, c := range cases {
		c := c
		t.Run(c.mode, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			p := speaking(t, "http")
			o := p.job(`{}`, httpServer(c.mode)...)
			if o.result != nil || o.failure.Data.Type != c.kind || o.retriable() != c.retriable || !strings.Contains(o.failure.Message, c.message) || o.exit.Code != c.code {
				t.Errorf("%+v", o)
			}
			if (c.kind == "") != (o.answers == 0) {
				t.Errorf("%d answers", o.answers)
			}
			if !strings.Contains(strings.Join(o.exit.StderrTail, "\n"), c.log) || !strings.Contains(p.stderr.String(), c.log) {
				t.Errorf("last lines %q", o.exit.StderrTail)
			}
			if c.mode == "fails to load" && !strings.Contains(o.failure.Data.Stack, "FATAL: Failed to load no.such:Module") {
				t.Errorf("stack %q", o.failure.Data.Stack)
			}
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestAServerThatIsNotReadyInTime(t *testing.T) {
	t.Parallel()
	for mode, problem := range map[string]string{"never listens": "connection refused", "unhealthy": "it answers 503 Service Unavailable"} {
		p := speaking(t, "http")
		p.env = append(p.env, "PODWORK_START_SECONDS=3")
		o := p.job(`{}`, httpServer(mode)...)
		if o.failure.Data.Type != "WorkerNotReady" || !strings.Contains(o.failure.Message, "within 3s") ||
			!strings.Contains(o.failure.Message, problem) || !strings.Contains(o.failure.Message, "variable PORT") {
			t.Errorf("%s: %+v", mode, o)
		}
		if !strings.Contains(p.stderr.String(), "podwork: waiting for GET /health on 127.0.0.1:") {
			t.Errorf("%s: log %q", mode, p.stderr.String())
		}
	}
}

func TestAConfigThatAServerRefuses(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.env = append(p.env, `PODWORK_CONFIG={"model":"gigantic"}`)
	o := p.job(`{}`, httpServer("bad config")...)
	if o.failure.Message != "POST /initialize: no such model: gigantic" || o.retriable() != "no" || strings.Contains(p.stderr.String(), "executing") {
		t.Errorf("%+v", o)
	}
}

func TestAConfigIsCheckedAgainstTheSchemaThatAServerPublishes(t *testing.T) {
	t.Parallel()
	for config, message := range map[string]string{
		`{"model":"tiny","more":1}`: "",
		`{"model":"gigantic"}`: `the worker's configuration is not what its GET /config_schema asks for: model must be "tiny" or "base", not "gigantic". ` +
			`Correct spec.config of the WorkerDefinition`,
		`{"modle":"tiny"}`: "the worker's configuration is not what its GET /config_schema asks for: model is required. Correct spec.config of the WorkerDefinition",
		`{}`:               "",
	} {
		p := speaking(t, "http")
		p.env = append(p.env, "PODWORK_CONFIG="+config)
		o := p.job(`{}`, httpServer("schema")...)
		wrong := o.failure.Message != message
		if message != "" {
			wrong = wrong || o.failure.Data.Type != "InvalidConfig" || o.retriable() != "no" || strings.Contains(p.stderr.String(), "executing")
		}
		if wrong {
			t.Errorf("%s: %+v", config, o)
		}
	}
	p := speaking(t, "http")
	p.env = append(p.env, `PODWORK_CONFIG={"model":"tiny"}`)
	if o := p.job(`{}`, httpServer("odd schema")...); o.failure.Message != "" || o.answers != 1 {
		t.Errorf("%+v", o)
	}
}

func TestAServersResultOverTheLimit(t *testing.T) {
	t.Parallel()
	if o := speaking(t, "http").job(`{}`, httpServer("too large")...); o.oversize < 17<<20 || o.answers != 0 {
		t.Errorf("%+v", o)
	}
}

func TestStreamsOfServers(t *testing.T) {
	t.Parallel()
	cases := []struct{ mode, result, chunks, kind, message string }{
		{"", `[{"text":"a"},"b",null]`, `{"text":"a"} "b" null`, "", ""},
		{"split", `[{"text":"a"},"b"]`, `{"text":"a"} "b"`, "", ""},
		{"blank", `[1,{"a":2},3]`, `1 {"a":2} 3`, "", ""},
		{"empty", `[]`, ``, "", ""},
		{"error first", `[{"error":"not the last"},"b"]`, `{"error":"not the last"} "b"`, "", ""},
		{"error", ``, `"a"`, "StreamError", "CUDA error"},
		{"not JSON", ``, `"a"`, "InvalidResponse", `line 2 of the answer to POST /execute_stream is not JSON`},
		{"cut", ``, `"a"`, "InvalidResponse", `line 2 of the answer`},
		{"aborts", ``, `{"text":"a"} "b" null`, "ConnectionLost", "before it had answered all of POST /execute_stream"},
		{"exits", ``, `{"text":"a"} "b" null`, "", ""},
		{"large line", ``, `{"text":"a"} "b" null`, "InvalidResponse", "line 4 of the answer to POST /execute_stream is over the limit"},
		{"html", ``, ``, "InvalidResponse", `content type "text/html"`},
		{"400", ``, ``, "HTTP400", "samples must be a list"},
	}
	for _, c := range cases {
		c := c
		t.Run(c.mode, func(t *testing.T) {
			t.Parallel()
			p := speaking(t, "http")
			p.env = append(p.env, "PODWORK_STREAM=true")
			o := p.job(`{}`, httpServer(c.mode)...)
			var chunks []string
			for i, params := range o.calls["ctx.stream"] {
				var s struct {
					Index int
					Chunk rawText
				}
				unmarshal(t, params, &s)
				chunks = append(chunks, string(s.Chunk))
				if s.Index != i {
					t.Errorf("chunk %d has index %d", i, s.Index)
				}
			}
			if string(o.result) != c.result || strings.Join(chunks, " ") != c.chunks || o.failure.Data.Type != c.kind || !strings.Contains(o.failure.Message, c.message) {
				t.Errorf("%q, %+v", chunks, o)
			}
		})
	}
}

// rawText keeps null apart from nothing.
type rawText string

func (r *rawText) UnmarshalJSON(data []byte) error {
	*r = rawText(data)
	return nil
}

func TestAJobChoosesWhetherItStreams(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.env = append(p.env, "PODWORK_STREAM=true")
	p.server.Send(wire.Msg, strings.Replace(executeWith(`{}`), `"context":{`, `"context":{"stream":false,`, 1))
	p.startRelay()
	p.startShim(httpServer("")...)
	if o := p.outcome(); len(o.calls["ctx.stream"]) != 0 || !strings.HasPrefix(string(o.result), `{"request"`) {
		t.Errorf("%+v", o)
	}
}

func TestAServerIsCancelled(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.server.Send(wire.Msg, executeWith(`{}`))
	p.startRelay()
	p.startShim(httpServer("works on")...)
	p.eventually("it works", func() bool { return strings.Contains(p.stderr.String(), "executing") })
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"cancel","params":{"reason":"Cancelled","message":"no longer needed"}}`)
	if o := p.outcome(); o.answers != 0 || !strings.HasSuffix(p.stderr.String(), "cleaned up\nSIGTERM\n") {
		t.Errorf("%+v, log %q", o, p.stderr.String())
	}
}

func TestSIGTERMLetsAServerCleanUpAndFinish(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.server.Send(wire.Msg, executeWith(`{}`))
	p.startRelay()
	p.startShim(httpServer("finishes when told")...)
	p.eventually("it works", func() bool { return strings.Contains(p.stderr.String(), "executing") })
	p.signal(syscall.SIGTERM)
	if o := p.outcome(); string(o.result) != `"finished"` || !strings.HasSuffix(p.stderr.String(), "cleaned up\nSIGTERM\n") {
		t.Errorf("%+v, log %q", o, p.stderr.String())
	}
}

func TestTheEndOfAServer(t *testing.T) {
	t.Parallel()
	for mode, atLeast := range map[string]time.Duration{"default signal": 0, "by signal": 0, "stubborn": 5 * time.Second, "cleanup hangs": 5 * time.Second} {
		mode, atLeast := mode, atLeast
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			o := speaking(t, "http").job(`{}`, httpServer(mode)...)
			if took := time.Since(begin); o.exit.Code != 0 || o.exit.Signal != "" || o.answers != 1 || took < atLeast || took > atLeast+30*time.Second {
				t.Errorf("%+v after %v", o, took)
			}
		})
	}
}

func TestAJobThatComesLate(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.startRelay()
	p.startShim(httpServer("")...)
	p.eventually("the server listens", func() bool { return strings.Contains(p.stderr.String(), "port") })
	time.Sleep(300 * time.Millisecond)
	p.server.Send(wire.Msg, executeWith(`{}`))
	if o := p.outcome(); o.result == nil {
		t.Errorf("%+v", o)
	}
}

func TestAnAttemptThatIsOverBeforeTheServerIsReady(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	p := speaking(t, "http")
	p.server.Send(wire.End, `{"graceMs":60000}`)
	p.startRelay()
	p.startShim(httpServer("never listens")...)
	if o := p.outcome(); o.answers != 0 || o.exit.Signal != "SIGTERM" || time.Since(begin) > 40*time.Second {
		t.Errorf("%+v", o)
	}
}

func TestThePortThatTheContainerSays(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	p := speaking(t, "http")
	p.env = append(p.env, fmt.Sprintf("PORT=%d", port))
	p.job(`{}`, httpServer("")...)
	if !strings.Contains(p.stderr.String(), fmt.Sprintf("port %d, PORT %d\n", port, port)) {
		t.Errorf("log %q", p.stderr.String())
	}
	p = speaking(t, "http")
	p.env = append(p.env, "PORT=http")
	if o := p.job(`{}`, httpServer("")...); o.exit.Code != 126 || !strings.Contains(o.exit.Error, `must be a port from 1 to 65535, not "http"`) {
		t.Errorf("%+v", o)
	}
}

func TestTheSupervisorOfAServerIsTheShim(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.startShim("sh", "-c", `echo "$1"; exec sleep 60`, "sh", "$(PPID)")
	p.eventually("it says its supervisor", func() bool { return strings.Contains(p.stdout.String(), "\n") })
	if got := strings.TrimSpace(p.stdout.String()); got != fmt.Sprint(p.shim.Process.Pid) {
		t.Errorf("--ppid %s, the shim is %d", got, p.shim.Process.Pid)
	}
}

func TestServerSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]string{
		"PODWORK_CONFIG=[1]":         "PODWORK_CONFIG must be a JSON object",
		"PODWORK_START_SECONDS=0":    "PODWORK_START_SECONDS must be a number of seconds above 0",
		"PODWORK_HTTP_HEALTH=health": "PODWORK_HTTP_HEALTH must be a path that begins with /",
		"PODWORK_STREAM=yes":         `PODWORK_STREAM must be true or false, not "yes"`,
	} {
		p := speaking(t, "http")
		p.env = append(p.env, variable)
		p.startShim("true")
		if code := p.exited(5 * time.Second); code != 125 || !strings.Contains(p.stderr.String(), want) {
			t.Errorf("%s: exit code %d, %q", variable, code, p.stderr.String())
		}
	}
}

func TestAServerIsAskedDirectly(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.env = append(p.env, "http_proxy=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9")
	if o := p.job(`{}`, httpServer("")...); o.result == nil {
		t.Errorf("%+v", o)
	}
}
