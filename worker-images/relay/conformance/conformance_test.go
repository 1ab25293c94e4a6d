package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The test binary is also the program under test, in both of its roles.
func TestMain(m *testing.M) {
	if os.Getenv("PODWORK_CONFORMANCE_TEST") == "program" {
		main()
	}
	// Workers that do something wrong make others wait, rather than work.
	flag.Parse()
	_ = flag.Set("test.parallel", "12")
	os.Exit(m.Run())
}

// conformance runs the program in a folder with one file.
func conformance(t *testing.T, file, text string, args ...string) (out string, code int) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return conformanceIn(t, dir, nil, args...)
}

func conformanceIn(t *testing.T, dir string, env []string, args ...string) (out string, code int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.Command(self, args...)
	program.Dir = dir
	program.Env = append(append(os.Environ(), "PODWORK_CONFORMANCE_TEST=program"), env...)
	text, err := program.CombinedOutput()
	if program.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), program.ProcessState.ExitCode()
}

// Options where a mistake is only seen by waiting.
var (
	briefly       = []string{"--timeout", "5"}
	startsBriefly = []string{"--start", "6", "--timeout", "1"}
	endsBriefly   = []string{"--grace", "2"}
)

// mistake is a program with one, and what its author must be told.
type mistake struct {
	name, program string
	// check is what fails, and told are texts that must stand below it.
	check string
	told  []string
	// options come before the command.
	options []string
}

// tellsOf looks for the mistake in each program, which must fail in that and nothing else.
func tellsOf(t *testing.T, protocol, interpreter, file string, mistakes []mistake) {
	t.Parallel()
	for _, m := range mistakes {
		m := m
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			// Patient, but where the mistake is that nothing comes: the machine may be busy.
			args := append([]string{"--protocol", protocol, "--timeout", "60", "--start", "60", "--grace", "20"}, m.options...)
			out, code := conformance(t, file, m.program, append(args, "--", interpreter, file)...)
			if code != fails || strings.Count(out, "FAIL  ") != 1 || !strings.Contains(out, "FAIL  "+m.check+"\n") {
				t.Fatalf("exit code %d\n%s", code, out)
			}
			below := out[strings.Index(out, "FAIL  "):]
			for _, text := range m.told {
				if !strings.Contains(below, text) {
					t.Errorf("%q is not in\n%s", text, out)
				}
			}
			if !strings.Contains(below, "\n      cure: ") {
				t.Errorf("no cure in\n%s", out)
			}
		})
	}
}

// finds no fault with a program that has none.
func findsNoFault(t *testing.T, protocol, interpreter, file, program string, options ...string) {
	t.Helper()
	args := append([]string{"--protocol", protocol, "--timeout", "60", "--start", "60", "--grace", "20", "--data", `{"text": "four"}`}, options...)
	out, code := conformance(t, file, program, append(args, "--", interpreter, file)...)
	if code != conforms || strings.Contains(out, "FAIL") || !strings.Contains(out, ", 0 failed\n") {
		t.Errorf("%s: exit code %d\n%s", protocol, code, out)
	}
}
