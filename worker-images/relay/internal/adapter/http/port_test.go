package http

import (
	"net"
	"strings"
	"testing"
)

func TestNoPortIsChosenTwice(t *testing.T) {
	seen := map[int]bool{}
	for i := 0; i < 1000; i++ {
		port, err := choosePort(nil)
		if err != nil || seen[port] || port < firstPort || port >= firstPort+portCount {
			t.Fatalf("%d, %v", port, err)
		}
		seen[port] = true
	}
	for _, name := range reservations {
		name.Close()
	}
	reservations = nil
}

func TestAReservedPortIsNotFree(t *testing.T) {
	other, err := net.ListenPacket("unixgram", "@podwork-port-29999")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if reserve(29999) {
		t.Error("it was reserved twice")
	}
}

func TestTheCommandIsToldItsPort(t *testing.T) {
	argv, env := withPort([]string{"serve", "--port", "$(PORT)", "--at=127.0.0.1:$(PORT)", "$(HOME)"}, []string{"A=1", "PORT=7"}, 8080)
	if got := strings.Join(append(argv, env...), " "); got != "serve --port 8080 --at=127.0.0.1:8080 $(HOME) A=1 PORT=8080" {
		t.Error(got)
	}
}
