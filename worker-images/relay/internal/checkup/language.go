package checkup

import (
	"path/filepath"
	"strings"
)

// language is what a cure says in words that the author can type.
type language struct {
	name string
	// toStderr writes to stderr, flush makes output leave at once.
	toStderr, flush string
}

var languages = []struct {
	language
	programs, endings []string
}{
	{language{"Python", "print(…, file=sys.stderr)", "print(…, flush=True)"}, []string{"python", "pypy"}, []string{".py"}},
	{language{"Node", "console.error(…)", "process.stdout.write(…)"}, []string{"node", "deno", "bun", "tsx", "ts-node"}, []string{".js", ".mjs", ".cjs", ".ts", ".mts"}},
	{language{"Perl", "print STDERR …", "$| = 1; once at the beginning"}, []string{"perl"}, []string{".pl"}},
	{language{"Ruby", "warn …", "$stdout.sync = true once at the beginning"}, []string{"ruby"}, []string{".rb"}},
	{language{"awk", `print … > "/dev/stderr"`, "fflush() after each print"}, []string{"awk", "gawk", "mawk"}, []string{".awk"}},
	{language{"shell", "echo … >&2", "a program that does not buffer (grep --line-buffered, sed -u, jq --unbuffered)"}, []string{"sh", "bash", "dash", "zsh", "ksh", "busybox"}, []string{".sh"}},
	{language{"PHP", "fwrite(STDERR, …)", "flush() after each echo"}, []string{"php"}, []string{".php"}},
	{language{"Java", "System.err.println(…)", "System.out.flush() after each message"}, []string{"java"}, []string{".java", ".jar"}},
}

var anyLanguage = language{"", "write it to stderr", "flush stdout after each message (C: fflush(stdout); Go: Flush of a bufio.Writer; Rust: stdout().flush())"}

// languageOf guesses by the command's words.
func languageOf(command []string) language {
	for i, word := range command {
		base := filepath.Base(word)
		for _, l := range languages {
			for _, ending := range l.endings {
				if strings.HasSuffix(base, ending) {
					return l.language
				}
			}
			for _, program := range l.programs {
				// A version may follow: python3.11.
				if i == 0 && strings.TrimRight(base, "0123456789.") == program {
					return l.language
				}
			}
		}
	}
	return anyLanguage
}

func (l language) stderr() string { return "print everything but messages to stderr: " + l.toStderr }

func (l language) flushing() string { return "flush stdout behind each message: " + l.flush }
