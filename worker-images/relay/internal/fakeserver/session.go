package fakeserver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"

	"podwork.dev/relay/internal/wire"
)

// converse is what follows the welcome: one connection of a shim.
func (s *Server) converse(conn net.Conn, lines *wire.LineReader) {
	line, _, err := lines.Next()
	if err != nil {
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
