package http

import (
	"bytes"
	"encoding/json"
	"io"
	nethttp "net/http"
	"sync"
	"time"

	"podwork.dev/relay/internal/wire"
)

const (
	// statsWait keeps a server that is busy from holding up the measurement.
	statsWait = time.Second
	maxStats  = 16 << 10
)

// statistics asks a server what it says of itself, one question at a time: one that blocks its event loop
// answers when its job is done.
type statistics struct {
	mu     sync.Mutex
	asking bool
	none   bool
}

// Stats is the server's answer to GET /stats, where it has one in time.
func (a *Adapter) Stats() json.RawMessage {
	if !a.isReady() || a.IsStopping() || a.host.GoneWithin(0) || !a.stats.begin() {
		return nil
	}
	answer := make(chan json.RawMessage, 1)
	go func() {
		stats, has := a.askStats()
		a.stats.end(has)
		answer <- stats
	}()
	timer := time.NewTimer(statsWait)
	defer timer.Stop()
	select {
	case stats := <-answer:
		return stats
	case <-timer.C:
		return nil
	}
}

func (s *statistics) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asking || s.none {
		return false
	}
	s.asking = true
	return true
}

func (s *statistics) end(has bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asking, s.none = false, !has
}

// askStats also says whether it is worth to ask again.
func (a *Adapter) askStats() (stats json.RawMessage, again bool) {
	request, err := nethttp.NewRequestWithContext(a.life, nethttp.MethodGet, a.url("/stats"), nil)
	if err != nil {
		return nil, false
	}
	answer, err := a.client.Do(request)
	if err != nil {
		return nil, true
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxStats+1))
	if err != nil {
		return nil, true
	}
	body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	good := answer.StatusCode == nethttp.StatusOK && len(body) <= maxStats &&
		wire.Members(body, wire.MaxNesting-4, func(_, _ []byte) {}) == nil
	if !good {
		return nil, false
	}
	return body, true
}
