package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

func TestLinesOverTheLimit(t *testing.T) {
	for _, limit := range []int{10, 100000} {
		for _, length := range []int{0, limit - 1, limit, limit + 1, limit * 2} {
			lines := NewLineReader(strings.NewReader(strings.Repeat("x", length)+"\nnext\n"), limit)
			line, _, err := lines.Next()
			if length > limit {
				if !errors.Is(err, ErrLineTooLong) {
					t.Errorf("%d of %d: %v", length, limit, err)
				}
				continue
			}
			if err != nil || len(line) != length {
				t.Errorf("%d of %d: %d, %v", length, limit, len(line), err)
			}
			if line, _, err = lines.Next(); string(line) != "next" || err != nil {
				t.Errorf("%d of %d: then %q, %v", length, limit, line, err)
			}
		}
	}
}

func FuzzLineReader(f *testing.F) {
	f.Add([]byte("a\n\nb\nrest"))
	f.Add([]byte(strings.Repeat("x", 40000) + "\n\xff\x00\r\n"))
	f.Fuzz(func(t *testing.T, input []byte) {
		const limit = 35000
		for _, source := range []io.Reader{bytes.NewReader(input), iotest.HalfReader(bytes.NewReader(input))} {
			lines := NewLineReader(source, limit)
			want := bytes.Split(input, []byte("\n"))
			for _, expected := range want[:len(want)-1] {
				line, _, err := lines.Next()
				if len(expected) > limit {
					if !errors.Is(err, ErrLineTooLong) {
						t.Fatalf("%d bytes: %v", len(expected), err)
					}
					return
				}
				if err != nil || !bytes.Equal(line, expected) {
					t.Fatalf("%q, %v; want %q", line, err, expected)
				}
			}
			if line, _, err := lines.Next(); err == nil {
				t.Fatalf("%q is no line", line)
			}
		}
	})
}

// Members must agree with encoding/json about what is there.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1,"b":[{"c":"}]"}],"a":"\"\\"}`, ` { "\u0061" : -1.5e3 , "":null } `, `{"a":tru}`, `[]`, `{"a":{}`, ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := map[string]string{}
		err := Members(data, 20, func(key, value []byte) { got[string(key)] = string(value) })
		var want map[string]json.RawMessage
		theirs := json.Unmarshal(data, &want)
		if err != nil {
			if theirs == nil && want != nil && !strings.Contains(err.Error(), "nested deeper") {
				t.Fatalf("%q: %v", data, err)
			}
			return
		}
		if theirs != nil {
			t.Fatalf("%q: accepted, but %v", data, theirs)
		}
		same := map[string]string{}
		for key, value := range want {
			same[key] = string(value)
		}
		// encoding/json repairs invalid UTF-8 in keys.
		if utf8.Valid(data) && !reflect.DeepEqual(got, same) {
			t.Fatalf("%q: %q, want %q", data, got, same)
		}
	})
}

func TestDecode(t *testing.T) {
	f, err := Decode([]byte(` {"more":[],"msg":{"a":1},"seq":7} `))
	if err != nil || f.Seq != 7 || f.Kind != Msg || string(f.Payload) != `{"a":1}` || f.HasAck {
		t.Errorf("%+v, %v", f, err)
	}
	if line := AppendFrame(nil, 7, Msg, []byte(`{"a":1}`)); string(line) != `{"seq":7,"msg":{"a":1}}`+"\n" {
		t.Errorf("%s", line)
	}
	deep := strings.Repeat("[", MaxNesting) + strings.Repeat("]", MaxNesting)
	if _, err := Decode([]byte(`{"seq":1,"msg":` + deep + `}`)); err != nil {
		t.Errorf("a message of the greatest depth: %v", err)
	}
	if _, err := Decode([]byte(`{"seq":1,"msg":[` + deep + `]}`)); err == nil {
		t.Error("a message beyond the greatest depth")
	}
}
