package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const page = "../../../docs/workers/conformance.md"

// blocks are those of a kind, in order.
func blocks(t *testing.T, kind string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile("(?sm)^```(\\w*)\n(.*?)^```").FindAllStringSubmatch(string(text), -1) {
		if found[1] == kind {
			all = append(all, found[2])
		}
	}
	return all
}

// words of a command, of which some are in single quotes.
func words(command string) (all []string) {
	for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(strings.TrimSpace(command), -1) {
		all = append(all, strings.Trim(word, "'"))
	}
	return all
}

func TestThePageSaysWhatTheProgramPrints(t *testing.T) {
	programs, printed, commands := blocks(t, "python"), blocks(t, "text"), blocks(t, "")
	if len(programs) != 1 || len(printed) != 2 || len(commands) != 3 {
		t.Fatalf("%d programs, %d outputs, %d commands", len(programs), len(printed), len(commands))
	}
	args := words(strings.TrimPrefix(commands[0], "./podwork conformance"))
	cured := strings.Replace(programs[0], `print("loading the model")`, `print("loading the model", file=sys.stderr)`, 1)
	for i, program := range []string{programs[0], cured} {
		if out, code := conformance(t, "worker.py", program, args...); code != 1-i || out != printed[i] {
			t.Errorf("exit code %d\n%s", code, out)
		}
	}
}

func TestThePagesVectors(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"jobs.json": blocks(t, "json")[0],
		"worker.py": strings.Replace(example(t, "task"), "except KeyError as e:", "except KeyError as e:\n    print(\"no text\", file=sys.stderr)", 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	args := words(strings.TrimPrefix(blocks(t, "")[1], "./podwork conformance"))
	if out, code := conformanceIn(t, dir, nil, args...); code != conforms || !strings.HasSuffix(out, "\n2 passed, 0 failed\n") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

// The third command needs an image, which TestAnImage plays.
func TestThePagesImage(t *testing.T) {
	args := words(strings.TrimPrefix(blocks(t, "")[2], "./podwork conformance"))
	if o, err := parse(args); err != nil || o.image != "registry.example.com/my-worker:1" || o.protocol != "messages" {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestThePageAndTheHelpNameAllOptions(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, option := range regexp.MustCompile(`(?m)^  (--\w+)`).FindAllStringSubmatch(usage, -1) {
		if !strings.Contains(string(text), "`"+option[1]) {
			t.Errorf("%s is not on the page", option[1])
		}
	}
}
