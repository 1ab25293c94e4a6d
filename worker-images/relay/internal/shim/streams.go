package shim

import (
	"bufio"
	"io"
	"os"

	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/quick"
	"podwork.dev/relay/internal/session"
	"podwork.dev/relay/internal/wire"
)

// carryStdout sends messages to the server, and everything else to the container's stdout.
func (s *shim) carryStdout(from io.Reader) {
	scanner := output.NewScanner(from, wire.MaxMessage)
	for {
		piece, err := scanner.Next()
		if err != nil {
			return
		}
		switch piece.Kind {
		case output.Text:
			_, _ = s.stdout.Write(piece.Data)
		case output.Line:
			s.carryLine(piece)
		case output.TextCut:
			_, _ = s.stdout.Write([]byte("\n"))
			s.stderr.Note("a line of %d bytes on stdout was cut: the limit is %d", piece.Bytes, wire.MaxMessage)
		case output.LineCut:
			_, _ = s.stdout.Write(append(piece.Data, '\n'))
			s.stderr.Note("a line of %d bytes on stdout was dropped: the limit is %d", piece.Bytes, wire.MaxMessage)
			if output.LooksLikeMessage(piece.Data) {
				s.session.Oversize(output.Describe(piece.Data, piece.Bytes))
			}
		}
	}
}

func (s *shim) carryLine(line output.Piece) {
	message, err := output.Classify(line.Data)
	if err == nil {
		if !line.Owned {
			message.Raw = append([]byte(nil), message.Raw...)
		}
		if message.Method == "ctx.logger.log" {
			if text := output.LogLine(message.Params); text != "" {
				s.stderr.Line(text)
			}
		}
		s.session.Send(message)
		return
	}
	text := line.Data
	if line.Ended {
		text = append(text, '\n')
	}
	_, _ = s.stdout.Write(text)
	if err != output.ErrLog {
		s.stderr.Note("the line of %d bytes on stdout that looks like a message is none: %v", len(line.Data), err)
	}
}

// carryStderr passes stderr on, and remembers its end.
func (s *shim) carryStderr(from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		_, _ = s.stderr.Write(buffer[:n])
		_, _ = s.tail.Write(buffer[:n])
		if err != nil {
			return
		}
	}
}

// feedStdin hands the worker its messages. A worker that closed its stdin misses them.
func (s *shim) feedStdin(stdin *os.File) {
	defer stdin.Close()
	direct, err := quick.NewWriter(stdin)
	if err != nil {
		s.stderr.Note("stdin: %v", err)
		return
	}
	to := bufio.NewWriterSize(direct, 32<<10)
	var taken []session.Delivery
	for {
		taken = s.session.Take(taken)
		if len(taken) == 0 {
			return
		}
		for _, delivery := range taken {
			if delivery.Line == nil {
				_ = to.Flush()
				_ = stdin.Close()
				continue
			}
			_, _ = to.Write(delivery.Line)
		}
		_ = to.Flush()
		s.session.Delivered(taken)
	}
}
