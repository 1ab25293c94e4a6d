package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

func execCommand(p *pod, stdout *os.File, worker ...string) *exec.Cmd {
	p.Helper()
	command := exec.Command(os.Args[0], append([]string{"shim", "--", os.Args[0], "worker"}, worker...)...)
	command.Env, command.Stdout, command.Stderr = p.env, stdout, &p.stderr
	if err := command.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	return command
}

// checkCalls wants n calls, each once and in order, and the worker's word that each was answered rightly.
func checkCalls(t *testing.T, messages []string, n int) {
	t.Helper()
	if len(messages) != n+1 || messages[n] != fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"result":%d}`, n) {
		t.Fatalf("%d messages, the last %s", len(messages), messages[len(messages)-1])
	}
	for i, message := range messages[:n] {
		if !strings.HasPrefix(message, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,`, i)) {
			t.Fatalf("message %d is %s", i, message)
		}
	}
}

func (p *pod) heard(n int) {
	p.server.Wait(func(recorded []wire.Frame, _ uint64) bool { return len(recorded) >= n })
}

func TestTheRelayRestarts(t *testing.T) {
	p := newPod(t, answering())
	p.server.Send(wire.Msg, execute)
	p.run("calls", "300", "2")
	for i := 1; i <= 3; i++ {
		p.heard(i * 50)
		p.killRelay()
		p.startRelay()
	}
	checkCalls(t, p.messages(), 300)
}

func TestTheConnectionBreaks(t *testing.T) {
	p := newPod(t, answering())
	p.server.Send(wire.Msg, execute)
	p.run("calls", "300", "2")
	for i := 1; i <= 3; i++ {
		p.heard(i * 50)
		p.server.Break()
	}
	checkCalls(t, p.messages(), 300)
}

func TestTheServerRestarts(t *testing.T) {
	p := newPod(t, answering())
	p.server.Send(wire.Msg, execute)
	p.run("calls", "300", "2")
	p.heard(100)
	p.server.Stop()
	time.Sleep(200 * time.Millisecond)
	p.server.Restart()
	// It cannot know that the worker has these already.
	p.server.Send(wire.Msg, execute)
	p.server.Repeat()
	if err := p.server.Listen(); err != nil {
		t.Fatal(err)
	}
	checkCalls(t, p.messages(), 300)
}

func TestAServerThatIsAwayBlocksTheWorker(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.server.Deaf(true)
	// 64 MiB
	p.run("flood", "65536", "1000")
	worst := 0
	for last, still := 0, 0; still < 20; time.Sleep(50 * time.Millisecond) {
		heard := p.server.Received()
		if heard == last && heard > 0 {
			still++
		} else {
			still = 0
		}
		last, worst = heard, heard
	}
	if size := worst * 1000; size < 3<<20 || size > 6<<20 {
		t.Errorf("%d bytes were sent without an acknowledgement", size)
	}
	p.checkMemory(40 << 20 * raceFactor)
	p.server.Deaf(false)
	messages := p.messages()
	if len(messages) != 65536 || !strings.Contains(messages[65535], `"i":65535`) {
		t.Errorf("%d messages arrived", len(messages))
	}
	if code := p.exited(5 * time.Second); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestAWorkerThatDoesNotReadBlocksTheServer(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	text := strings.Repeat("x", 1<<20)
	for i := 0; i < 64; i++ {
		p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"n","params":"`+text+`"}`)
	}
	p.run("deaf")
	p.eventually("the shim is connected", func() bool { return p.server.Attached() > 0 })
	time.Sleep(500 * time.Millisecond)
	p.checkMemory(40 << 20 * raceFactor)
	p.signal(syscall.SIGTERM)
	if _, r := p.received(); r.Signal != "SIGTERM" || r.Code != 143 {
		t.Errorf("%+v", r)
	}
	// The acknowledgement of the exit is behind all that the server wanted to say.
	if code := p.exited(15 * time.Second); code != 143 {
		t.Errorf("exit code %d", code)
	}
}

func TestDeliveriesAreAcknowledgedWhenTheWorkerHasThem(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"one"}`)
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"two"}`)
	p.server.Send(wire.End, `{"graceMs":60000}`)
	p.run("echo")
	p.server.Wait(func(_ []wire.Frame, acked uint64) bool { return acked == 3 })
	if _, r := p.received(); r.Code != 0 || len(r.StderrTail) != 2 {
		t.Errorf("%+v", r)
	}
	if want := "{\"jsonrpc\":\"2.0\",\"method\":\"one\"}\n{\"jsonrpc\":\"2.0\",\"method\":\"two\"}\n"; p.stderr.String() != want {
		t.Errorf("the worker heard %q", p.stderr.String())
	}
}

func TestALongMessageInBothDirections(t *testing.T) {
	p := newPod(t, answering())
	text := strings.Repeat("x", wire.MaxMessage-len(`{"jsonrpc":"2.0","method":"n","params":""}`))
	p.server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"n","params":"`+text+`"}`)
	p.startRelay()
	p.startShim("sh", "-c", `read line; echo "$line"`)
	p.server.Deaf(true) // so that the shim stays to be measured
	if messages := p.messages(); len(messages) != 1 || len(messages[0]) != wire.MaxMessage || !strings.HasSuffix(messages[0], `xxx"}`) {
		t.Errorf("%d messages", len(messages))
	}
	p.checkMemory(bound)
}

func TestTheRelayNoticesThatTheServerWentBeforeAShimCame(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.startRelay()
	for i := 1; i <= 3; i++ {
		p.eventually("the relay is connected", func() bool { return p.server.Greeted() == i })
		p.server.Break()
	}
	p.eventually("the relay is connected", func() bool { return p.server.Greeted() == 4 })
	p.startShim(os.Args[0], "worker", "exit", "0")
	if _, r := p.received(); r.Code != 0 {
		t.Errorf("%+v", r)
	}
	p.exited(5 * time.Second)
	time.Sleep(200 * time.Millisecond)
	if n := p.server.Greeted(); n != 4 {
		t.Errorf("%d connections: the last were for no shim", n)
	}
}

func TestTheRelayTrustsItsOwnCAOnly(t *testing.T) {
	other, err := fakeserver.Start(&fakeserver.Server{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Stop()
	p := newPod(t, &fakeserver.Server{})
	p.env = append(p.env, "PODWORK_SERVER_CA="+string(other.CA))
	p.startRelay()
	p.eventually("the relay says why", func() bool { return strings.Contains(p.relayLog.String(), "certificate signed by unknown authority") })
	if p.server.Greeted() != 0 {
		t.Error("the token was sent all the same")
	}
}

func TestTheTokenIsReadAnew(t *testing.T) {
	var refused atomic.Int32
	p := newPod(t, &fakeserver.Server{Hello: func(token string) string {
		if token != "fresh" {
			refused.Add(1)
			return "TokenExpired"
		}
		return ""
	}})
	p.run("exit", "0")
	p.eventually("the relay was refused twice", func() bool { return refused.Load() >= 2 })
	p.write("token", "fresh")
	if _, r := p.received(); r.Code != 0 {
		t.Errorf("%+v", r)
	}
	if log := p.relayLog.String(); strings.Count(log, "refused: TokenExpired") != 1 {
		t.Errorf("the relay's log: %q", log)
	}
}
