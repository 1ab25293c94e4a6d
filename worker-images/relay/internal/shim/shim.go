// Package shim is the first process of the worker container: it starts the worker, carries its
// lines, and reports how it ended. docs/relay-protocol.md is its specification.
package shim

import (
	"errors"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/process"
	"podwork.dev/relay/internal/quick"
	"podwork.dev/relay/internal/session"
	"podwork.dev/relay/internal/wire"
)

const (
	// pipeGrace is for output of grandchildren that the worker did not wait for.
	pipeGrace = 200 * time.Millisecond
	// consoleGrace is for whoever reads the container's stdout and stderr, and does not.
	consoleGrace = 5 * time.Second
	// termDrain is what the kubelet leaves us.
	termDrain = 5 * time.Second
)

type shim struct {
	Settings
	stdout, stderr *output.Console
	tail           output.Tail
	session        *session.Session
	stopper        stopper
	signals        chan os.Signal
	terminated     bool // by a signal from outside
	deaf           bool // the termination message cannot be written
}

// Run runs a command to its end, and returns the exit code. Its thread must outlive it.
func Run(settings Settings, argv []string, stdout, stderr io.Writer) int {
	s := &shim{Settings: settings, stdout: output.NewConsole(stdout), stderr: output.NewConsole(stderr)}
	s.session = session.New(session.Options{
		Dial: s.dial,
		End:  s.stopper.end,
		Stop: s.stopper.stop,
		Note: s.stderr.Note,
	})
	s.signals = make(chan os.Signal, 16)
	signal.Notify(s.signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2)
	// Without this, a reader of our stdout that goes away would end us.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	process.Adopt()
	oomKills := process.OOMKills("/")
	var record Record
	worker, err := process.Start(argv, process.Environment(os.Environ()), os.Getenv("PATH"))
	if err != nil {
		record.Code, record.Error = 126, err.Error()
		var failed *process.StartError
		if errors.As(err, &failed) {
			record.Code = failed.Code
		}
		s.stderr.Note("%v", err)
		s.session.WorkerGone()
		go s.session.Run()
	} else {
		s.stopper.signal = worker.Signal
		go s.session.Run()
		record.ended(s.carry(worker))
		record.OOMKilled = process.OOMKills("/") > oomKills
	}
	record.StderrTail = append([]string{}, s.tail.Lines()...)
	s.writeTermination(record)
	s.session.Finish(wire.JSON(record))
	s.drain(record)
	return record.Code
}

func (s *shim) dial() (net.Conn, error) {
	conn, err := net.Dial("unix", s.Socket)
	if err != nil {
		return nil, err
	}
	return quick.NewConn(conn)
}

// carry returns when the worker has ended and its output is dealt with.
func (s *shim) carry(worker *process.Process) syscall.WaitStatus {
	var outputs sync.WaitGroup
	outputs.Add(2)
	go func() { defer outputs.Done(); s.carryStdout(worker.Stdout) }()
	go func() { defer outputs.Done(); s.carryStderr(worker.Stderr) }()
	go s.feedStdin(worker.Stdin)

	status := s.await(worker)
	s.stopper.gone()
	s.session.WorkerGone()
	worker.Stdin.Close()
	worker.Stdout.EndWithin(pipeGrace)
	worker.Stderr.EndWithin(pipeGrace)
	emptied := make(chan struct{})
	go func() { outputs.Wait(); close(emptied) }()
	select {
	case <-emptied:
	case <-time.After(consoleGrace):
	}
	worker.KillGroup()
	return status
}

func (s *shim) await(worker *process.Process) syscall.WaitStatus {
	for {
		select {
		case status := <-worker.Ended:
			return status
		case sig := <-s.signals:
			s.terminated = s.terminated || ends(sig)
			s.stopper.passOn(sig.(syscall.Signal))
		}
	}
}

// drain waits until the server has everything. What it does not get is in the termination message.
func (s *shim) drain(record Record) {
	patience := s.Drain
	if s.terminated && patience > termDrain {
		patience = termDrain
	}
	timer := time.NewTimer(patience)
	for {
		select {
		case <-s.session.Done():
			return
		case sig := <-s.signals:
			if ends(sig) && !s.terminated {
				s.terminated = true
				if patience > termDrain {
					timer.Reset(termDrain)
				}
			}
		case <-timer.C:
			record.Response = s.session.Unacknowledged()
			s.writeTermination(record)
			s.stderr.Note("the context server did not acknowledge everything; giving up")
			return
		}
	}
}

func ends(sig os.Signal) bool { return sig == syscall.SIGTERM || sig == syscall.SIGINT }
