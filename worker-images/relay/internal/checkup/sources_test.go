package checkup

import (
	"os"
	"path/filepath"
	"testing"
)

func program(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheOnlyLineWithATextIsNamed(t *testing.T) {
	path := program(t, "worker.py", "# loading the model\nprint('loading the model')\nprint(f'step {n} of many')\nsay(type='results')\nprint('twice')\nprint('twice')\n")
	all := sourcesOf([]string{"python3", path})
	for text, want := range map[string]string{
		"loading the model": path + ":2: print('loading the model')",
		"step 17 of many":   path + ":3: print(f'step {n} of many')",
		"results":           path + ":4: say(type='results')",
		"twice":             "",
		"x":                 "",
		"not there at all":  "",
	} {
		if got := all.find(text); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestOnlyTextsOfTheCommandAreLookedInto(t *testing.T) {
	binary := program(t, "worker", "\x7fELF\x00 hello there")
	script := program(t, "script", "#!/bin/sh\necho hello there\n")
	if all := sourcesOf([]string{binary, "no-such-file", "/", t.TempDir()}); len(all) != 0 {
		t.Errorf("%v", all)
	}
	if all := sourcesOf([]string{script}); len(all) != 1 || all[0].path != script {
		t.Errorf("%v", all)
	}
}

func TestTheLineOfATraceback(t *testing.T) {
	path := program(t, "worker.any", "one\ntwo\nthree\nfour\n")
	all := sourcesOf([]string{"any", path})
	for _, c := range []struct{ language, log, want string }{
		{"Python", "Traceback:\n  File \"" + path + "\", line 2, in <module>\n  File \"" + path + "\", line 3, in f\n  File \"/usr/lib/python3/json.py\", line 1\nKeyError", ":3: three"},
		{"Node", "Error: x\n    at f (node:internal/x:1:2)\n    at g (file://" + path + ":2:5)\n    at h (" + path + ":4:1)", ":2: two"},
		{"Perl", "no luck at " + path + " line 4.", ":4: four"},
		{"shell", path + ": line 1: nope: not found", ":1: one"},
		{"shell", path + ": 2: nope: not found", ":2: two"},
		{"", "goroutine 1:\nmain.main()\n\t" + path + ":3 +0x1d", ":3: three"},
		{"Python", "File \"" + path + "\", line 99", ""},
		{"Python", "File \"/elsewhere/other.py\", line 1", ""},
		{"Python", "no traceback", ""},
	} {
		want := c.want
		if want != "" {
			want = path + want
		}
		if got := all.traceback(language{name: c.language}, c.log); got != want {
			t.Errorf("%s: %q", c.log, got)
		}
	}
}

func TestLanguagesAreGuessedByTheCommand(t *testing.T) {
	for want, commands := range map[string][][]string{
		"Python": {{"python3", "x"}, {"/usr/bin/python3.11", "-m", "m"}, {"./worker.py"}},
		"Node":   {{"node", "x"}, {"npx", "worker.ts"}},
		"Perl":   {{"perl", "-w", "x"}},
		"shell":  {{"sh", "-c", "x"}, {"./worker.sh"}},
		"":       {{"./worker"}, {"target/release/worker", "node"}},
	} {
		for _, command := range commands {
			if got := languageOf(command).name; got != want {
				t.Errorf("%v: %q", command, got)
			}
		}
	}
}
