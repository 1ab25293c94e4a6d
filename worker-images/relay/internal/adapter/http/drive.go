package http

import (
	"io"
	"time"

	"podwork.dev/relay/internal/adapter"
)

// execute is what there is to do with a server: it is awaited, told its configuration, and asked.
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
	case <-a.Arrival.Come():
	case <-a.host.Gone:
		return a.blame("it had the job", &adapter.Failure{}, false)
	}
	job := a.Arrival.Wait()
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

// blame decides who tells of a failure: a server that has ended tells by its exit.
func (a *Adapter) blame(before string, failure *adapter.Failure, starting bool) adapter.Reply {
	wait := time.Duration(0)
	if failure.Type == connectionLost {
		wait = goneWait
	}
	switch {
	case a.isDropped():
		return adapter.Reply{}
	case !a.host.GoneWithin(wait):
		return adapter.Reply{Failure: failure}
	}
	return a.GoneBefore("server", before, starting)
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
	if wish := job.Stream(); wish != nil {
		return *wish
	}
	return a.settings.Stream
}
