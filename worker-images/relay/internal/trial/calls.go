package trial

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"podwork.dev/relay/internal/wire"
)

// Codes of docs/workers/jsonrpc.md.
const (
	invalidRequest = -32600
	noSuchMethod   = -32601
	wrongParams    = -32602
	attemptOver    = -32002
)

const maxName = 253

// Calls serves a worker's calls, and remembers what was wrong with them.
type Calls struct {
	state    map[string]json.RawMessage
	Problems []Problem
}

// Problem is a call that was refused.
type Problem struct {
	Call  json.RawMessage
	Error string
}

// NewCalls has no state yet.
func NewCalls() *Calls { return &Calls{state: map[string]json.RawMessage{}} }

type refusal struct {
	code    int
	message string
}

// Serve returns the answer, or nothing where none is due.
func (c *Calls) Serve(m wire.Message, over bool) string {
	result, refused := c.call(m, over)
	if refused != nil {
		c.Problems = append(c.Problems, Problem{m.Raw, refused.message})
		result = ""
	}
	switch {
	case !m.ExpectsAnswer():
		return ""
	case refused != nil:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%s}}`, m.ID, refused.code, wire.JSON(refused.message))
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, result)
}

func (c *Calls) call(m wire.Message, over bool) (result string, refused *refusal) {
	serve, known := methods[m.Method]
	switch {
	case m.ID != nil && !m.ExpectsAnswer():
		return "", &refusal{invalidRequest, "id must be a string or a number"}
	case !known:
		return "", &refusal{noSuchMethod, "no such method: " + m.Method}
	case over:
		return "", &refusal{attemptOver, "this attempt is over; its calls are no longer served"}
	}
	p := membersOf(m.Params)
	if p == nil && m.Params != nil {
		return "", must("params", "an object")
	}
	return serve(c, p)
}

var methods = map[string]func(*Calls, params) (string, *refusal){
	"ctx.state.get": func(c *Calls, p params) (string, *refusal) {
		key, refused := p.name("", "key")
		if value, ok := c.state[key]; ok {
			return string(value), refused
		}
		return "null", refused
	},
	"ctx.state.set": func(c *Calls, p params) (string, *refusal) {
		key, refused := p.name("", "key")
		switch {
		case refused != nil:
			return "", refused
		case p["value"] == nil:
			return "", must("value", "there (null is a value)")
		}
		if refused := p.ttl(); refused != nil {
			return "", refused
		}
		c.state[key] = p["value"]
		return "null", nil
	},
	"ctx.state.delete": func(c *Calls, p params) (string, *refusal) {
		key, refused := p.name("", "key")
		delete(c.state, key)
		return "null", refused
	},
	"ctx.logger.log": func(_ *Calls, p params) (string, *refusal) {
		switch level := string(wire.Unquote(p["level"])); {
		case !strings.Contains(" debug info warn error ", " "+level+" ") || level == "":
			return "", must("level", "debug, info, warn or error")
		case wire.Unquote(p["message"]) == nil:
			return "", must("message", "a string")
		case p.has("metadata") && membersOf(p["metadata"]) == nil:
			return "", must("metadata", "an object")
		}
		return "null", nil
	},
	"ctx.progress": func(_ *Calls, p params) (string, *refusal) {
		var progress float64
		switch {
		case !p.has("progress") || json.Unmarshal(p["progress"], &progress) != nil || !(progress >= 0 && progress <= 100):
			return "", must("progress", "a number from 0 to 100")
		case p.has("message") && wire.Unquote(p["message"]) == nil:
			return "", must("message", "a string")
		}
		return "null", nil
	},
	"ctx.emit": func(_ *Calls, p params) (string, *refusal) {
		event := membersOf(p["event"])
		if event == nil {
			return "", must("event", "an object")
		}
		if kind := wire.Unquote(event["type"]); string(kind) != "emit" {
			return "", must("event.type", `"emit"`)
		}
		data := membersOf(event["data"])
		if data == nil {
			return "", must("event.data", "an object")
		}
		_, refused := data.name("event.data.", "name")
		return "[]", refused
	},
	"ctx.flow.emit": func(_ *Calls, p params) (string, *refusal) {
		_, refused := p.name("", "trigger")
		return "[]", refused
	},
	"ctx.stream": func(_ *Calls, p params) (string, *refusal) {
		var index uint64
		switch last := string(p["final"]); {
		case p["chunk"] == nil:
			return "", must("chunk", "there (null is a value)")
		case p.has("final") && last != "true" && last != "false":
			return "", must("final", "true or false")
		case p.has("metadata") && membersOf(p["metadata"]) == nil:
			return "", must("metadata", "an object")
		case p.has("index") && json.Unmarshal(p["index"], &index) != nil:
			return "", must("index", "a whole number from 0")
		}
		return "null", nil
	},
}

func must(name, be string) *refusal { return &refusal{wrongParams, name + " must be " + be} }

// params are members, or nil of what is no object.
type params map[string]json.RawMessage

func membersOf(object json.RawMessage) params {
	p := params{}
	if wire.Members(object, wire.MaxNesting, func(key, value []byte) { p[string(key)] = value }) != nil {
		return nil
	}
	return p
}

func (p params) has(name string) bool { return p[name] != nil && string(p[name]) != "null" }

func (p params) name(prefix, name string) (string, *refusal) {
	text := string(wire.Unquote(p[name]))
	if n := utf8.RuneCountInString(text); n < 1 || n > maxName {
		return "", must(prefix+name, fmt.Sprintf("a string of 1 to %d characters", maxName))
	}
	return text, nil
}

func (p params) ttl() *refusal {
	if !p.has("opts") {
		return nil
	}
	opts := membersOf(p["opts"])
	if opts == nil {
		return must("opts", "an object")
	}
	var millis int64
	if opts.has("ttl") && (json.Unmarshal(opts["ttl"], &millis) != nil || millis < 1) {
		return must("opts.ttl", "a whole number from 1")
	}
	return nil
}
