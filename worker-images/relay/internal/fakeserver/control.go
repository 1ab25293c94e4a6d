package fakeserver

import (
	"fmt"

	"podwork.dev/relay/internal/wire"
)

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
