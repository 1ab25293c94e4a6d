package messages

import (
	"os"
	"sync"
)

// line is the worker's stdin: what is said never waits for a worker that does not listen.
type line struct {
	mu      sync.Mutex
	changed *sync.Cond
	queue   [][]byte
	closed  bool
}

func newLine() *line {
	l := &line{}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// say queues a message.
func (l *line) say(message []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.queue = append(l.queue, message)
		l.changed.Signal()
	}
}

// close ends stdin behind what was said.
func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.changed.Signal()
}

// run writes until the end. A worker that closed its stdin misses the rest.
func (l *line) run(to *os.File) {
	defer to.Close()
	for {
		l.mu.Lock()
		for len(l.queue) == 0 && !l.closed {
			l.changed.Wait()
		}
		queue := l.queue
		l.queue = nil
		l.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, message := range queue {
			_, _ = to.Write(append(message, '\n'))
		}
	}
}
