// Package trial runs a worker once under the real shim, with the operator's side played: what
// podwork conformance looks at.
package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

// Worker is what is tried.
type Worker struct {
	Protocol string
	// Settings are variables of the shim, as docs/relay-protocol.md has them.
	Settings []string
	// Shim starts this program's role as a shim for the worker's command, with a folder and variables that
	// are to be there too.
	Shim func(folder string, env []string) (*exec.Cmd, error)
}

// Plan is what the operator does.
type Plan struct {
	Job Job
	// CancelAfter is when the job is cancelled, if it is.
	CancelAfter time.Duration
	// Start is how long the worker has until it is ready, where its protocol knows that.
	Start time.Duration
	// Patience is how long an answer may take, and Grace an end that was asked for.
	Patience, Grace time.Duration
}

// Variables of the shim's role that only a trial has.
const (
	// TapVariable names the file that gets what the worker writes to stdout.
	TapVariable = "PODWORK_TAP"
	// shimPatience is more than any shim takes that is told to stop.
	shimPatience = 30 * time.Second
	// stopPatience is for a trial that is broken off.
	stopPatience = 2 * time.Second
)

// Run tries a worker, until the context ends. An error is about the trial, not about the worker.
func Run(ctx context.Context, w Worker, plan Plan) (*Report, error) {
	folder, err := os.MkdirTemp("", "podwork-conformance-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	// A container's user may be another.
	if err := os.Chmod(folder, 0o777); err != nil {
		return nil, err
	}
	tap := filepath.Join(folder, "stdout")
	if err := os.WriteFile(tap, nil, 0o666); err != nil {
		return nil, err
	}
	_ = os.Chmod(tap, 0o666)
	o := newOperator()
	socket := filepath.Join(folder, "relay.sock")
	server, err := fakeserver.StartForShim(&fakeserver.Server{Handle: o.handle}, socket)
	if err != nil {
		return nil, err
	}
	defer server.Stop()
	_ = os.Chmod(socket, 0o777)

	env := append([]string{
		"PODWORK_SOCKET=" + socket, "PODWORK_PROTOCOL=" + w.Protocol, "PODWORK_TELEMETRY_SECONDS=0", "PODWORK_DRAIN_SECONDS=5",
		fmt.Sprintf("PODWORK_START_SECONDS=%g", plan.Start.Seconds()),
		"PODWORK_TERMINATION_LOG=" + filepath.Join(folder, "termination"), TapVariable + "=" + tap,
	}, w.Settings...)
	shim, err := w.Shim(folder, env)
	if err != nil {
		return nil, err
	}
	var stdout, stderr head
	shim.Stdout, shim.Stderr = &stdout, &stderr
	server.Send(wire.Msg, plan.Job.execute())
	if err := shim.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", shim.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- shim.Wait() }()
	report := &Report{Protocol: w.Protocol, Job: plan.Job, InTime: -1}
	written := func() (bytes int) {
		if info, err := os.Stat(tap); err == nil {
			bytes = int(info.Size())
		}
		return bytes
	}
	// The shim ends a worker that is not ready in time, so that one has to look before.
	var listens []string
	var early int
	looked := make(chan struct{})
	looking := time.AfterFunc(plan.Start*9/10, func() {
		listens, early = listening(shim.Process.Pid), written()
		close(looked)
	})
	err = o.conduct(ctx, server, plan, ended, func() { report.InTime = written() })
	if ctx.Err() != nil {
		stop(shim, ended)
		return nil, ctx.Err()
	}
	if err != nil {
		_ = shim.Process.Kill()
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(stderr.String()))
	}
	report.take(o)
	if !looking.Stop() {
		<-looked
		report.Listening = listens
		if report.NotReady() {
			report.InTime = early
		}
	}
	report.Stdout, report.Stderr = stdout.String(), stderr.String()
	report.Output, err = readHead(tap)
	return report, err
}

// stop ends a shim, and its worker with it: a tool for containers passes on no other signal than this.
func stop(shim *exec.Cmd, ended <-chan error) {
	_ = shim.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(stopPatience):
		_ = shim.Process.Kill()
		<-ended
	}
}

// Job is what a worker is asked to do.
type Job struct {
	ID   string
	Type string
	Data json.RawMessage
	// Stream says how the result is wanted; nil leaves it to the worker.
	Stream *bool
}

// ExecuteID is not the operator's own, so that a worker that has that one by heart is noticed.
const ExecuteID = 4711

func (j Job) execute() string {
	data := j.Data
	if data == nil {
		data = json.RawMessage("null")
	}
	context := map[string]interface{}{
		"jobId": j.ID, "queue": "conformance", "flowId": nil, "flowName": nil, "stepName": j.Type,
		"stepId": j.ID + "__" + j.Type + "__attempt-1", "attempt": 1,
	}
	if j.Stream != nil {
		context["stream"] = *j.Stream
	}
	return string(wire.JSON(map[string]interface{}{
		"jsonrpc": "2.0", "id": ExecuteID, "method": "execute",
		"params": map[string]interface{}{
			"job": map[string]interface{}{
				"id": j.ID, "name": j.Type, "type": j.Type, "data": data, "queue": "conformance", "attempt": 1,
			},
			"context": context,
		},
	}))
}
