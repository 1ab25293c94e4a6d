package http

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	nethttp "net/http"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/wire"
)

// chunk is the parameters of ctx.stream.
type chunk struct {
	Index int             `json:"index"`
	Chunk json.RawMessage `json:"chunk"`
}

const streamed = "POST /execute_stream"

// readStream reads the answer to /execute_stream.
func (a *Adapter) readStream(answer *nethttp.Response) adapter.Reply {
	if failure := unfit(answer, streamed); failure != nil {
		return adapter.Reply{Failure: failure}
	}
	index := 0
	return parseStream(answer.Body, func(value json.RawMessage) {
		a.host.Notify("ctx.stream", chunk{index, value})
		index++
	})
}

// parseStream reads one JSON value a line. The result is the list of them. An object with the member error
// alone ends a stream that failed; it is a value like others when more follows.
func parseStream(body io.Reader, emit func(json.RawMessage)) adapter.Reply {
	lines := bufio.NewReaderSize(body, 32<<10)
	var all list
	var held json.RawMessage
	for number := 1; ; number++ {
		line, err := readLine(lines)
		switch {
		case err == errLine:
			return invalid("line %d of the answer to %s is over the limit of %d bytes", number, streamed, wire.MaxMessage)
		case err != nil && err != io.EOF:
			return adapter.Reply{Failure: lost("all of "+streamed, err)}
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			line = bytes.ToValidUTF8(line, []byte("\uFFFD"))
			if wrong := wire.Value(line, wire.MaxNesting-3); wrong != nil {
				return invalid("line %d of the answer to %s is not JSON: %v in %q", number, streamed, wrong, adapter.Excerpt(line))
			}
			if held != nil {
				all.add(held)
				emit(held)
				held = nil
			}
			if isErrorAlone(line) {
				held = line
			} else {
				all.add(line)
				emit(line)
			}
		}
		if err == io.EOF {
			break
		}
	}
	if held != nil {
		failure := detailOf(held)
		if failure.Type == "" {
			failure.Type = "StreamError"
		}
		if failure.Message == "" {
			failure.Message = "the stream ended with an error that says nothing"
		}
		return adapter.Reply{Failure: &failure}
	}
	return all.reply()
}

func invalid(format string, args ...interface{}) adapter.Reply {
	return adapter.Reply{Failure: &adapter.Failure{Type: invalidResponse, Message: fmt.Sprintf(format, args...)}}
}

// list gathers values as long as there is room for them.
type list struct {
	text  wire.Rope
	bytes int64
}

func (l *list) add(value json.RawMessage) {
	l.bytes += int64(len(value)) + 1
	if l.bytes > wire.MaxMessage {
		l.text = wire.Rope{}
		return
	}
	before := ","
	if l.text.Len() == 0 {
		before = "["
	}
	l.text.Add([]byte(before))
	l.text.Add(value)
}

func (l *list) reply() adapter.Reply {
	switch {
	case l.bytes > wire.MaxMessage:
		return adapter.Reply{TooLarge: l.bytes}
	case l.bytes == 0:
		return adapter.Reply{Result: json.RawMessage("[]")}
	}
	l.text.Add([]byte("]"))
	return adapter.Reply{Result: l.text.Join()}
}

func isErrorAlone(line []byte) bool {
	members, errors := 0, 0
	err := wire.Members(line, wire.MaxNesting, func(key, _ []byte) {
		members++
		if string(key) == "error" {
			errors++
		}
	})
	return err == nil && members == 1 && errors == 1
}

var errLine = fmt.Errorf("line over the limit")

// readLine returns a line in memory of its own, with io.EOF the last.
func readLine(from *bufio.Reader) ([]byte, error) {
	var line wire.Rope
	for {
		part, err := from.ReadSlice('\n')
		if line.Len()+len(part) > wire.MaxMessage+1 {
			return nil, errLine
		}
		line.Add(part)
		if err != bufio.ErrBufferFull {
			return line.Join(), err
		}
	}
}
