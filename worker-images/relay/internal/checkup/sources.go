package checkup

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// source is a file of the worker's program.
type source struct {
	path  string
	lines []string
}

type sources []source

// maxSource is more than a program has that people write.
const maxSource = 1 << 20

// sourcesOf are the text files that a command names, and the module of python -m.
func sourcesOf(command []string) (all sources) {
	for i, word := range command {
		candidates := []string{word}
		if i > 0 && command[i-1] == "-m" {
			module := strings.ReplaceAll(word, ".", "/")
			candidates = []string{module + ".py", module + "/__main__.py"}
		}
		for _, path := range candidates {
			if s, ok := read(path); ok && (i > 0 || isScript(s)) {
				all = append(all, s)
			}
		}
	}
	return all
}

func isScript(s source) bool { return strings.HasPrefix(s.lines[0], "#!") }

func read(path string) (source, bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSource {
		return source{}, false
	}
	text, err := os.ReadFile(path)
	if err != nil || len(text) == 0 || bytes.IndexByte(text, 0) >= 0 {
		return source{}, false
	}
	return source{path, strings.Split(string(text), "\n")}, true
}

func (s source) at(number int) string {
	return fmt.Sprintf("%s:%d: %s", s.path, number, strings.TrimSpace(s.lines[number-1]))
}

// leastText is what is too short to be found by.
const leastText = 4

// find names the only line of the program with one of the texts in it; else with the longest run of words of the last.
func (all sources) find(texts ...string) string {
	if len(texts) > 0 {
		texts = append(texts, longestWords(texts[len(texts)-1]))
	}
	for _, text := range texts {
		if text = strings.TrimSpace(text); len(text) < leastText {
			continue
		}
		if place := all.only(func(line string) bool { return strings.Contains(line, text) }); place != "" {
			return place
		}
	}
	return ""
}

func (all sources) only(matches func(line string) bool) string {
	place, count := "", 0
	for _, s := range all {
		for i, line := range s.lines {
			trimmed := strings.TrimSpace(line)
			comment := strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//")
			if !comment && matches(line) {
				place, count = s.at(i+1), count+1
			}
		}
	}
	if count != 1 {
		return ""
	}
	return place
}

var words = regexp.MustCompile(`[A-Za-z][A-Za-z _.:!,-]*`)

func longestWords(text string) (longest string) {
	for _, run := range words.FindAllString(text, -1) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// Where languages put file and line of a stack's frame.
var frames = []*regexp.Regexp{
	regexp.MustCompile(`File "([^"]+)", line (\d+)`),
	regexp.MustCompile(` at (\S+) line (\d+)`),
	regexp.MustCompile(`(?:file://)?([\w./@+-]+\.\w+):(\d+)`),
	regexp.MustCompile(`([\w./-]+): (?:line )?(\d+):`),
}

// traceback names the line of the author's own program where it failed: Python's last frame is the innermost, elsewhere
// it is the first.
func (all sources) traceback(l language, log string) (place string) {
	for _, frame := range frames {
		for _, match := range frame.FindAllStringSubmatch(log, -1) {
			number, err := strconv.Atoi(match[2])
			found, ok := all.own(match[1])
			if err != nil || !ok || number < 1 || number > len(found.lines) {
				continue
			}
			if place = found.at(number); l.name != "Python" {
				return place
			}
		}
		if place != "" {
			return place
		}
	}
	return ""
}

// own is a file of the program: one that the command names, or one beside or below the working directory that
// nobody installed.
func (all sources) own(path string) (source, bool) {
	for _, s := range all {
		if s.path == path || filepath.Base(s.path) == filepath.Base(path) {
			return s, true
		}
	}
	here, err := os.Getwd()
	absolute, errAbs := filepath.Abs(path)
	if err != nil || errAbs != nil || !strings.HasPrefix(absolute, here+"/") {
		return source{}, false
	}
	for _, folder := range []string{"/node_modules/", "/site-packages/", "/lib/python"} {
		if strings.Contains(absolute, folder) {
			return source{}, false
		}
	}
	return read(path)
}
