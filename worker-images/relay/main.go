// Command podwork-relay connects a worker's stdin and stdout to the operator. It is both parts of
// the way that are in the pod: the relay, a sidecar, and the shim, which runs the worker.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"podwork.dev/relay/internal/install"
	"podwork.dev/relay/internal/relay"
	"podwork.dev/relay/internal/shim"
)

// version is set by ./build.
var version = "dev"

const usage = `usage:
  podwork-relay relay                    the sidecar
  podwork-relay shim -- COMMAND [ARG...] run a worker
  podwork-relay install DIR              copy this program into DIR
  podwork-relay version
`

// exitOwn is our own failure, in the place where a worker's exit code is looked for.
const exitOwn = 125

func init() {
	// The shim's worker dies with the thread that started it, so that is the main one.
	runtime.LockOSThread()
}

func main() {
	// Little lives long here; small is worth more than the odd collection.
	debug.SetGCPercent(25)
	runtime.GOMAXPROCS(1)
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	switch {
	case len(args) == 1 && args[0] == "relay":
		return runRelay()
	case len(args) > 1 && args[0] == "shim" && (args[1] != "--" || len(args) > 2):
		return runShim(args[1:])
	case len(args) == 2 && args[0] == "install":
		if err := install.Into(args[1]); err != nil {
			return fail(err)
		}
		return 0
	case len(args) == 1 && args[0] == "version":
		fmt.Println(version)
		return 0
	}
	fmt.Fprint(os.Stderr, usage)
	return exitOwn
}

func runRelay() int {
	settings, err := relay.FromEnvironment(os.Getenv, version)
	if err != nil {
		return fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- (&relay.Relay{Settings: settings, Log: say}).Run(ctx) }()
	// Nothing is kept here, so there is nothing to finish.
	select {
	case <-ctx.Done():
		return 0
	case err := <-failed:
		if ctx.Err() != nil {
			return 0
		}
		return fail(err)
	}
}

func runShim(command []string) int {
	if command[0] == "--" {
		command = command[1:]
	}
	settings, err := shim.FromEnvironment(os.Getenv)
	if err != nil {
		return fail(err)
	}
	return shim.Run(settings, command, os.Stdout, os.Stderr)
}

func say(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "podwork-relay: "+format+"\n", args...)
}

func fail(err error) int {
	say("%v", err)
	return exitOwn
}
