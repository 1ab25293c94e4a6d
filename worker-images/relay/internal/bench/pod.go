package main

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"podwork.dev/relay/internal/fakeserver"
)

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

func attached(server *fakeserver.Server) {
	for server.Attached() == 0 {
		time.Sleep(time.Millisecond)
	}
}
