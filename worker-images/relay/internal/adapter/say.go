package adapter

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/wire"
)

const (
	noSuchMethod = -32601
	jobFailed    = -32000
)

// What the server keeps of an error; more would be sent for nothing.
const (
	maxErrorText  = 8 << 10
	maxErrorStack = 32 << 10
)

type errorData struct {
	Type      string          `json:"type"`
	Stack     string          `json:"stack,omitempty"`
	Code      json.RawMessage `json:"code,omitempty"`
	Retriable *bool           `json:"retriable,omitempty"`
}

type errorObject struct {
	Code    int         `json:"code"`
	Message string      `json:"message"`
	Data    interface{} `json:"data,omitempty"`
}

// Result answers a request with any JSON.
func (h *Host) Result(request, value json.RawMessage) {
	var line bytes.Buffer
	line.Grow(len(value) + len(request) + 64)
	line.WriteString(`{"jsonrpc":"2.0","id":`)
	line.Write(request)
	line.WriteString(`,"result":`)
	if err := json.Compact(&line, value); err != nil {
		panic(err) // it was valid where it came from
	}
	line.WriteByte('}')
	h.send(wire.Message{Raw: line.Bytes(), ID: request})
}

// TooLarge answers a request with a result of which only the length is known.
func (h *Host) TooLarge(request json.RawMessage, length int64) {
	head := append(append([]byte(`{"jsonrpc":"2.0","id":`), request...), `,"result":{`...)
	h.Session.Oversize(output.Describe(head, length))
}

// Fail answers execute with the reason why there is no result.
func (h *Host) Fail(request json.RawMessage, f Failure) {
	h.refuse(request, errorObject{jobFailed, Shorten(f.Message, maxErrorText), errorData{
		Type:  Shorten(f.Type, 256),
		Stack: Shorten(f.Stack, maxErrorStack),
		Code:  f.Code, Retriable: f.Retriable,
	}})
}

// Refuse answers a request with a JSON-RPC error.
func (h *Host) Refuse(request json.RawMessage, code int, message string) {
	h.refuse(request, errorObject{Code: code, Message: Shorten(message, maxErrorText)})
}

func (h *Host) refuse(request json.RawMessage, err errorObject) {
	raw := wire.JSON(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   errorObject     `json:"error"`
	}{"2.0", request, err})
	h.send(wire.Message{Raw: raw, ID: request})
}

// Notify calls one of the context's methods without waiting for an answer. params must be valid.
func (h *Host) Notify(method string, params interface{}) {
	raw := wire.JSON(struct {
		Version string      `json:"jsonrpc"`
		Method  string      `json:"method"`
		Params  interface{} `json:"params"`
	}{"2.0", method, params})
	h.send(wire.Message{Raw: raw, Method: method, HasMethod: true})
}

// send is for messages that are valid by construction.
func (h *Host) send(m wire.Message) {
	if len(m.Raw) > wire.MaxMessage {
		h.Session.Oversize(output.Describe(m.Raw, int64(len(m.Raw))))
		return
	}
	h.Session.Send(m)
}

// Shorten cuts a text to so many bytes, and makes it valid.
func Shorten(text string, limit int) string {
	const ellipsis = "…"
	if len(text) > limit {
		cut := limit - len(ellipsis)
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + ellipsis
	}
	return string(bytes.ToValidUTF8([]byte(text), []byte("\uFFFD")))
}

// Excerpt shows the beginning of what a worker wrote, for a message.
func Excerpt(data []byte) string {
	line := bytes.TrimSpace(data)
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = bytes.TrimSpace(line[:end])
	}
	if len(line) > 1024 {
		line = line[:1024]
	}
	return Shorten(string(line), 100)
}
