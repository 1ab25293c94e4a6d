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
	read.failure = adapter.FailureOf(failure)
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
