package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestCtrlCLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.Command(self, "--timeout", "60", "--", "sh", "-c", "echo $$ >started; mv started pid; exec sleep 60")
	program.Dir = dir
	program.Env = append(os.Environ(), "PODWORK_CONFORMANCE_TEST=program", "TMPDIR="+dir)
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	for end := time.Now().Add(20 * time.Second); pid == 0; time.Sleep(5 * time.Millisecond) {
		text, _ := os.ReadFile(filepath.Join(dir, "pid"))
		if pid, _ = strconv.Atoi(strings.TrimSpace(string(text))); time.Now().After(end) {
			t.Fatal("the worker did not start")
		}
	}
	_ = program.Process.Signal(os.Interrupt)
	_ = program.Wait()
	if code := program.ProcessState.ExitCode(); code != interrupted {
		t.Errorf("exit code %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "podwork-*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	if syscall.Kill(pid, 0) == nil {
		t.Error("the worker is left")
	}
}
