package http

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"net"
	nethttp "net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Ports that no outgoing connection takes by itself.
const firstPort, portCount = 20000, 10000

// choosePort takes the one that the environment names, or one that is free. That one is reserved: a server
// takes a while until it listens, and another shim on this machine would wait for the wrong server.
func choosePort(env []string) (int, error) {
	for _, variable := range env {
		if text := strings.TrimPrefix(variable, "PORT="); text != variable {
			port, err := strconv.ParseUint(text, 10, 16)
			if err != nil || port == 0 {
				return 0, fmt.Errorf("the variable PORT of the worker must be a port from 1 to 65535, not %q", text)
			}
			return int(port), nil
		}
	}
	random := rand.New(rand.NewSource(time.Now().UnixNano() + int64(os.Getpid())))
	for i := 0; i < 100; i++ {
		port := firstPort + random.Intn(portCount)
		if !reserve(port) {
			continue
		}
		listener, err := net.Listen("tcp4", address(port))
		if err == nil {
			listener.Close()
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port from %d to %d on 127.0.0.1", firstPort, firstPort+portCount-1)
}

// reservations last as long as this process.
var reservations []net.PacketConn

// reserve takes a name that only one process can have: in the same network namespace as the port.
func reserve(port int) bool {
	name, err := net.ListenPacket("unixgram", "@podwork-port-"+strconv.Itoa(port))
	if err == nil {
		reservations = append(reservations, name)
	}
	// Where there are no such names, a port is as free as it looks.
	return !errors.Is(err, syscall.EADDRINUSE)
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// withPort tells a command its port: as the variable PORT, and where its arguments say $(PORT). $(PPID) is
// the process that it may watch, to end with it.
func withPort(argv, env []string, port int) (adapted, environment []string) {
	replacer := strings.NewReplacer("$(PORT)", strconv.Itoa(port), "$(PPID)", strconv.Itoa(os.Getpid()))
	for _, word := range argv {
		adapted = append(adapted, replacer.Replace(word))
	}
	for _, variable := range env {
		if !strings.HasPrefix(variable, "PORT=") {
			environment = append(environment, variable)
		}
	}
	return adapted, append(environment, "PORT="+strconv.Itoa(port))
}

// maxHeader bounds the head of an answer.
const maxHeader = 64 << 10

// clientOf talks to the server on loopback and nowhere else. Each request has a connection of its own, so
// that none is lost to a server that closes an idle one.
func clientOf(port int) *nethttp.Client {
	dialer := &net.Dialer{}
	return &nethttp.Client{
		Transport: &nethttp.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				conn, err := dialer.DialContext(ctx, "tcp4", address(port))
				if err == nil || ctx.Err() != nil {
					return conn, err
				}
				// A server that listens on "localhost" may mean this.
				if conn, err6 := dialer.DialContext(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(port))); err6 == nil {
					return conn, nil
				}
				return nil, err
			},
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: func(*nethttp.Request, []*nethttp.Request) error { return nethttp.ErrUseLastResponse },
	}
}

// plain is an error without the address that net/http puts before it.
func plain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
