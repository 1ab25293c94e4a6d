// Package relay carries bytes between the shim's Unix socket and the context server, to which it
// says whose they are. docs/relay-protocol.md is its specification.
package relay

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"podwork.dev/relay/internal/quick"
)

// Relay is the sidecar.
type Relay struct {
	Settings
	// Log tells a person about the connection.
	Log     func(format string, args ...interface{})
	backoff *backoff
	said    string
}

// Run serves one shim after another until ctx ends.
func (r *Relay) Run(ctx context.Context) error {
	r.backoff = newBackoff()
	listener, err := listen(r.Socket)
	if err != nil {
		return err
	}
	defer listener.Close()
	shims := make(chan net.Conn)
	go accept(ctx, listener, shims)

	// The first connection is made ahead of the shim. When a shim has gone its worker is over, as
	// a rule, and there is no need for another connection until a shim comes.
	shim, up := r.first(ctx, shims)
	for up != nil {
		copyBoth(shim, up)
		r.backoff.ended(time.Since(up.begun))
		select {
		case shim = <-shims:
		case <-ctx.Done():
			return nil
		}
		up = r.connect(ctx)
	}
	return nil
}

// first connects, and stays connected, until there is a shim.
func (r *Relay) first(ctx context.Context, shims <-chan net.Conn) (net.Conn, *uplink) {
	for {
		up := r.connect(ctx)
		if up == nil {
			return nil, nil
		}
		select {
		case shim := <-shims:
			return shim, up
		case <-up.spoke:
			up.Close()
			r.backoff.ended(time.Since(up.begun))
		case <-ctx.Done():
			up.Close()
			return nil, nil
		}
	}
}

// connect tries until the server welcomes us; nil when ctx ended.
func (r *Relay) connect(ctx context.Context) *uplink {
	for {
		wait(ctx, r.backoff.wait())
		if ctx.Err() != nil {
			return nil
		}
		up, err := r.dial(ctx)
		if err == nil {
			r.say("connected to %s", r.Server)
			return up
		}
		r.backoff.failed()
		r.say("%v; trying again", err)
	}
}

// say does not repeat itself: a server may be away for hours.
func (r *Relay) say(format string, args ...interface{}) {
	if text := fmt.Sprintf(format, args...); text != r.said {
		r.said = text
		r.Log("%s", text)
	}
}

// listen makes the socket. A relay that died left one behind; any user of the pod may connect.
func listen(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	mask := syscall.Umask(0)
	defer syscall.Umask(mask)
	return net.Listen("unix", path)
}

func accept(ctx context.Context, listener net.Listener, shims chan<- net.Conn) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			wait(ctx, firstDelay) // out of file descriptors, say
			continue
		}
		if conn, err = quick.NewConn(conn); err != nil {
			continue
		}
		select {
		case shims <- conn:
		case <-ctx.Done():
			conn.Close()
			return
		}
	}
}

// copyBoth copies until either side goes, and closes both.
func copyBoth(shim net.Conn, up *uplink) {
	finished := make(chan struct{}, 2)
	go func() {
		<-up.spoke
		_, _ = io.Copy(shim, up.reader)
		finished <- struct{}{}
	}()
	go func() {
		_, _ = io.Copy(up.Conn, shim)
		finished <- struct{}{}
	}()
	<-finished
	up.Close()
	shim.Close()
	<-finished
}

func wait(ctx context.Context, delay time.Duration) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
