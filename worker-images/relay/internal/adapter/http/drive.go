package http

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"podwork.dev/relay/internal/adapter"
)

// drive takes a server through its job.
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
	const starting = "it answered GET "
	if failure := a.awaitReady(); failure != nil {
		return a.blame(starting+a.settings.Health, failure, true)
	}
	if len(a.settings.Config) > len("{}") {
		if failure := a.checkConfig(); failure != nil {
			return adapter.Reply{Failure: failure}
		}
		if failure := a.initialize(); failure != nil {
			return a.blame("it answered POST /initialize", failure, false)
		}
	}
	select {
	case <-a.arrival.Come():
	case <-a.host.Gone:
		return a.blame("it had the job", &adapter.Failure{}, false)
	}
	job := a.arrival.Wait()
	if job == nil {
		return adapter.Reply{}
	}
	path, read := "/execute", a.readResult
	if a.streams(job) {
		path, read = "/execute_stream", a.readStream
	}
	answer, err := a.post(a.life, path, argumentsOf(job.Data))
	told := adapter.Reply{}
	if err != nil {
		told.Failure = lost("POST "+path, err)
	} else {
		defer answer.Body.Close()
		told = read(answer)
	}
	if told.Failure != nil {
		return a.blame("it answered POST "+path, told.Failure, false)
	}
	return told
}

// blame decides who tells of a failure: a server that has ended tells by its exit, unless that is because
// it could not start, which another try won't mend.
func (a *Adapter) blame(before string, failure *adapter.Failure, starting bool) adapter.Reply {
	wait := time.Duration(0)
	if failure.Type == connectionLost {
		wait = goneWait
	}
	switch {
	case a.isDropped():
		return adapter.Reply{}
	case !a.isGone(wait):
		return adapter.Reply{Failure: failure}
	}
	<-a.ended
	if starting && a.exit.Signal == "" {
		return adapter.Reply{Failure: &adapter.Failure{
			Type:      "WorkerNotStarted",
			Message:   fmt.Sprintf("the server %s before %s: see its last lines in the log", a.exit, before),
			Stack:     a.host.LastWords(),
			Retriable: adapter.No(),
		}}
	}
	a.host.Explain("the server %s before %s", a.exit, before)
	return adapter.Reply{}
}

func (a *Adapter) isDropped() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dropped
}

func (a *Adapter) initialize() *adapter.Failure {
	answer, err := a.post(a.life, "/initialize", a.settings.Config)
	if err != nil {
		return lost("POST /initialize", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		failure := refusal(answer)
		failure.Message = "POST /initialize: " + failure.Message
		return failure
	}
	_, _ = io.CopyN(io.Discard, answer.Body, maxDetail)
	return nil
}

// streams is the job's own wish, or else the definition's.
func (a *Adapter) streams(job *adapter.Job) bool {
	var wish struct{ Stream *bool }
	if json.Unmarshal(adapter.OrNull(job.Context), &wish) == nil && wish.Stream != nil {
		return *wish.Stream
	}
	return a.settings.Stream
}
