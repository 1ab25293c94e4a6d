package conformance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"
)

// Step is one thing that a worker does. One of its members is set.
type Step struct {
	// Read is what the next line of stdin must match, and ReadAll what all of it must.
	Read, ReadAll json.RawMessage
	// Say is written as one line of JSON, and Write as it is.
	Say, Write json.RawMessage
	// Log is a line on stderr.
	Log string
	// Sleep is in milliseconds.
	Sleep int
	// Serve are the answers of an HTTP server by method and path. It serves until it is told to end.
	Serve map[string]Response
	Ending
}

// Ending is how a process ends itself.
type Ending struct {
	Exit *int
	// Kill sends it this signal.
	Kill string
}

// mistaken is the exit code of a worker that was not spoken to as the exchange says.
const mistaken = 99

// Play does what the steps say, as the worker of a shim. It ends the process where they do.
func Play(steps []Step) {
	stdin := bufio.NewReaderSize(os.Stdin, 64<<10)
	for _, step := range steps {
		switch {
		case step.Read != nil:
			line, err := stdin.ReadBytes('\n')
			check(err)
			check(Mismatch(step.Read, line))
		case step.ReadAll != nil:
			text, err := io.ReadAll(stdin)
			check(err)
			check(Mismatch(step.ReadAll, text))
		case step.Say != nil:
			line, err := Expand(step.Say)
			check(err)
			write(append(line, '\n'))
		case step.Write != nil:
			write([]byte(text(step.Write)))
		case step.Log != "":
			fmt.Fprintln(os.Stderr, step.Log)
		case step.Sleep > 0:
			time.Sleep(time.Duration(step.Sleep) * time.Millisecond)
		case step.Serve != nil:
			check(serve(step.Serve))
		default:
			step.end()
		}
	}
}

func write(data []byte) {
	_, err := os.Stdout.Write(data)
	check(err)
}

// text is a JSON string, written out.
func text(value json.RawMessage) (text string) {
	expanded, err := Expand(value)
	if err == nil {
		err = json.Unmarshal(expanded, &text)
	}
	check(err)
	return text
}

func (e Ending) end() {
	signals := map[string]syscall.Signal{"SIGKILL": syscall.SIGKILL, "SIGTERM": syscall.SIGTERM, "SIGSEGV": syscall.SIGSEGV}
	switch {
	case e.Exit != nil:
		os.Exit(*e.Exit)
	case signals[e.Kill] != 0:
		_ = syscall.Kill(os.Getpid(), signals[e.Kill])
		time.Sleep(time.Minute)
	default:
		check(fmt.Errorf("no such step: %s", strings.TrimSpace(e.Kill)))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "the exchange is broken:", err)
		os.Exit(mistaken)
	}
}
