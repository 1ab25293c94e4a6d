package checkup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"podwork.dev/relay/internal/wire"
)

// messages is what docs/workers/messages.md asks for.
func (d doctor) messages(f *findings) bool {
	readable := f.judge("writes messages that can be read", d.unreadableMessage())
	if d.failedWith("WorkerNotReady", "WorkerNotStarted") {
		p := d.silent(`message {"type": "ready"}`, d.subject.Start)
		switch {
		case d.failedWith("WorkerNotStarted"):
			p.cure = "see its last lines; what it needs of its configuration is to be given with --config"
		case d.lateLine() == nil:
			p.cure = `answer the request {"type": "init"} with {"type": "ready", "loaded_plugins": […]} on one line, and flush`
		}
		f.fail("says that it is ready", p.wrong, p.cure)
		return false
	}
	if d.said("ready") {
		f.pass("says that it is ready", "")
	}
	if !readable {
		return false
	}
	answer := d.badMessage()
	if answer.wrong == "" {
		answer = d.unansweredMessage()
	}
	if !f.judge("answers execute", answer, d.tooLarge()) {
		return false
	}
	(*f)[len(*f)-1].Remark = d.outcome()
	f.judge("says each thing once, and only when asked", d.unasked())
	f.judge("ends when it is told to stop", d.ended(`{"type": "stop"}`, `leave the loop at {"type": "stop"}, and exit with code 0`))
	return true
}

func (d doctor) failedWith(types ...string) bool {
	for _, t := range types {
		if d.Failure != nil && d.Failure.Type == t {
			return true
		}
	}
	return false
}

func typeOf(members map[string]json.RawMessage) string { return string(wire.Unquote(members["type"])) }

func (d doctor) said(kind string) bool {
	for _, l := range d.lines() {
		if !l.late && typeOf(membersOf(l.text)) == kind {
			return true
		}
	}
	return false
}

func (d doctor) unreadableMessage() problem {
	messages := 0
	for _, l := range d.lines() {
		trimmed := bytes.TrimSpace(l.text)
		members := membersOf(trimmed)
		looks := bytes.HasPrefix(trimmed, []byte("{")) && bytes.Contains(trimmed, []byte("type"))
		switch {
		case members == nil && looks && !json.Valid(trimmed):
			return problem{d.at(l) + "\nit looks like a message and is not JSON", cureOf(trimmed)}
		case members != nil && members["type"] != nil && typeOf(members) == "":
			return problem{d.at(l) + "\nits type must be a string", `write "type": "result", say`}
		case members != nil && members["type"] == nil && (members["job_id"] != nil || members["status"] != nil):
			return problem{d.at(l) + "\nit has no type, so it is taken for a print", `add "type": "result" (or stream_chunk, …)`}
		case members != nil && !l.ended && d.Late():
			return problem{d.at(l) + "\nit has no line end", `write "\n" behind each message`}
		case members != nil:
			messages++
		}
	}
	if messages == 0 && isPretty(d.Output) {
		return problem{"a message on several lines", "write each message on one line (no indentation), and the line's end behind it"}
	}
	return problem{}
}

// badMessage finds the first message that the protocol has no place for.
func (d doctor) badMessage() problem {
	const sameID = "send the job_id of the execute request, as it is"
	ready := false
	for _, l := range d.lines() {
		m := membersOf(l.text)
		kind := typeOf(m)
		aboutJob := kind == "result" || kind == "stream_chunk"
		switch {
		case kind == "":
		case kind == "ready":
			ready = true
		case !aboutJob && kind != "response" && kind != "state" && kind != "error":
			return problem{d.at(l, `"`+kind+`"`, "'"+kind+"'") + "\nits type is not known", "types are ready, result, stream_chunk, response, state and error"}
		case aboutJob && !ready:
			return problem{d.at(l) + "\nit came before the worker was ready, and so before it had a job", `answer init with {"type": "ready"}, and send this when execute has come`}
		case aboutJob && m["job_id"] == nil:
			return problem{d.at(l, `"`+kind+`"`) + "\nit has no job_id", sameID}
		case aboutJob && string(wire.Unquote(m["job_id"])) != d.Job.ID:
			return problem{
				fmt.Sprintf("%s\nits job_id is %s, but the job is %q", d.at(l, string(wire.Unquote(m["job_id"]))), m["job_id"], d.Job.ID), sameID,
			}
		case kind == "result" && string(wire.Unquote(m["status"])) != "success" && string(wire.Unquote(m["status"])) != "error":
			return problem{d.at(l, `"status"`) + "\nits status must be \"success\" or \"error\"", `add "status": "success" with "data", or "status": "error" with "error"`}
		case kind == "stream_chunk" && m["chunk"] == nil:
			return problem{d.at(l, "stream_chunk") + "\nit has no chunk", `add "chunk": "the text of this part"`}
		}
	}
	return problem{}
}

func (d doctor) unansweredMessage() problem {
	switch {
	case !d.Answered():
		return d.silent("result", d.subject.Patience)
	case d.failedWith("UnexpectedMessage", "InvalidMessage"):
		return problem{d.Failure.Message, "see the table of messages in docs/workers/messages.md"}
	case d.Failure != nil && d.failedWith("PluginError", "WorkerError") && strings.HasPrefix(d.Failure.Message, "the worker gave no reason"):
		return problem{d.Failure.Message, `add "error": "what went wrong" to the message`}
	}
	return problem{}
}

// unasked is what the shim puts up with, and notes in the log.
func (d doctor) unasked() problem {
	for note, cure := range map[string]string{
		"too late, since the job has its result": "send one result, and nothing about the job behind it",
		"nobody asked for":                       "send response and state only when reload, unload or get_state ask for them",
		`"ready" came when`:                      "send ready once, as the answer to init",
	} {
		if at := strings.Index(d.Stderr, note); at >= 0 {
			return problem{strings.SplitN(d.Stderr[at:], "\n", 2)[0], cure}
		}
	}
	return problem{}
}
