package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

func TestStop(t *testing.T) {
	cases := []struct {
		name, worker string
		kind         wire.Kind
		payload      string
		code         int
		signal       string
		atLeast      time.Duration
	}{
		{"stop", "polite", wire.Stop, `{"graceMs":60000}`, 9, "", 0},
		{"stop, escalated", "stubborn", wire.Stop, `{"graceMs":200}`, 137, "SIGKILL", 200 * time.Millisecond},
		{"end", "echo", wire.End, `{"graceMs":60000}`, 0, "", 0},
		{"end, escalated to SIGTERM", "polite", wire.End, `{"graceMs":200}`, 9, "", 200 * time.Millisecond},
		{"end, escalated to SIGKILL", "stubborn", wire.End, `{"graceMs":200}`, 137, "SIGKILL", 400 * time.Millisecond},
		{"end, with a time of its own for SIGKILL", "stubborn", wire.End, `{"graceMs":50,"killMs":600}`, 137, "SIGKILL", 650 * time.Millisecond},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPod(t, &fakeserver.Server{}).run(c.worker)
			if c.worker != "echo" {
				p.eventually("the worker is ready", func() bool { return strings.Contains(p.stdout.String(), "SIGTERM") })
			}
			begin := time.Now()
			p.server.Send(c.kind, c.payload)
			_, r := p.received()
			if r.Code != c.code || r.Signal != c.signal {
				t.Errorf("%+v", r)
			}
			if took := time.Since(begin); took < c.atLeast || took > c.atLeast+5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestSIGTERMWaitsForAWorkerThatEndsByItself(t *testing.T) {
	p := newPod(t, &fakeserver.Server{}).run("tidy")
	p.eventually("attached", func() bool { return p.server.Attached() > 0 })
	p.server.Send(wire.End, `{"graceMs":60000,"killMs":60000}`)
	p.eventually("it is ending", func() bool { return strings.Contains(p.stdout.String(), "tidying up") })
	p.signal(syscall.SIGTERM)
	if _, r := p.received(); r.Code != 4 || r.Signal != "" {
		t.Errorf("%+v", r)
	}
}

func TestTheServersWordMayComeAfterSIGTERM(t *testing.T) {
	p := newPod(t, &fakeserver.Server{}).run("tidy")
	p.eventually("attached", func() bool { return p.server.Attached() > 0 })
	p.signal(syscall.SIGTERM)
	time.Sleep(100 * time.Millisecond) // so that the signal is there first
	p.server.Send(wire.End, `{"graceMs":60000,"killMs":60000}`)
	if _, r := p.received(); r.Code != 4 || r.Signal != "" {
		t.Errorf("%+v", r)
	}
}

func TestSIGTERMWaitsNoLongerThanThePodHas(t *testing.T) {
	p := newPod(t, &fakeserver.Server{}).run("polite")
	p.eventually("the worker is ready", func() bool { return strings.Contains(p.stdout.String(), "SIGTERM") })
	p.server.Send(wire.End, `{"graceMs":60000,"killMs":1000}`)
	p.server.Wait(func(_ []wire.Frame, acked uint64) bool { return acked > 0 })
	begin := time.Now()
	p.signal(syscall.SIGTERM)
	if _, r := p.received(); r.Code != 9 {
		t.Errorf("%+v", r)
	}
	if took := time.Since(begin); took < 500*time.Millisecond || took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestSIGTERMIsPassedOnAndTheAnswerStillArrives(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.server.Send(wire.Msg, execute)
	p.run("polite")
	p.eventually("the worker is ready", func() bool { return strings.Contains(p.stdout.String(), "SIGTERM") })
	p.signal(syscall.SIGTERM)
	messages := p.messages()
	if len(messages) != 1 || !strings.Contains(messages[0], "stopped") {
		t.Errorf("messages %q", messages)
	}
	if code := p.exited(5 * time.Second); code != 9 {
		t.Errorf("exit code %d", code)
	}
}

func TestGivingUpLeavesTheAnswerInTheTerminationMessage(t *testing.T) {
	for _, c := range []struct {
		name, drain string
		term        bool
		within      time.Duration
	}{
		{"after the drain time", "1", false, 5 * time.Second},
		{"after SIGTERM", "3600", true, 15 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPod(t, &fakeserver.Server{})
			p.server.Send(wire.Msg, execute)
			p.server.Deaf(true)
			p.env = append(p.env, "PODWORK_DRAIN_SECONDS="+c.drain)
			p.run("calls", "0")
			p.received()
			if r := p.termination(); r.Response != nil {
				t.Error("the answer is there although it may still arrive")
			}
			if c.term {
				p.signal(syscall.SIGTERM)
			}
			if code := p.exited(c.within); code != 0 {
				t.Errorf("exit code %d", code)
			}
			if r := p.termination(); string(r.Response) != `{"jsonrpc":"2.0","id":1,"result":0}` {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestTheRelayEndsAtOnce(t *testing.T) {
	for _, state := range []string{"idle", "connected", "server away"} {
		t.Run(state, func(t *testing.T) {
			p := newPod(t, &fakeserver.Server{})
			switch state {
			case "idle":
				p.startRelay()
			case "connected":
				p.run("deaf")
				p.eventually("attached", func() bool { return p.server.Attached() > 0 })
			case "server away":
				p.server.Stop()
				p.startRelay()
			}
			p.eventually("the relay is up", func() bool { _, err := os.Stat(p.file("relay.sock")); return err == nil })
			begin := time.Now()
			_ = p.relay.Process.Signal(syscall.SIGTERM)
			if err := p.relay.Wait(); err != nil || time.Since(begin) > 500*time.Millisecond*raceFactor {
				t.Errorf("%v after %v", err, time.Since(begin))
			}
		})
	}
}

func TestSettingsThatAreWrong(t *testing.T) {
	cases := map[string]struct {
		args []string
		env  string
		want string
	}{
		"no server":       {[]string{"relay"}, "PODWORK_SERVER=", "PODWORK_SERVER must be host:port"},
		"no CA":           {[]string{"relay"}, "PODWORK_SERVER_CA=nonsense", "PODWORK_SERVER_CA must hold the PEM"},
		"no directory":    {[]string{"relay"}, "PODWORK_SOCKET=/no/such/dir/relay.sock", "/no/such/dir/relay.sock"},
		"long socket":     {[]string{"shim", "--", "true"}, "PODWORK_SOCKET=/" + strings.Repeat("x", 200), "PODWORK_SOCKET"},
		"wrong drain":     {[]string{"shim", "--", "true"}, "PODWORK_DRAIN_SECONDS=soon", `PODWORK_DRAIN_SECONDS must be a whole number of seconds, not "soon"`},
		"wrong protocol":  {[]string{"shim", "--", "true"}, "PODWORK_PROTOCOL=grpc", `PODWORK_PROTOCOL must be jsonrpc, task, http or messages, not "grpc"`},
		"wrong interval":  {[]string{"shim", "--", "true"}, "PODWORK_TELEMETRY_SECONDS=0.01", `PODWORK_TELEMETRY_SECONDS must be a number of seconds from 0.1`},
		"nothing to run":  {[]string{"shim", "--"}, "", "usage:"},
		"no role":         {[]string{"install"}, "", "usage:"},
		"nowhere to copy": {[]string{"install", "/no/such/dir"}, "", "/no/such/dir"},
	}
	for name, c := range cases {
		c := c
		t.Run(name, func(t *testing.T) {
			p := newPod(t, &fakeserver.Server{})
			command := exec.Command(os.Args[0], c.args...)
			command.Env = append(p.env, c.env)
			said, _ := command.CombinedOutput()
			if command.ProcessState.ExitCode() != 125 || !strings.Contains(string(said), c.want) {
				t.Errorf("exit code %d, said %q", command.ProcessState.ExitCode(), said)
			}
		})
	}
}

func TestInstall(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "podwork-relay")
	if err := os.WriteFile(target, []byte("an older one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(os.Args[0], "install", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := os.Stat(target)
	if err != nil || info.Mode() != 0o755 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	original, _ := os.ReadFile(os.Args[0])
	if copied, _ := os.ReadFile(target); !bytes.Equal(original, copied) {
		t.Error("the copy differs")
	}
	// The copy runs, and can be replaced while it does.
	if out, err := exec.Command(target, "install", dir).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestTerminationMessageFits(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.startRelay()
	p.startShim("sh", "-c", `i=0; while [ $i -lt 30 ]; do printf '%s %0900d\t\001\n' "line $i" 0 >&2; i=$((i+1)); done; exit 4`)
	_, r := p.received()
	kept := p.termination() // checks the size
	if len(r.StderrTail) < 7 || len(kept.StderrTail) < 3 || kept.Code != 4 {
		t.Errorf("reported %d lines, kept %d", len(r.StderrTail), len(kept.StderrTail))
	}
	data, _ := json.Marshal(r.StderrTail[len(r.StderrTail)-len(kept.StderrTail):])
	same, _ := json.Marshal(kept.StderrTail)
	if !bytes.Equal(data, same) {
		t.Error("these are not the last lines")
	}
}
