package shim

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// Settings of a shim. docs/relay-protocol.md says what they mean.
type Settings struct {
	Socket         string
	TerminationLog string
	Drain          time.Duration
}

// maxSocket is what the kernel has room for in an address.
const maxSocket = 107

// FromEnvironment reads the settings, or names the one that is wrong.
func FromEnvironment(getenv func(string) string) (Settings, error) {
	or := func(name, fallback string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return fallback
	}
	settings := Settings{
		Socket:         or("PODWORK_SOCKET", "/podwork/relay.sock"),
		TerminationLog: or("PODWORK_TERMINATION_LOG", "/dev/termination-log"),
	}
	if len(settings.Socket) > maxSocket {
		return settings, fmt.Errorf("PODWORK_SOCKET: a path of %d bytes; a Unix socket takes %d", len(settings.Socket), maxSocket)
	}
	seconds, err := strconv.ParseUint(or("PODWORK_DRAIN_SECONDS", "3600"), 10, 31)
	if err != nil {
		return settings, fmt.Errorf("PODWORK_DRAIN_SECONDS must be a whole number of seconds, not %q", os.Getenv("PODWORK_DRAIN_SECONDS"))
	}
	settings.Drain = time.Duration(seconds) * time.Second
	return settings, nil
}
