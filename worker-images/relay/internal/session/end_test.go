package session

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"podwork.dev/relay/internal/wire"
)

func TestEndAndStop(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	s.say(numbered(1, call("1")))
	s.say(`{"seq":2,"end":{"graceMs":5000,"killMs":30000}}`)
	s.say(`{"seq":3,"stop":{"graceMs":-1}}`)
	for _, want := range []string{"end 5s 30s", "stop 0s"} {
		if got := <-s.stops; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	s.delivered(call("1"), "") // the message first, then the end of stdin
	s.hear(`{"ack":3}`)
}

func TestTheWorkersEndLiftsTheBounds(t *testing.T) {
	s := newScript(t)
	text := `{"jsonrpc":"2.0","method":"m","params":"` + strings.Repeat("x", 1<<20) + `"}`
	sent := make(chan struct{})
	go func() {
		for i := 0; i < 8; i++ {
			s.send(text)
		}
		close(sent)
	}()
	select {
	case <-sent:
		t.Error("there is no bound")
	case <-time.After(50 * time.Millisecond):
	}
	s.session.WorkerGone()
	<-sent
	s.attach(fresh, `{"session":"a","received":0}`)
	for i := 1; i <= 8; i++ {
		s.hear(numbered(i, text))
	}
	// Nobody is there to take it.
	s.say(numbered(1, call("1")))
	s.hear(`{"ack":1}`)
}

func TestTelemetryIsForNobodyWhenTooMuchWaits(t *testing.T) {
	s := New(Options{})
	s.Telemetry([]byte(`{"n":1}`))
	s.Send(wire.Message{Raw: bytes.Repeat([]byte("x"), window)})
	s.Telemetry([]byte(`{"n":2}`))
	if kept := s.out.kept(); len(kept) != 2 || kept[0].kind != wire.Telemetry {
		t.Errorf("%d frames", len(kept))
	}
}

func TestWhatComesAfterTheWorkersEndIsStillTaken(t *testing.T) {
	s := New(Options{})
	s.Unbound()
	s.in.add([]byte("execute\n"))
	if taken := s.Take(nil); len(taken) != 1 {
		t.Errorf("%d deliveries", len(taken))
	}
	s.WorkerGone()
	if taken := s.Take(nil); len(taken) != 0 {
		t.Errorf("%d deliveries to nobody", len(taken))
	}
}
