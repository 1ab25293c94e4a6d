package task

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/wire"
)

// errEmpty says that stdout had no document, nor anything else.
var errEmpty = errors.New("nothing was written to stdout")

// errTooLarge says that stdout had more than a document may have.
var errTooLarge = fmt.Errorf("stdout is over the limit of %d bytes", wire.MaxMessage)

// headBytes is how much of a document over the limit is shown in the log.
const headBytes = 4 << 10

const toStderr = "print everything but the result to stderr"

// document gathers stdout until its end. As soon as it is certain that it is none, it is passed on as
// text: so it can be followed in the log, and costs no memory.
type document struct {
	text  io.Writer
	limit int

	mu       sync.Mutex
	gathered wire.Rope
	head     []byte // of what is no document
	bytes    int64
	begun    bool
	isText   bool
	tooLarge bool
}

// Write never fails.
func (d *document) Write(data []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bytes += int64(len(data))
	if !d.begun {
		if start := bytes.TrimLeft(data, " \t\r\n"); len(start) > 0 {
			d.begun, d.isText = true, start[0] != '{'
		}
	}
	switch {
	case d.isText:
		d.pass(data)
	case d.tooLarge:
	case d.bytes > int64(d.limit):
		d.gathered.Add(data)
		d.tooLarge, d.head = true, d.gathered.Head(headBytes)
		d.gathered = wire.Rope{}
	default:
		d.gathered.Add(data)
	}
	return len(data), nil
}

func (d *document) pass(data []byte) {
	if d.gathered.Len() > 0 {
		data = append(d.gathered.Join(), data...)
	}
	if room := headBytes - len(d.head); room > 0 {
		if len(data) < room {
			room = len(data)
		}
		d.head = append(d.head, data[:room]...)
	}
	_, _ = d.text.Write(data)
}

func (d *document) length() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bytes
}

// answer is what the document says, or what is wrong with it. What is none goes to the log.
func (d *document) answer() (answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.isText:
		return answer{}, fmt.Errorf("stdout must be one JSON document, but begins with %q: %s", adapter.Excerpt(d.head), toStderr)
	case d.tooLarge:
		_, _ = d.text.Write(append(d.head, '\n'))
		return answer{}, errTooLarge
	case !d.begun:
		return answer{}, errEmpty
	}
	raw := d.gathered.Join()
	read, err := parse(bytes.ToValidUTF8(raw, []byte("\uFFFD")))
	if err != nil {
		_, _ = d.text.Write(raw)
	}
	return read, err
}

// explain says where a text stops being one JSON document.
func explain(raw []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return fmt.Errorf("stdout must be one JSON document: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	var first json.RawMessage
	if decoder.Decode(&first) == nil {
		behind := raw[decoder.InputOffset():]
		return fmt.Errorf("stdout must be one JSON document, but %q follows it: %s", adapter.Excerpt(behind), toStderr)
	}
	if syntax.Error() == "unexpected end of JSON input" {
		return fmt.Errorf("the JSON document on stdout is cut off after %d bytes: write all of it, and flush, before the worker exits", len(raw))
	}
	before := raw[:syntax.Offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	cure := ""
	if c := raw[syntax.Offset-1]; c == 'N' || c == 'I' {
		cure = " (JSON has neither NaN nor Infinity: write null or a string)"
	}
	return fmt.Errorf("stdout is not JSON: %w at line %d, column %d%s", err, line, column, cure)
}
