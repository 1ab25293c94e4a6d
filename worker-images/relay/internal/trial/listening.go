package trial

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"podwork.dev/relay/internal/telemetry"
)

// listening are the TCP addresses at which all that a process started listen, as far as the kernel tells.
func listening(pid int) (addresses []string) {
	sockets := map[string]bool{}
	for _, process := range telemetry.Pids(pid) {
		files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", process))
		for _, file := range files {
			if target, err := os.Readlink(file); err == nil && strings.HasPrefix(target, "socket:[") {
				sockets[strings.Trim(target[len("socket:"):], "[]")] = true
			}
		}
	}
	for _, table := range []string{"tcp", "tcp6"} {
		addresses = append(addresses, listed(fmt.Sprintf("/proc/%d/net/%s", pid, table), sockets)...)
	}
	sort.Strings(addresses)
	return addresses
}

// listed are the listening sockets of a table that are among those given.
func listed(table string, sockets map[string]bool) (addresses []string) {
	const address, state, inode, listen = 1, 3, 9, "0A"
	file, err := os.Open(table)
	if err != nil {
		return nil
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > inode && fields[state] == listen && sockets[fields[inode]] {
			addresses = append(addresses, readable(fields[address]))
		}
	}
	return addresses
}

// readable is an address as people write it: the kernel has it in hexadecimal, by words of the machine's order.
func readable(address string) string {
	parts := strings.SplitN(address, ":", 2)
	raw, err := hex.DecodeString(parts[0])
	if err != nil || len(parts) < 2 {
		return address
	}
	for word := 0; word+4 <= len(raw); word += 4 {
		raw[word], raw[word+1], raw[word+2], raw[word+3] = raw[word+3], raw[word+2], raw[word+1], raw[word]
	}
	port, _ := strconv.ParseUint(parts[1], 16, 16)
	return net.JoinHostPort(net.IP(raw).String(), strconv.FormatUint(port, 10))
}
