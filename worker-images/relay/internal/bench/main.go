// Command bench measures bin/podwork-relay against a bare pipe to a child process, in one run on
// one machine. Run ./bench in worker-images/relay.
package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	starts  = 30
	trips   = 20000
	traffic = 500 << 20
)

func main() {
	if len(os.Args) == 3 {
		n, err := strconv.Atoi(os.Args[2])
		check(err)
		workers[os.Args[1]](n)
		return
	}
	only := len(os.Args) == 2 && os.Args[1] == "protocols"
	if len(os.Args) > 1 && !only {
		fmt.Fprintf(os.Stderr, "bench: there is no measurement %q; leave it out for all, or name protocols\n", os.Args[1])
		os.Exit(2)
	}
	binary, err := filepath.Abs("bin/podwork-relay")
	check(err)
	if only {
		costOfProtocols(binary)
		return
	}
	info, err := os.Stat(binary)
	check(err)
	fmt.Printf("binary                          %.1f MiB\n", float64(info.Size())/(1<<20))
	relayStart(binary)
	shimStart(binary)
	memory(binary)
	costOfProtocols(binary)
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
