package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"podwork.dev/relay/internal/wire"
)

// fastAPI is an interpreter with FastAPI, uvicorn and psutil. The tests run side by side and share what the first of them installs.
func fastAPI(t *testing.T) string {
	t.Helper()
	fastAPIOnce.Do(func() { fastAPIPath, fastAPIErr = installFastAPI() })
	if fastAPIErr != nil {
		t.Fatal(fastAPIErr)
	}
	return fastAPIPath
}

var (
	fastAPIOnce sync.Once
	fastAPIPath string
	fastAPIErr  error
)

func installFastAPI() (interpreter string, err error) {
	if interpreter = os.Getenv("PODWORK_HTTP_PYTHON"); interpreter != "" {
		return interpreter, nil
	}
	command := exec.Command("testdata/http/venv")
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("testdata/http/venv: %w; PODWORK_HTTP_PYTHON may name an interpreter with what testdata/http/requirements.txt says", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// seedServer is a pod with a seed's server in it, as its text has it, and the command that starts it.
func seedServer(t *testing.T) (p *pod, command []string) {
	t.Helper()
	interpreter := fastAPI(t)
	p = speaking(t, "http")
	text := seedFiles(t, "003")[0]
	module, err := exec.Command(python(), "testdata/http/export_cells.py", text).Output()
	if err != nil || len(module) == 0 {
		t.Fatalf("%d bytes of code in %s, %v", len(module), text, err)
	}
	p.write("universal_worker.py", string(module))
	plugin, err := filepath.Abs("testdata/http")
	if err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "PYTHONPATH="+p.dir+":"+plugin, "PYTHONDONTWRITEBYTECODE=1")
	return p, []string{interpreter, "-m", "universal_worker", "--module", "tiny_plugin", "--class", "Plugin", "--port", "$(PORT)", "--ppid", "$(PPID)"}
}

func TestTheSeedsServerAsItIs(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, env, data, result, kind, message, retriable string }{
		{"config and result", `PODWORK_CONFIG={"prefix":"> "}`, `{"text":"two words"}`, `{"text":"> two words","words":2}`, "", "", ""},
		{"arguments by place", "", `["one"]`, `{"text":"one","words":1}`, "", "", ""},
		{"an exception", "", `{"fail":"reason"}`, "", "HTTP500", "'reason'", ""},
		{"a config that is refused", `PODWORK_CONFIG={"model":"gigantic"}`, `{}`, "", "HTTP400", "POST /initialize: no such model: gigantic", "no"},
		{"a config that its schema refuses", `PODWORK_CONFIG={"prefix":5}`, `{}`, "", "InvalidConfig",
			"the worker's configuration is not what its GET /config_schema asks for: prefix must be a string, not 5. Correct spec.config of the WorkerDefinition", "no"},
		{"stream", "PODWORK_STREAM=true", `{"text":"a b"}`, `[{"word":"a"},{"word":"b"}]`, "", "", ""},
		{"stream that fails", "PODWORK_STREAM=true", `{"text":"a","fail":"broken"}`, "", "StreamError", "broken", ""},
	}
	for _, c := range cases {
		c := c
		t.Run(c.name, func(t *testing.T) {
			p, command := seedServer(t)
			if c.env != "" {
				p.env = append(p.env, c.env)
			}
			o := p.job(c.data, command...)
			if string(o.result) != c.result || o.failure.Data.Type != c.kind || o.failure.Message != c.message || o.retriable() != c.retriable || o.exit.Code != 0 {
				t.Errorf("%+v", o)
			}
			if !strings.Contains(p.stdout.String(), "plugin cleaned up") {
				t.Errorf("stdout %q", p.stdout.String())
			}
			if len(o.measured) == 0 || !strings.Contains(string(o.measured[0]), `"memory_rss_mb":`) {
				t.Errorf("telemetry %s", o.measured)
			}
		})
	}
}

func TestTheSeedsServerFailsToLoad(t *testing.T) {
	t.Parallel()
	p, command := seedServer(t)
	command[4] = "no_such_plugin"
	o := p.job(`{}`, command...)
	if o.failure.Data.Type != "WorkerNotStarted" || o.retriable() != "no" || o.exit.Code != 1 ||
		!strings.Contains(o.failure.Data.Stack, "FATAL: Failed to load no_such_plugin:Plugin") {
		t.Errorf("%+v", o)
	}
}

func TestAServerThatBlocksItsEventLoopIsLeftInPeace(t *testing.T) {
	t.Parallel()
	p, command := seedServer(t)
	p.env = append(p.env, "PODWORK_TELEMETRY_SECONDS=0.2")
	o := p.job(`{"text":"at last","seconds":4}`, command...)
	if string(o.result) != `{"text":"at last","words":2}` || o.exit.Code != 0 {
		t.Errorf("%+v", o)
	}
	if measured := o.measured; len(measured) < 5 {
		t.Errorf("%d measurements", len(measured))
	}
}

func TestCancellingAServerThatBlocksItsEventLoop(t *testing.T) {
	t.Parallel()
	p, command := seedServer(t)
	p.server.Send(wire.Msg, executeWith(`{"seconds":60}`))
	p.startRelay()
	p.startShim(command...)
	p.eventually("it works", func() bool { return strings.Contains(p.stdout.String(), "executing") })
	begin := time.Now()
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"cancel","params":{"reason":"Cancelled","message":""}}`)
	if o := p.outcome(); o.answers != 0 || o.exit.Signal != "SIGKILL" || time.Since(begin) > 40*time.Second {
		t.Errorf("%+v after %v", o, time.Since(begin))
	}
}
