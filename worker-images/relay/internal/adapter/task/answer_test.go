package task

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"podwork.dev/relay/internal/adapter"
)

func gather(text string, chunk, limit int) (answer, error, string) {
	var log bytes.Buffer
	d := document{text: &log, limit: limit}
	for data := []byte(text); len(data) > 0; {
		n := chunk
		if n > len(data) {
			n = len(data)
		}
		_, _ = d.Write(data[:n])
		data = data[n:]
	}
	a, err := d.answer()
	return a, err, log.String()
}

func TestDocuments(t *testing.T) {
	cases := []struct{ name, text, wrong string }{
		{"success", `{"success":true,"result":{"a":1}}`, ""},
		{"over many lines", "\n {\n\"success\" : true,\r\n\"result\":\n[1,\n2]}\n\n", ""},
		{"no result", `{"success":true}`, ""},
		{"a repeated member", `{"success":false,"success":true}`, ""},
		{"text alone", "done\n", `begins with "done": print everything but the result to stderr`},
		{"text first", "loading model\n" + `{"success":true}`, `begins with "loading model"`},
		{"text behind", `{"success":true}` + "\nbye\n", `but "bye" follows it`},
		{"two documents", `{"success":true}` + "\n" + `{"success":true}`, `but "{\"success\":true}" follows it`},
		{"a list", `[{"success":true}]`, `begins with "[`},
		{"a string", `"success"`, `begins with "\"success\""`},
		{"nothing", "", "nothing was written to stdout"},
		{"blanks", " \n\t\r\n", "nothing was written to stdout"},
		{"cut off", `{"success":true,"result":{"a":`, "cut off after 30 bytes: write all of it, and flush"},
		{"not JSON", "{\"success\":true,\n 'a':1}", "is not JSON: invalid character '\\'' looking for beginning of object key string at line 2, column 2"},
		{"NaN", `{"success":true,"result":NaN}`, "neither NaN nor Infinity"},
		{"no success", `{"result":1}`, `has no "success": write {"success": true`},
		{"success is no boolean", `{"success":"yes"}`, `must be true or false, not "yes"`},
		{"case of the key", `{"Success":true}`, `has no "success"`},
		{"too deep", `{"success":true,"result":` + strings.Repeat("[", 512) + strings.Repeat("]", 512) + `}`, "nested deeper than 512 levels"},
		{"too large", `{"success":true,"result":"` + strings.Repeat("x", 1000) + `"}`, "over the limit"},
		{"UTF-16", "\xff\xfe{\x00", "begins with"},
	}
	for _, c := range cases {
		for _, chunk := range []int{1, 7, 1 << 20} {
			a, err, log := gather(c.text, chunk, 1100)
			if c.name == "too large" {
				a, err, log = gather(c.text, chunk, 999)
			}
			switch {
			case c.wrong == "" && (err != nil || !a.success || log != ""):
				t.Errorf("%s: %+v, %v, log %q", c.name, a, err, log)
			case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
				t.Errorf("%s: %v", c.name, err)
			case c.wrong != "" && c.name != "too large" && strings.TrimSpace(log) != strings.TrimSpace(c.text):
				t.Errorf("%s: the log has %q", c.name, log)
			}
		}
	}
}

func TestTextIsPassedOnAtOnce(t *testing.T) {
	var log bytes.Buffer
	d := document{text: &log, limit: 10}
	for _, part := range []string{"\n", "ste", "p 1\n", "{", strings.Repeat("x", 100)} {
		_, _ = d.Write([]byte(part))
	}
	if log.String() != "\nstep 1\n{"+strings.Repeat("x", 100) {
		t.Errorf("%q", log.String())
	}
}

func TestLogsAreBounded(t *testing.T) {
	a, err := parse([]byte(`{"success":true,"logs":[` + strings.Repeat(`{},`, maxLogs+4) + `{}]}`))
	if err != nil || len(a.logs) != maxLogs || a.logsDropped != 5 {
		t.Errorf("%d kept, %d dropped, %v", len(a.logs), a.logsDropped, err)
	}
}

func TestTheTaskIsWhatTheServerWrote(t *testing.T) {
	cases := map[string]adapter.Job{
		`{"id":17,"type":"T","params":{"n":1.0,"big":12345678901234567890,"n":"\u00e4"}}`: {ID: raw(`17`), Type: raw(`"T"`), Data: raw(`{"n":1.0,"big":12345678901234567890,"n":"\u00e4"}`)},
		`{"id":"a","type":"T","params":{}}`:                                               {ID: raw(`"a"`), Type: raw(`"T"`), Data: raw(`null`)},
		`{"id":"a","type":null,"params":[1],"metadata":{"priority":5}}`:                   {ID: raw(`"a"`), Data: raw(`[1]`), Metadata: raw(`{"priority":5}`)},
	}
	for want, job := range cases {
		job := job
		if got := string(taskOf(&job)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func raw(text string) json.RawMessage { return json.RawMessage(text) }

func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"success":true,"result":{"a":[1,2]},"logs":[{"level":"INFO","message":"x"}]}`), 3)
	f.Add([]byte(`{"success":false,"error":{"type":"E","retry_possible":false}} tail`), 1)
	f.Add([]byte("text\n{"), 2)
	f.Fuzz(func(t *testing.T, text []byte, chunk int) {
		if chunk < 1 {
			chunk = 1
		}
		a, err, log := gather(string(text), chunk, 1<<20)
		switch {
		case err == nil && !json.Valid(bytes.ToValidUTF8(text, []byte("\uFFFD"))):
			t.Errorf("%q was taken for a document", text)
		case err == nil && log != "":
			t.Errorf("a document went to the log: %q", log)
		case err != nil && log != string(text) && len(bytes.TrimLeft(text, " \t\r\n")) > 0:
			t.Errorf("%q is lost: the log has %q", text, log)
		}
		for _, part := range append(a.logs, a.result, a.failure.Code) {
			if len(part) > 0 && !json.Valid(part) {
				t.Errorf("%q is no JSON", part)
			}
		}
	})
}
