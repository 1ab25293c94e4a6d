package adapter

import "encoding/json"

// Reply is what became of a job: one of its members is set, or none where the worker's end says it all.
type Reply struct {
	Result json.RawMessage
	// TooLarge is the length of a result that is over the limit.
	TooLarge int64
	Failure  *Failure
}

// IsEmpty says that there is nothing to say.
func (r Reply) IsEmpty() bool { return r.Result == nil && r.TooLarge == 0 && r.Failure == nil }

// Answer answers the job, with what the worker uses told before.
func (h *Host) Answer(job *Job, r Reply) {
	h.Measure()
	switch {
	case r.Result != nil:
		h.Result(job.Request, r.Result)
	case r.TooLarge > 0:
		h.TooLarge(job.Request, r.TooLarge)
	case r.Failure != nil:
		h.Fail(job.Request, *r.Failure)
	}
}
