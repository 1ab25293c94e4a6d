package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"podwork.dev/relay/internal/conformance"
	"podwork.dev/relay/internal/wire"
)

const exchanges = "../conformance/exchanges/"

var protocols = []string{"jsonrpc", "task", "http", "messages"}

func exchangesOf(t *testing.T, protocol string) []conformance.Exchange {
	t.Helper()
	read, err := conformance.Read(exchanges + protocol + ".json")
	if err != nil || read.Protocol != protocol {
		t.Fatalf("protocol %q, %v", read.Protocol, err)
	}
	return read.Exchanges
}

// playExchange is a worker: one exchange of a protocol.
func playExchange(args []string) {
	read, err := conformance.Read(exchanges + args[0] + ".json")
	if err != nil {
		panic(err)
	}
	conformance.Play(read.Exchanges[number(args, 1)].Worker)
}

func TestExchanges(t *testing.T) {
	for _, protocol := range protocols {
		for i, e := range exchangesOf(t, protocol) {
			i, e, protocol := i, e, protocol
			t.Run(protocol+": "+e.Name, func(t *testing.T) {
				t.Parallel()
				p := speaking(t, protocol)
				p.env = append(p.env, e.Settings.Environment()...)
				data := e.Data
				if data == nil {
					data = json.RawMessage("{}")
				}
				p.server.Send(wire.Msg, executeWith(string(data)))
				p.run("play", protocol, strconv.Itoa(i))
				for n, heard := range e.Messages {
					p.hears(n, heard)
				}
				p.ends(e)
			})
		}
	}
}

// said is what the worker has said so far, without telemetry.
func said(recorded []wire.Frame) (frames []wire.Frame) {
	for _, f := range recorded {
		if f.Kind != wire.Telemetry {
			frames = append(frames, f)
		}
	}
	return frames
}

// hears waits for a message of the worker, and answers it.
func (p *pod) hears(n int, heard conformance.Heard) {
	p.Helper()
	late := time.AfterFunc(30*time.Second, func() { panic(fmt.Sprintf("%s: message %d does not come: %s", p.Name(), n, p.stderr.String())) })
	defer late.Stop()
	var f wire.Frame
	p.server.Wait(func(recorded []wire.Frame, _ uint64) bool {
		frames := said(recorded)
		if len(frames) > n {
			f = frames[n]
		}
		return len(frames) > n
	})
	kind, pattern := wire.Msg, heard.Message
	if heard.Oversize != nil {
		kind, pattern = wire.Oversize, heard.Oversize
	}
	if f.Kind != kind {
		p.Fatalf("message %d is %s %.500s, expected %s %s", n, f.Kind, f.Payload, kind, pattern)
	}
	if err := conformance.Mismatch(pattern, f.Payload); err != nil {
		p.Fatalf("message %d: %v", n, err)
	}
	if heard.Answer != nil {
		id := json.RawMessage("null")
		if m, err := wire.ParseMessage(f.Payload); err == nil && m.ID != nil {
			id = m.ID
		}
		answer := strings.TrimPrefix(string(wire.JSON(heard.Answer)), "{")
		p.server.Send(wire.Msg, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s`, id, answer))
	}
}

// ends waits for the exit, and looks at what the log has.
func (p *pod) ends(e conformance.Exchange) {
	p.Helper()
	frames, exit := p.received()
	if more := said(frames); len(more) != len(e.Messages) {
		p.Errorf("%d messages, the last %.500s", len(more), more[len(more)-1].Payload)
	}
	if code := p.exited(5 * time.Second); code != e.Exit.Code || exit.Code != e.Exit.Code || exit.Signal != e.Exit.Signal {
		p.Errorf("exit code %d, told %+v", code, exit)
	}
	last := ""
	if len(exit.StderrTail) > 0 {
		last = exit.StderrTail[len(exit.StderrTail)-1]
	}
	if !strings.Contains(last, e.Exit.LastLine) {
		p.Errorf("last line %q", last)
	}
	for _, text := range e.Log {
		if !strings.Contains(p.stdout.String()+p.stderr.String(), text) {
			p.Errorf("%q is not in the log", text)
		}
	}
}

// What may be wrong with what a worker says, and in which protocols it can be.
var badInput = map[string]string{
	"not JSON":                         "jsonrpc task http messages",
	"JSON of the wrong shape":          "jsonrpc task http messages",
	"too large":                        "jsonrpc task http messages",
	"partial and then killed":          "jsonrpc task http messages",
	"never ready":                      "http messages",
	"ready late":                       "http messages",
	"byte by byte":                     "jsonrpc task http messages",
	"wrong content type":               "http",
	"exits between ready and execute":  "http messages",
	"out of order":                     "jsonrpc messages",
	"unknown type":                     "jsonrpc messages",
	"wrong id":                         "jsonrpc messages",
	"exit code contradicts the answer": "jsonrpc task http messages",
	"nothing is answered":              "jsonrpc task http messages",
	"answers twice":                    "jsonrpc task messages",
}

func TestBadInputIsCoveredForEachProtocol(t *testing.T) {
	for _, protocol := range protocols {
		covered := map[string]bool{}
		for _, e := range exchangesOf(t, protocol) {
			if _, known := badInput[e.Covers]; e.Covers != "" && !known {
				t.Errorf("%s: %s covers %q, which is not in the table", protocol, e.Name, e.Covers)
			}
			covered[e.Covers] = true
		}
		for kind, where := range badInput {
			if strings.Contains(where, protocol) && !covered[kind] {
				t.Errorf("%s: no exchange covers %q", protocol, kind)
			}
		}
	}
}
