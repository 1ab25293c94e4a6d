// Package output takes apart what a worker writes: which lines of stdout are messages, and which
// are for the log.
package output

import (
	"bytes"
	"io"

	"podwork.dev/relay/internal/wire"
)

// Kind is what a Piece of stdout is.
type Kind int

const (
	// Text is for the log as it is: any number of lines, or part of one.
	Text Kind = iota
	// Line is a whole line that begins like a JSON object.
	Line
	// TextCut ends a line of text whose Data over the limit was dropped.
	TextCut
	// LineCut stands for a line over the limit that began like a JSON object; Data is its head.
	LineCut
)

// cutBytes is how much is kept of a line that is cut.
const cutBytes = 4 << 10

// Piece is the next thing that a Scanner found.
type Piece struct {
	Kind Kind
	// Data is valid until the next call, unless Owned.
	Data  []byte
	Owned bool
	// Ended says that a newline stood behind a Line.
	Ended bool
	// Bytes is the length of the line that was cut.
	Bytes int64
}

type state int

const (
	lineStart state = iota
	inText          // its beginning is with the caller already
	inLine          // its beginning is in long
	inTextCut
	inLineCut
)

// Scanner takes stdout apart by bytes, however the reads split it. Text comes at once, without
// waiting for its newline. It holds one line at most, and only one that may be a message.
type Scanner struct {
	src   io.Reader
	limit int
	buf   []byte // what was read and not yet returned is buf[r:w]
	r, w  int
	err   error
	state state
	long  wire.Rope
	head  []byte // of the line, in inLineCut
	bytes int64  // of the line so far, in inText and the cut states
}

// NewScanner reads src; lines may have limit bytes.
func NewScanner(src io.Reader, limit int) *Scanner {
	return &Scanner{src: src, limit: limit, buf: make([]byte, 64<<10)}
}

// Next returns pieces until the source's error.
func (s *Scanner) Next() (Piece, error) {
	for {
		switch {
		case s.r < s.w:
			piece, found, more := s.take()
			if found {
				return piece, nil
			}
			if more {
				s.fill()
			}
		case s.err == nil:
			s.r, s.w = 0, 0
			s.fill()
		default:
			if piece, found := s.last(); found {
				return piece, nil
			}
			return Piece{}, s.err
		}
	}
}

func (s *Scanner) fill() {
	var n int
	n, s.err = s.src.Read(s.buf[s.w:])
	s.w += n
}

// take deals with some of buf. When it needs more behind the beginning of a line, there is room.
func (s *Scanner) take() (piece Piece, found, more bool) {
	pending := s.buf[s.r:s.w]
	if s.state == lineStart && mayBeObject(pending) {
		newline := bytes.IndexByte(pending, '\n')
		if newline >= 0 && newline <= s.limit {
			s.r += newline + 1
			return Piece{Kind: Line, Data: pending[:newline], Ended: true}, true, false
		}
		if newline < 0 && s.err == nil && len(pending) < len(s.buf) {
			s.r, s.w = 0, copy(s.buf, pending)
			return Piece{}, false, true
		}
		s.state = inLine
	}
	switch s.state {
	case inLine:
		piece, found = s.line(pending)
	case inTextCut, inLineCut:
		piece, found = s.cut(pending)
	default:
		piece, found = s.text(pending)
	}
	return piece, found, false
}

// text takes the rest of a line of text, and the lines behind it that are certainly text too.
func (s *Scanner) text(pending []byte) (Piece, bool) {
	end := 0
	for end < len(pending) && (end == 0 || !mayBeObject(pending[end:])) {
		rest := pending[end:]
		newline := bytes.IndexByte(rest, '\n')
		length := newline
		if newline < 0 {
			length = len(rest)
		}
		if room := int64(s.limit) - s.bytes; int64(length) > room {
			s.state = inTextCut
			s.bytes += room
			end += int(room)
			break
		}
		if newline < 0 {
			s.state = inText
			s.bytes += int64(length)
			end = len(pending)
			break
		}
		s.state, s.bytes = lineStart, 0
		end += newline + 1
	}
	s.r += end
	return Piece{Kind: Text, Data: pending[:end]}, end > 0
}

// line gathers a line that is longer than buf.
func (s *Scanner) line(pending []byte) (Piece, bool) {
	newline := bytes.IndexByte(pending, '\n')
	length := newline
	if newline < 0 {
		length = len(pending)
	}
	if s.long.Len()+length > s.limit {
		s.bytes = int64(s.long.Len())
		if length > cutBytes {
			length = cutBytes
		}
		s.long.Add(pending[:length])
		s.state, s.head, s.long = inLineCut, s.long.Head(cutBytes), wire.Rope{}
		return Piece{}, false
	}
	s.long.Add(pending[:length])
	s.r += length
	if newline < 0 {
		return Piece{}, false
	}
	s.r++
	return s.gathered(true), true
}

func (s *Scanner) gathered(ended bool) Piece {
	s.state = lineStart
	return Piece{Kind: Line, Data: s.long.Join(), Owned: true, Ended: ended}
}

// cut drops the rest of a line over the limit.
func (s *Scanner) cut(pending []byte) (Piece, bool) {
	newline := bytes.IndexByte(pending, '\n')
	if newline < 0 {
		s.bytes += int64(len(pending))
		s.r = s.w
		return Piece{}, false
	}
	s.bytes += int64(newline)
	s.r += newline + 1
	return s.dropped(), true
}

func (s *Scanner) dropped() Piece {
	piece := Piece{Kind: TextCut, Bytes: s.bytes}
	if s.state == inLineCut {
		piece = Piece{Kind: LineCut, Bytes: s.bytes, Data: s.head, Owned: true}
	}
	s.state, s.head, s.bytes = lineStart, nil, 0
	return piece
}

// last is what the end of the source leaves behind.
func (s *Scanner) last() (Piece, bool) {
	switch s.state {
	case inLine:
		return s.gathered(false), true
	case inTextCut, inLineCut:
		return s.dropped(), true
	}
	return Piece{}, false
}

// mayBeObject also holds for blanks with nothing behind them yet.
func mayBeObject(line []byte) bool {
	for _, c := range line {
		switch c {
		case '{':
			return true
		case ' ', '\t', '\r':
		default:
			return false
		}
	}
	return true
}
