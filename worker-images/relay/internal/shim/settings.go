package shim

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"podwork.dev/relay/internal/adapter"
)

// Settings of a shim. docs/relay-protocol.md says what they mean.
type Settings struct {
	Socket         string
	TerminationLog string
	Drain          time.Duration
	// Telemetry is how often the worker is measured; 0 is never.
	Telemetry time.Duration
	// Protocol is what the worker speaks.
	Protocol string
	Worker   adapter.Settings
	// Tap sees what the worker writes to its stdout, where somebody wants to.
	Tap io.Writer
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
		return settings, fmt.Errorf("PODWORK_DRAIN_SECONDS must be a whole number of seconds, not %q", getenv("PODWORK_DRAIN_SECONDS"))
	}
	settings.Drain = time.Duration(seconds) * time.Second
	if settings.Telemetry, err = interval(or("PODWORK_TELEMETRY_SECONDS", "5")); err != nil {
		return settings, fmt.Errorf("PODWORK_TELEMETRY_SECONDS must be a number of seconds from 0.1 to 86400, or 0 for none, not %q", getenv("PODWORK_TELEMETRY_SECONDS"))
	}
	settings.Protocol = or("PODWORK_PROTOCOL", "jsonrpc")
	if adapters[settings.Protocol] == nil {
		return settings, fmt.Errorf("PODWORK_PROTOCOL must be %s, not %q", protocols, settings.Protocol)
	}
	settings.Worker, err = adapter.SettingsFrom(getenv)
	return settings, err
}

func interval(text string) (time.Duration, error) {
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || seconds == 0 {
		return 0, err
	}
	if !(seconds >= 0.1 && seconds <= 86400) {
		return 0, strconv.ErrRange
	}
	return time.Duration(seconds * float64(time.Second)), nil
}
