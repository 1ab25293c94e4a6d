// Package jsonrpc carries the messages of a worker that speaks what the server speaks.
package jsonrpc

import (
	"bufio"
	"io"
	"os"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/quick"
	"podwork.dev/relay/internal/session"
	"podwork.dev/relay/internal/wire"
)

// Adapter changes nothing of what either side says.
type Adapter struct{ host *adapter.Host }

// New makes one.
func New(host *adapter.Host) *Adapter { return &Adapter{host} }

// Command leaves the command as it is.
func (a *Adapter) Command(argv, env []string) (adapted, environment []string, err error) {
	return argv, env, nil
}

// Terminate has no way of its own.
func (a *Adapter) Terminate() bool { return false }

// Ended has nothing to add.
func (a *Adapter) Ended(exit adapter.Exit) adapter.Exit { return exit }

// Stdout sends messages to the server, and everything else to the container's stdout.
func (a *Adapter) Stdout(from io.Reader) {
	scanner := output.NewScanner(from, wire.MaxMessage)
	for {
		piece, err := scanner.Next()
		if err != nil {
			return
		}
		switch piece.Kind {
		case output.Text:
			_, _ = a.host.Stdout.Write(piece.Data)
		case output.Line:
			a.line(piece)
		case output.TextCut:
			_, _ = a.host.Stdout.Write([]byte("\n"))
			a.host.Stderr.Note("a line of %d bytes on stdout was cut: the limit is %d", piece.Bytes, wire.MaxMessage)
		case output.LineCut:
			_, _ = a.host.Stdout.Write(append(piece.Data, '\n'))
			a.host.Stderr.Note("a line of %d bytes on stdout was dropped: the limit is %d", piece.Bytes, wire.MaxMessage)
			if output.LooksLikeMessage(piece.Data) {
				a.host.Session.Oversize(output.Describe(piece.Data, piece.Bytes))
			}
		}
	}
}

func (a *Adapter) line(line output.Piece) {
	message, err := output.Classify(line.Data)
	if err == nil {
		if !line.Owned {
			message.Raw = append([]byte(nil), message.Raw...)
		}
		if message.Method == "ctx.logger.log" {
			if text := output.LogLine(message.Params); text != "" {
				a.host.Stderr.Line(text)
			}
		}
		a.host.Session.Send(message)
		return
	}
	text := line.Data
	if line.Ended {
		text = append(text, '\n')
	}
	_, _ = a.host.Stdout.Write(text)
	if err != output.ErrLog {
		a.host.Stderr.Note("the line of %d bytes on stdout that looks like a message is none: %v", len(line.Data), err)
	}
}

// Stdin hands the worker its messages. A worker that closed its stdin misses them.
func (a *Adapter) Stdin(stdin *os.File) {
	defer stdin.Close()
	direct, err := quick.NewWriter(stdin)
	if err != nil {
		a.host.Stderr.Note("stdin: %v", err)
		return
	}
	to := bufio.NewWriterSize(direct, 32<<10)
	var taken []session.Delivery
	for {
		taken = a.host.Session.Take(taken)
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
		a.host.Session.Delivered(taken)
	}
}
