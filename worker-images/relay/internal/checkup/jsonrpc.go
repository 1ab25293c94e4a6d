package checkup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/trial"
	"podwork.dev/relay/internal/wire"
)

// jsonrpc is what docs/workers/jsonrpc.md asks for.
func (d doctor) jsonrpc(f *findings) bool {
	if !f.judge("writes messages that can be read", d.unreadable()) {
		return false
	}
	answers := problem{}
	if !d.Answered() || d.Late() {
		answers = d.unanswered()
	} else if len(d.Answers) > 0 {
		answers = d.badAnswer()
	}
	if !f.judge("answers execute", answers, d.tooLarge()) {
		return false
	}
	(*f)[len(*f)-1].Remark = d.outcome()
	f.judge("answers once", d.again())
	f.judge("calls what there is, as it must be called", d.refused())
	f.judge("ends when it has answered", d.ended("its answer and the end of its stdin", "leave the loop at the end of stdin (an empty read), and exit"))
	return true
}

// unreadable looks for lines that were meant to be messages.
func (d doctor) unreadable() problem {
	messages := 0
	for _, l := range d.lines() {
		_, err := output.Classify(l.text)
		switch {
		case err == nil:
			messages++
			if !l.ended && d.Late() {
				return problem{d.at(l) + "\nit has no line end", `write "\n" behind each message`}
			}
		case err != output.ErrLog:
			return problem{d.at(l) + "\nit looks like a message and is none: " + err.Error(), cureOf(l.text)}
		case d.lacksVersion(l.text):
			return problem{d.at(l) + `
it has no member "jsonrpc", so it is taken for a print`, `add "jsonrpc": "2.0" to every message`}
		}
	}
	if messages == 0 && isPretty(d.Output) {
		return problem{"a message on several lines: " + adapter.Excerpt(bytes.TrimLeft(d.Output, " \n")), "write each message on one line (no indentation), and the line's end behind it"}
	}
	return problem{}
}

func (d doctor) lacksVersion(text []byte) bool {
	members := membersOf(text)
	if members == nil || members["jsonrpc"] != nil {
		return false
	}
	_, method := members["method"]
	_, result := members["result"]
	_, failure := members["error"]
	_, id := members["id"]
	return method || id && (result || failure)
}

func membersOf(object []byte) map[string]json.RawMessage {
	members := map[string]json.RawMessage{}
	object = bytes.ToValidUTF8(bytes.TrimSpace(object), []byte("\uFFFD"))
	if wire.Members(object, wire.MaxNesting, func(key, value []byte) { members[string(key)] = value }) != nil {
		return nil
	}
	return members
}

// isPretty says that a text holds a JSON object on several lines.
func isPretty(text []byte) bool {
	start := bytes.Index(text, []byte("{\n"))
	if start < 0 {
		return false
	}
	var object map[string]json.RawMessage
	return json.NewDecoder(bytes.NewReader(text[start:])).Decode(&object) == nil && len(object) > 0
}

// cureOf is for what is not JSON.
func cureOf(text []byte) string {
	switch {
	case bytes.Contains(text, []byte("NaN")) || bytes.Contains(text, []byte("Infinity")):
		return "JSON has neither NaN nor Infinity: write null or a string"
	case bytes.Contains(text, []byte("'")) && !bytes.Contains(text, []byte(`"`)):
		return "JSON has double quotes: write it with your language's JSON encoder (Python: json.dumps)"
	case bytes.Contains(text, []byte("True")) || bytes.Contains(text, []byte("None")):
		return "write it with your language's JSON encoder (Python: json.dumps), not as the language prints it"
	}
	return "write it with your language's JSON encoder, in one write, on one line"
}

func (d doctor) unanswered() problem {
	for _, stray := range d.Strays {
		id := membersOf(stray)["id"]
		l := d.lineWith(func(text []byte) bool { return bytes.Equal(bytes.TrimSpace(text), stray) })
		if id == nil {
			return problem{d.at(l, `"result"`) + "\nit has no id", fmt.Sprintf("answer with the id of the request: here %d", trial.ExecuteID)}
		}
		return problem{
			fmt.Sprintf("%s\nit answers the id %s, but the id of execute is %d", d.at(l, `"id": `+string(id), `"id":`+string(id), "id="+string(id)), id, trial.ExecuteID),
			"answer with the id that the execute request has, as it is",
		}
	}
	return d.silent("answer to execute", d.subject.Patience)
}

// silent is about a worker that did not say what it should have.
func (d doctor) silent(what string, within time.Duration) problem {
	if !d.Late() {
		return problem{
			fmt.Sprintf("there was no %s: %s", what, d.howItEnded()),
			"catch what can go wrong and answer with an error; exit only behind the answer",
		}
	}
	if late := d.lateLine(); late != nil {
		cure := d.language.flushing()
		if d.language.name == "Python" {
			// The shim makes Python unbuffered.
			cure = "do not wait for the end of stdin, which stays open: read a line at a time (for line in sys.stdin), and flush"
		} else {
			cure += "; and do not wait for the end of stdin, which stays open: read a line at a time"
		}
		return problem{fmt.Sprintf("there was no %s within %v; when its stdin had ended, there came %s", what, within, d.at(*late)), cure}
	}
	return problem{fmt.Sprintf("there was no %s within %v", what, within) + d.where(), "read a line from stdin, do the job, write the answer and flush; if the job takes longer than that, give --timeout SECONDS or other --data"}
}

func (d doctor) lateLine() *line {
	for _, l := range d.lines() {
		if l.late && len(bytes.TrimSpace(l.text)) > 0 {
			l := l
			return &l
		}
	}
	return nil
}

func (d doctor) lineWith(matches func(text []byte) bool) line {
	for _, l := range d.lines() {
		if matches(l.text) {
			return l
		}
	}
	return line{}
}

func (d doctor) badAnswer() problem {
	members := membersOf(d.Answers[0])
	l := d.lineWith(func(text []byte) bool { return bytes.Equal(bytes.TrimSpace(text), d.Answers[0]) })
	_, hasResult := members["result"]
	_, hasError := members["error"]
	isError := hasError && string(members["error"]) != "null"
	failure := membersOf(members["error"])
	switch {
	case !hasResult && !hasError:
		return problem{d.at(l) + "\nit has neither result nor error", `add "result" (null if there is none) or "error"`}
	case isError && hasResult && string(members["result"]) != "null":
		return problem{d.at(l) + "\nit has both result and error: the error counts", "write only one of them"}
	case isError && failure == nil:
		return problem{d.at(l) + "\nits error must be an object, not " + adapter.Excerpt(members["error"]), `write "error": {"code": -32000, "message": "…", "data": {"type": "…"}}`}
	case isError && wire.Unquote(failure["message"]) == nil:
		return problem{d.at(l) + "\nits error has no message that is a string", `write "error": {"code": -32000, "message": "…", "data": {"type": "…"}}`}
	}
	return problem{}
}

func (d doctor) tooLarge() problem {
	if d.Oversize != nil {
		return problem{
			fmt.Sprintf("a message of %d bytes; the limit is %d", d.Oversize.Bytes, wire.MaxMessage),
			"keep large results elsewhere (a bucket, a volume), and answer with where; the Job keeps at most 256 KiB",
		}
	}
	const kept = 256 << 10
	if len(d.Result) > kept {
		return problem{
			fmt.Sprintf("a result of %d bytes of JSON; the Job keeps at most %d", len(d.Result), kept),
			"keep large results elsewhere (a bucket, a volume), and answer with where",
		}
	}
	return problem{}
}

// again is about what was said behind the answer.
func (d doctor) again() problem {
	if len(d.Answers) > 1 {
		l := d.lineWith(func(text []byte) bool { return bytes.Equal(bytes.TrimSpace(text), d.Answers[1]) })
		return problem{d.at(l) + "\nit is a second answer to execute, which is ignored", "answer once, and return behind it"}
	}
	return problem{}
}

func (d doctor) refused() problem {
	seen := map[string]bool{}
	for _, p := range d.Problems {
		l := d.lineWith(func(text []byte) bool { return bytes.Equal(bytes.TrimSpace(text), p.Call) })
		return problem{d.at(l) + "\nthe answer is the error: " + p.Error, "see the table of calls in docs/workers/jsonrpc.md"}
	}
	for _, l := range d.lines() {
		m, err := output.Classify(l.text)
		if err != nil || !m.ExpectsAnswer() {
			continue
		}
		if id := string(m.ID); seen[id] {
			return problem{d.at(l) + "\nthe id " + id + " was used for an earlier request", "count up: each request needs an id of its own (first " + strconv.Itoa(1) + ", 2 and so on)"}
		}
		seen[string(m.ID)] = true
	}
	return problem{}
}
