package shim

import (
	"sync"
	"syscall"
	"time"
)

// wordWait is how long the first SIGTERM from outside waits for the server's word. Where a Job is
// deleted, the kubelet and the operator speak at the same time, and a worker that hears the kubelet
// first would have no time to clean up.
const wordWait = 500 * time.Millisecond

// stopper makes the worker end: SIGTERM, and SIGKILL when its grace is over. The earliest wish
// counts.
type stopper struct {
	signal func(syscall.Signal) // set before the session runs

	mu         sync.Mutex
	term, kill *time.Timer
	termAt     time.Time
	killAt     time.Time
	killGrace  time.Duration
	waited     bool
	termed     bool
	over       bool
}

// end lets the worker finish by itself, since it was told to and its stdin has ended.
func (s *stopper) end(grace, kill time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || s.term != nil {
		return
	}
	s.termAt, s.killGrace = time.Now().Add(grace), kill
	s.term = time.AfterFunc(grace, func() { s.stop(kill) })
}

// stop asks the worker to end now.
func (s *stopper) stop(grace time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	if !s.termed {
		s.termed = true
		s.signal(syscall.SIGTERM)
	}
	at := time.Now().Add(grace)
	if s.kill != nil && s.killAt.Before(at) {
		return
	}
	if s.kill != nil {
		s.kill.Stop()
	}
	s.killAt = at
	s.kill = time.AfterFunc(grace, func() { s.now(syscall.SIGKILL) })
}

// passOn is for a signal from outside. A worker that is ending by itself is not interrupted by
// SIGTERM yet; but whoever sent it has a patience of its own, which is the pod's as a rule.
func (s *stopper) passOn(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.over:
	case sig == syscall.SIGTERM && s.term == nil && !s.termed && !s.waited:
		s.waited = true
		time.AfterFunc(wordWait, func() { s.passOn(sig) })
	case sig == syscall.SIGTERM && s.term != nil && !s.termed:
		if latest := s.killGrace / 2; time.Until(s.termAt) > latest {
			s.termAt = time.Now().Add(latest)
			s.term.Reset(latest)
		}
	default:
		s.termed = s.termed || sig == syscall.SIGTERM
		s.signal(sig)
	}
}

func (s *stopper) now(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		s.signal(sig)
	}
}

// gone is for when the worker ended: its process id may be another's soon.
func (s *stopper) gone() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	for _, timer := range []*time.Timer{s.term, s.kill} {
		if timer != nil {
			timer.Stop()
		}
	}
}
