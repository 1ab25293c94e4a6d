package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

// pod is a worker with its shim and relay, as real processes.
type pod struct {
	*testing.T
	server *fakeserver.Server
	dir    string
	env    []string
	relay  *exec.Cmd
	shim   *exec.Cmd
	// What the containers' logs show.
	stdout, stderr, relayLog buffer
}

type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(data)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func newPod(t *testing.T, server *fakeserver.Server) *pod {
	t.Helper()
	server, err := fakeserver.Start(server)
	if err != nil {
		t.Fatal(err)
	}
	p := &pod{T: t, server: server, dir: t.TempDir()}
	t.Cleanup(server.Stop)
	p.write("token", "the token\n")
	p.env = append(os.Environ(),
		"PODWORK_SOCKET="+p.file("relay.sock"),
		"PODWORK_SERVER="+server.Address(),
		"PODWORK_SERVER_CA="+string(server.CA),
		"PODWORK_TOKEN_FILE="+p.file("token"),
		"PODWORK_TERMINATION_LOG="+p.file("termination"),
		// A test that counts messages may take longer than expected: only before the response, where there is one to measure.
		"PODWORK_TELEMETRY_SECONDS=86400",
	)
	return p
}

func (p *pod) file(name string) string { return filepath.Join(p.dir, name) }

func (p *pod) write(name, text string) {
	if err := os.WriteFile(p.file(name), []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
}

func (p *pod) start(stdout, stderr *buffer, args ...string) *exec.Cmd {
	p.Helper()
	command := exec.Command(os.Args[0], args...)
	command.Env, command.Stdout, command.Stderr = p.env, stdout, stderr
	if err := command.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if p.Failed() {
			p.Logf("%v\nstdout: %.500s\nstderr: %.1000s", args, stdout.String(), stderr.String())
		}
	})
	return command
}

func (p *pod) startRelay() { p.relay = p.start(&p.relayLog, &p.relayLog, "relay") }

func (p *pod) startShim(command ...string) {
	p.shim = p.start(&p.stdout, &p.stderr, append([]string{"shim", "--"}, command...)...)
}

// run starts everything, with one of the workers.
func (p *pod) run(worker ...string) *pod {
	p.startRelay()
	p.startShim(append([]string{os.Args[0], "worker"}, worker...)...)
	return p
}

func (p *pod) killRelay() {
	_ = p.relay.Process.Kill()
	_ = p.relay.Wait()
}

func (p *pod) signal(sig syscall.Signal) {
	if err := p.shim.Process.Signal(sig); err != nil {
		p.Fatal(err)
	}
}

// exited waits for the shim's end.
func (p *pod) exited(within time.Duration) int {
	p.Helper()
	timer := time.AfterFunc(within, func() { _ = p.shim.Process.Signal(syscall.SIGQUIT) })
	_ = p.shim.Wait()
	if !timer.Stop() {
		p.Fatalf("the shim did not exit within %v", within)
	}
	return p.shim.ProcessState.ExitCode()
}

// eventually waits for what cannot be waited for otherwise.
func (p *pod) eventually(what string, so func() bool) {
	p.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			p.Fatalf("not so: %s", what)
		}
	}
}

type record struct {
	Code       int
	Signal     string
	OOMKilled  bool
	Error      string
	StderrTail []string
	Response   json.RawMessage
}

func (p *pod) termination() record {
	p.Helper()
	data, err := os.ReadFile(p.file("termination"))
	if err != nil {
		p.Fatal(err)
	}
	if len(data) > 4000 {
		p.Errorf("a termination message of %d bytes", len(data))
	}
	return p.record(data)
}

func (p *pod) record(data []byte) (r record) {
	p.Helper()
	if err := json.Unmarshal(data, &r); err != nil {
		p.Fatalf("%v in %q", err, data)
	}
	return r
}

// received waits until the server has the exit, and returns what came before it.
func (p *pod) received() (before []wire.Frame, exit record) {
	p.Helper()
	done := time.AfterFunc(60*time.Second, func() { panic("no exit arrived: " + p.stderr.String()) })
	defer done.Stop()
	var frames []wire.Frame
	p.server.Wait(func(recorded []wire.Frame, _ uint64) bool {
		frames = recorded
		return len(recorded) > 0 && recorded[len(recorded)-1].Kind == wire.Exit
	})
	last := len(frames) - 1
	return frames[:last], p.record(frames[last].Payload)
}

func (p *pod) messages() []string {
	p.Helper()
	var messages []string
	before, _ := p.received()
	for _, frame := range before {
		messages = append(messages, string(frame.Payload))
	}
	return messages
}

const execute = `{"jsonrpc":"2.0","id":1,"method":"execute","params":{}}`

// checkMemory looks at the shim's greatest size so far, in bytes.
func (p *pod) checkMemory(limit int) {
	p.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.shim.Process.Pid))
	if err != nil {
		p.Fatal(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kib, _ := strconv.Atoi(fields[1])
			if p.Logf("the shim took %d MiB", kib>>10); kib<<10 > limit {
				p.Errorf("that is over %d MiB", limit>>20)
			}
			return
		}
	}
	p.Fatal("no VmHWM")
}
