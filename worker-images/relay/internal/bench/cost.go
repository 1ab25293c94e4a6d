package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/wire"
)

// settled is how long a worker is left alone before it is asked: by then it waits for its job.
const settled = 50 * time.Millisecond

// costOfProtocols prints what shim and relay add to a program of each protocol, beside the same program spoken to by hand: from
// its start until it has answered a job that is there already, and from when a program that waits is asked until it has answered.
func costOfProtocols(binary string) {
	fmt.Printf("\n| protocol | started -> answered, bare | shim and relay | added | asked -> answered, bare | shim and relay | added |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, protocol := range protocols {
		var bareJob, farJob, bareTrip, farTrip []time.Duration
		for i := 0; i < starts; i++ {
			bareJob = append(bareJob, bareWorker(protocol.name, protocol.start, false))
			farJob = append(farJob, farWorker(binary, protocol.name, false))
			bareTrip = append(bareTrip, bareWorker(protocol.name, protocol.start, true))
			farTrip = append(farTrip, farWorker(binary, protocol.name, true))
		}
		fmt.Printf("| %s | %s | %s |\n", protocol.name, cells(bareJob, farJob), cells(bareTrip, farTrip))
	}
}

// bareWorker is how long a job takes with the program alone; from when it waits for one, where that is asked for.
func bareWorker(name string, start func(*exec.Cmd) func(), waiting bool) time.Duration {
	command := exec.Command(os.Args[0], name, "0")
	begin := time.Now()
	ask := start(command)
	if waiting {
		time.Sleep(settled)
		begin = time.Now()
	}
	ask()
	took := time.Since(begin)
	_ = command.Process.Kill()
	_ = command.Wait()
	return took
}

// farWorker is the same under the shim, beside a relay that is there already.
func farWorker(binary, protocol string, waiting bool) time.Duration {
	greeted, answered := make(chan struct{}), make(chan struct{})
	p := newPod(binary, &fakeserver.Server{
		Hello: func(string) string { close(greeted); return "" },
		Handle: func(_ *fakeserver.Server, f wire.Frame) {
			if f.Kind == wire.Msg && bytes.Contains(f.Payload, []byte(`"result":{"n":1}`)) {
				close(answered)
			}
		},
	})
	p.shim.Env = append(p.shim.Env, "PODWORK_PROTOCOL="+protocol)
	p.relay.Stderr = nil
	check(p.relay.Start())
	<-greeted
	p.shim.Args = append(p.shim.Args, protocol, "0")
	if !waiting {
		p.server.Send(wire.Msg, execute)
	}
	begin := time.Now()
	check(p.shim.Start())
	if waiting {
		attached(p.server)
		time.Sleep(settled)
		begin = time.Now()
		p.server.Send(wire.Msg, execute)
	}
	<-answered
	took := time.Since(begin)
	p.end()
	return took
}

// cells are two medians and their difference.
func cells(bare, far []time.Duration) string {
	a, b := percentile(bare, 50), percentile(far, 50)
	return fmt.Sprintf("%.2f ms | %.2f ms | %.2f ms", milliseconds(a), milliseconds(b), milliseconds(b-a))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
