package checkup

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"podwork.dev/relay/internal/conformance"
	"podwork.dev/relay/internal/trial"
	"podwork.dev/relay/internal/wire"
)

// vectorFile is what --vectors names.
type vectorFile struct {
	// Protocol and Config are the worker's, where the file is for one worker.
	Protocol string
	Config   json.RawMessage
	Jobs     []vector
}

// vector is a job, and what must come of it, whatever the worker's protocol and language.
type vector struct {
	Name string
	Data json.RawMessage
	// Result or Failure is a pattern for it.
	Result, Failure json.RawMessage
	// Chunks are patterns for the parts of the result.
	Chunks json.RawMessage
	// Log are texts that must stand in the log.
	Log []string
}

// Vectors tries a worker with the jobs of a file.
func Vectors(ctx context.Context, s Subject, file string) ([]Finding, error) {
	read, err := readVectors(file)
	if err != nil {
		return nil, err
	}
	if read.Protocol != "" {
		s.Protocol = read.Protocol
	}
	if read.Config != nil {
		s.Settings = append(s.Settings, "PODWORK_CONFIG="+string(read.Config))
	}
	var f findings
	for i, v := range read.Jobs {
		r, err := s.try(ctx, s.plan(fmt.Sprintf("conformance-%d", i+1), v.Data))
		if err != nil {
			return nil, err
		}
		d := s.doctor(r)
		f.judge(v.Name, d.start(), d.differs(v), d.ended("its answer", "end when the job is answered"))
	}
	return f, nil
}

func readVectors(file string) (read vectorFile, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return read, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return read, fmt.Errorf("%s: %w", file, err)
	}
	if len(read.Jobs) == 0 {
		return read, fmt.Errorf(`%s: "jobs" must be a list that is not empty`, file)
	}
	if read.Protocol != "" && protocols[read.Protocol] == nil {
		return read, fmt.Errorf("%s: protocol must be %s, not %q", file, Protocols, read.Protocol)
	}
	for i, v := range read.Jobs {
		if v.Name == "" || (v.Result == nil) == (v.Failure == nil) {
			return read, fmt.Errorf(`%s: each job needs a "name", and either "result" or "failure": %q`, file, v.Name)
		}
		if v.Data != nil {
			if read.Jobs[i].Data, err = conformance.Expand(v.Data); err != nil {
				return read, fmt.Errorf("%s: %s: %w", file, v.Name, err)
			}
		}
	}
	return read, nil
}

func (d doctor) differs(v vector) problem {
	const cure = "see what the vector expects; the options --protocol and --data try the job alone"
	switch {
	case !d.Answered():
		return d.silent("answer", d.subject.Patience)
	case v.Result != nil && d.Result == nil:
		return problem{"it should have a result, but " + d.outcome(), cure}
	case v.Failure != nil && d.Failure == nil:
		return problem{"it should have failed, but " + d.outcome(), cure}
	}
	differences := []error{}
	if v.Result != nil {
		differences = append(differences, conformance.Mismatch(v.Result, d.Result))
	} else {
		differences = append(differences, conformance.Mismatch(v.Failure, d.Failure.JSON()))
	}
	if v.Chunks != nil {
		differences = append(differences, conformance.Mismatch(v.Chunks, chunksOf(d.Report)))
	}
	for _, difference := range differences {
		if difference != nil {
			return problem{difference.Error(), cure}
		}
	}
	for _, text := range v.Log {
		if !strings.Contains(d.Stdout+d.Stderr, text) {
			return problem{fmt.Sprintf("%q is not in its log", text), "log it with the protocol's own means, or write it to stderr"}
		}
	}
	return problem{}
}

func chunksOf(r *trial.Report) json.RawMessage {
	chunks := r.Chunks
	if chunks == nil {
		chunks = []json.RawMessage{}
	}
	return wire.JSON(chunks)
}
