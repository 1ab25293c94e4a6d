package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"podwork.dev/relay/internal/fakeserver"
)

func memory(binary string) {
	p := newPod(binary, &fakeserver.Server{})
	p.run("idle", 0)
	attached(p.server)
	time.Sleep(300 * time.Millisecond)
	fmt.Printf("PSS idle, connected             relay %s, shim %s\n", pss(p.relay), pss(p.shim))
	p.end()
}

// cpuOf a process that runs, in ticks of 10 ms.
func cpuOf(command *exec.Cmd) time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", command.Process.Pid))
	check(err)
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')'):]))
	user, _ := strconv.Atoi(fields[12])
	system, _ := strconv.Atoi(fields[13])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func pss(command *exec.Cmd) string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", command.Process.Pid))
	check(err)
	for _, line := range strings.Split(string(data), "\n") {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Pss:" {
			kib, _ := strconv.Atoi(fields[1])
			return fmt.Sprintf("%.1f MiB", float64(kib)/1024)
		}
	}
	return "unknown"
}
