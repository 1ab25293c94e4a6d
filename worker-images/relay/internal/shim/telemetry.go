package shim

import (
	"encoding/json"
	"time"

	"podwork.dev/relay/internal/telemetry"
	"podwork.dev/relay/internal/wire"
)

// measurement is what a line of telemetry has.
type measurement struct {
	telemetry.Usage
	// Stats is what the worker says of itself.
	Stats json.RawMessage `json:"stats,omitempty"`
}

// measure tells the server what the worker uses, unless the settings say never.
func (s *shim) measure() {
	if s.Telemetry == 0 {
		return
	}
	var stats json.RawMessage
	if source, ok := s.adapter.(interface{ Stats() json.RawMessage }); ok {
		stats = source.Stats()
	}
	s.session.Telemetry(wire.JSON(measurement{s.meter.Read(), stats}))
}

// measureUntil measures at intervals. A worker that ends before the first costs nothing.
func (s *shim) measureUntil(gone <-chan struct{}) {
	if s.Telemetry == 0 {
		return
	}
	ticker := time.NewTicker(s.Telemetry)
	defer ticker.Stop()
	for {
		select {
		case <-gone:
			return
		case <-ticker.C:
			s.measure()
		}
	}
}
