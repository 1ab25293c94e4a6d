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

// stopWait is how long a worker may take to end after it was asked to, and then again after SIGTERM.
const stopWait = 5 * time.Second

// Adapter is for one job of one worker.
type Adapter struct {
	host     *adapter.Host
	settings adapter.Settings
	arrival  *adapter.Arrival
	stdin    *line
	settled  chan adapter.Reply // what became of the job; the first counts
	ready    chan struct{}      // closed when the worker is
	dropped  chan struct{}      // closed when nobody waits for the job any more
	driven   chan struct{}      // closed when there is nothing more to be said
	ended    chan struct{}      // closed when exit is known
	exit     adapter.Exit

	stream   stream // Stdout's alone
	dropOnce sync.Once

	mu       sync.Mutex
	state    state
	job      json.RawMessage              // the job's id, once it is being executed
	pending  map[string][]json.RawMessage // requests of the server, by what the worker was asked
	stopping bool
	done     bool
}

// New makes one.
func New(host *adapter.Host, settings adapter.Settings) *Adapter {
	return &Adapter{
		host: host, settings: settings, arrival: adapter.NewArrival(), stdin: newLine(),
		settled: make(chan adapter.Reply, 1), ready: make(chan struct{}), dropped: make(chan struct{}),
		driven: make(chan struct{}), ended: make(chan struct{}),
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
	go a.drive()
	a.host.Listen(a.arrival, adapter.Orders{
		Cancel: func(reason, message string) { a.drop() },
		Over:   a.drop,
		Other:  a.ask,
	})
}

// Terminate asks a worker to stop before it gets the signal.
func (a *Adapter) Terminate() bool {
	if !a.beginStop() {
		return false
	}
	go func() {
		if !a.goneWithin(stopWait) {
			a.host.Signal(syscall.SIGTERM)
		}
	}()
	return true
}

// Ended waits until the job is answered, if it can be. A worker that was told to stop has not failed.
func (a *Adapter) Ended(exit adapter.Exit) adapter.Exit {
	a.exit = exit
	close(a.ended)
	<-a.driven
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.done && a.stopping {
		return exit.Told()
	}
	return exit
}

// drop is for a job whose end is not waited for any more.
func (a *Adapter) drop() {
	a.dropOnce.Do(func() {
		close(a.dropped)
		go a.stop()
	})
}

func (a *Adapter) stop() {
	if a.beginStop() && !a.goneWithin(stopWait) {
		a.host.Stop(stopWait)
	}
}

// beginStop asks the worker to stop, once, if it is there.
func (a *Adapter) beginStop() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopping || a.isGone() {
		return false
	}
	a.stopping = true
	a.stdin.say([]byte(`{"type":"stop"}`))
	a.stdin.close()
	return true
}

func (a *Adapter) isGone() bool {
	select {
	case <-a.host.Gone:
		return true
	default:
		return false
	}
}

func (a *Adapter) goneWithin(wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-a.host.Gone:
		return true
	case <-timer.C:
		return false
	}
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

// drive takes a worker through its job.
func (a *Adapter) drive() {
	defer close(a.driven)
	defer a.stop()
	told := a.execute()
	if told.IsEmpty() {
		return
	}
	// The failure may have come before the job.
	if job := a.arrival.Wait(); job != nil {
		a.host.Answer(job, told)
	}
	a.mu.Lock()
	a.done = true
	a.mu.Unlock()
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
	case <-a.arrival.Come():
	case told := <-a.settled:
		return told
	case <-a.host.Gone:
		return a.last()
	}
	job := a.arrival.Wait()
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
	<-a.ended
	select {
	case told := <-a.settled:
		return told
	case <-a.dropped:
		return adapter.Reply{}
	default:
	}
	now, _ := a.current()
	if now == starting && a.exit.Signal == "" {
		return adapter.Reply{Failure: &adapter.Failure{
			Type:      "WorkerNotStarted",
			Message:   fmt.Sprintf(`the worker %s before it sent {"type":"ready"}: see its last lines in the log`, a.exit),
			Stack:     a.host.LastWords(),
			Retriable: adapter.No(),
		}}
	}
	missed := map[state]string{starting: "it was ready", idle: "it had the job", executing: "it sent a result"}[now]
	a.host.Explain("the worker %s before %s", a.exit, missed)
	return adapter.Reply{}
}
