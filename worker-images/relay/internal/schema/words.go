package schema

import (
	"encoding/json"
	"sort"
	"strings"
)

const maxShown = 60

// field is the whole configuration where there is no path.
func field(path string) string {
	if path == "" {
		return "it"
	}
	return path
}

func member(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

var typeWords = map[string]string{
	"integer": "a whole number", "array": "a list", "object": "an object", "boolean": "true or false",
	"null": "null", "number": "a number", "string": "a string",
}

func show(value interface{}) string {
	switch value.(type) {
	case object:
		return "an object"
	case []interface{}:
		return "a list"
	}
	text, _ := json.Marshal(value)
	if runes := []rune(string(text)); len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return string(text)
}

func alternatives[T any](values []T, word func(T) string) string {
	var words []string
	for _, value := range values {
		words = append(words, word(value))
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func known(properties object) string {
	if len(properties) == 0 {
		return "are none"
	}
	all := names(properties)
	if len(all) == 1 {
		return "is " + all[0]
	}
	return "are " + strings.Join(all, ", ")
}

func names(of object) (all []string) {
	for name := range of {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}
