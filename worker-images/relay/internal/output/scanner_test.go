package output

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
	"testing/iotest"
)

// summary leaves out what depends on how the reads were split: where text is, and how much of a
// head is kept.
func summary(pieces []Piece) (all []string) {
	text := ""
	flush := func() {
		if text != "" {
			all = append(all, fmt.Sprintf("text %q", text))
		}
		text = ""
	}
	for _, p := range pieces {
		if p.Kind == Text {
			text += string(p.Data)
			continue
		}
		flush()
		switch p.Kind {
		case Line:
			all = append(all, fmt.Sprintf("line %q %v", p.Data, p.Ended))
		case LineCut:
			all = append(all, fmt.Sprintf("line cut, %d", p.Bytes))
		case TextCut:
			all = append(all, fmt.Sprintf("text cut, %d", p.Bytes))
		}
	}
	flush()
	return all
}

func TestScanner(t *testing.T) {
	const limit = 16
	cases := []struct {
		input string
		want  []string
	}{
		{"a\nb\n", []string{`text "a\nb\n"`}},
		{"a\n{\"b\":1}\nc", []string{`text "a\n"`, `line "{\"b\":1}" true`, `text "c"`}},
		{"{half", []string{`line "{half" false`}},
		{" \t{}\r\n", []string{`line " \t{}\r" true`}},
		{"  \n", []string{`text "  \n"`}},
		{"  ", []string{`line "  " false`}},
		{"\n\n", []string{`text "\n\n"`}},
		{"x{1}\n", []string{`text "x{1}\n"`}},
		{"{234567890123456\n", []string{`line "{234567890123456" true`}},
		{"{2345678901234567\nnext\n", []string{`line cut, 17`, `text "next\n"`}},
		{"{2345678901234567", []string{`line cut, 17`}},
		{"1234567890123456\n{}\n", []string{`text "1234567890123456\n"`, `line "{}" true`}},
		{"12345678901234567890\n{}\n", []string{`text "1234567890123456"`, `text cut, 20`, `line "{}" true`}},
		{"12345678901234567890", []string{`text "1234567890123456"`, `text cut, 20`}},
	}
	for _, c := range cases {
		input := func() *bytes.Reader { return bytes.NewReader([]byte(c.input)) }
		for name, pieces := range map[string][]Piece{
			"whole":                scan(t, input(), limit),
			"by byte":              scan(t, iotest.OneByteReader(input()), limit),
			"with the end at once": scan(t, iotest.DataErrReader(input()), limit),
		} {
			if got := summary(pieces); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%q, %s: %q, want %q", c.input, name, got, c.want)
			}
		}
	}
}

// Whatever comes, nothing is lost and nothing depends on how the reads were split.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{"", "a\nb", "{}\n", " {\"a\":1}\nx\n", "{12345678901234567\n", "123456789012345678\n{", "\n \n\t{\r\n", "\x00\xff{\n"} {
		f.Add([]byte(seed), 3)
	}
	const limit = 16
	f.Fuzz(func(t *testing.T, input []byte, size int) {
		if size < 1 {
			size = 1
		}
		var split [][]byte
		for rest := input; len(rest) > 0; {
			n := size
			if n > len(rest) {
				n = len(rest)
			}
			split = append(split, rest[:n])
			rest = rest[n:]
		}
		whole, parts := scan(t, bytes.NewReader(input), limit), scan(t, &chunks{split}, limit)
		var rebuilt []byte
		for _, p := range parts {
			switch p.Kind {
			case Text:
				rebuilt = append(rebuilt, p.Data...)
			case Line:
				if len(p.Data) > limit {
					t.Fatalf("a line of %d bytes", len(p.Data))
				}
				rebuilt = append(rebuilt, p.Data...)
				if p.Ended {
					rebuilt = append(rebuilt, '\n')
				}
			case TextCut, LineCut:
				if p.Bytes <= limit {
					t.Fatalf("a line of %d bytes was cut", p.Bytes)
				}
				if p.Kind == LineCut && !bytes.Contains(input, p.Data) {
					t.Fatalf("head %q was not there", p.Data)
				}
			}
		}
		if cut := longest(input) > limit; !cut && !bytes.Equal(rebuilt, input) {
			t.Fatalf("%q became %q", input, rebuilt)
		}
		if a, b := summary(whole), summary(parts); !reflect.DeepEqual(a, b) {
			t.Fatalf("whole %q, in parts %q", a, b)
		}
	})
}

func longest(input []byte) (n int) {
	for _, line := range bytes.Split(input, []byte("\n")) {
		if len(line) > n {
			n = len(line)
		}
	}
	return n
}
