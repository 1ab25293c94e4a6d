package messages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/wire"
)

type state int

const (
	starting state = iota
	idle
	executing
	finished
)

const known = "ready, result, stream_chunk, response, state and error"

// message is a line of the worker's. Members that its type does not have are nil.
type message struct {
	raw                              json.RawMessage
	kind                             string
	job, status, data, err           json.RawMessage
	chunk, final, metadata           json.RawMessage
	request                          json.RawMessage
	errType, traceback, code, retire json.RawMessage
}

// Stdout takes messages, and passes everything else on to the container's stdout.
func (a *Adapter) Stdout(from io.Reader) {
	scanner := output.NewScanner(from, wire.MaxMessage)
	for {
		piece, err := scanner.Next()
		if err != nil {
			return
		}
		switch piece.Kind {
		case output.Text:
			_, _ = a.host.Stdout.Write(piece.Data)
		case output.TextCut:
			_, _ = a.host.Stdout.Write([]byte("\n"))
			a.host.Stderr.Note("a line of %d bytes on stdout was cut: the limit is %d", piece.Bytes, wire.MaxMessage)
		case output.LineCut:
			_, _ = a.host.Stdout.Write(append(piece.Data, '\n'))
			a.oversize(piece)
		case output.Line:
			a.line(piece)
		}
	}
}

func (a *Adapter) oversize(piece output.Piece) {
	switch {
	case bytes.Contains(piece.Data, []byte(`"result"`)):
		a.become(finished)
		a.settle(adapter.Reply{TooLarge: piece.Bytes})
	case looksLikeMessage(piece.Data):
		a.refuse("InvalidMessage", "a message of %d bytes is over the limit of %d: %s", piece.Bytes, wire.MaxMessage, adapter.Excerpt(piece.Data))
	default:
		a.host.Stderr.Note("a line of %d bytes on stdout was dropped: the limit is %d", piece.Bytes, wire.MaxMessage)
	}
}

// line tells messages from prints: a message is an object that has a type.
func (a *Adapter) line(piece output.Piece) {
	raw := bytes.ToValidUTF8(bytes.TrimSpace(piece.Data), []byte("\uFFFD"))
	m, err := parse(append([]byte(nil), raw...))
	if err == nil && m.kind != "" {
		a.receive(m)
		return
	}
	text := piece.Data
	if piece.Ended {
		text = append(text, '\n')
	}
	_, _ = a.host.Stdout.Write(text)
	// One that was cut off by the worker's end is told of by that.
	if err != nil && piece.Ended && looksLikeMessage(raw) {
		a.refuse("InvalidMessage", "a line on stdout looks like a message and is none (%v): %s", err, adapter.Excerpt(raw))
	}
}

func looksLikeMessage(head []byte) bool {
	if len(head) > 256 {
		head = head[:256]
	}
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r"), []byte("{")) && bytes.Contains(head, []byte(`"type"`))
}

func parse(raw []byte) (message, error) {
	m := message{raw: raw}
	err := wire.Members(raw, wire.MaxNesting-1, func(key, value []byte) {
		switch string(key) {
		case "type":
			m.kind = string(wire.Unquote(value))
		case "job_id":
			m.job = value
		case "status":
			m.status = value
		case "data":
			m.data = value
		case "error":
			m.err = value
		case "chunk":
			m.chunk = value
		case "is_final":
			m.final = value
		case "metadata":
			m.metadata = value
		case "request_type":
			m.request = value
		case "error_type":
			m.errType = value
		case "traceback":
			m.traceback = value
		case "code":
			m.code = value
		case "retriable":
			m.retire = value
		}
	})
	return m, err
}

// become returns the state before. What follows on a change is said without the lock: it may have to wait
// for the server.
func (a *Adapter) become(next state) (before state) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, a.state = a.state, next
	return before
}

func (a *Adapter) current() (state, json.RawMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state, a.job
}

// receive does what a message says, if it is its turn.
func (a *Adapter) receive(m message) {
	switch m.kind {
	case "ready":
		if now, _ := a.current(); now != starting {
			a.host.Stderr.Note(`"ready" came when the worker was ready, or had failed, already`)
			return
		}
		a.become(idle)
		close(a.ready)
	case "result":
		a.result(m)
	case "stream_chunk":
		a.chunk(m)
	case "response", "state":
		a.response(m)
	case "error":
		a.become(finished)
		a.settleLate(adapter.Reply{Failure: failureOf(m, "WorkerError")}, m)
	default:
		a.refuse("UnexpectedMessage", "the type of %s is not known: known are %s", adapter.Excerpt(m.raw), known)
	}
}

// isOurs checks that a message is about the job, at a time when it may be.
func (a *Adapter) isOurs(m message) bool {
	now, job := a.current()
	switch {
	case now == finished:
		a.host.Stderr.Note("too late, since the job has its result: %s", adapter.Excerpt(m.raw))
		return false
	case now != executing:
		a.refuse("UnexpectedMessage", "%s came before the worker was asked to execute a job", adapter.Excerpt(m.raw))
		return false
	case !sameJSON(m.job, job):
		a.refuse("UnexpectedMessage", "%s is about the job %s, but the job is %s: send the job_id of the execute request",
			adapter.Excerpt(m.raw), adapter.Excerpt(adapter.OrNull(m.job)), adapter.Excerpt(job))
		return false
	}
	return true
}

func sameJSON(a, b json.RawMessage) bool {
	x, y := wire.Unquote(a), wire.Unquote(b)
	if x != nil && y != nil {
		return bytes.Equal(x, y)
	}
	return x == nil && y == nil && bytes.Equal(a, b)
}

func (a *Adapter) result(m message) {
	if !a.isOurs(m) {
		return
	}
	a.become(finished)
	switch status := string(wire.Unquote(m.status)); status {
	case "success":
		a.settleLate(a.stream.result(m.data), m)
	case "error":
		a.settleLate(adapter.Reply{Failure: failureOf(m, "PluginError")}, m)
	default:
		a.refuse("InvalidMessage", `the status of %s must be "success" or "error"`, adapter.Excerpt(m.raw))
	}
}

func (a *Adapter) settleLate(r adapter.Reply, m message) {
	if !a.settle(r) {
		a.host.Stderr.Note("too late, since the job has its result: %s", adapter.Excerpt(m.raw))
	}
}

// refuse fails the job for a mistake in what the worker said.
func (a *Adapter) refuse(kind, format string, args ...interface{}) {
	text := fmt.Sprintf(format, args...)
	a.host.Stderr.Note("%s", text)
	a.settle(adapter.Reply{Failure: &adapter.Failure{Type: kind, Message: text}})
}

// failureOf reads error {error}, with what a worker may add to it.
func failureOf(m message, kind string) *adapter.Failure {
	f := adapter.FailureOf(m.err)
	if m.errType != nil {
		f.Type = adapter.Text(m.errType)
	}
	if f.Type == "" {
		f.Type = kind
	}
	if f.Message == "" {
		f.Message = "the worker gave no reason: " + adapter.Excerpt(m.raw)
	}
	if m.traceback != nil && string(m.traceback) != "null" {
		f.Stack = adapter.Text(m.traceback)
	}
	if m.code != nil && m.code[0] != '{' && m.code[0] != '[' {
		f.Code = m.code
	}
	if retry := string(m.retire); retry == "true" || retry == "false" {
		possible := retry == "true"
		f.Retriable = &possible
	}
	return &f
}

// response answers the request of the server that a worker answers. They come in the order of the requests.
func (a *Adapter) response(m message) {
	asked := "get_state"
	if m.kind == "response" {
		asked = string(wire.Unquote(m.request))
	}
	request := a.answered(asked)
	switch {
	case request == nil:
		a.host.Stderr.Note("nobody asked for %s", adapter.Excerpt(m.raw))
	case string(wire.Unquote(m.status)) == "error":
		a.host.Refuse(request, -32000, failureOf(m, "").Message)
	default:
		a.host.Result(request, m.raw)
	}
}

// answered is the oldest request of its kind that waits.
func (a *Adapter) answered(asked string) json.RawMessage {
	a.mu.Lock()
	defer a.mu.Unlock()
	waiting := a.pending[asked]
	if len(waiting) == 0 {
		return nil
	}
	a.pending[asked] = waiting[1:]
	return waiting[0]
}
