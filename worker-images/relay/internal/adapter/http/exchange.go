package http

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	nethttp "net/http"
	"strings"
	"syscall"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/wire"
)

const (
	connectionLost  = "ConnectionLost"
	invalidResponse = "InvalidResponse"
	// maxDetail bounds what is read of an answer that is no result.
	maxDetail = 256 << 10
)

// post sends JSON. There is no time limit here: the job's are the operator's.
func (a *Adapter) post(ctx context.Context, path string, body []byte) (*nethttp.Response, error) {
	request, err := nethttp.NewRequestWithContext(ctx, nethttp.MethodPost, a.url(path), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	return a.client.Do(request)
}

// argumentsOf is a job's data as arguments: {"args", "kwargs"} as they are; else a list is the arguments,
// an object the keyword arguments, and anything else the only argument.
func argumentsOf(data json.RawMessage) []byte {
	switch data = bytes.TrimSpace(adapter.OrNull(data)); {
	case string(data) == "null":
		return []byte(`{"args":[],"kwargs":{}}`)
	case isArguments(data):
		return data
	case data[0] == '{':
		return join(`{"args":[],"kwargs":`, data, `}`)
	case data[0] == '[':
		return join(`{"args":`, data, `,"kwargs":{}}`)
	}
	return join(`{"args":[`, data, `],"kwargs":{}}`)
}

func join(before string, data []byte, after string) []byte {
	return append(append([]byte(before), data...), after...)
}

func isArguments(data []byte) bool {
	members, known := 0, 0
	err := wire.Members(data, wire.MaxNesting, func(key, value []byte) {
		members++
		if string(key) == "args" && value[0] == '[' || string(key) == "kwargs" && value[0] == '{' {
			known++
		}
	})
	return err == nil && members > 0 && members == known
}

// lost is a request that got no proper answer.
func lost(what string, err error) *adapter.Failure {
	err = plain(err)
	for _, broken := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.ECONNREFUSED, syscall.EPIPE, context.Canceled} {
		if errors.Is(err, broken) {
			return &adapter.Failure{
				Type:    connectionLost,
				Message: fmt.Sprintf("the server broke off the connection before it had answered %s (%v)", what, err),
			}
		}
	}
	return &adapter.Failure{Type: invalidResponse, Message: fmt.Sprintf("%s was not answered in HTTP: %v", what, err)}
}

// refusal is an answer with a status that is no success. Of a mistake in the request another try is the same.
func refusal(answer *nethttp.Response) *adapter.Failure {
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxDetail))
	body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	failure := detailOf(body)
	if failure.Type == "" {
		failure.Type = fmt.Sprintf("HTTP%d", answer.StatusCode)
	}
	if failure.Code == nil {
		failure.Code = json.RawMessage(fmt.Sprint(answer.StatusCode))
	}
	if failure.Message == "" {
		failure.Message = "the server answered " + answer.Status
		if text := adapter.Excerpt(body); text != "" {
			failure.Message += ": " + text
		}
	}
	switch code := answer.StatusCode; {
	case failure.Retriable != nil:
	case code == nethttp.StatusRequestTimeout, code == nethttp.StatusTooEarly, code == nethttp.StatusTooManyRequests:
	case code < 500:
		failure.Retriable = adapter.No()
	}
	return &failure
}

// detailOf reads {"detail": …}, or {"error": …}, of which a text is the message.
func detailOf(body []byte) (failure adapter.Failure) {
	_ = wire.Members(body, wire.MaxNesting, func(key, value []byte) {
		if string(key) == "detail" || string(key) == "error" {
			failure = adapter.FailureOf(value)
			if failure.Message == "" {
				failure.Message = adapter.Text(value)
			}
		}
	})
	return failure
}

// readResult reads the answer to /execute.
func (a *Adapter) readResult(answer *nethttp.Response) adapter.Reply {
	if failure := unfit(answer, "POST /execute"); failure != nil {
		return adapter.Reply{Failure: failure}
	}
	if answer.StatusCode == nethttp.StatusNoContent {
		return adapter.Reply{Result: json.RawMessage("null")}
	}
	if answer.ContentLength > wire.MaxMessage {
		return adapter.Reply{TooLarge: answer.ContentLength}
	}
	body, err := gather(answer.Body)
	switch {
	case len(body) > wire.MaxMessage:
		return adapter.Reply{TooLarge: int64(len(body))}
	case err != nil:
		return adapter.Reply{Failure: lost("POST /execute", err)}
	}
	body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	if err := wire.Value(body, wire.MaxNesting-1); err != nil {
		return adapter.Reply{Failure: &adapter.Failure{
			Type: invalidResponse, Message: fmt.Sprintf("the body of the answer to POST /execute is not JSON: %v in %q", err, adapter.Excerpt(body)),
		}}
	}
	return adapter.Reply{Result: body}
}

// gather reads a body up to a byte over the limit.
func gather(body io.Reader) ([]byte, error) {
	var whole wire.Rope
	buffer := make([]byte, 32<<10)
	limited := io.LimitReader(body, wire.MaxMessage+1)
	for {
		n, err := limited.Read(buffer)
		whole.Add(buffer[:n])
		if err == io.EOF {
			return whole.Join(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// unfit says what is wrong with an answer, by its head.
func unfit(answer *nethttp.Response, what string) *adapter.Failure {
	if answer.StatusCode < 200 || answer.StatusCode >= 300 {
		failure := refusal(answer)
		switch answer.StatusCode {
		case nethttp.StatusNotFound, nethttp.StatusMethodNotAllowed:
			failure.Message = what + ": " + failure.Message
		}
		return failure
	}
	contentType := answer.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(contentType)
	if contentType != "" && (err != nil || !strings.Contains(kind, "json")) {
		body, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
		return &adapter.Failure{
			Type: invalidResponse, Message: fmt.Sprintf("%s was answered with content type %q (%q): it must be JSON, with content type application/json",
				what, contentType, adapter.Excerpt(body)),
		}
	}
	return nil
}
