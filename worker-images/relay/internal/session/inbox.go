package session

// Delivery is the next thing for the worker's stdin.
type Delivery struct {
	// Line is a message with its newline; nil is the end of stdin.
	Line  []byte
	seq   uint64
	epoch int
}

func (d Delivery) cost() int { return cap(d.Line) + frameCost }

// inbox holds what the server sent until the worker takes it.
type inbox struct {
	queue     []Delivery
	size      int    // of the queue and of what was taken from it and is not done
	epoch     int    // counts the servers
	received  uint64 // the highest number from this server
	processed uint64 // the highest that is done with
	closed    bool   // the worker is gone
}

func (i *inbox) full() bool { return i.size >= window && !i.closed }

func (i *inbox) add(line []byte) {
	if i.closed {
		return
	}
	d := Delivery{Line: line, seq: i.received, epoch: i.epoch}
	i.size += d.cost()
	i.queue = append(i.queue, d)
}

// take empties the queue, reusing the memory of what was taken before.
func (i *inbox) take(before []Delivery) []Delivery {
	taken := i.queue
	i.queue = before[:0]
	return taken
}

func (i *inbox) done(taken []Delivery) {
	for n, d := range taken {
		if !i.closed {
			i.size -= d.cost()
			if d.epoch == i.epoch {
				i.processed = d.seq
			}
		}
		taken[n] = Delivery{}
	}
	i.settle()
}

// settle counts what needed no delivery as done, once nothing waits before it.
func (i *inbox) settle() {
	if i.size == 0 {
		i.processed = i.received
	}
}

// restart begins to count anew: another server is there.
func (i *inbox) restart() {
	i.epoch++
	i.received, i.processed = 0, 0
}

func (i *inbox) close() {
	i.queue, i.size, i.closed = nil, 0, true
	i.settle()
}
