package process

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// OOMKills counts the processes of this container that the kernel killed for want of memory; -1
// where it does not say. root is "/".
func OOMKills(root string) int {
	for _, file := range oomFiles(root) {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() {
			fields := strings.Fields(lines.Text())
			if len(fields) == 2 && fields[0] == "oom_kill" {
				if n, err := strconv.Atoi(fields[1]); err == nil {
					return n
				}
			}
		}
	}
	return -1
}

// oomFiles are the places where the count may be, for both versions of cgroups. With a cgroup
// namespace, or in a container, our own group is the root of the mount.
func oomFiles(root string) []string {
	const mount = "sys/fs/cgroup"
	var files []string
	data, _ := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	for _, line := range strings.Split(string(data), "\n") {
		parts := strings.SplitN(line, ":", 3)
		if len(parts) != 3 {
			continue
		}
		group := parts[2]
		switch {
		case parts[0] == "0" && parts[1] == "":
			files = append(files,
				filepath.Join(root, mount, group, "memory.events"),
				filepath.Join(root, mount, "memory.events"))
		case contains(strings.Split(parts[1], ","), "memory"):
			files = append(files,
				filepath.Join(root, mount, "memory", group, "memory.oom_control"),
				filepath.Join(root, mount, "memory/memory.oom_control"))
		}
	}
	return files
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
