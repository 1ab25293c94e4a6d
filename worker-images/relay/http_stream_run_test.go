package main

import (
	"strings"
	"testing"

	"podwork.dev/relay/internal/wire"
)

func TestStreamsOfServers(t *testing.T) {
	t.Parallel()
	cases := []struct{ mode, result, chunks, kind, message string }{
		{"", `[{"text":"a"},"b",null]`, `{"text":"a"} "b" null`, "", ""},
		{"split", `[{"text":"a"},"b"]`, `{"text":"a"} "b"`, "", ""},
		{"blank", `[1,{"a":2},3]`, `1 {"a":2} 3`, "", ""},
		{"empty", `[]`, ``, "", ""},
		{"error first", `[{"error":"not the last"},"b"]`, `{"error":"not the last"} "b"`, "", ""},
		{"error", ``, `"a"`, "StreamError", "CUDA error"},
		{"cut", ``, `"a"`, "InvalidResponse", `line 2 of the answer`},
		{"aborts", ``, `{"text":"a"} "b" null`, "ConnectionLost", "before it had answered all of POST /execute_stream"},
		{"exits", ``, `{"text":"a"} "b" null`, "", ""},
	}
	for _, c := range cases {
		c := c
		t.Run(c.mode, func(t *testing.T) {
			t.Parallel()
			p := speaking(t, "http")
			p.env = append(p.env, "PODWORK_STREAM=true")
			o := p.job(`{}`, httpServer(c.mode)...)
			var chunks []string
			for i, params := range o.calls["ctx.stream"] {
				var s struct {
					Index int
					Chunk rawText
				}
				unmarshal(t, params, &s)
				chunks = append(chunks, string(s.Chunk))
				if s.Index != i {
					t.Errorf("chunk %d has index %d", i, s.Index)
				}
			}
			if string(o.result) != c.result || strings.Join(chunks, " ") != c.chunks || o.failure.Data.Type != c.kind || !strings.Contains(o.failure.Message, c.message) {
				t.Errorf("%q, %+v", chunks, o)
			}
		})
	}
}

// rawText keeps null apart from nothing.
type rawText string

func (r *rawText) UnmarshalJSON(data []byte) error {
	*r = rawText(data)
	return nil
}

func TestAJobChoosesWhetherItStreams(t *testing.T) {
	t.Parallel()
	p := speaking(t, "http")
	p.env = append(p.env, "PODWORK_STREAM=true")
	p.server.Send(wire.Msg, strings.Replace(executeWith(`{}`), `"context":{`, `"context":{"stream":false,`, 1))
	p.startRelay()
	p.startShim(httpServer("")...)
	if o := p.outcome(); len(o.calls["ctx.stream"]) != 0 || !strings.HasPrefix(string(o.result), `{"request"`) {
		t.Errorf("%+v", o)
	}
}
