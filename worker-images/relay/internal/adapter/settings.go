package adapter

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"podwork.dev/relay/internal/wire"
)

// Settings of a worker's protocol. docs/relay-protocol.md says what they mean.
type Settings struct {
	// Config is a JSON object, or nil.
	Config json.RawMessage
	// Start is how long the worker may take until it is ready.
	Start time.Duration
	// Health is a server's path that answers once it is ready.
	Health string
	// Stream asks for a result in parts.
	Stream bool
	// Plugin is the one that every job is for; empty where jobs choose it.
	Plugin string
}

// maxStart is a week.
const maxStart = 7 * 24 * 60 * 60

// SettingsFrom reads the settings, or names the one that is wrong.
func SettingsFrom(getenv func(string) string) (s Settings, err error) {
	if config := getenv("PODWORK_CONFIG"); config != "" {
		if err := wire.Members([]byte(config), wire.MaxNesting-1, func(_, _ []byte) {}); err != nil {
			return s, fmt.Errorf("PODWORK_CONFIG must be a JSON object: %v", err)
		}
		s.Config = json.RawMessage(config)
	}
	s.Start = 120 * time.Second
	if start := getenv("PODWORK_START_SECONDS"); start != "" {
		seconds, err := strconv.ParseFloat(start, 64)
		if err != nil || !(seconds > 0 && seconds <= maxStart) {
			return s, fmt.Errorf("PODWORK_START_SECONDS must be a number of seconds above 0 and up to %d, not %q", maxStart, start)
		}
		s.Start = time.Duration(seconds * float64(time.Second))
	}
	if s.Health = getenv("PODWORK_HTTP_HEALTH"); s.Health == "" {
		s.Health = "/health"
	}
	if !strings.HasPrefix(s.Health, "/") || strings.ContainsAny(s.Health, " \t\r\n#") {
		return s, fmt.Errorf("PODWORK_HTTP_HEALTH must be a path that begins with /, not %q", s.Health)
	}
	s.Plugin = getenv("PODWORK_PLUGIN")
	switch stream := getenv("PODWORK_STREAM"); stream {
	case "", "false":
	case "true":
		s.Stream = true
	default:
		return s, fmt.Errorf("PODWORK_STREAM must be true or false, not %q", stream)
	}
	return s, nil
}
