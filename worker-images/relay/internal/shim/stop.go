package shim

import (
	"sync"
	"syscall"
	"time"
)

// stopper makes the worker end: SIGTERM, and SIGKILL when its grace is over. The earliest wish
// counts.
type stopper struct {
	signal func(syscall.Signal) // set before the session runs

	mu         sync.Mutex
	term, kill *time.Timer
	killAt     time.Time
	over       bool
}

// end lets the worker finish by itself for grace, since its stdin has ended.
func (s *stopper) end(grace time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || s.term != nil {
		return
	}
	s.term = time.AfterFunc(grace, func() { s.stop(grace) })
}

// stop asks the worker to end now.
func (s *stopper) stop(grace time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.signal(syscall.SIGTERM)
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

// now passes a signal on.
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
