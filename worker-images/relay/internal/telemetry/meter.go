package telemetry

import (
	"math"
	"os"
	"sync"
)

// Meter keeps what single measurements can't tell.
type Meter struct {
	mu   sync.Mutex
	peak int64
}

// Read measures everything that this process started.
func (m *Meter) Read() Usage {
	usage, ended := Below(os.Getpid()), Reaped()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, seen := range []int64{usage.PeakMemoryBytes, ended.PeakMemoryBytes} {
		if seen > m.peak {
			m.peak = seen
		}
	}
	usage.PeakMemoryBytes = m.peak
	usage.CPUSeconds = math.Round((usage.CPUSeconds+ended.CPUSeconds)*1000) / 1000
	return usage
}
