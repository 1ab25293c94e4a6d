package process

import (
	"os"
	"os/signal"
	"syscall"
)

// Process is a worker that was started.
type Process struct {
	pid            int
	Stdin          *os.File
	Stdout, Stderr *Output
	// Ended gets the status once.
	Ended <-chan syscall.WaitStatus
}

// Adopt makes this process the parent of every orphan below it. The first process of a
// container is that anyway.
func Adopt() {
	const prSetChildSubreaper = 36
	if os.Getpid() != 1 {
		_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0)
	}
}

// Start runs a command in a new process group. It must be called on a thread that outlives the
// worker: where the shim is not the first process, the worker dies with that thread.
func Start(argv, env []string, path string) (*Process, error) {
	file, notFound := lookUp(argv[0], path)
	if notFound != nil {
		return nil, notFound
	}
	ours, theirs, err := pipes()
	if err != nil {
		return nil, err
	}
	p := &Process{Stdin: ours[0]}
	if p.Stdout, err = newOutput(ours[1]); err != nil {
		return nil, err
	}
	if p.Stderr, err = newOutput(ours[2]); err != nil {
		return nil, err
	}
	attributes := &syscall.SysProcAttr{Setpgid: true}
	if os.Getpid() != 1 {
		attributes.Pdeathsig = syscall.SIGKILL
	}
	// A child that ends before anyone listens would be missed otherwise.
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	p.pid, err = syscall.ForkExec(file, argv, &syscall.ProcAttr{Env: env, Files: theirs[:], Sys: attributes})
	for _, fd := range theirs {
		_ = syscall.Close(int(fd))
	}
	if err != nil {
		return nil, explain(file, err)
	}
	ended := make(chan syscall.WaitStatus, 1)
	p.Ended = ended
	go reap(p.pid, children, ended)
	return p, nil
}

// pipes for stdin, stdout and stderr. Ours are non-blocking before they become files, so that
// these wait in the poller and take deadlines; the worker's are ordinary ones.
func pipes() (ours [3]*os.File, theirs [3]uintptr, err error) {
	for i, name := range []string{"stdin", "stdout", "stderr"} {
		var ends [2]int
		if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
			return ours, theirs, os.NewSyscallError("pipe2", err)
		}
		our, their := ends[0], ends[1]
		if name == "stdin" {
			our, their = their, our
		} else {
			widen(their)
		}
		if err := syscall.SetNonblock(our, true); err != nil {
			return ours, theirs, os.NewSyscallError("fcntl", err)
		}
		ours[i], theirs[i] = os.NewFile(uintptr(our), name), uintptr(their)
	}
	return ours, theirs, nil
}

// widen lets a program that exits without waiting for its pipes (Node does) leave more behind.
func widen(fd int) {
	const fSetPipeSize = 1031
	_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), fSetPipeSize, 1<<20)
}

// reap takes every child that ends: the worker, and orphans that became ours.
func reap(worker int, children <-chan os.Signal, ended chan<- syscall.WaitStatus) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case pid <= 0:
			<-children
		case pid == worker && (status.Exited() || status.Signaled()):
			ended <- status
		}
	}
}

// Signal reaches the whole process group, and the worker where it left it.
func (p *Process) Signal(sig syscall.Signal) {
	_ = syscall.Kill(-p.pid, sig)
	if group, err := syscall.Getpgid(p.pid); err == nil && group != p.pid {
		_ = syscall.Kill(p.pid, sig)
	}
}

// KillGroup ends what the worker left behind in its group.
func (p *Process) KillGroup() { _ = syscall.Kill(-p.pid, syscall.SIGKILL) }
