package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
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
		{"500", "HTTP500", "CUDA error", "", 0, ""},
		{"hangs up", "ConnectionLost", "broke off the connection before it had answered POST /execute", "", 0, ""},
		{"aborts", "ConnectionLost", "unexpected EOF", "", 0, ""},
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
