package trial

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

// operator plays the context server for one attempt.
type operator struct {
	mu       sync.Mutex
	heard    []Heard
	calls    *Calls
	answered chan struct{} // closed at the first answer to execute
	exited   chan struct{} // closed at the end of the worker
	answers  int
	times    Times
}

// Heard is a line of the shim.
type Heard struct {
	wire.Frame
	At time.Time
}

// Times are when things happened; zero when they did not.
type Times struct {
	Begin, Answered, GaveUp, Cancelled, Exited time.Time
}

func newOperator() *operator {
	return &operator{calls: NewCalls(), answered: make(chan struct{}), exited: make(chan struct{}), times: Times{Begin: time.Now()}}
}

func (o *operator) handle(s *fakeserver.Server, f wire.Frame) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	o.heard = append(o.heard, Heard{f, now})
	switch f.Kind {
	case wire.Exit:
		o.times.Exited = now
		close(o.exited)
	case wire.Oversize:
		o.answer(now)
	case wire.Msg:
		m, err := wire.ParseMessage(f.Payload)
		switch {
		case err != nil:
		case m.HasMethod:
			if answer := o.calls.Serve(m, o.answers > 0); answer != "" {
				s.Send(wire.Msg, answer)
			}
		case string(m.ID) == strconv.Itoa(ExecuteID):
			o.answer(now)
		}
	}
}

func (o *operator) answer(now time.Time) {
	if o.answers++; o.answers == 1 {
		o.times.Answered = now
		close(o.answered)
	}
}

// conduct waits for an answer, ends the attempt as the operator does, and waits for its end. look is called when
// patience is over, before the worker is told.
func (o *operator) conduct(ctx context.Context, server *fakeserver.Server, plan Plan, ended <-chan error, look func()) error {
	grace := plan.Grace.Milliseconds()
	end := fmt.Sprintf(`{"graceMs":%d,"killMs":%d}`, grace, grace)
	var cancel <-chan time.Time
	if plan.CancelAfter > 0 {
		cancel = time.After(plan.CancelAfter)
	}
	select {
	case <-o.answered:
		server.Send(wire.End, end)
	case <-o.exited:
	case <-ctx.Done():
		return ctx.Err()
	case err := <-ended:
		return o.shimEnded(err)
	case <-cancel:
		o.note(&o.times.Cancelled)
		server.Send(wire.Msg, `{"jsonrpc":"2.0","method":"cancel","params":{"reason":"Cancelled","message":"podwork conformance cancels this job"}}`)
		server.Send(wire.End, end)
	case <-time.After(plan.Patience):
		look()
		o.note(&o.times.GaveUp)
		server.Send(wire.End, `{"graceMs":2000,"killMs":1000}`)
	}
	select {
	case err := <-ended:
		return o.shimEnded(err)
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(shimPatience + 2*plan.Grace):
		return errors.New("the shim did not end")
	}
}

// shimEnded tells a worker's end, which is told before the shim's, from a failure of the shim.
func (o *operator) shimEnded(err error) error {
	select {
	case <-o.exited:
		return nil
	default:
		return fmt.Errorf("the shim ended without a word of the worker (%v)", err)
	}
}

func (o *operator) note(at *time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	*at = time.Now()
}
