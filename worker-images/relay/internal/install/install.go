// Package install puts the binary where a container that does not have it can run it.
package install

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Name of the binary.
const Name = "podwork-relay"

// Into copies the running program into dir. Whoever looks sees a whole file or none, also when
// an older one is being executed.
func Into(dir string) error {
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer self.Close()
	temporary, err := os.CreateTemp(dir, "."+Name+"-*")
	if err != nil {
		return fmt.Errorf("cannot write to %s (is the volume mounted, and writable for user %d?): %w", dir, os.Getuid(), err)
	}
	defer os.Remove(temporary.Name())
	defer temporary.Close()
	if _, err := io.Copy(temporary, self); err != nil {
		return err
	}
	// CreateTemp makes files for their owner only, and the worker is another user.
	if err := temporary.Chmod(0o755); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), filepath.Join(dir, Name))
}
