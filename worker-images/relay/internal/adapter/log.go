package adapter

import (
	"encoding/json"
	"strings"

	"podwork.dev/relay/internal/output"
	"podwork.dev/relay/internal/wire"
)

type logEntry struct {
	Level    string          `json:"level"`
	Message  string          `json:"message"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// Log passes on what a worker wants logged: to the server, and to the container's stderr.
func (h *Host) Log(level, message string, metadata json.RawMessage) {
	entry := logEntry{levelOf(level), message, metadata}
	if text := output.LogLine(wire.JSON(entry)); text != "" {
		h.Stderr.Line(text)
	}
	h.Notify("ctx.logger.log", entry)
}

// levelOf is the one of the server's levels that a logging library's comes closest to.
func levelOf(level string) string {
	switch strings.ToLower(level) {
	case "debug", "trace", "verbose", "silly":
		return "debug"
	case "warn", "warning":
		return "warn"
	case "error", "critical", "fatal", "severe", "alert", "emergency":
		return "error"
	}
	return "info"
}

// LogEntry passes on an entry of a list of log entries: an object with level and message, whose other
// members become its metadata, or else any JSON.
func (h *Host) LogEntry(entry json.RawMessage) {
	var level, message string
	found := false
	var metadata json.RawMessage
	rest := []byte{'{'}
	err := wire.Members(entry, wire.MaxNesting, func(key, value []byte) {
		switch string(key) {
		case "level":
			level = Text(value)
		case "message", "msg":
			message, found = Text(value), true
		default:
			if string(key) == "metadata" {
				metadata = value
			}
			if len(rest) > 1 {
				rest = append(rest, ',')
			}
			rest = append(append(append(rest, wire.JSON(string(key))...), ':'), value...)
		}
	})
	switch {
	case err != nil:
		h.Log("info", Text(entry), nil)
		return
	case !found:
		h.Log(level, string(wire.JSON(entry)), nil)
		return
	}
	rest = append(rest, '}')
	// An entry that has its metadata already needs no second layer around it.
	only := len(metadata) > 0 && metadata[0] == '{' && len(rest) == len(metadata)+len(`{"metadata":}`)
	switch {
	case only:
		rest = metadata
	case len(rest) == len("{}"):
		rest = nil
	}
	h.Log(level, message, rest)
}

// Text is a JSON string's text, and any other JSON as it is written.
func Text(value json.RawMessage) string {
	if text := wire.Unquote(value); text != nil {
		return string(text)
	}
	return string(wire.JSON(value))
}
