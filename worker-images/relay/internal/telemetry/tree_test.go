package telemetry

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestWhatTheKernelSaysOfAProcess(t *testing.T) {
	const rest = " S 7 1 1 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 1 0 5 1000 25 0 0"
	cases := map[string]process{
		"42 (python3)" + rest:        {parent: 7, ticks: 100, resident: 25 * int64(os.Getpagesize())},
		"42 (a) S 1 (b c)" + rest:    {parent: 7, ticks: 100, resident: 25 * int64(os.Getpagesize())},
		"42 (gone) Z 7 1" + rest[6:]: {},
		"42 (short) S 7":             {},
		"":                           {},
	}
	for stat, want := range cases {
		got, ok := parse([]byte(stat))
		if ok != (want.parent != 0) || ok && got != want {
			t.Errorf("%q: %+v", stat, got)
		}
	}
}

func TestATreeIsMeasuredAsAWhole(t *testing.T) {
	command := exec.Command("sh", "-c", "sh -c 'echo up; read x; sleep 60' & wait")
	command.Stdin = os.Stdin
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = command.Process.Kill(); _ = command.Wait() }()
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	for _, found := range [][]process{descendants(os.Getpid()), searched(os.Getpid())} {
		if len(found) < 2 {
			t.Errorf("found %+v", found)
		}
	}
	usage := Below(os.Getpid())
	if usage.Processes < 2 || usage.MemoryBytes < 100<<10 || usage.MemoryBytes > 1<<30 {
		t.Errorf("%+v", usage)
	}
}

func TestWhatHasEndedIsRemembered(t *testing.T) {
	before := Reaped()
	if err := exec.Command("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done").Run(); err != nil {
		t.Fatal(err)
	}
	var meter Meter
	usage := meter.Read()
	if usage.CPUSeconds <= before.CPUSeconds || usage.PeakMemoryBytes == 0 || usage.CPUSeconds > time.Hour.Seconds() {
		t.Errorf("%+v, before %+v", usage, before)
	}
}
