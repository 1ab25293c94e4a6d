package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

// speaking is a pod whose worker speaks another protocol than the session's.
func speaking(t *testing.T, protocol string) *pod {
	p := newPod(t, &fakeserver.Server{})
	p.env = append(p.env, "PODWORK_PROTOCOL="+protocol)
	return p
}

// executeWith is a job with the given data.
func executeWith(data string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"execute","params":{"job":{"id":"task-123","name":"scrape","type":"PrismQ.YouTube.VideoScrape","data":` +
		data + `,"queue":"scraper","attempt":1},"context":{"jobId":"task-123","attempt":1}}}`
}

// outcome is what the server hears of a job.
type outcome struct {
	exit    record
	result  json.RawMessage
	failure struct {
		Code    int
		Message string
		Data    struct {
			Type, Stack string
			Code        json.RawMessage
			Retriable   *bool
		}
	}
	oversize int64
	answers  int
	calls    map[string][]json.RawMessage // params by method
	measured []json.RawMessage
}

func (o outcome) retriable() string {
	if o.failure.Data.Retriable == nil {
		return ""
	}
	return map[bool]string{true: "yes", false: "no"}[*o.failure.Data.Retriable]
}

func (p *pod) outcome() (o outcome) {
	p.Helper()
	frames, exit := p.received()
	o.exit, o.calls = exit, map[string][]json.RawMessage{}
	for _, f := range frames {
		if f.Kind == wire.Telemetry {
			o.measured = append(o.measured, f.Payload)
			continue
		}
		if f.Kind == wire.Oversize {
			var cut wire.Cut
			if err := json.Unmarshal(f.Payload, &cut); err != nil || !strings.Contains(cut.Head, `"result"`) {
				p.Errorf("oversize %s: %v", f.Payload, err)
			}
			o.oversize = cut.Bytes
			continue
		}
		var m struct {
			ID            *int
			Method        string
			Params        json.RawMessage
			Result, Error json.RawMessage
		}
		if err := json.Unmarshal(f.Payload, &m); err != nil {
			p.Fatalf("%v in %s", err, f.Payload)
		}
		if m.Method != "" {
			o.calls[m.Method] = append(o.calls[m.Method], m.Params)
			continue
		}
		o.answers++
		o.result = m.Result
		if m.Error != nil {
			if err := json.Unmarshal(m.Error, &o.failure); err != nil {
				p.Fatalf("%v in %s", err, f.Payload)
			}
		}
	}
	if code := p.exited(5 * time.Second); code != exit.Code {
		p.Errorf("exit code %d, told %d", code, exit.Code)
	}
	return o
}

// run gives a worker of the pod's protocol one job.
func (p *pod) job(data string, command ...string) outcome {
	p.Helper()
	p.server.Send(wire.Msg, executeWith(data))
	p.startRelay()
	p.startShim(command...)
	return p.outcome()
}

// seedFiles are the texts of a seed; one of our own, in the same form, without them.
func seedFiles(t *testing.T, seed string) []string {
	t.Helper()
	folder := os.Getenv("PODWORK_SEEDS")
	if folder == "" {
		folder = "../../../shared/seeds"
	}
	files, _ := filepath.Glob(filepath.Join(folder, seed+"_*.txt"))
	if len(files) == 0 {
		files, _ = filepath.Glob("testdata/seeds/" + seed + "_*.txt")
	}
	if len(files) == 0 {
		t.Fatalf("no text of seed %s", seed)
	}
	return files
}

// programs are the code blocks of a seed that match.
func programs(t *testing.T, seed, matching string) []string {
	t.Helper()
	files := seedFiles(t, seed)
	var found []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```[ ]?python\n(.*?)```").FindAllSubmatch(text, -1) {
			if regexp.MustCompile(matching).Match(block[1]) {
				found = append(found, string(block[1]))
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("no program matches %s in %v", matching, files)
	}
	return found
}

var pythonOnce struct {
	sync.Once
	path string
}

// python is the interpreter behind python3, which may be a script that looks for it each time.
func python() string {
	pythonOnce.Do(func() {
		out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
		if pythonOnce.path = strings.TrimSpace(string(out)); err != nil {
			pythonOnce.path = "python3"
		}
	})
	return pythonOnce.path
}

// pythons are the interpreters to test with: PODWORK_PYTHONS, and those that are known by their versions.
func pythons() []string {
	found := append([]string{python()}, strings.Fields(os.Getenv("PODWORK_PYTHONS"))...)
	for _, version := range []string{"2.7", "3.6", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"} {
		if path, err := exec.LookPath("python" + version); err == nil && exec.Command(path, "-V").Run() == nil {
			found = append(found, path)
		}
	}
	return found
}

func unmarshal(t *testing.T, data json.RawMessage, into interface{}) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}
