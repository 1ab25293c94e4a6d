package messages

import (
	"encoding/json"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/wire"
)

// part is the parameters of ctx.stream.
type part struct {
	Index    int             `json:"index"`
	Chunk    json.RawMessage `json:"chunk"`
	Final    bool            `json:"final,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// stream is the text of a job's parts so far.
type stream struct {
	count int
	final bool
	text  wire.Rope
	bytes int64
}

// chunk passes a part on. A server that does not keep up holds the worker up, as everywhere.
func (a *Adapter) chunk(m message) {
	if !a.isOurs(m) {
		return
	}
	s := &a.stream
	if s.final {
		a.refuse("UnexpectedMessage", "%s came after the chunk that was the final one", adapter.Excerpt(m.raw))
		return
	}
	if m.chunk == nil {
		a.refuse("InvalidMessage", `%s has no "chunk"`, adapter.Excerpt(m.raw))
		return
	}
	if text := wire.Unquote(m.chunk); text != nil {
		s.bytes += int64(len(text))
		if s.bytes <= wire.MaxMessage {
			s.text.Add(text)
		} else {
			s.text = wire.Rope{}
		}
	}
	p := part{Index: s.count, Chunk: m.chunk, Final: string(m.final) == "true"}
	if m.metadata != nil && string(m.metadata) != "null" {
		p.Metadata = m.metadata
	}
	s.count++
	s.final = p.Final
	a.host.Notify("ctx.stream", p)
}

// result is the worker's, with the text of all parts where it has none of its own.
func (s *stream) result(data json.RawMessage) adapter.Reply {
	data = adapter.OrNull(data)
	if s.count == 0 {
		return adapter.Reply{Result: data}
	}
	var members []member
	hasText := false
	err := wire.Members(data, wire.MaxNesting, func(key, value []byte) {
		hasText = hasText || string(key) == "text"
		members = append(members, member{string(key), value})
	})
	switch {
	case hasText:
		return adapter.Reply{Result: data}
	case s.bytes > wire.MaxMessage:
		return adapter.Reply{TooLarge: s.bytes}
	case err != nil && string(data) == "null":
		members = []member{{"streamed", json.RawMessage("true")}}
	case err != nil:
		members = []member{{"data", data}}
	}
	return adapter.Reply{Result: object(append(members, member{"text", wire.JSON(string(s.text.Join()))})...)}
}
