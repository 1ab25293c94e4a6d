package adapter

import (
	"encoding/json"
	"sync"

	"podwork.dev/relay/internal/session"
	"podwork.dev/relay/internal/wire"
)

// Job is what the server asks for with execute. Its members are as the server wrote them, and nil
// where it wrote none.
type Job struct {
	Request                  json.RawMessage // the id that the answer needs
	ID, Type, Data, Metadata json.RawMessage
	Context                  json.RawMessage
}

func jobOf(m wire.Message) *Job {
	job := &Job{Request: m.ID}
	// What is no object has no members; a server that sends none has a worker that says what it misses.
	_ = wire.Members(m.Params, wire.MaxNesting, func(key, value []byte) {
		switch string(key) {
		case "job":
			_ = wire.Members(value, wire.MaxNesting, func(key, value []byte) {
				switch string(key) {
				case "id":
					job.ID = value
				case "type":
					job.Type = value
				case "data":
					job.Data = value
				case "metadata":
					job.Metadata = value
				}
			})
		case "context":
			job.Context = value
		}
	})
	return job
}

// Stream is whether the job wants its result in parts, or nil where it doesn't say.
func (j *Job) Stream() *bool {
	var wish struct{ Stream *bool }
	if json.Unmarshal(OrNull(j.Context), &wish) != nil {
		return nil
	}
	return wish.Stream
}

// OrNull is a member that may be absent.
func OrNull(value json.RawMessage) json.RawMessage {
	if value == nil {
		return json.RawMessage("null")
	}
	return value
}

// Arrival is a job to come.
type Arrival struct {
	once sync.Once
	come chan struct{}
	job  *Job
}

// NewArrival waits for one.
func NewArrival() *Arrival { return &Arrival{come: make(chan struct{})} }

func (a *Arrival) settle(job *Job) {
	a.once.Do(func() {
		a.job = job
		close(a.come)
	})
}

// Come is closed when it is known whether there is a job.
func (a *Arrival) Come() <-chan struct{} { return a.come }

// Wait returns the job, or nil when the attempt is over without one.
func (a *Arrival) Wait() *Job {
	<-a.come
	return a.job
}

// Orders are what an adapter does for the server, besides the job. They do not block.
type Orders struct {
	// Cancel asks for the end of the job, in words for a person.
	Cancel func(reason, message string)
	// Over says that nothing more is expected of the worker.
	Over func()
	// Other serves a request for which JSON-RPC's answer is due; it says false to one that it does not know.
	Other func(m wire.Message) bool
}

// Listen takes what the server sends until the session has no more of it.
func (h *Host) Listen(arrival *Arrival, orders Orders) {
	defer arrival.settle(nil)
	var taken []session.Delivery
	for {
		taken = h.Session.Take(taken)
		if len(taken) == 0 {
			return
		}
		for _, delivery := range taken {
			if delivery.Line == nil {
				arrival.settle(nil)
				orders.Over()
				continue
			}
			h.order(arrival, orders, delivery.Line)
		}
		h.Session.Delivered(taken)
	}
}

func (h *Host) order(arrival *Arrival, orders Orders, line []byte) {
	m, err := wire.ParseMessage(line)
	switch {
	case err != nil:
		h.Stderr.Note("the server sent what is no message: %v", err)
	case m.Method == "execute" && m.ExpectsAnswer():
		arrival.settle(jobOf(m))
	case m.Method == "cancel":
		var params struct{ Reason, Message string }
		_ = json.Unmarshal(m.Params, &params)
		orders.Cancel(params.Reason, params.Message)
	case m.ExpectsAnswer() && (orders.Other == nil || !orders.Other(m)):
		h.Refuse(m.ID, noSuchMethod, "this worker's protocol has no "+m.Method)
	}
}
