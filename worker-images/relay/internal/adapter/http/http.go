// Package http runs a worker that is an HTTP server on loopback. docs/workers/http.md is its
// specification.
package http

import (
	"context"
	"io"
	nethttp "net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"podwork.dev/relay/internal/adapter"
)

const (
	// goneWait is for the news of a process's end to overtake that of its connections.
	goneWait = time.Second
	// cleanupWait is how long a server may take for /cleanup when it is to end.
	cleanupWait = 5 * time.Second
	// stopWait is what lies between SIGTERM and SIGKILL once the job is done.
	stopWait = 5 * time.Second
)

// Adapter is for one job of one server.
type Adapter struct {
	host     *adapter.Host
	settings adapter.Settings
	arrival  *adapter.Arrival
	port     int
	client   *nethttp.Client

	// life ends when the server is to be left alone: what is asked of it then is only to clean up.
	life    context.Context
	endLife context.CancelFunc
	driven  chan struct{} // closed when there is nothing more to be done with the server
	ended   chan struct{} // closed when exit is known
	exit    adapter.Exit

	mu       sync.Mutex
	ready    bool // it has answered
	stopping bool // it is being cleaned up, or was
	done     bool // its job is answered
	dropped  bool // nobody waits for its job any more
	stats    statistics
}

// New makes one.
func New(host *adapter.Host, settings adapter.Settings) *Adapter {
	a := &Adapter{
		host: host, settings: settings, arrival: adapter.NewArrival(),
		driven: make(chan struct{}), ended: make(chan struct{}),
	}
	a.life, a.endLife = context.WithCancel(context.Background())
	return a
}

// Command tells the server its port.
func (a *Adapter) Command(argv, env []string) (adapted, environment []string, err error) {
	if a.port, err = choosePort(env); err != nil {
		return nil, nil, err
	}
	a.client = clientOf(a.port)
	adapted, environment = withPort(argv, env, a.port)
	return adapted, environment, nil
}

// Stdin has nothing for a server to read. It runs the job.
func (a *Adapter) Stdin(to *os.File) {
	to.Close()
	go a.drive()
	go func() {
		<-a.host.Gone
		// What it has sent may still be on its way.
		time.Sleep(goneWait)
		a.endLife()
	}()
	a.host.Listen(a.arrival, adapter.Orders{
		Cancel: func(reason, message string) { a.abandon() },
		Over:   a.abandon,
	})
}

// Stdout is for the log, and a server's last words may be there.
func (a *Adapter) Stdout(from io.Reader) {
	_, _ = io.Copy(io.MultiWriter(a.host.Stdout, a.host.Tail), from)
}

// Terminate lets a server clean up before it gets the signal.
func (a *Adapter) Terminate() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.ready || a.stopping {
		return false
	}
	a.stopping = true
	go func() {
		a.cleanUp()
		a.host.Signal(syscall.SIGTERM)
	}()
	return true
}

// Ended waits until the job is answered, if it can be. A server that was told to stop has not failed.
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

// abandon is for a job whose end is not waited for any more.
func (a *Adapter) abandon() {
	a.mu.Lock()
	a.dropped = true
	a.mu.Unlock()
	a.endLife()
	go a.stop()
}

// stop ends the server, kindly.
func (a *Adapter) stop() {
	a.mu.Lock()
	if a.stopping || a.isGone(0) {
		a.mu.Unlock()
		return
	}
	a.stopping = true
	ready := a.ready
	a.mu.Unlock()
	if ready {
		a.cleanUp()
	}
	a.host.Stop(stopWait)
}

func (a *Adapter) cleanUp() {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupWait)
	defer cancel()
	answer, err := a.post(ctx, "/cleanup", nil)
	switch {
	case a.isGone(0):
	case err != nil:
		a.host.Stderr.Note("POST /cleanup: %v", err)
	default:
		defer answer.Body.Close()
		if answer.StatusCode >= 400 && answer.StatusCode != nethttp.StatusNotFound {
			a.host.Stderr.Note("POST /cleanup was answered with %s", answer.Status)
		}
	}
}

// isGone waits a little for the end of the process.
func (a *Adapter) isGone(wait time.Duration) bool {
	select {
	case <-a.host.Gone:
		return true
	default:
	}
	if wait == 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-a.host.Gone:
		return true
	case <-timer.C:
		return false
	}
}
