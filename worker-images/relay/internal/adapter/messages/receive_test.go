package messages

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/session"
)

// said runs the worker's side alone, with a job that is being executed.
func said(t testing.TB, stdout io.Reader) (told *adapter.Reply, log string) {
	t.Helper()
	var out, err bytes.Buffer
	s := session.New(session.Options{})
	s.Unbound()
	a := New(&adapter.Host{Session: s, Stdout: output.NewConsole(&out), Stderr: output.NewConsole(&err), Tail: &output.Tail{}},
		adapter.Settings{Start: time.Minute})
	a.job, a.state = json.RawMessage(`"j"`), executing
	a.Stdout(stdout)
	select {
	case r := <-a.settled:
		return &r, out.String() + err.String()
	default:
		return nil, out.String() + err.String()
	}
}

func FuzzStdout(f *testing.F) {
	f.Add([]byte(`{"type":"stream_chunk","job_id":"j","chunk":"a","is_final":true}` + "\n" + `{"type":"result","job_id":"j","status":"success","data":{}}` + "\n"))
	f.Add([]byte("text\n" + `{"type":"result","job_id":"j","status":"error","error":{"type":"E","code":7}}` + "\n"))
	f.Add([]byte(`{"type":"error","error":"x","retriable":false}`))
	f.Add([]byte(`{"type":"response","request_type":"reload"}` + "\n" + `{"type":7}` + "\n" + `{"type":`))
	f.Fuzz(func(t *testing.T, stdout []byte) {
		told, _ := said(t, bytes.NewReader(stdout))
		again, _ := said(t, iotest.OneByteReader(bytes.NewReader(stdout)))
		if (told == nil) != (again == nil) {
			t.Fatalf("how %q is split decides what it says", stdout)
		}
		if told == nil {
			return
		}
		if told.IsEmpty() || told.Failure != nil && (told.Failure.Type == "" || told.Failure.Message == "") {
			t.Errorf("%q came to %+v", stdout, told)
		}
		if told.Result != nil && !json.Valid(told.Result) {
			t.Errorf("the result %q of %q is no JSON", told.Result, stdout)
		}
	})
}

func TestOnlyObjectsWithATypeAreMessages(t *testing.T) {
	for _, text := range []string{"text\n", "{}\n", `{"a":1}` + "\n", `{"type":7}` + "\n", `{"Type":"result"}` + "\n", `["type"]` + "\n", `{'type': 1}` + "\n", "{", `{"type": "res`} {
		if told, log := said(t, bytes.NewReader([]byte(text))); told != nil || log != text {
			t.Errorf("%q: %+v, log %q", text, told, log)
		}
	}
}

func TestIDsAreComparedByValue(t *testing.T) {
	for _, id := range []string{`"j"`, `"\u006a"`} {
		if told, _ := said(t, bytes.NewReader([]byte(`{"type":"result","job_id":`+id+`,"status":"success","data":0}`))); told == nil || string(told.Result) != "0" {
			t.Errorf("%s: %+v", id, told)
		}
	}
}
