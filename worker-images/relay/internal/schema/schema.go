// Package schema checks a configuration against the JSON Schema that its worker publishes. It knows the part that says which
// members there are and what they may be. What it does not know it lets pass: the worker itself has the last word.
package schema

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxProblems is as much as a person reads at once.
	maxProblems = 5
	// maxSteps and maxDepth bound what a schema that refers to itself can cost.
	maxSteps = 100000
	maxDepth = 128
)

// Check says what is wrong with a value, each thing with the field that it is about. Both are as encoding/json
// decodes them.
func Check(schema, value interface{}) []string {
	c := &checker{root: schema, budget: &budget{steps: maxSteps}}
	c.check(schema, value, "", 0)
	return c.problems
}

type budget struct{ steps int }

type checker struct {
	root     interface{}
	budget   *budget
	problems []string
}

type object = map[string]interface{}

func (c *checker) wrong(path, words string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, field(path)+" "+words)
	}
}

func (c *checker) check(schema, value interface{}, path string, depth int) {
	if c.budget.steps--; c.budget.steps < 0 || depth > maxDepth {
		return
	}
	if schema == false {
		c.wrong(path, "must not be there")
	}
	s, ok := schema.(object)
	if !ok {
		return
	}
	if to, ok := s["$ref"].(string); ok {
		c.check(c.resolve(to), value, path, depth+1)
	}
	if types := texts(s["type"]); len(types) > 0 && !anyIs(types, value) {
		c.wrong(path, "must be "+alternatives(types, func(name string) string { return typeWords[name] })+", not "+show(value))
		return
	}
	if allowed, ok := s["enum"].([]interface{}); ok && !contains(allowed, value) {
		c.wrong(path, "must be "+alternatives(allowed, show)+", not "+show(value))
	}
	if only, ok := s["const"]; ok && !reflect.DeepEqual(only, value) {
		c.wrong(path, "must be "+show(only)+", not "+show(value))
	}
	switch v := value.(type) {
	case object:
		c.object(s, v, path, depth)
	case []interface{}:
		c.list(s, v, path, depth)
	case string:
		c.text(s, v, path)
	case float64:
		c.number(s, v, path)
	}
	c.combined(s, value, path, depth)
}

func (c *checker) object(s, value object, path string, depth int) {
	properties, _ := s["properties"].(object)
	required, _ := s["required"].([]interface{})
	for _, name := range texts(required) {
		if _, ok := value[name]; !ok {
			c.wrong(member(path, name), "is required")
		}
	}
	for _, name := range names(value) {
		if property, ok := properties[name]; ok {
			c.check(property, value[name], member(path, name), depth+1)
			continue
		}
		if s["patternProperties"] != nil {
			continue
		}
		switch rest := s["additionalProperties"].(type) {
		case bool:
			if !rest {
				c.wrong(member(path, name), "is not known; there "+known(properties))
			}
		case object:
			c.check(rest, value[name], member(path, name), depth+1)
		}
	}
}

func (c *checker) list(s object, value []interface{}, path string, depth int) {
	c.length(s, "minItems", "maxItems", len(value), "items", path)
	if s["prefixItems"] != nil {
		return
	}
	if items, ok := s["items"].(object); ok {
		for i, item := range value {
			c.check(items, item, path+"["+strconv.Itoa(i)+"]", depth+1)
		}
	}
}

func (c *checker) text(s object, value, path string) {
	c.length(s, "minLength", "maxLength", utf8.RuneCountInString(value), "characters", path)
	if pattern, ok := s["pattern"].(string); ok {
		// One that only other languages' expressions know is the worker's business.
		if expression, err := regexp.Compile(pattern); err == nil && !expression.MatchString(value) {
			c.wrong(path, "must match "+pattern+"; "+show(value)+" does not")
		}
	}
}

func (c *checker) length(s object, least, most string, length int, what, path string) {
	if limit, ok := s[least].(float64); ok && float64(length) < limit {
		c.wrong(path, "must have at least "+show(limit)+" "+what)
	}
	if limit, ok := s[most].(float64); ok && float64(length) > limit {
		c.wrong(path, "must have at most "+show(limit)+" "+what)
	}
}

func (c *checker) number(s object, value float64, path string) {
	bound := func(name, words string, fits func(limit float64) bool) {
		if limit, ok := s[name].(float64); ok && !fits(limit) {
			c.wrong(path, "must be "+words+" "+show(limit)+", not "+show(value))
		}
	}
	bound("minimum", "at least", func(limit float64) bool { return value >= limit })
	bound("maximum", "at most", func(limit float64) bool { return value <= limit })
	bound("exclusiveMinimum", "above", func(limit float64) bool { return value > limit })
	bound("exclusiveMaximum", "below", func(limit float64) bool { return value < limit })
}

// combined is for schemas of schemas. That more than one of oneOf fits is not looked for.
func (c *checker) combined(s object, value interface{}, path string, depth int) {
	all, _ := s["allOf"].([]interface{})
	for _, each := range all {
		c.check(each, value, path, depth+1)
	}
	for _, name := range []string{"anyOf", "oneOf"} {
		choices, ok := s[name].([]interface{})
		if !ok || len(choices) == 0 {
			continue
		}
		var reasons []string
		for _, choice := range choices {
			try := &checker{root: c.root, budget: c.budget}
			try.check(choice, value, path, depth+1)
			if len(try.problems) == 0 {
				reasons = nil
				break
			}
			reasons = append(reasons, try.problems[0])
		}
		if len(reasons) > 0 && len(c.problems) < maxProblems {
			c.problems = append(c.problems, strings.Join(reasons, ", or "))
		}
	}
}

// resolve follows a reference within the schema; others are nothing that can be checked.
func (c *checker) resolve(reference string) interface{} {
	if !strings.HasPrefix(reference, "#") {
		return nil
	}
	found := c.root
	for _, step := range strings.Split(strings.TrimPrefix(reference, "#"), "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		parent, ok := found.(object)
		if !ok {
			return nil
		}
		found = parent[step]
	}
	return found
}

// anyIs lets a type pass that there is not.
func anyIs(types []string, value interface{}) bool {
	for _, name := range types {
		if typeWords[name] == "" || is(name, value) {
			return true
		}
	}
	return false
}

func is(name string, value interface{}) bool {
	switch v := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v)
	case []interface{}:
		return name == "array"
	default:
		return name == "object"
	}
}

func contains(values []interface{}, value interface{}) bool {
	for _, each := range values {
		if reflect.DeepEqual(each, value) {
			return true
		}
	}
	return false
}

// texts is a list of strings, or the only one.
func texts(value interface{}) (found []string) {
	if text, ok := value.(string); ok {
		return []string{text}
	}
	list, _ := value.([]interface{})
	for _, each := range list {
		if text, ok := each.(string); ok {
			found = append(found, text)
		}
	}
	return found
}
