package shim

import (
	"encoding/json"
	"fmt"
	"os"
	"syscall"

	"podwork.dev/relay/internal/wire"
)

// Record says how the worker ended.
type Record struct {
	Code       int      `json:"code"`
	Signal     string   `json:"signal"`
	OOMKilled  bool     `json:"oomKilled"`
	Error      string   `json:"error"`
	StderrTail []string `json:"stderrTail"`
	// Response is the worker's answer to execute, where only the termination message can carry it.
	Response json.RawMessage `json:"response,omitempty"`
}

// ended fills in how a process ended.
func (r *Record) ended(status syscall.WaitStatus) {
	if status.Signaled() {
		r.Code = 128 + int(status.Signal())
		r.Signal = signalName(status.Signal())
		return
	}
	r.Code = status.ExitStatus()
}

// maxTermination is below what the kubelet keeps (4096).
const maxTermination = 4000

// terminationMessage is the record, shortened: the oldest lines of stderr go first, and a
// response that does not fit.
func terminationMessage(r Record) []byte {
	if len(r.Error) > 1000 {
		r.Error = r.Error[:1000]
	}
	lines := r.StderrTail
	r.StderrTail = []string{}
	if len(wire.JSON(r)) > maxTermination {
		r.Response = nil
	}
	for i := len(lines) - 1; i >= 0; i-- {
		longer := r
		longer.StderrTail = append([]string{lines[i]}, r.StderrTail...)
		if len(wire.JSON(longer)) > maxTermination {
			break
		}
		r = longer
	}
	return wire.JSON(r)
}

func (s *shim) writeTermination(r Record) {
	// The file is there already; only laptop mode and tests need it made.
	err := os.WriteFile(s.TerminationLog, terminationMessage(r), 0o644)
	if err != nil && !s.deaf {
		s.deaf = true
		s.stderr.Note("no termination message: %v", err)
	}
}

// signalName is the usual name: Signal.String has descriptions.
func signalName(sig syscall.Signal) string {
	names := [...]string{
		1: "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
		"STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
	}
	if int(sig) < len(names) && names[sig] != "" {
		return "SIG" + names[sig]
	}
	return fmt.Sprintf("SIG%d", int(sig))
}
