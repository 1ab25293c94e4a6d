package checkup

import (
	"bytes"
	"fmt"
	"strings"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/trial"
)

// doctor looks at one trial.
type doctor struct {
	subject Subject
	*trial.Report
	language language
	sources  sources
}

// protocols are what is checked of a worker's first job. They say whether it makes sense to go on.
var protocols = map[string]func(doctor, *findings) bool{
	"jsonrpc": doctor.jsonrpc, "task": doctor.task, "http": doctor.http, "messages": doctor.messages,
}

// Protocols are what there is.
const Protocols = "jsonrpc, task, http or messages"

// Knows says whether there is such a protocol.
func Knows(protocol string) bool { return protocols[protocol] != nil }

func (d doctor) start() problem {
	if d.Exit.Error == "" {
		return problem{}
	}
	return problem{d.Exit.Error, "check the command: its first word must be a program that is there and may be run"}
}

// outcome is what became of the job, for a remark.
func (d doctor) outcome() string {
	switch {
	case d.Failure != nil:
		name := d.Failure.Type
		if name == "" {
			name = "Error"
		}
		return fmt.Sprintf("the job failed with %s: %s", name, adapter.Shorten(d.Failure.Message, 200))
	case d.Oversize != nil:
		return "the result is over the limit"
	case d.Result != nil:
		return "the result is " + adapter.Shorten(string(d.Result), 200)
	}
	return ""
}

// howItEnded is the exit in words, with where in the program.
func (d doctor) howItEnded() string {
	text := fmt.Sprintf("it exited with code %d", d.Exit.Code)
	if d.Exit.Signal != "" {
		text = "it was ended by " + d.Exit.Signal
	}
	text += d.where()
	if last := d.lastWords(); last != "" {
		text += "\nits last line: " + last
	}
	return text
}

// where is the line of the program that its traceback names.
func (d doctor) where() string {
	if place := d.sources.traceback(d.language, d.Stderr+"\n"+d.Stdout); place != "" {
		return "\n" + place
	}
	return ""
}

// lastWords is the last line that the worker itself wrote to the log.
func (d doctor) lastWords() string {
	for i := len(d.Exit.StderrTail) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(d.Exit.StderrTail[i]); line != "" && !strings.HasPrefix(line, "podwork:") {
			return adapter.Excerpt([]byte(line))
		}
	}
	return ""
}

// ended is about a worker whose job is done.
func (d doctor) ended(how, cure string) problem {
	switch {
	case d.Exit.Signal != "" || d.killed():
		return problem{fmt.Sprintf("it did not end within %v of %s, and was ended by a signal", d.subject.Grace, how), cure}
	case d.Exit.Code != 0 && d.Failure == nil:
		return problem{
			fmt.Sprintf("it exited with code %d although it answered with a result: the two contradict each other", d.Exit.Code),
			"exit with code 0 when the job is done; or answer with an error",
		}
	}
	return problem{}
}

// killed says that the worker took so long that it was ended by force, which the shim does not tell of a worker
// whose job was done.
func (d doctor) killed() bool { return d.Answered() && d.Took() >= d.subject.Grace }

func (d doctor) cancelled() problem {
	if d.Exit.Signal == "SIGKILL" || d.Exit.Code == 137 {
		return problem{
			fmt.Sprintf("a job that was cancelled did not end within %v of SIGTERM, and was killed", d.subject.Grace),
			"do not ignore SIGTERM: clean up and exit when it comes",
		}
	}
	return problem{}
}

// odd is about a job whose data nobody expects.
func (d doctor) odd() problem {
	switch {
	case d.failedWith("ConnectionLost"):
		return problem{
			fmt.Sprintf("it did not answer a job with the data %s: %s", oddData, d.Failure.Message) + d.where(),
			"catch what can go wrong and answer with status 400 or 500 and {\"detail\": …}, so that the Job's status.error says what it was",
		}
	case d.Answered():
		return problem{}
	case d.Late():
		return problem{
			fmt.Sprintf("it did not answer a job with the data %s within %v", oddData, d.subject.Patience),
			"check the data first, and answer with an error that names what is wrong with it",
		}
	}
	return problem{
		fmt.Sprintf("it did not answer a job with the data %s: %s", oddData, d.howItEnded()),
		"catch what can go wrong and answer with an error, so that the Job's status.error has a type and a message",
	}
}

// line is one of stdout, counted from 1.
type line struct {
	number int
	text   []byte
	ended  bool // by a newline
	late   bool // it came when patience was over
}

// lines are what the worker wrote.
func (d doctor) lines() (all []line) {
	at := 0
	for number, rest := 1, d.Output; len(rest) > 0; number++ {
		l := line{number: number, text: rest}
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			l.text, l.ended = rest[:end], true
			at, rest = at+end+1, rest[end+1:]
		} else {
			at, rest = at+len(rest), nil
		}
		l.late = d.Late() && at > d.InTime
		all = append(all, l)
	}
	return all
}

// at says where a line of stdout is, and where in the program it may come from.
func (d doctor) at(l line, fragments ...string) string {
	text := fmt.Sprintf("line %d of its stdout: %s", l.number, adapter.Excerpt(l.text))
	if place := d.sources.find(append(fragments, string(l.text))...); place != "" {
		text += "\n" + place
	}
	return text
}
