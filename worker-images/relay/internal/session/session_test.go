package session

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"podwork.dev/relay/internal/wire"
)

// script is a server that says exactly what a test wants.
type script struct {
	*testing.T
	session *Session
	conns   chan net.Conn
	conn    net.Conn
	lines   *bufio.Reader
	stops   chan string
}

func newScript(t *testing.T) *script {
	s := &script{T: t, conns: make(chan net.Conn), stops: make(chan string, 10)}
	s.session = New(Options{
		Dial: func() (net.Conn, error) {
			ours, theirs := net.Pipe()
			s.conns <- theirs
			return ours, nil
		},
		End:  func(term, kill time.Duration) { s.stops <- "end " + term.String() + " " + kill.String() },
		Stop: func(grace time.Duration) { s.stops <- "stop " + grace.String() },
		Note: t.Logf,
	})
	go s.session.Run()
	t.Cleanup(func() {
		s.session.Close()
		go func() {
			for conn := range s.conns {
				conn.Close()
			}
		}()
	})
	return s
}

// attach takes the next connection, wants this from the shim, and answers.
func (s *script) attach(want, answer string) {
	s.Helper()
	select {
	case s.conn = <-s.conns:
	case <-time.After(10 * time.Second):
		s.Fatal("no connection")
	}
	s.lines = bufio.NewReader(s.conn)
	s.hear(`{"attach":` + want + `}`)
	s.say(`{"attached":` + answer + `}`)
}

func (s *script) say(line string) {
	s.Helper()
	_ = s.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if _, err := s.conn.Write([]byte(line + "\n")); err != nil {
		s.Fatal(err)
	}
}

func (s *script) hear(want string) {
	s.Helper()
	_ = s.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	line, err := s.lines.ReadString('\n')
	if err != nil || line != want+"\n" {
		s.Fatalf("heard %q, %v; want %s", line, err, want)
	}
}

// hangsUp wants the shim to break the connection.
func (s *script) hangsUp() {
	s.Helper()
	_ = s.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, err := s.lines.ReadString('\n'); err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				s.Fatal("the connection is still there")
			}
			return
		}
	}
}

func (s *script) send(raw string) {
	s.Helper()
	message, err := wire.ParseMessage([]byte(raw))
	if err != nil {
		s.Fatal(err)
	}
	s.session.Send(message)
}

// delivered takes what is there for the worker.
func (s *script) delivered(want ...string) {
	s.Helper()
	var got []string
	for len(got) < len(want) {
		taken := s.session.Take(nil)
		for _, d := range taken {
			got = append(got, strings.TrimSuffix(string(d.Line), "\n"))
		}
		s.session.Delivered(taken)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.Fatalf("delivered %q, want %q", got, want)
	}
}

func call(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"method":"m"}` }
func result(id string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"result":1}`
}
func numbered(seq int, msg string) string { return fmt.Sprintf(`{"seq":%d,"msg":%s}`, seq, msg) }

const fresh = `{"session":"","received":0}`

func TestWhatIsNotAcknowledgedIsSentAgain(t *testing.T) {
	s := newScript(t)
	for i := 1; i <= 3; i++ {
		s.send(call(fmt.Sprint(i)))
	}
	s.attach(fresh, `{"session":"a","received":0}`)
	for i := 1; i <= 3; i++ {
		s.hear(numbered(i, call(fmt.Sprint(i))))
	}
	s.say(`{"ack":1}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":0}`, `{"session":"a","received":2}`)
	s.hear(numbered(3, call("3")))
	s.say(`{"ack":3}`)
	s.send(call("4"))
	s.hear(numbered(4, call("4")))
	s.conn.Close()
	// Another server does not know what an earlier one acknowledged.
	s.attach(`{"session":"a","received":0}`, `{"session":"b","received":0}`)
	s.hear(numbered(4, call("4")))
	s.say(`{"ack":4}`)
	s.say(numbered(1, result("4")))
	s.delivered(result("4"))
	s.hear(`{"ack":1}`)
	s.conn.Close()
	// Nor does the next, when nothing is kept.
	s.attach(`{"session":"b","received":1}`, `{"session":"c","received":0}`)
	s.say(numbered(1, result("4")))
	s.hear(`{"ack":1}`)
	s.send(call("5"))
	s.hear(numbered(5, call("5")))
}

func TestAnIdleConnectionCostsNothing(t *testing.T) {
	s := newScript(t)
	s.send(call("1"))
	s.attach(fresh, `{"session":"a","received":0}`)
	s.hear(numbered(1, call("1")))
	s.say(`{"ack":1}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":0}`, `{"session":"b","received":0}`)
	var before, after syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	time.Sleep(200 * time.Millisecond)
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	if used := time.Duration(after.Utime.Nano() - before.Utime.Nano()); used > 20*time.Millisecond {
		t.Errorf("%v of CPU in 200 ms", used)
	}
}

func TestWhatIsReceivedTwiceIsDeliveredOnce(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	s.say(numbered(1, call("1")))
	s.delivered(call("1"))
	s.hear(`{"ack":1}`)
	s.say(numbered(1, call("1")))
	s.say(numbered(2, call("2")))
	s.delivered(call("2"))
	s.hear(`{"ack":2}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":2}`, `{"session":"a","received":0}`)
	s.hear(`{"ack":2}`)
	s.say(numbered(2, call("2")))
	s.say(numbered(3, call("3")))
	s.delivered(call("3"))
}

func TestAGapEndsTheConnectionAndNothingIsLost(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	s.say(numbered(2, call("2")))
	s.hangsUp()
	s.attach(`{"session":"a","received":0}`, `{"session":"a","received":0}`)
	s.say(numbered(1, call("1")))
	s.delivered(call("1"))
}

func TestMistakesEndTheConnection(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":                   `{"seq":1,`,
		"no object":                 `[]`,
		"a fraction":                `{"seq":1.5,"msg":{}}`,
		"negative":                  `{"ack":-1}`,
		"no number":                 `{"msg":{}}`,
		"acknowledged but not sent": `{"ack":1}`,
		"a wrong grace":             `{"seq":1,"stop":{"graceMs":"soon"}}`,
	} {
		line := line
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			s.attach(fresh, `{"session":"a","received":0}`)
			s.say(line)
			s.hangsUp()
			s.attach(`{"session":"a","received":0}`, `{"session":"a","received":0}`)
		})
	}
}

func TestAnAttachedThatClaimsTooMuchIsRefused(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":1}`)
	s.hangsUp()
}

func TestUnknownMembersAndKindsAreIgnored(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0,"more":true}`)
	s.say(`{"seq":1,"later":{}}`)
	s.hear(`{"ack":1}`)
	s.say(`{"seq":2,"msg":` + call("1") + `,"more":1}`)
	s.delivered(call("1"))
}

func TestOnlyOpenRequestsAreAnswered(t *testing.T) {
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	ids := []string{"1", `"1"`, "1e2", `"\u0061"`, "-0.5", "12345678901234567890123", "7", "7"}
	for i, id := range ids {
		s.send(call(id))
		s.hear(numbered(i+1, call(id)))
	}
	none := `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}`
	answers := []string{"1", `"1"`, "100", `"a"`, "-5E-1", "1.2345678901234567890123E22", "7", "7"}
	for i, id := range answers {
		s.say(numbered(i+1, result(id)))
	}
	s.say(numbered(9, result("7")))   // a third time
	s.say(numbered(10, result("99"))) // never asked
	s.say(numbered(11, none))
	var want []string
	for _, id := range answers {
		want = append(want, result(id))
	}
	s.delivered(append(want, none)...)
	for line := ""; line != "{\"ack\":11}\n"; {
		var err error
		if line, err = s.lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExecuteIsDeliveredOnce(t *testing.T) {
	execute := `{"jsonrpc":"2.0","id":1,"method":"execute"}`
	s := newScript(t)
	s.attach(fresh, `{"session":"a","received":0}`)
	s.say(numbered(1, execute))
	s.delivered(execute)
	s.hear(`{"ack":1}`)
	s.conn.Close()
	s.attach(`{"session":"a","received":1}`, `{"session":"b","received":0}`)
	s.say(numbered(1, execute))
	s.hear(`{"ack":1}`) // without a delivery
	s.say(numbered(2, call("5")))
	s.delivered(call("5"))
	s.hear(`{"ack":2}`)
	if s.session.Unacknowledged() != nil {
		t.Error("an answer that nobody gave")
	}
	s.send(result("1"))
	s.hear(numbered(1, result("1")))
	if string(s.session.Unacknowledged()) != result("1") {
		t.Error("the answer is not kept")
	}
	s.send(result("1")) // a second one is the server's to ignore
	s.hear(numbered(2, result("1")))
	s.say(`{"ack":1}`)
	s.session.Finish([]byte(`{"code":0}`))
	s.hear(`{"seq":3,"exit":{"code":0}}`)
	if s.session.Unacknowledged() != nil {
		t.Error("the answer is still kept")
	}
	select {
	case <-s.session.Done():
		t.Error("done before everything is acknowledged")
	default:
	}
	s.say(`{"ack":3}`)
	select {
	case <-s.session.Done():
	case <-time.After(10 * time.Second):
		t.Error("not done")
	}
}

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

func TestTooManyOpenRequestsBlockTheWorker(t *testing.T) {
	s := newScript(t)
	blocked := make(chan struct{})
	go func() {
		for i := 0; i <= maxRequests; i++ {
			s.send(call("1"))
		}
		close(blocked)
	}()
	s.attach(fresh, `{"session":"a","received":0}`)
	for i := 1; i <= maxRequests; i++ {
		s.hear(numbered(i, call("1")))
		if i%1000 == 0 {
			s.say(fmt.Sprintf(`{"ack":%d}`, i))
		}
	}
	select {
	case <-blocked:
		t.Error("there is no bound")
	case <-time.After(50 * time.Millisecond):
	}
	s.say(numbered(1, result("1")))
	s.hear(numbered(maxRequests+1, call("1")))
	<-blocked
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
