package adapter

import (
	"encoding/json"

	"podwork.dev/relay/internal/wire"
)

// Failure is why a job failed. docs/workers/jsonrpc.md says what its fields mean.
type Failure struct {
	Type, Message, Stack string
	Code                 json.RawMessage
	// Retriable is nil where nothing speaks against another try.
	Retriable *bool
}

// No is for Failure.Retriable.
func No() *bool { return new(bool) }

// FailureOf reads an error as workers write it: an object with type, message, traceback or stack, code, and
// retry_possible or retriable; or any other JSON as a message.
func FailureOf(value json.RawMessage) (f Failure) {
	err := wire.Members(value, wire.MaxNesting, func(key, value []byte) {
		switch string(key) {
		case "type", "error_type":
			f.Type = Text(value)
		case "message":
			f.Message = Text(value)
		case "traceback", "stack":
			f.Stack = Text(value)
		case "code":
			if value[0] != '{' && value[0] != '[' {
				f.Code = value
			}
		case "retry_possible", "retriable":
			if string(value) == "true" || string(value) == "false" {
				possible := string(value) == "true"
				f.Retriable = &possible
			}
		}
	})
	if err != nil && len(value) > 0 && string(value) != "null" {
		f.Message = Text(value)
	}
	return f
}
