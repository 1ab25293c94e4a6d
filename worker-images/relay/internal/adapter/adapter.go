// Package adapter stands between the session, which speaks JSON-RPC with the server, and a worker
// that speaks a protocol of its own: one package below this for each.
package adapter

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/session"
)

// Adapter speaks a worker's protocol. Stdin, Stdout and Ended run in goroutines of their own.
type Adapter interface {
	// Command is how the worker is started, given how the shim would.
	Command(argv, env []string) (adapted, environment []string, err error)
	// Stdin hands the worker what the server sends, until there is no more of it.
	Stdin(to *os.File)
	// Stdout takes what the worker writes, until it ends.
	Stdout(from io.Reader)
	// Terminate is called in place of SIGTERM where the protocol has a kinder way to end a worker.
	// It does not block; false means that there is none, or not any more.
	Terminate() bool
	// Ended is told that the process has ended and its output was taken: the last chance to
	// answer. It returns the end as the server is to hear of it.
	Ended(exit Exit) Exit
}

// Exit says how the worker's process ended.
type Exit struct {
	Code      int
	Signal    string
	OOMKilled bool
}

// String says it in words.
func (e Exit) String() string {
	if e.Signal != "" {
		return "was ended by " + e.Signal
	}
	return fmt.Sprintf("exited with code %d", e.Code)
}

// Told is how an end is told that was asked for, by a signal, when the job was done: it is no failure.
func (e Exit) Told() Exit {
	byUs := e.Signal == "SIGTERM" || e.Signal == "SIGKILL" || e.Code == 128+int(syscall.SIGTERM)
	if byUs && !e.OOMKilled {
		return Exit{}
	}
	return e
}

// Host is what an adapter has to work with.
type Host struct {
	Session        *session.Session
	Stdout, Stderr *output.Console
	Tail           *output.Tail
	// Signal and Stop do nothing to a worker that has ended.
	Signal func(syscall.Signal)
	Stop   func(kill time.Duration)
	// Gone is closed when the worker's process has ended.
	Gone <-chan struct{}
	// Measure tells the server what the worker uses now.
	Measure func()
}

// Explain says something as the shim, in the log and among the last lines of stderr, which the job's
// status shows of a worker that ended without an answer.
func (h *Host) Explain(format string, args ...interface{}) {
	text := fmt.Sprintf(format, args...)
	h.Stderr.Note("%s", text)
	h.Tail.Line("podwork: " + text)
}

// LastWords are the last lines of the log, for a failure that says no more itself.
func (h *Host) LastWords() string { return strings.Join(h.Tail.Lines(), "\n") }
