// Package checkup tells the author of a worker what it does wrong, and how to mend it.
package checkup

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"podwork.dev/relay/internal/trial"
)

// Subject is the worker that is looked at.
type Subject struct {
	trial.Worker
	// Command is the worker's own, whose files are looked into.
	Command []string
	Data    json.RawMessage
	Stream  bool
	// Start is how long the worker may take until it is ready, Patience an answer, and Grace an end that was asked for.
	Start, Patience, Grace time.Duration
}

// Finding is a line of the list.
type Finding struct {
	Check string
	// Wrong is what was seen instead; empty where all is well.
	Wrong string
	// Cure is what to do about it.
	Cure string
	// Advice is no failure: a job is done all the same.
	Advice bool
	// Remark is worth knowing where all is well.
	Remark string
}

// findings of one trial, in the order of a worker's life.
type findings []Finding

func (f *findings) pass(check, remark string, args ...interface{}) {
	*f = append(*f, Finding{Check: check, Remark: fmt.Sprintf(remark, args...)})
}

func (f *findings) fail(check, wrong, cure string) {
	*f = append(*f, Finding{Check: check, Wrong: wrong, Cure: cure})
}

// judge takes the first thing that is wrong.
func (f *findings) judge(check string, problems ...problem) bool {
	for _, p := range problems {
		if p.wrong != "" {
			f.fail(check, p.wrong, p.cure)
			return false
		}
	}
	f.pass(check, "")
	return true
}

// problem is none where wrong is empty.
type problem struct{ wrong, cure string }

// Failed says whether anything is wrong.
func Failed(all []Finding) bool {
	for _, f := range all {
		if f.Wrong != "" && !f.Advice {
			return true
		}
	}
	return false
}

// Run tries a worker, and says what it does well and what not.
func Run(ctx context.Context, s Subject) ([]Finding, error) {
	first, err := s.try(ctx, s.plan("conformance-1", s.Data))
	if err != nil {
		return nil, err
	}
	d := s.doctor(first)
	var f findings
	if !f.judge("starts", d.start()) {
		return f, nil
	}
	if !protocols[d.Protocol](d, &f) {
		return f, nil
	}
	return s.more(ctx, f, first.Span()/2)
}

// more is asked of a worker that can do a job, of which half takes so long.
func (s Subject) more(ctx context.Context, f findings, half time.Duration) ([]Finding, error) {
	cancelling := s.plan("conformance-2", s.Data)
	cancelling.CancelAfter = half
	cancelled, err := s.try(ctx, cancelling)
	if err != nil {
		return nil, err
	}
	f.judge("ends when it is cancelled", s.doctor(cancelled).cancelled())
	odd, err := s.try(ctx, s.plan("conformance-3", json.RawMessage(oddData)))
	if err != nil {
		return nil, err
	}
	if p := s.doctor(odd).odd(); p.wrong != "" {
		f = append(f, Finding{Check: oddCheck, Wrong: p.wrong, Cure: p.cure, Advice: true})
	} else {
		f.pass(oddCheck, "%s", s.doctor(odd).outcome())
	}
	return f, nil
}

const (
	oddCheck = "answers a job that it does not expect"
	// oddData is valid for every protocol, and what no worker asks for.
	oddData = `{"podwork-conformance":[null,1.5e300,"\u0001 \u00df \ud834\udd1e"]}`
)

func (s Subject) plan(id string, data json.RawMessage) trial.Plan {
	job := trial.Job{ID: id, Type: "conformance", Data: data}
	if s.Stream {
		job.Stream = &s.Stream
	}
	patience := s.Patience
	if s.Protocol == "http" || s.Protocol == "messages" {
		patience += s.Start
	}
	return trial.Plan{Job: job, Start: s.Start, Patience: patience, Grace: s.Grace}
}

func (s Subject) try(ctx context.Context, plan trial.Plan) (*trial.Report, error) {
	return trial.Run(ctx, s.Worker, plan)
}

func (s Subject) doctor(r *trial.Report) doctor {
	return doctor{s, r, languageOf(s.Command), sourcesOf(s.Command)}
}

// Print writes the list, and what it comes to.
func Print(to io.Writer, all []Finding) {
	passed, failed := 0, 0
	for _, f := range all {
		switch {
		case f.Wrong == "":
			passed++
			line := "PASS  " + f.Check
			if f.Remark != "" {
				line += ": " + f.Remark
			}
			fmt.Fprintln(to, line)
		case f.Advice:
			fmt.Fprintf(to, "NOTE  %s\n%s", f.Check, indented(f))
		default:
			failed++
			fmt.Fprintf(to, "FAIL  %s\n%s", f.Check, indented(f))
		}
	}
	fmt.Fprintf(to, "\n%d passed, %d failed\n", passed, failed)
}

func indented(f Finding) string {
	text := f.Wrong
	if f.Cure != "" {
		text += "\ncure: " + f.Cure
	}
	return "      " + strings.ReplaceAll(text, "\n", "\n      ") + "\n"
}
