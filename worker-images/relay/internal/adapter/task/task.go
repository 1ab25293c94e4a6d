// Package task runs a worker that reads one JSON document on stdin, writes one on stdout, and says by
// its exit code what became of it. docs/workers/task.md is its specification.
package task

import (
	"encoding/json"
	"io"
	"os"
	"syscall"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/wire"
)

// Adapter is for one task.
type Adapter struct {
	host    *adapter.Host
	arrival *adapter.Arrival
	output  document
}

// New makes one.
func New(host *adapter.Host) *Adapter {
	return &Adapter{host: host, arrival: adapter.NewArrival(), output: document{text: host.Stdout, limit: wire.MaxMessage}}
}

// Command leaves the command as it is.
func (a *Adapter) Command(argv, env []string) (adapted, environment []string, err error) {
	return argv, env, nil
}

// Terminate has no way of its own.
func (a *Adapter) Terminate() bool { return false }

// Stdin hands over the task, and the end of stdin behind it.
func (a *Adapter) Stdin(to *os.File) {
	go func() {
		defer to.Close()
		if job := a.arrival.Wait(); job != nil {
			// A worker that does not want to read all of it says by its exit code what became of it.
			_, _ = to.Write(append(taskOf(job), '\n'))
		}
	}()
	a.host.Listen(a.arrival, adapter.Orders{
		Cancel: func(reason, message string) { a.host.Signal(syscall.SIGTERM) },
		Over:   func() {},
	})
}

// taskOf is the document for the worker: ids and parameters as the server wrote them.
func taskOf(job *adapter.Job) []byte {
	params := job.Data
	if params == nil || string(params) == "null" {
		params = json.RawMessage("{}")
	}
	task := []byte(`{"id":`)
	task = append(task, adapter.OrNull(job.ID)...)
	task = append(task, `,"type":`...)
	task = append(task, adapter.OrNull(job.Type)...)
	task = append(task, `,"params":`...)
	task = append(task, params...)
	if job.Metadata != nil {
		task = append(task, `,"metadata":`...)
		task = append(task, job.Metadata...)
	}
	return append(task, '}')
}

// Stdout gathers the worker's document.
func (a *Adapter) Stdout(from io.Reader) { _, _ = io.Copy(&a.output, from) }

// Ended answers the job. An end that says all there is to say needs no answer.
func (a *Adapter) Ended(exit adapter.Exit) adapter.Exit {
	answer, problem := a.output.answer()
	for _, entry := range answer.logs {
		a.host.LogEntry(entry)
	}
	if answer.logsDropped > 0 {
		a.host.Stderr.Note("%d more entries of logs were dropped: the limit is %d", answer.logsDropped, maxLogs)
	}
	verdict := judge(answer, problem, a.output.length(), exit)
	if verdict.explanation != "" {
		a.host.Explain("%s", verdict.explanation)
	}
	if verdict.IsEmpty() {
		return exit
	}
	// The task may have ended before it was sent: a worker need not look at its input.
	if job := a.arrival.Wait(); job != nil {
		a.host.Answer(job, verdict.Reply)
	}
	return exit
}
