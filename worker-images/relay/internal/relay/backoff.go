package relay

import (
	"math/rand"
	"time"
)

const (
	firstDelay = 50 * time.Millisecond
	lastDelay  = 5 * time.Second
)

// backoff spaces attempts out: after a failure 50 ms, doubling up to 5 s, with jitter of half.
type backoff struct {
	random   *rand.Rand
	failures int
}

func newBackoff() *backoff {
	return &backoff{random: rand.New(rand.NewSource(time.Now().UnixNano()))}
}

func (b *backoff) failed() { b.failures++ }

// ended counts a connection that broke. One that held for a while was a good one; one that broke
// at once was not, however far it came, and must not be made again in a tight loop.
func (b *backoff) ended(lasted time.Duration) {
	if lasted >= lastDelay {
		b.failures = 0
	}
	b.failures++
}

// wait is how long to wait before the next attempt.
func (b *backoff) wait() time.Duration {
	if b.failures == 0 {
		return 0
	}
	delay := firstDelay
	for i := 1; i < b.failures && delay < lastDelay; i++ {
		delay *= 2
	}
	if delay > lastDelay {
		delay = lastDelay
	}
	half := int64(delay / 2)
	return time.Duration(half + b.random.Int63n(half+1))
}
