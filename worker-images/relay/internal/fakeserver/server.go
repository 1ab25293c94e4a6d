// Package fakeserver is the context server's side of the relay protocol, for tests and
// measurements: one session, no Kubernetes.
package fakeserver

import (
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
	network  string
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
	s.begin("tcp", "127.0.0.1:0")
	return s, s.Listen()
}

// StartForShim listens at the path of a Unix socket, as if there were a relay between.
func StartForShim(s *Server, path string) (*Server, error) {
	s.begin("unix", path)
	return s, s.Listen()
}

func (s *Server) begin(network, address string) {
	s.changed = sync.NewCond(&s.mu)
	s.kept = map[uint64][]byte{}
	s.session = 1
	s.network, s.address = network, address
}

// Listen begins, or begins again where Stop was called.
func (s *Server) Listen() error {
	listener, err := net.Listen(s.network, s.address)
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
			if s.network == "unix" {
				go s.serveShim(conn)
			} else {
				go s.serve(tls.Server(conn, s.config))
			}
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

func (s *Server) serveShim(conn net.Conn) {
	defer conn.Close()
	s.converse(conn, wire.NewLineReader(conn, wire.MaxLine))
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
	s.converse(conn, lines)
}
