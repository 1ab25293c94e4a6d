package relay

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"podwork.dev/relay/internal/quick"
	"podwork.dev/relay/internal/wire"
)

const (
	serverName  = "podwork-context"
	dialTimeout = 5 * time.Second
	// helloTimeout covers the TLS handshake, hello and its answer.
	helloTimeout = 10 * time.Second
	// peerTimeout is how long a peer that is gone without a word goes unnoticed, sending or idle.
	peerTimeout = 10 * time.Second
	maxToken    = 60 << 10
)

// welcomed is a connection that the context server let in.
type welcomed struct {
	net.Conn
	reader *bufio.Reader // what the server sends
}

func (w *welcomed) Read(data []byte) (int, error) { return w.reader.Read(data) }

// uplink is the relay's, which may have no shim yet.
type uplink struct {
	*welcomed
	begun time.Time
	// spoke is closed when the server sent something or is gone: it does not speak first, so
	// that while no shim is there it is gone.
	spoke chan struct{}
}

type hello struct {
	Protocol int    `json:"protocol"`
	Token    string `json:"token"`
	Version  string `json:"version"`
}

type answer struct {
	Welcome *struct{} `json:"welcome"`
	Refused *Refusal  `json:"refused"`
}

// Refusal is the answer to a hello that the context server did not like.
type Refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (r *Refusal) Error() string { return fmt.Sprintf("refused: %s: %s", r.Code, r.Message) }

func (s Settings) dial(ctx context.Context) (*uplink, error) {
	token, err := readToken(s.TokenFile)
	if err != nil {
		return nil, err
	}
	conn, err := s.connect(ctx, token)
	if err != nil {
		return nil, err
	}
	up := &uplink{welcomed: conn, begun: time.Now(), spoke: make(chan struct{})}
	go func() {
		_, _ = up.reader.Peek(1)
		close(up.spoke)
	}()
	return up, nil
}

// Connect is welcomed by the context server as the pod whose token this is. A shim may speak next.
func (s Settings) Connect(ctx context.Context, token string) (net.Conn, error) {
	conn, err := s.connect(ctx, token)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

func (s Settings) connect(ctx context.Context, token string) (*welcomed, error) {
	dialer := net.Dialer{Timeout: dialTimeout, KeepAlive: peerTimeout / 2, Control: noticeDeadPeer}
	tcp, err := dialer.DialContext(ctx, "tcp", s.Server)
	if err != nil {
		return nil, err
	}
	if tcp, err = quick.NewConn(tcp); err != nil {
		return nil, err
	}
	conn := tls.Client(tcp, &tls.Config{
		RootCAs:    s.CA,
		ServerName: serverName,
		MinVersion: tls.VersionTLS12,
		// Small first records are for browsers.
		DynamicRecordSizingDisabled: true,
	})
	reader, err := s.greet(conn, token)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &welcomed{Conn: conn, reader: reader}, nil
}

func (s Settings) greet(conn net.Conn, token string) (*bufio.Reader, error) {
	_ = conn.SetDeadline(time.Now().Add(helloTimeout))
	line := wire.JSON(map[string]hello{"hello": {Protocol: 1, Token: token, Version: s.Version}})
	if _, err := conn.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	lines := wire.NewLineReader(conn, wire.MaxEnvelope)
	line, _, err := lines.Next()
	if err != nil {
		return nil, fmt.Errorf("no answer to hello: %w", err)
	}
	var got answer
	switch err := json.Unmarshal(line, &got); {
	case err != nil:
		return nil, fmt.Errorf("answer to hello: %w", err)
	case got.Refused != nil:
		return nil, got.Refused
	case got.Welcome == nil:
		return nil, fmt.Errorf("answer to hello is neither welcome nor refused: %.100s", line)
	}
	return lines.Rest(), conn.SetDeadline(time.Time{})
}

// readToken reads it anew each time: the kubelet replaces it.
func readToken(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(data))
	if token == "" || len(token) > maxToken {
		return "", fmt.Errorf("%s holds %d bytes, which is no token", file, len(token))
	}
	return token, nil
}

// noticeDeadPeer bounds the wait for what was sent to be acknowledged; keepalive probes are for
// when nothing is sent.
func noticeDeadPeer(_, _ string, raw syscall.RawConn) error {
	const tcpUserTimeout = 18
	var failed error
	err := raw.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(peerTimeout/time.Millisecond))
	})
	if err != nil {
		return err
	}
	return failed
}
