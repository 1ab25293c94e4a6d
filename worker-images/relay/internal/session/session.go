// Package session carries messages between a worker and the context server, in order and each
// once, over connections that may break at any time. docs/relay-protocol.md is its specification.
package session

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"podwork.dev/relay/internal/wire"
)

// Options connect a session to the world around it.
type Options struct {
	Dial func() (net.Conn, error)
	// End and Stop carry the server's wish; they must not block.
	End  func(term, kill time.Duration)
	Stop func(kill time.Duration)
	// Note tells a person what is wrong with the connection.
	Note func(format string, args ...interface{})
}

// Session is the shim's side.
type Session struct {
	Options

	mu       sync.Mutex
	toServer *sync.Cond // there is something to send, or the connection is gone
	toWorker *sync.Cond // there is something to deliver, or the worker is gone
	room     *sync.Cond // the worker may say more
	drained  *sync.Cond // the server may say more

	server   string // the last one's session
	out      outbox
	in       inbox
	requests requests
	executed bool
	execute  uint64 // key of its id
	answered bool

	gone     bool // the worker is; its bounds no longer apply
	finished bool
	done     chan struct{}
	closed   chan struct{}
	link     *link
}

// New makes a session that is not connected yet.
func New(options Options) *Session {
	s := &Session{Options: options, requests: newRequests(), done: make(chan struct{}), closed: make(chan struct{})}
	for _, cond := range []**sync.Cond{&s.toServer, &s.toWorker, &s.room, &s.drained} {
		*cond = sync.NewCond(&s.mu)
	}
	return s
}

// Send hands over a message of the worker, which the session keeps. It blocks while too much is
// unacknowledged or unanswered.
func (s *Session) Send(message wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.gone && (s.out.full() || message.ExpectsAnswer() && s.requests.count >= maxRequests) {
		s.room.Wait()
	}
	f := frame{kind: wire.Msg, payload: message.Raw}
	switch {
	case message.ExpectsAnswer():
		s.requests.add(message.ID)
	case message.IsResponse() && s.executed && !s.answered && s.requests.key(message.ID) == s.execute:
		s.answered, f.response = true, true
	}
	s.add(f)
}

// Oversize tells the server of a line over the limit.
func (s *Session) Oversize(cut wire.Cut) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.gone && s.out.full() {
		s.room.Wait()
	}
	s.add(frame{kind: wire.Oversize, payload: wire.JSON(cut)})
}

// Telemetry tells the server what the worker uses, which is an object. When too much waits for the server
// already, it is for nobody.
func (s *Session) Telemetry(measured []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.out.full() {
		s.add(frame{kind: wire.Telemetry, payload: measured})
	}
}

func (s *Session) add(f frame) {
	if s.finished {
		return
	}
	s.out.add(f)
	s.toServer.Signal()
}

// Take waits for deliveries; there are none any more once the worker is gone. before is what an
// earlier call returned.
func (s *Session) Take(before []Delivery) []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.in.queue) == 0 && !s.in.closed {
		s.toWorker.Wait()
	}
	return s.in.take(before)
}

// Delivered says that the worker's stdin has them.
func (s *Session) Delivered(taken []Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in.done(taken)
	s.drained.Signal()
	s.toServer.Signal()
}

// Unbound lifts the bounds of what the worker may say: it has ended, and what is left in the pipes is
// little.
func (s *Session) Unbound() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = true
	s.wake()
}

// WorkerGone says that nobody takes deliveries any more. It lifts all bounds.
func (s *Session) WorkerGone() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = true
	s.in.close()
	s.wake()
}

// Finish sends the last line.
func (s *Session) Finish(exit []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(frame{kind: wire.Exit, payload: exit})
	s.finished = true
}

// Done is closed when the server has everything, after Finish.
func (s *Session) Done() <-chan struct{} { return s.done }

// Unacknowledged is the worker's answer to execute, unless the server has it.
func (s *Session) Unacknowledged() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.response()
}

// Close breaks the connection for good.
func (s *Session) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	if s.link != nil {
		s.link.conn.Close()
	}
}

func (s *Session) wake() {
	s.toServer.Broadcast()
	s.toWorker.Broadcast()
	s.room.Broadcast()
	s.drained.Broadcast()
}

const (
	firstRetry = 5 * time.Millisecond
	lastRetry  = 250 * time.Millisecond
)

// Run connects, and connects again, until everything is done.
func (s *Session) Run() {
	said := ""
	for delay := firstRetry; ; {
		conn, err := s.Dial()
		if err == nil {
			var attached bool
			attached, err = s.serve(conn)
			if attached {
				delay = firstRetry
			}
		}
		select {
		case <-s.done:
			return
		case <-s.closed:
			return
		default:
		}
		// Until the relay listens there is nothing to say, and its restart is no news either.
		if text := fmt.Sprint(err); errors.Is(err, errProtocol) && text != said {
			said = text
			s.Note("connection to the context server: %v; resuming", err)
		}
		if !errors.Is(err, io.EOF) || delay > firstRetry {
			time.Sleep(delay)
		}
		if delay *= 2; delay > lastRetry {
			delay = lastRetry
		}
	}
}
