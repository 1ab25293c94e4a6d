package main

import (
	"os"
	"os/exec"
	"time"

	"podwork.dev/relay/internal/fakeserver"
)

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
