package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

var answer = []byte(`{"jsonrpc":"2.0","id":7,"result":{"samples":[1,2,3]}}`)

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
