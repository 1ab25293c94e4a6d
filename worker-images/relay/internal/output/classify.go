package output

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"podwork.dev/relay/internal/wire"
)

// ErrLog says that a line is for the log.
var ErrLog = errors.New("not a message")

// Classify tells a message from a line for the log (ErrLog), and from one that was meant to be a
// message (any other error). A message is valid UTF-8 and may share the memory of line.
func Classify(line []byte) (wire.Message, error) {
	raw := bytes.TrimSpace(line)
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
		if len(raw) > wire.MaxMessage {
			return wire.Message{}, fmt.Errorf("over the limit of %d bytes once its invalid UTF-8 is replaced", wire.MaxMessage)
		}
	}
	message, err := wire.ParseMessage(raw)
	switch {
	case err != nil && LooksLikeMessage(raw):
		return message, err
	case err != nil || message.Version != "2.0":
		return message, ErrLog
	}
	return message, nil
}

// LooksLikeMessage judges a line that cannot be parsed by its head.
func LooksLikeMessage(head []byte) bool {
	head = clip(head)
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r"), []byte("{")) && bytes.Contains(head, []byte(`"jsonrpc"`))
}

// Describe reports a line that did not become a message.
func Describe(head []byte, length int64, reason string) wire.Cut {
	if len(head) > 256 {
		head = head[:256]
	}
	return wire.Cut{Bytes: length, Head: string(bytes.ToValidUTF8(head, []byte("\uFFFD"))), Error: reason}
}
