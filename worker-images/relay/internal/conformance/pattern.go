// Package conformance has what the vectors of worker-images/conformance mean: patterns, exchanges, and a
// worker that does what an exchange says. The README there is their specification.
package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// absent stands for a member that is not there.
type absent struct{}

// Mismatch says where a JSON text does not match a pattern, and is nil when it does.
func Mismatch(pattern, text json.RawMessage) error {
	p, err := decode(pattern)
	if err != nil {
		return fmt.Errorf("the pattern is not JSON: %w", err)
	}
	if text == nil {
		return mismatch("", p, absent{})
	}
	v, err := decode(text)
	if err != nil {
		return fmt.Errorf("%w in %.200s", err, text)
	}
	return mismatch("", p, v)
}

// decode keeps numbers as they are written.
func decode(text json.RawMessage) (value interface{}, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

func mismatch(path string, pattern, value interface{}) error {
	wrong := fmt.Errorf("%sexpected %s, got %s", at(path), show(pattern), show(value))
	switch p := pattern.(type) {
	case map[string]interface{}:
		if name, argument, ok := matcher(p); ok {
			matches, err := match(name, argument, value)
			if err == nil && !matches {
				err = wrong
			}
			return err
		}
		v, ok := value.(map[string]interface{})
		if !ok {
			return wrong
		}
		for key, expected := range p {
			var member interface{} = absent{}
			if found, ok := v[key]; ok {
				member = found
			}
			if err := mismatch(path+"."+key, expected, member); err != nil {
				return err
			}
		}
		return nil
	case []interface{}:
		v, ok := value.([]interface{})
		if !ok || len(v) != len(p) {
			return wrong
		}
		for i := range p {
			if err := mismatch(fmt.Sprintf("%s[%d]", path, i), p[i], v[i]); err != nil {
				return err
			}
		}
		return nil
	case json.Number:
		if v, ok := value.(json.Number); ok && sameNumber(p, v) {
			return nil
		}
		return wrong
	}
	if pattern != value {
		return wrong
	}
	return nil
}

func sameNumber(a, b json.Number) bool {
	x, errX := strconv.ParseFloat(a.String(), 64)
	y, errY := strconv.ParseFloat(b.String(), 64)
	return a == b || errX == nil && errY == nil && x == y
}

// matcher is an object with one member that begins with $.
func matcher(object map[string]interface{}) (name string, argument interface{}, ok bool) {
	for name, argument = range object {
		ok = len(object) == 1 && strings.HasPrefix(name, "$")
	}
	return name, argument, ok
}

func match(name string, argument, value interface{}) (bool, error) {
	_, isAbsent := value.(absent)
	text, isText := value.(string)
	_, isNumber := value.(json.Number)
	object, isObject := value.(map[string]interface{})
	switch name {
	case "$any":
		return !isAbsent, nil
	case "$absent":
		return isAbsent, nil
	case "$nothing":
		return isAbsent || value == nil, nil
	case "$empty":
		return isAbsent || value == nil || isObject && len(object) == 0, nil
	case "$string":
		return isText && text != "", nil
	case "$id":
		return isText || isNumber, nil
	case "$contains":
		parts, ok := argument.([]interface{})
		for _, part := range parts {
			word, isWord := part.(string)
			ok = ok && isWord && isText && strings.Contains(text, word)
		}
		return ok, nil
	case "$repeat":
		repeated, err := repeat(argument)
		return err == nil && value == repeated, err
	}
	return false, fmt.Errorf("no such matcher: %s", name)
}

func repeat(argument interface{}) (string, error) {
	if pair, ok := argument.([]interface{}); ok && len(pair) == 2 {
		text, isText := pair[0].(string)
		number, isNumber := pair[1].(json.Number)
		if times, err := number.Int64(); isText && isNumber && err == nil {
			return strings.Repeat(text, int(times)), nil
		}
	}
	return "", fmt.Errorf("$repeat needs a text and a number, not %s", show(argument))
}

// Expand writes out what $repeat stands for.
func Expand(text json.RawMessage) (json.RawMessage, error) {
	value, err := decode(text)
	if err != nil {
		return nil, err
	}
	if value, err = expand(value); err != nil {
		return nil, err
	}
	return encode(value), nil
}

func expand(value interface{}) (interface{}, error) {
	var err error
	switch v := value.(type) {
	case map[string]interface{}:
		if name, argument, ok := matcher(v); ok && name == "$repeat" {
			return repeat(argument)
		}
		for key := range v {
			if v[key], err = expand(v[key]); err != nil {
				return nil, err
			}
		}
	case []interface{}:
		for i := range v {
			if v[i], err = expand(v[i]); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}

func encode(value interface{}) json.RawMessage {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // it came from JSON
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

func at(path string) string {
	if path == "" {
		return ""
	}
	return strings.TrimPrefix(path, ".") + ": "
}

func show(value interface{}) string {
	if _, ok := value.(absent); ok {
		return "nothing"
	}
	text := string(encode(value))
	if len(text) > 500 {
		text = text[:500] + "…"
	}
	return text
}
