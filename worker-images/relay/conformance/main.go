// Command podwork-conformance tells the author of a worker what it does wrong: it runs the worker under the real shim,
// plays the operator, and prints a list. docs/workers/conformance.md is its manual.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"podwork.dev/relay/internal/checkup"
	"podwork.dev/relay/internal/shim"
	"podwork.dev/relay/internal/trial"
)

// Exit codes.
const (
	conforms    = 0
	fails       = 1
	misused     = 2
	shimFails   = 125
	interrupted = 130
)

func init() {
	// The shim's worker dies with the thread that started it, so that is the main one.
	runtime.LockOSThread()
}

func main() {
	if len(os.Args) > 3 && os.Args[1] == "shim" && os.Args[2] == "--" {
		os.Exit(runShim(os.Args[3:]))
	}
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	options, err := parse(args)
	switch {
	case errors.Is(err, errHelp):
		fmt.Print(usage)
		return conforms
	case err != nil:
		fmt.Fprintf(os.Stderr, "podwork conformance: %v\n%s", err, usage)
		return misused
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	findings, err := options.check(ctx)
	if ctx.Err() != nil {
		return interrupted
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "podwork conformance: %v\n", err)
		return misused
	}
	checkup.Print(os.Stdout, findings)
	if checkup.Failed(findings) {
		return fails
	}
	return conforms
}

func (o options) check(ctx context.Context) ([]checkup.Finding, error) {
	subject := checkup.Subject{
		Worker:  trial.Worker{Protocol: o.protocol, Settings: o.settings(), Shim: ownShim(o.command)},
		Command: o.command, Data: json.RawMessage(o.data), Stream: o.stream,
		Start: o.start, Patience: o.timeout, Grace: o.grace,
	}
	if o.image != "" {
		container, err := containerOf(o.image, o.command)
		if err != nil {
			return nil, err
		}
		subject.Shim, subject.Command = container.shim, container.command
	}
	if o.vectors != "" {
		return checkup.Vectors(ctx, subject, o.vectors)
	}
	return checkup.Run(ctx, subject)
}

// ownShim is this program in its other role.
func ownShim(command []string) func(string, []string) (*exec.Cmd, error) {
	return func(_ string, env []string) (*exec.Cmd, error) {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		shim := exec.Command(self, append([]string{"shim", "--"}, command...)...)
		shim.Env = append(os.Environ(), env...)
		return shim, nil
	}
}

func runShim(command []string) int {
	settings, err := shim.FromEnvironment(os.Getenv)
	if err == nil {
		settings.Tap, err = os.OpenFile(os.Getenv(trial.TapVariable), os.O_WRONLY|os.O_APPEND, 0)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "podwork conformance:", err)
		return shimFails
	}
	return shim.Run(settings, command, os.Stdout, os.Stderr)
}
