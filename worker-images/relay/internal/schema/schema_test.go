package schema

import (
	"encoding/json"
	"strings"
	"testing"
)

const whisper = `{
	"type": "object",
	"properties": {
		"model": {"type": "string", "enum": ["tiny", "base"]},
		"beams": {"type": "integer", "minimum": 1, "maximum": 8},
		"heat": {"type": ["number", "null"], "exclusiveMinimum": 0},
		"language": {"$ref": "#/$defs/language"},
		"tags": {"type": "array", "items": {"type": "string", "minLength": 2}, "maxItems": 2},
		"device": {"anyOf": [{"const": "cpu"}, {"type": "object", "required": ["cuda"]}]}
	},
	"$defs": {"language": {"pattern": "^[a-z]{2}$"}},
	"required": ["model"],
	"additionalProperties": false
}`

func TestWhatIsWrongIsSaidOfItsField(t *testing.T) {
	for config, expected := range map[string]string{
		`{"model": "tiny"}`: "",
		`{"model": "base", "beams": 3, "heat": null, "language": "de", "tags": ["ab"], "device": {"cuda": 1}}`: "",
		`{"model": "tiny", "beams": 3.0, "device": "cpu"}`:                                                     "",
		`[]`:                                            "it must be an object, not a list",
		`{}`:                                            "model is required",
		`{"model": "huge"}`:                             `model must be "tiny" or "base", not "huge"`,
		`{"model": 5}`:                                  "model must be a string, not 5",
		`{"model": "tiny", "beams": 2.5}`:               "beams must be a whole number, not 2.5",
		`{"model": "tiny", "beams": 0}`:                 "beams must be at least 1, not 0",
		`{"model": "tiny", "beams": 9}`:                 "beams must be at most 8, not 9",
		`{"model": "tiny", "heat": 0}`:                  "heat must be above 0, not 0",
		`{"model": "tiny", "heat": "hot"}`:              `heat must be a number or null, not "hot"`,
		`{"model": "tiny", "language": "German"}`:       `language must match ^[a-z]{2}$; "German" does not`,
		`{"model": "tiny", "tags": ["ab", "c"]}`:        "tags[1] must have at least 2 characters",
		`{"model": "tiny", "tags": ["ab", "cd", "ef"]}`: "tags must have at most 2 items",
		`{"model": "tiny", "device": "gpu"}`:            `device must be "cpu", not "gpu", or device must be an object, not "gpu"`,
		`{"model": "tiny", "modle": 1}`:                 "modle is not known; there are beams, device, heat, language, model, tags",
		`{"beams": 0, "x": 1}`:                          "model is required; beams must be at least 1, not 0; x is not known; there are beams, device, heat, language, model, tags",
	} {
		if told := strings.Join(Check(decode(t, whisper), decode(t, config)), "; "); told != expected {
			t.Errorf("%s: %q instead of %q", config, told, expected)
		}
	}
}

func TestWhatIsNotKnownPasses(t *testing.T) {
	for _, schema := range []string{
		`true`, `{}`, `5`, `null`, `{"type": 5}`, `{"type": "running"}`, `{"required": "x"}`, `{"enum": 5}`, `{"properties": []}`, `{"$ref": "https://example.com/a"}`,
		`{"$ref": "#/nowhere/at/all"}`, `{"$ref": "#"}`, `{"not": {}}`, `{"properties": {"a": {"pattern": "(?<=x)y"}}}`, `{"minimum": "5"}`, `{"anyOf": []}`,
		`{"patternProperties": {"^a": {}}, "additionalProperties": false}`, `{"allOf": 5, "anyOf": {}}`, `{"properties": {"a": {"exclusiveMinimum": true}}}`,
	} {
		if told := Check(decode(t, schema), decode(t, `{"a": "b"}`)); told != nil {
			t.Errorf("%s: %q", schema, told)
		}
	}
}

func TestASchemaThatRefersToItselfComesToAnEnd(t *testing.T) {
	const twice = `{"allOf": [{"$ref": "#"}, {"$ref": "#"}], "properties": {"a": {"$ref": "#"}}, "required": ["b"]}`
	told := Check(decode(t, twice), decode(t, `{"a": {"a": {}}}`))
	if len(told) == 0 || len(told) > maxProblems {
		t.Errorf("%q", told)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(whisper, `{"model": "tiny", "beams": 0}`)
	f.Add(`{"anyOf": [{"$ref": "#"}], "items": {"$ref": "#/items"}}`, `[[[1]]]`)
	f.Fuzz(func(t *testing.T, schema, value string) {
		var s, v interface{}
		if json.Unmarshal([]byte(schema), &s) != nil || json.Unmarshal([]byte(value), &v) != nil {
			return
		}
		if told := Check(s, v); len(told) > maxProblems {
			t.Errorf("%q", told)
		}
	})
}

func decode(t *testing.T, text string) (value interface{}) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
