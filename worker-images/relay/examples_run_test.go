package main

import (
	"os"
	"regexp"
	"testing"
)

func TestTheExamplesOfTheDocuments(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"task", "http", "messages"} {
		text, err := os.ReadFile("../../docs/workers/" + protocol + ".md")
		if err != nil {
			t.Fatal(err)
		}
		program := regexp.MustCompile("(?s)```python\n(.*?)```").FindSubmatch(text)
		if program == nil {
			t.Fatalf("%s.md has no example in Python", protocol)
		}
		p := speaking(t, protocol)
		p.write("worker.py", string(program[1]))
		if o := p.job(`{"text":"four"}`, python(), p.file("worker.py")); string(o.result) != `{"length":4}` || o.exit.Code != 0 {
			t.Errorf("%s: %+v", protocol, o)
		}
		p = speaking(t, protocol)
		p.write("worker.py", string(program[1]))
		if o := p.job(`{}`, python(), p.file("worker.py")); o.result != nil {
			t.Errorf("%s without text: %+v", protocol, o)
		}
	}
}
