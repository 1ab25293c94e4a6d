package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

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
