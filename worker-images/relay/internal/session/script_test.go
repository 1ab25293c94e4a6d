package session

import (
	"bufio"
	"fmt"
	"net"
	"strings"
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
