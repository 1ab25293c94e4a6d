package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

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
