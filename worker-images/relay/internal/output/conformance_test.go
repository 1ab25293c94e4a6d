package output

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"podwork.dev/relay/internal/wire"
)

// codec is worker-images/conformance/codec.json: what every implementation agrees on.
type codec struct {
	Limits struct{ LineBytes, HeadBytes, Nesting int }
	Lines  []struct {
		Name   string
		Text   *string
		Base64 []byte
		Parts  []struct {
			Text  string
			Times *int
		}
		Kind    string
		Message json.RawMessage
	}
	Framing []struct {
		Name   string
		Chunks [][]byte
		Lines  [][]byte
		Rest   []byte
	}
}

func readCodec(t testing.TB) (c codec) {
	t.Helper()
	data, err := os.ReadFile("../../../conformance/codec.json")
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLinesAreWhatEverybodySaysTheyAre(t *testing.T) {
	c := readCodec(t)
	if c.Limits.LineBytes != wire.MaxMessage || c.Limits.HeadBytes != headBytes || c.Limits.Nesting != wire.MaxNesting {
		t.Errorf("limits %+v", c.Limits)
	}
	for _, line := range c.Lines {
		data := line.Base64
		switch {
		case line.Text != nil:
			data = []byte(*line.Text)
		case line.Parts != nil:
			for _, part := range line.Parts {
				times := 1
				if part.Times != nil {
					times = *part.Times
				}
				data = append(data, strings.Repeat(part.Text, times)...)
			}
		}
		pieces := scanAll(t, append(data, '\n'))
		kind := "log"
		for _, p := range pieces {
			switch p.Kind {
			case LineCut:
				if LooksLikeMessage(p.Data) {
					kind = "oversize"
				}
			case Line:
				message, err := Classify(p.Data)
				switch {
				case err == nil:
					kind = "message"
					if line.Message != nil && !sameJSON(t, message.Raw, line.Message) {
						t.Errorf("%s: forwarded %s", line.Name, message.Raw)
					}
				case err != ErrLog:
					kind = "broken"
				}
			}
		}
		want := map[string]string{"request": "message", "notification": "message", "response": "message", "invalid": "message"}[line.Kind]
		if want == "" {
			want = line.Kind
		}
		if kind != want {
			t.Errorf("%s: is %s, want %s", line.Name, kind, want)
		}
	}
}

func TestFramesAreWhereEverybodySaysTheyAre(t *testing.T) {
	for _, f := range readCodec(t).Framing {
		lines := wire.NewLineReader(&chunks{f.Chunks}, wire.MaxLine)
		for i := 0; ; i++ {
			line, _, err := lines.Next()
			if err != nil {
				if err != io.EOF || i != len(f.Lines) {
					t.Errorf("%s: %v after %d lines", f.Name, err, i)
				}
				break
			}
			if i >= len(f.Lines) || !bytes.Equal(line, f.Lines[i]) {
				t.Errorf("%s: line %d is %q", f.Name, i, line)
			}
		}
		var got []byte
		for _, p := range scan(t, &chunks{f.Chunks}, wire.MaxMessage) {
			got = append(got, p.Data...)
			if p.Ended {
				got = append(got, '\n')
			}
		}
		if want := bytes.Join(f.Chunks, nil); !bytes.Equal(got, want) {
			t.Errorf("%s: stdout was %q", f.Name, got)
		}
	}
}

type chunks struct{ left [][]byte }

func (c *chunks) Read(data []byte) (int, error) {
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	n := copy(data, c.left[0])
	if c.left[0] = c.left[0][n:]; len(c.left[0]) == 0 {
		c.left = c.left[1:]
	}
	return n, nil
}

func scanAll(t testing.TB, data []byte) []Piece {
	return scan(t, bytes.NewReader(data), wire.MaxMessage)
}

func scan(t testing.TB, from io.Reader, limit int) (pieces []Piece) {
	t.Helper()
	scanner := NewScanner(from, limit)
	for {
		p, err := scanner.Next()
		if err == io.EOF {
			return pieces
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Data = append([]byte(nil), p.Data...)
		pieces = append(pieces, p)
	}
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y bytes.Buffer
	var v, w interface{}
	if json.Unmarshal(a, &v) != nil || json.Unmarshal(b, &w) != nil {
		return false
	}
	_ = json.NewEncoder(&x).Encode(v)
	_ = json.NewEncoder(&y).Encode(w)
	return x.String() == y.String()
}
