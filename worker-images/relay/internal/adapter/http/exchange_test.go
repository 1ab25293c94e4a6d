package http

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"

	"podwork.dev/relay/internal/wire"
)

func FuzzArguments(f *testing.F) {
	for _, data := range []string{`null`, `[1]`, `{"args":[],"kwargs":{}}`, `{"args":{}}`, ` "x" `, `{"kwargs":{"args":1}}`} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			return
		}
		var request struct {
			Args   []json.RawMessage
			Kwargs map[string]json.RawMessage
		}
		if err := json.Unmarshal(argumentsOf(data), &request); err != nil {
			t.Errorf("%s for %s: %v", argumentsOf(data), data, err)
		}
	})
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("{\"a\":1}\n\n2"))
	f.Add([]byte("{\"error\":\"x\"}\n"))
	f.Add([]byte("{\"error\":\"x\"}\n\"y\"\r\nnope"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var values []json.RawMessage
		told := parseStream(iotest.OneByteReader(bytes.NewReader(body)), func(value json.RawMessage) { values = append(values, value) })
		for _, value := range values {
			if !json.Valid(value) {
				t.Errorf("%q of %q is no JSON", value, body)
			}
		}
		if told.Failure == nil {
			var list []json.RawMessage
			if err := json.Unmarshal(told.Result, &list); err != nil || len(list) != len(values) {
				t.Errorf("%d values, %s, %v", len(values), told.Result, err)
			}
		} else if told.Failure.Message == "" {
			t.Errorf("no word of why %q failed", body)
		}
	})
}

func TestAListOverTheLimitIsNotKept(t *testing.T) {
	line := `"` + strings.Repeat("x", 1<<20) + `"` + "\n"
	count := 0
	told := parseStream(strings.NewReader(strings.Repeat(line, 17)), func(json.RawMessage) { count++ })
	if told.TooLarge < 17<<20 || count != 17 {
		t.Errorf("%d values, %d bytes", count, told.TooLarge)
	}
}

func TestNestingIsBounded(t *testing.T) {
	deep := strings.Repeat("[", wire.MaxNesting) + strings.Repeat("]", wire.MaxNesting)
	if told := parseStream(strings.NewReader(deep), func(json.RawMessage) {}); told.Failure == nil || !strings.Contains(told.Failure.Message, "nested deeper") {
		t.Errorf("%+v", told)
	}
}

func TestDetails(t *testing.T) {
	cases := map[string][2]string{
		`{"detail":"why"}`:   {"", "why"},
		`{"error":"why"}`:    {"", "why"},
		`{"detail":[1, 2]}`:  {"", "[1,2]"},
		`{"detail":{"a":1}}`: {"", `{"a":1}`},
		`{"detail":{"type":"T","message":"m"},"more":1}`: {"T", "m"},
		`{"detail":null}`: {"", "null"},
		`{"other":1}`:     {"", ""},
		`text`:            {"", ""},
		``:                {"", ""},
	}
	for body, want := range cases {
		if f := detailOf([]byte(body)); f.Type != want[0] || f.Message != want[1] {
			t.Errorf("%s: %+v", body, f)
		}
	}
}
