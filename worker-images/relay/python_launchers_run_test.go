package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// withPackage is a pod with our package for Python, and a module of that text in it.
func withPackage(t *testing.T, protocol, module string) *pod {
	t.Helper()
	source, err := filepath.Abs("../python/src")
	if err != nil {
		t.Fatal(err)
	}
	p := speaking(t, protocol)
	p.write("my_worker.py", module)
	p.env = append(p.env, "PYTHONPATH="+source+":"+p.dir, "PYTHONDONTWRITEBYTECODE=1")
	return p
}

func TestAFunctionIsATask(t *testing.T) {
	t.Parallel()
	const module = `
import json, sys
def main():
    task = json.loads(sys.stdin.read())
    print(json.dumps({"success": True, "result": {"length": len(task["params"]["text"])}}))
`
	command := []string{python(), "-m", "podwork.task", "my_worker", "main"}
	if o := withPackage(t, "task", module).job(`{"text":"four"}`, command...); string(o.result) != `{"length":4}` {
		t.Errorf("%+v", o)
	}
	if o := withPackage(t, "task", module).job(`{}`, command...); o.failure.Data.Type != "KeyError" || o.exit.Code != 1 ||
		!strings.Contains(o.failure.Data.Stack, "my_worker.py") {
		t.Errorf("%+v", o)
	}
}

func TestAnEntryPointWithQueuesIsALoop(t *testing.T) {
	t.Parallel()
	const module = `
import queue
def entry(request_queue, result_queue, response_queue):
    while True:
        try:
            request = request_queue.get(timeout=1.0)
        except queue.Empty:
            continue
        if request["type"] == "stop":
            break
        if request["type"] == "init":
            result_queue.put({"type": "ready", "loaded_plugins": list(request["plugin_configs"])})
        elif request["type"] == "execute":
            print("[Worker] a print")
            for chunk in request["text"].split():
                result_queue.put({"type": "stream_chunk", "job_id": request["job_id"], "chunk": chunk, "is_final": False})
            result_queue.put({"type": "result", "job_id": request["job_id"], "status": "success", "data": {"streamed": True}})
`
	p := withPackage(t, "messages", module)
	o := p.job(`{"text":"a b"}`, python(), "-m", "podwork.messages", "my_worker:entry")
	if string(o.result) != `{"streamed":true,"text":"ab"}` || len(o.calls["ctx.stream"]) != 2 || o.exit.Code != 0 {
		t.Errorf("%+v", o)
	}
	if !strings.Contains(p.stderr.String(), "[Worker] a print") {
		t.Errorf("log %q", p.stderr.String())
	}
}

func TestAPluginManagerIsALoop(t *testing.T) {
	t.Parallel()
	const module = `
import types
class Manager:
    def discover_plugins(self): return [types.SimpleNamespace(name="echo")]
    def load_plugin(self, plugin, config): self.config = config
    def check_streaming_support(self, name): return True
    def execute_plugin(self, name, **params): return types.SimpleNamespace(text=self.config["prefix"] + params["text"], metadata={})
    def execute_plugin_stream(self, name, **params): yield from params["text"]
    def unload_plugin(self, name): print("unloaded")
`
	for data, want := range map[string]string{
		`{"text":"hi"}`:               `{"text":"> hi","metadata":{}}`,
		`{"text":"hi","stream":true}`: `{"streamed":true,"text":"hi"}`,
	} {
		p := withPackage(t, "messages", module)
		p.env = append(p.env, `PODWORK_CONFIG={"echo":{"prefix":"> "}}`)
		o := p.job(data, python(), "-m", "podwork.messages", "--plugins", "my_worker:Manager", "--stream")
		if string(o.result) != want || o.exit.Code != 0 || !strings.Contains(p.stderr.String(), "unloaded") {
			t.Errorf("%s: %+v", data, o)
		}
	}
	o := withPackage(t, "messages", module).job(`{}`, python(), "-m", "podwork.messages", "--plugins", "my_worker:Nothing")
	if o.failure.Data.Type != "AttributeError" || o.exit.Code != 1 {
		t.Errorf("%+v", o)
	}
}
