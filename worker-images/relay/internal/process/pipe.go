package process

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
	"unsafe"

	"podwork.dev/relay/internal/quick"
)

// Output reads one of the worker's pipes.
type Output struct {
	file *os.File
	from quick.Reader
	left int // bytes to read yet, once the deadline has passed
	late bool
}

func newOutput(file *os.File) (*Output, error) {
	from, err := quick.NewReader(file)
	return &Output{file: file, from: from}, err
}

// EndWithin makes Read end after grace, even if a grandchild holds the pipe open. What is in the
// pipe by then is still read.
func (o *Output) EndWithin(grace time.Duration) { _ = o.file.SetReadDeadline(time.Now().Add(grace)) }

func (o *Output) Read(data []byte) (int, error) {
	if !o.late {
		n, err := o.from.Read(data)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		o.late, o.left = true, waiting(o.file)
		_ = o.file.SetReadDeadline(time.Time{})
	}
	if o.left == 0 {
		return 0, io.EOF
	}
	if len(data) > o.left {
		data = data[:o.left]
	}
	n, err := o.from.Read(data)
	o.left -= n
	return n, err
}

// waiting is how many bytes are in a pipe.
func waiting(file *os.File) int {
	var n int32
	if raw, err := file.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_, _, _ = syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TIOCINQ, uintptr(unsafe.Pointer(&n)))
		})
	}
	return int(n)
}
