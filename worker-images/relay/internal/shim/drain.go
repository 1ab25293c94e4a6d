package shim

import (
	"os"
	"syscall"
	"time"

	"podwork.dev/relay/internal/adapter"
)

// termDrain is what the kubelet leaves us.
const termDrain = 5 * time.Second

// conclude lets the adapter answer, which it can only do once it has the job.
func (s *shim) conclude(record *Record) {
	exit := adapter.Exit{Code: record.Code, Signal: record.Signal, OOMKilled: record.OOMKilled}
	concluded := make(chan struct{})
	go func() {
		defer close(concluded)
		exit = s.adapter.Ended(exit)
	}()
	s.settled(concluded)
	s.session.WorkerGone()
	<-concluded
	record.Code, record.Signal = exit.Code, exit.Signal
}

// drain waits until the server has everything. What it does not get is in the termination message.
func (s *shim) drain(record Record) {
	if s.settled(s.session.Done()) {
		return
	}
	record.Response = s.session.Unacknowledged()
	s.writeTermination(record)
	s.stderr.Note("the context server did not acknowledge everything; giving up")
}

// settled waits until something is done, but not longer than there is patience in all.
func (s *shim) settled(done <-chan struct{}) bool {
	if s.patience == nil {
		s.patience = time.NewTimer(s.Drain)
		if s.terminated {
			s.hurry()
		}
	}
	for !s.expired {
		select {
		case <-done:
			return true
		case sig := <-s.signals:
			if ends(sig) && !s.terminated {
				s.terminated = true
				s.hurry()
			}
		case <-s.patience.C:
			s.expired = true
		}
	}
	return false
}

func (s *shim) hurry() {
	if s.Drain > termDrain {
		s.patience.Reset(termDrain)
	}
}

func ends(sig os.Signal) bool { return sig == syscall.SIGTERM || sig == syscall.SIGINT }
