package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Kind names what a numbered line of the session carries.
type Kind string

// The kinds of numbered lines.
const (
	Msg       Kind = "msg"
	Oversize  Kind = "oversize"
	Telemetry Kind = "telemetry"
	Exit      Kind = "exit"
	End       Kind = "end"
	Stop      Kind = "stop"
)

// AppendFrame appends the numbered line. payload is JSON on one line.
func AppendFrame(to []byte, seq uint64, kind Kind, payload []byte) []byte {
	return append(append(AppendFrameHead(to, seq, kind), payload...), FrameTail...)
}

// FrameTail ends a numbered line.
const FrameTail = "}\n"

// AppendFrameHead appends what stands before the payload.
func AppendFrameHead(to []byte, seq uint64, kind Kind) []byte {
	to = append(to, `{"seq":`...)
	to = strconv.AppendUint(to, seq, 10)
	to = append(to, `,"`...)
	to = append(to, kind...)
	return append(to, `":`...)
}

// AppendAck appends an acknowledgement.
func AppendAck(to []byte, seq uint64) []byte {
	to = append(to, `{"ack":`...)
	to = strconv.AppendUint(to, seq, 10)
	return append(to, "}\n"...)
}

// Cut says how a line over the limit looked.
type Cut struct {
	Bytes int64  `json:"bytes"`
	Head  string `json:"head"`
}

// Position is where one side of a session stands.
type Position struct {
	Session  string `json:"session"`
	Received uint64 `json:"received"`
}

// Attach is the first line of a connection, and Attached its answer.
type Attach struct {
	Attach *Position `json:"attach"`
}

// Attached answers Attach.
type Attached struct {
	Attached *Position `json:"attached"`
}

// Grace is how long a worker may take: until SIGTERM, or SIGKILL, as the line that it is in says.
type Grace struct {
	GraceMs int64  `json:"graceMs"`
	KillMs  *int64 `json:"killMs"`
}

// Duration is the first of its times.
func (g Grace) Duration() time.Duration { return bounded(g.GraceMs) }

// Kill is how long after SIGTERM SIGKILL follows.
func (g Grace) Kill() time.Duration {
	if g.KillMs == nil {
		return g.Duration()
	}
	return bounded(*g.KillMs)
}

// bounded keeps a mistaken number from overflowing.
func bounded(ms int64) time.Duration {
	const day = 24 * 60 * 60 * 1000
	if ms < 0 {
		return 0
	}
	if ms > day {
		return day * time.Millisecond
	}
	return time.Duration(ms) * time.Millisecond
}

// Frame is a line as received after attach: an acknowledgement, or a numbered line. A numbered
// line of a kind that is not known has no Kind.
type Frame struct {
	Ack     uint64
	HasAck  bool
	Seq     uint64
	Kind    Kind
	Payload []byte
}

// Decode reads a line. The payload shares its memory.
func Decode(line []byte) (Frame, error) {
	var frame Frame
	var bad error
	number := func(name string, value []byte) uint64 {
		n, err := strconv.ParseUint(string(value), 10, 64)
		if err != nil {
			bad = fmt.Errorf("%s must be a whole number, not %.40s", name, value)
		}
		return n
	}
	err := Members(line, MaxNesting+1, func(key, value []byte) {
		switch kind := Kind(key); kind {
		case "ack":
			frame.Ack, frame.HasAck = number("ack", value), true
		case "seq":
			frame.Seq = number("seq", value)
		case Msg, Oversize, Telemetry, Exit, End, Stop:
			frame.Kind, frame.Payload = kind, value
		}
	})
	switch {
	case err != nil:
		return frame, err
	case bad != nil:
		return frame, bad
	case frame.Kind != "" && frame.Seq == 0:
		return frame, errors.New("seq is missing")
	}
	return frame, nil
}

// JSON encodes v on one line, leaving <, > and & readable.
func JSON(v interface{}) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // only our own structs come here
	}
	return bytes.TrimSuffix(line.Bytes(), []byte("\n"))
}
