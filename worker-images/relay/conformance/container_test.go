package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A tool that does what docker does, as far as it is asked for here, without a container.
const docker = `#!/bin/sh
echo "$@" >>"$(dirname "$0")/calls"
case "$1 $2" in
"image inspect") [ -e "$(dirname "$0")/pulled" ] && printf '{"Entrypoint":["sh"],"Cmd":["-c","cat >/dev/null; echo \\"$ANSWER\\""]}' ;;
"pull --quiet") touch "$(dirname "$0")/pulled" ;;
"run --rm")
  shift 2
  while :; do
    case $1 in
    --volume) shift 2 ;;
    --entrypoint) program=$2; shift 2 ;;
    --env) export "$2"; shift 2 ;;
    *) break ;;
    esac
  done
  shift
  ANSWER='{"success":true}' exec "$program" "$@" ;;
esac
`

func TestAnImage(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "podman"), []byte(docker), 0o755); err != nil {
		t.Fatal(err)
	}
	needed := t.TempDir()
	for _, tool := range []string{"sh", "cat", "dirname", "touch", "echo"} {
		if path, err := exec.LookPath(tool); err == nil {
			_ = os.Symlink(path, filepath.Join(needed, tool))
		}
	}
	out, code := conformanceIn(t, bin, []string{"PATH=" + bin + ":" + needed}, "--protocol", "task", "--image", "example.com/worker:1")
	if code != conforms || !strings.Contains(out, "\n7 passed, 0 failed\n") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	calls, _ := os.ReadFile(filepath.Join(bin, "calls"))
	for _, call := range []string{"pull --quiet example.com/worker:1", "--entrypoint ", "example.com/worker:1 shim -- sh -c "} {
		if !strings.Contains(string(calls), call) {
			t.Errorf("%q is not among\n%s", call, calls)
		}
	}
	out, code = conformanceIn(t, bin, []string{"PATH=" + needed}, "--protocol", "task", "--image", "example.com/worker:1")
	if code != misused || !strings.Contains(out, "--image needs docker or podman, and neither is in PATH: install one (Debian: apt-get install podman)") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}
