package session

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"podwork.dev/relay/internal/wire"
)

// errProtocol is a mistake of the peer's. The connection ends, and the session resumes.
var errProtocol = errors.New("protocol error")

// link is one connection of a session.
type link struct {
	conn  net.Conn
	down  bool
	sent  uint64 // the highest frame sent
	acked uint64 // the highest acknowledgement sent
}

// serve runs the session over a connection until it breaks.
func (s *Session) serve(conn net.Conn) (attached bool, err error) {
	l := &link{conn: conn}
	s.mu.Lock()
	s.link = l
	hello := wire.JSON(wire.Attach{Attach: &wire.Position{Session: s.server, Received: s.in.received}})
	s.mu.Unlock()
	defer conn.Close()

	if _, err := conn.Write(append(hello, '\n')); err != nil {
		return false, err
	}
	lines := wire.NewLineReader(conn, wire.MaxLine)
	line, _, err := lines.Next()
	if err != nil {
		return false, err
	}
	if err := s.attach(l, line); err != nil {
		return false, err
	}

	written := make(chan struct{})
	go func() {
		defer close(written)
		if s.write(l) != nil {
			s.drop(l)
		}
	}()
	err = s.read(l, lines)
	s.drop(l)
	<-written
	return true, err
}

// drop makes both directions of the connection end.
func (s *Session) drop(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.down = true
	l.conn.Close()
	s.toServer.Broadcast()
	s.drained.Broadcast()
}

func (s *Session) attach(l *link, line []byte) error {
	var answer wire.Attached
	if err := json.Unmarshal(line, &answer); err != nil || answer.Attached == nil {
		return fmt.Errorf("%w: the first line was no attached: %.100s", errProtocol, line)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer.Attached.Session != s.server {
		s.server = answer.Attached.Session
		s.in.restart()
	}
	if answer.Attached.Received > s.out.last {
		return fmt.Errorf("%w: the server received %d, of %d sent", errProtocol, answer.Attached.Received, s.out.last)
	}
	s.acknowledge(answer.Attached.Received)
	// What is no longer kept needs no sending: an earlier server has acknowledged it.
	l.sent = s.out.last - uint64(len(s.out.kept()))
	return nil
}

func (s *Session) acknowledge(seq uint64) {
	s.out.acknowledge(seq)
	s.room.Signal()
	if s.finished && s.out.size == 0 {
		select {
		case <-s.done:
		default:
			close(s.done)
		}
	}
}

// write sends frames and acknowledgements until the connection is down, and flushes when there
// is nothing more to send.
func (s *Session) write(l *link) error {
	to := bufio.NewWriterSize(l.conn, 32<<10)
	batch := make([]frame, 0, 64)
	var scratch []byte
	for {
		s.mu.Lock()
		for !l.down && l.sent >= s.out.last && l.acked == s.in.processed {
			if to.Buffered() > 0 {
				s.mu.Unlock()
				if err := to.Flush(); err != nil {
					return err
				}
				s.mu.Lock()
				continue
			}
			s.toServer.Wait()
		}
		if l.down {
			s.mu.Unlock()
			return nil
		}
		batch = s.out.after(l.sent, batch)
		if len(batch) > 0 {
			l.sent = batch[len(batch)-1].seq
		}
		ack := s.in.processed
		news := ack != l.acked
		l.acked = ack
		s.mu.Unlock()

		for i, f := range batch {
			scratch = wire.AppendFrameHead(scratch[:0], f.seq, f.kind)
			_, _ = to.Write(scratch)
			_, _ = to.Write(f.payload)
			// A bufio.Writer repeats its first error.
			if _, err := to.WriteString(wire.FrameTail); err != nil {
				return err
			}
			batch[i] = frame{}
		}
		if news {
			scratch = wire.AppendAck(scratch[:0], ack)
			if _, err := to.Write(scratch); err != nil {
				return err
			}
		}
	}
}

func (s *Session) read(l *link, lines *wire.LineReader) error {
	for {
		line, owned, err := lines.Next()
		if errors.Is(err, wire.ErrLineTooLong) {
			return fmt.Errorf("%w: %v", errProtocol, err)
		}
		if err != nil {
			return err
		}
		f, err := wire.Decode(line)
		if err != nil {
			return fmt.Errorf("%w: %v in %.100s", errProtocol, err, line)
		}
		if err := s.receive(l, f, owned); err != nil {
			return err
		}
	}
}
