package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"podwork.dev/relay/internal/checkup"
)

const usage = `Usage: ./podwork conformance [OPTION...] -- COMMAND [ARG...]
       ./podwork conformance [OPTION...] --image IMAGE [-- COMMAND [ARG...]]

Runs a worker under the shim that it has in a pod, plays the operator, and says what the worker does wrong.
It needs no cluster. Exit code: 0 when all is well, 1 when something failed, 2 when it cannot be tried.

  --protocol NAME    jsonrpc (default), task, http or messages
  --data JSON        the data of the job; default {}
  --config JSON      the configuration of an http or messages worker: an object
  --plugin NAME      the plugin of a messages worker
  --stream           asks for the result in parts
  --vectors FILE     tries the jobs of a file (worker-images/conformance/README.md) instead, and compares what comes of them
  --image IMAGE      runs the worker in this image, with docker or podman; without COMMAND the image's own is run
  --start SECONDS    how long an http or messages worker may take until it is ready; default 30
  --timeout SECONDS  how long an answer may take; default 10
  --grace SECONDS    how long the worker may take to end when it is told to; default 5

Examples:
  ./podwork conformance --protocol task --data '{"text": "four"}' -- python3 worker.py
  ./podwork conformance --protocol http --config '{"model": "tiny"}' -- python3 server.py --port '$(PORT)'
  ./podwork conformance --protocol messages --image registry.example.com/my-worker:1
`

var errHelp = errors.New("help")

type options struct {
	protocol, data, config, plugin string
	stream                         bool
	vectors, image                 string
	start, timeout, grace          time.Duration
	command                        []string
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("podwork conformance", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.protocol, "protocol", "jsonrpc", "")
	flags.StringVar(&o.data, "data", "{}", "")
	flags.StringVar(&o.config, "config", "", "")
	flags.StringVar(&o.plugin, "plugin", "", "")
	flags.BoolVar(&o.stream, "stream", false, "")
	flags.StringVar(&o.vectors, "vectors", "", "")
	flags.StringVar(&o.image, "image", "", "")
	seconds := map[string]*time.Duration{"start": &o.start, "timeout": &o.timeout, "grace": &o.grace}
	defaults := map[string]float64{"start": 30, "timeout": 10, "grace": 5}
	values := map[string]*float64{}
	for name, value := range defaults {
		values[name] = flags.Float64(name, value, "")
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return o, errHelp
	case err != nil:
		return o, err
	}
	for name, into := range seconds {
		const most = 86400
		if v := *values[name]; !(v >= 0.1 && v <= most) {
			return o, fmt.Errorf("--%s must be a number of seconds from 0.1 to %d", name, most)
		}
		*into = time.Duration(*values[name] * float64(time.Second))
	}
	o.command = flags.Args()
	return o, o.wrong()
}

func (o options) wrong() error {
	var object map[string]json.RawMessage
	switch {
	case !checkup.Knows(o.protocol):
		return fmt.Errorf("--protocol must be %s, not %q", checkup.Protocols, o.protocol)
	case !json.Valid([]byte(o.data)):
		return fmt.Errorf("--data must be JSON, such as '{\"text\": \"four\"}', not %s", o.data)
	case o.config != "" && json.Unmarshal([]byte(o.config), &object) != nil:
		return fmt.Errorf("--config must be a JSON object, not %s", o.config)
	case len(o.command) == 0 && o.image == "":
		return errors.New("the worker's command is missing: give it behind --, or give --image")
	}
	return nil
}

// settings are the shim's, as a pod has them of the definition.
func (o options) settings() (env []string) {
	for name, value := range map[string]string{"PODWORK_CONFIG": o.config, "PODWORK_PLUGIN": o.plugin} {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	if o.stream {
		env = append(env, "PODWORK_STREAM=true")
	}
	return env
}
