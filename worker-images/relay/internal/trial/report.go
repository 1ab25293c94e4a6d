package trial

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"podwork.dev/relay/internal/wire"
)

// Report is what came of a trial.
type Report struct {
	Protocol string
	Job      Job
	Times
	// Answers are those to execute, as the server hears them; Strays are answers to something else.
	Answers, Strays []json.RawMessage
	// Oversize is an answer over the limit.
	Oversize *wire.Cut
	// Result or Failure is the first answer.
	Result   json.RawMessage
	Failure  *Failure
	Chunks   []json.RawMessage
	Problems []Problem
	Exit     Exit
	// Output is what the worker wrote to stdout, and InTime how much of it before patience was over; -1 where it never was.
	Output []byte
	InTime int
	// Stdout and Stderr are the container's log.
	Stdout, Stderr string
	// Listening are the addresses at which the worker listened when patience was over.
	Listening []string
}

// Failure is a job's, as the worker or the shim tells it.
type Failure struct {
	Code      int
	Message   string
	Type      string
	Stack     string
	Retriable *bool
	// Raw is the member error.
	Raw json.RawMessage
}

// Exit is how the worker ended.
type Exit struct {
	Code       int
	Signal     string
	Error      string
	StderrTail []string
}

func (r *Report) take(o *operator) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r.Times, r.Problems = o.times, o.calls.Problems
	for _, heard := range o.heard {
		switch heard.Kind {
		case wire.Exit:
			_ = json.Unmarshal(heard.Payload, &r.Exit)
		case wire.Oversize:
			r.Oversize = &wire.Cut{}
			_ = json.Unmarshal(heard.Payload, r.Oversize)
		case wire.Msg:
			r.message(heard.Payload)
		}
	}
}

func (r *Report) message(payload []byte) {
	m, err := wire.ParseMessage(payload)
	switch {
	case err != nil:
	case m.Method == "ctx.stream":
		r.Chunks = append(r.Chunks, membersOf(m.Params)["chunk"])
	case m.HasMethod:
	case string(m.ID) == strconv.Itoa(ExecuteID):
		if r.Answers = append(r.Answers, payload); len(r.Answers) == 1 {
			r.answer(payload)
		}
	default:
		r.Strays = append(r.Strays, payload)
	}
}

func (r *Report) answer(payload []byte) {
	members := membersOf(payload)
	if !members.has("error") {
		if r.Result = members["result"]; r.Result == nil {
			r.Result = json.RawMessage("null")
		}
		return
	}
	r.Failure = &Failure{Raw: members["error"]}
	failure := membersOf(members["error"])
	_ = json.Unmarshal(failure["code"], &r.Failure.Code)
	r.Failure.Message = string(wire.Unquote(failure["message"]))
	data := membersOf(failure["data"])
	r.Failure.Type, r.Failure.Stack = string(wire.Unquote(data["type"])), string(wire.Unquote(data["stack"]))
	_ = json.Unmarshal(data["retriable"], &r.Failure.Retriable)
}

// Answered says that the job got an answer, by the worker or by the shim.
func (r *Report) Answered() bool { return len(r.Answers) > 0 || r.Oversize != nil }

// NotReady says that the shim gave the worker up before it was ready.
func (r *Report) NotReady() bool { return r.Failure != nil && r.Failure.Type == "WorkerNotReady" }

// Late says that patience was over.
func (r *Report) Late() bool { return r.InTime >= 0 }

// Span is how long it took until the answer.
func (r *Report) Span() time.Duration { return r.Times.Answered.Sub(r.Begin) }

// Took is how long it took from the answer to the end of the worker.
func (r *Report) Took() time.Duration { return r.Exited.Sub(r.Times.Answered) }

// maxOutput is how much is looked at.
const maxOutput = 20 << 20

// head keeps the beginning of what is written to it.
type head struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *head) Write(data []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if room := maxOutput - h.text.Len(); room >= len(data) {
		h.text.Write(data)
	}
	return len(data), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

func readHead(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxOutput))
}

// JSON is the failure as a vector has it.
func (f *Failure) JSON() json.RawMessage {
	data := membersOf(membersOf(f.Raw)["data"])
	failure := params{"message": wire.JSON(f.Message)}
	for _, name := range []string{"type", "stack", "retriable", "code"} {
		if data.has(name) {
			failure[name] = data[name]
		}
	}
	return wire.JSON(failure)
}
