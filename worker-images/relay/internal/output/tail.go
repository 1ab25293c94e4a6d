package output

import (
	"bytes"
	"sync"
)

const (
	tailLines     = 20
	tailLineBytes = 1 << 10
	tailBytes     = 8 << 10
)

// Tail keeps the last lines of what is written to it.
type Tail struct {
	mu      sync.Mutex
	lines   [][]byte
	partial []byte
	open    bool // partial is the beginning of a line, perhaps an empty one
}

// Write never fails.
func (t *Tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(data)
	for len(data) > 0 {
		newline := bytes.IndexByte(data, '\n')
		rest := data
		if newline >= 0 {
			rest = data[:newline]
		}
		if room := tailLineBytes - len(t.partial); room > 0 {
			if len(rest) < room {
				room = len(rest)
			}
			t.partial = append(t.partial, rest[:room]...)
		}
		t.open = true
		if newline < 0 {
			break
		}
		t.end()
		data = data[newline+1:]
	}
	return n, nil
}

// Line adds a line that does not land in the middle of another.
func (t *Tail) Line(text string) {
	t.mu.Lock()
	open := t.open
	t.mu.Unlock()
	if open {
		text = "\n" + text
	}
	_, _ = t.Write([]byte(text + "\n"))
}

func (t *Tail) end() {
	t.lines = append(t.lines, t.partial)
	t.partial, t.open = nil, false
	if len(t.lines) > tailLines {
		t.lines[0] = nil
		t.lines = t.lines[1:]
	}
}

// Lines are the last ones, oldest first, as valid UTF-8.
func (t *Tail) Lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.lines
	if t.open {
		lines = append(append([][]byte(nil), lines...), t.partial)
	}
	var texts []string
	size := 0
	for i := len(lines) - 1; i >= 0 && len(texts) < tailLines; i-- {
		text := string(bytes.ToValidUTF8(lines[i], []byte("\uFFFD")))
		if size += len(text); size > tailBytes {
			break
		}
		texts = append([]string{text}, texts...)
	}
	return texts
}
