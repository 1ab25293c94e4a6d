package relay

import (
	"net"
	"syscall"
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	b := newBackoff()
	if b.wait() != 0 {
		t.Error("the first attempt waits")
	}
	for i, want := range []time.Duration{50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000} {
		b.failed()
		want *= time.Millisecond
		seen := map[time.Duration]bool{}
		for n := 0; n < 100; n++ {
			got := b.wait()
			if seen[got] = true; got < want/2 || got > want {
				t.Errorf("failure %d: %v of %v", i+1, got, want)
			}
		}
		if len(seen) < 50 {
			t.Errorf("failure %d: hardly any jitter", i+1)
		}
	}
	b.ended(time.Second)
	if b.wait() < lastDelay/2 {
		t.Error("a connection that broke at once counts as a good one")
	}
	b.ended(time.Minute)
	if b.wait() > firstDelay {
		t.Error("a good connection is not forgiven")
	}
}

func TestADeadPeerIsNoticed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dialer := net.Dialer{KeepAlive: peerTimeout / 2, Control: noticeDeadPeer}
	conn, err := dialer.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(fd uintptr) {
		for name, c := range map[string]struct{ level, option, want int }{
			"TCP_USER_TIMEOUT": {syscall.IPPROTO_TCP, 18, 10000},
			"SO_KEEPALIVE":     {syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
			"TCP_KEEPIDLE":     {syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 5},
		} {
			if got, err := syscall.GetsockoptInt(int(fd), c.level, c.option); err != nil || got != c.want {
				t.Errorf("%s is %d, %v", name, got, err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
