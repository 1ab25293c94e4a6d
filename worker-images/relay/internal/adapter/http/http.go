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
)

// Adapter is for one job of one server.
type Adapter struct {
	*adapter.Service
	host     *adapter.Host
	settings adapter.Settings
	port     int
	client   *nethttp.Client

	// life ends when the server is to be left alone: what is asked of it then is only to clean up.
	life    context.Context
	endLife context.CancelFunc

	mu      sync.Mutex
	ready   bool // it has answered
	dropped bool // nobody waits for its job any more
	stats   statistics
}

// New makes one.
func New(host *adapter.Host, settings adapter.Settings) *Adapter {
	a := &Adapter{Service: adapter.NewService(host), host: host, settings: settings}
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
	go a.Drive(a.execute, a.stop)
	go func() {
		<-a.host.Gone
		// What it has sent may still be on its way.
		time.Sleep(goneWait)
		a.endLife()
	}()
	a.host.Listen(a.Arrival, adapter.Orders{
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
	if !a.isReady() || !a.BeginStop() {
		return false
	}
	go func() {
		a.cleanUp()
		a.host.Signal(syscall.SIGTERM)
	}()
	return true
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
	if !a.BeginStop() {
		return
	}
	if a.isReady() {
		a.cleanUp()
	}
	a.host.Stop(adapter.StopWait)
}

func (a *Adapter) isReady() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ready
}

func (a *Adapter) cleanUp() {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupWait)
	defer cancel()
	answer, err := a.post(ctx, "/cleanup", nil)
	switch {
	case a.host.GoneWithin(0):
	case err != nil:
		a.host.Stderr.Note("POST /cleanup: %v", err)
	default:
		defer answer.Body.Close()
		if answer.StatusCode >= 400 && answer.StatusCode != nethttp.StatusNotFound {
			a.host.Stderr.Note("POST /cleanup was answered with %s", answer.Status)
		}
	}
}
