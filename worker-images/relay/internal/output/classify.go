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

// Classify tells a message from a line for the log (ErrLog), and from one for the log that was
// probably meant to be a message (any other error). A message is valid UTF-8 and may share the
// memory of line.
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
	case err == nil && message.Version == "2.0":
		return message, nil
	case !LooksLikeMessage(raw):
		return message, ErrLog
	case err == nil:
		err = errors.New(`its member "jsonrpc" must be the string "2.0"`)
	}
	return message, err
}

// headBytes is how far one looks into a line that cannot be parsed.
const headBytes = 256

// LooksLikeMessage judges a line that cannot be parsed by its head.
func LooksLikeMessage(head []byte) bool {
	if len(head) > headBytes {
		head = head[:headBytes]
	}
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r"), []byte("{")) && bytes.Contains(head, []byte(`"jsonrpc"`))
}

// Describe reports a line over the limit.
func Describe(head []byte, length int64) wire.Cut {
	if len(head) > headBytes {
		head = head[:headBytes]
	}
	return wire.Cut{Bytes: length, Head: string(bytes.ToValidUTF8(head, []byte("\uFFFD")))}
}
