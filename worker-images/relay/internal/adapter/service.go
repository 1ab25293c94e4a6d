package adapter

import (
	"fmt"
	"sync"
	"time"
)

// StopWait is how long a worker may take to end after it was asked to, and then again after SIGTERM.
const StopWait = 5 * time.Second

// Service is a worker that lives on when its job is done: it is driven through its job, and then told to stop.
type Service struct {
	host    *Host
	Arrival *Arrival
	driven  chan struct{} // closed when there is nothing more to be said
	ended   chan struct{} // closed when exit is known
	exit    Exit

	mu       sync.Mutex
	stopping bool
	done     bool // its job is answered
}

// NewService is for one job of one worker.
func NewService(host *Host) *Service {
	return &Service{host: host, Arrival: NewArrival(), driven: make(chan struct{}), ended: make(chan struct{})}
}

// Drive takes the worker through its job, answers that, and stops the worker.
func (s *Service) Drive(execute func() Reply, stop func()) {
	defer close(s.driven)
	defer stop()
	told := execute()
	if told.IsEmpty() {
		return
	}
	// The failure may have come before the job.
	if job := s.Arrival.Wait(); job != nil {
		s.host.Answer(job, told)
	}
	s.mu.Lock()
	s.done = true
	s.mu.Unlock()
}

// BeginStop says whether it is the caller who is to stop the worker: the first one is, while the worker is there.
func (s *Service) BeginStop() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || s.host.GoneWithin(0) {
		return false
	}
	s.stopping = true
	return true
}

// IsStopping says that somebody has begun to.
func (s *Service) IsStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// Ended waits until the job is answered, if it can be. A worker that was told to stop has not failed.
func (s *Service) Ended(exit Exit) Exit {
	s.exit = exit
	close(s.ended)
	<-s.driven
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done && s.stopping {
		return exit.Told()
	}
	return exit
}

// Exit waits for it.
func (s *Service) Exit() Exit {
	<-s.ended
	return s.exit
}

// GoneBefore is the reply of a worker that has ended without one. It tells by its exit, unless that is because it
// could not start, which another try won't mend.
func (s *Service) GoneBefore(who, what string, starting bool) Reply {
	exit := s.Exit()
	if starting && exit.Signal == "" {
		return Reply{Failure: &Failure{
			Type:      "WorkerNotStarted",
			Message:   fmt.Sprintf("the %s %s before %s: see its last lines in the log", who, exit, what),
			Stack:     s.host.LastWords(),
			Retriable: No(),
		}}
	}
	s.host.Explain("the %s %s before %s", who, exit, what)
	return Reply{}
}

// GoneWithin waits for the end of the process.
func (h *Host) GoneWithin(wait time.Duration) bool {
	select {
	case <-h.Gone:
		return true
	default:
	}
	if wait == 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-h.Gone:
		return true
	case <-timer.C:
		return false
	}
}
