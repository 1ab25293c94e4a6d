package main

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

func TestPrintsAreForTheLog(t *testing.T) {
	prints := []string{"text", "42", `"hi"`, "null", "[1]", `{"a":1}`, "", "  ", "NUL \x00 byte", "not UTF-8 \xff", "carriage\rreturn\r", `{"JSONRPC":"2.0"}`}
	p := newPod(t, &fakeserver.Server{}).run(append([]string{"lines"}, escape(prints)...)...)
	if messages := p.messages(); len(messages) != 0 {
		t.Errorf("messages %q", messages)
	}
	p.exited(5 * time.Second)
	if want := strings.Join(prints, "\n") + "\n"; p.stdout.String() != want {
		t.Errorf("stdout %q", p.stdout.String())
	}
	if p.stderr.String() != "" {
		t.Errorf("stderr %q", p.stderr.String())
	}
}

// escape, since an argument cannot hold a NUL.
func escape(lines []string) []string {
	var escaped []string
	for _, line := range lines {
		escaped = append(escaped, strings.ReplaceAll(line, "\x00", `\0`))
	}
	return escaped
}

func TestMessagesTravelAsTheyAreWritten(t *testing.T) {
	p := newPod(t, &fakeserver.Server{}).run("lines",
		` {"jsonrpc" : "2.0", "method":"a","params":[1.0,1e2,"\u00e4"]} `,
		`{"jsonrpc":"2.0","method":"b","params":"`+"\xff"+`"}`,
		`{"jsonrpc":"2.0"}`,
		`{"jsonrpc":"2.0","method":"broken"`,
		`{"jsonrpc":"1.0","method":"old"}`)
	want := []string{
		`{"jsonrpc" : "2.0", "method":"a","params":[1.0,1e2,"\u00e4"]}`,
		"{\"jsonrpc\":\"2.0\",\"method\":\"b\",\"params\":\"\uFFFD\"}",
		`{"jsonrpc":"2.0"}`,
	}
	if messages := p.messages(); !reflect.DeepEqual(messages, want) {
		t.Errorf("messages %q", messages)
	}
	p.exited(5 * time.Second)
	if want := `{"jsonrpc":"2.0","method":"broken"` + "\n" + `{"jsonrpc":"1.0","method":"old"}` + "\n"; p.stdout.String() != want {
		t.Errorf("stdout %q", p.stdout.String())
	}
	for _, reason := range []string{"unexpected end of JSON input", `must be the string "2.0"`} {
		if !strings.Contains(p.stderr.String(), reason) {
			t.Errorf("stderr %q does not say %q", p.stderr.String(), reason)
		}
	}
}

func TestHalfALineAtTheEnd(t *testing.T) {
	cases := []struct {
		text     string
		messages []string
		stdout   string
	}{
		{`{"jsonrpc":"2.0","id":1,"result":5}`, []string{`{"jsonrpc":"2.0","id":1,"result":5}`}, ""},
		{`{"jsonrpc":"2.0","id":1,"res`, nil, `{"jsonrpc":"2.0","id":1,"res`},
		{"half", nil, "half"},
		{"whole\nhalf", nil, "whole\nhalf"},
	}
	for _, c := range cases {
		p := newPod(t, &fakeserver.Server{}).run("text", c.text)
		if messages := p.messages(); !reflect.DeepEqual(messages, c.messages) {
			t.Errorf("%q: messages %q", c.text, messages)
		}
		p.exited(5 * time.Second)
		if p.stdout.String() != c.stdout {
			t.Errorf("%q: stdout %q", c.text, p.stdout.String())
		}
	}
}

func TestTextIsShownBeforeItsLineEnds(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.startShim("sh", "-c", "printf 'Loading ...'; sleep 30")
	p.eventually("the text is there", func() bool { return p.stdout.String() == "Loading ..." })
}

func TestLogCallsAreReadableWithoutAnOperator(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.env = append(p.env, "PODWORK_DRAIN_SECONDS=0")
	p.startShim(os.Args[0], "worker", "lines",
		`{"jsonrpc":"2.0","id":1,"method":"ctx.logger.log","params":{"level":"info","message":"loss \u00e4","metadata":{"n": 1}}}`,
		`{"jsonrpc":"2.0","method":"ctx.logger.log","params":{"level":"error","message":"plain","metadata":{}}}`,
		`{"jsonrpc":"2.0","method":"ctx.logger.log","params":{"level":5}}`,
		`{"jsonrpc":"2.0","method":"ctx.logger.log"}`)
	p.exited(5 * time.Second)
	if !strings.HasPrefix(p.stderr.String(), "INFO loss ä {\"n\":1}\nERROR plain\npodwork: ") {
		t.Errorf("stderr %q", p.stderr.String())
	}
}

// bound of the shim's memory for any traffic: two lines of the greatest length, and the windows.
const bound = 100 << 20 * raceFactor

func TestLinesOverTheLimit(t *testing.T) {
	cases := []struct {
		name   string
		head   string
		bytes  int
		frame  bool
		shown  int
		notice string
	}{
		{"a message of 17 MiB", `{"jsonrpc":"2.0","id":3,"method":"`, 17 << 20, true, 4 << 10, "was dropped"},
		{"an object of 17 MiB", `{"a":"`, 17 << 20, false, 4 << 10, "was dropped"},
		{"text of 17 MiB", `x`, 17 << 20, false, 16 << 20, "was cut"},
		{"a message of 1 GiB", `{"jsonrpc":"2.0","id":3,"method":"`, 1 << 30, true, 4 << 10, "was dropped"},
		{"text of 1 GiB", "x", 1 << 30, false, 16 << 20, "was cut"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPod(t, &fakeserver.Server{})
			p.server.Deaf(true) // so that the shim stays to be measured
			p.run("oversize", c.head, fmt.Sprint(c.bytes))
			before, _ := p.received()
			p.checkMemory(bound)
			p.server.Deaf(false)
			p.exited(60 * time.Second)
			last := before[len(before)-1]
			if string(last.Payload) != `{"jsonrpc":"2.0","id":1,"result":"after"}` {
				t.Errorf("the line behind it is %.100s", last.Payload)
			}
			if c.frame {
				want := fmt.Sprintf(`{"bytes":%d,"head":`, c.bytes+len(c.head))
				if len(before) != 2 || before[0].Kind != wire.Oversize || !bytes.HasPrefix(before[0].Payload, []byte(want)) || len(before[0].Payload) > 400 {
					t.Errorf("reported %v %.400s", before[0].Kind, before[0].Payload)
				}
			} else if len(before) != 1 {
				t.Errorf("%d lines sent", len(before))
			}
			if shown := len(p.stdout.String()); shown != c.shown+1 {
				t.Errorf("%d bytes shown", shown)
			}
			if note := p.stderr.String(); !strings.Contains(note, fmt.Sprint(c.bytes+len(c.head))) || !strings.Contains(note, c.notice) {
				t.Errorf("noted %q", note)
			}
		})
	}
}

func TestAFloodOfTextIsPassedOnUnchanged(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.startRelay()
	p.startShim("sh", "-c", "seq 1 2000000; seq 1 100000 >&2")
	p.received()
	p.exited(30 * time.Second)
	var want, wantErr bytes.Buffer
	for i := 1; i <= 2000000; i++ {
		fmt.Fprintln(&want, i)
		if i == 100000 {
			wantErr.Write(want.Bytes())
		}
	}
	if p.stdout.String() != want.String() || p.stderr.String() != wantErr.String() {
		t.Errorf("%d and %d bytes arrived of %d and %d", len(p.stdout.String()), len(p.stderr.String()), want.Len(), wantErr.Len())
	}
}

func TestNobodyReadsTheContainersStdout(t *testing.T) {
	p := newPod(t, &fakeserver.Server{})
	p.startRelay()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	p.shim = execCommand(p, writer, "lines", "text", `{"jsonrpc":"2.0","method":"m"}`)
	writer.Close()
	if messages := p.messages(); len(messages) != 1 {
		t.Errorf("messages %q", messages)
	}
	if code := p.exited(5 * time.Second); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
