package main

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/wire"
)

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
