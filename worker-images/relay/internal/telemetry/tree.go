// Package telemetry measures what a worker uses: its process and all that it started.
package telemetry

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// Usage is of one moment, except for the sums.
type Usage struct {
	MemoryBytes     int64   `json:"memoryBytes"`
	PeakMemoryBytes int64   `json:"peakMemoryBytes"`
	CPUSeconds      float64 `json:"cpuSeconds"`
	Processes       int     `json:"processes"`
}

// clockTicks is the kernel's USER_HZ, the same on all of Linux's platforms.
const clockTicks = 100

// process is what /proc/PID/stat says.
type process struct {
	pid, parent int
	resident    int64
	ticks       int64 // its own, and those of children that it has waited for
}

// Below measures all descendants of a process; those that its parents lost too, where it adopts them.
func Below(root int) Usage {
	below := all(root)
	var usage Usage
	var ticks int64
	for _, p := range below {
		usage.Processes++
		usage.MemoryBytes += p.resident
		ticks += p.ticks
	}
	usage.CPUSeconds = float64(ticks) / clockTicks
	usage.PeakMemoryBytes = usage.MemoryBytes
	return usage
}

// Pids are those that Below measures.
func Pids(root int) (pids []int) {
	for _, p := range all(root) {
		pids = append(pids, p.pid)
	}
	return pids
}

func all(root int) []process {
	if below := descendants(root); below != nil {
		return below
	}
	return searched(root)
}

// descendants asks the kernel for children, which costs nothing where there are none. It is nil where the
// kernel does not tell.
func descendants(root int) []process {
	if _, err := os.Stat("/proc/self/task/" + strconv.Itoa(os.Getpid()) + "/children"); err != nil {
		return nil
	}
	found := []process{}
	seen := map[int]bool{root: true}
	for todo := []int{root}; len(todo) > 0; {
		pid := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, child := range childrenOf(pid) {
			if seen[child] {
				continue
			}
			seen[child] = true
			todo = append(todo, child)
			if p, ok := read(child); ok {
				found = append(found, p)
			}
		}
	}
	return found
}

func childrenOf(pid int) (children []int) {
	threads := "/proc/" + strconv.Itoa(pid) + "/task"
	folder, err := os.Open(threads)
	if err != nil {
		return nil
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(-1)
	for _, name := range names {
		list, _ := os.ReadFile(threads + "/" + name + "/children")
		for _, field := range bytes.Fields(list) {
			if child, err := strconv.Atoi(string(field)); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}

// searched finds them among all processes.
func searched(root int) (found []process) {
	children := map[int][]process{}
	for _, p := range processes() {
		children[p.parent] = append(children[p.parent], p)
	}
	for todo := children[root]; len(todo) > 0; {
		p := todo[len(todo)-1]
		todo = append(todo[:len(todo)-1], children[p.pid]...)
		// A process seen twice would go round for ever.
		delete(children, p.pid)
		found = append(found, p)
	}
	return found
}

func processes() []process {
	folder, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(-1)
	var all []process
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := read(pid); ok {
				all = append(all, p)
			}
		}
	}
	return all
}

// read is false of one that has ended.
func read(pid int) (process, bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return process{}, false
	}
	p, ok := parse(stat)
	p.pid = pid
	return p, ok
}

// parse reads /proc/PID/stat, in which the command's name may hold anything.
func parse(stat []byte) (p process, ok bool) {
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 {
		return p, false
	}
	fields := bytes.Fields(stat[end+1:])
	const state, parent, userTime, childrensSystemTime, resident = 0, 1, 11, 14, 21
	if len(fields) <= resident || fields[state][0] == 'Z' {
		return p, false
	}
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(string(fields[i]), 10, 64)
		return n
	}
	p.parent = int(number(parent))
	for i := userTime; i <= childrensSystemTime; i++ {
		p.ticks += number(i)
	}
	p.resident = number(resident) * int64(os.Getpagesize())
	return p, true
}

// Reaped is what processes used that this one has waited for.
func Reaped() Usage {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used) != nil {
		return Usage{}
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return Usage{
		PeakMemoryBytes: int64(used.Maxrss) << 10,
		CPUSeconds:      seconds(used.Utime) + seconds(used.Stime),
	}
}
