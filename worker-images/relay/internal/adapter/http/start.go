package http

import (
	"context"
	"fmt"
	"io"
	nethttp "net/http"
	"time"

	"podwork.dev/relay/internal/adapter"
)

const (
	// The longer a server takes, the less a little more matters.
	firstPoll = time.Millisecond
	lastPoll  = 250 * time.Millisecond
	pollPart  = 16
	// healthWait is for one try; a server may take connections before it can serve them.
	healthWait = 5 * time.Second
	// leastWait is for the last try: what it says of the server should be the truth.
	leastWait = time.Second
	// firstNote is when a person wants to know what is waited for, and noteEvery how often.
	firstNote = 2 * time.Second
	noteEvery = 15 * time.Second
)

// awaitReady asks until the server says that it is healthy, or has ended, or its time is over.
func (a *Adapter) awaitReady() *adapter.Failure {
	begin := time.Now()
	nextNote := begin.Add(firstNote)
	noted := false
	for {
		problem := a.healthProblem(time.Until(begin.Add(a.settings.Start)))
		if problem == nil {
			if noted {
				a.host.Stderr.Note("the server is ready after %.1f s", time.Since(begin).Seconds())
			}
			a.mu.Lock()
			a.ready = true
			a.mu.Unlock()
			return nil
		}
		now := time.Now()
		if a.life.Err() != nil || a.host.GoneWithin(pollAfter(now.Sub(begin))) {
			return &adapter.Failure{}
		}
		if now.Sub(begin) >= a.settings.Start {
			return &adapter.Failure{
				Type: "WorkerNotReady",
				Message: fmt.Sprintf("the server did not answer GET %s on 127.0.0.1:%d with 200 within %v (%v): it must listen on the port in the variable PORT",
					a.settings.Health, a.port, a.settings.Start, problem),
			}
		}
		if now.After(nextNote) {
			noted, nextNote = true, now.Add(noteEvery)
			a.host.Stderr.Note("waiting for GET %s on 127.0.0.1:%d: %v", a.settings.Health, a.port, problem)
		}
	}
}

func pollAfter(waited time.Duration) time.Duration {
	switch delay := waited / pollPart; {
	case delay < firstPoll:
		return firstPoll
	case delay > lastPoll:
		return lastPoll
	default:
		return delay
	}
}

func (a *Adapter) healthProblem(left time.Duration) error {
	switch {
	case left > healthWait:
		left = healthWait
	case left < leastWait:
		left = leastWait
	}
	ctx, cancel := context.WithTimeout(a.life, left)
	defer cancel()
	request, err := nethttp.NewRequestWithContext(ctx, nethttp.MethodGet, a.url(a.settings.Health), nil)
	if err != nil {
		return err
	}
	answer, err := a.client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("no answer within %v", left.Round(time.Millisecond))
		}
		return plain(err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxHeader)
	if answer.StatusCode != nethttp.StatusOK {
		return fmt.Errorf("it answers %s", answer.Status)
	}
	return nil
}

func (a *Adapter) url(path string) string { return "http://" + address(a.port) + path }
