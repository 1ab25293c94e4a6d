package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// Exchanges are those of one protocol.
type Exchanges struct {
	Protocol  string
	Exchanges []Exchange
}

// Exchange is one job of one worker, from what the worker does to what the server hears.
type Exchange struct {
	Name string
	// Covers names the kind of bad input that this is an example of.
	Covers   string
	Settings Settings
	Data     json.RawMessage
	Worker   []Step
	Messages []Heard
	Exit     Exit
	// Log are texts that must stand on the container's stdout or stderr.
	Log []string
	// Outcome is for the runner of the context server.
	Outcome json.RawMessage
}

// Settings are the definition's, as the shim is told them.
type Settings struct {
	Config       json.RawMessage
	Plugin       string
	Stream       bool
	StartSeconds float64
}

// Environment is what the shim is told.
func (s Settings) Environment() (env []string) {
	if s.Config != nil {
		env = append(env, "PODWORK_CONFIG="+string(s.Config))
	}
	if s.Plugin != "" {
		env = append(env, "PODWORK_PLUGIN="+s.Plugin)
	}
	if s.Stream {
		env = append(env, "PODWORK_STREAM=true")
	}
	if s.StartSeconds > 0 {
		env = append(env, fmt.Sprintf("PODWORK_START_SECONDS=%g", s.StartSeconds))
	}
	return env
}

// Heard is the next that the server must hear, and what it answers.
type Heard struct {
	Message, Oversize json.RawMessage
	Answer            *Answer
}

// Answer is one of the two.
type Answer struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`
}

// Exit is how the shim tells of the process's end.
type Exit struct {
	Code   int
	Signal string
	// LastLine is in the last line of stderrTail.
	LastLine string
}

// Read reads a file of exchanges. A member that it does not know is a mistake.
func Read(file string) (e Exchanges, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return e, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil {
		return e, fmt.Errorf("%s: %w", file, err)
	}
	return e, nil
}
