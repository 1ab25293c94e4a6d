package task

import (
	"errors"
	"strings"
	"testing"

	"podwork.dev/relay/internal/adapter"
)

func TestVerdicts(t *testing.T) {
	text := errors.New("stdout must be one JSON document")
	yes, no := true, false
	cases := []struct {
		name    string
		answer  answer
		problem error
		exit    adapter.Exit
		want    string // success, tooLarge, the failure's type and whether it may be retried; else the exit speaks
		words   string
	}{
		{"success", answer{success: true}, nil, adapter.Exit{}, "success", ""},
		{"success, code 1", answer{success: true}, nil, adapter.Exit{Code: 1}, "TaskFailed", "exited with code 1: a success needs code 0"},
		{"success, code 2", answer{success: true}, nil, adapter.Exit{Code: 2}, "PermanentFailure!", "code 2"},
		{"success, killed", answer{success: true}, nil, adapter.Exit{Code: 137, Signal: "SIGKILL"}, "", "did not exit by itself"},
		{"failure, code 0", answer{}, nil, adapter.Exit{}, "TaskFailed", "write \"error\""},
		{"failure, code 1", answer{failure: adapter.Failure{Type: "E", Message: "m"}}, nil, adapter.Exit{Code: 1}, "E", "m"},
		{"failure, code 1, retry ruled out", answer{failure: adapter.Failure{Type: "E", Retriable: &no}}, nil, adapter.Exit{Code: 1}, "E!", ""},
		{"failure, code 2, retry possible", answer{failure: adapter.Failure{Type: "E", Retriable: &yes}}, nil, adapter.Exit{Code: 2}, "E!", ""},
		{"failure, code 3", answer{failure: adapter.Failure{Message: "slow"}}, nil, adapter.Exit{Code: 3}, "Timeout!", "slow"},
		{"failure, code 3, retry possible", answer{failure: adapter.Failure{Retriable: &yes}}, nil, adapter.Exit{Code: 3}, "Timeout", ""},
		{"failure, code 130", answer{}, nil, adapter.Exit{Code: 130}, "Interrupted", ""},
		{"failure, killed", answer{failure: adapter.Failure{Type: "E", Message: "m"}}, nil, adapter.Exit{Code: 143, Signal: "SIGTERM"}, "E", "m"},
		{"nothing, code 0", answer{}, errEmpty, adapter.Exit{}, "", `write {"success": true`},
		{"nothing, code 1", answer{}, errEmpty, adapter.Exit{Code: 1}, "", ""},
		{"nothing, code 2", answer{}, errEmpty, adapter.Exit{Code: 2}, "PermanentFailure!", "nothing was written to stdout"},
		{"nothing, code 3", answer{}, errEmpty, adapter.Exit{Code: 3}, "Timeout!", ""},
		{"nothing, code 130", answer{}, errEmpty, adapter.Exit{Code: 130}, "Interrupted", ""},
		{"nothing, killed", answer{}, errEmpty, adapter.Exit{Code: 139, Signal: "SIGSEGV"}, "", ""},
		{"text, code 0", answer{}, text, adapter.Exit{}, "InvalidOutput", "one JSON document"},
		{"text, code 1", answer{}, text, adapter.Exit{Code: 1}, "", "one JSON document"},
		{"text, code 2", answer{}, text, adapter.Exit{Code: 2}, "PermanentFailure!", "one JSON document"},
		{"text, killed", answer{}, text, adapter.Exit{Code: 137, Signal: "SIGKILL"}, "", ""},
		{"too large, code 0", answer{}, errTooLarge, adapter.Exit{}, "tooLarge", ""},
		{"too large, code 1", answer{}, errTooLarge, adapter.Exit{Code: 1}, "", "over the limit"},
	}
	for _, c := range cases {
		v := judge(c.answer, c.problem, 17, c.exit)
		got, words := "", v.explanation
		switch {
		case v.Result != nil:
			got = "success"
		case v.TooLarge == 17:
			got = "tooLarge"
		case v.Failure != nil:
			got, words = v.Failure.Type, v.Failure.Message
			if v.Failure.Retriable != nil && !*v.Failure.Retriable {
				got += "!"
			}
		}
		if got != c.want || !strings.Contains(words, c.words) || c.words == "" && v.explanation != "" {
			t.Errorf("%s: %s, %q", c.name, got, words)
		}
	}
}
