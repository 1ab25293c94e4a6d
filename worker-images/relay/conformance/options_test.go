package main

import (
	"strings"
	"testing"
)

func TestOptionsThatAreWrong(t *testing.T) {
	for want, args := range map[string][]string{
		"--protocol must be jsonrpc, task, http or messages, not \"smtp\"": {"--protocol", "smtp", "--", "true"},
		"--data must be JSON":             {"--data", "{text}", "--", "true"},
		"--config must be a JSON object":  {"--config", "[1]", "--", "true"},
		"the worker's command is missing": {"--protocol", "task"},
		"--timeout must be a number":      {"--timeout", "0", "--", "true"},
		"flag provided but not defined":   {"--dat", "{}", "--", "true"},
	} {
		if out, code := conformanceIn(t, t.TempDir(), nil, args...); code != misused || !strings.Contains(out, want) || !strings.Contains(out, "Usage: ./podwork conformance") {
			t.Errorf("%v: exit code %d, %s", args, code, out)
		}
	}
	if out, code := conformanceIn(t, t.TempDir(), nil, "--help"); code != conforms || !strings.HasPrefix(out, "Usage: ") {
		t.Errorf("--help: exit code %d, %s", code, out)
	}
}
