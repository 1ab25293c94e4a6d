package conformance

import "testing"

// A runner that accepts anything would prove nothing.
func TestMatchesAreToldFromMismatches(t *testing.T) {
	for _, c := range []struct {
		pattern, value string
		matches        bool
	}{
		{`{"a":1}`, `{"a":1,"b":2}`, true},
		{`{"a":1}`, `{"a":1.0}`, true},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":0}`, `{"a":false}`, false},
		{`{"a":null}`, `{}`, false},
		{`{"a":null}`, `{"a":null}`, true},
		{`{"a":{"$absent":true}}`, `{"a":null}`, false},
		{`{"a":{"$absent":true}}`, `{}`, true},
		{`{"a":{"$nothing":true}}`, `{"a":null}`, true},
		{`{"a":{"$nothing":true}}`, `{"a":0}`, false},
		{`{"a":{"$empty":true}}`, `{"a":{"b":1}}`, false},
		{`{"a":{"$any":true}}`, `{}`, false},
		{`{"$id":true}`, `null`, false},
		{`{"$id":true}`, `7`, true},
		{`{"$string":true}`, `""`, false},
		{`{"$contains":["a","b"]}`, `"ba"`, true},
		{`{"$contains":["a","c"]}`, `"ba"`, false},
		{`{"$contains":["a"]}`, `["a"]`, false},
		{`{"$repeat":["x",3]}`, `"xxx"`, true},
		{`{"$repeat":["x",3]}`, `"xx"`, false},
		{`{"$typo":true}`, `1`, false},
		{`[1,2]`, `[1]`, false},
		{`[1,2]`, `[1,2]`, true},
		{`123456789012345678901`, `123456789012345678901`, true},
	} {
		if err := Mismatch([]byte(c.pattern), []byte(c.value)); (err == nil) != c.matches {
			t.Errorf("%s for %s: %v", c.pattern, c.value, err)
		}
	}
	if Mismatch([]byte(`null`), nil) == nil || Mismatch([]byte(`{"$absent":true}`), nil) != nil {
		t.Error("what is not there is not null")
	}
}

func TestRepeatIsWrittenOut(t *testing.T) {
	text, err := Expand([]byte(`{"a":[{"$repeat":["ab",2]},1.50],"<":null}`))
	if err != nil || string(text) != `{"<":null,"a":["abab",1.50]}` {
		t.Errorf("%s, %v", text, err)
	}
	if _, err := Expand([]byte(`{"$repeat":["ab"]}`)); err == nil {
		t.Error("half a $repeat was taken")
	}
}
