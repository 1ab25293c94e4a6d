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

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/process"
	"podwork.dev/relay/internal/quick"
	"podwork.dev/relay/internal/session"
	"podwork.dev/relay/internal/telemetry"
	"podwork.dev/relay/internal/wire"
)

const (
	// pipeGrace is for output of grandchildren that the worker did not wait for.
	pipeGrace = 200 * time.Millisecond
	// consoleGrace is for whoever reads the container's stdout and stderr, and does not.
	consoleGrace = 5 * time.Second
)

type shim struct {
	Settings
	stdout, stderr *output.Console
	tail           output.Tail
	session        *session.Session
	adapter        adapter.Adapter
	host           *adapter.Host
	meter          telemetry.Meter
	stopper        stopper
	signals        chan os.Signal
	gone           chan struct{} // closed when the worker's process has ended
	patience       *time.Timer   // for the server, once the worker has ended
	expired        bool
	terminated     bool // by a signal from outside
	deaf           bool // the termination message cannot be written
}

// Run runs a command to its end, and returns the exit code. Its thread must outlive it.
func Run(settings Settings, argv []string, stdout, stderr io.Writer) int {
	s := &shim{
		Settings: settings,
		stdout:   output.NewConsole(stdout),
		stderr:   output.NewConsole(stderr),
		gone:     make(chan struct{}),
	}
	s.session = session.New(session.Options{
		Dial: s.dial,
		End:  s.stopper.end,
		Stop: s.stopper.stop,
		Note: s.stderr.Note,
	})
	s.host = &adapter.Host{
		Session: s.session,
		Stdout:  s.stdout,
		Stderr:  s.stderr,
		Tail:    &s.tail,
		Signal:  s.stopper.now,
		Stop:    s.stopper.stop,
		Gone:    s.gone,
		Measure: s.measure,
	}
	s.adapter = adapters[settings.Protocol](s.host, settings.Worker)
	s.signals = make(chan os.Signal, 16)
	signal.Notify(s.signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2)
	// Without this, a reader of our stdout that goes away would end us.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	process.Adopt()
	oomKills := process.OOMKills("/")
	var record Record
	worker, err := s.start(argv)
	if err != nil {
		record.Code, record.Error = 126, err.Error()
		var failed *process.StartError
		if errors.As(err, &failed) {
			record.Code = failed.Code
		}
		s.stderr.Note("%v", err)
		s.stopper.gone()
		s.session.WorkerGone()
		go s.session.Run()
	} else {
		s.stopper.signal = func(sig syscall.Signal) {
			if sig != syscall.SIGTERM || !s.adapter.Terminate() {
				worker.Signal(sig)
			}
		}
		go s.session.Run()
		record.ended(s.carry(worker))
		record.OOMKilled = process.OOMKills("/") > oomKills
		s.conclude(&record)
	}
	record.StderrTail = append([]string{}, s.tail.Lines()...)
	s.writeTermination(record)
	s.session.Finish(wire.JSON(record))
	s.drain(record)
	return record.Code
}

func (s *shim) start(argv []string) (*process.Process, error) {
	argv, env, err := s.adapter.Command(argv, process.Environment(os.Environ()))
	if err != nil {
		return nil, err
	}
	return process.Start(argv, env, os.Getenv("PATH"))
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
	go func() { defer outputs.Done(); s.adapter.Stdout(s.tapped(worker.Stdout)) }()
	go func() { defer outputs.Done(); s.carryStderr(worker.Stderr) }()
	go s.adapter.Stdin(worker.Stdin)
	go s.measureUntil(s.gone)

	status := s.await(worker)
	s.stopper.gone()
	close(s.gone)
	s.session.Unbound()
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

func (s *shim) tapped(stdout io.Reader) io.Reader {
	if s.Tap == nil {
		return stdout
	}
	return io.TeeReader(stdout, s.Tap)
}

// carryStderr passes stderr on, and remembers its end.
func (s *shim) carryStderr(from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		_, _ = s.stderr.Write(buffer[:n])
		_, _ = s.tail.Write(buffer[:n])
		if err != nil {
			return
		}
	}
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
