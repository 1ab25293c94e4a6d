package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// ErrLineTooLong ends a connection whose peer does not keep to the limit.
var ErrLineTooLong = errors.New("line over the limit")

// LineReader takes lines from a connection. It holds one line at most.
type LineReader struct {
	src   *bufio.Reader
	limit int
}

// NewLineReader reads lines of at most limit bytes.
func NewLineReader(src io.Reader, limit int) *LineReader {
	return &LineReader{src: bufio.NewReaderSize(src, 32<<10), limit: limit}
}

// Next returns a line without its newline. Unless owned, it is valid until the next call only.
// What stands behind the last newline when the connection ends is discarded.
func (r *LineReader) Next() (line []byte, owned bool, err error) {
	line, err = r.src.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		owned = true
		line, err = r.long(line)
	}
	if err != nil {
		return nil, false, err
	}
	if len(line)-1 > r.limit {
		return nil, false, fmt.Errorf("%w of %d bytes", ErrLineTooLong, r.limit)
	}
	return line[:len(line)-1], owned, nil
}

func (r *LineReader) long(head []byte) ([]byte, error) {
	var line Rope
	line.Add(head)
	for {
		part, err := r.src.ReadSlice('\n')
		if line.Len()+len(part) > r.limit+1 {
			return nil, fmt.Errorf("%w of %d bytes", ErrLineTooLong, r.limit)
		}
		line.Add(part)
		if err != bufio.ErrBufferFull {
			return line.Join(), err
		}
	}
}

// Rest is the connection behind the lines that were taken.
func (r *LineReader) Rest() *bufio.Reader { return r.src }
