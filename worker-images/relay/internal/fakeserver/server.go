// Package fakeserver is the context server's side of the relay protocol, for tests and
// measurements: one session, no Kubernetes.
package fakeserver

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"sync"

	"podwork.dev/relay/internal/wire"
)

// Server is a context server with one session.
type Server struct {
	CA []byte
	// Hello may refuse a connection with one of the protocol's codes.
	Hello func(token string) (refusal string)
	// Handle sees each new frame once, in order, instead of the record.
	Handle func(s *Server, f wire.Frame)
	// Answer answers each call with its own id.
	Answer bool

	config   *tls.Config
	listener net.Listener
	address  string

	mu        sync.Mutex
	changed   *sync.Cond
	deaf      bool
	session   int
	received  uint64 // durable
	recorded  []wire.Frame
	sent      uint64
	kept      map[uint64][]byte // sent, not acknowledged
	acked     uint64            // by the shim
	conn      net.Conn
	outgoing  [][]byte
	inline    bool // a frame is being handled
	writing   bool
	greeted   net.Conn
	greetings int
	attaches  int
}

// Start listens on loopback.
func Start(s *Server) (*Server, error) {
	ca, certificate, err := authority("podwork-context")
	if err != nil {
		return nil, err
	}
	s.CA, s.config = ca, &tls.Config{Certificates: []tls.Certificate{certificate}, DynamicRecordSizingDisabled: true}
	s.changed = sync.NewCond(&s.mu)
	s.kept = map[uint64][]byte{}
	s.session = 1
	s.address = "127.0.0.1:0"
	return s, s.Listen()
}

// Listen begins, or begins again where Stop was called.
func (s *Server) Listen() error {
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	s.listener, s.address = listener, listener.Addr().String()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(tls.Server(conn, s.config))
		}
	}()
	return nil
}

// Address is host:port.
func (s *Server) Address() string { return s.address }

// Stop closes the listener and every connection.
func (s *Server) Stop() {
	s.listener.Close()
	s.Break()
}

// Break closes the connection only, or the one that waits for a shim.
func (s *Server) Break() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range []net.Conn{s.conn, s.greeted} {
		if conn != nil {
			conn.Close()
		}
	}
}

// Restart is another process with the same durable records: it knows what was received, not what
// was sent.
func (s *Server) Restart() {
	s.Break()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session++
	s.sent, s.acked, s.kept = 0, 0, map[uint64][]byte{}
}

func (s *Server) serve(conn net.Conn) {
	defer conn.Close()
	lines := wire.NewLineReader(conn, wire.MaxLine)
	line, _, err := lines.Next()
	if err != nil {
		return
	}
	var hello struct {
		Hello struct{ Token string }
	}
	if json.Unmarshal(line, &hello) != nil {
		return
	}
	s.mu.Lock()
	s.greetings, s.greeted = s.greetings+1, conn
	s.changed.Broadcast()
	s.mu.Unlock()
	if s.Hello != nil {
		if code := s.Hello(hello.Hello.Token); code != "" {
			fmt.Fprintf(conn, `{"refused":{"code":%q,"message":"for a test"}}`+"\n", code)
			return
		}
	}
	if _, err := conn.Write([]byte(`{"welcome":{}}` + "\n")); err != nil {
		return
	}
	if line, _, err = lines.Next(); err != nil {
		return
	}
	var attach wire.Attach
	if json.Unmarshal(line, &attach) != nil || attach.Attach == nil {
		return
	}
	s.attach(conn, *attach.Attach)
	go s.write(conn)
	for {
		line, _, err := lines.Next()
		if err != nil {
			break
		}
		f, err := wire.Decode(line)
		if err != nil {
			break
		}
		f.Payload = append([]byte(nil), f.Payload...)
		if !s.receive(conn, f) {
			break
		}
	}
	s.mu.Lock()
	if s.conn == conn {
		s.conn = nil
	}
	s.changed.Broadcast()
	s.mu.Unlock()
}

func (s *Server) attach(conn net.Conn, position wire.Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		s.conn.Close()
	}
	s.conn, s.inline, s.writing = conn, false, false
	s.attaches++
	name := fmt.Sprintf("session-%d", s.session)
	received := s.received
	if position.Session != name {
		// A new server does not know what answers reached the shim.
		position.Received, received = 0, 0
	}
	s.outgoing = [][]byte{append(wire.JSON(wire.Attached{Attached: &wire.Position{Session: name, Received: received}}), '\n')}
	for seq := position.Received + 1; seq <= s.sent; seq++ {
		s.outgoing = append(s.outgoing, s.kept[seq])
	}
	s.changed.Broadcast()
}

func (s *Server) write(conn net.Conn) {
	to := bufio.NewWriterSize(conn, 16<<10)
	for {
		s.mu.Lock()
		for (len(s.outgoing) == 0 || s.inline || s.writing) && s.conn == conn {
			s.changed.Wait()
		}
		lines := s.outgoing
		s.outgoing, s.writing = nil, true
		current := s.conn == conn
		if !current {
			s.writing = false
		}
		s.mu.Unlock()
		if !current {
			return
		}
		for _, line := range lines {
			_, _ = to.Write(line)
		}
		err := to.Flush()
		s.mu.Lock()
		s.writing = false
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *Server) receive(conn net.Conn, f wire.Frame) bool {
	s.mu.Lock()
	if f.HasAck {
		for ; s.acked < f.Ack; s.acked++ {
			delete(s.kept, s.acked+1)
		}
		s.changed.Broadcast()
	}
	s.inline = true
	fresh := f.Seq == s.received+1
	gap := f.Seq > s.received+1
	if fresh {
		s.received = f.Seq
		if s.Handle == nil {
			s.recorded = append(s.recorded, f)
		}
		s.changed.Broadcast()
	}
	if f.Seq > 0 && !gap && !s.deaf && s.conn == conn {
		s.outgoing = append(s.outgoing, wire.AppendAck(nil, f.Seq))
	}
	s.mu.Unlock()
	if fresh && s.Handle != nil {
		s.Handle(s, f)
	}
	if fresh && s.Answer && f.Kind == wire.Msg {
		s.answer(f)
	}
	s.mu.Lock()
	s.inline = false
	lines := s.outgoing
	direct := len(lines) > 0 && s.conn == conn && !s.writing
	if direct {
		s.outgoing, s.writing = nil, true
	}
	s.mu.Unlock()
	if direct {
		// No detour over another goroutine: a measurement is about the way here.
		_, _ = conn.Write(bytes.Join(lines, nil))
		s.mu.Lock()
		s.writing = false
		s.mu.Unlock()
	}
	s.changed.Broadcast()
	return !gap
}

// Deaf stops acknowledgements, or makes up for them.
func (s *Server) Deaf(deaf bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf = deaf
	if !deaf && s.received > 0 {
		s.outgoing = append(s.outgoing, wire.AppendAck(nil, s.received))
	}
	s.changed.Broadcast()
}

// Send sends a numbered line.
func (s *Server) Send(kind wire.Kind, payload string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	line := wire.AppendFrame(nil, s.sent, kind, []byte(payload))
	s.kept[s.sent] = line
	if s.conn != nil {
		s.outgoing = append(s.outgoing, line)
	}
	s.changed.Broadcast()
}

// Repeat answers everything that was recorded, as a new server must where it cannot know better.
func (s *Server) Repeat() {
	s.mu.Lock()
	recorded := append([]wire.Frame(nil), s.recorded...)
	s.mu.Unlock()
	for _, f := range recorded {
		s.answer(f)
	}
}

func (s *Server) answer(f wire.Frame) {
	if m, err := wire.ParseMessage(f.Payload); err == nil && m.ExpectsAnswer() {
		s.Send(wire.Msg, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, m.ID))
	}
}

// Received is the highest number so far.
func (s *Server) Received() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.received)
}

// Attached counts the connections of a shim.
func (s *Server) Attached() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attaches
}

// Greeted counts the connections of a relay.
func (s *Server) Greeted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.greetings
}

// Wait waits until what it sees of the server is so.
func (s *Server) Wait(so func(recorded []wire.Frame, acked uint64) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !so(s.recorded, s.acked) {
		s.changed.Wait()
	}
}
