// Command bench measures bin/podwork-relay against a bare pipe to a child process, in one run on
// one machine. Run ./bench in worker-images/relay.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

const (
	starts  = 30
	trips   = 20000
	traffic = 500 << 20
)

var answer = []byte(`{"jsonrpc":"2.0","id":7,"result":{"samples":[1,2,3]}}`)

func main() {
	if len(os.Args) == 3 {
		n, err := strconv.Atoi(os.Args[2])
		check(err)
		workers[os.Args[1]](n)
		return
	}
	binary, err := filepath.Abs("bin/podwork-relay")
	check(err)
	info, err := os.Stat(binary)
	check(err)
	fmt.Printf("binary                          %.1f MiB\n", float64(info.Size())/(1<<20))
	relayStart(binary)
	shimStart(binary)
	memory(binary)
	jobs(binary)
	roundTrips(binary)
	throughput(binary)
}

// workers are this program as a worker; they measure for themselves, on stderr.
var workers = map[string]func(n int){
	"trips": func(n int) { measureTrips(n, os.Stdin, os.Stdout) },
	// The same over TLS on loopback, with nothing between.
	"tls-trips": func(n int) {
		conn, err := tls.Dial("tcp", os.Getenv("BENCH_SERVER"), &tls.Config{InsecureSkipVerify: true})
		check(err)
		measureTrips(n, conn, conn)
	},
	"flood": func(n int) {
		line := []byte(`{"jsonrpc":"2.0","method":"n","params":"` + strings.Repeat("x", 980) + `"}` + "\n")
		out := bufio.NewWriterSize(os.Stdout, 64<<10)
		for sent := 0; sent < n; sent += len(line) {
			_, err := out.Write(line)
			check(err)
		}
		check(out.Flush())
		os.Stdout.Close()
		_, _ = io.Copy(io.Discard, os.Stdin)
	},
	"idle": func(int) { _, _ = io.Copy(io.Discard, os.Stdin) },
}

func measureTrips(n int, from io.Reader, to io.Writer) {
	in := bufio.NewReader(from)
	call := []byte(`{"jsonrpc":"2.0","id":7,"method":"ctx.state.get","params":{"key":"samples"}}` + "\n")
	took := make([]time.Duration, 0, n)
	for i := 0; i < n; i++ {
		begin := time.Now()
		_, err := to.Write(call)
		check(err)
		_, err = in.ReadSlice('\n')
		check(err)
		took = append(took, time.Since(begin))
	}
	for _, t := range took {
		fmt.Fprintln(os.Stderr, t.Nanoseconds())
	}
}

// pod is one shim and one relay under a server.
type pod struct {
	server      *fakeserver.Server
	dir         string
	relay, shim *exec.Cmd
	stderr      bytes.Buffer
}

func newPod(binary string, server *fakeserver.Server) *pod {
	server, err := fakeserver.Start(server)
	check(err)
	dir, err := os.MkdirTemp("", "podwork-bench-")
	check(err)
	check(os.WriteFile(dir+"/token", []byte(strings.Repeat("t", 1200)), 0o600))
	p := &pod{server: server, dir: dir}
	p.relay, p.shim = exec.Command(binary, "relay"), exec.Command(binary, "shim", "--", os.Args[0])
	for _, command := range []*exec.Cmd{p.relay, p.shim} {
		command.Env = append(os.Environ(), "PODWORK_SOCKET="+dir+"/relay.sock", "PODWORK_SERVER="+server.Address(),
			"PODWORK_SERVER_CA="+string(server.CA), "PODWORK_TOKEN_FILE="+dir+"/token", "PODWORK_TERMINATION_LOG="+dir+"/termination")
		command.Stderr = &p.stderr
	}
	return p
}

func (p *pod) run(worker string, n int) {
	p.relay.Stderr = nil
	check(p.relay.Start())
	p.shim.Args = append(p.shim.Args, worker, strconv.Itoa(n))
	check(p.shim.Start())
}

func (p *pod) end() {
	if p.shim.Process != nil {
		_ = p.shim.Process.Kill()
		_ = p.shim.Wait()
	}
	_ = p.relay.Process.Signal(syscall.SIGTERM)
	_ = p.relay.Wait()
	p.server.Stop()
	os.RemoveAll(p.dir)
}

func relayStart(binary string) {
	var cpu, wall []time.Duration
	for i := 0; i < starts; i++ {
		greeted := make(chan struct{})
		p := newPod(binary, &fakeserver.Server{Hello: func(string) string { close(greeted); return "" }})
		p.relay.Stderr = nil
		begin := time.Now()
		check(p.relay.Start())
		<-greeted
		wall = append(wall, time.Since(begin))
		time.Sleep(20 * time.Millisecond)
		p.end()
		cpu = append(cpu, p.relay.ProcessState.UserTime()+p.relay.ProcessState.SystemTime())
	}
	show("relay start, CPU user+sys", cpu)
	show("relay start until hello arrives", wall)
}

func shimStart(binary string) {
	var bare, shimmed []time.Duration
	for i := 0; i < starts; i++ {
		begin := time.Now()
		check(exec.Command("/bin/true").Run())
		bare = append(bare, time.Since(begin))
		shim := exec.Command(binary, "shim", "--", "/bin/true")
		shim.Env = append(os.Environ(), "PODWORK_DRAIN_SECONDS=0", "PODWORK_SOCKET=/nowhere", "PODWORK_TERMINATION_LOG=/dev/null")
		begin = time.Now()
		check(shim.Run())
		shimmed = append(shimmed, time.Since(begin))
	}
	show("/bin/true, bare", bare)
	show("/bin/true under the shim", shimmed)
}

func memory(binary string) {
	p := newPod(binary, &fakeserver.Server{})
	p.run("idle", 0)
	attached(p.server)
	time.Sleep(300 * time.Millisecond)
	fmt.Printf("PSS idle, connected             relay %s, shim %s\n", pss(p.relay), pss(p.shim))
	p.end()
}

func roundTrips(binary string) {
	child := exec.Command(os.Args[0], "trips", strconv.Itoa(trips))
	var times bytes.Buffer
	child.Stderr = &times
	to, err := child.StdinPipe()
	check(err)
	from, err := child.StdoutPipe()
	check(err)
	check(child.Start())
	lines := bufio.NewReader(from)
	for {
		if _, err := lines.ReadSlice('\n'); err != nil {
			break
		}
		_, err := to.Write(append(answer, '\n'))
		check(err)
	}
	check(child.Wait())
	bare := durations(times.String())
	direct := tlsTrips()

	p := newPod(binary, &fakeserver.Server{Handle: func(s *fakeserver.Server, f wire.Frame) {
		if f.Kind == wire.Msg {
			s.Send(wire.Msg, string(answer))
		}
	}})
	p.run("trips", trips)
	check(p.shim.Wait())
	far := durations(p.stderr.String())
	cpu := cpuOf(p.relay)
	p.end()
	show("round trip, bare pipe", bare)
	show("round trip, TLS without relay", direct)
	show("round trip, shim and relay", far)
	fmt.Printf("  to the bare pipe p50 %.1f, p99 %.1f; to TLS alone p50 %.1f, p99 %.1f; the relay's CPU %v a trip\n",
		ratio(far, bare, 50), ratio(far, bare, 99), ratio(far, direct, 50), ratio(far, direct, 99), cpu/trips)
}

// tlsTrips is what a worker would see that spoke TLS itself.
func tlsTrips() []time.Duration {
	listener, err := fakeserver.ListenTLS()
	check(err)
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		check(err)
		lines := bufio.NewReader(conn)
		for {
			if _, err := lines.ReadSlice('\n'); err != nil {
				return
			}
			_, err := conn.Write(append(answer, '\n'))
			check(err)
		}
	}()
	child := exec.Command(os.Args[0], "tls-trips", strconv.Itoa(trips))
	child.Env = append(os.Environ(), "BENCH_SERVER="+listener.Addr().String())
	var times bytes.Buffer
	child.Stderr = &times
	check(child.Run())
	return durations(times.String())
}

func throughput(binary string) {
	child := exec.Command(os.Args[0], "flood", strconv.Itoa(traffic))
	from, err := child.StdoutPipe()
	check(err)
	child.Stdin = os.Stdin
	begin := time.Now()
	check(child.Start())
	_, err = io.Copy(io.Discard, from)
	check(err)
	_ = child.Process.Kill()
	bare := time.Since(begin)

	arrived := make(chan struct{})
	seen := 0
	p := newPod(binary, &fakeserver.Server{Handle: func(_ *fakeserver.Server, f wire.Frame) {
		before := seen
		if seen += len(f.Payload) + 1; before < traffic && seen >= traffic {
			close(arrived)
		}
	}})
	begin = time.Now()
	p.run("flood", traffic)
	<-arrived
	far := time.Since(begin)
	fmt.Printf("PSS after 500 MiB               relay %s, shim %s\n", pss(p.relay), pss(p.shim))
	mib := float64(traffic) / (1 << 20)
	fmt.Printf("throughput, lines of 1 KiB      bare pipe %.0f MiB/s, shim and relay %.0f MiB/s\n", mib/bare.Seconds(), mib/far.Seconds())
	fmt.Printf("  CPU for 500 MiB: shim %v, relay %v\n", cpuOf(p.shim), cpuOf(p.relay))
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

func attached(server *fakeserver.Server) {
	for server.Attached() == 0 {
		time.Sleep(time.Millisecond)
	}
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

func durations(text string) []time.Duration {
	var all []time.Duration
	for _, field := range strings.Fields(text) {
		if n, err := strconv.Atoi(field); err == nil {
			all = append(all, time.Duration(n))
		}
	}
	return all
}

func percentile(all []time.Duration, p int) time.Duration {
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all[(len(all)-1)*p/100]
}

func ratio(a, b []time.Duration, p int) float64 {
	return float64(percentile(a, p)) / float64(percentile(b, p))
}

func show(what string, all []time.Duration) {
	fmt.Printf("%-31s p50 %v, p99 %v (n=%d)\n", what, percentile(all, 50).Round(100), percentile(all, 99).Round(100), len(all))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
