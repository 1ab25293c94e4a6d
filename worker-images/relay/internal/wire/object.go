package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrNotObject says that a text is JSON, or nothing at all, but no object.
var ErrNotObject = errors.New("not a JSON object")

// Members calls visit with each member of the JSON object in data, which may be nested as deep as
// nesting says, itself counted. They come in order, and repeated keys repeatedly. Keys are compared exactly, which encoding/json does not do for structs: there
// "JSONRPC" would pass for "jsonrpc".
func Members(data []byte, nesting int, visit func(key, value []byte)) error {
	start := space(data, 0)
	if start == len(data) || data[start] != '{' {
		return ErrNotObject
	}
	if !json.Valid(data) {
		var ignored json.RawMessage
		return json.Unmarshal(data, &ignored)
	}
	return members(data, start, nesting, visit)
}

// Value checks that data is a JSON value, nested no deeper than nesting says.
func Value(data []byte, nesting int) error {
	if !json.Valid(data) {
		var ignored json.RawMessage
		return json.Unmarshal(data, &ignored)
	}
	start := space(data, 0)
	if data[start] != '{' && data[start] != '[' {
		return nil
	}
	if _, err := valueEnd(data, start, nesting); err != nil {
		return fmt.Errorf("nested deeper than %d levels", nesting)
	}
	return nil
}

// members trusts that data is valid.
func members(data []byte, start, nesting int, visit func(key, value []byte)) error {
	for i := space(data, start+1); data[i] != '}'; i = space(data, i) {
		if data[i] == ',' {
			i = space(data, i+1)
		}
		key := data[i:stringEnd(data, i)]
		i = space(data, i+len(key))
		i = space(data, i+1)
		end, err := valueEnd(data, i, nesting-1)
		if err != nil {
			return err
		}
		visit(Unquote(key), data[i:end])
		i = end
	}
	return nil
}

// Unquote gives the text of a valid JSON string, and nil for any other value.
func Unquote(value []byte) []byte {
	if len(value) < 2 || value[0] != '"' {
		return nil
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1]
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		return nil
	}
	return []byte(text)
}

func space(data []byte, i int) int {
	for i < len(data) && isSpace(data[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func stringEnd(data []byte, i int) int {
	for i++; data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func valueEnd(data []byte, i, nesting int) (int, error) {
	depth := 0
	for {
		switch data[i] {
		case '"':
			i = stringEnd(data, i)
		case '{', '[':
			if depth++; depth > nesting {
				return 0, fmt.Errorf("nested deeper than %d levels", nesting+1)
			}
			i++
			continue
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\t', '\r', '\n':
			i++
			continue
		default:
			for !isSpace(data[i]) && data[i] != ',' && data[i] != ']' && data[i] != '}' {
				i++
			}
		}
		if depth == 0 {
			return i, nil
		}
	}
}
