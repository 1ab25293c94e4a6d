// Package process runs the worker: as a child in a process group of its own, under a parent that
// may be the first process of a container.
package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// StartError says why a command could not be started, and how to mend it.
type StartError struct {
	Code    int // as a shell has it: 127 not there, 126 cannot be run
	Message string
}

func (e *StartError) Error() string { return e.Message }

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// lookUp finds a command as a shell does.
func lookUp(name, path string) (string, *StartError) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	if path == "" {
		path = defaultPath
	}
	denied := ""
	for _, dir := range filepath.SplitList(path) {
		file := filepath.Join(dir, name)
		info, err := os.Stat(file)
		if name == "" || err != nil || info.IsDir() {
			continue
		}
		if info.Mode()&0o111 != 0 {
			return filepath.Clean(file), nil
		}
		denied = file
	}
	if denied != "" {
		return "", &StartError{126, fmt.Sprintf("cannot run %s: %s is not executable (chmod +x it, or name an interpreter in command)", name, denied)}
	}
	return "", &StartError{127, fmt.Sprintf("command not found: %q is nowhere in PATH (%s) of this image", name, path)}
}

// explain turns the kernel's refusal into what a person can act on.
func explain(file string, err error) *StartError {
	var errno syscall.Errno
	errors.As(err, &errno)
	switch errno {
	case syscall.ENOENT, syscall.ENOTDIR:
		if _, missing := os.Stat(file); missing == nil {
			return &StartError{127, fmt.Sprintf("cannot run %s: the interpreter or loader that it names is not in this image", file)}
		}
		return &StartError{127, fmt.Sprintf("command not found: %s is not in this image", file)}
	case syscall.EACCES, syscall.EPERM:
		return &StartError{126, fmt.Sprintf("cannot run %s: permission denied (is it an executable file that user %d may run?)", file, os.Getuid())}
	case syscall.ENOEXEC:
		return &StartError{126, fmt.Sprintf("cannot run %s: not a program for this machine; a script needs a first line such as #!/bin/sh", file)}
	}
	return &StartError{126, fmt.Sprintf("cannot run %s: %v", file, err)}
}

// Environment is what the worker gets to see of env.
func Environment(env []string) []string {
	worker := make([]string, 0, len(env)+2)
	missing := map[string]bool{"PYTHONUNBUFFERED": true, "NUXT_QUEUE_CHILD_PROCESS": true}
	for _, variable := range env {
		name := strings.SplitN(variable, "=", 2)[0]
		if !strings.HasPrefix(name, "PODWORK_") {
			worker = append(worker, variable)
			delete(missing, name)
		}
	}
	for _, name := range []string{"NUXT_QUEUE_CHILD_PROCESS", "PYTHONUNBUFFERED"} {
		if missing[name] {
			worker = append(worker, name+"=1")
		}
	}
	return worker
}
