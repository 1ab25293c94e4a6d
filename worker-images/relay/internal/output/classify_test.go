package output

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// What is forwarded is valid JSON in valid UTF-8 on one line, which another parser reads alike.
func FuzzClassify(f *testing.F) {
	for _, line := range readCodec(f).Lines {
		switch {
		case line.Text != nil:
			f.Add([]byte(*line.Text))
		case line.Base64 != nil:
			f.Add(line.Base64)
		}
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.IndexByte(line, '\n') >= 0 {
			return
		}
		message, err := Classify(line)
		if err != nil {
			if err != ErrLog && !LooksLikeMessage(bytes.ToValidUTF8(bytes.TrimSpace(line), []byte("\uFFFD"))) {
				t.Fatalf("%q: %v", line, err)
			}
			return
		}
		var members map[string]json.RawMessage
		if !utf8.Valid(message.Raw) || json.Unmarshal(message.Raw, &members) != nil {
			t.Fatalf("forwarded %q", message.Raw)
		}
		var version string
		if json.Unmarshal(members["jsonrpc"], &version) != nil || version != "2.0" {
			t.Fatalf("%q has version %q", message.Raw, version)
		}
		if _, has := members["method"]; has != message.HasMethod || !bytes.Equal(members["id"], message.ID) {
			t.Fatalf("%q was read as %+v", message.Raw, message)
		}
		_ = LogLine(message.Params)
	})
}

func TestTail(t *testing.T) {
	var tail Tail
	if lines := tail.Lines(); len(lines) != 0 {
		t.Errorf("%q of nothing", lines)
	}
	write := func(text string) { _, _ = tail.Write([]byte(text)) }
	write("one\ntw")
	write("o\n\nlast \xff")
	if lines := tail.Lines(); len(lines) != 4 || lines[1] != "two" || lines[2] != "" || lines[3] != "last \uFFFD" {
		t.Errorf("%q", lines)
	}
	for i := 0; i < 100; i++ {
		write(string(bytes.Repeat([]byte("x"), 5000)) + "\n")
	}
	size := 0
	for _, line := range tail.Lines() {
		if size += len(line); len(line) != tailLineBytes {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	if size != tailBytes {
		t.Errorf("%d bytes", size)
	}
}

func TestNotesStandOnLinesOfTheirOwn(t *testing.T) {
	var log bytes.Buffer
	console := NewConsole(&log)
	_, _ = console.Write([]byte("half"))
	console.Note("%d", 1)
	_, _ = console.Write([]byte("whole\n"))
	console.Line("INFO x")
	if log.String() != "half\npodwork: 1\nwhole\nINFO x\n" {
		t.Errorf("%q", log.String())
	}
}
