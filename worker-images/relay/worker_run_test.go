package main

import (
	"bytes"
	"os"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

// answering answers each call with its own id, as a state service might.
func answering() *fakeserver.Server { return &fakeserver.Server{Answer: true} }

func TestCallsAreAnsweredAndTheExitIsReported(t *testing.T) {
	p := newPod(t, answering())
	p.server.Send(wire.Msg, execute)
	p.run("calls", "100")
	messages := p.messages()
	if len(messages) != 101 || messages[100] != `{"jsonrpc":"2.0","id":1,"result":100}` {
		t.Errorf("%d messages, the last %s", len(messages), messages[len(messages)-1])
	}
	if code := p.exited(5 * time.Second); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if r := p.termination(); r.Code != 0 || r.Response != nil {
		t.Errorf("termination message %+v", r)
	}
}

func TestExits(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		if err := os.WriteFile(dir+"/"+name, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return dir + "/" + name
	}
	self := os.Args[0]
	cases := []struct {
		name    string
		command []string
		code    int
		signal  string
		error   string
	}{
		{"code 0", []string{self, "worker", "exit", "0"}, 0, "", ""},
		{"code 7", []string{self, "worker", "exit", "7"}, 7, "", ""},
		{"code 255", []string{self, "worker", "exit", "255"}, 255, "", ""},
		{"SIGKILL", []string{self, "worker", "kill-self"}, 137, "SIGKILL", ""},
		{"SIGSEGV", []string{"sh", "-c", "kill -SEGV $$"}, 139, "SIGSEGV", ""},
		{"stdout closed, but alive", []string{self, "worker", "close-stdout"}, 3, "", ""},
		{"no such command", []string{"podwork-no-such-command"}, 127, "", `"podwork-no-such-command" is nowhere in PATH`},
		{"no such file", []string{dir + "/none"}, 127, "", dir + "/none is not in this image"},
		{"not executable", []string{file("plain", "#!/bin/sh\n", 0o644)}, 126, "", "permission denied"},
		{"a directory", []string{dir}, 126, "", dir},
		{"no interpreter", []string{file("orphan", "#!/no/such/interpreter\n", 0o755)}, 127, "", "interpreter"},
		{"no program", []string{file("text", "hello\n", 0o755)}, 126, "", "#!/bin/sh"},
		{"empty name", []string{""}, 127, "", "command not found"},
	}
	for _, c := range cases {
		c := c
		t.Run(c.name, func(t *testing.T) {
			p := newPod(t, answering())
			p.startRelay()
			p.startShim(c.command...)
			_, r := p.received()
			if r.Code != c.code || r.Signal != c.signal || r.OOMKilled || !strings.Contains(r.Error, c.error) || (c.error == "") != (r.Error == "") {
				t.Errorf("reported %+v", r)
			}
			if code := p.exited(5 * time.Second); code != c.code {
				t.Errorf("exit code %d", code)
			}
			if kept := p.termination(); !reflect.DeepEqual(kept, r) {
				t.Errorf("termination message %+v, reported %+v", kept, r)
			}
			if c.error != "" && !strings.Contains(p.stderr.String(), c.error) {
				t.Errorf("the log says %q", p.stderr.String())
			}
		})
	}
}

func TestACommandThatMayNotBeRunIsFoundInPath(t *testing.T) {
	p := newPod(t, answering())
	p.write("forbidden", "#!/bin/sh\n")
	p.env = append(p.env, "PATH="+p.dir)
	p.startRelay()
	p.startShim("forbidden")
	if _, r := p.received(); r.Code != 126 || !strings.Contains(r.Error, p.file("forbidden")+" is not executable") {
		t.Errorf("reported %+v", r)
	}
}

func TestTheLastLinesOfStderr(t *testing.T) {
	p := newPod(t, answering()).run("exit", "7")
	_, r := p.received()
	if len(r.StderrTail) != 20 || r.StderrTail[0] != "line 10" || r.StderrTail[19] != "line 29" {
		t.Errorf("tail %q", r.StderrTail)
	}
	if !strings.HasPrefix(p.stderr.String(), "line 0\nline 1\n") {
		t.Errorf("stderr %q", p.stderr.String())
	}
}

func TestGrandchildrenDoNotDelayTheEnd(t *testing.T) {
	for _, group := range []string{"same", "escaped"} {
		t.Run(group, func(t *testing.T) {
			begin := time.Now()
			p := newPod(t, answering()).run("grandchild", group)
			before, r := p.received()
			if r.Code != 0 || time.Since(begin) > 10*time.Second {
				t.Errorf("%+v after %v", r, time.Since(begin))
			}
			p.exited(5 * time.Second)
			if !strings.Contains(p.stdout.String(), "from the grandchild\n") {
				t.Errorf("stdout %q", p.stdout.String())
			}
			pid, _ := strconv.Atoi(strings.Trim(string(bytes.SplitN(before[0].Payload, []byte(`"result":`), 2)[1]), "}"))
			if group == "same" {
				p.eventually("the grandchild is gone", func() bool { return syscall.Kill(pid, 0) == syscall.ESRCH })
			}
			_ = syscall.Kill(-pid, syscall.SIGKILL)
		})
	}
}

func TestOrphansAreReaped(t *testing.T) {
	p := newPod(t, answering())
	p.startRelay()
	// The orphan outlives its parent and ends before the worker.
	p.startShim("sh", "-c", `sh -c 'sleep 0.1 & echo $!' ; sleep 0.6; echo end`)
	p.eventually("the orphan's id is told", func() bool { return strings.Contains(p.stdout.String(), "\n") })
	orphan := strings.SplitN(p.stdout.String(), "\n", 2)[0]
	p.eventually("the orphan is no zombie", func() bool {
		_, err := os.Stat("/proc/" + orphan)
		return err != nil
	})
	if strings.Contains(p.stdout.String(), "end") {
		t.Error("it was reaped only when the worker ended")
	}
	if _, r := p.received(); r.Code != 0 {
		t.Errorf("%+v", r)
	}
}

func TestEnvironmentOfTheWorker(t *testing.T) {
	p := newPod(t, answering())
	p.env = append(p.env, "PYTHONUNBUFFERED=0", "MINE=a=b")
	p.run("environment")
	p.received()
	p.exited(5 * time.Second)
	lines := strings.Split(p.stdout.String(), "\n")
	has := func(variable string) bool {
		for _, line := range lines {
			if line == variable {
				return true
			}
		}
		return false
	}
	if !has("PYTHONUNBUFFERED=0") || has("PYTHONUNBUFFERED=1") || !has("NUXT_QUEUE_CHILD_PROCESS=1") || !has("MINE=a=b") {
		t.Errorf("environment %q", lines)
	}
	if strings.Contains(p.stdout.String(), "PODWORK_") {
		t.Error("the worker sees the settings of relay and shim")
	}
}

func TestTheWorkerDiesWithTheShim(t *testing.T) {
	p := newPod(t, answering())
	p.startShim("sh", "-c", "echo $$; exec sleep 60")
	p.eventually("the worker runs", func() bool { return strings.Contains(p.stdout.String(), "\n") })
	pid, err := strconv.Atoi(strings.TrimSpace(p.stdout.String()))
	if err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGKILL)
	p.eventually("the worker is gone", func() bool { return syscall.Kill(pid, 0) == syscall.ESRCH || zombie(pid) })
}

func zombie(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || bytes.Contains(stat, []byte(") Z "))
}
