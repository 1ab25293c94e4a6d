package checkup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// task is what docs/workers/task.md asks for.
func (d doctor) task(f *findings) bool {
	if d.Late() {
		f.fail("ends by itself", d.unended(), "exit when the document is written; if the job takes longer than that, give --timeout SECONDS or other --data")
		return false
	}
	f.pass("ends by itself", "")
	if !f.judge("writes one JSON document to stdout", d.document(), d.tooLarge()) {
		return false
	}
	members := membersOf(d.Output)
	success := string(members["success"])
	if !f.judge(`says "success"`, d.success(success)) {
		return false
	}
	f.judge("its exit code agrees", d.exitCode(success == "true"))
	if success == "false" {
		f.judge("says why a job failed", d.reason(members["error"]))
	}
	(*f)[len(*f)-1].Remark = d.outcome()
	return true
}

func (d doctor) unended() string {
	text := fmt.Sprintf("it did not exit within %v", d.subject.Patience)
	if json.Valid(d.Output[:d.InTime]) {
		text += ", although its document was complete"
	} else if len(d.Output) == 0 {
		text += ", and wrote nothing to stdout"
	}
	return text
}

func (d doctor) document() problem {
	text := bytes.TrimSpace(d.Output)
	if d.Oversize != nil {
		return problem{}
	}
	if len(text) == 0 {
		return problem{
			"nothing was written to stdout: " + d.howItEnded(),
			`write {"success": true, "result": …} or {"success": false, "error": {"type": …, "message": …}} to stdout, also where something goes wrong`,
		}
	}
	for _, l := range d.lines() {
		trimmed := bytes.TrimSpace(l.text)
		if len(trimmed) == 0 {
			continue
		}
		if trimmed[0] == '{' {
			break
		}
		return problem{d.at(l) + "\nit stands before the document", d.language.stderr()}
	}
	var first json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(d.Output))
	if err := decoder.Decode(&first); err != nil {
		return d.broken(err)
	}
	behind := d.Output[decoder.InputOffset():]
	if len(bytes.TrimSpace(behind)) > 0 {
		start := len(d.Output) - len(bytes.TrimLeft(behind, " \t\r\n"))
		l := d.lineAt(start)
		if membersOf(l.text) != nil {
			return problem{d.at(l) + "\nit is a second document", "write one document, when all is done"}
		}
		return problem{d.at(l) + "\nit stands behind the document", d.language.stderr()}
	}
	return problem{}
}

func (d doctor) broken(err error) problem {
	offset := len(d.Output)
	if syntax, ok := err.(*json.SyntaxError); ok && syntax.Offset > 0 {
		offset = int(syntax.Offset) - 1
	}
	if strings.Contains(err.Error(), "unexpected EOF") || offset >= len(d.Output) {
		return problem{
			fmt.Sprintf("the document is cut off after %d bytes: %s", len(d.Output), d.howItEnded()),
			"write all of the document, and flush, before the program exits",
		}
	}
	l := d.lineAt(offset)
	return problem{d.at(l) + "\nit is not JSON: " + err.Error(), cureOf(l.text)}
}

// lineAt is the line with the byte at an offset.
func (d doctor) lineAt(offset int) line {
	at := 0
	for _, l := range d.lines() {
		if at += len(l.text) + 1; at > offset {
			return l
		}
	}
	return line{}
}

func (d doctor) success(success string) problem {
	const cure = `write {"success": true, "result": …} or {"success": false, "error": {"type": …, "message": …}}`
	l := d.lineWith(func(text []byte) bool { return len(bytes.TrimSpace(text)) > 0 })
	switch success {
	case "true", "false":
		return problem{}
	case "":
		return problem{d.at(l) + "\nit has no member \"success\"", cure}
	}
	return problem{d.at(l, `"success"`) + "\nits \"success\" is " + success + ": it must be true or false", cure}
}

func (d doctor) exitCode(success bool) problem {
	place := d.where()
	switch {
	case d.Exit.Signal != "":
		return problem{"it wrote its document, and was ended by " + d.Exit.Signal + place, "exit by itself: with code 0 where success is true"}
	case success && d.Exit.Code != 0:
		return problem{
			fmt.Sprintf(`it wrote "success": true, but exited with code %d: the job fails`, d.Exit.Code) + place,
			"exit with code 0 when success is true",
		}
	case !success && d.Exit.Code == 0:
		return problem{
			`it wrote "success": false, but exited with code 0`,
			"exit with code 1, or 2 where another try cannot help",
		}
	}
	return problem{}
}

func (d doctor) reason(failure json.RawMessage) problem {
	const cure = `write "error": {"type": "ValueError", "message": "what is wrong, and how to mend it", "retry_possible": false}`
	members := membersOf(failure)
	switch {
	case failure == nil:
		return problem{`the document has no "error"`, cure}
	case members != nil && members["message"] == nil:
		return problem{`"error" has no "message": ` + string(failure), cure}
	}
	return problem{}
}
