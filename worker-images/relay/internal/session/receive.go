package session

import (
	"encoding/json"
	"fmt"
	"io"

	"podwork.dev/relay/internal/wire"
)

func (s *Session) receive(l *link, f wire.Frame, owned bool) error {
	// Parsed outside the lock: it may be long.
	var message wire.Message
	if f.Kind == wire.Msg {
		// What is no object is for the worker to judge.
		message, _ = wire.ParseMessage(f.Payload)
	}
	var grace wire.Grace
	if f.Kind == wire.End || f.Kind == wire.Stop {
		if err := json.Unmarshal(f.Payload, &grace); err != nil {
			return fmt.Errorf("%w: %v in %s", errProtocol, err, f.Kind)
		}
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if f.HasAck {
		if f.Ack > l.sent {
			return fmt.Errorf("%w: acknowledged %d, of %d sent", errProtocol, f.Ack, l.sent)
		}
		s.acknowledge(f.Ack)
	}
	if f.Seq <= s.in.received {
		return nil
	}
	if f.Seq != s.in.received+1 {
		return fmt.Errorf("%w: %d follows on %d", errProtocol, f.Seq, s.in.received)
	}
	for s.in.full() && !l.down {
		s.drained.Wait()
	}
	if l.down {
		return io.EOF
	}
	s.in.received = f.Seq
	switch f.Kind {
	case wire.Msg:
		if s.wanted(message) {
			s.in.add(lineOf(f.Payload, owned))
		}
	case wire.End:
		s.End(grace.Duration(), grace.Kill())
		s.in.add(nil)
	case wire.Stop:
		s.Stop(grace.Duration())
	}
	s.in.settle()
	s.toWorker.Signal()
	s.toServer.Signal()
	return nil
}

// wanted keeps from the worker what a new server could not know that it has already.
func (s *Session) wanted(m wire.Message) bool {
	switch {
	case m.Method == "execute" && m.ExpectsAnswer():
		if s.executed {
			return false
		}
		s.executed, s.execute = true, s.requests.key(m.ID)
	case m.IsResponse():
		open := s.requests.answer(m.ID)
		s.room.Signal()
		return open
	}
	return true
}

// lineOf is the payload with a newline behind it, in memory of its own.
func lineOf(payload []byte, owned bool) []byte {
	if owned && cap(payload) > len(payload) {
		// At least the brace that ended the frame stood there.
		return append(payload, '\n')
	}
	line := make([]byte, len(payload)+1)
	copy(line, payload)
	line[len(payload)] = '\n'
	return line
}
