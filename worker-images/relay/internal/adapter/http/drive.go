package http

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"podwork.dev/relay/internal/adapter"
)

// reply is what became of the job: one of its members is set, or none where the server's end says it all.
type reply struct {
	result   json.RawMessage
	tooLarge int64
	failure  *adapter.Failure
}

// drive takes a server through its job.
func (a *Adapter) drive() {
	defer close(a.driven)
	told := a.execute()
	if told.result == nil && told.tooLarge == 0 && told.failure == nil {
		a.stop()
		return
	}
	// The failure may have come before the job.
	if job := a.arrival.Wait(); job != nil {
		a.host.Measure()
		switch {
		case told.result != nil:
			a.host.Result(job.Request, told.result)
		case told.tooLarge > 0:
			a.host.TooLarge(job.Request, told.tooLarge)
		default:
			a.host.Fail(job.Request, *told.failure)
		}
	}
	a.mu.Lock()
	a.done = true
	a.mu.Unlock()
	a.stop()
}

func (a *Adapter) execute() reply {
	const starting = "it answered GET "
	if failure := a.awaitReady(); failure != nil {
		return a.blame(starting+a.settings.Health, failure, true)
	}
	if len(a.settings.Config) > len("{}") {
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
		return reply{}
	}
	path, read := "/execute", a.readResult
	if a.streams(job) {
		path, read = "/execute_stream", a.readStream
	}
	answer, err := a.post(a.life, path, argumentsOf(job.Data))
	told := reply{}
	if err != nil {
		told.failure = lost("POST "+path, err)
	} else {
		defer answer.Body.Close()
		told = read(answer)
	}
	if told.failure != nil {
		return a.blame("it answered POST "+path, told.failure, false)
	}
	return told
}

// blame decides who tells of a failure: a server that has ended tells by its exit, unless that is because
// it could not start, which another try won't mend.
func (a *Adapter) blame(before string, failure *adapter.Failure, starting bool) reply {
	wait := time.Duration(0)
	if failure.Type == connectionLost {
		wait = goneWait
	}
	switch {
	case a.isDropped():
		return reply{}
	case !a.isGone(wait):
		return reply{failure: failure}
	}
	<-a.ended
	how := fmt.Sprintf("exited with code %d", a.exit.Code)
	if a.exit.Signal != "" {
		how = "was ended by " + a.exit.Signal
	}
	if starting && a.exit.Signal == "" {
		return reply{failure: &adapter.Failure{
			Type:      "ServerNotStarted",
			Message:   fmt.Sprintf("the server %s before %s: see its last lines in the log", how, before),
			Stack:     a.lastWords(),
			Retriable: adapter.No(),
		}}
	}
	a.host.Explain("the server %s before %s", how, before)
	return reply{}
}

func (a *Adapter) isDropped() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dropped
}

func (a *Adapter) lastWords() string {
	text := ""
	for _, line := range a.host.Tail.Lines() {
		text += line + "\n"
	}
	return text
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
