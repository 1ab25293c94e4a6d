package task

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"podwork.dev/relay/internal/adapter"
	"podwork.dev/relay/internal/wire"
)

// maxLogs bounds how many messages one document may become.
const maxLogs = 10000

// answer is the worker's document.
type answer struct {
	success     bool
	result      json.RawMessage
	failure     adapter.Failure
	retry       *bool // retry_possible
	logs        []json.RawMessage
	logsDropped int
}

// parse reads a document, and refuses one that does not say how the task went.
func parse(raw []byte) (answer, error) {
	var read answer
	var success, failure json.RawMessage
	err := wire.Members(raw, wire.MaxNesting, func(key, value []byte) {
		switch string(key) {
		case "success":
			success = value
		case "result":
			read.result = value
		case "error":
			failure = value
		case "logs":
			if string(value) != "null" {
				read.logs, read.logsDropped = elements(value)
			}
		}
	})
	switch {
	case err != nil:
		return answer{}, explain(raw, err)
	case success == nil:
		return answer{}, errors.New(`the JSON document on stdout has no "success": write {"success": true, "result": …} or {"success": false, "error": {…}}`)
	case string(success) != "true" && string(success) != "false":
		return answer{}, fmt.Errorf(`"success" in the JSON document on stdout must be true or false, not %s`, adapter.Excerpt(success))
	}
	read.success = string(success) == "true"
	read.failure, read.retry = failureOf(failure)
	return read, nil
}

// elements is a list's, up to the limit.
func elements(list json.RawMessage) (some []json.RawMessage, dropped int) {
	if list[0] != '[' {
		return []json.RawMessage{list}, 0
	}
	decoder := json.NewDecoder(bytes.NewReader(list))
	_, _ = decoder.Token()
	for decoder.More() {
		var element json.RawMessage
		if decoder.Decode(&element) != nil {
			return some, dropped // not in a list that is valid
		}
		if len(some) < maxLogs {
			some = append(some, element)
		} else {
			dropped++
		}
	}
	return some, dropped
}

// failureOf reads error {type, message, traceback, retry_possible}, or any other JSON as a message.
func failureOf(value json.RawMessage) (f adapter.Failure, retry *bool) {
	err := wire.Members(value, wire.MaxNesting, func(key, value []byte) {
		switch string(key) {
		case "type":
			f.Type = adapter.Text(value)
		case "message":
			f.Message = adapter.Text(value)
		case "traceback", "stack":
			f.Stack = adapter.Text(value)
		case "code":
			if value[0] != '{' && value[0] != '[' {
				f.Code = value
			}
		case "retry_possible", "retriable":
			if string(value) == "true" || string(value) == "false" {
				possible := string(value) == "true"
				retry = &possible
			}
		}
	})
	if err != nil && len(value) > 0 && string(value) != "null" {
		f.Message = adapter.Text(value)
	}
	return f, retry
}
