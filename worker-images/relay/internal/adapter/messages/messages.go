// Package messages runs a worker that is a loop over requests: one JSON object a line on its stdin, and
// its messages on its stdout. docs/workers/messages.md is its specification.
package messages

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"podwork.dev/relay/internal/adapter"
)

// Adapter is for one job of one worker.
type Adapter struct {
	*adapter.Service
	host     *adapter.Host
	settings adapter.Settings
	stdin    *line
	settled  chan adapter.Reply // what became of the job; the first counts
	ready    chan struct{}      // closed when the worker is
	dropped  chan struct{}      // closed when nobody waits for the job any more

	stream   stream // Stdout's alone
	dropOnce sync.Once

	mu      sync.Mutex
	state   state
	job     json.RawMessage              // the job's id, once it is being executed
	pending map[string][]json.RawMessage // requests of the server, by what the worker was asked
}

// New makes one.
func New(host *adapter.Host, settings adapter.Settings) *Adapter {
	return &Adapter{
		Service: adapter.NewService(host), host: host, settings: settings, stdin: newLine(),
		settled: make(chan adapter.Reply, 1), ready: make(chan struct{}), dropped: make(chan struct{}),
		pending: map[string][]json.RawMessage{},
	}
}

// Command leaves the command as it is.
func (a *Adapter) Command(argv, env []string) (adapted, environment []string, err error) {
	return argv, env, nil
}

// Stdin hands over requests. It runs the job.
func (a *Adapter) Stdin(to *os.File) {
	go a.stdin.run(to)
	a.stdin.say(initOf(a.settings.Config))
	go a.Drive(a.execute, a.stop)
	a.host.Listen(a.Arrival, adapter.Orders{
		Cancel: func(reason, message string) { a.drop() },
		Over:   a.drop,
		Other:  a.ask,
	})
}

// Terminate asks a worker to stop before it gets the signal.
func (a *Adapter) Terminate() bool {
	if !a.askToStop() {
		return false
	}
	go func() {
		if !a.host.GoneWithin(adapter.StopWait) {
			a.host.Signal(syscall.SIGTERM)
		}
	}()
	return true
}

// drop is for a job whose end is not waited for any more.
func (a *Adapter) drop() {
	a.dropOnce.Do(func() {
		close(a.dropped)
		go a.stop()
	})
}

func (a *Adapter) stop() {
	if a.askToStop() && !a.host.GoneWithin(adapter.StopWait) {
		a.host.Stop(adapter.StopWait)
	}
}

// askToStop does so once, where there is a worker.
func (a *Adapter) askToStop() bool {
	if !a.BeginStop() {
		return false
	}
	a.stdin.say([]byte(`{"type":"stop"}`))
	a.stdin.close()
	return true
}

// settle says what became of the job, if nothing has yet.
func (a *Adapter) settle(r adapter.Reply) bool {
	select {
	case a.settled <- r:
		return true
	default:
		return false
	}
}

func (a *Adapter) execute() adapter.Reply {
	timer := time.NewTimer(a.settings.Start)
	defer timer.Stop()
	select {
	case <-a.ready:
	case told := <-a.settled:
		return told
	case <-a.dropped:
		return adapter.Reply{}
	case <-a.host.Gone:
		return a.last()
	case <-timer.C:
		return adapter.Reply{Failure: &adapter.Failure{
			Type:    "WorkerNotReady",
			Message: fmt.Sprintf(`the worker did not send {"type":"ready"} within %v`, a.settings.Start),
		}}
	}
	select {
	case <-a.Arrival.Come():
	case told := <-a.settled:
		return told
	case <-a.host.Gone:
		return a.last()
	}
	job := a.Arrival.Wait()
	if job == nil {
		return adapter.Reply{}
	}
	request, failure := executeOf(job, a.settings)
	if failure != nil {
		return adapter.Reply{Failure: failure}
	}
	a.mu.Lock()
	a.job, a.state = job.ID, executing
	a.stdin.say(request)
	a.mu.Unlock()
	select {
	case told := <-a.settled:
		return told
	case <-a.dropped:
		return adapter.Reply{}
	case <-a.host.Gone:
		return a.last()
	}
}

// last is for a worker that has ended: what it said last may settle the job yet. Otherwise it tells by its
// exit, unless that is because it could not start, which another try won't mend.
func (a *Adapter) last() adapter.Reply {
	a.Exit() // by then all of its output is taken
	select {
	case told := <-a.settled:
		return told
	case <-a.dropped:
		return adapter.Reply{}
	default:
	}
	now, _ := a.current()
	missed := map[state]string{starting: `it sent {"type":"ready"}`, idle: "it had the job", executing: "it sent a result"}[now]
	return a.GoneBefore("worker", missed, now == starting)
}
