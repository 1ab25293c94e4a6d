package process

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOOMKills(t *testing.T) {
	const v2, v1 = "0::/kubepods/pod1/c1\n", "7:pids:/p\n4:cpu,memory:/kubepods/c1\n0::/\n"
	cases := map[string]struct {
		cgroup, file, text string
		want               int
	}{
		"v2 in a namespace":  {"0::/\n", "sys/fs/cgroup/memory.events", "low 0\noom 3\noom_kill 2\noom_group_kill 0\n", 2},
		"v2 on the host":     {v2, "sys/fs/cgroup/kubepods/pod1/c1/memory.events", "oom_kill 1\n", 1},
		"v2 in a container":  {v2, "sys/fs/cgroup/memory.events", "oom_kill 4\n", 4},
		"v1 on the host":     {v1, "sys/fs/cgroup/memory/kubepods/c1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n", 5},
		"v1 in a container":  {v1, "sys/fs/cgroup/memory/memory.oom_control", "oom_kill 6\n", 6},
		"an old kernel":      {v1, "sys/fs/cgroup/memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n", -1},
		"no cgroups mounted": {v2, "elsewhere", "", -1},
	}
	for name, c := range cases {
		root := t.TempDir()
		for file, text := range map[string]string{"proc/self/cgroup": c.cgroup, c.file: c.text} {
			path := filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := OOMKills(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
